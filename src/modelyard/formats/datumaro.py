"""Datumaro's JSON: a file for each split, with classes and every kind of shape. It touches no picture.

    annotations/train.json   {"categories": {"label": {"labels": [{"name": "bun"}]},
                                             "points": {"items": [{"label_id": 0, "labels": […], "joints": [[1, 2]]}]}},
                              "items": [{"id": "a", "image": {"path": "a.jpg", "size": [height, width]}, "attr": {…},
                                         "annotations": [{"type": "bbox", "label_id": 0, "bbox": [x, y, w, h], …}]}]}

An item without annotations says that there is nothing here; each annotation of type "label" is a class of the whole
image. Polygons have no holes: those with some become masks.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from modelyard.formats import losses
from modelyard.formats.coco import from_runs
from modelyard.formats.documents import DocumentInvalid, walk_json
from modelyard.formats.drafts import Draft, Drafts, to_attributes, to_size
from modelyard.formats.entries import Entry, Item, Listing, by_split, to_split, where
from modelyard.geometry import masks
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
    number,
)
from modelyard.geometry.shapes import to_mask

_CARRIED = (*losses.EVERY_SHAPE, losses.ATTRIBUTES, losses.IMAGE_ATTRIBUTES, losses.CLASSES, losses.SPLITS)


def read(files: Mapping[str, Path]) -> Listing:
    """Return what every file of annotations says; an annotation that cannot be used is a fault and stops nothing.

    Args:
        files: Every file of the data set, by its path with `/`; those in `annotations` that end in .json are read.

    Example:
        >>> read({}).entries
        []
    """
    drafts = Drafts()
    for name in sorted(files):
        if not name.endswith(".json") or PurePosixPath(name).parent.name not in ("annotations", ""):
            continue
        try:
            _read_file(drafts, name, files[name])
        except DocumentInvalid as error:
            drafts.fault(error.detail, place=name)
    return drafts.listing()


def write(
    entries: Sequence[Entry],
    class_names: Sequence[str] = (),
    *,
    skeletons: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield (path, pieces) of the file of each split. Images without an answer are left out.

    Args:
        entries: The images.
        class_names: The classes in their order.
        skeletons: By class, "points" (names) and "edges" (pairs of their places, from 0).

    Example:
        >>> [path for path, _ in write([Entry(name="1.jpg", answer="objects", split="val")])]
        ['annotations/val.json']
    """
    used = {name for entry in entries for name in _classes(entry)} - set(class_names)
    numbers = {name: at for at, name in enumerate([*class_names, *sorted(used)])}
    kept = where(entries, lambda entry: entry.answer in ("class", "objects"))
    for split, own in by_split(kept):
        yield f"annotations/{split or 'default'}.json", _pieces(own, numbers, skeletons or {})


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what Datumaro's JSON cannot carry: kind to number of images or objects.

    Example:
        >>> lost([Entry(name="1.jpg")])
        {'images without an answer, which are left out': 1}
    """
    found = losses.count(entries, _CARRIED)
    if losses.HOLES in found:
        found["polygons with holes, which become masks"] = found.pop(losses.HOLES)
    turned, unanswered = 0, 0
    for entry in entries:
        turned += sum(isinstance(item.shape, Ellipse) and item.shape.angle != 0 for item in entry.items)
        unanswered += entry.answer == "none"
    counts = {
        "turned ellipses, which become polygons": turned,
        "images without an answer, which are left out": unanswered,
    }
    return found | {kind: count for kind, count in counts.items() if count}


def _classes(entry: Entry) -> Iterator[str]:
    yield from (item.class_name for item in entry.items)
    if entry.class_name:
        yield entry.class_name


def _read_file(drafts: Drafts, name: str, path: Path) -> None:
    names: list[str | None] = []
    try:
        for key, _, value in walk_json(path):
            if key == "categories":
                names = _labels(drafts, value)
                break
    except DocumentInvalid:
        pass  # It is told below, after what came before it.
    split = to_split(PurePosixPath(name).stem)
    for key, index, value in walk_json(path):
        if key == "items" and index >= 0:
            _read_item(drafts, value, names, split, f"{name}, items[{index}]")


def _labels(drafts: Drafts, value: object) -> list[str | None]:
    label = value.get("label") if isinstance(value, Mapping) else None
    rows = label.get("labels") if isinstance(label, Mapping) else None
    given = [row.get("name") if isinstance(row, Mapping) else None for row in rows] if isinstance(rows, list) else []
    points = value.get("points") if isinstance(value, Mapping) else None
    told = points.get("items") if isinstance(points, Mapping) else None
    described = {
        row["label_id"]: {"keypoints": row.get("labels"), "skeleton": row.get("joints")}
        for row in (told if isinstance(told, list) else [])
        if isinstance(row, Mapping) and type(row.get("label_id")) is int
    }
    return [drafts.add_class(name, **described.get(at, {})) for at, name in enumerate(given)]


def _read_item(drafts: Drafts, row: object, names: Sequence[str | None], split: str | None, place: str) -> None:
    image = row.get("image") if isinstance(row, Mapping) else None
    path = image.get("path") if isinstance(image, Mapping) else None
    path = path or (row.get("id") if isinstance(row, Mapping) else None)
    if not isinstance(row, Mapping) or not isinstance(path, str):
        drafts.fault("The item has neither an “id” nor a picture's “path”.", place=place)
        return
    draft = drafts.image(path)
    draft.split, draft.answer = split, "objects"
    draft.attributes = to_attributes(row.get("attr"))
    size = image.get("size") if isinstance(image, Mapping) else None
    if isinstance(size, list) and len(size) == 2:
        draft.height, draft.width = to_size(size[0]), to_size(size[1])
    annotations = row.get("annotations")
    for at, annotation in enumerate(annotations if isinstance(annotations, list) else []):
        _read_annotation(drafts, draft, annotation, names, f"{place}, annotations[{at}]")


def _read_annotation(drafts: Drafts, draft: Draft, row: object, names: Sequence[str | None], place: str) -> None:
    kind = row.get("type") if isinstance(row, Mapping) else None
    if not isinstance(row, Mapping) or not isinstance(kind, str) or (kind not in _READERS and kind != "label"):
        draft.is_spoiled = True
        drafts.fault("This kind of annotation is not known.", place=place)
        return
    at = row.get("label_id")
    name = names[at] if isinstance(at, int) and not isinstance(at, bool) and 0 <= at < len(names) else None
    if kind == "label":
        if name is None:
            draft.is_spoiled = True
            drafts.fault("The class of the image has no name.", place=place)
        else:
            drafts.put_whole(draft, name, attributes=to_attributes(row.get("attributes")))
        return
    z = row.get("z_order")
    drafts.put(
        draft,
        name,
        lambda: _READERS[kind](row),
        place=place,
        attributes=to_attributes(row.get("attributes")),
        extra={"z": z} if isinstance(z, int) and 0 < z < 2**31 else {},
    )


def _numbers(row: Mapping[str, Any], name: str, count: int | None = None) -> list[float]:
    values = row.get(name)
    if not isinstance(values, list) or (count is not None and len(values) != count) or len(values) > 400_000:
        raise ShapeInvalid(f"The field “{name}” must be a list of {count or 'at most 400,000'} numbers.")
    return [number(str(row["type"]), name, value) for value in values]


def _read_box(row: Mapping[str, Any]) -> Shape:
    x, y, width, height = _numbers(row, "bbox", 4)
    return Box(x, y, x + width, y + height)


def _read_turned_box(row: Mapping[str, Any]) -> Shape:
    cx, cy, width, height, angle = _numbers(row, "bbox", 5)
    return Box(cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2, angle)


def _read_ellipse(row: Mapping[str, Any]) -> Shape:
    x1, y1, x2, y2 = _numbers(row, "points", 4)
    return Ellipse((x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2, (y2 - y1) / 2)


def _read_mask(row: Mapping[str, Any]) -> Shape:
    value = row.get("rle")
    if not isinstance(value, Mapping):
        raise ShapeInvalid("The field “rle” of the mask is missing.")
    return from_runs(value)


def _read_points(row: Mapping[str, Any]) -> Shape:
    values = _numbers(row, "points")
    if len(values) % 2:
        raise ShapeInvalid(f"The field “points” has an odd number of numbers, {len(values):,}.")
    if len(values) == 2:
        return Point(values[0], values[1])
    seen = row.get("visibility") or [2] * (len(values) // 2)
    if not isinstance(seen, list) or len(seen) != len(values) // 2:
        raise ShapeInvalid("The field “visibility” must have a number for each point.")
    return Keypoints(tuple(zip(values[::2], values[1::2], seen, strict=True)))


_READERS: dict[str, Callable[[Mapping[str, Any]], Shape]] = {
    "bbox": _read_box,
    "rotated_bbox": _read_turned_box,
    "polygon": lambda row: Polygon((tuple(_numbers(row, "points")),)),
    "polyline": lambda row: Polyline(tuple(_numbers(row, "points"))),
    "points": _read_points,
    "ellipse": _read_ellipse,
    "mask": _read_mask,
}


def _pieces(
    entries: Iterable[Entry], numbers: Mapping[str, int], skeletons: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    labels = [{"name": name, "parent": "", "attributes": []} for name in numbers]
    yield '{"info": {}, "categories": '
    categories: dict[str, Any] = {"label": {"labels": labels, "attributes": []}}
    if points := [_points_of(at, skeletons[name]) for name, at in numbers.items() if name in skeletons]:
        categories["points"] = {"attributes": [], "items": points}
    yield json.dumps(categories, ensure_ascii=False)
    yield ', "items": '
    before = "["
    for entry in entries:
        yield f"{before}\n{json.dumps(_item(entry, numbers), ensure_ascii=False)}"
        before = ","
    yield "]}\n"


def _points_of(at: int, skeleton: Mapping[str, Any]) -> dict[str, object]:
    joints = [[a + 1, b + 1] for a, b in skeleton["edges"]]  # Datumaro counts points from 1, as COCO does.
    return {"label_id": at, "labels": list(skeleton["points"]), "joints": joints}


def _item(entry: Entry, numbers: Mapping[str, int]) -> dict[str, object]:
    image: dict[str, object] = {"path": entry.name}
    if entry.width and entry.height:
        image["size"] = [entry.height, entry.width]
    rows: list[dict[str, object]] = []
    if entry.class_name:
        rows.append({"type": "label", "label_id": numbers[entry.class_name], "attributes": {}, "group": 0})
    for item in entry.items:
        places = [{"type": "label"}] if item.is_whole else _drawn(item.shape, entry)
        rows += [{**_common(item, numbers), **place} for place in places]
    stem = str(PurePosixPath(entry.name).with_suffix(""))
    said = {"attr": dict(entry.attributes)} if entry.attributes else {}
    return {"id": stem, **said, "image": image, "annotations": [{"id": at, **row} for at, row in enumerate(rows)]}


def _common(item: Item, numbers: Mapping[str, int]) -> dict[str, object]:
    z = item.extra.get("z", 0)
    return {"attributes": dict(item.attributes), "group": 0, "label_id": numbers[item.class_name], "z_order": z}


def _drawn(shape: Shape, entry: Entry) -> Iterator[dict[str, object]]:
    x1, y1, x2, y2 = shape.bounds()
    match shape:
        case Box() if shape.angle:
            sides = [(shape.x1 + shape.x2) / 2, (shape.y1 + shape.y2) / 2, shape.x2 - shape.x1, shape.y2 - shape.y1]
            yield {"type": "rotated_bbox", "bbox": [*sides, shape.angle]}
        case Box():
            yield {"type": "bbox", "bbox": [x1, y1, x2 - x1, y2 - y1]}
        case Ellipse() if shape.angle:
            yield {"type": "polygon", "points": list(shape.corners())}
        case Ellipse():
            yield {"type": "ellipse", "points": [x1, y1, x2, y2]}
        case Polygon() if len(shape.rings) == 1:
            yield {"type": "polygon", "points": list(shape.rings[0])}
        case Polygon() | Mask():
            width, height = entry.width or int(x2 + 1), entry.height or int(y2 + 1)
            whole = masks.reframe(to_mask(shape, width, height), (0, 0, width, height))
            yield {"type": "mask", "rle": {"counts": whole.counts, "size": [height, width]}}
        case Keypoints():
            flat = [value for point in shape.points for value in point[:2]]
            yield {"type": "points", "points": flat, "visibility": [point[2] for point in shape.points]}
        case Polyline():
            yield {"type": "polyline", "points": list(shape.points)}
        case Point():
            yield {"type": "points", "points": [shape.x, shape.y], "visibility": [2]}
