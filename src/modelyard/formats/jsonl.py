"""Modelyard's own lossless format: JSON Lines, a header with the classes, then a line for each image.

    {"format": "modelyard/1", "task": "classification", "classes": [{"name": "bun", "color": "#aa7733"}]}
    {"file_name": "apples/IMG_1.jpg", "class": "bun", "answer": "class", "split": "train", "hash": "…"}

Reading also takes lines without a header, with `file_name` and `label`, as image folders with metadata have them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from modelyard.formats.entries import ANSWERS, Entry, Fault, Listing, to_class_name, to_split

FORMAT = "modelyard/1"

_KNOWN = ("file_name", "class", "answer", "split", "hash")
_NAMES = ("file_name", "name", "path", "image")
_CLASSES = ("class", "label", "category")
_LONGEST_LINE = 1_000_000


def write(entries: Iterable[Entry], classes: Sequence[Mapping[str, object]] = ()) -> Iterator[str]:
    """Yield the lines; `classes` are written as they are, in their order, each with at least a "name".

    Example:
        >>> print(*write([Entry(name="1.jpg", class_name="bun", answer="class")]), sep="", end="")
        {"classes": [], "format": "modelyard/1", "task": "classification"}
        {"answer": "class", "class": "bun", "file_name": "1.jpg", "hash": null, "split": null}
    """
    yield _dump({"format": FORMAT, "task": "classification", "classes": [dict(entry) for entry in classes]})
    for entry in entries:
        known = {"file_name": entry.name, "class": entry.class_name, "answer": entry.answer}
        known |= {"split": entry.split, "hash": entry.content_hash}
        yield _dump({**entry.extra, **known})


def read(data: bytes) -> Listing:
    """Return what the lines say; a line that cannot be used is a fault and stops nothing.

    Example:
        >>> read(b'{"file_name": "1.jpg", "label": "bun"}\\n').entries[0].class_name
        'bun'
    """
    entries: list[Entry] = []
    faults: list[Fault] = []
    classes: list[Mapping[str, object]] = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            record = _load(line)
            if "format" in record and "classes" in record:
                classes = _classes(record["classes"])
            else:
                entries.append(_entry(record))
        except ValueError as error:
            faults.append(Fault(number, str(error)))
    return Listing(entries, faults, classes)


def _load(line: bytes) -> dict[str, Any]:
    if len(line) > _LONGEST_LINE:
        raise ValueError("The line is longer than a million bytes.")
    try:
        record = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError("The line is not valid JSON.") from error
    if not isinstance(record, dict):
        raise ValueError("The line is not a JSON object.")
    return record


def _refuse_constant(text: str) -> None:
    raise ValueError(text)


def _entry(record: Mapping[str, Any]) -> Entry:
    name = _text(record, _NAMES)
    if not name:
        raise ValueError("The line names no file.")
    split_text = _text(record, ("split",))
    if split_text and to_split(split_text) is None:
        raise ValueError(f"The split {split_text[:50]!r} is none of train, val, test.")
    class_name = to_class_name(_text(record, _CLASSES) or "")
    answer = record.get("answer")
    if class_name is not None:
        answer = "class"
    elif answer not in ANSWERS or answer == "class":
        answer = "none"
    return Entry(
        name=name,
        class_name=class_name,
        answer=answer,
        split=to_split(split_text),
        content_hash=_text(record, ("hash",)),
        extra={key: value for key, value in record.items() if key not in (*_KNOWN, *_NAMES, *_CLASSES)},
    )


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
