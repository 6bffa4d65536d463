"""timm's models become backbones; without the extra `train` a sentence says what is missing."""

import numpy as np
import pytest

from modelyard.engine.backbones import lite0
from modelyard.engine.backbones.__main__ import main
from modelyard.engine.backbones.timm_export import TrainExtraMissing, UnknownTimmModel, WeightsUnusable, export
from modelyard.engine.backbones.torch_weights import read_state_dict
from modelyard.engine.runtime import OrtNetwork

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), dtype=np.uint8)


def has_torch() -> bool:
    from importlib.util import find_spec

    return find_spec("torch") is not None and find_spec("timm") is not None


needs_torch = pytest.mark.skipif(not has_torch(), reason="torch and timm are not installed (extra `train`)")


@pytest.fixture
def checkpoint(tmp_path):
    """The published weights under timm's names, as somebody has them in a file."""
    torch, timm = pytest.importorskip("torch"), pytest.importorskip("timm")
    names = list(timm.create_model("tf_efficientnet_lite0").state_dict())
    tensors = [torch.from_numpy(array.copy()) for array in read_state_dict(lite0.find_weights()).values()]
    path = tmp_path / "weights.pth"
    torch.save(dict(zip(names, tensors, strict=True)), path)
    return path


@needs_torch
def test_local_weights_give_the_features_of_the_bundled_backbone(tmp_path, checkpoint):
    exported = export("tf_efficientnet_lite0", tmp_path / "out", checkpoint=checkpoint)
    bundled = lite0.build(tmp_path / "bundled")

    assert (exported.card.dimensions, exported.card.input_px) == (1280, 224)
    assert exported.card.mean == bundled.card.mean
    assert exported.card.crop_fraction == bundled.card.crop_fraction
    expected = OrtNetwork(bundled.onnx_path).run(IMAGES)
    np.testing.assert_allclose(OrtNetwork(exported.onnx_path).run(IMAGES), expected, atol=1e-4)


@needs_torch
def test_the_command_exports_from_local_weights_and_says_how_to_use_them(tmp_path, checkpoint, capsys):
    code = main(["export", "tf_efficientnet_lite0", str(tmp_path / "out"), "--checkpoint", str(checkpoint)])

    assert code == 0
    assert "modelyard projects backbone PROJECT" in capsys.readouterr().out
    assert (tmp_path / "out" / "tf_efficientnet_lite0.onnx").is_file()


@needs_torch
def test_a_transformer_is_exported_by_name(tmp_path):
    exported = export("vit_tiny_patch16_224", tmp_path, pretrained=False)

    assert OrtNetwork(exported.onnx_path).run(IMAGES).shape == (3, exported.card.dimensions)


@needs_torch
def test_an_unknown_name_is_answered_with_a_sentence(tmp_path):
    with pytest.raises(UnknownTimmModel, match="no_such_network"):
        export("no_such_network", tmp_path)


@needs_torch
def test_missing_broken_and_foreign_weights_are_answered_with_a_sentence(tmp_path, checkpoint):
    broken = tmp_path / "broken.pth"
    broken.write_bytes(b"no weights")

    with pytest.raises(WeightsUnusable, match=r"missing\.pth"):
        export("tf_efficientnet_lite0", tmp_path, checkpoint=tmp_path / "missing.pth")
    with pytest.raises(WeightsUnusable, match=r"broken\.pth"):
        export("tf_efficientnet_lite0", tmp_path, checkpoint=broken)
    with pytest.raises(WeightsUnusable, match="resnet18"):
        export("resnet18", tmp_path, checkpoint=checkpoint)


@pytest.mark.skipif(has_torch(), reason="torch is installed")
def test_without_torch_the_extra_is_named(tmp_path):
    with pytest.raises(TrainExtraMissing, match=r"modelyard\[train\]"):
        export("tf_efficientnet_lite0", tmp_path)
