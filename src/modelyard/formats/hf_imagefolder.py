"""Hugging Face's image folder with metadata.jsonl, or metadata.csv, beside the pictures. It touches no picture.

    train/metadata.jsonl   {"file_name": "a.jpg", "label": "bun"}
                           {"file_name": "b.jpg", "objects": {"bbox": [[x, y, width, height]], "categories": ["bun"]}}
    train/a.jpg

Boxes are in pixels. Empty lists say that there is nothing here; no `objects` and no label say nothing. Where images
have any number of classes, "labels" is the list of them. What is known of an image as a whole is in "attributes", as
JSON in a text: {"light": "day", "tray": 4}. A column of its own for each attribute would have to be of one kind, and
to have a value in every split, or `datasets` would refuse to load it.
"""

import csv
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from modelyard.formats import losses
from modelyard.formats.documents import LARGEST_PART, DocumentInvalid, lines, load_json, opened_text, text_lines
from modelyard.formats.drafts import Draft, Drafts, to_attributes, to_size
from modelyard.formats.entries import Entry, Item, Listing, by_split, to_split
from modelyard.geometry.kinds import Box, Shape, ShapeInvalid, number

FILE = "metadata.jsonl"
TABLE = "metadata.csv"

_CATEGORIES = ("categories", "category", "labels", "label", "class", "category_id")
_CLASSES = ("label", "class", "category", "labels", "classes", "categories")
_LONGEST_LINE = 100_000  # of a table
_CARRIED = (losses.OBJECTS, losses.BOXES, losses.CLASSES, losses.SPLITS, losses.IMAGE_ATTRIBUTES)


def read(files: Mapping[str, Path], *, class_names: Sequence[str] = ()) -> Listing:
    """Return what every metadata.jsonl says; a line or box that cannot be used is a fault and stops nothing.

    Args:
        files: Every file of the data set, by its path with `/`.
        class_names: The names of categories that are numbers, from 0.

    Example:
        >>> read({}).entries
        []
    """
    drafts = Drafts()
    for name in class_names:
        drafts.add_class(name)
    for name in sorted(name for name in files if PurePosixPath(name).name in (FILE, TABLE)):
        for at, row in lines(files[name], LARGEST_PART) if name.endswith(FILE) else _cells(files[name]):
            try:
                record = load_json(row) if isinstance(row, bytes) else row
                _read_line(drafts, record, PurePosixPath(name).parent, class_names, (name, at))
            except DocumentInvalid as error:
                drafts.fault(error.detail, at, f"{name}, line {at}")
    return drafts.listing()


def places(entries: Sequence[Entry]) -> list[str]:
    """Return the path of each picture: in the folder of its split, where any has one.

    Example:
        >>> places([Entry(name="a/1.jpg", split="val"), Entry(name="2.jpg")])
        ['val/a/1.jpg', 'rest/2.jpg']
    """
    has_splits = any(entry.split for entry in entries)
    return [f"{entry.split or 'rest'}/{entry.name}" if has_splits else entry.name for entry in entries]


def write(entries: Sequence[Entry]) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield (path, pieces) of each metadata.jsonl; the pictures belong to `places`.

    Other shapes become the boxes around them.

    Example:
        >>> [path for path, _ in write([Entry(name="1.jpg", split="val")])]
        ['val/metadata.jsonl']
    """
    kinds = {item.is_whole for entry in entries for item in entry.items}
    heads = getattr(entries, "heads", entries)
    has_attributes, has_splits = any(entry.attributes for entry in heads), any(entry.split for entry in heads)
    for split, own in by_split(entries):
        folder = f"{split or 'rest'}/" if has_splits else ""
        yield f"{folder}{FILE}", _lines(own, kinds, has_attributes)


def _lines(entries: Iterable[Entry], kinds: Collection[bool], has_attributes: bool) -> Iterator[str]:
    for entry in entries:
        row = _row(losses.kept(entry, _is_carried), kinds, has_attributes)
        yield json.dumps(row, ensure_ascii=False) + "\n"


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what an image folder cannot carry: kind to number of images or objects.

    Example:
        >>> lost([Entry(name="1.jpg", answer="not_sure")])
        {'answers other than a class or objects': 1}
    """
    return losses.count(entries, _CARRIED)


def _cells(path: Path) -> Iterator[tuple[int, object]]:
    """Yield the rows of a metadata.csv as its jsonl would have them: objects are JSON in a cell, numbers are text."""
    with opened_text(path) as file:
        rows = csv.DictReader(line for line in text_lines(file) if len(line) < _LONGEST_LINE)
        while True:
            try:
                row = next(rows)
                found = {key: value for key, value in row.items() if isinstance(key, str) and value}
                objects = found.get("objects", "")
                yield rows.line_num, found | ({"objects": load_json(objects.encode())} if objects else {})
            except StopIteration:
                return
            except (csv.Error, DocumentInvalid):
                yield rows.line_num, None


def _read_line(
    drafts: Drafts, row: object, folder: PurePosixPath, class_names: Sequence[str], at: tuple[str, int]
) -> None:
    place = f"{at[0]}, line {at[1]}"
    if not isinstance(row, Mapping) or not isinstance(row.get("file_name"), str) or not row["file_name"]:
        raise DocumentInvalid("The line has no “file_name”, or cannot be read.")
    draft = drafts.image(str(folder / row["file_name"]))
    draft.split = next((split for part in reversed(folder.parts) if (split := to_split(part))), None)
    draft.width, draft.height = to_size(row.get("width")), to_size(row.get("height"))
    draft.attributes = _attributes(drafts, row.get("attributes"), at[1], place)
    objects = row.get("objects")
    if isinstance(objects, list):  # of objects, where others have an object of lists
        objects = {key: [one.get(key) for one in objects if isinstance(one, Mapping)] for key in _keys(objects)}
    if isinstance(objects, Mapping):
        _read_objects(drafts, draft, objects, class_names, place, at[1])
    label = next((row[name] for name in _CLASSES if row.get(name) is not None), None)
    if isinstance(label, list):
        draft.answer = "objects"
    for given in label if isinstance(label, list) else [label]:
        if given is not None and (name := _class(drafts, given, class_names)):
            drafts.put_whole(draft, name)


def _attributes(drafts: Drafts, given: object, line: int, place: str) -> dict[str, str | float | bool]:
    """Return the attributes of an image: an object, or one as JSON in a text."""
    if not given:
        return {}
    try:
        return to_attributes(load_json(given.encode("utf-8", "replace")) if isinstance(given, str) else given)
    except DocumentInvalid:
        drafts.fault("The “attributes” are not JSON.", line, place)
        return {}


def _keys(objects: Sequence[object]) -> list[str]:
    first = objects[0] if objects else {"bbox": None, "categories": None}
    return [key for key in first if isinstance(key, str)] if isinstance(first, Mapping) else []


def _read_objects(
    drafts: Drafts, draft: Draft, objects: Mapping[str, Any], class_names: Sequence[str], place: str, line: int
) -> None:
    boxes = objects.get("bbox", objects.get("boxes"))
    categories = next((objects[name] for name in _CATEGORIES if name in objects), None)
    if not isinstance(boxes, list) or not isinstance(categories, list) or len(boxes) != len(categories):
        draft.is_spoiled = True
        drafts.fault("The “objects” are not lists of “bbox” and “categories” of one length.", line, place)
        return
    draft.answer = "objects"
    for at, (box, category) in enumerate(zip(boxes, categories, strict=True)):
        drafts.put(
            draft,
            _class(drafts, category, class_names),
            lambda box=box: _box(box),  # type: ignore[misc]
            line=line,
            place=f"{place}, object {at + 1}",
        )


def _class(drafts: Drafts, value: object, class_names: Sequence[str]) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(class_names):
        return drafts.add_class(class_names[value])
    return drafts.add_class(value) if not isinstance(value, int) or abs(value) < 2**63 else None


def _box(value: object) -> Shape:
    if not isinstance(value, list) or len(value) != 4:
        raise ShapeInvalid("The field “bbox” must be four numbers: x, y, width, height.")
    x, y, width, height = (number("box", "bbox", part) for part in value)
    return Box(x, y, x + width, y + height)


def _is_carried(item: Item) -> bool:
    return item.is_whole or losses.has_box(item)


def _row(entry: Entry, kinds: Collection[bool], has_attributes: bool) -> dict[str, object]:
    """Return a line; `kinds` says whether anything is said of whole images (True) and of parts (False)."""
    size = {key: value for key, value in (("width", entry.width), ("height", entry.height)) if value}
    row: dict[str, object] = {"file_name": entry.name, **size}
    if has_attributes:
        row["attributes"] = json.dumps(dict(entry.attributes), ensure_ascii=False)
    if entry.answer == "class":
        return row | {"label": entry.class_name}
    if entry.answer != "objects":
        return row
    if True in kinds:
        row |= {"labels": entry.whole_classes}
    if kinds == {True}:
        return row
    drawn = [item for item in entry.items if not item.is_whole]
    boxes = [[x1, y1, x2 - x1, y2 - y1] for x1, y1, x2, y2 in (item.shape.bounds() for item in drawn)]
    return row | {"objects": {"bbox": boxes, "categories": [item.class_name for item in drawn]}}
