"""Splits of images that hold several classes each: iterative stratification over groups. It reads no pictures.

Sechidis, Tsoumakas and Vlahavas: On the stratification of multi-label data, ECML PKDD 2011. The rarest class is shared
out first, each of its images to the split that lacks it most. Ours keeps groups together and what was decided.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelyard.engine.splits import Indices, settle, target

_ORDER: Final = ("train", "test", "val")  # who comes first where two lack as much


def assign_splits_by_presence(
    presence: ArrayLike,
    groups: ArrayLike,
    fixed: Sequence[str | None],
    may_test: ArrayLike,
    *,
    test_share: float = 0.2,
    val_share: float = 0.1,
    seed: int = 0,
) -> list[str]:
    """Return "train", "val" or "test" for every image, so that each split has its share of every class.

    Images without any class are shared out like a class of their own. A class of which there are groups that nobody
    decided keeps at least one of them in train.

    Args:
        presence: Pairs (image, class index) of what is in the images, shape (P, 2).
        groups: Group number of each image, shape (N,); a group is never torn apart.
        fixed: The split that was decided earlier or came with the picture; "" or None where there is none. Shape (N,).
        may_test: Whether the image may be in test at all, shape (N,). One member that may not bars its group.
        test_share: Share of each class wanted in test, in [0, 1].
        val_share: Share of each class wanted in val, in [0, 1].
        seed: Chooses among equals.

    Example:
        >>> pairs = [(image, image % 2) for image in range(10)] + [(image, 2) for image in range(5)]
        >>> assign_splits_by_presence(pairs, range(10), [None] * 10, [True] * 10).count("test")
        2
    """
    result, waiting = settle(groups, fixed, seed)
    pairs = _with_nothing(np.asarray(presence, np.int64).reshape(-1, 2), len(result))
    draft = _Draft(pairs, result, waiting, np.asarray(may_test, bool).reshape(-1), (test_share, val_share))
    draft.share_out()
    return [str(split) for split in result]


def _with_nothing(pairs: Indices, count: int) -> Indices:
    """Return unique pairs, with one more class for images that hold none."""
    pairs = np.unique(pairs, axis=0)
    nothing = np.setdiff1d(np.arange(count), pairs[:, 0])
    label = int(pairs[:, 1].max(initial=-1)) + 1
    return np.concatenate([pairs, np.stack([nothing, np.full_like(nothing, label)], axis=1)])


class _Draft:
    """Splits under way. Units are groups that nobody decided; `wanted` is what each split still lacks of each class."""

    def __init__(
        self,
        pairs: Indices,
        result: NDArray[np.str_],
        waiting: list[Indices],
        allowed: NDArray[np.bool_],
        shares: tuple[float, float],
    ) -> None:
        self.result, self.waiting = result, waiting
        unit_of = np.full(len(result), -1)
        for unit, rows in enumerate(waiting):
            unit_of[rows] = unit
        self.may_test = [bool(allowed[rows].all()) for rows in waiting]
        n_classes = int(pairs[:, 1].max(initial=-1)) + 1
        self.wanted = {split: np.zeros(n_classes + 1) for split in _ORDER}  # the last counts images whatever is in them
        images = np.stack([np.arange(len(result)), np.full(len(result), n_classes)], axis=1)
        counted = np.concatenate([pairs, images])
        self._want(counted, shares)
        units = unit_of[counted[:, 0]]
        is_open = units >= 0
        self.contents = _by_unit(units[is_open], counted[is_open, 1], len(waiting))
        held = [classes for classes, _ in self.contents]
        # Groups that train has or may still get, by class.
        self.left = np.bincount(np.concatenate([np.zeros(0, np.int64), *held]), minlength=n_classes + 1)
        taught = counted[result[counted[:, 0]] == "train", 1]
        self.left[np.unique(taught)] += 1

    def _want(self, counted: Indices, shares: tuple[float, float]) -> None:
        totals = np.bincount(counted[:, 1], minlength=len(self.wanted["train"]))
        for at, total in enumerate(totals.tolist()):
            test, val = target(total, shares[0], "test"), target(total, shares[1], "val")
            for split, wish in (("train", total - test - val), ("test", test), ("val", val)):
                self.wanted[split][at] = wish
        for split in self.wanted:
            has = counted[self.result[counted[:, 0]] == split, 1]
            self.wanted[split] -= np.bincount(has, minlength=len(totals))

    def share_out(self) -> None:
        """Give every unit to a split, those with the rarest class first."""
        holders: list[list[int]] = [[] for _ in self.left]
        for unit, (classes, _) in enumerate(self.contents):
            for label in classes.tolist():
                holders[label].append(unit)
        remaining = np.zeros(len(self.left))  # images of open units, by class
        for classes, counts in self.contents:
            remaining[classes] += counts
        remaining[-1] = 0  # That counts images whatever is in them, and is no class.
        open_units = [True] * len(self.waiting)
        while remaining.any():
            label = int(np.argmin(np.where(remaining > 0, remaining, np.inf)))
            for unit in holders[label]:
                if open_units[unit]:
                    open_units[unit] = False
                    self._give(unit, label)
                    classes, counts = self.contents[unit]
                    remaining[classes[:-1]] -= counts[:-1]

    def _give(self, unit: int, label: int) -> None:
        classes, counts = self.contents[unit]
        can_spare = bool((self.left[classes[:-1]] > 1).all())
        open_to = [
            split for split in _ORDER if split == "train" or (can_spare and (split == "val" or self.may_test[unit]))
        ]
        split = max(open_to, key=lambda split: (self.wanted[split][label], self.wanted[split][-1]))
        self.result[self.waiting[unit]] = split
        self.wanted[split][classes] -= counts
        if split != "train":
            self.left[classes] -= 1


def _by_unit(units: Indices, classes: Indices, count: int) -> list[tuple[Indices, Any]]:
    """Return for each unit its classes in rising order, and how many of its images hold each."""
    pairs, counts = np.unique(np.stack([units, classes], axis=1), axis=0, return_counts=True)
    edges = np.searchsorted(pairs[:, 0], np.arange(1, count))
    return list(zip(np.split(pairs[:, 1], edges), np.split(counts, edges), strict=True)) if count else []
