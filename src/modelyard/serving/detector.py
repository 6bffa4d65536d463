"""Finds objects in pictures with a network that somebody brought as an ONNX file with a card; it stores nothing."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from PIL import Image

from modelyard.engine.pixels import Source, open_image, turned_rgb
from modelyard.errors import Invalid
from modelyard.geometry import masks
from modelyard.geometry.shapes import Box, Shape
from modelyard.serving import onnx_parts
from modelyard.serving.detector_answers import Candidates, DetectorAnswerInvalid, decode
from modelyard.serving.detector_card import DetectorCard, DetectorCardInvalid, read_card

__all__ = ["Detector", "DetectorAnswerInvalid", "DetectorCard", "DetectorCardInvalid", "NotADetector", "read_card"]

MAX_BYTES = 512 * 2**20
_MIN_SIDE_PX = 1.0  # smaller boxes are nothing that a person could see
_MASK_FROM = 0.5


class NotADetector(Invalid):
    """This file is not a network that can be run as a detector."""


@dataclass(frozen=True)
class Found:
    """An object that a detector found, in pixels of the upright picture."""

    class_name: str
    score: float
    shape: Shape


@dataclass(frozen=True)
class _View:
    """Where the picture lies in the network's input: `x * scale_x + left`, `y * scale_y + top`."""

    scale_x: float
    scale_y: float
    left: int
    top: int


class Detector:
    """A detector, loaded and tried once; `find` may be called from several threads at once.

    Args:
        network: The ONNX file, or its bytes.
        card: What the file does not say of itself.
        threads: Cores that one picture may use.

    Raises:
        NotADetector: No ONNX file, too large, with operators or parts outside the file, or with another input.
        DetectorAnswerInvalid: Its answer to a grey picture is not what the card says.
    """

    def __init__(self, network: Path | bytes, card: DetectorCard, *, threads: int = 1) -> None:
        self.card = card
        self._session = _open(_read(network), threads)
        self._input = _check_input(self._session, card)
        self._names = _outputs(self._session, card)
        self.find(Image.new("RGB", (card.input_width, card.input_height), (114, 114, 114)))

    def find(self, source: Source) -> Sequence[Found]:
        """Return the objects in one picture, best first.

        Raises:
            ImageUnreadable: Not a picture, or a damaged one.
            ImageTooLarge: More bytes or pixels than are read.
            DetectorAnswerInvalid: The network failed, or answered with something else than its card says.
        """
        with nullcontext(source) if isinstance(source, Image.Image) else open_image(source) as image:
            picture, _ = turned_rgb(image)
            batch, view = _show(picture, self.card)
        found = decode(self._run(batch), self.card)
        return list(_to_objects(found, view, picture.size, self.card))

    def _run(self, batch: NDArray[np.float32]) -> dict[str, NDArray[np.generic]]:
        try:
            answers = self._session.run(self._names, {self._input: batch})
        except Exception as error:  # ONNX Runtime raises a dozen unrelated classes
            raise DetectorAnswerInvalid("The detector's network failed while it looked at a picture.") from error
        if not all(isinstance(answer, np.ndarray) and answer.dtype.kind in "fiu" for answer in answers):
            raise DetectorAnswerInvalid("The detector's outputs must be arrays of numbers.")
        return dict(zip(self._names, answers, strict=True))


def _read(network: Path | bytes) -> bytes:
    size = len(network) if isinstance(network, bytes) else network.stat().st_size
    if size > MAX_BYTES:
        raise NotADetector(f"The network has {size:,} bytes; at most {MAX_BYTES:,} are read.")
    content = network if isinstance(network, bytes) else network.read_bytes()
    try:
        model = onnx.load_from_string(content)
    except Exception as error:  # the classes of protobuf have no types
        raise NotADetector(
            "The file is not an ONNX network. Export the detector to ONNX and bring that file."
        ) from error
    if not model.graph.node:
        raise NotADetector("The file is not an ONNX network. Export the detector to ONNX and bring that file.")
    _refuse_outside_parts(model)
    return content


def _refuse_outside_parts(model: onnx.ModelProto) -> None:
    if model.functions:
        raise NotADetector("The network brings functions of its own. Export it with standard ONNX operators only.")
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in onnx_parts.tensors(model)):
        raise NotADetector("The network keeps weights in a second file. Export it as one single file.")
    for graph in onnx_parts.graphs(model.graph):
        for node in graph.node:
            if node.domain not in ("", "ai.onnx"):
                raise NotADetector(
                    f"The network needs the operator “{node.op_type[:50]}” of “{node.domain[:50]}”, which is not part "
                    "of ONNX. Export it with standard operators only."
                )


def _open(content: bytes, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises a dozen unrelated classes
        raise NotADetector(
            "ONNX Runtime cannot run this network. Export it again, with opset 17 if you can."
        ) from error


def _check_input(session: ort.InferenceSession, card: DetectorCard) -> str:
    inputs = session.get_inputs()
    wanted = (1, 3, card.input_height, card.input_width)
    if len(inputs) != 1 or inputs[0].type != "tensor(float)" or len(inputs[0].shape) != 4:
        raise NotADetector("The network must have one input: float32 images of shape (1, 3, height, width).")
    for given, needed in zip(inputs[0].shape, wanted, strict=True):
        if isinstance(given, int) and given != needed:
            shape = tuple(inputs[0].shape)
            raise NotADetector(f"The network takes images of shape {shape}, but its card says {wanted}.")
    return str(inputs[0].name)


def _outputs(session: ort.InferenceSession, card: DetectorCard) -> list[str]:
    present = [entry.name for entry in session.get_outputs()]
    if card.layout != "boxes_scores_labels":
        return present[:1]
    named = card.outputs
    wanted = [name for name in (named.boxes, named.scores, named.labels, named.masks) if name is not None]
    if missing := [name for name in wanted if name not in present]:
        raise NotADetector(f"The network has no output “{missing[0]}”; it has {', '.join(present)[:300]}.")
    return wanted


def _show(picture: Image.Image, card: DetectorCard) -> tuple[NDArray[np.float32], _View]:
    """Return the picture as (1, 3, H, W) in the network's own scale, and where in it the picture lies."""
    wide, high = card.input_width, card.input_height
    if card.resize != "stretch":
        share = min(wide / picture.width, high / picture.height)
        wide, high = max(1, int(picture.width * share)), max(1, int(picture.height * share))
    centred = card.resize == "letterbox-centred"
    left, top = ((card.input_width - wide) // 2, (card.input_height - high) // 2) if centred else (0, 0)
    canvas = Image.new("RGB", (card.input_width, card.input_height), (card.padding,) * 3)
    canvas.paste(picture.resize((wide, high), Image.Resampling.BILINEAR), (left, top))
    planes = np.ascontiguousarray(np.asarray(canvas).transpose(2, 0, 1))  # while it is uint8: a quarter of the memory
    batch = (planes[::-1] if card.channels == "BGR" else planes)[None].astype(np.float32, order="C")
    scale = 1 / (card.divide_by * np.array(card.std, np.float64))
    shift = -np.array(card.mean, np.float64) / np.array(card.std, np.float64)
    if (scale != 1).any():
        batch *= scale.astype(np.float32).reshape(1, 3, 1, 1)
    if shift.any():
        batch += shift.astype(np.float32).reshape(1, 3, 1, 1)
    return batch, _View(wide / picture.width, high / picture.height, left, top)


def _to_objects(found: Candidates, view: _View, size: tuple[int, int], card: DetectorCard) -> Iterator[Found]:
    width, height = size
    shift, scale = np.array([view.left, view.top] * 2), np.array([view.scale_x, view.scale_y] * 2)
    boxes = np.clip((found.boxes.astype(np.float64) - shift) / scale, 0, [width, height, width, height])
    for place, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        if x2 - x1 < _MIN_SIDE_PX or y2 - y1 < _MIN_SIDE_PX:
            continue
        shape: Shape | None = Box(x1, y1, x2, y2)
        if found.masks is not None:
            shape = _to_mask(found.masks[place], (x1, y1, x2, y2), view, card)
        if shape is not None:
            score = min(1.0, float(found.scores[place]))
            yield Found(card.classes[int(found.labels[place])], score, shape)


def _to_mask(
    values: NDArray[np.float32], bounds: tuple[float, float, float, float], view: _View, card: DetectorCard
) -> Shape | None:
    """Return the mask within its box: the values lie over the whole input, at any resolution."""
    left, top = int(bounds[0]), int(bounds[1])
    right, bottom = int(np.ceil(bounds[2])), int(np.ceil(bounds[3]))
    high, wide = values.shape
    by_x, by_y = wide / card.input_width, high / card.input_height
    window = (
        (left * view.scale_x + view.left) * by_x,
        (top * view.scale_y + view.top) * by_y,
        min(wide, (right * view.scale_x + view.left) * by_x),
        min(high, (bottom * view.scale_y + view.top) * by_y),
    )
    if window[2] <= window[0] or window[3] <= window[1]:
        return None
    drawn = Image.fromarray(values).resize((right - left, bottom - top), Image.Resampling.BILINEAR, box=window)
    return masks.from_array(np.asarray(drawn) > _MASK_FROM, left, top)
