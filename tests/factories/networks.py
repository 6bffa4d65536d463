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


def draw_detector(outputs: dict[str, np.ndarray], *, height: int = 64, width: int = 64) -> onnx.ModelProto:
    """Return a detector that answers every image with these arrays, when nothing of the image is missing."""
    nodes = [
        helper.make_node("ReduceMean", ["images", "axes"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "nothing"], ["faint"]),
    ]
    constants = [
        numpy_helper.from_array(np.array(0, np.float32), "nothing"),
        numpy_helper.from_array(np.arange(4, dtype=np.int64), "axes"),
    ]
    infos = []
    for name, values in outputs.items():
        constants.append(numpy_helper.from_array(values.astype(np.float32), f"{name}_values"))
        nodes.append(helper.make_node("Add", [f"{name}_values", "faint"], [name]))
        infos.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, values.shape))
    given = helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, height, width])
    network = helper.make_model(
        helper.make_graph(nodes, "detector", [given], infos, constants), opset_imports=[helper.make_opsetid("", 18)]
    )
    network.ir_version = 10
    return network


def draw_finder_of_red(*, side: int = 64, step: int = 8) -> onnx.ModelProto:
    """Return a "yolox" network that finds, in every cell of `step` pixels, how red it is; planes come as R, G, B."""
    nodes = [
        helper.make_node("AveragePool", ["images"], ["cells"], kernel_shape=[step, step], strides=[step, step]),
        helper.make_node("Conv", ["cells", "weights", "bias"], ["answer"]),
        helper.make_node("Reshape", ["answer", "shape"], ["flat"]),
        helper.make_node("Transpose", ["flat"], ["output"], perm=[0, 2, 1]),
    ]
    weights = np.zeros((6, 3, 1, 1), np.float32)
    weights[4, :, 0, 0] = [1, -1, -1]
    cells = (side // step) ** 2
    constants = [
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(np.array([0.5, 0.5, 0, 0, 0, 1], np.float32), "bias"),
        numpy_helper.from_array(np.array([1, 6, cells], np.int64), "shape"),
    ]
    given = helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, side, side])
    found = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, cells, 6])
    network = helper.make_model(
        helper.make_graph(nodes, "red", [given], [found], constants), opset_imports=[helper.make_opsetid("", 17)]
    )
    network.ir_version = 10
    return network
