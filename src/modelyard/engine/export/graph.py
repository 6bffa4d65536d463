"""Folds backbone, normalisation, linear head and temperature into one ONNX graph; it writes no file."""

import json
from dataclasses import asdict, dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from modelyard.engine.backbones import Backbone
from modelyard.engine.backbones.card import OUTPUT as FEATURES
from modelyard.engine.backbones.onnx_graph import GraphWriter, finish_model, output_info
from modelyard.errors import Invalid

PROBABILITIES = "probabilities"


class HeadDoesNotFit(Invalid):
    """The head and the backbone, or the head and the classes, differ in size."""


@dataclass(frozen=True)
class ExportClass:
    """One class, in class_index order: the stable id and the name as it was at training."""

    id: str
    name: str


@dataclass(frozen=True, eq=False)
class LinearHead:
    """Logits are `embedding @ weights + bias`, probabilities softmax(logits / temperature).

    Args:
        weights: Shape (D, K), for L2-normalised embeddings.
        bias: Shape (K,).
        temperature: Above 1 it makes the scores more modest.
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float = 1.0


def fold(backbone: Backbone, head: LinearHead, classes: list[ExportClass], *, threshold: float | None) -> bytes:
    """Return the bytes of one ONNX file: pixels in, (B, input_px, input_px, 3) uint8; probabilities out, (B, K).

    What is needed to use it lies in its metadata as well, so that the file alone is enough.

    Raises:
        HeadDoesNotFit: The sizes of backbone, head and classes contradict each other.
    """
    expected = (backbone.card.dimensions, len(classes))
    if head.weights.shape != expected or head.bias.shape != expected[1:]:
        raise HeadDoesNotFit(f"The head has weights of shape {head.weights.shape}; expected {expected}.")
    model = onnx.load(backbone.onnx_path)
    writer = GraphWriter("head_")
    length = writer.node("ReduceL2", FEATURES, axes=[1], keepdims=1)
    length = writer.node("Max", length, writer.constant(np.array(1e-12, np.float32)))
    embedding = writer.node("Div", FEATURES, length)
    weights = writer.constant((head.weights / head.temperature).astype(np.float32))
    bias = writer.constant((head.bias / head.temperature).astype(np.float32))
    logits = writer.node("Gemm", embedding, weights, bias)
    writer.node("Softmax", logits, axis=1, output=PROBABILITIES)
    model.graph.node.extend(writer.nodes)
    model.graph.initializer.extend(writer.constants)
    del model.graph.output[:]
    model.graph.output.append(output_info(PROBABILITIES, len(classes)))
    helper.set_model_props(model, _metadata(backbone, head, classes, threshold))
    content: bytes = finish_model(model).SerializeToString(deterministic=True)
    return content


def _metadata(
    backbone: Backbone, head: LinearHead, classes: list[ExportClass], threshold: float | None
) -> dict[str, str]:
    return {
        "modelyard.classes": json.dumps([asdict(entry) for entry in classes], ensure_ascii=False),
        "modelyard.threshold": json.dumps(threshold),
        "modelyard.temperature": json.dumps(head.temperature),
        "modelyard.input_px": str(backbone.card.input_px),
        "modelyard.crop_fraction": str(backbone.card.crop_fraction),
        "modelyard.backbone": backbone.card.name,
        "modelyard.backbone_sha256": backbone.card.sha256,
        "modelyard.backbone_licence": backbone.card.licence,
    }
