"""Masks without crumbs: small pieces that nobody pointed at go, small holes close; it finds nothing."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

_SMALL = 0.02  # of the largest piece


def tidied(inside: NDArray[np.bool_], kept: Sequence[tuple[int, int]] = ()) -> NDArray[np.bool_]:
    """Return a mask, shape (H, W), without pieces and holes far smaller than its largest piece.

    Args:
        inside: The mask.
        kept: Columns and rows of pixels whose piece, or hole, stays whatever its size.

    Example:
        >>> mask = np.zeros((20, 20), np.bool_)
        >>> mask[2:12, 2:12] = True
        >>> mask[5, 5], mask[18, 18] = False, True
        >>> int(tidied(mask).sum()), int(tidied(mask, [(18, 18)]).sum())
        (100, 101)
    """
    labels, areas = _pieces(inside)
    if len(areas) < 2:
        return inside
    largest = int(areas[1:].max())
    pieces = _without_small(labels, areas, kept, largest)
    return ~_without_small(*_pieces(~pieces), kept, largest)


def _pieces(inside: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the number of each pixel's piece, shape (H, W), 0 outside, and the area of each piece."""
    _, labels, facts, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=4)
    return np.asarray(labels, np.int32), np.asarray(facts[:, cv2.CC_STAT_AREA], np.int32)


def _without_small(
    labels: NDArray[np.int32], areas: NDArray[np.int32], kept: Sequence[tuple[int, int]], largest: int
) -> NDArray[np.bool_]:
    is_large = areas >= _SMALL * largest
    for column, row in kept:
        is_large[labels[row, column]] = True
    is_large[0] = False
    found: NDArray[np.bool_] = is_large[labels]
    return found
