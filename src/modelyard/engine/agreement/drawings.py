"""Whether people drew the same things into one image, and what they drew together; it knows no people's skill."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.agreement.objects import Matched, match, oks
from modelyard.geometry import masks
from modelyard.geometry.shapes import Box, Keypoints, Mask, Point, Polyline, Shape, Whole, to_mask

LEAST_OVERLAP = 0.5
_NEAR = 0.02  # Of the image's diagonal: points that far apart are not the same any more.
_STEPS = 32  # points at which two lines are compared


@dataclass(frozen=True)
class Drawing:
    """One object as one person drew it."""

    class_id: Hashable
    shape: Shape


def overlap(first: Shape, second: Shape, size: tuple[int, int]) -> float:
    """Return how alike two shapes in an image of this width and height are, in [0, 1].

    IoU for what has an area, OKS for keypoints, nearness for points and lines; 0 for shapes of different kinds.

    Example:
        >>> round(overlap(Box(0, 0, 10, 10), Box(0, 0, 10, 5), (20, 20)), 2)
        0.5
    """
    linear = (Whole, Keypoints, Point, Polyline)
    if isinstance(first, linear) or isinstance(second, linear):
        return _likeness(first, second, size) if type(first) is type(second) else 0.0
    a, b = first.bounds(), second.bounds()
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    if isinstance(first, Box) and isinstance(second, Box) and not first.angle and not second.angle:
        return width * height / (first.area() + second.area() - width * height)
    return _mask_iou(to_mask(first, *size), to_mask(second, *size))


def matched(first: Sequence[Drawing], second: Sequence[Drawing], size: tuple[int, int]) -> Matched:
    """Pair what two people drew into an image of this width and height: of one class, and alike by one half.

    Example:
        >>> one, other = Drawing("bun", Box(0, 0, 10, 10)), Drawing("bun", Box(0, 0, 10, 9))
        >>> matched([one], [other, Drawing("bun", Box(12, 12, 15, 15))], (20, 20)).f1
        0.6666666666666666
    """
    return match(_overlaps(first, second, size), LEAST_OVERLAP)


def joint(drawings: Sequence[Sequence[Drawing]], size: tuple[int, int]) -> tuple[int, list[Shape]] | None:
    """Say what several people drew together, or None if they drew different things.

    They agree if each object of one is an object of every other: of the same class, and alike by at least one half.
    The answer is the drawing of the person who is most like all others; its upright boxes become everybody's mean.

    Args:
        drawings: What each person drew, at least one person.
        size: Width and height of the image in pixels.

    Returns:
        The number of that person, and the shape of each of their objects, in their order.

    Example:
        >>> one, other = Drawing("bun", Box(0, 0, 10, 10)), Drawing("bun", Box(0, 0, 12, 10))
        >>> joint([[one], [other]], (20, 20))
        (0, [Box(x1=0.0, y1=0.0, x2=11.0, y2=10.0, angle=0.0)])
        >>> joint([[one], []], (20, 20)) is None
        True
    """
    count = len(drawings[0])
    if any(len(drawing) != count for drawing in drawings):
        return None
    partners = np.zeros((len(drawings), len(drawings), count), np.int64)  # [of, with, object] -> object
    likeness = np.zeros((len(drawings), len(drawings)))
    for of in range(len(drawings)):
        for other in range(of + 1, len(drawings)):
            pairing = matched(drawings[of], drawings[other], size)
            if len(pairing.pairs) < count:
                return None
            partners[of, other, pairing.pairs[:, 0]] = pairing.pairs[:, 1]
            partners[other, of, pairing.pairs[:, 1]] = pairing.pairs[:, 0]
            likeness[of, other] = likeness[other, of] = pairing.overlaps.sum()
        partners[of, of] = np.arange(count)
    best = int(likeness.sum(axis=1).argmax())
    groups = [
        [drawings[person][partners[best, person, at]].shape for person in range(len(drawings))] for at in range(count)
    ]
    return best, [_mean(group, drawings[best][at].shape) for at, group in enumerate(groups)]


def _overlaps(first: Sequence[Drawing], second: Sequence[Drawing], size: tuple[int, int]) -> NDArray[np.float64]:
    found = np.zeros((len(first), len(second)))
    for row, one in enumerate(first):
        for column, other in enumerate(second):
            if one.class_id == other.class_id:
                found[row, column] = overlap(one.shape, other.shape, size)
    return found


def _mean(shapes: Sequence[Shape], own: Shape) -> Shape:
    boxes = [shape for shape in shapes if isinstance(shape, Box) and not shape.angle]
    if len(boxes) < len(shapes) or not isinstance(own, Box):
        return own
    x1, y1, x2, y2 = np.mean([box.bounds() for box in boxes], axis=0).tolist()
    return replace(own, x1=x1, y1=y1, x2=x2, y2=y2)


def _likeness(first: Shape, second: Shape, size: tuple[int, int]) -> float:
    if isinstance(first, Keypoints) and isinstance(second, Keypoints):
        if len(first.points) != len(second.points):
            return 0.0
        x1, y1, x2, y2 = first.bounds()
        area = (x2 - x1) * (y2 - y1)
        return oks(np.array(first.points, np.float64), np.array(second.points, np.float64), area) or 0.0
    if isinstance(first, Point) and isinstance(second, Point):
        return _nearness(math.dist((first.x, first.y), (second.x, second.y)), size)
    if isinstance(first, Polyline) and isinstance(second, Polyline):
        a, b = _along(first), _along(second)
        apart = min(float(np.linalg.norm(a - other, axis=1).mean()) for other in (b, b[::-1]))
        return _nearness(apart, size)
    return 1.0  # Both are said of the whole image.


def _nearness(apart: float, size: tuple[int, int]) -> float:
    return max(0.0, 1.0 - apart / (_NEAR * math.hypot(*size)))


def _along(line: Polyline) -> NDArray[np.float64]:
    """Return points at equal distances along a line, shape (steps, 2)."""
    points = np.array(line.points, np.float64).reshape(-1, 2)
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    at = np.linspace(0, way[-1], _STEPS)
    return np.column_stack([np.interp(at, way, points[:, 0]), np.interp(at, way, points[:, 1])])


def _mask_iou(first: Mask, second: Mask) -> float:
    a, b = first.bounds(), second.bounds()
    left, top = int(min(a[0], b[0])), int(min(a[1], b[1]))
    window = (left, top, int(max(a[2], b[2])) - left, int(max(a[3], b[3])) - top)
    one, other = masks.reframe(first, window).to_array(), masks.reframe(second, window).to_array()
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else 0.0
