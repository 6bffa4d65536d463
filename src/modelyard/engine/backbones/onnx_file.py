"""Turns an ONNX file that somebody brings into a backbone: same door, pooled features, a card. It trains nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import compose, helper, version_converter

from modelyard.engine.backbones.card import (
    INPUT,
    IR_VERSION,
    OPSET,
    OUTPUT,
    Backbone,
    BackboneCard,
    file_sha256,
    write_card,
)
from modelyard.engine.backbones.onnx_graph import GraphWriter, input_info, write_model
from modelyard.engine.runtime import OrtNetwork
from modelyard.errors import Invalid


class NotABackbone(Invalid):
    """This ONNX file cannot serve as a backbone."""


def adopt(onnx_path: Path, folder: Path, card: BackboneCard) -> Backbone:
    """Write `onnx_path` into `folder` as the backbone that `card` describes.

    The file must take one input (B, 3, H, W) float32, normalised by `card.mean` and `card.std`, and give features of
    shape (B, D) or (B, D, h, w); the latter are averaged over their places. `card.dimensions` and `card.sha256` are
    found out here.

    Raises:
        NotABackbone: It is no ONNX file, or has other inputs and outputs.
    """
    try:
        network = version_converter.convert_version(onnx.load(onnx_path), OPSET)
    except Exception as error:  # protobuf, the checker and the converter raise classes of their own
        raise NotABackbone(f"{onnx_path.name!r} is not an ONNX file that can be read.") from error
    network.ir_version = IR_VERSION
    inputs = [value for value in network.graph.input if value.name not in {c.name for c in network.graph.initializer}]
    if len(inputs) != 1 or len(inputs[0].type.tensor_type.shape.dim) != 4:
        raise NotABackbone("A backbone takes one input of shape (B, 3, H, W).")
    joined = _with_pooled_output(_with_pixel_input(network, inputs[0], card))
    path = folder / f"{card.name}.onnx"
    write_model(joined, path)
    features = OrtNetwork(path).run(np.zeros((2, card.input_px, card.input_px, 3), np.uint8))
    if features.ndim != 2 or len(features) != 2:
        path.unlink()
        raise NotABackbone(f"For two pictures the network gave features of shape {features.shape}, not (2, D).")
    fields: dict[str, Any] = {**vars(card), "dimensions": features.shape[1], "sha256": file_sha256(path)}
    return write_card(BackboneCard(**fields), path)


def _with_pixel_input(network: onnx.ModelProto, given: onnx.ValueInfoProto, card: BackboneCard) -> onnx.ModelProto:
    writer = GraphWriter("pixels_")
    writer.pixels(card.mean, card.std, output="pixels")
    shape: list[str | int | None] = ["B", 3, card.input_px, card.input_px]
    pixels = helper.make_tensor_value_info("pixels", onnx.TensorProto.FLOAT, shape)
    graph = helper.make_graph(writer.nodes, "pixels", [input_info(card.input_px)], [pixels], writer.constants)
    front = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    front.ir_version = IR_VERSION
    return compose.merge_models(
        compose.add_prefix(front, "", rename_nodes=False),
        compose.add_prefix(network, "net_"),
        io_map=[("pixels", f"net_{given.name}")],
    )


def _with_pooled_output(network: onnx.ModelProto) -> onnx.ModelProto:
    output = network.graph.output[0]
    places = len(output.type.tensor_type.shape.dim)
    if places not in {2, 4}:
        raise NotABackbone("A backbone gives features of shape (B, D) or (B, D, h, w).")
    kind = "GlobalAveragePool" if places == 4 else "Identity"
    network.graph.node.append(helper.make_node(kind, [output.name], ["pooled"]))
    network.graph.node.append(helper.make_node("Flatten", ["pooled"], [OUTPUT]))
    del network.graph.output[:]
    network.graph.output.append(helper.make_tensor_value_info(OUTPUT, onnx.TensorProto.FLOAT, ["B", "D"]))
    if network.graph.input[0].name != INPUT:
        raise NotABackbone("The network could not be joined to its input.")
    return network
