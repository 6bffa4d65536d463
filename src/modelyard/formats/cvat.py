"""CVAT's XML 1.1: one annotations.xml with every kind of shape. It touches no picture.

    <annotations><version>1.1</version><meta><task><labels><label><name>bun</name></label></labels></task></meta>
      <image id="0" name="a.jpg" width="640" height="480" subset="train">
        <box label="bun" xtl="1" ytl="2" xbr="3" ybr="4" rotation="0" occluded="0" z_order="0">
          <attribute name="burnt">true</attribute></box>
        <polygon label="bun" points="1,2;3,4;5,6"/> <polyline …/> <points …/> <ellipse cx cy rx ry …/>
        <mask rle="2, 3, 1" left="1" top="2" width="3" height="2"/> <tag label="bun"/> <skeleton><points …/></skeleton>
      </image></annotations>

The runs of a mask go row by row over its crop. Of `points` a single one is a point and several are keypoints, all
visible. CVAT has no holes: polygons with holes are written as masks. Tracks of videos are read (`cvat_tracks`), not
written. A tag is a class of the whole image, of which it may have several, also beside shapes. An image itself has no
attributes in CVAT: those of an image with one class are its tag's. What the points of a class are, is in
`cvat_skeletons`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

import numpy as np

from modelyard.errors import Invalid
from modelyard.formats import cvat_skeletons, losses
from modelyard.formats.cvat_tracks import Moment, Tracks
from modelyard.formats.documents import DocumentInvalid, Source, number, opened, plain_xml
from modelyard.formats.drafts import Draft, Drafts, from_words, to_attributes, to_size
from modelyard.formats.entries import Entry, Item, Listing, to_split
from modelyard.geometry import masks, rle
from modelyard.geometry.kinds import (
    Box,
    Ellipse,
    Keypoints,
    Mask,
    Point,
    Polygon,
    Polyline,
    Shape,
    ShapeInvalid,
)
from modelyard.geometry.shapes import to_mask

_CARRIED = (*losses.EVERY_SHAPE, losses.ATTRIBUTES, losses.CLASSES, losses.SPLITS)


class NotCvat(Invalid):
    """This file is no XML of CVAT: it has no element “annotations”."""


def read(source: Source) -> Listing:
    """Return what the file says, image by image; a shape that cannot be used is a fault and stops nothing.

    An image without shapes and tags says that there is nothing here.

    Raises:
        NotCvat: The file is something else.

    Example:
        >>> found = read(b'''<annotations><image id="0" name="1.jpg" width="9" height="9">
        ... <box label="bun" xtl="1" ytl="2" xbr="3" ybr="4"/></image></annotations>''')
        >>> found.entries[0].items[0].shape
        Box(x1=1.0, y1=2.0, x2=3.0, y2=4.0, angle=0.0)
    """
    drafts = Drafts()
    tracks = Tracks()
    is_root = True
    try:
        for event, element in _walk(source):
            if is_root and element.tag != "annotations":
                raise NotCvat
            is_root = False
            if event == "end":
                _take(drafts, tracks, element)
    except DocumentInvalid as error:
        if is_root:
            raise NotCvat(f"{NotCvat.__doc__} {error.detail}") from error
        drafts.fault(error.detail, place="the file")
    tracks.put(drafts)
    return drafts.listing()


def write(
    entries: Sequence[Entry],
    class_names: Sequence[str] = (),
    *,
    skeletons: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[str]:
    """Yield the pieces of annotations.xml. Images without an answer are left out, or it would say: nothing here.

    Args:
        entries: The images.
        class_names: The classes in their order.
        skeletons: By class, "points" (names), "edges" (pairs of their places, from 0) and "layout" (places, 0 to 1).

    Example:
        >>> entry = Entry(name="1.jpg", answer="objects", width=8, height=6)
        >>> '<image id="0" name="1.jpg" width="8" height="6" />' in "".join(write([entry]))
        True
    """
    used = {name for entry in entries for name in _names(entry)} - set(class_names)
    yield '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n'
    meta = Element("meta")
    labels = SubElement(SubElement(meta, "task"), "labels")
    for name in [*class_names, *sorted(used)]:
        SubElement(label := SubElement(labels, "label"), "name").text = plain_xml(name)
        if skeletons and name in skeletons:
            cvat_skeletons.describe(labels, label, skeletons[name])
    names = {name: [plain_xml(point) for point in told["points"]] for name, told in (skeletons or {}).items()}
    yield _xml(meta)
    for at, entry in enumerate(entries):
        if entry.answer in ("class", "objects"):
            yield _xml(_image(at, entry, names))
    yield "</annotations>\n"


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what CVAT's XML cannot carry: kind to number of images or objects.

    Example:
        >>> lost([Entry(name="1.jpg"), Entry(name="2.jpg", answer="not_sure")])
        {'answers other than a class or objects': 1, 'images without an answer, which are left out': 1}
    """
    found = losses.count(entries, _CARRIED)
    if losses.HOLES in found:
        found["polygons with holes, which become masks"] = found.pop(losses.HOLES)
    unanswered, kept = 0, 0
    for entry in entries:
        unanswered += entry.answer == "none"
        kept += bool(entry.attributes) and entry.answer == "class"
    counts = {
        losses.IMAGE_ATTRIBUTES: found.pop(losses.IMAGE_ATTRIBUTES, 0) - kept,
        "images without an answer, which are left out": unanswered,
    }
    return found | {kind: count for kind, count in counts.items() if count}


def _walk(source: Source) -> Iterator[tuple[str, Element]]:
    """Yield the start of the root and the ends of its children, each of which is then forgotten."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    depth = 0
    try:
        with opened(source) as file:
            for event, element in iterparse(file, ("start", "end"), forbid_dtd=True):
                depth += 1 if event == "start" else -1
                if depth == 1 and event == "start":
                    root = element
                    yield event, element
                elif depth == 1:
                    yield event, element
                    root.clear()
    except DefusedXmlException as error:
        raise DocumentInvalid("The XML declares a document type or entities, which are not read.") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise DocumentInvalid("The XML is broken; what follows the last whole image was not read.") from error


def _take(drafts: Drafts, tracks: Tracks, element: Element) -> None:
    if element.tag == "meta":
        for name, described in cvat_skeletons.labels(element):
            drafts.add_class(name, **described)
        size = element.find(".//original_size")
        if size is not None:
            tracks.size = (
                to_size((size.findtext("width") or "").strip()),
                to_size((size.findtext("height") or "").strip()),
            )
    elif element.tag == "image":
        _read_image(drafts, element)
    elif element.tag == "track":
        _read_track(drafts, tracks, element)


def _read_track(drafts: Drafts, tracks: Tracks, element: Element) -> None:
    label, key = drafts.add_class(element.get("label")), element.get("id", "?")[:20]
    moments = []
    for at, child in enumerate(element, start=1):
        place = f"track {key}, {child.tag[:50]} {at}"
        try:
            if child.tag not in _READERS:
                raise ShapeInvalid("This kind of shape is not known.")
            frame = number(child.get("frame"), "frame")
            is_gone = child.get("outside") == "1"
            moments.append(Moment(frame, None if is_gone else _read_shape(drafts, child), _attributes(child), place))
        except Invalid as error:
            drafts.fault(error.detail, at, place)
    try:
        tracks.add(label, moments)
    except Invalid as error:
        drafts.fault(error.detail, place=f"track {key}")


def _read_image(drafts: Drafts, element: Element) -> None:
    name = element.get("name")
    if not name:
        drafts.fault("The image has no “name”.", place=f"image {element.get('id', '?')[:20]}")
        return
    draft = drafts.image(name)
    draft.width, draft.height = to_size(element.get("width")), to_size(element.get("height"))
    draft.split = to_split(element.get("subset"))
    draft.answer = "objects"
    for at, child in enumerate(element, start=1):
        place = f"{name[:200]}, {child.tag[:50]} {at}"
        if child.tag == "tag":
            _read_tag(drafts, draft, child, place)
        elif child.tag in _READERS:
            drafts.put(
                draft,
                drafts.add_class(child.get("label")),
                lambda child=child: _read_shape(drafts, child),  # type: ignore[misc]
                line=at,
                place=place,
                attributes=_attributes(child),
                extra={"z": int(z)}
                if (z := child.get("z_order", "")).isdecimal() and 0 < len(z) < 9 and int(z)
                else {},
            )
        else:
            draft.is_spoiled = True
            drafts.fault("This kind of shape is not known.", at, place)


def _read_tag(drafts: Drafts, draft: Draft, element: Element, place: str) -> None:
    name = drafts.add_class(element.get("label"))
    if name is None:
        draft.is_spoiled = True
        drafts.fault("The tag has no label.", place=place)
        return
    drafts.put_whole(draft, name, attributes=_attributes(element))


def _attributes(element: Element) -> dict[str, str | float | bool]:
    found: dict[str, object] = {"occluded": True} if element.get("occluded") == "1" else {}
    for attribute in element.iterfind("attribute"):
        if name := attribute.get("name"):
            found[name] = from_words(attribute.text or "")
    return to_attributes(found)


def _of(element: Element, *names: str) -> list[float]:
    return [number(element.get(name), name) for name in names]


def _points(element: Element) -> list[float]:
    words = element.get("points", "").replace(";", ",").split(",")
    if len(words) > 400_000:
        raise ShapeInvalid("The field “points” has more than 100,000 points.")
    return [number(word, "points") for word in words]


def _read_box(element: Element) -> Shape:
    angle = number(element.get("rotation", "0"), "rotation")
    x1, y1, x2, y2 = _of(element, "xtl", "ytl", "xbr", "ybr")
    return Box(x1, y1, x2, y2, angle)


def _read_ellipse(element: Element) -> Shape:
    angle = number(element.get("rotation", "0"), "rotation")
    cx, cy, rx, ry = _of(element, "cx", "cy", "rx", "ry")
    return Ellipse(cx, cy, rx, ry, angle)


def _read_points(element: Element) -> Shape:
    values = _points(element)
    if len(values) % 2:
        raise ShapeInvalid(f"The field “points” has an odd number of numbers, {len(values):,}.")
    if len(values) == 2:
        return Point(values[0], values[1])
    return Keypoints(tuple((x, y, 2) for x, y in zip(values[::2], values[1::2], strict=True)))


def _read_shape(drafts: Drafts, element: Element) -> Shape:
    if element.tag != "skeleton":
        return _READERS[element.tag](element)
    described = drafts.classes.get(drafts.add_class(element.get("label")) or "", {}).get("skeleton")
    return _read_skeleton(element, described["points"] if isinstance(described, dict) else ())


def _read_skeleton(element: Element, names: Sequence[str] = ()) -> Shape:
    points: dict[str, tuple[float, float, int]] = {}
    for at, child in enumerate(element.iterfind("points")):
        values = _points(child)
        if len(values) != 2:
            raise ShapeInvalid("A point of a skeleton has not two numbers.")
        v = 0 if child.get("outside") == "1" else 1 if child.get("occluded") == "1" else 2
        label = (child.get("label") or "").strip()
        points[f"{label}, {at}" if label in points or not label else label] = (values[0], values[1], v)
    return Keypoints(cvat_skeletons.arranged(points, names) if points else ())


def _read_mask(element: Element) -> Shape:
    left, top, width, height = (int(value) if abs(value) < 2**31 else 0 for value in _of(element, *_CROP))
    if width < 1 or height < 1 or width * height > rle.MAX_PIXELS:
        raise ShapeInvalid(f"The mask of {width:,} × {height:,} pixels is empty or too large.")
    words = element.get("rle", "").split(",")
    values = [number(word, "rle") for word in words]
    runs = np.array([int(value) if 0 <= value < 2**31 else -1 for value in values], np.int64)
    rle.check(runs, width * height)
    flat = np.repeat(np.arange(runs.size) % 2 == 1, runs)
    return masks.from_array(flat.reshape(height, width), left, top) or masks.nothing()


_CROP = ("left", "top", "width", "height")
_READERS: dict[str, Callable[[Element], Shape]] = {
    "box": _read_box,
    "ellipse": _read_ellipse,
    "polygon": lambda element: Polygon((tuple(_points(element)),)),
    "polyline": lambda element: Polyline(tuple(_points(element))),
    "points": _read_points,
    "skeleton": _read_skeleton,
    "mask": _read_mask,
}


def _names(entry: Entry) -> Iterator[str]:
    if entry.class_name:
        yield entry.class_name
    for item in entry.items:
        yield item.class_name


def _image(at: int, entry: Entry, points: Mapping[str, Sequence[str]]) -> Element:
    root = Element("image", {"id": str(at), "name": plain_xml(entry.name)})
    if entry.split:
        root.set("subset", entry.split)
    for side, value in (("width", entry.width), ("height", entry.height)):
        if value:
            root.set(side, str(value))
    if entry.class_name:
        tag = SubElement(root, "tag", {"label": plain_xml(entry.class_name), "source": "manual"})
        _add_attributes(tag, entry.attributes)
    for item in entry.items:
        if item.is_whole:
            tag = SubElement(root, "tag", {"label": plain_xml(item.class_name), "source": "manual"})
            _add_attributes(tag, item.attributes)
        for kind, values in _shapes(item.shape, entry):
            _add(root, kind, values, item, points.get(item.class_name, ()))
    return root


def _add(root: Element, tag: str, values: Mapping[str, str], item: Item, names: Sequence[str]) -> None:
    is_hidden = "1" if item.attributes.get("occluded") is True else "0"
    z = item.extra.get("z")
    known = {"label": plain_xml(item.class_name), "source": "manual", "occluded": is_hidden}
    element = SubElement(root, tag, {**known, **values, "z_order": str(z) if isinstance(z, int) else "0"})
    if isinstance(item.shape, Keypoints) and tag == "skeleton":
        labels = (
            names if len(names) == len(item.shape.points) else [str(at + 1) for at in range(len(item.shape.points))]
        )
        for label, (x, y, v) in zip(labels, item.shape.points, strict=True):
            flags = {"outside": str(int(v == 0)), "occluded": str(int(v == 1))}
            SubElement(element, "points", {"label": label, "points": _pairs((x, y)), **flags})
    _add_attributes(element, {k: v for k, v in item.attributes.items() if not (k == "occluded" and v is True)})


def _add_attributes(element: Element, attributes: Mapping[str, str | float | bool]) -> None:
    for name, value in attributes.items():
        attribute = SubElement(element, "attribute", {"name": plain_xml(name)})
        attribute.text = str(value).lower() if isinstance(value, bool) else plain_xml(str(value))


def _shapes(shape: Shape, entry: Entry) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the elements, tag and fields, of a shape: one, but for polygons of several parts of unknown size."""
    match shape:
        case Box():
            corners = dict(zip(("xtl", "ytl", "xbr", "ybr"), _words(shape, "x1", "y1", "x2", "y2"), strict=True))
            yield "box", corners | ({"rotation": f"{shape.angle % 360:.10g}"} if shape.angle else {})
        case Ellipse():
            fields = dict(zip(("cx", "cy", "rx", "ry"), _words(shape, "cx", "cy", "rx", "ry"), strict=True))
            yield "ellipse", fields | ({"rotation": f"{shape.angle % 360:.10g}"} if shape.angle else {})
        case Polygon() if len(shape.rings) > 1 and entry.width and entry.height:
            yield "mask", _mask(to_mask(shape, entry.width, entry.height))
        case Polygon():
            yield from (("polygon", {"points": _pairs(ring)}) for ring in shape.rings)
        case Mask():
            yield "mask", _mask(shape)
        case Keypoints():
            yield "skeleton", {}
        case Polyline():
            yield "polyline", {"points": _pairs(shape.points)}
        case Point():
            yield "points", {"points": _pairs((shape.x, shape.y))}


def _words(shape: Any, *names: str) -> list[str]:
    return [f"{getattr(shape, name):.10g}" for name in names]


def _pairs(values: Sequence[float]) -> str:
    return ";".join(f"{x:.10g},{y:.10g}" for x, y in zip(values[::2], values[1::2], strict=True))


def _mask(mask: Mask) -> dict[str, str]:
    flat = mask.to_array().ravel()
    edges = np.flatnonzero(np.diff(flat, prepend=False))  # A run of what is off comes first, if of no pixel.
    runs = np.diff(np.concatenate([[0], edges, [flat.size]])).tolist()
    crop = {"left": mask.x, "top": mask.y, "width": mask.width, "height": mask.height}
    return {"rle": ", ".join(map(str, runs)), **{key: str(value) for key, value in crop.items()}}


def _xml(element: Element) -> str:
    indent(element)
    return tostring(element, encoding="unicode") + "\n"
