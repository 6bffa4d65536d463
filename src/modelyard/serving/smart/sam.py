"""Networks of the SAM family on ONNX Runtime: an encoder that looks at a picture once, a decoder that answers clicks.

Segment Anything (Kirillov et al., 2023), MobileSAM (Zhang et al., 2023), EfficientSAM (Xiong et al., 2023) and SAM 2
(Ravi et al., 2024) in the forms that their usual exports have; names and shapes of inputs show which form it is.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from PIL import Image

from modelyard.errors import Invalid
from modelyard.geometry import masks
from modelyard.geometry.kinds import Mask
from modelyard.serving.smart.prompts import Found, Picture, Prompt
from modelyard.serving.smart.regions import enlarged
from modelyard.serving.smart.tidying import tidied

SamKind = Literal["sam", "sam2", "efficient-sam"]
Floats = NDArray[np.float32]

_INPUT_PX = 1024
_MEAN = np.array([123.675, 116.28, 103.53], np.float32)
_STD = np.array([58.395, 57.12, 57.375], np.float32)
_SAM2_MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
_SAM2_STD = np.array([0.229, 0.224, 0.225], np.float32) * 255
_FINE, _FINER = "high_res_feats_1", "high_res_feats_0"
_CORNERS = (2, 3)  # labels of a box's top-left and bottom-right
_PADDING = -1


class NotASam(Invalid):
    """This file is not an encoder or decoder of the SAM family."""


class SamFailed(Invalid):
    """The network failed while it looked at this picture."""


@dataclass(frozen=True)
class Embedding:
    """What an encoder saw: arrays by name, and how the picture lay before it.

    The picture of `width` × `height` pixels was shown as `wide` × `high`, from the top-left corner of a square of
    `side` pixels (0: there was no square).
    """

    kind: SamKind
    arrays: Mapping[str, Floats]
    width: int
    height: int
    wide: int
    high: int
    side: int


class SamEncoder:
    """Looks at pictures.

    Raises:
        NotASam: The file cannot be run, or has other inputs or outputs than an encoder.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        self._session = _open(path, threads)
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or inputs[0].type not in ("tensor(float)", "tensor(uint8)"):
            names = ", ".join(entry.name for entry in inputs)[:200]
            raise NotASam(f"The encoder {path.name!r} must have one input, the picture; it has: {names}.")
        self._input = inputs[0]
        self._outputs = [entry.name for entry in self._session.get_outputs()]
        self.kind: SamKind = self._kind(path)
        is_square = len(self._input.shape) == 4 and isinstance(self._input.shape[2], int)
        if is_square and self._input.shape[2] != self._input.shape[3]:
            raise NotASam(f"The encoder {path.name!r} must take a square picture, not {self._input.shape}.")
        self._side = int(self._input.shape[2]) if is_square else _INPUT_PX

    def _kind(self, path: Path) -> SamKind:
        shape = self._input.shape
        if len(shape) == 3 and shape[2] == 3:
            return "sam"
        if len(shape) != 4 or shape[1] != 3:
            raise NotASam(f"The encoder {path.name!r} must take a picture of shape (1, 3, H, W) or (H, W, 3).")
        if len(self._outputs) >= 3:
            return "sam2"
        return "sam" if isinstance(shape[2], int) else "efficient-sam"

    def embed(self, picture: Picture) -> Embedding:
        """Return the embedding of an upright picture, shape (H, W, 3), uint8 RGB; takes seconds.

        Raises:
            SamFailed: The network failed.
        """
        height, width = picture.shape[:2]
        wide, high = _shown_size(width, height, self._side, is_stretched=self.kind == "sam2")
        shown = np.asarray(Image.fromarray(picture).resize((wide, high), Image.Resampling.BILINEAR))
        arrays = _run(self._session, self._outputs, {self._input.name: self._batch(shown)})
        side = 0 if self.kind == "efficient-sam" else self._side
        return Embedding(self.kind, arrays, width, height, wide, high, side)

    def _batch(self, shown: Picture) -> NDArray[Any]:
        number = np.uint8 if self._input.type == "tensor(uint8)" else np.float32
        if len(self._input.shape) == 3:  # The export scales and pads by itself.
            return shown.astype(number)
        if self.kind == "efficient-sam":
            return (shown.astype(np.float32) / 255).transpose(2, 0, 1)[None]
        mean, std = (_SAM2_MEAN, _SAM2_STD) if self.kind == "sam2" else (_MEAN, _STD)
        batch = np.zeros((1, 3, self._side, self._side), np.float32)
        batch[0, :, : shown.shape[0], : shown.shape[1]] = ((shown - mean) / std).transpose(2, 0, 1)
        return batch


class SamDecoder:
    """Answers clicks and boxes; `find` may be called from several threads at once.

    Raises:
        NotASam: The file cannot be run, or has other inputs or outputs than a decoder.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        self._session = _open(path, threads)
        self._inputs = {entry.name: entry for entry in self._session.get_inputs()}
        outputs = [entry.name for entry in self._session.get_outputs()]
        self.kind: SamKind = _decoder_kind(path, set(self._inputs))
        self._scores = _one(path, outputs, ("iou_predictions", "iou_scores", "scores"))
        wanted = ("low_res_masks", "masks") if self.kind == "sam" else ("output_masks", "masks", "low_res_masks")
        self._masks = _one(path, outputs, wanted)

    def find(self, embedding: Embedding, prompt: Prompt) -> Found:
        """Return what the prompt means in the picture of this embedding.

        Raises:
            SamFailed: The network failed, or answered with something else than masks.
        """
        prompt = prompt.within(embedding.width, embedding.height)
        answers = _run(self._session, [self._masks, self._scores], self._feed(embedding, prompt))
        logits, scores = answers[self._masks], answers[self._scores].reshape(-1)
        if logits.ndim < 3 or len(scores) == 0:
            raise SamFailed("The decoder answered with something else than masks and scores.")
        logits = logits.reshape(-1, *logits.shape[-2:])  # (M, h, w)
        best = _choice(scores[: len(logits)], is_plain=prompt.box is None and len(prompt.clicks) == 1)
        clean = _without_crumbs(logits[best], embedding, prompt, is_square=self._covers_square)
        mask = masks_from(clean, embedding, is_square=self._covers_square)
        return Found(mask, min(1.0, max(0.0, float(scores[best]))), "sam")

    @property
    def _covers_square(self) -> bool:
        return self.kind == "sam" and self._masks == "low_res_masks"

    def _feed(self, embedding: Embedding, prompt: Prompt) -> dict[str, NDArray[Any]]:
        points, labels = _points(embedding, prompt)
        size = np.array([embedding.high, embedding.wide])
        edge = self._inputs["mask_input"].shape[-1] if "mask_input" in self._inputs else 256
        edge = edge if isinstance(edge, int) else 256
        values: dict[str, NDArray[Any]] = {
            **_connected(embedding, set(self._inputs)),
            "point_coords": points[None],
            "point_labels": labels[None],
            "batched_point_coords": points[None, None],
            "batched_point_labels": labels[None, None],
            "mask_input": np.zeros((1, 1, edge, edge)),
            "has_mask_input": np.zeros(1),
            "orig_im_size": size,
        }
        return {name: values[name].astype(_NUMBERS[entry.type]) for name, entry in self._inputs.items()}


@dataclass(frozen=True)
class SamAnswers:
    """A decoder with what the encoder saw in one picture: a back end like any other."""

    decoder: SamDecoder
    embedding: Embedding

    def find(self, prompt: Prompt) -> Found:
        """Return what the prompt means; raises `SamFailed`."""
        return self.decoder.find(self.embedding, prompt)


def masks_from(logits: Floats, embedding: Embedding, *, is_square: bool) -> Mask | None:
    """Return the mask where logits, shape (h, w), are above 0, at the picture's own size; None where none is.

    Args:
        logits: Values over the whole picture, or over the square that it was shown in.
        embedding: How the picture lay in the square.
        is_square: Whether the values cover the square.
    """
    rows, columns = np.flatnonzero((logits > 0).any(axis=1)), np.flatnonzero((logits > 0).any(axis=0))
    if not rows.size:
        return None
    high, wide = logits.shape
    shown = (embedding.side, embedding.side) if is_square else (embedding.wide, embedding.high)
    by_x = wide / shown[0] * embedding.wide / embedding.width  # cells of the values per pixel of the picture
    by_y = high / shown[1] * embedding.high / embedding.height
    left, top = max(0, int((columns[0] - 1) / by_x)), max(0, int((rows[0] - 1) / by_y))
    right = min(embedding.width, int(np.ceil((columns[-1] + 2) / by_x)))
    bottom = min(embedding.height, int(np.ceil((rows[-1] + 2) / by_y)))
    if left >= right or top >= bottom:
        return None
    window = (left * by_x, top * by_y, min(wide, right * by_x), min(high, bottom * by_y))
    size = (right - left, bottom - top)
    return masks.from_strips(((x, strip > 0) for x, strip in enlarged(logits, size, window)), left, top)


def _without_crumbs(logits: Floats, embedding: Embedding, prompt: Prompt, *, is_square: bool) -> Floats:
    """Return logits, shape (h, w), whose sign says no more of small pieces and holes that nobody clicked."""
    high, wide = logits.shape
    shown = (embedding.side, embedding.side) if is_square else (embedding.wide, embedding.high)
    by_x = wide / shown[0] * embedding.wide / embedding.width
    by_y = high / shown[1] * embedding.high / embedding.height
    cells = [(min(int(c.x * by_x), wide - 1), min(int(c.y * by_y), high - 1)) for c in prompt.clicks]
    inside = logits > 0
    clean = tidied(inside, cells)
    found: Floats = np.where(clean == inside, logits, np.where(clean, np.float32(0.5), np.float32(-0.5)))
    return found


_NUMBERS: dict[str, type] = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(float16)": np.float16,
}


def _shown_size(width: int, height: int, side: int, *, is_stretched: bool) -> tuple[int, int]:
    if is_stretched:
        return side, side
    share = side / max(width, height)
    return max(1, int(width * share + 0.5)), max(1, int(height * share + 0.5))


def _points(embedding: Embedding, prompt: Prompt) -> tuple[Floats, Floats]:
    """Return points, shape (N, 2), and their labels, shape (N,), as decoders of all kinds take them."""
    points = [(click.x, click.y) for click in prompt.clicks]
    labels = [int(click.is_positive) for click in prompt.clicks]
    if prompt.box is not None:
        points += [prompt.box[:2], prompt.box[2:]]
        labels += _CORNERS
    share = np.array([embedding.wide / embedding.width, embedding.high / embedding.height])
    # Decoders count pixels by their middles: what lies at 0.5 for us is their 0.
    places = np.array(points, np.float64).reshape(-1, 2) * share - 0.5
    if embedding.kind == "sam" and prompt.box is None:
        places, labels = np.vstack([places, [[0, 0]]]), [*labels, _PADDING]
    return places.astype(np.float32), np.array(labels, np.float32)


def _connected(embedding: Embedding, inputs: set[str]) -> dict[str, NDArray[Any]]:
    """Return the embedding's arrays by the decoder's names: by name where they agree, else the only one left."""
    named = {name: value for name, value in embedding.arrays.items() if name in inputs}
    open_names = [name for name in ("image_embeddings", "image_embed") if name in inputs and name not in named]
    rest = [value for name, value in embedding.arrays.items() if name not in named]
    if open_names and rest:
        named[open_names[0]] = min(rest, key=lambda value: value.shape[-1])  # The coarsest map is the embedding.
    return named


def _choice(scores: Floats, *, is_plain: bool) -> int:
    """Return which mask is meant: of four the first answers several clicks or a box, and the others a single click."""
    if len(scores) == 4:
        return 1 + int(np.argmax(scores[1:])) if is_plain else 0
    return int(np.argmax(scores))


def _decoder_kind(path: Path, inputs: set[str]) -> SamKind:
    if {"batched_point_coords", "batched_point_labels", "image_embeddings"} <= inputs:
        kind: SamKind = "efficient-sam"
    elif {"point_coords", "point_labels", _FINE, _FINER} <= inputs:
        kind = "sam2"
    elif {"point_coords", "point_labels", "image_embeddings"} <= inputs:
        kind = "sam"
    else:
        raise NotASam(
            f"The decoder {path.name!r} must take image_embeddings, point_coords and point_labels; "
            f"it takes: {', '.join(sorted(inputs))[:300]}."
        )
    known = {"image_embeddings", "image_embed", "point_coords", "point_labels", "batched_point_coords", _FINE, _FINER}
    known |= {"batched_point_labels", "mask_input", "has_mask_input", "orig_im_size"}
    if unknown := inputs - known:
        raise NotASam(f"The decoder {path.name!r} has an input that no known export has: {sorted(unknown)[0][:80]!r}.")
    return kind


def _one(path: Path, outputs: list[str], names: tuple[str, ...]) -> str:
    for name in names:
        if name in outputs:
            return name
    raise NotASam(f"The decoder {path.name!r} must have the output {names[0]!r}; it has: {', '.join(outputs)[:200]}.")


def _open(path: Path, threads: int | None) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or len(os.sched_getaffinity(0))
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises a dozen unrelated classes
        raise NotASam(
            f"ONNX Runtime cannot run {path.name!r}. Export it again, with opset 17 if you can, as one file."
        ) from error


def _run(session: ort.InferenceSession, names: list[str], feed: dict[str, NDArray[Any]]) -> dict[str, Floats]:
    try:
        answers = session.run(names, feed)
    except Exception as error:  # ONNX Runtime raises a dozen unrelated classes
        raise SamFailed from error
    return {name: np.asarray(answer, np.float32) for name, answer in zip(names, answers, strict=True)}
