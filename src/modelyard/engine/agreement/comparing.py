"""What two people said of one image, side by side, and the figures that many such comparisons add up to."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.agreement.classes import Counts
from modelyard.engine.agreement.drawings import LEAST_OVERLAP, Drawing, overlap
from modelyard.engine.agreement.objects import match
from modelyard.geometry.shapes import Whole


@dataclass(frozen=True)
class Cell:
    """How many objects the one person says are this and the other says are that.

    Attributes:
        first: The class that the first person gave; None for objects that only the other drew.
        second: The class that the second person gave; None for objects that only the first drew.
        count: How many objects.
        overlap: Their IoU or OKS, summed; 0 where only one drew them.
    """

    first: Hashable | None
    second: Hashable | None
    count: int
    overlap: float


def compare(first: Sequence[Drawing], second: Sequence[Drawing], size: tuple[int, int]) -> list[Cell]:
    """Pair what two people drew into an image of this width and height: by class and place first, then by place.

    Example:
        >>> from modelyard.geometry.shapes import Box
        >>> bun, roll = Drawing("bun", Box(0, 0, 10, 10)), Drawing("roll", Box(0, 0, 10, 10))
        >>> compare([bun], [roll], (20, 20))
        [Cell(first='bun', second='roll', count=1, overlap=1.0)]
        >>> compare([bun], [], (20, 20))
        [Cell(first='bun', second=None, count=1, overlap=0.0)]
    """
    alike = np.zeros((len(first), len(second)))
    same = np.zeros(alike.shape, np.bool_)
    for row, one in enumerate(first):
        for column, other in enumerate(second):
            same[row, column] = one.class_id == other.class_id
            if same[row, column] or not isinstance(one.shape, Whole):  # A class of the whole image is no place.
                alike[row, column] = overlap(one.shape, other.shape, size)
    found: dict[tuple[Hashable | None, Hashable | None], list[float]] = {}
    rows, columns = set(range(len(first))), set(range(len(second)))
    for allowed in (same, ~same):
        fits = np.where(allowed, alike, 0.0)
        fits[[row for row in range(len(first)) if row not in rows]] = 0.0
        fits[:, [column for column in range(len(second)) if column not in columns]] = 0.0
        matched = match(fits, LEAST_OVERLAP)
        for (row, column), shared in zip(matched.pairs.tolist(), matched.overlaps.tolist(), strict=True):
            found.setdefault((first[row].class_id, second[column].class_id), []).append(shared)
            rows.discard(row)
            columns.discard(column)
    for row in sorted(rows):
        found.setdefault((first[row].class_id, None), []).append(0.0)
    for column in sorted(columns):
        found.setdefault((None, second[column].class_id), []).append(0.0)
    return [Cell(*said, len(overlaps), float(sum(overlaps))) for said, overlaps in found.items()]


def shared(table: Counts) -> float | None:
    """Return how often two people agree: of 100 things that the one said, so many the other said too.

    For one class an image this is the share of images; for objects the F1, over all classes.

    Args:
        table: How often the one said the row and the other the column, shape (K + 1, K + 1); the last of each stands
            for what only the other drew.

    Returns:
        A share in [0, 1]; None where nothing was said.

    Example:
        >>> shared(np.array([[3, 1, 0], [0, 0, 2], [0, 0, 5]]))
        0.6
    """
    counts = table.copy()
    counts[-1, -1] = 0  # Both drew nothing.
    said = int(counts[:-1].sum() + counts[:, :-1].sum())
    return 2 * int(np.trace(counts)) / said if said else None


def shared_by_class(table: Counts) -> list[float | None]:
    """Return the same for each class: if one says it, does the other? Shape (K,) of a table of (K + 1, K + 1).

    Example:
        >>> shared_by_class(np.array([[3, 1, 0], [0, 0, 2], [0, 0, 5]]))
        [0.8571428571428571, 0.0]
    """
    said = table.sum(axis=1) + table.sum(axis=0)
    return [2 * int(table[k, k]) / int(said[k]) if said[k] else None for k in range(len(table) - 1)]


def by_chance(first: Counts, second: Counts) -> float | None:
    """Return how often two people would agree who say each class as often as these do, and look at nothing.

    Args:
        first: How often the one said each class, shape (K,).
        second: How often the other did, shape (K,), as often in all.

    Example:
        >>> by_chance(np.array([25, 25]), np.array([30, 20]))
        0.5
    """
    n = int(first.sum())
    return float(first.astype(float) @ second.astype(float)) / (n * n) if n else None


def alpha_of_pairs(tables: Mapping[int, Counts]) -> float | None:
    """Return Krippendorff's alpha (see `krippendorff_alpha`) from pairs of labels.

    Args:
        tables: By how many labels its items have: how often one label of an item is the row and another the column,
            shape (K, K), each two labels counted once, either way round.

    Example:
        >>> alpha_of_pairs({2: np.array([[1, 0], [0, 1]])})
        1.0
    """
    if not tables:
        return None
    coincidences = np.sum([(table + table.T) / (labels - 1) for labels, table in tables.items()], axis=0)
    marginal = coincidences.sum(axis=1)
    total = float(marginal.sum())
    if total < 2:
        return None
    expected = float((marginal * (marginal - 1)).sum() / (total - 1))
    agreed = float(np.trace(coincidences))
    return None if expected >= total - 1e-9 else 1 - (total - agreed) / (total - expected)


def fleiss_of_pairs(table: Counts) -> float | None:
    """Return Fleiss' kappa (see `fleiss_kappa`) from pairs of labels, of items that all have the same number.

    Args:
        table: How often one label of an item is the row and another the column, shape (K, K).

    Example:
        >>> round(fleiss_of_pairs(np.array([[4, 1], [1, 3]])), 3)
        0.55
    """
    n = int(table.sum())
    if not n:
        return None
    shares = (table.sum(axis=0) + table.sum(axis=1)) / (2 * n)
    chance = float((shares**2).sum())
    return None if chance >= 1 else (int(np.trace(table)) / n - chance) / (1 - chance)


def skills(agreed: NDArray[np.float64], said: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each person agrees with the others, each of whom counts as much as they agree themselves.

    Args:
        agreed: How much of what two people said is the same, shape (P, P), symmetric.
        said: How much they said in all, shape (P, P), symmetric; 0 where they share no image.

    Returns:
        Shares in [0, 1], shape (P,); somebody who shares no image with anybody has 0.

    Example:
        >>> both = np.array([[0, 9, 5], [9, 0, 5], [5, 5, 0.0]])
        >>> skills(both, np.full((3, 3), 10.0) * (1 - np.eye(3))).round(2).tolist()
        [0.74, 0.74, 0.5]
    """
    found = np.ones(len(agreed))
    for _ in range(100):
        before = found
        weight = said * before[None, :]
        total = weight.sum(axis=1)
        share = np.divide(agreed, said, out=np.zeros(agreed.shape), where=said > 0)
        found = np.divide((weight * share).sum(axis=1), total, out=np.zeros(len(agreed)), where=total > 0)
        if np.abs(found - before).max(initial=0) < 1e-6:
            break
    return found
