"""Linear changes of coordinates that make a head cheap and calm: principal axes, then within-class whitening.

Whitening by the shrunken within-class covariance is what linear discriminant analysis does (Fisher 1936; shrinkage
after Ledoit and Wolf 2004): directions in which pictures of one class differ among themselves count less.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Indices = NDArray[np.int64]

_LEAST_SHRINKAGE = 0.3
_NEGLIGIBLE = 1e-6  # of the largest variance
_OVERSAMPLING = 32
_SAMPLED = 1000  # rows that are enough to find the range


@dataclass(frozen=True, eq=False)
class Space:
    """Coordinates are `(features - mean) @ axes`; mean of shape (D,), axes of shape (D, d)."""

    mean: Array
    axes: Array

    def project(self, features: Array) -> Array:
        """Return coordinates, shape (N, d)."""
        return features @ self.axes - self.mean @ self.axes

    def pull_back(self, weights: Array, bias: Array) -> tuple[Array, Array]:
        """Return weights (D, K) and bias (K,) for features that do the same as these do for coordinates."""
        outer: Array = self.axes @ weights
        return outer, bias - self.mean @ outer


def principal_space(features: Array, most: int, *, seed: int | None = None) -> Space:
    """Return the axes of greatest variance, at most `most` of them; with a seed by random projection, faster.

    Args:
        features: Shape (N, D).
        most: The most axes to keep.
        seed: For the randomised range finder of Halko, Martinsson and Tropp (2011), with one power iteration.
    """
    mean = features.mean(axis=0)
    centred = features - mean
    count, dimensions = centred.shape
    if count <= dimensions and count <= 2 * most:
        variances, left = np.linalg.eigh(centred @ centred.T)
        kept = _largest(variances, most)
        axes = centred.T @ left[:, kept]
        axes /= np.maximum(np.sqrt(np.maximum(variances[kept], 0)), np.float32(1e-12))
    elif seed is None or min(count, dimensions) < 2 * (most + _OVERSAMPLING):
        variances, vectors = np.linalg.eigh(centred.T @ centred)
        axes = vectors[:, _largest(variances, most)]
    else:
        guess = np.random.default_rng(seed).standard_normal((dimensions, most + _OVERSAMPLING), np.float32)
        some = centred[:: max(1, count // _SAMPLED)]
        guess = np.linalg.qr(some.T @ (some @ guess))[0]
        inner = centred @ guess  # (N, most + oversampling)
        variances, vectors = np.linalg.eigh(inner.T @ inner)
        axes = guess @ vectors[:, _largest(variances, most)]
    return Space(mean, np.ascontiguousarray(axes, np.float32))


def class_means(rows: Array, classes: Indices, n_classes: int) -> tuple[Array, NDArray[np.int64]]:
    """Return the mean row of each class, shape (K, d), zero where a class has none, and the counts, shape (K,)."""
    counts = np.bincount(classes, minlength=n_classes)
    member = np.zeros((n_classes, len(rows)), np.float32)
    member[classes, np.arange(len(rows))] = 1
    means: Array = (member @ rows) / np.maximum(counts, 1).astype(np.float32)[:, None]
    return means, counts


def whitening(rows: Array, classes: Indices, n_classes: int) -> Space:
    """Return the coordinates in which classes are as round as the evidence allows; mean square 1 per axis.

    With few labels the covariance is shrunk towards a ball, and what is learnt comes close to the nearest class mean.
    """
    means, counts = class_means(rows, classes, n_classes)
    dimensions = rows.shape[1]
    mean = rows.mean(axis=0)
    rest = rows - means[classes]
    freedom = max(len(rows) - int((counts > 0).sum()), 0)
    scatter = rest.T @ rest / np.float32(max(freedom, 1))
    size = float(np.trace(scatter)) / dimensions
    if size <= _NEGLIGIBLE * float(rows.var()):
        factor = np.eye(dimensions, dtype=np.float32)
    else:
        shrinkage = max(_LEAST_SHRINKAGE, dimensions / (dimensions + freedom))
        ball = np.eye(dimensions, dtype=np.float32) * np.float32(shrinkage * size)
        factor = np.linalg.inv(np.linalg.cholesky((1 - np.float32(shrinkage)) * scatter + ball)).T
    scale = float(np.sqrt(np.mean(np.square((rows - mean) @ factor))))
    return Space(mean, (factor / np.float32(max(scale, 1e-12))).astype(np.float32))


def discriminant(rows: Array, classes: Indices, n_classes: int) -> Array:
    """Return weights (d + 1, K), last row the bias, of the nearest class mean among whitened rows, shape (N, d).

    Classes without a row get the least bias of all, so that they are finite and never chosen for nothing.
    """
    means, counts = class_means(rows, classes, n_classes)
    spread = float(np.mean(np.square(rows - means[classes])))
    sharpness = np.float32(1.0 / max(spread, 1e-3))
    bias = -0.5 * np.square(means).sum(axis=1)
    bias[counts == 0] = 2 * bias.min()
    weights: Array = sharpness * np.concatenate([means.T, bias[None]])
    return weights


def _largest(variances: Array, most: int) -> Indices:
    kept = np.argsort(-variances)[:most]
    real = variances[kept] > _NEGLIGIBLE * max(float(variances[kept[0]]), 1e-30)
    real[0] = True
    chosen: Indices = kept[real]
    return chosen
