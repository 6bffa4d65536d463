"""Scores that mean what they say, and thresholds with a guarantee. It trains nothing.

Temperature scaling: Guo et al. (2017). Selective prediction: exact binomial (Clopper and Pearson 1934) bounds with
fixed-sequence testing (Bauer 1991; "Learn then Test", Angelopoulos et al. 2021), so that looking at several
thresholds costs nothing of the confidence.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Indices = NDArray[np.int64]

CONFIDENCE = 0.95
_ENOUGH = 100  # items below which a temperature is half believed at most
_LOG_RANGE = (math.log(0.02), math.log(50.0))
_GOLDEN = (math.sqrt(5) - 1) / 2


def fit_temperature(logits: Array, classes: Indices, *, shrink: bool = True) -> float:
    """Return the temperature T under which softmax(logits / T) is likeliest.

    Args:
        logits: Shape (N, K), of rows that the model had not learnt from.
        classes: True class index of each row, shape (N,).
        shrink: Pull T towards 1 where there are few rows: below 100 in proportion to their number.

    Example:
        >>> fit_temperature(np.array([[4.0, 0.0]] * 3 + [[4.0, 0.0]], np.float32), np.array([0, 0, 0, 1]), shrink=False)
        3.641
    """
    count = len(classes)
    if not count:
        return 1.0
    centred = (logits - logits.max(axis=1, keepdims=True)).astype(np.float64)
    right = centred[np.arange(count), classes]

    def cost(log_temperature: float) -> float:
        scale = math.exp(-log_temperature)
        return float(np.mean(np.log(np.exp(centred * scale).sum(axis=1)) - right * scale))

    low, high = _LOG_RANGE
    left, right_edge = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    cost_left, cost_right = cost(left), cost(right_edge)
    while high - low > 1e-4:
        if cost_left <= cost_right:
            high, right_edge, cost_right = right_edge, left, cost_left
            left = high - _GOLDEN * (high - low)
            cost_left = cost(left)
        else:
            low, left, cost_left = left, right_edge, cost_right
            right_edge = low + _GOLDEN * (high - low)
            cost_right = cost(right_edge)
    best = (low + high) / 2
    return round(math.exp(best * min(1.0, count / _ENOUGH) if shrink else best), 3)


def error_bound(errors: int, accepted: int, *, confidence: float = CONFIDENCE) -> float:
    """Return the error rate that is exceeded with probability 1 - confidence at most (Clopper-Pearson, one-sided).

    Example:
        >>> error_bound(0, 299) <= 0.01 < error_bound(0, 298)
        True
    """
    if errors >= accepted:
        return 1.0
    low, high = errors / accepted, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if binomial_tail(errors, accepted, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def binomial_tail(most: int, n: int, rate: float) -> float:
    """Return the probability of `most` events or fewer among n that each happen with `rate`.

    Example:
        >>> binomial_tail(0, 2, 0.5)
        0.25
    """
    if rate <= 0 or most >= n:
        return 1.0
    if rate >= 1:
        return 0.0
    chosen = np.arange(most + 1)
    logs = _log_factorials(n)
    log_terms = logs[n] - logs[chosen] - logs[n - chosen] + chosen * math.log(rate) + (n - chosen) * math.log1p(-rate)
    return min(float(np.exp(log_terms).sum()), 1.0)


@lru_cache(maxsize=4)
def _table(size: int) -> NDArray[np.float64]:
    table: NDArray[np.float64] = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, size + 1)))])
    return table


def _log_factorials(n: int) -> NDArray[np.float64]:
    """Return log k! for k from 0 to n at least, shape (n + 1,) or more."""
    return _table(1 << max(n, 1023).bit_length())


@lru_cache(maxsize=4096)
def needed_answers(errors: int, promise: float, *, confidence: float = CONFIDENCE) -> int:
    """Return how many accepted answers with so many errors among them allow to promise that share of right ones.

    Example:
        >>> [needed_answers(errors, 0.99) for errors in (0, 1, 2)]
        [299, 473, 628]
    """
    low, high = errors, max(errors, 1)
    while binomial_tail(errors, high, 1 - promise) > 1 - confidence:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if binomial_tail(errors, middle, 1 - promise) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


@dataclass(frozen=True)
class Selective:
    """Which answers may be given without a person.

    Args:
        promise: The share of given answers that shall be right.
        threshold: Answers with a score at least this are given; None: no threshold keeps the promise.
        accepted: How many checked answers reach the threshold.
        errors: How many of those are wrong.
        answered_share: accepted of all, in [0, 1].
        missing: How many more checked answers would be needed, if no more of them are wrong; 0 when kept.
    """

    promise: float
    threshold: float | None
    accepted: int
    errors: int
    answered_share: float
    missing: int


def select_threshold(
    scores: NDArray[np.floating], is_right: NDArray[np.bool_], *, promise: float, confidence: float = CONFIDENCE
) -> Selective:
    """Return the lowest threshold for which the promise holds with `confidence`, tested on checked answers.

    Thresholds are tested from high to low, each at full confidence, where 0, 1, 2 ... errors would just be allowed,
    and the first failure ends it: the probability that any of those passed is wrong stays below 1 - confidence. The
    places depend on the promise and the scores only, not on which answers were right.

    Args:
        scores: Score of the given answer, shape (N,), in [0, 1].
        is_right: Whether it was right, shape (N,).
        promise: Share of right answers, in (0, 1).
        confidence: Of the statement, in (0, 1).

    Example:
        >>> kept = select_threshold(np.linspace(0.5, 1, 400), np.ones(400, bool), promise=0.99)
        >>> kept.threshold, kept.accepted, kept.missing
        (0.5, 400, 0)
        >>> select_threshold(np.full(100, 0.9), np.ones(100, bool), promise=0.99).missing
        199
    """
    count = len(scores)
    order = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    ranked = np.asarray(scores, np.float64)[order]
    wrong = np.cumsum(~np.asarray(is_right, bool)[order]) if count else np.zeros(0, np.int64)
    accepted = 0
    for position in _checkpoints(ranked, promise, confidence):
        if binomial_tail(int(wrong[position - 1]), int(position), 1 - promise) > 1 - confidence:
            break
        accepted = int(position)
    if accepted:
        threshold = _floor(float(ranked[accepted - 1]), float(ranked[accepted]) if accepted < count else 0.0)
        return Selective(promise, threshold, accepted, int(wrong[accepted - 1]), accepted / count, 0)
    return Selective(promise, None, 0, 0, 0.0, _missing(wrong, promise, confidence))


def apply_threshold(
    scores: NDArray[np.floating], is_right: NDArray[np.bool_], *, promise: float, threshold: float | None
) -> Selective:
    """Return how a threshold that was chosen elsewhere fares on these answers; shapes as in `select_threshold`.

    Example:
        >>> apply_threshold(np.array([0.9, 0.6]), np.array([True, False]), promise=0.9, threshold=0.8).accepted
        1
    """
    given = np.zeros(len(scores), bool) if threshold is None else np.asarray(scores) >= threshold
    accepted = int(given.sum())
    errors = int((given & ~np.asarray(is_right, bool)).sum())
    missing = max(needed_answers(errors, promise) - accepted, 0)
    return Selective(promise, threshold, accepted, errors, accepted / max(len(scores), 1), missing)


def _checkpoints(ranked: NDArray[np.float64], promise: float, confidence: float) -> list[int]:
    """Return how many answers are accepted at each threshold that is tested; equal scores are accepted together."""
    count, allowed, found = len(ranked), 0, set()
    while (wanted := needed_answers(allowed, promise, confidence=confidence)) <= count:
        found.add(int(np.searchsorted(-ranked, -ranked[wanted - 1], side="right")))
        allowed += 1 + allowed // 20  # a finer grid than the eye can see costs time only
    return sorted(found | {count}) if found else []


def _missing(wrong: NDArray[np.int64], promise: float, confidence: float) -> int:
    """Return the fewest right answers that would have to be added above some threshold to keep the promise."""
    open_ = [needed_answers(0, promise, confidence=confidence)]
    for errors in range(min(int(wrong[-1]) + 1, 30) if len(wrong) else 0):
        accepted = int(np.searchsorted(wrong, errors, side="right"))  # the most answers with so many errors
        open_.append(needed_answers(errors, promise, confidence=confidence) - accepted)
    return max(min(open_), 1)


def _floor(score: float, next_score: float) -> float:
    """Return a short number between two scores that accepts the first and not the second."""
    for digits in range(3, 9):
        short = math.floor(score * 10.0**digits) / 10.0**digits
        if next_score < short <= score:
            return short
    return score
