"""Many boxes at once, as arrays; single shapes with their names live in `shapes`."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_Float = TypeVar("_Float", bound=np.floating)


def iou(a: Array, b: Array) -> Array:
    """Return the IoU of every box in `a` with every box in `b`.

    Args:
        a: Boxes, shape (N, 4), `xyxy` in absolute pixels.
        b: Boxes, shape (M, 4), `xyxy` in absolute pixels.

    Returns:
        IoU in [0, 1], shape (N, M). Pairs whose union is empty have IoU 0.

    Example:
        >>> iou(np.array([[0, 0, 2, 2]], np.float32), np.array([[0, 0, 2, 1]], np.float32))
        array([[0.5]], dtype=float32)
    """
    a, b = a.astype(np.float64), b.astype(np.float64)
    top_left = np.maximum(a[:, None, :2], b[None, :, :2])  # (N, M, 2)
    bottom_right = np.minimum(a[:, None, 2:], b[None, :, 2:])  # (N, M, 2)
    overlap = np.clip(bottom_right - top_left, 0, None).prod(axis=2)  # (N, M)
    union = area(a)[:, None] + area(b)[None, :] - overlap
    found = np.divide(overlap, union, out=np.zeros_like(overlap), where=union > 0)
    return np.asarray(np.clip(found, 0, 1), np.float32)


def area(boxes: NDArray[_Float]) -> NDArray[_Float]:
    """Return the area in square pixels, shape (N,), of boxes, shape (N, 4); turned-over boxes have none.

    Example:
        >>> area(np.array([[0, 0, 2, 3], [5, 5, 4, 6]], np.float32))
        array([6., 0.], dtype=float32)
    """
    found: NDArray[_Float] = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1)
    return found


def clip(boxes: Array, width: float, height: float) -> Array:
    """Return the boxes, shape (N, 4), cut to an image of this size; those outside have no area left.

    Example:
        >>> clip(np.array([[-1, 2, 30, 4]], np.float32), 10, 10)
        array([[ 0.,  2., 10.,  4.]], dtype=float32)
    """
    return np.clip(boxes, 0, np.array([width, height, width, height], np.float32)).astype(np.float32)


def corners(boxes: Array, angles: Array) -> Array:
    """Return the corners, shape (N, 4, 2), clockwise from the top left, of boxes turned about their middles.

    Args:
        boxes: Boxes before they are turned, shape (N, 4), `xyxy` in absolute pixels.
        angles: Degrees clockwise, shape (N,).

    Example:
        >>> corners(np.array([[0, 0, 4, 2]], np.float32), np.array([90], np.float32)).round(3).tolist()
        [[[3.0, -1.0], [3.0, 3.0], [1.0, 3.0], [1.0, -1.0]]]
    """
    middle = (boxes[:, None, :2] + boxes[:, None, 2:]) / 2  # (N, 1, 2)
    half = (boxes[:, None, 2:] - boxes[:, None, :2]) / 2
    away = half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)  # (N, 4, 2)
    turn = np.deg2rad(angles)[:, None]
    x = away[..., 0] * np.cos(turn) - away[..., 1] * np.sin(turn)
    y = away[..., 0] * np.sin(turn) + away[..., 1] * np.cos(turn)
    return (middle + np.stack([x, y], axis=-1)).astype(np.float32)
