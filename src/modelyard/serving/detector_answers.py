"""From what a detector's network puts out to boxes in the pixels of its input, each with a score and a class."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from modelyard.errors import Invalid
from modelyard.geometry import boxes as geometry
from modelyard.serving.detector_card import DetectorCard

Floats = NDArray[np.float32]

_MAX_CANDIDATES = 2000  # boxes compared with one another; the best are kept


class DetectorAnswerInvalid(Invalid):
    """The detector's answer is not what its card says."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """`boxes`: (N, 4) x1, y1, x2, y2 in pixels of the input; `scores`: (N,); `labels`: (N,); `masks`: (N, H, W)."""

    boxes: Floats
    scores: Floats
    labels: NDArray[np.int64]
    masks: Floats | None = None

    def take(self, chosen: NDArray[np.integer] | NDArray[np.bool_]) -> "Candidates":
        """Return those at the places or where the condition holds."""
        masks = None if self.masks is None else self.masks[chosen]
        return Candidates(self.boxes[chosen], self.scores[chosen], self.labels[chosen], masks)


def decode(answers: Mapping[str, NDArray[np.generic]], card: DetectorCard) -> Candidates:
    """Return what the network found above the card's threshold, best first, doubles left out.

    Raises:
        DetectorAnswerInvalid: The outputs are of another shape than the card says, or no numbers.
    """
    if card.layout == "boxes_scores_labels":
        found = _from_outputs(answers, card)
    else:
        raw = _batch_of_one(next(iter(answers.values())), 2, "The output")
        found = _from_grid(raw, card) if card.layout == "yolox" else _from_columns(raw, card)
    if not (np.isfinite(found.boxes).all() and np.isfinite(found.scores).all()):
        raise DetectorAnswerInvalid("The detector answered with values that are no finite numbers.")
    found = found.take(found.scores >= card.score_threshold)
    found = found.take(np.argsort(-found.scores, kind="stable")[:_MAX_CANDIDATES])
    return found.take(_without_doubles(found, card.iou_threshold)[: card.max_objects])


def _from_grid(raw: Floats, card: DetectorCard) -> Candidates:
    """Rows (x, y, w, h, objectness, classes…) of every cell of every stride; x, y from the cell, w, h as logarithms."""
    corners, steps = _grid(card.input_width, card.input_height, card.strides)
    _expect(raw, (len(steps), 5 + len(card.classes)))
    with np.errstate(over="ignore", invalid="ignore"):
        middles = (raw[:, :2] + corners) * steps
        sizes = np.exp(raw[:, 2:4]) * steps
        best = _best_class(_from_middles(np.concatenate([middles, sizes], 1)), raw[:, 5:])
        return Candidates(best.boxes, best.scores * raw[:, 4], best.labels)


@lru_cache(maxsize=8)
def _grid(width: int, height: int, strides: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return the column and row of every cell, (N, 2), and its stride in pixels, (N, 1)."""
    corners, steps = [], []
    for step in strides:
        cells = np.stack(np.meshgrid(np.arange(width // step), np.arange(height // step)), -1).reshape(-1, 2)
        corners.append(cells.astype(np.float32))
        steps.append(np.full((len(cells), 1), step, np.float32))
    return np.concatenate(corners), np.concatenate(steps)


def _from_columns(raw: Floats, card: DetectorCard) -> Candidates:
    """One column (cx, cy, w, h, classes…) for every box."""
    if raw.shape[0] != 4 + len(card.classes):
        raise DetectorAnswerInvalid(
            f"The output has {raw.shape[0]} rows; with {len(card.classes)} classes, {4 + len(card.classes)} are needed."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        return _best_class(_from_middles(raw[:4].T), raw[4:].T)


def _from_outputs(answers: Mapping[str, NDArray[np.generic]], card: DetectorCard) -> Candidates:
    names = card.outputs
    boxes = _unbatched(answers[names.boxes], 2, names.boxes)
    scores = _unbatched(answers[names.scores], 1, names.scores)
    said = _unbatched(answers[names.labels], 1, names.labels)
    if boxes.shape != (len(scores), 4) or said.shape != scores.shape:
        raise DetectorAnswerInvalid(
            f"The outputs do not fit together: boxes {boxes.shape}, scores {scores.shape}, labels {said.shape}."
        )
    labels = np.where(np.isfinite(said), said, -1).astype(np.int64) - card.first_label
    with np.errstate(over="ignore", invalid="ignore"):
        if card.box_format == "cxcywh":
            boxes = _from_middles(boxes)
        if card.box_units == "fractions":
            boxes = boxes * np.array([card.input_width, card.input_height] * 2, np.float32)
    masks = None if names.masks is None else _masks(answers[names.masks], len(scores))
    known = (labels >= 0) & (labels < len(card.classes))  # others are the background and the like
    return Candidates(boxes, scores, labels, masks).take(known)


def _masks(answer: NDArray[np.generic], count: int) -> Floats:
    masks = answer.astype(np.float32)
    if masks.ndim == 5 and masks.shape[0] == 1:
        masks = masks[0]
    if masks.ndim == 4 and masks.shape[1] == 1:
        masks = masks[:, 0]
    elif masks.ndim == 4 and masks.shape[0] == 1:
        masks = masks[0]
    if masks.ndim != 3 or len(masks) != count or not np.isfinite(masks).all():
        raise DetectorAnswerInvalid(f"The masks are of shape {answer.shape}; one for each of {count} boxes is needed.")
    return masks


def _best_class(boxes: Floats, scores: Floats) -> Candidates:
    labels = scores.argmax(axis=1)
    return Candidates(boxes, np.take_along_axis(scores, labels[:, None], 1)[:, 0], labels)


def _from_middles(boxes: Floats) -> Floats:
    middles, halves = boxes[:, :2], boxes[:, 2:] / 2
    return np.concatenate([middles - halves, middles + halves], 1)


def _batch_of_one(answer: NDArray[np.generic], axes: int, name: str) -> Floats:
    if answer.ndim != axes + 1 or answer.shape[0] != 1:
        raise DetectorAnswerInvalid(f"{name} is of shape {answer.shape}; a batch of one with {axes} axes is needed.")
    result: Floats = answer[0].astype(np.float32)
    return result


def _unbatched(answer: NDArray[np.generic], axes: int, name: str) -> Floats:
    if answer.ndim == axes:
        return answer.astype(np.float32)
    return _batch_of_one(answer, axes, f"The output “{name}”")


def _expect(raw: Floats, shape: tuple[int, int]) -> None:
    if raw.shape != shape:
        raise DetectorAnswerInvalid(f"The output is of shape {raw.shape}; the card leads to {shape}.")


def _without_doubles(found: Candidates, threshold: float) -> NDArray[np.int64]:
    """Return the places of the boxes that no better box of the same class overlaps by more than `threshold`."""
    kept: list[int] = []
    for label in np.unique(found.labels):
        waiting = np.flatnonzero(found.labels == label)
        while waiting.size:
            kept.append(int(waiting[0]))
            overlaps = geometry.iou(found.boxes[waiting[:1]], found.boxes[waiting[1:]])[0]
            waiting = waiting[1:][overlaps <= threshold]
    return np.array(sorted(kept), np.int64)
