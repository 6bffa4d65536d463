"""Images that show the same: near-duplicates by hash and embedding, and scenes for honest cross-validation.

Difference hashes within a Hamming distance of 4 whose embeddings agree, or embeddings that agree almost wholly, make
twins; chains of twins are one group. Work goes block by block, so that memory stays bounded at 100,000 images.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Indices = NDArray[np.int64]
Hashes = NDArray[np.uint64]

MOST_BITS = 4
COSINE_WITH_HASH = 0.9
COSINE_ALONE = 0.97
SCENE_COSINE = 0.75  # of centred embeddings
_BLOCK = 1024
_FEW = 8  # pairs of an image in a block of others
_SCENE_SHARE = 0.2  # of a class, where its pictures are too alike to be told apart into scenes
_LEAST_SCENES = 3


def twin_pairs(hashes: Hashes, features: Array | None, *, new_from: int = 0) -> NDArray[np.int64]:
    """Return pairs of twins (P, 2), row indices with the smaller first, of which the second is at least `new_from`.

    Args:
        hashes: Difference hashes, shape (N,), uint64; signed 64-bit integers are read as their bits.
        features: L2-normalised embeddings, shape (N, D); None: hashes alone decide.
        new_from: Rows before this were compared with each other earlier.

    Example:
        >>> twin_pairs(np.array([0, 0b111, 2**40 - 1], np.uint64), None)
        array([[0, 1]])
    """
    bits = _unsigned(hashes)
    found = [np.zeros((0, 2), np.int64)]
    for rows, columns in _blocks(len(bits), new_from):
        alike = np.bitwise_count(bits[rows, None] ^ bits[None, columns]) <= MOST_BITS
        if features is not None:
            cosine = features[rows] @ features[columns].T
            alike = (alike & (cosine >= COSINE_WITH_HASH)) | (cosine >= COSINE_ALONE)
        alike &= columns[None] < rows[:, None]
        second, first = np.nonzero(alike)
        found.append(np.stack([columns[first], rows[second]], axis=1))
    return np.concatenate(found)


def _blocks(count: int, new_from: int) -> Iterator[tuple[Indices, Indices]]:
    """Yield blocks of rows from `new_from` on, each with every block of rows up to itself."""
    for start in range(new_from, count, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, count))
        for other in range(0, int(rows[-1]) + 1, _BLOCK):
            yield rows, np.arange(other, min(other + _BLOCK, count))


def components(count: int, pairs: NDArray[np.int64]) -> Indices:
    """Return for each of `count` rows the smallest row that pairs (P, 2) connect it with, shape (count,).

    Example:
        >>> components(4, np.array([[0, 2], [2, 3]]))
        array([0, 1, 0, 0])
    """
    parent = np.arange(count)
    while len(pairs):
        roots = parent[pairs]
        low, high = roots.min(axis=1), roots.max(axis=1)
        if not np.any(low < high):
            break
        np.minimum.at(parent, high, low)
        while np.any(parent[parent] != parent):
            parent = parent[parent]
    return parent


def twin_groups(hashes: Hashes, features: Array | None = None) -> Indices:
    """Return the group of each image, shape (N,): the first row of its twins, itself if it has none.

    Arguments are those of `twin_pairs`.

    Example:
        >>> twin_groups(np.array([0, 2**40 - 1, 1], np.uint64))
        array([0, 1, 0])
    """
    return components(len(hashes), twin_pairs(hashes, features))


def extend_groups(groups: Indices, hashes: Hashes, features: Array | None = None) -> Indices:
    """Return groups, shape (N,), after images arrived behind the M that had groups already; old ones may join.

    Args:
        groups: What `twin_groups` or this said of the first M images, shape (M,), M <= N.
        hashes: Of all images, shape (N,).
        features: Of all images, shape (N, D).

    Example:
        >>> extend_groups(np.array([0, 1]), np.array([0, 2**40 - 1, 1], np.uint64))
        array([0, 1, 0])
    """
    known = np.stack([groups, np.arange(len(groups))], axis=1)
    pairs = twin_pairs(hashes, features, new_from=len(groups))
    return components(len(hashes), np.concatenate([known, pairs]))


def scene_pairs(features: Array, *, new_from: int = 0) -> NDArray[np.int64]:
    """Return pairs of images that seem to be taken in one place (P, 2), as `twin_pairs` does of twins.

    Each image is joined to a few of those that are like it in every block, which is enough to connect a scene and
    keeps the number of pairs bounded where all are alike.

    Args:
        features: L2-normalised embeddings, shape (N, D).
        new_from: Rows before this were compared with each other earlier.
    """
    centred = _centred(features)
    found = [np.zeros((0, 2), np.int64)]
    for rows, columns in _blocks(len(centred), new_from):
        alike = (centred[rows] @ centred[columns].T >= SCENE_COSINE) & (columns[None] < rows[:, None])
        alike &= np.cumsum(alike, axis=1) <= _FEW
        second, first = np.nonzero(alike)
        found.append(np.stack([columns[first], rows[second]], axis=1))
    return np.concatenate(found)


def scene_groups(features: Array, classes: Indices, groups: Indices | None = None) -> Indices:
    """Return groups for folds, shape (N,): images of one class that seem to be taken in one place, as in a burst.

    Folds that tear a burst apart judge memory, not sight. Centred embeddings decide, so that pictures that are all
    alike in the same way (a microscope, a conveyor belt) do not become one scene; a class that would fall into fewer
    than three scenes is only cut into pieces of a fifth.

    Args:
        features: L2-normalised embeddings, shape (N, D).
        classes: Class index of each image, shape (N,).
        groups: Groups that hold in any case, as of twins, shape (N,).

    Example:
        >>> burst = np.array([[1, 0.0, 0], [1, 0.01, 0], [0, 1, 0], [0, 0, 1]], np.float32)
        >>> scene_groups(burst, np.zeros(4, int))
        array([0, 0, 2, 3])
    """
    centred = _centred(features)
    scenes = np.arange(len(features))
    for label in np.unique(classes):
        rows = np.nonzero(classes == label)[0]
        scenes[rows] = rows[_scenes(centred[rows])]
    if groups is None:
        return scenes
    _, given = np.unique(groups, return_inverse=True)
    first = np.full(int(given.max(initial=-1)) + 1, len(given))
    np.minimum.at(first, given, np.arange(len(given)))
    at = np.arange(len(given))
    return components(len(given), np.concatenate([np.stack([scenes, at], 1), np.stack([first[given], at], 1)]))


def _centred(features: Array) -> Array:
    """Return embeddings without what all have in common, L2-normalised, shape (N, D)."""
    centred: Array = features - features.mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), np.float32(1e-12))
    return centred


def _scenes(rows: Array) -> Indices:
    count = len(rows)
    pairs, strength = [np.zeros((0, 2), np.int64)], [np.zeros(0, np.float32)]
    for start in range(0, count, _BLOCK):
        cosine = rows[start : start + _BLOCK] @ rows.T
        second, first = np.nonzero(cosine >= SCENE_COSINE)
        ahead = first < second + start
        pairs.append(np.stack([first[ahead], second[ahead] + start], axis=1))
        strength.append(cosine[second[ahead], first[ahead]])
    joined = np.concatenate(pairs)
    found = components(count, joined)
    if count < 2 * _LEAST_SCENES or len(np.unique(found)) >= _LEAST_SCENES:
        return found
    return _small_scenes(count, joined[np.argsort(-np.concatenate(strength), kind="stable")])


def _small_scenes(count: int, pairs: NDArray[np.int64]) -> Indices:
    """Join the most alike first, and nothing to more than a fifth of the class."""
    most = max(int(count * _SCENE_SHARE), 1)
    parent, sizes = list(range(count)), [1] * count
    for first, second in pairs[: 50 * count].tolist():
        low, high = sorted((_root(parent, first), _root(parent, second)))
        if low != high and sizes[low] + sizes[high] <= most:
            parent[high] = low
            sizes[low] += sizes[high]
    return np.array([_root(parent, row) for row in range(count)])


def _root(parent: list[int], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


def _unsigned(hashes: NDArray[np.generic]) -> Hashes:
    return (
        np.ascontiguousarray(hashes).astype(np.int64, copy=False).view(np.uint64)
        if hashes.dtype.kind == "i"
        else (hashes.astype(np.uint64, copy=False))
    )
