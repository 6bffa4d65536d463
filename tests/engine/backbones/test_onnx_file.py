"""A network that somebody brings becomes a backbone with the usual door."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelyard.engine.backbones import load
from modelyard.engine.backbones.card import BackboneCard
from modelyard.engine.backbones.onnx_file import NotABackbone, adopt
from modelyard.engine.runtime import OrtNetwork

CARD = BackboneCard(
    name="brought",
    dimensions=0,
    input_px=8,
    crop_fraction=1.0,
    mean=(0.5, 0.25, 0.0),
    std=(0.5, 0.25, 1.0),
    licence="CC0-1.0",
    source="drawn in a test",
)


def write_network(path, *, inputs=1):
    """A 1x1 convolution that doubles each channel: features (B, 3, 8, 8)."""
    kernel = numpy_helper.from_array(2 * np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1), "kernel")
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x0", "kernel"], ["y"])],
        "brought",
        [helper.make_tensor_value_info(f"x{n}", TensorProto.FLOAT, ["B", 3, 8, 8]) for n in range(inputs)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["B", 3, 8, 8])],
        [kernel],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, path)
    return path


def test_pixels_are_normalised_and_places_averaged(tmp_path):
    backbone = adopt(write_network(tmp_path / "given.onnx"), tmp_path / "out", CARD)
    images = np.zeros((2, 8, 8, 3), np.uint8)
    images[1] = 255

    features = OrtNetwork(backbone.onnx_path).run(images)

    assert backbone.card.dimensions == 3
    assert load(backbone.onnx_path) == backbone
    np.testing.assert_allclose(features, [[-2, -2, 0], [2, 6, 2]], atol=1e-6)


def test_a_network_with_two_inputs_is_refused(tmp_path):
    with pytest.raises(NotABackbone, match="one input"):
        adopt(write_network(tmp_path / "given.onnx", inputs=2), tmp_path / "out", CARD)


def test_a_file_that_is_no_network_is_refused(tmp_path):
    (tmp_path / "given.onnx").write_bytes(b"not a network")

    with pytest.raises(NotABackbone, match=r"given\.onnx"):
        adopt(tmp_path / "given.onnx", tmp_path / "out", CARD)


def test_a_timm_model_is_exported_with_equal_features(tmp_path):
    torch = pytest.importorskip("torch", reason="torch is not installed (extra `train`)")
    timm = pytest.importorskip("timm", reason="timm is not installed (extra `train`)")
    from modelyard.engine.backbones.timm_export import export

    torch.manual_seed(0)
    backbone = export("test_resnet.r160_in1k", tmp_path, pretrained=False)
    torch.manual_seed(0)
    eager = timm.create_model("test_resnet.r160_in1k", pretrained=False, num_classes=0).eval()
    card = backbone.card
    images = np.random.default_rng(0).integers(0, 256, (3, card.input_px, card.input_px, 3), dtype=np.uint8)
    pixels = (images / np.float32(255) - np.float32(card.mean)) / np.float32(card.std)

    with torch.no_grad():
        expected = eager(torch.from_numpy(pixels.astype(np.float32)).permute(0, 3, 1, 2)).numpy()

    np.testing.assert_allclose(OrtNetwork(backbone.onnx_path).run(images), expected, atol=1e-4)
    assert card.licence == "apache-2.0"
