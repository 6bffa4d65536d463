"""CSV: a line for each image with its file name, class and split. It touches no picture.

file_name,class,split
apples/IMG_1.jpg,Golden Delicious,train

With boxes there is a line for each of them, in pixels, and a line without a box where there is nothing:

file_name,class,split,answer,x1,y1,x2,y2,width,height
1.jpg,bun,train,objects,10,20,110,220,640,480
2.jpg,,train,objects,,,,,640,480
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from modelyard.errors import Invalid
from modelyard.formats import losses
from modelyard.formats.documents import number
from modelyard.formats.drafts import Drafts, to_size
from modelyard.formats.entries import SPLITS, Entry, Fault, Listing, to_class_name, to_split
from modelyard.geometry.kinds import Box, Shape

COLUMNS = ("file_name", "class", "split", "answer")
BOX_COLUMNS = ("x1", "y1", "x2", "y2", "width", "height")

_NAME = ("file_name", "filename", "file", "path", "image", "image_path", "filepath", "name", "image_name")
_CLASS = ("class", "label", "class_name", "category", "label_name")
_SPLIT = ("split", "set", "subset", "partition")
_CORNERS = (("x1", "xmin", "left"), ("y1", "ymin", "top"), ("x2", "xmax", "right"), ("y2", "ymax", "bottom"))
_SIDES = (("width", "image_width"), ("height", "image_height"))
_CARRIED = (losses.OBJECTS, losses.BOXES, losses.SPLITS, losses.CLASSES, losses.ANSWERS)
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ANSWERS = ("does_not_belong", "not_sure")
_LONGEST_FIELD = 100_000


class NotATable(Invalid):
    """This file is no table of file names. Its first line names the columns, such as file_name,class,split."""


def read(data: bytes) -> Listing:
    """Return what a table says; comma, semicolon or tab between the fields, with or without a line of column names.

    Raises:
        NotATable: No column holds file names.

    Example:
        >>> read(b"file_name,label\\n1.jpg,bun\\n").entries[0].class_name
        'bun'
    """
    text = _decode(data)
    entries: list[Entry] = []
    drafts = Drafts()
    columns: _Columns | None = None
    for line, row in _rows(text):
        if isinstance(row, str):
            drafts.fault(row, line)
            continue
        is_header = columns is None
        if columns is None:
            columns, is_header = _columns(row)
        if row and not is_header and columns.corners:
            _add_box(row, line, columns, drafts)
        elif row and not is_header:
            _add(row, line, columns, entries, drafts.faults)
    if columns is None:
        raise NotATable
    return drafts.listing() if columns.corners else Listing(entries, drafts.faults)


def is_table(head: bytes) -> bool:
    """Say whether a file that begins so is such a table: its first line names a column of file names, or a picture.

    Example:
        >>> is_table(b"file_name,class\\n"), is_table(b"name of class,number\\n")
        (True, False)
    """
    first = next((row for _, row in _rows(_decode(head[: len(head) // 2 * 2])) if not isinstance(row, str)), [])
    try:
        _columns(first)
    except NotATable:
        return False
    return True


def write(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the lines of the table. A field that a spreadsheet would run as a formula begins with an apostrophe.

    Example:
        >>> "".join(write([Entry(name="1.jpg", class_name="bun", answer="class", split="val")]))
        'file_name,class,split,answer\\r\\n1.jpg,bun,val,class\\r\\n'
    """
    given = list(entries)
    has_boxes = any(entry.answer == "objects" or entry.items for entry in given)
    yield _line((*COLUMNS, *BOX_COLUMNS) if has_boxes else COLUMNS)
    for entry in given:
        known = [entry.name, entry.class_name or "", entry.split or "", entry.answer]
        size = [str(side) if side else "" for side in (entry.width, entry.height)]
        for item in entry.items:
            corners = [f"{value:.10g}" for value in item.shape.bounds()]
            yield _line([entry.name, item.class_name, *known[2:], *corners, *size])
        if not entry.items:
            yield _line([*known, "", "", "", "", *size] if has_boxes else known)


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what a table cannot carry: kind to number of objects; other shapes become the boxes around them.

    Example:
        >>> lost([Entry(name="1.jpg", split="val", answer="not_sure")])
        {}
    """
    return losses.count(entries, _CARRIED)


def _line(values: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{value}" if _needs_guard(value) else value for value in values])
    return out.getvalue()


def _needs_guard(value: str) -> bool:
    return value.lstrip("'").startswith(_FORMULA)


def _unguarded(value: str) -> str:
    return value[1:] if value.startswith("'") and _needs_guard(value) else value


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _rows(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield (line, fields), or (line, reason) for a line that cannot be read."""
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    csv.field_size_limit(_LONGEST_FIELD)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, "The line cannot be read as a line of a table."
            continue
        yield reader.line_num, [_unguarded(value.strip()) for value in row]


@dataclass(frozen=True)
class _Columns:
    """Where in a row the fields stand."""

    name: int
    class_name: int | None = None
    split: int | None = None
    answer: int | None = None
    corners: tuple[int, ...] = ()
    sides: tuple[int | None, ...] = ()


def _columns(row: Sequence[str]) -> tuple[_Columns, bool]:
    """Return where the fields stand, and whether this row is the one that says so."""
    if row and row[0].lower().endswith(_PICTURES):
        return _Columns(0, 1 if len(row) > 1 else None, 2 if len(row) > 2 and to_split(row[2]) else None), False
    names = [value.lower().replace(" ", "_") for value in row]

    def find(words: Sequence[str]) -> int | None:
        return next((names.index(word) for word in words if word in names), None)

    at = find(_NAME)
    if at is None:
        raise NotATable
    corners = tuple(place for words in _CORNERS if (place := find(words)) is not None)
    sides = tuple(find(words) for words in _SIDES)
    found = _Columns(at, find(_CLASS), find(_SPLIT), find(("answer",)), corners if len(corners) == 4 else (), sides)
    return found, True


def _field(row: Sequence[str], at: int | None) -> str:
    return row[at] if at is not None and at < len(row) else ""


def _add(row: Sequence[str], line: int, columns: _Columns, entries: list[Entry], faults: list[Fault]) -> None:
    name, class_text = _field(row, columns.name), _field(row, columns.class_name)
    split_text, answer = _field(row, columns.split), _field(row, columns.answer)
    if not name:
        if any(row):
            faults.append(Fault(line, "The line names no file."))
        return
    split = to_split(split_text)
    if split_text and split is None:
        faults.append(Fault(line, f"The split {split_text[:50]!r} is none of {', '.join(SPLITS)}."))
    class_name = to_class_name(class_text)
    given = "class" if class_name else answer if answer in _ANSWERS else "none"
    entries.append(Entry(name=name, class_name=class_name, answer=given, split=split))


def _add_box(row: Sequence[str], line: int, columns: _Columns, drafts: Drafts) -> None:
    """Take a line of a table that has columns for a box; without a box it is about the whole image."""
    plain: list[Entry] = []
    _add(row, line, columns, plain, drafts.faults)
    for entry in plain:
        draft = drafts.image(entry.name)
        draft.split = draft.split or entry.split
        width, height = (to_size(_field(row, at)) for at in columns.sides)
        draft.width, draft.height = draft.width or width, draft.height or height
        texts = [_field(row, at) for at in columns.corners]
        if any(texts):
            drafts.put(draft, entry.class_name, lambda texts=texts: _box(texts), line=line)  # type: ignore[misc]
        elif entry.class_name is None and _field(row, columns.answer) in ("objects", *_ANSWERS):
            draft.answer = _field(row, columns.answer)
        elif entry.class_name is not None and draft.answer == "none":
            draft.class_name, draft.answer = entry.class_name, "class"


def _box(texts: Sequence[str]) -> Shape:
    x1, y1, x2, y2 = (number(value, name) for name, value in zip(BOX_COLUMNS, texts, strict=False))
    return Box(x1, y1, x2, y2)
