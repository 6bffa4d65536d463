"""Masks made of outlines and outlines made of masks; a pixel belongs to an outline that holds its middle."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from modelyard.geometry import rle
from modelyard.geometry.kinds import Ellipse, Mask, Polygon, ShapeInvalid

_MOST_CROSSINGS = 100_000_000
_AT_ONCE = 2_000_000

Window = tuple[int, int, int, int]  # x, y, width, height


def from_array(array: NDArray[np.bool_], x: int = 0, y: int = 0) -> Mask | None:
    """Return the mask of an array, shape (H, W), whose corner is at x, y, cut to what is on; None if nothing is.

    Example:
        >>> from_array(np.array([[False, False], [False, True]]), x=10)
        Mask(x=11, y=1, width=1, height=1, counts='01')
    """
    rows, columns = np.flatnonzero(array.any(axis=1)), np.flatnonzero(array.any(axis=0))
    if not rows.size:
        return None
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    counts = rle.encode(array[top:bottom, left:right])
    return Mask(x + left, y + top, right - left, bottom - top, counts)


def from_strips(strips: Iterable[tuple[int, NDArray[np.bool_]]], x: int = 0, y: int = 0) -> Mask | None:
    """Return the mask of an array that comes in strips, cut to what is on; None if nothing is.

    Args:
        strips: From left to right, where each begins and its pixels, shape (H, width of the strip).
        x: Where the array begins.
        y: Where the array begins.

    Example:
        >>> from_strips([(0, np.array([[False], [False]])), (1, np.array([[False], [True]]))], x=10)
        Mask(x=11, y=1, width=1, height=1, counts='01')
    """
    found = [np.zeros((0, 3), np.int64)]
    for left, strip in strips:
        runs = rle.to_runs(rle.encode(strip), strip.size)
        found.append(rle.to_columns(runs, len(strip)) + np.array([left, 0, 0]))
    columns = np.concatenate(found)
    if not columns.size:
        return None
    first, top = int(columns[0, 0]), int(columns[:, 1].min())
    width, height = int(columns[-1, 0]) + 1 - first, int(columns[:, 2].max()) - top
    counts = rle.from_columns(columns - np.array([first, top, top]), width, height)
    return Mask(x + first, y + top, width, height, counts)


def nothing() -> Mask:
    """Return a mask without any pixel.

    Example:
        >>> nothing().area()
        0.0
    """
    return Mask(0, 0, 1, 1, "1")


def reframe(mask: Mask, window: Window) -> Mask:
    """Return the same pixels in another crop; what lies outside it is cut off.

    Example:
        >>> reframe(Mask(1, 1, 1, 1, "01"), (0, 0, 2, 2))
        Mask(x=0, y=0, width=2, height=2, counts='31')
    """
    left, top, width, height = window
    columns = _columns(mask) - np.array([left, top, top])
    columns = columns[(columns[:, 0] >= 0) & (columns[:, 0] < width)]
    columns[:, 1:] = np.clip(columns[:, 1:], 0, height)
    columns = columns[columns[:, 1] < columns[:, 2]]
    return Mask(left, top, width, height, rle.from_columns(columns, width, height))


def trim(mask: Mask) -> Mask | None:
    """Return the mask in the smallest crop that holds what is on; None if nothing is.

    Example:
        >>> trim(Mask(0, 0, 2, 2, "31"))
        Mask(x=1, y=1, width=1, height=1, counts='01')
    """
    columns = _columns(mask)
    if not columns.size:
        return None
    left, right = int(columns[0, 0]), int(columns[-1, 0]) + 1
    top, bottom = int(columns[:, 1].min()), int(columns[:, 2].max())
    return reframe(mask, (left, top, right - left, bottom - top))


def paste(mask: Mask, width: int, height: int) -> NDArray[np.bool_]:
    """Return the mask in an image of this size, shape (H, W); what lies outside is cut off.

    Example:
        >>> paste(Mask(1, 0, 1, 1, "01"), 3, 1)
        array([[False,  True, False]])
    """
    if width * height > rle.MAX_PIXELS:
        raise ShapeInvalid(f"An image of {width:,} × {height:,} pixels is too large for masks.")
    found = np.zeros((height, width), np.bool_)
    x1, y1, x2, y2 = max(mask.x, 0), max(mask.y, 0), min(mask.x + mask.width, width), min(mask.y + mask.height, height)
    if x1 < x2 and y1 < y2:
        found[y1:y2, x1:x2] = mask.to_array()[y1 - mask.y : y2 - mask.y, x1 - mask.x : x2 - mask.x]
    return found


def fill(rings: Sequence[Sequence[float]], window: Window) -> NDArray[np.bool_]:
    """Return which pixels of a window, shape (H, W), the rings fill by the even-odd rule.

    Raises:
        ShapeInvalid: The rings run to and fro so often that filling them would take minutes.

    Example:
        >>> fill([[0, 0, 2, 0, 2, 1, 0, 1]], (0, 0, 3, 1))
        array([[ True,  True, False]])
    """
    left, top, width, height = window
    x1, y1, x2, y2 = _edges(rings)
    x1, x2, y1, y2 = x1 - left, x2 - left, y1 - top, y2 - top
    first = np.clip(np.ceil(np.minimum(y1, y2) - 0.5), 0, height).astype(np.int64)  # (E,)
    counts = np.clip(np.ceil(np.maximum(y1, y2) - 0.5), 0, height).astype(np.int64) - first
    if counts.sum() > _MOST_CROSSINGS:
        raise ShapeInvalid("The outline crosses the image so often that it cannot be filled.")
    flips = np.zeros(height * (width + 1), np.uint8)
    for part in _parts(counts):
        edge = np.repeat(np.arange(part.start, part.stop), counts[part])
        ends = np.cumsum(counts[part])
        row = first[edge] + np.arange(edge.size) - np.repeat(ends - counts[part], counts[part])
        share = (row + 0.5 - y1[edge]) / (y2[edge] - y1[edge])
        column = np.ceil(x1[edge] + share * (x2[edge] - x1[edge]) - 0.5)
        at = row * (width + 1) + np.clip(column, 0, width).astype(np.int64)
        np.bitwise_xor.at(flips, at, 1)
    grid = flips.reshape(height, width + 1)
    return np.bitwise_xor.accumulate(grid, axis=1)[:, :width].astype(np.bool_)


def fill_ellipse(ellipse: Ellipse, window: Window) -> NDArray[np.bool_]:
    """Return which pixels of a window, shape (H, W), an ellipse fills.

    Example:
        >>> fill_ellipse(Ellipse(1.5, 0.5, 1.2, 0.5), (0, 0, 3, 1))
        array([[ True,  True,  True]])
    """
    left, top, width, height = window
    turn = np.deg2rad(ellipse.angle)
    cos, sin, across, along = np.cos(turn), np.sin(turn), ellipse.rx**-2, ellipse.ry**-2
    y = np.arange(height) + (top + 0.5 - ellipse.cy)  # (H,)
    a = cos**2 * across + sin**2 * along
    b = 2 * y * cos * sin * (across - along)
    c = y**2 * (sin**2 * across + cos**2 * along) - 1
    inner = b**2 - 4 * a * c
    root = np.sqrt(np.clip(inner, 0, None))
    x = np.arange(width) + (left + 0.5 - ellipse.cx)  # (W,)
    low, high = (-b - root) / (2 * a), (-b + root) / (2 * a)
    found: NDArray[np.bool_] = (x >= low[:, None]) & (x <= high[:, None]) & (inner >= 0)[:, None]
    return found


def to_polygon(mask: Mask, tolerance: float = 0.0) -> Polygon | None:
    """Return the outlines of a mask as one polygon, largest ring first; None if no pixel is on.

    Args:
        mask: The mask.
        tolerance: How many pixels an outline may leave the edges of pixels, to have fewer points; 0 is exact.

    Raises:
        ShapeInvalid: The mask is so ragged that its outlines have more points or rings than a polygon may have.

    Example:
        >>> to_polygon(Mask(5, 5, 1, 1, "01")).rings
        ((5.0, 5.0, 6.0, 5.0, 6.0, 6.0, 5.0, 6.0),)
    """
    rings = [_simpler(ring, tolerance) if tolerance > 0 else ring for ring in _outlines(mask.to_array())]
    if not rings:
        return None
    moved = [ring.astype(np.float64) + np.array([mask.x, mask.y]) for ring in rings]
    moved.sort(key=_size, reverse=True)
    return Polygon(tuple(tuple(ring.ravel().tolist()) for ring in moved))


def _columns(mask: Mask) -> NDArray[np.int64]:
    """Return the pieces of columns, shape (N, 3), in pixels of the image."""
    columns = rle.to_columns(rle.to_runs(mask.counts, mask.width * mask.height), mask.height)
    found: NDArray[np.int64] = columns + np.array([mask.x, mask.y, mask.y])
    return found


def _edges(rings: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Return x1, y1, x2, y2 of every edge, shape (4, E)."""
    found = []
    for ring in rings:
        points = np.reshape(np.asarray(ring, np.float64), (-1, 2))
        found.append(np.concatenate([points.T, np.roll(points, -1, axis=0).T]))
    return np.concatenate(found, axis=1)


def _parts(counts: NDArray[np.int64]) -> Iterator[slice]:
    """Yield slices of edges, each with no more crossings than fit into memory at once, or of one edge."""
    ends = np.cumsum(counts)
    start = 0
    while start < counts.size:
        before = ends[start] - counts[start]
        stop = max(start + 1, int(np.searchsorted(ends, before + _AT_ONCE, side="right")))
        yield slice(start, stop)
        start = stop


def _outlines(array: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Return the rings of pixel edges, each of shape (N, 2): the corners pair up along rows and along columns."""
    padded = np.pad(array, 1)
    a, b, c, d = padded[:-1, :-1], padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    times = (a ^ b ^ c ^ d) + 2 * ((a == d) & (b == c) & (a != b)).astype(np.int64)  # A saddle is two corners.
    rows, columns = np.nonzero(times)
    repeats = times[rows, columns]
    points = np.stack([np.repeat(columns, repeats), np.repeat(rows, repeats)], axis=1)  # (N, 2), row by row
    order = np.lexsort((points[:, 1], points[:, 0]))
    below = np.empty(len(points), np.int64)
    below[order[0::2]], below[order[1::2]] = order[1::2], order[0::2]
    partner = below.tolist()
    is_seen = [False] * len(partner)
    rings = []
    for start in range(len(partner)):
        ring, at = [], start
        while not is_seen[at]:
            across = at ^ 1  # Neighbours in a row are numbered 2n and 2n + 1.
            is_seen[at] = is_seen[across] = True
            ring += [at, across]
            at = partner[across]
        if ring:
            rings.append(points[ring])
    return rings


def _simpler(ring: NDArray[np.int64], tolerance: float) -> NDArray[np.int64]:
    """Return a ring, shape (N, 2), of fewer points (Douglas and Peucker); one that would vanish stays."""
    far = int(((ring - ring[0]) ** 2).sum(axis=1).argmax())
    closed = np.concatenate([ring, ring[:1]]).astype(np.float64)
    is_kept = np.zeros(len(closed), np.bool_)
    is_kept[[0, far, -1]] = True
    spans = [(0, far), (far, len(closed) - 1)]
    while spans:
        start, stop = spans.pop()
        if stop - start < 2:
            continue
        away = _distance(closed[start + 1 : stop], closed[start], closed[stop])
        worst = int(away.argmax())
        if away[worst] > tolerance:
            middle = start + 1 + worst
            is_kept[middle] = True
            spans += [(start, middle), (middle, stop)]
    found = ring[is_kept[:-1]]
    return found if len(found) > 2 and _size(found) > 0 else ring


def _distance(points: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far points, shape (N, 2), are from the line through a and b, shape (N,)."""
    along = b - a
    length = float(np.hypot(*along))
    away = points - a
    if length == 0:
        return np.hypot(away[:, 0], away[:, 1])
    found: NDArray[np.float64] = np.abs(away[:, 0] * along[1] - away[:, 1] * along[0]) / length
    return found


def _size(ring: NDArray[np.int64] | NDArray[np.float64]) -> float:
    x, y = (ring - ring[0]).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
