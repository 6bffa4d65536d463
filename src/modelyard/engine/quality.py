"""Labels that look wrong: confident learning on out-of-fold probabilities (Northcutt et al. 2021); it changes none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LEAST_SURE = 0.5


@dataclass(frozen=True)
class Suspect:
    """A label to look at again.

    Args:
        index: Row of the image.
        given: Class index that it is labelled with.
        suggested: Class index that the model would have given.
        score: How far `suggested` lies above `given`, in (0, 1].
    """

    index: int
    given: int
    suggested: int
    score: float


def label_errors(probabilities: NDArray[np.floating], given: NDArray[np.int64]) -> list[Suspect]:
    """Return suspects, the most doubtful first.

    A class is believed where its probability reaches the mean that the class's own images get, and one half: a model
    of few labels is sure of nothing, and would doubt every tenth label that is right. A label is suspect where another
    class than the given one is believed, and is the likelier of the two.

    Args:
        probabilities: Out-of-fold, calibrated or not, shape (N, K).
        given: Class index each image is labelled with, shape (N,).

    Example:
        >>> found = label_errors(np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.95, 0.05]]), np.array([0, 0, 1, 1]))
        >>> [(suspect.index, suspect.suggested) for suspect in found]
        [(3, 0)]
    """
    count, n_classes = probabilities.shape
    if not count:
        return []
    own = probabilities[np.arange(count), given].astype(np.float64)
    sizes = np.bincount(given, minlength=n_classes)
    usual = np.bincount(given, weights=own, minlength=n_classes) / np.maximum(sizes, 1)
    usual[sizes == 0] = np.inf  # nobody knows how a class without labels looks
    believed = np.where(probabilities >= np.maximum(usual, _LEAST_SURE), probabilities, -1.0)  # (N, K)
    believed[np.arange(count), given] = -1.0
    suggested = believed.argmax(axis=1)
    margin = believed[np.arange(count), suggested] - own
    ranked = np.argsort(-margin, kind="stable")
    return [
        Suspect(int(row), int(given[row]), int(suggested[row]), float(margin[row])) for row in ranked if margin[row] > 0
    ]
