"""Shapes as JSON says them, cut to an image and filled; what a kind knows of itself stands in `kinds`.

{"type": "box", "x1": 1, "y1": 2, "x2": 30, "y2": 40, "angle": 0}
{"type": "polygon", "rings": [[x, y, x, y, …], …]}
{"type": "ellipse", "cx": 5, "cy": 5, "rx": 2, "ry": 3, "angle": 0}
{"type": "mask", "x": 1, "y": 2, "width": 3, "height": 2, "counts": "132"}
{"type": "keypoints", "points": [[x, y, v], …]}
{"type": "polyline", "points": [x, y, …]}
{"type": "point", "x": 1, "y": 2}
{"type": "whole"}
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from modelyard.geometry import masks, rle
from modelyard.geometry.kinds import (
    Bounds,
    Box,
    Ellipse,
    Keypoints,
    Mask,
    Point,
    Polygon,
    Polyline,
    Shape,
    ShapeInvalid,
    Whole,
)

__all__ = [
    "Bounds",
    "Box",
    "Ellipse",
    "Keypoints",
    "Mask",
    "Point",
    "Polygon",
    "Polyline",
    "Shape",
    "ShapeInvalid",
    "Whole",
    "clip",
    "from_json",
    "outline",
    "to_json",
    "to_mask",
]

_KINDS: dict[str, Callable[..., Shape]] = {
    "box": Box,
    "polygon": Polygon,
    "ellipse": Ellipse,
    "mask": Mask,
    "keypoints": Keypoints,
    "polyline": Polyline,
    "point": Point,
    "whole": Whole,
}


def to_json(shape: Shape) -> dict[str, Any]:
    """Return the shape as JSON says it.

    Example:
        >>> to_json(Point(1, 2))
        {'type': 'point', 'x': 1.0, 'y': 2.0}
    """
    found: dict[str, Any] = {"type": type(shape).__name__.lower()}
    for entry in fields(shape):
        found[entry.name] = getattr(shape, entry.name)
    if isinstance(shape, Polygon):
        found["rings"] = [list(ring) for ring in shape.rings]
    elif isinstance(shape, Keypoints):
        found["points"] = [list(point) for point in shape.points]
    elif isinstance(shape, Polyline):
        found["points"] = list(shape.points)
    return found


def from_json(value: object) -> Shape:
    """Return the shape that JSON says.

    Raises:
        ShapeInvalid: It says none; the message names the field.

    Example:
        >>> from_json({"type": "box", "x1": 0, "y1": 0, "x2": 4, "y2": 2}).area()
        8.0
    """
    if not isinstance(value, Mapping):
        raise ShapeInvalid("A shape must be an object with a “type”.")
    name = value.get("type")
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        said = f"“{name[:50]}”" if isinstance(name, str) else "missing or no text"
        raise ShapeInvalid(f"The “type” of the shape is {said}; it must be one of {', '.join(_KINDS)}.")
    known = {entry.name: entry for entry in fields(kind)}  # type: ignore[arg-type]
    if unknown := [key for key in value if key not in known and key != "type"]:
        raise ShapeInvalid(f"The {name} has the unknown field “{str(unknown[0])[:50]}”.")
    for field_name, entry in known.items():
        if field_name not in value and entry.default is MISSING:
            raise ShapeInvalid(f"The {name} lacks the field “{field_name}”.")
    return kind(**{key: value[key] for key in known if key in value})


def clip(shape: Shape, width: int, height: int) -> Shape | None:
    """Return what of a shape lies within an image of this size, or None.

    Turned boxes and ellipses stay whole if they touch the image: cut, they would be something else. Keypoints outside
    are no longer labelled. The points of a polyline move to the edge. What is said of the whole image stays.

    Example:
        >>> clip(Box(-5, 2, 30, 4), 10, 10)
        Box(x1=0.0, y1=2.0, x2=10.0, y2=4.0, angle=0.0)
    """
    x1, y1, x2, y2 = shape.bounds()
    if x1 >= 0 and y1 >= 0 and x2 <= width and y2 <= height:
        return shape
    if x2 < 0 or y2 < 0 or x1 > width or y1 > height:
        return None
    return _CLIPS[type(shape)](shape, float(width), float(height))


def to_mask(shape: Shape, width: int, height: int) -> Mask:
    """Return the pixels of an image of this size whose middles lie within a shape.

    Raises:
        ShapeInvalid: The shape has no area to fill, or the image is too large.

    Example:
        >>> to_mask(Box(1, 0, 3, 1), 4, 4)
        Mask(x=1, y=0, width=2, height=1, counts='02')
    """
    if isinstance(shape, Keypoints | Polyline | Point | Whole):
        raise ShapeInvalid(f"A {type(shape).__name__.lower()} has no area, so no mask can be made of it.")
    if isinstance(shape, Mask):
        cut = clip(shape, width, height)
        return cut if isinstance(cut, Mask) else masks.nothing()
    window = _window(shape.bounds(), width, height)
    if window is None:
        return masks.nothing()
    if isinstance(shape, Ellipse):
        array = masks.fill_ellipse(shape, window)
    else:
        array = masks.fill(shape.rings if isinstance(shape, Polygon) else [shape.corners()], window)
    return masks.from_array(array, window[0], window[1]) or masks.nothing()


def outline(shape: Shape, tolerance: float = 0.0) -> Polygon | None:
    """Return the outline of a shape that has an area, else None; an ellipse gets 64 points.

    Example:
        >>> outline(Box(0, 0, 2, 1)).rings
        ((0.0, 0.0, 2.0, 0.0, 2.0, 1.0, 0.0, 1.0),)
    """
    if isinstance(shape, Polygon):
        return shape
    if isinstance(shape, Box | Ellipse):
        return Polygon((shape.corners(),))
    return masks.to_polygon(shape, tolerance) if isinstance(shape, Mask) else None


def _window(bounds: Bounds, width: int, height: int) -> masks.Window | None:
    left, top = max(0, math.floor(bounds[0])), max(0, math.floor(bounds[1]))
    right, bottom = min(width, math.ceil(bounds[2])), min(height, math.ceil(bounds[3]))
    if left >= right or top >= bottom:
        return None
    if (right - left) * (bottom - top) > rle.MAX_PIXELS:
        raise ShapeInvalid(f"An image of {width:,} × {height:,} pixels is too large for masks.")
    return left, top, right - left, bottom - top


def _clip_box(shape: Any, width: float, height: float) -> Shape | None:
    if shape.angle:
        return shape  # type: ignore[no-any-return]
    x1, y1, x2, y2 = max(shape.x1, 0.0), max(shape.y1, 0.0), min(shape.x2, width), min(shape.y2, height)
    return Box(x1, y1, x2, y2) if x1 < x2 and y1 < y2 else None


def _clip_polygon(shape: Any, width: float, height: float) -> Shape | None:
    rings = [_clip_ring(ring, width, height) for ring in shape.rings]
    kept = tuple(ring for ring in rings if len(ring) >= 6)
    found = Polygon(kept) if kept else None
    return found if found and found.area() > 0 else None


def _clip_ring(ring: tuple[float, ...], width: float, height: float) -> tuple[float, ...]:
    """Cut a ring at each of the four edges in turn (Sutherland and Hodgman)."""
    points = list(zip(ring[::2], ring[1::2], strict=True))
    for axis, edge, sign in ((0, 0.0, 1), (0, width, -1), (1, 0.0, 1), (1, height, -1)):
        kept: list[tuple[float, float]] = []
        for a, b in zip(points, points[1:] + points[:1], strict=True):
            is_in, is_next_in = sign * (a[axis] - edge) >= 0, sign * (b[axis] - edge) >= 0
            if is_in:
                kept.append(a)
            if is_in != is_next_in:
                share = (edge - a[axis]) / (b[axis] - a[axis])
                other = a[1 - axis] + share * (b[1 - axis] - a[1 - axis])
                kept.append((edge, other) if axis == 0 else (other, edge))
        points = kept
    return tuple(
        min(max(value, 0.0), limit) for point in points for value, limit in zip(point, (width, height), strict=True)
    )


def _clip_mask(shape: Any, width: float, height: float) -> Shape | None:
    left, top = max(shape.x, 0), max(shape.y, 0)
    right, bottom = min(shape.x + shape.width, int(width)), min(shape.y + shape.height, int(height))
    if left >= right or top >= bottom:
        return None
    return masks.trim(masks.reframe(shape, (left, top, right - left, bottom - top)))


def _clip_keypoints(shape: Any, width: float, height: float) -> Shape | None:
    points = tuple(p if 0 <= p[0] <= width and 0 <= p[1] <= height else (0.0, 0.0, 0) for p in shape.points)
    return Keypoints(points) if any(point[2] for point in points) else None


def _clip_polyline(shape: Any, width: float, height: float) -> Shape | None:
    pairs = zip(shape.points[::2], shape.points[1::2], strict=True)
    moved = [(min(max(x, 0.0), width), min(max(y, 0.0), height)) for x, y in pairs]
    kept = [point for at, point in enumerate(moved) if at == 0 or point != moved[at - 1]]
    return Polyline(tuple(value for point in kept for value in point)) if len(kept) > 1 else None


def _clip_whole(shape: Any, width: float, height: float) -> Shape | None:
    x1, y1, x2, y2 = shape.bounds()
    return shape if x1 < width and y1 < height and x2 > 0 and y2 > 0 else None


_CLIPS: dict[type, Callable[[Any, float, float], Shape | None]] = {
    Box: _clip_box,
    Polygon: _clip_polygon,
    Ellipse: _clip_whole,
    Mask: _clip_mask,
    Keypoints: _clip_keypoints,
    Polyline: _clip_polyline,
    Point: lambda shape, width, height: None,
}
