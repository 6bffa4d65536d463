"""Which images to label next: typical ones first, then unsure ones that differ, always some by chance.

Cold start by spherical k-means centroids, then the smallest margins inside clusters: what foundation features want at
low budgets (TMLR 2024, arXiv 2401.14555; TypiClust, arXiv 2202.02794). It knows nothing of queues.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Indices = NDArray[np.int64]

RANDOM_SHARE = 0.15
TYPICAL, UNSURE, UNLIKE, CHANCE = (
    "Typical of many pictures that nobody has labelled yet",
    "The model hesitates between two classes here",
    "Unlike everything that is labelled so far",
    "Chosen by chance, so that nothing is overlooked",
)
_POOL = 4000  # images looked at closely; the rest by chance
_PLACES = 256  # kinds of images that are told apart
_PER_PLACE = 10  # unsure images from which each place is filled
_ITERATIONS = 6


@dataclass(frozen=True)
class Pick:
    """A row, and why it helps to label it, in words for the person who will."""

    index: int
    reason: str


def helpful_order(
    features: Array,
    *,
    count: int,
    margins: NDArray[np.floating] | None = None,
    labelled: Array | None = None,
    seed: int = 0,
) -> list[Pick]:
    """Return the `count` images that help most, best first.

    Args:
        features: L2-normalised embeddings of images without a label, shape (N, D).
        count: How many to choose; all N are ranked where there are no more.
        margins: First minus second probability, shape (N,); None before there is a model.
        labelled: Embeddings of labelled images, shape (M, D): what looks like them is not asked again.
        seed: Decides what is chance.

    Example:
        >>> views = np.eye(4, dtype=np.float32)
        >>> helpful_order(views, count=4, margins=np.array([0.9, 0.1, 0.5, 0.7]))[0].index
        1
    """
    chance = np.random.default_rng(seed)
    count = min(count, len(features))
    if not count:
        return []
    by_chance = min(round(count * RANDOM_SHARE), count - 1)
    chosen = _unsure(features, margins, count - by_chance, chance) if margins is not None else None
    if chosen is None:
        chosen = _typical(features, labelled, count - by_chance, chance)
    taken = np.zeros(len(features), bool)
    taken[[pick.index for pick in chosen]] = True
    rest = chance.permutation(np.nonzero(~taken)[0])[: count - len(chosen)]
    return _interleave(chosen, [Pick(int(row), CHANCE) for row in rest], every=round(1 / RANDOM_SHARE))


def diverse_order(features: Array, *, seed: int = 0) -> Indices:
    """Return rows so that what comes first shows as much as possible of what there is, shape (N,), N up to 4,000.

    One row from each of many clusters, the one nearest to its centre, large clusters first; then the second of each,
    and so on. Of more than 4,000 rows as many are drawn by chance.

    Args:
        features: L2-normalised embeddings, shape (N, D).
        seed: Decides what is chance.

    Example:
        >>> views = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], np.float32)
        >>> diverse_order(views)[:2].tolist()
        [0, 3]
    """
    if not len(features):
        return np.zeros(0, np.int64)
    chance = np.random.default_rng(seed)
    pool = np.sort(chance.choice(len(features), min(len(features), _POOL), replace=False))
    views = features[pool]
    clusters = max(1, min(len(views) // 2, _PLACES))
    centroids, member = k_means(views, clusters, chance)
    sizes = np.bincount(member, minlength=clusters)
    closeness = np.einsum("nd,nd->n", views, centroids[member])
    inside = np.lexsort((-closeness, member))  # cluster by cluster, the nearest first
    place = np.empty(len(views), np.int64)
    place[inside] = np.arange(len(views)) - np.concatenate([[0], np.cumsum(sizes)[:-1]])[member[inside]]
    return pool[np.lexsort((-sizes[member], place))]


def k_means(features: Array, clusters: int, chance: np.random.Generator) -> tuple[Array, Indices]:
    """Return centroids (k, D), L2-normalised, and the cluster of each row, shape (N,): spherical k-means."""
    start = chance.choice(len(features), clusters, replace=False)
    centroids = features[start]
    member = np.zeros(len(features), np.int64)
    for _ in range(_ITERATIONS):
        member = (features @ centroids.T).argmax(axis=1)
        sums = np.zeros_like(centroids)
        np.add.at(sums, member, features)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        fresh = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centroids).astype(np.float32)
        if np.array_equal(fresh, centroids):
            break
        centroids = fresh
    return centroids, member


def _unsure(features: Array, margins: NDArray[np.floating], count: int, chance: np.random.Generator) -> list[Pick]:
    """Return the least sure image of each cluster among the least sure ones, so that they are not all alike."""
    unsure = np.argsort(margins, kind="stable")[: count * _PER_PLACE]
    if len(unsure) <= count:
        return [Pick(int(row), UNSURE) for row in unsure]
    _, member = k_means(features[unsure], count, chance)
    _, first = np.unique(member, return_index=True)
    leaders = np.sort(first)  # `unsure` is in order of margin
    followers = np.setdiff1d(np.arange(len(unsure)), leaders)[: count - len(leaders)]
    return [Pick(int(unsure[place]), UNSURE) for place in np.concatenate([leaders, followers])]


def _typical(features: Array, labelled: Array | None, count: int, chance: np.random.Generator) -> list[Pick]:
    """Return the image nearest to the centre of each cluster that no label covers, large clusters first."""
    pool = np.sort(chance.choice(len(features), min(len(features), _POOL), replace=False))
    views = features[pool]
    known = 0 if labelled is None else min(len(labelled), _POOL // 4)
    everything = views if not known or labelled is None else np.concatenate([views, labelled[-known:]])
    clusters = min(len(everything), count + min(known, count))
    centroids, member = k_means(everything, clusters, chance)
    covered = np.isin(np.arange(clusters), member[len(views) :])
    sizes = np.bincount(member[: len(views)], minlength=clusters)
    closeness = np.einsum("nd,nd->n", views, centroids[member[: len(views)]])
    order = np.lexsort((-closeness, -sizes[member[: len(views)]], covered[member[: len(views)]]))
    _, first = np.unique(member[order], return_index=True)  # the closest of each cluster, in cluster order
    leaders = order[np.sort(first)]
    rest = order[~np.isin(order, leaders)]
    reason = TYPICAL if not known else UNLIKE
    return [
        Pick(int(pool[row]), reason if not covered[member[row]] else TYPICAL)
        for row in np.concatenate([leaders, rest])[:count]
    ]


def _interleave(chosen: list[Pick], by_chance: list[Pick], *, every: int) -> list[Pick]:
    """Put one by chance after every few chosen ones; what is left of either comes last."""
    mixed: list[Pick] = []
    waiting = iter(by_chance)
    for number, pick in enumerate(chosen, start=1):
        mixed.append(pick)
        if number % (every - 1) == 0:
            mixed.extend(pick for pick in [next(waiting, None)] if pick is not None)
    return [*mixed, *waiting]
