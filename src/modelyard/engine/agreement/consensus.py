"""What people say together, each weighed by how well they have been seen to judge."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.agreement.classes import Labels
from modelyard.engine.agreement.drawings import LEAST_OVERLAP, Drawing, overlap
from modelyard.engine.agreement.objects import match
from modelyard.geometry import masks
from modelyard.geometry.shapes import Box, Mask, Shape

_ROUNDS = 100
_CLOSE = 1e-4  # of a person's confusion, from one round to the next
_SMOOTHING = 0.01  # of a label, so that nothing is ever thought impossible
_TINY = 1e-12
_MOST_SKILL = 0.98  # Nobody is sure beyond doubt.
_LEAST_LIKELY = 0.002  # so that no single word makes a class impossible

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Judgement:
    """What is most likely true, and how each person errs.

    Attributes:
        probabilities: Of each class for each item, shape (items, K).
        confusions: How likely a person (first) says a class (third) where another (second) is true, shape (P, K, K).
        prior: How frequent each class is, shape (K,).
    """

    probabilities: Floats
    confusions: Floats
    prior: Floats

    def skill(self) -> Floats:
        """Return how likely each person is right, over the classes as frequent as they are; shape (P,)."""
        return np.asarray(np.einsum("pkk,k->p", self.confusions, self.prior), np.float64)


def dawid_skene(labels: Labels) -> Judgement:
    """Weigh people by their measured skill (Dawid and Skene, Applied Statistics 28, 1979), starting from the majority.

    Args:
        labels: Who said what; every item from 0 on has at least one label.

    Example:
        >>> said = Labels(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1, 1, 0]), 2)
        >>> int(dawid_skene(said).probabilities[0].argmax())
        1
    """
    counts = labels.counts().astype(np.float64) + _SMOOTHING
    by_place, by_item = _Sums(labels.people * labels.n_classes + labels.classes), _Sums(labels.items)
    believed = counts / counts.sum(axis=1, keepdims=True)
    confusions, prior = _learn(labels, by_place, believed)
    for _ in range(_ROUNDS):
        before = confusions
        believed = _judge(labels, by_item, confusions, prior)
        confusions, prior = _learn(labels, by_place, believed)
        if np.abs(confusions - before).max(initial=0) < _CLOSE:
            break
    return Judgement(believed, confusions, prior)


class _Sums:
    """Sums of rows by group, for many sums over the same groups."""

    def __init__(self, groups: NDArray[np.int64]) -> None:
        self.order = np.argsort(groups, kind="stable")
        self.groups, self.starts = np.unique(groups[self.order], return_index=True)

    def of(self, rows: Floats) -> Floats:
        """Return the sum of each group's rows, shape (groups, K), of rows that are sorted by group."""
        return np.add.reduceat(rows, self.starts, axis=0) if len(rows) else rows


def _learn(labels: Labels, by_place: _Sums, believed: Floats) -> tuple[Floats, Floats]:
    """Return every person's confusion and the frequency of the classes, given what is believed."""
    k, n_people = labels.n_classes, int(labels.people.max(initial=-1)) + 1
    said = np.zeros((n_people * k, k))
    said[by_place.groups] = by_place.of(believed[labels.items[by_place.order]])
    confusions = said.reshape(n_people, k, k).transpose(0, 2, 1) + _SMOOTHING
    confusions /= confusions.sum(axis=2, keepdims=True)
    return confusions, believed.mean(axis=0) if len(believed) else np.full(k, 1 / k)


def _judge(labels: Labels, by_item: _Sums, confusions: Floats, prior: Floats) -> Floats:
    """Return what is to be believed of every item, given how people err."""
    logs = np.ascontiguousarray(np.log(confusions + _TINY).transpose(0, 2, 1))  # person, said, true
    order = by_item.order
    scores = by_item.of(logs[labels.people[order], labels.classes[order]]) + np.log(prior + _TINY)
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True), np.float64)


@dataclass(frozen=True)
class Joint:
    """One object that several people drew.

    Attributes:
        members: Who drew it, and the number of the object in their drawing; whose drawing is kept comes first.
        shape: What they drew, each weighed by their skill.
        certainty: How likely it is there, given who drew it and who did not, in [0, 1].
    """

    members: Sequence[tuple[int, int]]
    shape: Shape
    certainty: float


def weight(skill: float) -> float:
    """Return how much a person's word counts: the logarithm of the odds that they are right; 0 for one half or less.

    Example:
        >>> round(weight(0.9), 2), weight(0.3)
        (2.2, 0.0)
    """
    share = min(max(skill, 0.5), _MOST_SKILL)
    return math.log(share / (1 - share))


def believe(said: Sequence[tuple[Hashable, Mapping[Hashable, Mapping[Hashable, float]]]]) -> dict[Hashable, float]:
    """Return how likely each class is, given what people said and how each of them errs; none is likelier beforehand.

    Args:
        said: For each person the class that they said, and how likely they say a class (inner) where another (outer) is
            true.

    Example:
        >>> careful = {"a": {"a": 0.9, "b": 0.1}, "b": {"a": 0.1, "b": 0.9}}
        >>> {name: round(share, 2) for name, share in believe([("a", careful), ("a", careful), ("b", careful)]).items()}
        {'a': 0.9, 'b': 0.1}
    """
    truths = sorted({name for word, errs in said for name in (word, *errs)}, key=str)
    logs = np.array([sum(math.log(_told(errs, true, word)) for word, errs in said) for true in truths])
    shares = np.exp(logs - logs.max(initial=0))
    return dict(zip(truths, (shares / shares.sum()).tolist(), strict=True)) if truths else {}


def _told(errs: Mapping[Hashable, Mapping[Hashable, float]], true: Hashable, word: Hashable) -> float:
    return max(errs.get(true, {}).get(word, 0.0), _LEAST_LIKELY)


def fuse(drawings: Sequence[Sequence[Drawing]], skill: Sequence[float], size: tuple[int, int]) -> list[Joint]:
    """Put together what several people drew into one image (as Solovyev and others 2021 do with boxes of models).

    Objects of one class that overlap by one half are the same. Upright boxes become their mean, masks the pixels that
    more than half of the skill holds for them, each person weighed by their skill; of all else the drawing is kept that
    is most like the others.

    Args:
        drawings: What each person drew; nothing as well.
        skill: How likely each of them is right, in [0, 1].
        size: Width and height of the image in pixels.

    Example:
        >>> one, other = Drawing("bun", Box(0, 0, 10, 10)), Drawing("bun", Box(2, 0, 12, 10))
        >>> [joint] = fuse([[one], [other]], [0.9, 0.9], (20, 20))
        >>> joint.shape, round(joint.certainty, 2)
        (Box(x1=1.0, y1=0.0, x2=11.0, y2=10.0, angle=0.0), 0.99)
    """
    weights = [weight(value) for value in skill]
    groups: list[list[tuple[int, int]]] = []
    for person in sorted(range(len(drawings)), key=lambda at: -weights[at]):
        drawn = drawings[person]
        alike = np.zeros((len(drawn), len(groups)))
        for row, item in enumerate(drawn):
            for column, ((first, number), *_) in enumerate(groups):
                if drawings[first][number].class_id == item.class_id:
                    alike[row, column] = overlap(item.shape, drawings[first][number].shape, size)
        matched = match(alike, LEAST_OVERLAP).pairs.tolist()
        for row, column in matched:
            groups[column].append((person, row))
        known = {row for row, _ in matched}
        groups += [[(person, row)] for row in range(len(drawn)) if row not in known]
    return [_joint(group, drawings, weights, size) for group in groups]


def _joint(
    group: Sequence[tuple[int, int]],
    drawings: Sequence[Sequence[Drawing]],
    weights: Sequence[float],
    size: tuple[int, int],
) -> Joint:
    shapes = [drawings[person][number].shape for person, number in group]
    own = np.array([max(weights[person], _TINY) for person, _ in group])
    alike = np.array([[overlap(one, other, size) for other in shapes] for one in shapes])
    best = int((alike @ own + own * _TINY).argmax())
    votes = 2 * sum(weights[person] for person, _ in group) - sum(weights)
    ordered = [group[best], *(member for at, member in enumerate(group) if at != best)]
    return Joint(ordered, _fused(shapes, own, sum(weights), best, size), 1 / (1 + math.exp(-votes)))


def _fused(shapes: Sequence[Shape], own: Floats, total: float, best: int, size: tuple[int, int]) -> Shape:
    if all(isinstance(shape, Box) and not shape.angle for shape in shapes):
        x1, y1, x2, y2 = np.average([shape.bounds() for shape in shapes], axis=0, weights=own).tolist()
        return replace(shapes[best], x1=x1, y1=y1, x2=x2, y2=y2)
    if all(isinstance(shape, Mask) for shape in shapes):
        bounds = np.array([shape.bounds() for shape in shapes])
        left, top = bounds[:, :2].min(axis=0).astype(int).tolist()
        right, bottom = bounds[:, 2:].max(axis=0).astype(int).tolist()
        window = (left, top, right - left, bottom - top)
        arrays = [masks.reframe(shape, window).to_array() for shape in shapes]  # type: ignore[arg-type]
        found = masks.from_array(fuse_masks(np.stack(arrays), own, max(total, float(own.sum()))), left, top)
        return found or shapes[best]
    return shapes[best]


def fuse_masks(drawn: NDArray[np.bool_], skill: Floats, total: float | None = None) -> NDArray[np.bool_]:
    """Return the pixels that more than half of the skill holds for the object.

    Args:
        drawn: What each person drew, shape (P, H, W).
        skill: How much each person counts, shape (P,), at least 0.
        total: How much all count together, also those who drew no such object; None: those who did.

    Example:
        >>> fuse_masks(np.array([[[True, True]], [[True, False]], [[False, False]]]), np.ones(3)).tolist()
        [[True, False]]
    """
    held = np.tensordot(skill, drawn.astype(np.float64), axes=1)
    return np.asarray(held > (float(skill.sum()) if total is None else total) / 2)
