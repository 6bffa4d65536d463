"""Folds for cross-validation: stratified by class, groups never torn apart. Fixed splits of a version are `splits`."""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def group_folds(
    classes: Indices, groups: NDArray[np.generic] | None = None, *, folds: int = 5, seed: int = 0
) -> Indices:
    """Return the fold of each row, shape (N,), in [0, folds).

    The greedy assignment of scikit-learn's StratifiedGroupKFold: large groups first, each to the fold in which its
    classes are scarcest, so that every fold has its share of every class.

    Example:
        >>> sorted(group_folds(np.array([0, 0, 1, 1]), folds=2).tolist())
        [0, 0, 1, 1]
    """
    count = len(classes)
    names = np.arange(count) if groups is None else np.asarray(groups)
    _, member = np.unique(names, return_inverse=True)
    n_groups, n_classes = int(member.max(initial=-1)) + 1, int(classes.max(initial=-1)) + 1
    table = np.zeros((n_groups, n_classes), np.int64)
    np.add.at(table, (member, classes), 1)
    chance = np.random.default_rng(seed)
    order = chance.permutation(n_groups)
    order = order[np.argsort(-table[order].max(axis=1, initial=0), kind="stable")]
    share = 1.0 / np.maximum(table.sum(axis=0), 1)  # (K,)
    filled = np.zeros((folds, n_classes))
    sizes = np.zeros(folds)
    fold_of = np.zeros(n_groups, np.int64)
    for group in order:
        here = np.nonzero(table[group])[0]
        need = (filled[:, here] * share[here] * table[group, here]).sum(axis=1)
        best = int(np.lexsort((sizes, need))[0])
        fold_of[group] = best
        filled[best, here] += table[group, here]
        sizes[best] += table[group].sum()
    return fold_of[member]
