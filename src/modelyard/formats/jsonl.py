"""Modelyard's own lossless format: JSON Lines, a header with the classes, then a line for each image.

    {"format": "modelyard/1", "task": "classification", "classes": [{"name": "bun", "color": "#aa7733"}]}
    {"file_name": "apples/IMG_1.jpg", "class": "bun", "answer": "class", "split": "train", "hash": "…"}
    {"file_name": "2.jpg", "class": null, "answer": "objects", "width": 640, "height": 480, "attributes": {"tray": 4},
     "objects": [{"class": "bun", "shape": {"type": "box", …}, "attributes": {"burnt": true}}]}

The answer "objects" with no objects says that there is nothing here. Shapes are those of `modelyard.geometry.shapes`.
A class of the whole image, where an image may have several, is an object of the shape {"type": "whole"}. Reading also
takes lines without a header, with `file_name` and `label`, as image folders with metadata have them, and lists of
`labels`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from modelyard.errors import Invalid
from modelyard.formats.documents import Source, lines
from modelyard.formats.drafts import to_attributes, to_size
from modelyard.formats.entries import ANSWERS, Entry, Fault, Item, Listing, to_class_name, to_split
from modelyard.formats.spool import Spool
from modelyard.geometry.shapes import Whole, from_json, to_json

FORMAT = "modelyard/1"

_KNOWN = ("file_name", "class", "answer", "split", "hash")
_NAMES = ("file_name", "name", "path", "image")
_CLASSES = ("class", "label", "category")
_LISTS = ("labels", "classes", "tags")
_OF_AN_OBJECT = ("class", "shape", "attributes")
_LONGEST_LINE = 64_000_000


def write(
    entries: Iterable[Entry], classes: Sequence[Mapping[str, object]] = (), *, task: str = "classification"
) -> Iterator[str]:
    """Yield the lines; `classes` are written as they are, in their order, each with at least a "name".

    Example:
        >>> print(*write([Entry(name="1.jpg", class_name="bun", answer="class")]), sep="", end="")
        {"classes": [], "format": "modelyard/1", "task": "classification"}
        {"answer": "class", "class": "bun", "file_name": "1.jpg", "hash": null, "split": null}
    """
    yield _dump({"format": FORMAT, "task": task, "classes": [dict(entry) for entry in classes]})
    for entry in entries:
        known: dict[str, object] = {"file_name": entry.name, "class": entry.class_name, "answer": entry.answer}
        known |= {"split": entry.split, "hash": entry.content_hash}
        size = {"width": entry.width, "height": entry.height}
        known |= {key: value for key, value in size.items() if value is not None}
        if entry.attributes:
            known["attributes"] = dict(entry.attributes)
        if entry.answer == "objects" or entry.items:
            known["objects"] = [_object(item) for item in entry.items]
        yield _dump({**entry.extra, **known})


def read(source: Source) -> Listing:
    """Return what the lines say; a line that cannot be used is a fault and stops nothing.

    Example:
        >>> read(b'{"file_name": "1.jpg", "label": "bun"}\\n').entries[0].class_name
        'bun'
    """
    entries: list[Entry] = []
    faults: list[Fault] = []
    classes: list[Mapping[str, object]] = []
    spool = Spool()
    for number, line in lines(source, _LONGEST_LINE):
        try:
            record = _load(line)
            if "format" in record and "classes" in record:
                classes = _classes(record["classes"])
            else:
                entry = _entry(record, number, faults)
                entries.append(replace(entry, items=spool.keep(entry.items)) if entry.items else entry)
        except ValueError as error:
            faults.append(Fault(number, str(error)))
    return Listing(entries, faults, classes)


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what this format cannot carry: nothing.

    Example:
        >>> lost([Entry(name="1.jpg", split="val")])
        {}
    """
    return {}


def _load(line: bytes) -> dict[str, Any]:
    if len(line) > _LONGEST_LINE:
        raise ValueError("The line is longer than 64 million bytes.")
    try:
        record = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError("The line is not valid JSON.") from error
    if not isinstance(record, dict):
        raise ValueError("The line is not a JSON object.")
    return record


def _refuse_constant(text: str) -> None:
    raise ValueError(text)


def _entry(record: Mapping[str, Any], line: int, faults: list[Fault]) -> Entry:
    name = _text(record, _NAMES)
    if not name:
        raise ValueError("The line names no file.")
    split_text = _text(record, ("split",))
    if split_text and to_split(split_text) is None:
        raise ValueError(f"The split {split_text[:50]!r} is none of train, val, test.")
    class_name = to_class_name(_text(record, _CLASSES) or "")
    is_drawn = isinstance(record.get("objects"), list) and record.get("answer", "objects") == "objects"
    items = _items(record["objects"], line, faults) if is_drawn else []
    lists = [key for key in _LISTS if isinstance(record.get(key), list) and not is_drawn and class_name is None]
    if lists and "answer" not in record:
        names = [to_class_name(name) for key in lists for name in record[key] if isinstance(name, str)]
        items = [Item(class_name=name, shape=Whole()) for name in dict.fromkeys(names) if name]
        record, is_drawn = {**record, "objects": []}, True
    sizes = {side: size for side in ("width", "height") if (size := to_size(record.get(side))) is not None}
    attributes = to_attributes(record.get("attributes"))
    used = {*_KNOWN, *_NAMES, *_CLASSES, *sizes, *(["attributes"] if attributes else [])}
    used |= {"objects", *lists} if is_drawn else set()
    return Entry(
        name=name,
        class_name=None if is_drawn else class_name,
        answer=_answer(record, class_name, items if is_drawn else None),
        split=to_split(split_text),
        content_hash=_text(record, ("hash",)),
        extra={key: value for key, value in record.items() if key not in used},
        items=tuple(items),
        attributes=attributes,
        **sizes,
    )


def _answer(record: Mapping[str, Any], class_name: str | None, items: Sequence[Item] | None) -> str:
    if items is not None:  # Where all objects are unusable, it does not say: nothing here.
        return "objects" if items or not record["objects"] else "none"
    answer = record.get("answer")
    if class_name is not None:
        return "class"
    return answer if answer in ANSWERS and answer not in ("class", "objects") else "none"


def _items(values: Sequence[object], line: int, faults: list[Fault]) -> list[Item]:
    found = []
    for at, value in enumerate(values):
        try:
            found.append(_item(value))
        except (Invalid, ValueError) as error:
            faults.append(Fault(line, str(error), f"line {line}, objects[{at}]"))
    return found


def _item(value: object) -> Item:
    if not isinstance(value, dict):
        raise ValueError("The object is not a JSON object.")
    class_name = to_class_name(_text(value, ("class",)) or "")
    if class_name is None:
        raise ValueError("The object has no “class”.")
    extra = {key: given for key, given in value.items() if key not in _OF_AN_OBJECT}
    if _is_deep(extra):
        raise ValueError("The object is nested too deeply.")
    attributes = to_attributes(value.get("attributes"))
    return Item(class_name=class_name, shape=from_json(value.get("shape")), attributes=attributes, extra=extra)


def _is_deep(value: object, left: int = 50) -> bool:
    if not isinstance(value, dict | list):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_is_deep(part, left - 1) for part in inside)


def _object(item: Item) -> dict[str, object]:
    known = {"class": item.class_name, "shape": to_json(item.shape), "attributes": dict(item.attributes)}
    return {**item.extra, **known}


def _text(record: Mapping[str, Any], keys: Sequence[str]) -> str | None:
    value = next((record[key] for key in keys if record.get(key) is not None), None)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value)


def _classes(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list):
        raise ValueError("The header's classes are not a list.")
    return [entry for entry in value if isinstance(entry, dict) and isinstance(entry.get("name"), str)]


def _dump(record: Mapping[str, object]) -> str:
    return json.dumps(record, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
