"""The kinds of shapes and what each knows of itself; reading, cutting and filling them is done in `shapes`.

Coordinates are absolute pixels of the upright image: x to the right, y downwards, from the top left corner. The right
and bottom edges of boxes are exclusive. Angles are degrees clockwise about the middle.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from modelyard.errors import Invalid
from modelyard.geometry import rle

LIMIT = 2.0**31
MAX_POINTS = 100_000
MAX_RINGS = 5_000

Bounds = tuple[float, float, float, float]


class ShapeInvalid(Invalid):
    """The shape is not valid."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle between two corners, turned about its middle by an angle."""

    x1: float
    y1: float
    x2: float
    y2: float
    angle: float = 0.0

    def __post_init__(self) -> None:
        if _is_plain(self.x1, self.y1, self.x2, self.y2, self.angle):
            return
        _numbers(self, "box", x1=self.x1, y1=self.y1, x2=self.x2, y2=self.y2, angle=self.angle)
        if self.x2 <= self.x1 or self.y2 <= self.y1:
            low, high = ("x1", "x2") if self.x2 <= self.x1 else ("y1", "y2")
            values = f"“{high}” is {getattr(self, high):g} and “{low}” is {getattr(self, low):g}"
            raise ShapeInvalid(f"The box has no area: {values}.")

    @classmethod
    def known(cls, x1: float, y1: float, x2: float, y2: float) -> "Box":
        """Return an upright box of floats that were checked before, such as those of a database."""
        box, put = object.__new__(cls), object.__setattr__
        put(box, "x1", x1)
        put(box, "y1", y1)
        put(box, "x2", x2)
        put(box, "y2", y2)
        put(box, "angle", 0.0)
        return box

    def bounds(self) -> Bounds:
        """Return the upright box around it."""
        if not self.angle:
            return self.x1, self.y1, self.x2, self.y2
        return _around(self.corners())

    def area(self) -> float:
        """Return the area in square pixels."""
        return (self.x2 - self.x1) * (self.y2 - self.y1)

    def corners(self) -> tuple[float, ...]:
        """Return x, y, x, y, … of the four corners, clockwise from what was the top left."""
        plain = (self.x1, self.y1, self.x2, self.y1, self.x2, self.y2, self.x1, self.y2)
        return turned(plain, (self.x1 + self.x2) / 2, (self.y1 + self.y2) / 2, self.angle)


@dataclass(frozen=True)
class Polygon:
    """Rings of x, y, x, y, …, filled by the even-odd rule: the first is the outside, others are holes or parts."""

    rings: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        given = _sequence("polygon", "rings", self.rings)
        if not given or len(given) > MAX_RINGS:
            raise ShapeInvalid(f"The polygon has {len(given):,} “rings”; it must have 1 to {MAX_RINGS:,}.")
        rings = tuple(_points("polygon", f"rings[{at}]", ring, least=3) for at, ring in enumerate(given))
        if sum(map(len, rings)) > 2 * MAX_POINTS:
            raise ShapeInvalid(f"The “rings” of the polygon have more than {MAX_POINTS:,} points.")
        object.__setattr__(self, "rings", rings)

    @classmethod
    def known(cls, rings: tuple[tuple[float, ...], ...]) -> "Polygon":
        """Return a polygon that was checked before."""
        found = object.__new__(cls)
        object.__setattr__(found, "rings", rings)
        return found

    def bounds(self) -> Bounds:
        """Return the box around all rings."""
        return _around([value for ring in self.rings for value in ring])

    def area(self) -> float:
        """Return the area in square pixels; it is exact where no ring crosses another or itself."""
        areas = [_shoelace(ring) for ring in self.rings]
        holes = set(self.holes())
        return max(0.0, sum(-area if at in holes else area for at, area in enumerate(areas)))

    def holes(self) -> list[int]:
        """Return which of the rings are holes: those that lie within an odd number of others."""
        return [] if len(self.rings) == 1 else list(self._holes)

    @cached_property
    def _holes(self) -> tuple[int, ...]:
        arrays = [np.reshape(ring, (-1, 2)) for ring in self.rings]
        sizes = np.array([_shoelace(ring) for ring in self.rings])
        low, high = np.array([a.min(axis=0) for a in arrays]), np.array([a.max(axis=0) for a in arrays])  # (N, 2)
        found = []
        for at, array in enumerate(arrays):
            x, y = _inside(array)
            larger = (sizes > sizes[at]) & (low <= low[at]).all(axis=1) & (high >= high[at]).all(axis=1)
            if sum(_has(arrays[other], x, y) for other in np.flatnonzero(larger)) % 2:
                found.append(at)
        return tuple(found)


@dataclass(frozen=True)
class Ellipse:
    """An ellipse by its middle and its two radii, turned by an angle."""

    cx: float
    cy: float
    rx: float
    ry: float
    angle: float = 0.0

    def __post_init__(self) -> None:
        _numbers(self, "ellipse", cx=self.cx, cy=self.cy, rx=self.rx, ry=self.ry, angle=self.angle)
        for name in ("rx", "ry"):
            if getattr(self, name) <= 0:
                raise ShapeInvalid(f"The field “{name}” of the ellipse must be above 0.")

    def bounds(self) -> Bounds:
        """Return the upright box around it."""
        turn = math.radians(self.angle)
        wide = math.hypot(self.rx * math.cos(turn), self.ry * math.sin(turn)) if self.angle else self.rx
        high = math.hypot(self.rx * math.sin(turn), self.ry * math.cos(turn)) if self.angle else self.ry
        return self.cx - wide, self.cy - high, self.cx + wide, self.cy + high

    def area(self) -> float:
        """Return the area in square pixels."""
        return math.pi * self.rx * self.ry

    def corners(self, count: int = 64) -> tuple[float, ...]:
        """Return x, y, x, y, … of points around it."""
        turns = [2 * math.pi * at / count for at in range(count)]
        plain = [part for t in turns for part in (self.cx + self.rx * math.cos(t), self.cy + self.ry * math.sin(t))]
        return turned(plain, self.cx, self.cy, self.angle)


@dataclass(frozen=True)
class Mask:
    """Pixels within a crop whose corner is at whole x, y: the crop's COCO run lengths, compressed, by columns."""

    x: int
    y: int
    width: int
    height: int
    counts: str

    def __post_init__(self) -> None:
        for name in ("x", "y", "width", "height"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= LIMIT:
                raise ShapeInvalid(f"The field “{name}” of the mask must be a whole number, not {_said(value)}.")
            if value < 1 and name in ("width", "height"):
                raise ShapeInvalid(f"The field “{name}” of the mask must be 1 or more, not {value}.")
        if self.width * self.height > rle.MAX_PIXELS:
            raise ShapeInvalid(f"The mask has “width” × “height” of more than {rle.MAX_PIXELS:,} pixels.")
        if not isinstance(self.counts, str):
            raise ShapeInvalid(f"The field “counts” of the mask must be text, not {_said(self.counts)}.")
        try:
            runs = rle.to_runs(self.counts, self.width * self.height)
        except rle.RunsInvalid as error:
            raise ShapeInvalid(f"The field “counts” of the mask cannot be read. {error.detail}") from error
        object.__setattr__(self, "_area", int(runs[1::2].sum()))

    @classmethod
    def known(cls, crop: tuple[int, int, int, int], counts: str, area: int) -> "Mask":
        """Return a mask whose crop (x, y, width, height), run lengths and number of pixels were checked before."""
        found, put = object.__new__(cls), object.__setattr__
        for name, value in zip(("x", "y", "width", "height"), crop, strict=True):
            put(found, name, value)
        put(found, "counts", counts)
        put(found, "_area", area)
        return found

    def bounds(self) -> Bounds:
        """Return the crop as a box."""
        return float(self.x), float(self.y), float(self.x + self.width), float(self.y + self.height)

    def area(self) -> float:
        """Return how many pixels are on."""
        return float(getattr(self, "_area", 0))

    def to_array(self) -> NDArray[np.bool_]:
        """Return the crop, shape (H, W)."""
        return rle.decode(self.counts, self.width, self.height)


@dataclass(frozen=True)
class Keypoints:
    """Points (x, y, v) in the order of the class's skeleton; v is 0 not labelled, 1 hidden, 2 visible."""

    points: tuple[tuple[float, float, int], ...]

    def __post_init__(self) -> None:
        points = []
        for at, point in enumerate(_sequence("keypoints", "points", self.points)):
            if not isinstance(point, Sequence) or isinstance(point, str) or len(point) != 3:
                raise ShapeInvalid(f"The field “points[{at}]” of the keypoints must be three numbers: x, y, v.")
            x, y, v = (number("keypoints", f"points[{at}]", value) for value in point)
            if v not in (0, 1, 2):
                raise ShapeInvalid(f"The field “points[{at}]” of the keypoints has a v of {v:g}; it must be 0, 1 or 2.")
            points.append((x, y, int(v)))
        if not points:
            raise ShapeInvalid("The field “points” of the keypoints is empty.")
        object.__setattr__(self, "points", tuple(points))

    @classmethod
    def known(cls, points: tuple[tuple[float, float, int], ...]) -> "Keypoints":
        """Return keypoints that were checked before."""
        found = object.__new__(cls)
        object.__setattr__(found, "points", points)
        return found

    def bounds(self) -> Bounds:
        """Return the box around the labelled points, or around all if none is labelled."""
        points = [point for point in self.points if point[2]] or self.points
        return _around([value for point in points for value in point[:2]])

    def area(self) -> float:
        """Return 0: points have no area."""
        return 0.0


@dataclass(frozen=True)
class Polyline:
    """An open line through x, y, x, y, …."""

    points: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", _points("polyline", "points", self.points, least=2))

    def bounds(self) -> Bounds:
        """Return the box around it."""
        return _around(self.points)

    def area(self) -> float:
        """Return 0: a line has no area."""
        return 0.0


@dataclass(frozen=True)
class Point:
    """A single point."""

    x: float
    y: float

    def __post_init__(self) -> None:
        _numbers(self, "point", x=self.x, y=self.y)

    def bounds(self) -> Bounds:
        """Return a box without area."""
        return self.x, self.y, self.x, self.y

    def area(self) -> float:
        """Return 0: a point has no area."""
        return 0.0


@dataclass(frozen=True)
class Whole:
    """The whole image, whatever its size: what has this shape is said of the image and not of a part of it."""

    def bounds(self) -> Bounds:
        """Return an empty box: the size of the image is not known here."""
        return 0.0, 0.0, 0.0, 0.0

    def area(self) -> float:
        """Return 0: nothing is drawn."""
        return 0.0


Shape = Box | Polygon | Ellipse | Mask | Keypoints | Polyline | Point | Whole


def number(kind: str, name: str, value: object) -> float:
    """Return a number that is finite and below 2³¹.

    Raises:
        ShapeInvalid: It is not.

    Example:
        >>> number("box", "x1", 3)
        3.0
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ShapeInvalid(f"The field “{name}” of the {kind} must be a number, not {_said(value)}.")
    if not -LIMIT < value < LIMIT:
        raise ShapeInvalid(f"The field “{name}” of the {kind} must be finite and below 2³¹.")
    return float(value)


def turned(points: Sequence[float], cx: float, cy: float, angle: float) -> tuple[float, ...]:
    """Return points x, y, x, y, … turned clockwise about a middle.

    Example:
        >>> turned((1.0, 0.0), 0, 0, 0)
        (1.0, 0.0)
    """
    if not angle:
        return tuple(points)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    found: list[float] = []
    for x, y in zip(points[::2], points[1::2], strict=True):
        found += [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos]
    return tuple(found)


def _numbers(shape: object, kind: str, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(shape, name, number(kind, name, value))


def _is_plain(x1: object, y1: object, x2: object, y2: object, angle: object) -> bool:
    """Say fast that these are corners of an upright box, as nearly all are; the others need a closer look."""
    if not (type(x1) is type(y1) is type(x2) is type(y2) is type(angle) is float):
        return False
    return -LIMIT < x1 < x2 < LIMIT and -LIMIT < y1 < y2 < LIMIT and angle == 0


def _points(kind: str, name: str, values: object, *, least: int) -> tuple[float, ...]:
    given = _sequence(kind, name, values, 2 * MAX_POINTS)
    found = _floats(given) or tuple(number(kind, name, value) for value in given)
    if len(found) % 2:
        raise ShapeInvalid(f"The field “{name}” of the {kind} has an odd number of numbers, {len(found):,}.")
    if len(found) < 2 * least:
        raise ShapeInvalid(f"The field “{name}” of the {kind} has {len(found) // 2} points; it needs {least} or more.")
    return found


def _floats(values: Sequence[object]) -> tuple[float, ...] | None:
    """Return plain numbers fast, or None where one of them needs a closer look."""
    if not values or not set(map(type, values)) <= {int, float}:
        return None
    numbers = cast(Sequence[float], values)
    if not -LIMIT < min(numbers) <= max(numbers) < LIMIT:
        return None
    found = tuple(map(float, numbers))
    return found if math.isfinite(sum(found)) else None


def _sequence(kind: str, name: str, values: object, most: int = MAX_POINTS) -> Sequence[object]:
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        raise ShapeInvalid(f"The field “{name}” of the {kind} must be a list, not {_said(values)}.")
    if len(values) > most:
        raise ShapeInvalid(f"The field “{name}” of the {kind} has more than {MAX_POINTS:,} points.")
    return values


def _said(value: object) -> str:
    """Return a value as a message shows it; nothing long, nothing deep."""
    if isinstance(value, str):
        return f"“{value[:50]}”"
    if value is None or isinstance(value, bool | float):
        return str(value)
    return {list: "a list", dict: "an object", int: "so large a number"}.get(type(value), "this")


def _around(values: Iterable[float]) -> Bounds:
    flat = list(values)
    return min(flat[::2]), min(flat[1::2]), max(flat[::2]), max(flat[1::2])


def _shoelace(ring: Sequence[float]) -> float:
    x, y = np.array(ring[::2]) - ring[0], np.array(ring[1::2]) - ring[1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _crossings(ring: NDArray[np.float64], y: float) -> NDArray[np.float64]:
    """Return where the edges of a ring, shape (N, 2), cross a height, shape (M,)."""
    x1, y1 = ring.T
    x2, y2 = np.roll(ring, -1, axis=0).T
    at = (y1 <= y) != (y2 <= y)
    found: NDArray[np.float64] = x1[at] + (y - y1[at]) * (x2[at] - x1[at]) / (y2[at] - y1[at])
    return found


def _has(ring: NDArray[np.float64], x: float, y: float) -> bool:
    return bool((_crossings(ring, y) > x).sum() % 2)


def _inside(ring: NDArray[np.float64]) -> tuple[float, float]:
    """Return a point within a ring, or its first where it has no inside."""
    heights = np.unique(ring[:, 1])
    if heights.size < 2:
        return float(ring[0, 0]), float(ring[0, 1])
    y = float(heights[:2].mean())
    crossings = np.sort(_crossings(ring, y))
    return float(crossings[:2].mean()) if crossings.size > 1 else float(ring[0, 0]), y
