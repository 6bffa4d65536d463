"""A small writer of ONNX graphs: nodes, constants, and the door every backbone shares; it knows no network."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from modelyard.engine.backbones.card import INPUT, IR_VERSION, OPSET


class GraphWriter:
    """Collects nodes and constants in order; each method returns the name of its result."""

    def __init__(self, prefix: str = "") -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._prefix = prefix

    def constant(self, values: NDArray[Any]) -> str:
        """Add a constant."""
        name = f"{self._prefix}c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        """Add a node with one result."""
        result = output or f"{self._prefix}n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [result], name=result, **attributes))
        return result

    def pixels(self, mean: tuple[float, ...], std: tuple[float, ...], output: str | None = None) -> str:
        """Turn the shared input, (B, H, W, 3) uint8, into normalised (B, 3, H, W) float32."""
        planes = self.node("Transpose", INPUT, perm=[0, 3, 1, 2])  # while it is uint8: a quarter of the memory
        floats = self.node("Cast", planes, to=TensorProto.FLOAT)
        scale = 1 / (255 * np.array(std, np.float64))
        shift = -np.array(mean, np.float64) / np.array(std, np.float64)
        scaled = self.node("Mul", floats, self.constant(scale.astype(np.float32).reshape(1, 3, 1, 1)))
        return self.node("Add", scaled, self.constant(shift.astype(np.float32).reshape(1, 3, 1, 1)), output=output)


def input_info(input_px: int) -> onnx.ValueInfoProto:
    """Describe the input every backbone shares."""
    return helper.make_tensor_value_info(INPUT, TensorProto.UINT8, ["B", input_px, input_px, 3])


def output_info(name: str, width: int) -> onnx.ValueInfoProto:
    """Describe a result of shape (B, width)."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["B", width])


def build_model(writer: GraphWriter, input_px: int, output: str, width: int) -> onnx.ModelProto:
    """Make a checked model from what `writer` collected, with the result `output` of shape (B, width)."""
    graph = helper.make_graph(
        writer.nodes, "modelyard", [input_info(input_px)], [output_info(output, width)], writer.constants
    )
    return finish_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)]))


def finish_model(model: onnx.ModelProto) -> onnx.ModelProto:
    """Stamp `model` and check it."""
    model.ir_version = IR_VERSION
    model.producer_name = "modelyard"
    onnx.checker.check_model(model, full_check=True)
    return model


def write_model(model: onnx.ModelProto, path: Path) -> None:
    """Write `model` to `path`, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(model.SerializeToString(deterministic=True))
    part.replace(path)
