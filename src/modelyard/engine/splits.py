"""Who goes to train, val and test: stratified, twins together, what was decided stays decided. It reads no pictures."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

SPLITS: Final = ("train", "val", "test")
LEAST_TESTED: Final = 3  # a class with as many images has at least one of them in test

Indices = NDArray[np.int64]


def assign_splits(
    labels: ArrayLike,
    groups: ArrayLike,
    fixed: Sequence[str | None],
    may_test: ArrayLike,
    *,
    test_share: float = 0.2,
    val_share: float = 0.1,
    seed: int = 0,
) -> list[str]:
    """Return "train", "val" or "test" for every image.

    A group (near-duplicates) is never torn apart. Where members of a group were decided differently before, the most
    careful decision wins for the rest: what is decided stays, and an undecided member follows test, then val, then
    train. Classes are filled one after the other, so each has its share; the assignment depends on the order of the
    rows only through the seed.

    Args:
        labels: Class index of each image, shape (N,).
        groups: Group number of each image, shape (N,).
        fixed: The split that was decided earlier or came with the picture; "" or None where there is none. Shape (N,).
        may_test: Whether the image may be in test at all, shape (N,). One member that may not bars its group.
        test_share: Share of each class wanted in test, in [0, 1].
        val_share: Share of each class wanted in val, in [0, 1].
        seed: Chooses among equals.

    Example:
        >>> assign_splits([0] * 5, range(5), [None] * 5, [True] * 5, test_share=0.2, val_share=0.2).count("train")
        3
        >>> assign_splits([0, 0, 0], [1, 1, 2], ["val", None, None], [True] * 3)[:2]
        ['val', 'val']
    """
    classes = np.asarray(labels, np.int64).reshape(-1)
    allowed = np.asarray(may_test, bool).reshape(-1)
    result, waiting = settle(groups, fixed, seed)
    draft = _Draft(classes, result, allowed, waiting)
    for label in np.unique(classes):
        for split, share in (("test", test_share), ("val", val_share)):
            draft.fill(int(label), split, share)
    result[result == ""] = "train"
    return [str(split) for split in result]


def settle(groups: ArrayLike, fixed: Sequence[str | None], seed: int) -> tuple[NDArray[np.str_], list[Indices]]:
    """Return what is decided before anything is shared out, and the rows of each group that is open, largest first.

    Arguments are those of `assign_splits`. An undecided member of a group follows the most careful of those decided.

    Example:
        >>> settle([1, 1, 2], ["val", None, None], seed=0)
        (array(['val', 'val', ''], dtype='<U5'), [array([2])])
    """
    decided = np.array([split or "" for split in fixed], dtype="<U5")
    _check_known(decided)
    result = decided.copy()
    waiting: list[Indices] = []
    for rows in _members(np.asarray(groups).reshape(-1)):
        leader = _strictest(decided[rows])
        if leader:
            result[rows[decided[rows] == ""]] = leader
        else:
            waiting.append(rows)
    order = np.random.default_rng(seed).permutation(len(waiting))
    return result, sorted((waiting[index] for index in order), key=len, reverse=True)  # large ones first: they fit


def target(total: int, share: float, split: str) -> int:
    """Return how many of a class should be there; a class of three or more is tested with one at least.

    Example:
        >>> target(3, 0.1, "test"), target(3, 0.1, "val")
        (1, 0)
    """
    wanted = round(total * share)
    return max(wanted, 1) if split == "test" and share > 0 and total >= LEAST_TESTED else wanted


class _Draft:
    """Splits under way: groups that nobody decided wait until test or val needs them."""

    def __init__(
        self, classes: Indices, result: NDArray[np.str_], allowed: NDArray[np.bool_], waiting: list[Indices]
    ) -> None:
        self.classes, self.result, self.allowed = classes, result, allowed
        self.sizes = np.bincount(classes)
        self.waiting: dict[int, list[Indices]] = defaultdict(list)
        self.left = np.zeros(len(self.sizes), np.int64)  # groups that train has or may still get, by class
        self.left[np.unique(classes[result == "train"])] += 1
        for rows in waiting:
            self.waiting[_main_class(classes[rows])].append(rows)
            self.left[np.unique(classes[rows])] += 1

    def fill(self, label: int, split: str, share: float) -> None:
        """Give groups of a class to a split until it has its share; train keeps at least one group of each class."""
        missing = target(int(self.sizes[label]), share, split)
        missing -= int(((self.classes == label) & (self.result == split)).sum())
        for limit in (1, 2):  # first what fits, then what brings it closer
            groups = self.waiting[label] if limit == 1 else self.waiting[label][::-1]
            for rows in groups:
                if self._may(rows, split) and len(rows) < missing * limit + (limit == 1):
                    self.result[rows] = split
                    self.left[np.unique(self.classes[rows])] -= 1
                    missing -= len(rows)
            self.waiting[label] = [rows for rows in self.waiting[label] if not self.result[rows[0]]]

    def _may(self, rows: Indices, split: str) -> bool:
        if self.result[rows[0]] or (split == "test" and not self.allowed[rows].all()):
            return False
        return bool((self.left[np.unique(self.classes[rows])] > 1).all())


def _strictest(decided: NDArray[np.str_]) -> str:
    return next((split for split in ("test", "val", "train") if split in decided), "")


def _main_class(labels: Indices) -> int:
    values, counts = np.unique(labels, return_counts=True)
    return int(values[np.argmax(counts)])


def _members(groups: NDArray[np.generic]) -> list[Indices]:
    """Return the rows of each group, groups in the order of their first row."""
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    edges = np.cumsum(np.bincount(inverse))[:-1]
    parts = np.split(order, edges) if len(order) else []
    return [parts[index] for index in np.argsort(first)] if parts else []


def _check_known(decided: NDArray[np.str_]) -> None:
    unknown = sorted(set(decided.tolist()) - {"", *SPLITS})
    if unknown:
        raise ValueError(f"Splits are {', '.join(SPLITS)} or empty; got {unknown[0]!r}.")
