"""Shapes as Label Studio's results say them, in shares of the picture, in percent. It is a part of `label_studio`.

A rectangle turns about its top left corner, an ellipse about its middle. A vector is a line if it is open.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from modelyard.formats import label_studio_brush as brush
from modelyard.formats.drafts import to_size
from modelyard.geometry import masks
from modelyard.geometry.kinds import (
    Box,
    Ellipse,
    Mask,
    Point,
    Polygon,
    Polyline,
    Shape,
    ShapeInvalid,
    number,
    turned,
)
from modelyard.geometry.shapes import to_mask


def kind(result: Mapping[str, Any]) -> str:
    """Return what a result draws, such as "rectangle"; what draws nothing has a name of its own.

    Example:
        >>> kind({"type": "rectanglelabels"}), kind({"type": "choices"})
        ('rectangle', 'choices')
    """
    name = result.get("type")
    return name.removesuffix("labels") if isinstance(name, str) else ""


def is_drawn(result: Mapping[str, Any]) -> bool:
    """Say whether a result is of a shape that is read."""
    return kind(result) in _READERS


def labels(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield the labels of a result's value.

    Example:
        >>> list(labels({"x": 1, "rectanglelabels": ["bun"]}))
        ['bun']
    """
    for key, given in value.items():
        if str(key).endswith("labels") and isinstance(given, list):
            yield from (label for label in given if isinstance(label, str))


def size(result: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Return width and height of the picture, in pixels, as a result says them."""
    return to_size(result.get("original_width")), to_size(result.get("original_height"))


def read(result: Mapping[str, Any]) -> Shape:
    """Return the shape of a result for which `is_drawn`.

    Raises:
        ShapeInvalid: It is none, or the picture's size is missing.

    Example:
        >>> value = {"x": 25, "y": 50, "width": 1, "keypointlabels": ["bun"]}
        >>> read({"type": "keypointlabels", "original_width": 8, "original_height": 6, "value": value})
        Point(x=2.0, y=3.0)
    """
    width, height = size(result)
    if width is None or height is None:
        raise ShapeInvalid("The fields “original_width” and “original_height” are missing.")
    return _READERS[kind(result)](result["value"], width, height)


def write(shape: Shape, width: int, height: int) -> tuple[str, dict[str, object]] | None:
    """Return the type of the result and its value without labels; None for what is no shape of its own here.

    Example:
        >>> write(Point(2, 3), 8, 6)
        ('keypointlabels', {'x': 25.0, 'y': 50.0, 'width': 1})
    """
    across, down = 100 / width, 100 / height
    found: tuple[str, dict[str, object]] | None = None
    match shape:
        case Box():
            x, y = shape.corners()[:2]
            sides = {"width": (shape.x2 - shape.x1) * across, "height": (shape.y2 - shape.y1) * down}
            found = "rectanglelabels", {"x": x * across, "y": y * down, **sides, "rotation": shape.angle}
        case Polygon() if len(shape.rings) == 1:
            ring = shape.rings[0]
            points = [[x * across, y * down] for x, y in zip(ring[::2], ring[1::2], strict=True)]
            found = "polygonlabels", {"points": points}
        case Polygon() | Mask():
            array = masks.paste(to_mask(shape, width, height), width, height)
            found = "brushlabels", {"format": "rle", "rle": brush.pack(array)}
        case Ellipse():
            radii = {"radiusX": shape.rx * across, "radiusY": shape.ry * down, "rotation": shape.angle}
            found = "ellipselabels", {"x": shape.cx * across, "y": shape.cy * down, **radii}
        case Point():
            found = "keypointlabels", {"x": shape.x * across, "y": shape.y * down, "width": 1}
        case Polyline():
            found = "vectorlabels", _vector(shape, across, down)
    return found


def _vector(shape: Polyline, across: float, down: float) -> dict[str, object]:
    places = zip(shape.points[::2], shape.points[1::2], strict=True)
    vertices = [
        {"id": str(at), "x": x * across, "y": y * down, "prevPointId": str(at - 1) if at else None, "isBezier": False}
        for at, (x, y) in enumerate(places)
    ]
    return {"vertices": vertices, "closed": False}


def _percent(kind: str, value: Mapping[str, Any], name: str, side: float) -> float:
    return number(kind, name, value.get(name)) * side / 100


def _read_rectangle(value: Mapping[str, Any], width: int, height: int) -> Shape:
    x, y = _percent("rectangle", value, "x", width), _percent("rectangle", value, "y", height)
    w, h = _percent("rectangle", value, "width", width), _percent("rectangle", value, "height", height)
    angle = number("rectangle", "rotation", value.get("rotation") or 0)
    if not angle:
        return Box(x, y, x + w, y + h)
    cx, cy = turned((x + w / 2, y + h / 2), x, y, angle)
    return Box(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, angle)


def _read_polygon(value: Mapping[str, Any], width: int, height: int) -> Shape:
    points = value.get("points")
    if not isinstance(points, list) or not all(isinstance(point, list) and len(point) == 2 for point in points):
        raise ShapeInvalid("The field “points” of the polygon must be a list of pairs of numbers.")
    flat = [number("polygon", "points", part) for point in points for part in point]
    return Polygon((tuple(part * (height if at % 2 else width) / 100 for at, part in enumerate(flat)),))


def _read_ellipse(value: Mapping[str, Any], width: int, height: int) -> Shape:
    cx, cy = _percent("ellipse", value, "x", width), _percent("ellipse", value, "y", height)
    rx, ry = _percent("ellipse", value, "radiusX", width), _percent("ellipse", value, "radiusY", height)
    return Ellipse(cx, cy, rx, ry, number("ellipse", "rotation", value.get("rotation") or 0))


def _read_keypoint(value: Mapping[str, Any], width: int, height: int) -> Shape:
    return Point(_percent("keypoint", value, "x", width), _percent("keypoint", value, "y", height))


def _read_brush(value: Mapping[str, Any], width: int, height: int) -> Shape:
    packed = value.get("rle")
    if not isinstance(packed, list) or not set(map(type, packed)) <= {int} or not all(0 <= b < 256 for b in packed):
        raise ShapeInvalid("The field “rle” of the brush must be a list of bytes.")
    if width * height > brush.LARGEST:
        raise ShapeInvalid(f"A brush may have at most {brush.LARGEST:,} pixels.")
    alpha = brush.unpack(bytes(packed), width * height * 4)[3::4]
    return masks.from_array(alpha.reshape(height, width) > 0) or masks.nothing()


def _read_vector(value: Mapping[str, Any], width: int, height: int) -> Shape:
    vertices = value.get("vertices")
    if not isinstance(vertices, list) or not all(isinstance(vertex, Mapping) for vertex in vertices):
        raise ShapeInvalid("The field “vertices” of the vector must be a list of points.")
    if any(vertex.get("isBezier") for vertex in vertices):
        raise ShapeInvalid("The vector has curves, which are not read.")
    before = [None, *(vertex.get("id") for vertex in vertices[:-1])]
    if any(vertex.get("prevPointId", at) != at for vertex, at in zip(vertices[1:], before[1:], strict=True)):
        raise ShapeInvalid("The vector has branches, which are not read.")
    sides = (("x", width), ("y", height))
    flat = tuple(_percent("vector", vertex, name, side) for vertex in vertices for name, side in sides)
    return Polygon((flat,)) if value.get("closed") is True else Polyline(flat)


_READERS: dict[str, Callable[[Mapping[str, Any], int, int], Shape]] = {
    "rectangle": _read_rectangle,
    "polygon": _read_polygon,
    "ellipse": _read_ellipse,
    "keypoint": _read_keypoint,
    "brush": _read_brush,
    "vector": _read_vector,
}
