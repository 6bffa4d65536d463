"""Which picture to label next: a few chosen one by one, the rest by how unsure the quick head is."""

import numpy as np
from numpy.typing import NDArray

from modelyard.server.assist.service.learning import Lesson
from modelyard.server.assist.service.scene import Scene

_CHOSEN = 60  # Enough for whoever labels until the next refresh.
_CANDIDATES = 1500
_TOP = 0.9  # Chosen pictures have priorities above this, all others below.
_LOWEST = 0.01  # Above every picture that has not been scored.
_STEPS = 20  # Priorities of the rest move in steps, so that few rows are written again.

Placed = list[tuple[float, str]]


def order(scene: Scene, lesson: Lesson | None) -> Placed:
    """Return (priority, reason) for every picture that waits; higher comes sooner."""
    placed = _by_doubt(lesson) if lesson else _by_place(scene)
    for rank, (index, reason) in enumerate(_choose(scene, lesson)):
        placed[index] = 1.0 - (1.0 - _TOP) * rank / _CHOSEN, reason[:200]
    return placed


def _by_doubt(lesson: Lesson) -> Placed:
    doubt = np.round((1.0 - lesson.margin) * _STEPS) / _STEPS  # (N,)
    priority = _LOWEST + doubt * (_TOP - 2 * _LOWEST)
    sure, fair = "The quick model is fairly sure; checking is fast", "The quick model is not quite sure"
    unsure = "The quick model hesitates between two classes"
    reasons = np.where(doubt > 0.75, unsure, np.where(doubt > 0.4, fair, sure))
    return list(zip(priority.tolist(), reasons.tolist(), strict=True))


def _by_place(scene: Scene) -> Placed:
    return [(_LOWEST, "")] * len(scene.waiting)


def _choose(scene: Scene, lesson: Lesson | None) -> list[tuple[int, str]]:
    """Return the positions in `Scene.waiting` that help most, best first, each with a reason in plain words."""
    from modelyard.engine.selection import CHANCE, helpful_order

    if not scene.waiting:
        return []
    candidates = _candidates(scene, lesson)
    picks = helpful_order(
        scene.matrix.take(scene.waiting_rows[candidates]),
        margins=lesson.margin[candidates] if lesson else None,
        labelled=scene.matrix.take(scene.labelled_rows[-_CANDIDATES:]) if len(scene.labelled_rows) else None,
        count=min(_CHOSEN, len(candidates)),
        seed=0,
    )
    # What comes by chance is drawn by the queue, from all pictures; here it would be drawn from the doubtful ones.
    return [(int(candidates[pick.index]), pick.reason) for pick in picks if pick.reason != CHANCE]


def _candidates(scene: Scene, lesson: Lesson | None) -> NDArray[np.int64]:
    """Return positions worth a closer look: the least sure ones, or some by chance before there is a model."""
    count = len(scene.waiting)
    if count <= _CANDIDATES:
        return np.arange(count)
    if lesson is None:
        return np.sort(np.random.default_rng(0).choice(count, _CANDIDATES, replace=False))
    return np.sort(np.argpartition(lesson.margin, _CANDIDATES)[:_CANDIDATES])
