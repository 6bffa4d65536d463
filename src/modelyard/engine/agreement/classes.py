"""Agreement of people who each gave classes to the same images, with the coefficients that the field reports."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Labels:
    """Who said what: one entry a label, and no two of one person about one item.

    Attributes:
        items: Which item a label is about, shape (N,), from 0.
        people: Who gave it, shape (N,), from 0.
        classes: What it says, shape (N,), in [0, K).
        n_classes: K.
    """

    items: Indices
    people: Indices
    classes: Indices
    n_classes: int

    def counts(self) -> Counts:
        """Return how many people gave each item each class, shape (items, K)."""
        n_items = int(self.items.max(initial=-1)) + 1
        flat = np.bincount(self.items * self.n_classes + self.classes, minlength=n_items * self.n_classes)
        return flat.reshape(n_items, self.n_classes)


def cohen_kappa(table: Counts) -> float | None:
    """Return Cohen's kappa (Educational and Psychological Measurement 20, 1960) of two people.

    Args:
        table: How often the one said the row and the other the column, shape (K, K).

    Returns:
        A number of at most 1; None where nothing was compared, or both only ever said one class.

    Example:
        >>> cohen_kappa(np.array([[20, 5], [10, 15]]))
        0.4
    """
    return kappa_of_margins(table.sum(axis=1), table.sum(axis=0), int(np.trace(table)))


def kappa_of_margins(first: Counts, second: Counts, agreed: int) -> float | None:
    """Return Cohen's kappa of two people from how often each said each class, and how often both said the same.

    Args:
        first: What the one said, shape (K,).
        second: What the other said of the same items, shape (K,).
        agreed: Of how many items they said the same.

    Example:
        >>> kappa_of_margins(np.array([25, 25]), np.array([30, 20]), 35)
        0.4
    """
    n = int(first.sum())
    by_chance = float(first.astype(float) @ second.astype(float))  # n² times the agreement that chance would bring
    if n == 0 or by_chance >= n * n:
        return None
    return round((n * agreed - by_chance) / (n * n - by_chance), 12)


def fleiss_kappa(counts: Counts) -> float | None:
    """Return Fleiss' kappa (Psychological Bulletin 76, 1971); items need the same number of labels, 2 or more.

    Args:
        counts: How many people gave each item each class, shape (N, K).

    Returns:
        A number of at most 1; None without items, or where only one class was ever given.

    Raises:
        ValueError: The items have different numbers of labels; `krippendorff_alpha` takes those.

    Example:
        >>> round(fleiss_kappa(np.array([[3, 0], [0, 3], [2, 1]])), 3)
        0.55
    """
    if not len(counts):
        return None
    each = counts.sum(axis=1)
    n = int(each[0])
    if n < 2 or (each != n).any():
        raise ValueError("Fleiss' kappa needs the same number of labels, two or more, for every item.")
    agreed = float((counts * (counts - 1)).sum() / (len(counts) * n * (n - 1)))
    by_chance = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    return None if by_chance >= 1 else (agreed - by_chance) / (1 - by_chance)


def krippendorff_alpha(counts: Counts) -> float | None:
    """Return Krippendorff's alpha for nominal data (Content Analysis, 4th edition, chapter 12); items may lack labels.

    Args:
        counts: How many people gave each item each class, shape (N, K).

    Returns:
        A number of at most 1; None where no item has two labels, or only one class was ever given.

    Example:
        >>> krippendorff_alpha(np.array([[2, 0], [0, 2], [1, 0]]))
        1.0
    """
    pairable = counts[counts.sum(axis=1) >= 2]
    total = int(pairable.sum())
    if total < 2:
        return None
    others = pairable.sum(axis=1, keepdims=True) - 1
    coincident = float((pairable * (pairable - 1) / others).sum())  # agreeing pairs, each item by its number of labels
    marginal = pairable.sum(axis=0).astype(float)
    expected = float((marginal * (marginal - 1)).sum() / (total - 1))
    return None if expected >= total else 1 - (total - coincident) / (total - expected)


def per_class(counts: Counts) -> list[float | None]:
    """Return the specific agreement on each class (Fleiss, Statistical Methods, 1981): if one says it, does another?

    Args:
        counts: How many people gave each item each class, shape (N, K).

    Returns:
        A share in [0, 1] for each class; None for a class that nobody gave where another person answered.

    Example:
        >>> per_class(np.array([[2, 0], [1, 1]]))
        [0.6666666666666666, 0.0]
    """
    others = np.clip(counts.sum(axis=1, keepdims=True) - 1, 0, None)
    agreed, possible = (counts * np.clip(counts - 1, 0, None)).sum(axis=0), (counts * others).sum(axis=0)
    return [float(a / p) if p else None for a, p in zip(agreed, possible, strict=True)]


def pair_tables(labels: Labels) -> dict[tuple[int, int], Counts]:
    """Return, for every two people with items in common, how often the one said the row and the other the column.

    Example:
        >>> said = Labels(np.array([0, 0]), np.array([0, 1]), np.array([1, 1]), 2)
        >>> pair_tables(said)
        {(0, 1): array([[0, 0],
               [0, 1]])}
    """
    order = np.lexsort((labels.people, labels.items))
    items, people, classes = labels.items[order], labels.people[order], labels.classes[order]
    k, n_people = labels.n_classes, int(people.max(initial=-1)) + 1
    keys = []
    for apart in range(1, len(items)):
        first, second = slice(None, -apart), slice(apart, None)
        same = items[first] == items[second]
        if not same.any():
            break  # No item has so many labels.
        pair = people[first][same] * n_people + people[second][same]
        keys.append((pair * k + classes[first][same]) * k + classes[second][same])
    if not keys:
        return {}
    found, times = np.unique(np.concatenate(keys), return_counts=True)
    tables: dict[tuple[int, int], Counts] = {}
    for pair in np.unique(found // (k * k)):
        mine = found // (k * k) == pair
        table = np.zeros(k * k, np.int64)
        table[found[mine] % (k * k)] = times[mine]
        tables[int(pair) // n_people, int(pair) % n_people] = table.reshape(k, k)
    return tables
