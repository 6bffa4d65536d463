"""How good predictions are, each figure with its interval; it looks at numbers only, words are `words`."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.calibration import binomial_tail

Indices = NDArray[np.int64]
Interval = tuple[float, float]

_Z = 1.959963984540054  # two-sided 95 %


def accuracy(truth: Indices, predicted: Indices) -> float:
    """Return the share of right predictions; both of shape (N,).

    Example:
        >>> accuracy(np.array([0, 1]), np.array([0, 0]))
        0.5
    """
    return float(np.mean(truth == predicted)) if len(truth) else 0.0


def wilson_interval(right: float, n: float) -> Interval:
    """Return the 95 % interval of a share (Wilson 1927); (0, 1) without observations.

    Example:
        >>> low, high = wilson_interval(95, 100)
        >>> round(low, 2), round(high, 2)
        (0.89, 0.98)
    """
    if n <= 0:
        return 0.0, 1.0
    share = right / n
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return max(min(centre - half, share), 0.0), min(max(centre + half, share), 1.0)


def confusion(truth: Indices, predicted: Indices, n_classes: int) -> NDArray[np.int64]:
    """Return counts, shape (K, K): rows are the truth, columns what was predicted.

    Example:
        >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2)
        array([[1, 1],
               [0, 1]])
    """
    table = np.zeros((n_classes, n_classes), np.int64)
    np.add.at(table, (truth, predicted), 1)
    return table


@dataclass(frozen=True)
class ClassMetrics:
    """Figures of one class; None where there is nothing to divide by. Intervals are Wilson's, at 95 %."""

    n: int
    predicted: int
    precision: float | None
    precision_interval: Interval
    recall: float | None
    recall_interval: Interval
    f1: float | None


def per_class(table: NDArray[np.int64]) -> list[ClassMetrics]:
    """Return the figures of each class from a confusion table, shape (K, K).

    Example:
        >>> per_class(np.array([[1, 1], [0, 1]]))[0].recall
        0.5
    """
    found = []
    for index in range(len(table)):
        right, n, said = int(table[index, index]), int(table[index].sum()), int(table[:, index].sum())
        found.append(
            ClassMetrics(
                n=n,
                predicted=said,
                precision=right / said if said else None,
                precision_interval=wilson_interval(right, said),
                recall=right / n if n else None,
                recall_interval=wilson_interval(right, n),
                f1=2 * right / (n + said) if n + said else None,
            )
        )
    return found


def macro_f1(truth: Indices, predicted: Indices, n_classes: int) -> float:
    """Return the mean F1 of the classes that occur in the truth or the predictions; both of shape (N,).

    Example:
        >>> macro_f1(np.array([0, 0, 1]), np.array([0, 1, 1]), 3)
        0.6666666666666666
    """
    return float(_macro_f1(confusion(truth, predicted, n_classes)[None])[0])


def macro_f1_interval(
    truth: Indices,
    predicted: Indices,
    n_classes: int,
    *,
    groups: Indices | None = None,
    resamples: int = 400,
    seed: int = 0,
) -> Interval:
    """Return the 95 % percentile bootstrap interval of the macro F1, over images or over groups of them, shape (N,).

    It is widened where needed so that it holds the macro F1 itself: resampling loses rare classes.

    Example:
        >>> macro_f1_interval(np.array([0, 1] * 20), np.array([0, 1] * 20), 2)
        (1.0, 1.0)
    """
    if not len(truth):
        return 0.0, 1.0
    names = np.arange(len(truth)) if groups is None else groups
    _, member = np.unique(names, return_inverse=True)
    n_groups = int(member.max()) + 1
    chance = np.random.default_rng(seed)
    used, codes = np.unique(truth * n_classes + predicted, return_inverse=True)
    values = np.empty(resamples)
    for index in range(resamples):
        drawn = np.bincount(chance.integers(0, n_groups, n_groups), minlength=n_groups)[member]  # (N,)
        cells = np.bincount(codes, weights=drawn, minlength=len(used)).astype(np.float64)
        values[index] = _sparse_macro_f1(used, cells, n_classes)
    low, high = np.quantile(values, [0.025, 0.975])
    value = macro_f1(truth, predicted, n_classes)
    return float(min(low, value)), float(max(high, value))


def ece(scores: NDArray[np.floating], is_right: NDArray[np.bool_], *, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal mass, in [0, 1]; both of shape (N,).

    Example:
        >>> round(ece(np.array([0.9] * 10), np.array([True] * 9 + [False]), bins=1), 6)
        0.0
    """
    found = reliability(scores, is_right, bins=bins)
    total = sum(entry.n for entry in found)
    return sum(entry.n * abs(entry.confidence - entry.accuracy) for entry in found) / total if total else 0.0


@dataclass(frozen=True)
class ReliabilityBin:
    """When it says `confidence`, it is right in the share `accuracy` of `n` cases."""

    confidence: float
    accuracy: float
    n: int


def reliability(scores: NDArray[np.floating], is_right: NDArray[np.bool_], *, bins: int = 10) -> list[ReliabilityBin]:
    """Return bins of equal mass, the least sure first; scores and is_right of shape (N,).

    Example:
        >>> [entry.n for entry in reliability(np.linspace(0, 1, 25), np.ones(25, bool), bins=10)]
        [3, 2, 3, 2, 3, 2, 3, 2, 3, 2]
    """
    order = np.argsort(scores, kind="stable")
    edges = [math.ceil(len(order) * index / bins) for index in range(bins + 1)]
    parts = [order[low:high] for low, high in pairwise(edges) if high > low]
    return [
        ReliabilityBin(
            float(np.mean(scores[rows], dtype=np.float64)), float(np.mean(is_right[rows], dtype=np.float64)), len(rows)
        )
        for rows in parts
    ]


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p-value of McNemar's test: images that only the one or the other model got right.

    Example:
        >>> mcnemar(5, 0)
        0.0625
    """
    total = only_first + only_second
    return min(1.0, 2 * binomial_tail(min(only_first, only_second), total, 0.5)) if total else 1.0


@dataclass(frozen=True)
class Paired:
    """Two models on the same images; `verdict` speaks of the first."""

    n: int
    both_right: int
    only_first: int
    only_second: int
    p_value: float
    verdict: str


def compare(first_right: NDArray[np.bool_], second_right: NDArray[np.bool_], *, level: float = 0.05) -> Paired:
    """Return whether the first model is "better", "worse", or there is "no clear difference"; both of shape (N,).

    Example:
        >>> compare(np.array([True] * 9), np.array([False] * 9)).verdict
        'better'
    """
    first, second = np.asarray(first_right, bool), np.asarray(second_right, bool)
    only_first, only_second = int((first & ~second).sum()), int((~first & second).sum())
    p_value = mcnemar(only_first, only_second)
    clear = "better" if only_first > only_second else "worse"
    verdict = clear if p_value < level else "no clear difference"
    return Paired(len(first), int((first & second).sum()), only_first, only_second, p_value, verdict)


def _macro_f1(tables: NDArray[np.int64]) -> NDArray[np.float64]:
    right = np.diagonal(tables, axis1=1, axis2=2)  # (R, K)
    there = tables.sum(axis=1) + tables.sum(axis=2)  # (R, K)
    f1 = np.divide(2.0 * right, there, out=np.zeros(right.shape), where=there > 0)
    mean: NDArray[np.float64] = f1.sum(axis=1) / np.maximum((there > 0).sum(axis=1), 1)
    return mean


def _sparse_macro_f1(codes: Indices, counts: NDArray[np.float64], n_classes: int) -> float:
    truth, predicted = np.divmod(codes, n_classes)
    hits = truth == predicted
    right = np.bincount(truth[hits], weights=counts[hits], minlength=n_classes)
    there = np.bincount(truth, weights=counts, minlength=n_classes)
    there += np.bincount(predicted, weights=counts, minlength=n_classes)
    seen = there > 0
    return float(np.mean(2 * right[seen] / there[seen])) if seen.any() else 0.0
