"""Agreement of two people who drew objects into the same image: what both drew, and how alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# How far apart people place the 17 points of a person, as a share of its size (COCO's keypoint evaluation).
COCO_SIGMAS = np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000


@dataclass(frozen=True)
class Matched:
    """How two people's objects fit each other.

    Attributes:
        pairs: Which of the one's objects is which of the other's, shape (M, 2).
        overlaps: The IoU (or OKS) of each pair, shape (M,).
        n_first: How many the one drew.
        n_second: How many the other drew.
    """

    pairs: NDArray[np.int64]
    overlaps: Floats
    n_first: int
    n_second: int

    @property
    def f1(self) -> float | None:
        """The F1 of one against the other, the same both ways; None where neither drew anything."""
        total = self.n_first + self.n_second
        return 2 * len(self.pairs) / total if total else None

    @property
    def mean_overlap(self) -> float | None:
        """The mean IoU (or OKS) of what both drew; None without any."""
        return float(self.overlaps.mean()) if len(self.overlaps) else None


def match(overlap: Floats, least: float = 0.5) -> Matched:
    """Pair objects so that as many as possible fit, and among those ways the one with the largest overlap in all.

    Args:
        overlap: IoU or OKS of every object of the one (row) with every object of the other (column), shape (N, M);
            0 where their classes differ.
        least: From which overlap on two may be the same object.

    Example:
        >>> match(np.array([[0.9, 0.6], [0.7, 0.0]])).pairs.tolist()
        [[0, 1], [1, 0]]
    """
    from lap import lapjv

    n, m = overlap.shape
    fits = overlap >= least
    if not fits.any():
        return Matched(np.zeros((0, 2), np.int64), np.zeros(0), n, m)
    # A pair that fits is worth more than any sum of overlaps: first as many as possible, then as close as possible.
    worth = np.where(fits, min(n, m) + 1.0 + overlap, 0.0)
    _, columns, _ = lapjv(worth.max() - worth, extend_cost=True)
    pairs = [(row, column) for row, column in enumerate(columns) if column >= 0 and fits[row, column]]
    found = np.array(pairs, np.int64).reshape(-1, 2)
    return Matched(found, overlap[found[:, 0], found[:, 1]], n, m)


def oks(first: Floats, second: Floats, area: float, sigmas: Sequence[float] | Floats | None = None) -> float | None:
    """Return the object keypoint similarity of two drawings of one object, as COCO defines it.

    Args:
        first: x, y and v of each point, shape (N, 3); v is 0 where the point is not labelled.
        second: The same points as the other drew them, shape (N, 3).
        area: Of the object in square pixels; at least one is assumed.
        sigmas: How far people stray at each point, shape (N,); those of COCO for 17 points, else 0.05 each.

    Returns:
        A number in [0, 1]; None where no point was labelled by both.

    Example:
        >>> oks(np.array([[1.0, 2, 2]]), np.array([[1.0, 2, 1]]), 100)
        1.0
    """
    both = (first[:, 2] > 0) & (second[:, 2] > 0)
    if not both.any():
        return None
    if sigmas is None:
        sigmas = COCO_SIGMAS if len(first) == len(COCO_SIGMAS) else np.full(len(first), 0.05)
    spread = (2 * np.asarray(sigmas, np.float64)) ** 2
    apart = ((first[:, :2] - second[:, :2]) ** 2).sum(axis=1)
    return float(np.exp(-apart / (2 * spread * max(area, 1.0)))[both].mean())
