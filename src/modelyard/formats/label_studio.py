"""Label Studio's JSON: a list of tasks with the results of annotators, in percent. It touches no picture.

    [{"data": {"image": "a.jpg", "split": "train"}, "annotations": [{"result": [
       {"id": "1", "type": "rectanglelabels", "from_name": "box", "to_name": "image",
        "original_width": 640, "original_height": 480, "image_rotation": 0,
        "value": {"x": 10, "y": 20, "width": 5, "height": 5, "rotation": 0, "rectanglelabels": ["bun"]}}]}]}]

A rectangle turns about its top left corner, an ellipse about its middle. Brushes are runs of RGBA values in a packing
of its own. Of several annotations the last one that was not cancelled counts; predictions do not. A task without
annotations says nothing, one with an empty result that there is nothing here. Choices that belong to no region are
classes of the whole image.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from modelyard.errors import Invalid
from modelyard.formats import losses
from modelyard.formats.documents import DocumentInvalid, load_json, plain_xml, walk_json
from modelyard.formats.drafts import PICTURES, Draft, Drafts, text, to_attributes, to_size
from modelyard.formats.entries import Entry, Item, Listing, to_split
from modelyard.geometry import masks
from modelyard.geometry.kinds import Box, Ellipse, Mask, Point, Polygon, Shape, ShapeInvalid, number, turned
from modelyard.geometry.shapes import to_mask

_LARGEST_BRUSH = 2**26  # pixels; each takes four bytes while it is unpacked
_SIZES = (4, 8, 12, 16)  # bits of a run's length
_CARRIED = (
    losses.OBJECTS,
    losses.BOXES,
    losses.POLYGONS,
    losses.FLAT,
    losses.ELLIPSES,
    losses.MASKS,
    losses.POINTS,
    losses.ROTATION,
    losses.CLASSES,
    losses.SPLITS,
)
_ABOUT_A_REGION = ("choices", "textarea", "rating", "number")


class NotLabelStudio(Invalid):
    """This file is no list of tasks of Label Studio."""


def read(data: bytes) -> Listing:
    """Return what the tasks say; a result that cannot be used is a fault and stops nothing.

    Raises:
        NotLabelStudio: The file is no list of tasks.

    Example:
        >>> found = read(b'[{"data": {"image": "/data/upload/1/a.jpg"}, "annotations": [{"result": []}]}]')
        >>> found.entries[0].name, found.entries[0].answer
        ('data/upload/1/a.jpg', 'objects')
    """
    drafts = Drafts()
    try:
        for place, task in _tasks(data):
            if not isinstance(task, Mapping) or not isinstance(task.get("data"), Mapping):
                drafts.fault("The task has no “data”.", place=place)
            else:
                _read_task(drafts, task, place)
    except DocumentInvalid as error:
        if not drafts.images:
            raise NotLabelStudio(f"{NotLabelStudio.__doc__} {error.detail}") from error
        drafts.fault(error.detail, place="the file")
    return drafts.listing()


def write(entries: Sequence[Entry], used: set[str] | None = None) -> Iterator[str]:
    """Yield the pieces of the list of tasks, for a project with the labelling configuration of `config`.

    Args:
        entries: The images.
        used: Takes in the kinds of controls that the tasks need, such as "rectanglelabels", as they are written.

    Example:
        >>> json.loads("".join(write([Entry(name="1.jpg", answer="objects")])))
        [{'id': 1, 'data': {'image': '1.jpg'}, 'annotations': [{'id': 1, 'result': []}]}]
    """
    before = "["
    for at, entry in enumerate(entries, start=1):
        yield f"{before}\n{json.dumps({'id': at, **_task(at, entry, used)}, ensure_ascii=False)}"
        before = ","
    yield "]\n" if before == "," else "[]\n"


def config(class_names: Sequence[str], used: Collection[str] = ("rectanglelabels",), *, has_many: bool = False) -> str:
    """Return the labelling configuration that what is written belongs to.

    Args:
        class_names: In their order.
        used: The kinds of controls that it offers. One for points, if nobody needs it, would have Label Studio's own
            exports take every class for a keypoint.
        has_many: An image may have several classes as a whole.

    Example:
        >>> '<Label value="bun"/>' in config(["bun"])
        True
    """
    from xml.sax.saxutils import quoteattr

    values = [f" value={quoteattr(plain_xml(name))}/>" for name in class_names]
    controls = []
    for kind, tag in _TAGS.items():
        if kind in used:
            child = "Choice" if kind == "choices" else "Label"
            rows = "".join(f"\n    <{child}{value}" for value in values)
            many = ' choice="multiple"' if kind == "choices" and has_many else ""
            controls.append(f'  <{tag} name="{_FROM[kind]}" toName="image"{many}>{rows}\n  </{tag}>\n')
    return f'<View>\n  <Image name="image" value="$image"/>\n{"".join(controls)}</View>\n'


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what Label Studio's JSON, as it is written here, cannot carry: kind to number of images or objects.

    Example:
        >>> lost([Entry(name="1.jpg", answer="not_sure")])
        {'answers other than a class or objects': 1}
    """
    found = losses.count(entries, _CARRIED)
    if losses.HOLES in found:
        found["polygons with holes, which become brushes"] = found.pop(losses.HOLES)
    unsized = sum(
        not (entry.width and entry.height) and any(not item.is_whole for item in entry.items) for entry in entries
    )
    return found | ({"images of unknown size, whose objects are left out": unsized} if unsized else {})


def _tasks(data: bytes) -> Iterator[tuple[str, Any]]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield "task 1", load_json(data)
        return
    for _, index, task in walk_json(data):
        if index >= 0:
            yield f"task {index + 1}", task


def _read_task(drafts: Drafts, task: Mapping[str, Any], place: str) -> None:
    name = _name(task["data"])
    if not name:
        drafts.fault("The task has no address of a picture.", place=place)
        return
    draft = drafts.image(name)
    split = task["data"].get("split")
    draft.split = to_split(split) if isinstance(split, str) else None
    annotations = task.get("annotations")
    done = [a for a in annotations if isinstance(a, Mapping)] if isinstance(annotations, list) else []
    done = [a for a in done if not a.get("was_cancelled") and isinstance(a.get("result"), list)]
    if not done:
        return
    draft.answer = "objects"
    regions: dict[str, list[Mapping[str, Any]]] = {}
    for at, result in enumerate(done[-1]["result"]):
        if isinstance(result, Mapping) and isinstance(result.get("value"), Mapping):
            key = result.get("id")
            regions.setdefault(key if isinstance(key, str) else f"\0{at}", []).append(result)
        elif not (isinstance(result, Mapping) and result.get("type") == "relation"):
            draft.is_spoiled = True
            drafts.fault("The result has no “value”.", at + 1, f"{place}, result {at + 1}")
    for at, results in enumerate(regions.values(), start=1):
        _read_region(drafts, draft, results, f"{place}, region {at}")


def _name(data: Mapping[str, Any]) -> str:
    """Return the path of the picture that a task is about."""
    found = data.get("image")
    if not isinstance(found, str):
        texts = [value for value in data.values() if isinstance(value, str)]
        found = next((value for value in texts if value.lower().endswith(PICTURES)), "")
    if "://" not in found and not found.startswith("/"):
        return text(found)
    try:
        parts = urlsplit(found)
        local = parse_qs(parts.query).get("d")
    except ValueError:
        return text(found)
    return text(local[0] if local else unquote(parts.path)).lstrip("/")


def _read_region(drafts: Drafts, draft: Draft, results: Sequence[Mapping[str, Any]], place: str) -> None:
    drawn = next((result for result in results if _kind(result) in _READERS), None)
    if drawn is None:
        _read_whole(drafts, draft, results, place)
        return
    width, height = to_size(drawn.get("original_width")), to_size(drawn.get("original_height"))
    draft.width, draft.height = width or draft.width, height or draft.height
    labels = (label for result in results for label in _labels(result["value"]))
    more = {
        str(result.get("from_name")): _first(result["value"])
        for result in results
        if result.get("type") in _ABOUT_A_REGION
    }
    drafts.put(
        draft,
        drafts.add_class(next(labels, None)),
        lambda: _shape(drawn, width, height),
        place=place,
        attributes=to_attributes(more),
    )


def _read_whole(drafts: Drafts, draft: Draft, results: Sequence[Mapping[str, Any]], place: str) -> None:
    given = [result["value"].get("choices") for result in results if result.get("type") == "choices"]
    choices = [choice for value in given for choice in (value if isinstance(value, list) else [value])]
    names = [drafts.add_class(choice) for choice in choices]
    if None in names or not (names or given):
        draft.is_spoiled = True
        drafts.fault("The result is of a kind that is not read.", place=place)
    for name in names:
        if name is not None:
            drafts.put_whole(draft, name)


def _kind(result: Mapping[str, Any]) -> str:
    name = result.get("type")
    return name.removesuffix("labels") if isinstance(name, str) else ""


def _labels(value: Mapping[str, Any]) -> Iterator[str]:
    for key, given in value.items():
        if str(key).endswith("labels") and isinstance(given, list):
            yield from (label for label in given if isinstance(label, str))


def _first(value: Mapping[str, Any]) -> object:
    for name in ("choices", "text", "rating", "number"):
        given = value.get(name)
        if isinstance(given, list):
            return given[0] if given else None
        if given is not None:
            return given
    return None


def _shape(result: Mapping[str, Any], width: int | None, height: int | None) -> Shape:
    if width is None or height is None:
        raise ShapeInvalid("The fields “original_width” and “original_height” are missing.")
    return _READERS[_kind(result)](result["value"], width, height)


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
    if width * height > _LARGEST_BRUSH:
        raise ShapeInvalid(f"A brush may have at most {_LARGEST_BRUSH:,} pixels.")
    alpha = _unpack(bytes(packed), width * height * 4)[3::4]
    return masks.from_array(alpha.reshape(height, width) > 0) or masks.nothing()


_READERS: dict[str, Callable[[Mapping[str, Any], int, int], Shape]] = {
    "rectangle": _read_rectangle,
    "polygon": _read_polygon,
    "ellipse": _read_ellipse,
    "keypoint": _read_keypoint,
    "brush": _read_brush,
}


class _Bits:
    """Reads numbers of some bits, highest first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._length = data, 0, 8 * len(data)

    def read(self, count: int) -> int:
        end = self._at + count
        if end > self._length:
            raise ShapeInvalid("The field “rle” of the brush ends too early.")
        first, last = self._at // 8, (end + 7) // 8
        value = int.from_bytes(self._data[first:last], "big") >> (8 * last - end)
        self._at = end
        return value & ((1 << count) - 1)


def _unpack(data: bytes, count: int) -> NDArray[np.uint8]:
    """Return the values, shape (N,), of Label Studio's packing: runs of one value, and stretches of many."""
    bits = _Bits(data)
    if bits.read(32) != count:
        raise ShapeInvalid("The field “rle” of the brush is not of the size of its image.")
    word = bits.read(5) + 1
    sizes = [bits.read(4) + 1 for _ in range(4)]
    found = np.zeros(count, np.uint8)
    at = 0
    while at < count:
        is_run = bits.read(1)
        end = at + 1 + bits.read(sizes[bits.read(2)])
        if end > count:
            raise ShapeInvalid("The field “rle” of the brush has more values than its image.")
        if is_run:
            found[at:end] = bits.read(word) & 255
        else:
            found[at:end] = [bits.read(word) & 255 for _ in range(at, end)]
        at = end
    return found


def _pack(array: NDArray[np.bool_]) -> list[int]:
    """Return Label Studio's packing of a mask, shape (H, W): each pixel is four values of 0 or 255."""
    flat = array.ravel()
    edges = np.concatenate([[0], np.flatnonzero(np.diff(flat)) + 1, [flat.size]])
    words = [f"{flat.size * 4:032b}", f"{7:05b}", *(f"{size - 1:04b}" for size in _SIZES)]
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        value, left = 255 if flat[start] else 0, (end - start) * 4
        while left:
            length = min(left, 1 << _SIZES[-1])
            index = next(at for at, size in enumerate(_SIZES) if length <= 1 << size)
            words.append(f"1{index:02b}{length - 1:0{_SIZES[index]}b}{value:08b}")
            left -= length
    bits = "".join(words)
    bits += "0" * (-len(bits) % 8)
    return list(int(bits, 2).to_bytes(len(bits) // 8, "big"))


_FROM = {
    "rectanglelabels": "box",
    "polygonlabels": "polygon",
    "ellipselabels": "ellipse",
    "brushlabels": "mask",
    "keypointlabels": "point",
    "choices": "class",
}
_TAGS = {
    "rectanglelabels": "RectangleLabels",
    "polygonlabels": "PolygonLabels",
    "ellipselabels": "EllipseLabels",
    "brushlabels": "BrushLabels",
    "keypointlabels": "KeyPointLabels",
    "choices": "Choices",
}


def _task(at: int, entry: Entry, used: set[str] | None) -> dict[str, object]:
    data = {"image": entry.name, **({"split": entry.split} if entry.split else {})}
    if entry.answer not in ("class", "objects"):
        return {"data": data, "annotations": []}
    results: list[dict[str, object]] = []
    if entry.whole_classes:
        value = {"choices": entry.whole_classes}
        results.append({"type": "choices", "from_name": "class", "to_name": "image", "value": value})
    for key, item in enumerate(entry.items, start=1):
        if entry.width and entry.height and (drawn := _value(item.shape, entry.width, entry.height)) is not None:
            results.append(_result(str(key), item, *drawn, entry.width, entry.height))
    if entry.items and not results:  # Without any it would say: nothing here.
        return {"data": data, "annotations": []}
    if used is not None:
        used.update(str(result["type"]) for result in results)
    return {"data": data, "annotations": [{"id": at, "result": results}]}


def _result(key: str, item: Item, kind: str, value: dict[str, object], width: int, height: int) -> dict[str, object]:
    return {
        "id": str(item.extra.get("id", key)),
        "type": kind,
        "from_name": _FROM[kind],
        "to_name": "image",
        "original_width": width,
        "original_height": height,
        "image_rotation": 0,
        "value": value | {kind: [item.class_name]},
    }


def _value(shape: Shape, width: int, height: int) -> tuple[str, dict[str, object]] | None:
    across, down = 100 / width, 100 / height
    match shape:
        case Box():
            x, y = shape.corners()[:2]
            size = {"width": (shape.x2 - shape.x1) * across, "height": (shape.y2 - shape.y1) * down}
            return "rectanglelabels", {"x": x * across, "y": y * down, **size, "rotation": shape.angle}
        case Polygon() if len(shape.rings) == 1:
            ring = shape.rings[0]
            points = [[x * across, y * down] for x, y in zip(ring[::2], ring[1::2], strict=True)]
            return "polygonlabels", {"points": points}
        case Polygon() | Mask():
            array = masks.paste(to_mask(shape, width, height), width, height)
            return "brushlabels", {"format": "rle", "rle": _pack(array)}
        case Ellipse():
            radii = {"radiusX": shape.rx * across, "radiusY": shape.ry * down, "rotation": shape.angle}
            return "ellipselabels", {"x": shape.cx * across, "y": shape.cy * down, **radii}
        case Point():
            return "keypointlabels", {"x": shape.x * across, "y": shape.y * down, "width": 1}
        case _:
            return None
