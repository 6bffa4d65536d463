"""Linear heads on frozen embeddings: a discriminant and a logistic regression, judged out of fold and blended.

A head is `embedding @ weights + bias`; every step below is linear, so that is also all that is served. The steps:
principal axes, within-class whitening, nearest class mean in it (linear discriminant analysis), and
L2-regularised logistic regression there along a warm-started path of C. Groups are never torn apart by the folds,
mirrored views are additional rows to learn from and never to be judged on. Recipes wrap this.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelyard.engine._logistic import Problem, softmax
from modelyard.engine._spaces import Space, discriminant, principal_space, whitening
from modelyard.engine.calibration import fit_temperature
from modelyard.engine.folds import group_folds
from modelyard.errors import Invalid

Array = NDArray[np.float32]
Indices = NDArray[np.int64]
OnStep = Callable[[dict[str, Any]], None]

PATH = (0.03, 0.1, 0.3)  # C, from calm to bold; rows are whitened, so that the same path fits every backbone
_MIXES = (0.5, 1.0, 0.0)  # share of the logistic half; the first is kept unless another is clearly better
_LEAST_JUDGED = 4
_TOLERANCE = 3e-3  # of the gradient at zero weights: a closer fit changes no answer


class HeadDataWrong(Invalid):
    """Features, classes and groups do not fit together."""


@dataclass(frozen=True)
class HeadOptions:
    """How to fit a head; with the data and these, a fit repeats itself.

    Args:
        C: Inverse of the penalty on whitened rows; "cv" chooses it out of fold.
        class_weights: Whether rare classes count as much as frequent ones.
        budget_s: Seconds after which cheaper ways are taken; None: no limit.
        folds: How many folds; 0 judges nothing.
        axes: The most principal axes to keep.
        fast: Find the axes by random projection.
        seed: Decides folds and random projection.
    """

    C: float | str = "cv"
    class_weights: bool = True
    budget_s: float | None = None
    folds: int = 5
    axes: int = 512
    fast: bool = False
    seed: int = 0

    @property
    def path(self) -> tuple[float, ...]:
        """The values of C to try, smallest first."""
        return PATH if isinstance(self.C, str) else (float(self.C),)


@dataclass(frozen=True, eq=False)
class HeadFit:
    """A fitted head; logits are `features @ weights + bias`.

    Args:
        weights: Shape (D, K).
        bias: Shape (K,).
        C: The inverse penalty chosen.
        out_of_fold_logits: What heads that had not seen a row's group said about it, shape (N, K); None with too few.
        curve: One entry a step, as `on_step` heard them.
        mix: Share of the logistic half in the blend, in [0, 1].
        seconds: How long it took.
    """

    weights: Array
    bias: Array
    C: float
    out_of_fold_logits: Array | None
    curve: list[dict[str, Any]] = field(default_factory=list)
    mix: float = 0.0
    seconds: float = 0.0

    def logits(self, features: Array) -> Array:
        """Return logits, shape (N, K)."""
        return features @ self.weights + self.bias


QUICK = HeadOptions(C=0.1, folds=3, axes=192, fast=True)


def fit_head(
    features: Array,
    classes: Indices,
    n_classes: int,
    *,
    flipped: Array | None = None,
    groups: Indices | None = None,
    options: HeadOptions | None = None,
    on_step: OnStep | None = None,
) -> HeadFit:
    """Fit a head and judge it out of fold.

    Args:
        features: L2-normalised embeddings, shape (N, D).
        classes: Class index of each row, shape (N,), in [0, K).
        n_classes: K.
        flipped: Embeddings of the mirrored images, shape (N, D), to learn from.
        groups: Rows of one group stay in one fold, shape (N,).
        options: See `HeadOptions`.
        on_step: Hears of each step; what it raises ends the fit.

    Raises:
        HeadDataWrong: Shapes contradict each other, or fewer than two classes have rows.

    Example:
        >>> two = np.repeat(np.eye(2, dtype=np.float32), 4, axis=0)
        >>> fit = fit_head(two, np.repeat([0, 1], 4), 2)
        >>> fit.logits(two).argmax(axis=1)
        array([0, 0, 0, 0, 1, 1, 1, 1])
    """
    _check(features, classes, n_classes, flipped, groups)
    return _Fit(features, classes, n_classes, flipped, options or HeadOptions(), on_step).run(groups)


def fit_quick(
    features: Array, classes: Indices, n_classes: int, *, groups: Indices | None = None, seed: int = 0
) -> HeadFit:
    """Fit a head for suggestions: fewer axes and folds and one C, well under a second for 2,000 labels.

    Arguments and errors are those of `fit_head`.
    """
    return fit_head(features, classes, n_classes, groups=groups, options=replace(QUICK, seed=seed))


class _Fit:
    """One fit under way."""

    def __init__(
        self,
        features: Array,
        classes: Indices,
        n_classes: int,
        flipped: Array | None,
        options: HeadOptions,
        on_step: OnStep | None,
    ) -> None:
        self.started = time.monotonic()
        self.options, self.on_step = options, on_step
        self.classes, self.n_classes = classes.astype(np.int64), n_classes
        self.outer = principal_space(features, options.axes, seed=options.seed if options.fast else None)
        self.plain = self.outer.project(features)  # (N, d)
        self.mirrored = None if flipped is None else self.outer.project(flipped)
        self.curve: list[dict[str, Any]] = []
        self.path = list(options.path)

    def run(self, groups: Indices | None) -> HeadFit:
        everything = np.arange(len(self.plain))
        judged = self._judge(groups)
        if judged is None:
            choice = _Choice(self.path[-1], (1.0, 0.0), 0.0, None)
        else:
            choice = _choose(judged, self.classes, self.path)
        path = [value for value in self.path if value <= choice.inverse_penalty] if choice.scales[1] else []
        inner, candidates = self._learn(everything, path)
        weights = candidates[0] * np.float32(choice.scales[0])
        if path:
            weights += candidates[-1] * np.float32(choice.scales[1])
        matrix, bias = self.outer.pull_back(*inner.pull_back(weights[:-1], weights[-1]))
        self._tell("whole", len(self.curve) + 1)
        return HeadFit(
            weights=matrix.astype(np.float32),
            bias=bias.astype(np.float32),
            C=choice.inverse_penalty,
            out_of_fold_logits=choice.logits,
            curve=self.curve,
            mix=choice.mix,
            seconds=time.monotonic() - self.started,
        )

    def _judge(self, groups: Indices | None) -> Array | None:
        """Return out-of-fold logits of the discriminant and of each C, shape (1 + len(path), N, K)."""
        if self.options.folds < 2:
            return None
        names = np.arange(len(self.plain)) if groups is None else groups
        folds = group_folds(self.classes, names, folds=self.options.folds, seed=self.options.seed)
        used = [int(fold) for fold in np.unique(folds)]
        if sum(_has_teacher(self.classes, folds)) < _LEAST_JUDGED or len(used) < 2:
            return None
        said: Array = np.zeros((1 + len(self.path), len(self.plain), self.n_classes), np.float32)
        done = np.zeros(len(self.plain), bool)
        for number, fold in enumerate(used, start=1):
            held = folds == fold
            inner, candidates = self._learn(np.nonzero(~held)[0], self.path)
            rows = inner.project(self.plain[held])
            for index, weights in enumerate(candidates):
                said[index, held] = rows @ weights[:-1] + weights[-1]
            done |= held
            right = said[len(candidates) - 1, done].argmax(axis=1) == self.classes[done]
            self._tell("fold", number, of=len(used) + 1, val_accuracy=round(float(right.mean()), 4))
            self._hurry(number, len(used))
        return said[: 1 + len(self.path)]

    def _hurry(self, done: int, folds: int) -> None:
        """Try fewer values of C when the budget would not last."""
        budget = self.options.budget_s
        if budget is not None and (time.monotonic() - self.started) * (folds + 1) / done > budget:
            self.path = self.path[:-1] if done == 1 else self.path

    def _learn(self, rows: Indices, path: Sequence[float]) -> tuple[Space, list[Array]]:
        """Return the whitened space of these rows, and in it weights (d + 1, K): discriminant, then one for each C."""
        classes = self.classes[rows]
        seen = self.plain[rows]
        if self.mirrored is not None:
            seen, classes = np.concatenate([seen, self.mirrored[rows]]), np.concatenate([classes, classes])
        inner = whitening(seen, classes, self.n_classes)
        white = inner.project(seen)
        first = discriminant(white, classes, self.n_classes)
        counts = np.bincount(classes, minlength=self.n_classes)
        if not self.options.class_weights:
            first[-1] += np.log(np.maximum(counts, 1) / len(classes)).astype(np.float32)
        weights = _row_weights(classes, counts) if self.options.class_weights else np.ones(len(classes), np.float32)
        problem = Problem(white, classes, self.n_classes, weights)
        found, start = [first], np.zeros_like(first)
        for inverse_penalty in path:
            start = problem.fit(inverse_penalty, start, tolerance=_TOLERANCE)
            found.append(start)
        return inner, found

    def _tell(self, stage: str, step: int, **values: Any) -> None:
        entry = {"step": step, "stage": stage, "seconds": round(time.monotonic() - self.started, 3), **values}
        self.curve.append(entry)
        if self.on_step is not None:
            self.on_step(entry)


@dataclass(frozen=True, eq=False)
class _Choice:
    """C, how much of discriminant and logistic half, and their blended out-of-fold logits."""

    inverse_penalty: float
    scales: tuple[float, float]
    mix: float
    logits: Array | None


def _choose(judged: Array, classes: Indices, path: Sequence[float]) -> _Choice:
    """Return what is likeliest out of fold, once both halves are calibrated.

    The even blend and the calmest C stay unless another is better by more than a standard error of the difference.
    """
    at = np.arange(len(classes))
    temperatures = [fit_temperature(logits, classes, shrink=False) for logits in judged]
    best: tuple[NDArray[np.float64], _Choice] | None = None
    for mix in _MIXES if path else (0.0,):
        for index, inverse_penalty in enumerate(path, start=1) if mix else [(0, path[-1] if path else 1.0)]:
            scales = (1 - mix) / temperatures[0], mix / temperatures[index]
            logits = np.float32(scales[0]) * judged[0] + np.float32(scales[1]) * judged[index]
            cost = -np.log(np.maximum(softmax(logits)[at, classes], 1e-12)).astype(np.float64)
            if best is None or _is_clearly_less(cost, best[0]):
                best = cost, _Choice(inverse_penalty, scales, mix, logits)
    if best is None:
        raise AssertionError("There is always the discriminant.")
    return best[1]


def _is_clearly_less(cost: NDArray[np.float64], than: NDArray[np.float64]) -> bool:
    gain = than - cost
    return float(gain.mean()) > float(gain.std()) / float(np.sqrt(len(gain)))


def _row_weights(classes: Indices, counts: NDArray[np.int64]) -> Array:
    weights: Array = (len(classes) / (np.count_nonzero(counts) * counts[classes])).astype(np.float32)
    return weights


def _has_teacher(classes: Indices, folds: Indices) -> NDArray[np.bool_]:
    """Return for each row whether another fold holds its class, shape (N,)."""
    table = np.zeros((int(classes.max()) + 1, int(folds.max()) + 1), bool)
    table[classes, folds] = True
    alone: NDArray[np.bool_] = table.sum(axis=1)[classes] > 1
    return alone


def _check(features: Array, classes: Indices, n_classes: int, flipped: Array | None, groups: Indices | None) -> None:
    faults = []
    if features.ndim != 2 or classes.shape != (len(features),):
        faults.append(f"Expected features (N, D) and classes (N,), got {features.shape} and {classes.shape}.")
    if flipped is not None and flipped.shape != features.shape:
        faults.append(f"Expected flipped features of shape {features.shape}, got {flipped.shape}.")
    if groups is not None and groups.shape != classes.shape:
        faults.append(f"Expected groups of shape {classes.shape}, got {groups.shape}.")
    if len(classes) and (classes.min() < 0 or classes.max() >= n_classes):
        faults.append(f"Class indices go from 0 to {n_classes - 1}, got {classes.min()} to {classes.max()}.")
    if len(np.unique(classes)) < 2:
        faults.append("A head needs labels of at least two classes.")
    if not faults and not np.isfinite(features).all():
        faults.append("Some features are not finite.")
    if faults:
        raise HeadDataWrong(" ".join(faults))
