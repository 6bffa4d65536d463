"""The quick head: learnt from the labels so far in well under a second, it knows a guess for every other picture."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from modelyard.server.assist.service.scene import Scene
from modelyard.server.assist.service.status import missing

if TYPE_CHECKING:
    from modelyard.engine.heads import HeadFit

_SUSPECTS = 200


@dataclass(frozen=True)
class Lesson:
    """What the quick head says about the pictures that wait, in the order of `Scene.waiting`.

    `first` and `second` hold indices into `class_ids`, shape (N,); `score` is the probability of the first and
    `margin` how far it lies above the second.
    """

    number: int
    class_ids: Sequence[UUID]
    labels: int
    accuracy: float | None
    suspects: list[dict[str, Any]]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    score: NDArray[np.float32]
    margin: NDArray[np.float32]


def learn(scene: Scene) -> Lesson | None:
    """Fit the quick head and ask it about every picture that waits; None while there are too few labels."""
    from modelyard.engine.heads import fit_quick

    counts = Counter(picture.class_id for picture in scene.labelled if picture.class_id is not None)
    if missing(dict(counts)) is not None:
        return None
    class_ids = [class_id for class_id in scene.class_names if class_id in counts]
    index = {class_id: number for number, class_id in enumerate(class_ids)}
    y = np.array([index[picture.class_id] for picture in scene.labelled if picture.class_id], np.int64)
    features = scene.matrix.take(scene.labelled_rows)
    fit = fit_quick(features, y, len(class_ids), groups=_groups(scene))
    probabilities = _softmax(scene.matrix.times(fit.weights)[scene.waiting_rows] + fit.bias)
    best = np.argpartition(probabilities, -2, axis=1)[:, -2:]  # (N, 2), not yet in order
    pair = np.take_along_axis(probabilities, best, axis=1)
    swap = pair[:, 0] > pair[:, 1]
    first, second = np.where(swap, best[:, 0], best[:, 1]), np.where(swap, best[:, 1], best[:, 0])
    return Lesson(
        number=scene.number,
        class_ids=class_ids,
        labels=len(y),
        accuracy=_accuracy(fit, y),
        suspects=_suspects(scene, class_ids, fit, y),
        first=first,
        second=second,
        score=pair.max(axis=1),
        margin=pair.max(axis=1) - pair.min(axis=1),
    )


def _groups(scene: Scene) -> NDArray[np.int64]:
    """Return which labelled pictures are near-duplicates of each other: they judge together or teach together."""
    numbers: dict[UUID, int] = {}
    names = [picture.twin_group or picture.image_id for picture in scene.labelled]
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)


def _accuracy(fit: "HeadFit", y: NDArray[np.int64]) -> float | None:
    """Return the share of labels that were guessed right by a head that had not seen them."""
    if fit.out_of_fold_logits is None:
        return None
    return round(float((fit.out_of_fold_logits.argmax(axis=1) == y).mean()), 4)


def _suspects(scene: Scene, class_ids: Sequence[UUID], fit: "HeadFit", y: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Return the labels that look wrong, the most doubtful first."""
    if fit.out_of_fold_logits is None:
        return []
    from modelyard.engine.quality import label_errors

    found = label_errors(_softmax(fit.out_of_fold_logits), y)[:_SUSPECTS]
    return [
        {
            "image_id": str(scene.labelled[suspect.index].image_id),
            "given": str(class_ids[suspect.given]),
            "suggested": str(class_ids[suspect.suggested]),
            "score": round(float(suspect.score), 4),
        }
        for suspect in found
    ]


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: NDArray[np.float32] = raised / raised.sum(axis=1, keepdims=True)
    return probabilities
