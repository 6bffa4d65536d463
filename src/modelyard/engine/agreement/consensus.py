"""What people say together, each weighed by how well they have been seen to judge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.agreement.classes import Labels

_ROUNDS = 100
_CLOSE = 1e-4  # of a person's confusion, from one round to the next
_SMOOTHING = 0.01  # of a label, so that nothing is ever thought impossible
_TINY = 1e-12

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


def fuse_boxes(
    boxes: Floats, people: NDArray[np.int64], skill: Floats, least_iou: float = 0.5
) -> tuple[Floats, Floats]:
    """Fuse boxes of one class that several people drew into one image (Solovyev and others 2021, people for models).

    Args:
        boxes: Shape (N, 4), `xyxy` in pixels.
        people: Who drew each, shape (N,), in [0, P).
        skill: How much each person of this image counts, shape (P,), in [0, 1]; those who drew nothing as well.
        least_iou: From which overlap on two boxes mean the same object.

    Returns:
        The fused boxes, shape (M, 4), and which share of all skill supports each, shape (M,), in [0, 1].

    Example:
        >>> fused, support = fuse_boxes(np.array([[0, 0, 10, 10.0], [2, 0, 12, 10]]), np.array([0, 1]), np.ones(3))
        >>> fused.tolist(), round(float(support[0]), 2)
        ([[1.0, 0.0, 11.0, 10.0]], 0.67)
    """
    from modelyard.geometry.boxes import iou

    groups: list[list[int]] = []
    fused: list[Floats] = []
    for at in np.argsort(-skill[people], kind="stable"):
        best, best_iou = -1, least_iou
        for number, box in enumerate(fused):
            overlap = float(iou(box[None].astype(np.float32), boxes[at][None].astype(np.float32))[0, 0])
            if overlap >= best_iou and people[at] not in people[groups[number]]:
                best, best_iou = number, overlap
        if best < 0:
            groups.append([int(at)])
            fused.append(boxes[at].astype(np.float64))
        else:
            groups[best].append(int(at))
            weights = np.maximum(skill[people[groups[best]]], _TINY)
            fused[best] = np.average(boxes[groups[best]], axis=0, weights=weights)
    support = [skill[people[group]].sum() / max(skill.sum(), _TINY) for group in groups]
    return np.reshape(fused, (-1, 4)), np.array(support, np.float64)


def fuse_masks(masks: NDArray[np.bool_], skill: Floats) -> NDArray[np.bool_]:
    """Return the pixels that more than half of the skill holds for the object.

    Args:
        masks: What each person drew, shape (P, H, W).
        skill: How much each person counts, shape (P,), in [0, 1].

    Example:
        >>> fuse_masks(np.array([[[True, True]], [[True, False]], [[False, False]]]), np.ones(3)).tolist()
        [[True, False]]
    """
    return np.asarray(np.tensordot(skill, masks.astype(np.float64), axes=1) > skill.sum() / 2)
