"""A network small enough to draw in a test: chance patterns, averaged over the picture, as a backbone."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from modelyard.engine.backbones import Backbone, BackboneCard
from modelyard.engine.backbones.onnx_file import adopt


def write_backbone(folder: Path, *, name: str = "brought", scale: float = 1.0) -> Backbone:
    """Write an exported backbone of 64 features that tell colours apart, and one noisy picture from another."""
    kernel = np.random.default_rng(0).normal(0, scale, (64, 3, 16, 16)).astype(np.float32)
    kernel -= 0.8 * kernel.mean(axis=(2, 3), keepdims=True)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "kernel"], ["y"], strides=[16, 16])],
        name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["B", 3, 32, 32])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["B", 64, 2, 2])],
        [numpy_helper.from_array(kernel, "kernel")],
    )
    network = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    network.ir_version = 10
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(network, folder / "network.onnx")
    card = BackboneCard(
        name=name,
        dimensions=0,
        input_px=32,
        crop_fraction=1.0,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        licence="CC0-1.0",
        source="drawn in a test",
    )
    return adopt(folder / "network.onnx", folder / "exported", card)
