"""Multinomial logistic regression by L-BFGS (Nocedal and Wright, algorithm 7.5); it knows no pictures and no folds."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Objective = Callable[[Array], tuple[float, Array]]

_MEMORY = 8
_SUFFICIENT = 1e-4  # Armijo's constant
_SMALLEST_STEP = 1e-4


def softmax(logits: Array) -> Array:
    """Return probabilities, shape (N, K), for logits of the same shape.

    Example:
        >>> softmax(np.zeros((1, 2), np.float32))
        array([[0.5, 0.5]], dtype=float32)
    """
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Array = raised / raised.sum(axis=1, keepdims=True)
    return probabilities


@dataclass(frozen=True)
class Problem:
    """Rows (N, D), class indices (N,) of K classes, and weights (N,) whose mean is 1."""

    rows: Array
    classes: NDArray[np.int64]
    n_classes: int
    row_weights: Array

    def objective(self, penalty: float) -> Objective:
        """Return loss and gradient as a function of the weights (D + 1, K), whose last row is the bias."""
        count = len(self.rows)
        at = np.arange(count)
        share = (self.row_weights / count).astype(np.float32)

        def evaluate(weights: Array) -> tuple[float, Array]:
            logits = self.rows @ weights[:-1]  # (N, K)
            logits += weights[-1]
            logits -= logits.max(axis=1, keepdims=True)
            right = logits[at, self.classes].copy()  # (N,)
            np.exp(logits, out=logits)
            total = logits.sum(axis=1)
            loss = float(share @ (np.log(total) - right)) + 0.5 * penalty * float(np.vdot(weights[:-1], weights[:-1]))
            logits *= (share / total)[:, None]
            logits[at, self.classes] -= share
            gradient = np.empty_like(weights)
            np.matmul(self.rows.T, logits, out=gradient[:-1])
            gradient[:-1] += np.float32(penalty) * weights[:-1]
            gradient[-1] = logits.sum(axis=0)
            return loss, gradient

        return evaluate

    def fit(self, inverse_penalty: float, start: Array, *, iterations: int = 60, tolerance: float = 1e-3) -> Array:
        """Return weights (D + 1, K); `inverse_penalty` is scikit-learn's C."""
        objective = self.objective(1.0 / (inverse_penalty * max(len(self.rows), 1)))
        return minimise(objective, start, iterations=iterations, tolerance=tolerance)


def minimise(objective: Objective, start: Array, *, iterations: int, tolerance: float) -> Array:
    """Return where a smooth convex function is least, to `tolerance` of the norm of its gradient at zero weights."""
    point = start.astype(np.float32)
    value, gradient = objective(point)
    limit = tolerance * float(np.linalg.norm(objective(np.zeros_like(point))[1]))
    history: deque[tuple[Array, Array, float]] = deque(maxlen=_MEMORY)
    for _ in range(iterations):
        if float(np.linalg.norm(gradient)) <= limit:
            break
        direction = _direction(gradient, history)
        slope = float(np.vdot(gradient, direction))
        step = 1.0
        while True:
            next_point = point - np.float32(step) * direction
            next_value, next_gradient = objective(next_point)
            if next_value <= value - _SUFFICIENT * step * slope or step < _SMALLEST_STEP:
                break
            step *= 0.5
        if not next_value < value:
            break
        moved, turned = next_point - point, next_gradient - gradient
        curvature = float(np.vdot(moved, turned))
        if curvature > 1e-12:
            history.append((moved, turned, curvature))
        point, value, gradient = next_point, next_value, next_gradient
    return point


def _direction(gradient: Array, history: deque[tuple[Array, Array, float]]) -> Array:
    direction = gradient.copy()
    if not history:
        direction /= np.float32(max(float(np.linalg.norm(direction)), 1e-12))
        return direction
    shares = []
    for moved, turned, curvature in reversed(history):
        share = np.float32(float(np.vdot(moved, direction)) / curvature)
        direction -= share * turned
        shares.append(share)
    _, turned, curvature = history[-1]
    direction *= np.float32(curvature / float(np.vdot(turned, turned)))
    for (moved, turned, curvature), share in zip(history, reversed(shares), strict=True):
        direction += moved * (share - np.float32(float(np.vdot(turned, direction)) / curvature))
    return direction
