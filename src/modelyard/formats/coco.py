"""COCO JSON: images, categories and annotations in one file. It touches no picture.

    {"images": [{"id": 1, "file_name": "a.jpg", "width": 640, "height": 480, "split": "train"}],
     "categories": [{"id": 1, "name": "bun", "supercategory": ""}],
     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [x, y, width, height], "area": 12.0,
                      "iscrowd": 0, "segmentation": [[x, y, …]], "attributes": {"burnt": true}}]}

COCO describes objects in images. For classification an annotation is about the whole image: it has a category and no
`bbox`, `area` or `segmentation`, because nobody drew one; an image with several classes has several of them. `split`
and `answer` of an image and `attributes` of an annotation are fields that COCO does not know and readers skip.

A segmentation is a list of polygons or run lengths, packed or plain, whatever `iscrowd` says. Several polygons are
one object. Holes cannot be polygons: an object that has some is written as run lengths. Numbers may be texts, as some
tools write them; `info` and `licenses` may be missing, and categories that nothing has are no fault.
"""

import json
import math
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import merge
from typing import Any

import numpy as np

from modelyard.errors import Invalid
from modelyard.formats import losses
from modelyard.formats.columns import Columns
from modelyard.formats.documents import DocumentInvalid, Source, walk_json
from modelyard.formats.documents import number as to_number
from modelyard.formats.drafts import SLACK_PX, Draft, Drafts, text, to_attributes, to_size
from modelyard.formats.entries import ANSWERS, Entry, Item, Listing, to_split
from modelyard.formats.spool import NOTHING, Row, Spool
from modelyard.geometry import masks, rle
from modelyard.geometry.kinds import Box, Ellipse, Keypoints, Mask, Polygon, Shape, ShapeInvalid, Whole, number
from modelyard.geometry.shapes import to_mask

PREFERENCE = ("keypoints", "segmentation", "bbox")

_CARRIED = (
    losses.OBJECTS,
    losses.BOXES,
    losses.POLYGONS,
    losses.FLAT,
    losses.MASKS,
    losses.KEYPOINTS,
    losses.CLASSES,
)
_SHAPES = (Box, Polygon, Ellipse, Mask, Whole)
_WHOLE = re.compile(r"0|-?[1-9]\d{0,17}", re.ASCII)
_MORE = ("segmentation", "keypoints", "attributes", "iscrowd", "score")


class NotCoco(Invalid):
    """This file is no COCO JSON: it has no list of “images”."""


def read(source: Source, *, prefer: Sequence[str] = PREFERENCE, empty: str = "objects") -> Listing:
    """Return what the file says; an annotation that cannot be used is a fault and stops nothing.

    Args:
        source: The file. Its lists are read element by element.
        prefer: Which of "keypoints", "segmentation" and "bbox" is an annotation's shape if it has several.
        empty: The answer for an image without annotations in a file of objects: "objects" (nothing here) or "none".

    Raises:
        NotCoco: There is no list of images.

    Example:
        >>> found = read(b'''{"images": [{"id": 7, "file_name": "1.jpg"}], "categories": [{"id": 3, "name": "bun"}],
        ... "annotations": [{"image_id": 7, "category_id": 3, "bbox": [1, 2, 3, 4]}]}''')
        >>> found.entries[0].items[0].shape
        Box(x1=1.0, y1=2.0, x2=4.0, y2=6.0, angle=0.0)
    """
    reader = _Reader(prefer)
    try:
        for key, index, value in walk_json(source):
            reader.take(key, index, value)
    except DocumentInvalid as error:
        reader.drafts.fault(error.detail, place="the file")
    if not reader.has_images:
        raise NotCoco(reader.drafts.faults[0].reason if reader.drafts.faults else None)
    return reader.listing(empty)


def write(entries: Sequence[Entry], class_names: Sequence[str | Mapping[str, object]] = ()) -> Iterator[str]:
    """Yield the pieces of the file; categories are `class_names` in their order, numbered from 1.

    Args:
        entries: The images. Masks and holes need the width and height of theirs.
        class_names: Names, or classes as `read` returns them, with "keypoints" and "skeleton".

    Example:
        >>> text = "".join(write([Entry(name="1.jpg", class_name="bun", answer="class")], ["roll", "bun"]))
        >>> json.loads(text)["annotations"]
        [{'id': 1, 'image_id': 1, 'category_id': 2}]
    """
    numbers = _Numbers(str(row) if isinstance(row, str) else str(row["name"]) for row in class_names)
    is_drawn = any(not item.is_whole for entry in entries for item in entry.items)
    # What is drawn is looked up once, for the annotations, where it does not say more of the images.
    bare: Sequence[Entry] = getattr(entries, "heads", entries) if is_drawn else entries
    has_objects = any(entry.answer == "objects" for entry in bare)
    untold: set[int] = set()  # images none of whose objects COCO carries, known once their annotations are written
    yield '{"info": {"description": "Exported by Modelyard"}, "licenses": [],\n"annotations": '
    rows = (row for at, entry in enumerate(entries, start=1) for row in _annotations(at, entry, numbers, untold))
    yield from _array(f'{{"id": {at}, {row[1:]}' for at, row in enumerate(rows, start=1))
    yield ',\n"images": '
    images = (_image(at, entry, has_objects, is_drawn) for at, entry in enumerate(bare, start=1))
    yield from _array(_json({**row, "answer": "none"} if row["id"] in untold else row) for row in images)
    yield ',\n"categories": '
    yield _json(_categories(numbers, class_names))
    yield "}\n"


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what COCO cannot carry: kind to number of images or objects.

    Example:
        >>> lost([Entry(name="1.jpg", answer="not_sure"), Entry(name="2.jpg", split="val")])
        {'answers other than a class': 1, 'splits, but for a field that COCO does not know': 1}
    """
    names = {
        losses.ANSWERS: "answers other than a class",
        losses.SPLITS: "splits, but for a field that COCO does not know",
        losses.ATTRIBUTES: "attributes, but for a field that COCO does not know",
        losses.HOLES: "polygons with holes, which become masks",
        losses.ELLIPSES: "ellipses, which become polygons",
        losses.ROTATION: "rotation of boxes and ellipses, which become polygons",
    }
    return {names.get(kind, kind): number for kind, number in losses.count(entries, _CARRIED).items()}


def from_runs(value: Mapping[str, Any]) -> Mask:
    """Return the mask of run lengths as COCO says them, packed or plain, in a crop as large as the image.

    Raises:
        Invalid: They are none.

    Example:
        >>> from_runs({"size": [2, 3], "counts": [1, 3, 2]})
        Mask(x=0, y=0, width=3, height=2, counts='132')
    """
    size, counts = value.get("size"), value.get("counts")
    height, width = (to_size(side) for side in size) if isinstance(size, list) and len(size) == 2 else (None, None)
    if width is None or height is None:
        raise ShapeInvalid("The field “size” of the segmentation must be height and width in pixels.")
    if width * height > rle.MAX_PIXELS:
        raise ShapeInvalid(f"The mask of {width:,} × {height:,} pixels has more than {rle.MAX_PIXELS:,} pixels.")
    if isinstance(counts, list):
        counts = rle.from_runs(counts, width, height)
    return Mask(0, 0, width, height, counts)  # type: ignore[arg-type]


class _Reader:
    def __init__(self, prefer: Sequence[str]) -> None:
        self.drafts = Drafts()
        self.has_images = False
        self._ways = [_WAYS[name] for name in prefer] + [way for name, way in _WAYS.items() if name not in prefer]
        self._images: dict[int | str, Draft] = {}
        self._categories: dict[int | str, str] = {}
        self._others = Spool()  # annotations that are not plain, until images and categories are known
        self._drawn_into: set[int | str] = set()  # ids of their images
        self._plain = Columns()
        self._ids = _Ids()

    def take(self, key: str, index: int, value: object) -> None:
        """Take an element of the list of this key."""
        takers = {"images": self._image, "categories": self._category, "annotations": self._annotation}
        taker = takers.get(key)
        self.has_images = self.has_images or key == "images"
        if taker is None or (index < 0 and value == []):
            return
        place = f"{key}[{index}]" if index >= 0 else key
        if not isinstance(value, Mapping):
            self.drafts.fault("It is not a JSON object.", index + 1, place)
            return
        try:
            taker(value, index, place)
        except Invalid as error:
            self.drafts.fault(error.detail, index + 1, place)

    def listing(self, empty: str) -> Listing:
        """Return everything, now that images, categories and annotations have all come."""
        count, first = self._ids.repeated()
        if count:
            reason = f"The id of this annotation is another's as well ({count:,} are so); all were kept."
            self.drafts.fault(reason, place=f"annotations[{first}]")
        rest = self._place_plain()
        for row in merge(self._others, rest, key=lambda row: row.line):
            self._place(row)
        if any(draft.objects.length or draft.boxes for draft in self._images.values()):
            for draft in self._images.values():
                if draft.answer == "none" and "answer" not in draft.extra:
                    draft.answer = empty
        for draft in self._images.values():
            said = draft.extra.pop("answer", None)
            if draft.answer == "none" and said in ANSWERS and said != "class":
                draft.answer = str(said)
        return self.drafts.listing()

    def _image(self, row: Mapping[str, Any], index: int, place: str) -> None:
        key, name = _id(row, "id"), row.get("file_name")
        if not isinstance(name, str) or not name:
            raise DocumentInvalid("The image has no “file_name”.")
        if key in self._images:
            raise DocumentInvalid(f"The image's id {key!r} is used twice; the second was left out.")
        draft = self._images[key] = self.drafts.image(name)
        draft.width, draft.height = to_size(row.get("width")), to_size(row.get("height"))
        split = row.get("split")
        draft.split = to_split(split) if isinstance(split, str) else None
        if isinstance(row.get("answer"), str):
            draft.extra["answer"] = row["answer"]

    def _category(self, row: Mapping[str, Any], index: int, place: str) -> None:
        key = _id(row, "id")
        more = {
            name: row[name]
            for name in ("supercategory", "keypoints", "skeleton")
            if row.get(name) and _is_plain(row[name])
        }
        name = self.drafts.add_class(row.get("name"), **more)
        if name is None:
            raise DocumentInvalid("The category has no “name”.")
        if key in self._categories:
            raise DocumentInvalid(f"The category's id {key!r} is used twice; the second was left out.")
        self._categories[key] = name

    def _place_plain(self) -> Iterator[Row]:
        """Give images their boxes where these are all plain; return the others, to be placed one by one."""
        drafts = list(self._images.values())
        places = {key: at for at, key in enumerate(self._images)}
        others = [places[key] for key in self._drawn_into if key in places]
        sizes = [(draft.width or math.inf, draft.height or math.inf) for draft in drafts]
        sizes = [size if math.inf not in size else (math.inf, math.inf) for size in sizes]
        boxes, rest = self._plain.sort(list(places), sizes, self._categories, slack=SLACK_PX, others=others)
        for place, found in boxes.items():
            drafts[place].boxes, drafts[place].answer = found, "objects"
        return (Row(self._item(row), index) for index, row in rest)

    def _annotation(self, row: Mapping[str, Any], index: int, place: str) -> None:
        if "id" in row:
            self._ids.add(_id(row, "id"), index)
        has_more = any(map(row.get, _MORE))
        if has_more or not self._plain.take(index, row.get("image_id"), row.get("category_id"), row.get("bbox")):
            self._others.add(self._item(row), NOTHING, line=index)
            self._drawn_into.add(_id(row, "image_id"))

    def _item(self, row: Mapping[str, Any]) -> Item:
        """Return an annotation as it waits for its image and its category, which may come behind it."""
        said: dict[str, object] = {"image": _id(row, "image_id"), "category": _id(row, "category_id")}
        said |= {key: row[key] for key in ("iscrowd", "score") if isinstance(row.get(key), int | float) and row[key]}
        shape: Shape | None = None
        try:
            shape = next((shape for way in self._ways if (shape := way(row)) is not None), None)
        except Invalid as error:
            said["reason"] = error.detail
        return Item(class_name="", shape=shape or Whole(), attributes=to_attributes(row.get("attributes")), extra=said)

    def _place(self, row: Row) -> None:
        item, index = row.item, row.line
        extra: dict[str, Any] = dict(item.extra)
        image, category, reason = extra.pop("image"), extra.pop("category"), extra.pop("reason", None)
        place = f"annotations[{index}]"
        draft, name = self._images.get(image), self._categories.get(category)
        if draft is not None and name is None:
            draft.is_spoiled = True
        if draft is None or name is None:
            missing = f"image {image!r}" if draft is None else f"category {category!r}"
            self.drafts.fault(f"There is no {missing}.", index + 1, place)
            return
        attributes = dict(item.attributes)
        if item.is_whole and reason is None:
            self.drafts.put_whole(draft, name, attributes=attributes)
            return
        shape = item.shape
        if isinstance(shape, Box) and isinstance(turn := attributes.get("rotation"), float):  # CVAT's way to say it
            del attributes["rotation"]
            shape = replace(shape, angle=turn % 360)
        self.drafts.put(
            draft,
            name,
            lambda: _checked(shape, draft, reason),
            line=index + 1,
            place=place,
            attributes=attributes,
            extra=extra,
        )


class _Ids:
    """The ids of annotations, to tell which come twice, as some tools write them; a million take 16 MB."""

    def __init__(self) -> None:
        self._numbers, self._lines = array("q"), array("q")
        self._texts: dict[str, int] = {}

    def add(self, key: int | str, line: int) -> None:
        """Take in an id; a text counts as a number of its own."""
        if isinstance(key, str):
            key = -(2**63) + self._texts.setdefault(key, len(self._texts))
        self._numbers.append(key)
        self._lines.append(line)

    def repeated(self) -> tuple[int, int]:
        """Return how many have an id that came before, and the line of the first of them."""
        numbers = np.frombuffer(self._numbers, np.int64)
        _, first = np.unique(numbers, return_index=True)
        again = np.ones(len(numbers), bool)
        again[first] = False
        return int(again.sum()), int(self._lines[int(again.argmax())]) if len(numbers) else 0


def _checked(shape: Shape, draft: Draft, reason: object) -> Shape:
    if reason is not None:
        raise ShapeInvalid(str(reason))
    if (
        isinstance(shape, Mask)
        and draft.width
        and draft.height
        and (shape.width, shape.height)
        != (
            draft.width,
            draft.height,
        )
    ):
        sizes = f"{shape.width} × {shape.height} pixels, its image {draft.width} × {draft.height}"
        raise ShapeInvalid(f"The mask has {sizes}.")
    return shape


def _id(row: Mapping[str, Any], name: str) -> int | str:
    value = row.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str) or (isinstance(value, int) and abs(value) >= 2**63):
        raise DocumentInvalid(f"The field “{name}” is missing, or neither a whole number nor a text.")
    if isinstance(value, str):  # “7” and 7 are the same.
        return int(value) if _WHOLE.fullmatch(value) else text(value[:1000])
    return value


def _numbers(values: list[Any], name: str) -> list[Any]:
    """Return a list in which texts that are numbers are numbers."""
    if str not in set(map(type, values)):
        return values
    return [to_number(value, name) if isinstance(value, str) else value for value in values]


def _is_plain(value: object) -> bool:
    """Say whether this is a text, a list of texts, or a list of pairs of numbers, as skeletons are."""
    if isinstance(value, str):
        return True
    return isinstance(value, list) and all(
        isinstance(part, str) or (isinstance(part, list) and all(isinstance(at, int) for at in part)) for part in value
    )


def _from_keypoints(row: Mapping[str, Any]) -> Shape | None:
    values = row.get("keypoints")
    if not isinstance(values, list) or not values:
        return None
    if len(values) % 3:
        raise ShapeInvalid(f"The field “keypoints” has {len(values):,} numbers, which are not whole triples.")
    values = _numbers(values, "keypoints")
    shape = Keypoints(tuple(zip(values[::3], values[1::3], values[2::3], strict=True)))
    return shape if any(point[2] for point in shape.points) else None


def _from_segmentation(row: Mapping[str, Any]) -> Shape | None:
    value = row.get("segmentation")
    if isinstance(value, Mapping):
        return from_runs(value)
    if not isinstance(value, list) or not value:
        return None
    rings: list[Any] = value if isinstance(value[0], list) else [value]
    found: list[Any] = [_numbers(ring, "segmentation") if isinstance(ring, list) else ring for ring in rings]
    return Polygon(tuple(found))


def _from_bbox(row: Mapping[str, Any]) -> Shape | None:
    value = row.get("bbox")
    if value is None or value == []:
        return None
    if not isinstance(value, list) or len(value) != 4:
        raise ShapeInvalid("The field “bbox” must be four numbers: x, y, width, height.")
    x, y, width, height = (number("box", "bbox", part) for part in _numbers(value, "bbox"))
    if width <= 0 or height <= 0:
        raise ShapeInvalid(f"The field “bbox” has no area: its width is {width:g}, its height {height:g}.")
    return Box(x, y, x + width, y + height)


_WAYS: dict[str, Callable[[Mapping[str, Any]], Shape | None]] = {
    "keypoints": _from_keypoints,
    "segmentation": _from_segmentation,
    "bbox": _from_bbox,
}


class _Numbers(dict[str, int]):
    """Categories by name, numbered from 1; one that was not given gets the next number when it is met."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__((name, at) for at, name in enumerate(names, start=1))

    def __missing__(self, name: str) -> int:
        return self.setdefault(name, len(self) + 1)


def _categories(numbers: Mapping[str, int], given: Sequence[str | Mapping[str, object]]) -> list[dict[str, object]]:
    rows: dict[str, Mapping[str, object]] = {str(row["name"]): row for row in given if not isinstance(row, str)}
    known = ("supercategory", "keypoints", "skeleton")
    return [
        {"id": at, "supercategory": "", "name": name, **{key: row[key] for key in known if key in row}}
        for name, at in numbers.items()
        for row in [rows.get(name, {})]
    ]


def _image(number: int, entry: Entry, has_objects: bool, is_drawn: bool) -> dict[str, object]:
    width, height = _size(entry)
    size = {key: value for key, value in (("width", width), ("height", height)) if value is not None}
    split = {"split": entry.split} if entry.split else {}
    is_told = has_objects and entry.answer not in ("objects", "class")  # Without, it would say: nothing here.
    is_told = is_told or (entry.answer == "objects" and not entry.items and not is_drawn)
    answer = {"answer": entry.answer} if is_told else {}
    return {"id": number, "file_name": entry.name, **size, **split, **answer}


def _size(entry: Entry) -> tuple[Any, Any]:
    return entry.width or entry.extra.get("width"), entry.height or entry.extra.get("height")


def _annotations(image: int, entry: Entry, numbers: Mapping[str, int], untold: set[int]) -> Iterator[str]:
    if entry.class_name:
        yield f'{{"image_id": {image}, "category_id": {numbers[entry.class_name]}}}'
    if entry.items and not any(map(_is_carried, entry.items)):
        untold.add(image)
    for item in entry.items:
        shape, number = item.shape, numbers[item.class_name]
        if type(shape) is Box and not (shape.angle or item.attributes or item.extra):
            width, height = shape.x2 - shape.x1, shape.y2 - shape.y1
            box = f'"bbox": [{shape.x1}, {shape.y1}, {width}, {height}], "area": {width * height}'
            yield f'{{"image_id": {image}, "category_id": {number}, {box}, "iscrowd": 0, "segmentation": []}}'
        elif _is_carried(item):
            attributes = {"attributes": dict(item.attributes)} if item.attributes else {}
            category = {"image_id": image, "category_id": number}
            yield _json({**category, **({} if item.is_whole else _drawn(item, *_size(entry))), **attributes})


def _is_carried(item: Item) -> bool:
    if isinstance(item.shape, Keypoints):
        return any(point[2] for point in item.shape.points)
    return isinstance(item.shape, _SHAPES)


def _drawn(item: Item, width: int | None, height: int | None) -> dict[str, object]:
    x1, y1, x2, y2 = item.shape.bounds()
    found: dict[str, object] = {"bbox": [x1, y1, x2 - x1, y2 - y1], "area": item.shape.area(), "iscrowd": 0}
    if item.extra.get("iscrowd") == 1:
        found["iscrowd"] = 1
    if isinstance(item.shape, Keypoints):
        points = item.shape.points
        found |= {"keypoints": [value for point in points for value in point]}
        found |= {"num_keypoints": sum(point[2] > 0 for point in points), "segmentation": []}
    else:
        found["segmentation"] = _segmentation(item.shape, width, height)
    return found


def _segmentation(shape: Shape, width: int | None, height: int | None) -> object:
    if isinstance(shape, Polygon) and not (shape.holes() and width and height):
        return [list(ring) for ring in shape.rings]
    if isinstance(shape, Polygon | Mask):
        _, _, x2, y2 = shape.bounds()
        width, height = width or int(x2), height or int(y2)
        whole = masks.reframe(to_mask(shape, width, height), (0, 0, width, height))
        return {"size": [height, width], "counts": whole.counts}
    if isinstance(shape, Ellipse) or (isinstance(shape, Box) and shape.angle):
        return [list(shape.corners())]
    return []


def _array(rows: Iterator[str]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield f"{before}\n{row}"
        before = ","
    yield "]" if before == "," else "[]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
