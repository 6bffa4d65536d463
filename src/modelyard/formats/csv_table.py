"""CSV: a line for each image with its file name, class and split. It touches no picture.

file_name,class,split
apples/IMG_1.jpg,Golden Delicious,train

With boxes there is a line for each of them, in pixels, and a line without a box where there is nothing:

file_name,class,split,answer,x1,y1,x2,y2,width,height
1.jpg,bun,train,objects,10,20,110,220,640,480
2.jpg,,train,objects,,,,,640,480

Where images have any number of classes there is a line for each class, and one without a class where there is none:

file_name,class,split,answer
1.jpg,sweet,train,objects
1.jpg,baked,train,objects
2.jpg,,train,objects

Read are also several classes in one field, `sweet;baked` or `sweet|baked`, and a column of 0 and 1 for each class.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from modelyard.errors import Invalid
from modelyard.formats import losses
from modelyard.formats.documents import Source, number, opened_text, text_lines
from modelyard.formats.drafts import Draft, Drafts, to_size
from modelyard.formats.entries import SPLITS, Entry, Item, Listing, to_class_name, to_split
from modelyard.geometry.kinds import Box, Shape

COLUMNS = ("file_name", "class", "split", "answer")
BOX_COLUMNS = ("x1", "y1", "x2", "y2", "width", "height")

_NAME = ("file_name", "filename", "file", "path", "image", "image_path", "filepath", "name", "image_name")
_CLASS = ("class", "label", "class_name", "category", "label_name")
_CLASSES = ("classes", "labels", "tags", "categories", "class_names")
_SPLIT = ("split", "set", "subset", "partition")
_CORNERS = (("x1", "xmin", "left"), ("y1", "ymin", "top"), ("x2", "xmax", "right"), ("y2", "ymax", "bottom"))
_SIDES = (("width", "image_width"), ("height", "image_height"))
_CARRIED = (losses.OBJECTS, losses.BOXES, losses.SPLITS, losses.CLASSES, losses.ANSWERS)
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
_YES, _NO = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no", "")
_BETWEEN = re.compile(r"\s*[;|]\s*")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ANSWERS = ("does_not_belong", "not_sure")
_LONGEST_FIELD = 100_000
_LOOKED_AT = 1000  # lines that tell whether a column says yes or no


class NotATable(Invalid):
    """This file is no table of file names. Its first line names the columns, such as file_name,class,split."""


def read(source: Source) -> Listing:
    """Return what a table says; comma, semicolon or tab between the fields, with or without a line of column names.

    Raises:
        NotATable: No column holds file names.

    Example:
        >>> read(b"file_name,label\\n1.jpg,bun\\n").entries[0].class_name
        'bun'
    """
    first = list(islice(_readable(source), _LOOKED_AT))
    if not first:
        raise NotATable
    columns, is_header = _columns(first)
    texts = (_field(row, columns.class_name) for row in islice(_readable(source), int(is_header), None))
    several = _several(texts, columns)
    drafts = Drafts()
    for line, row in _rows(source):
        if isinstance(row, str):
            drafts.fault(row, line)
        elif any(row) and is_header:
            is_header = False
        elif any(row):
            _add(row, line, columns, several, drafts)
    return drafts.listing()


def is_table(head: bytes) -> bool:
    """Say whether a file that begins so is such a table: its first line names a column of file names, or a picture.

    Example:
        >>> is_table(b"file_name,class\\n"), is_table(b"name of class,number\\n")
        (True, False)
    """
    first = next((row for _, row in _rows(head[: len(head) // 2 * 2]) if not isinstance(row, str)), [])
    try:
        return bool(first) and _columns([first]) is not None
    except NotATable:
        return False


def write(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the lines of the table. A field that a spreadsheet would run as a formula begins with an apostrophe.

    Example:
        >>> "".join(write([Entry(name="1.jpg", class_name="bun", answer="class", split="val")]))
        'file_name,class,split,answer\\r\\n1.jpg,bun,val,class\\r\\n'
    """
    given = entries if isinstance(entries, Sequence) else list(entries)
    has_boxes = any(not item.is_whole for entry in given for item in entry.items)
    has_boxes = has_boxes or (
        any(entry.answer == "objects" for entry in given) and not any(entry.items for entry in given)
    )
    yield line((*COLUMNS, *BOX_COLUMNS) if has_boxes else COLUMNS)
    for whole in given:
        entry = losses.kept(whole, _is_carried)
        known = [entry.name, entry.class_name or "", entry.split or "", entry.answer]
        size = [str(side) if side else "" for side in (entry.width, entry.height)]
        for item in entry.items:
            corners = [""] * 4 if item.is_whole else [f"{value:.10g}" for value in item.shape.bounds()]
            yield line([entry.name, item.class_name, *known[2:], *([*corners, *size] if has_boxes else ())])
        if not entry.items:
            yield line([*known, "", "", "", "", *size] if has_boxes else known)


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what a table cannot carry: kind to number of objects; other shapes become the boxes around them, if any.

    Example:
        >>> lost([Entry(name="1.jpg", split="val", answer="not_sure")])
        {}
    """
    return losses.count(entries, _CARRIED)


def _is_carried(item: Item) -> bool:
    return item.is_whole or losses.has_box(item)


def line(values: Sequence[str]) -> str:
    """Return one line of a table; a field that a spreadsheet would run as a formula begins with an apostrophe.

    Example:
        >>> line(["=1+1", "bun"])
        "'=1+1,bun\\r\\n"
    """
    out = io.StringIO()
    csv.writer(out).writerow([guarded(value) for value in values])
    return out.getvalue()


def guarded(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Example:
        >>> guarded("=1+1"), guarded("bun")
        ("'=1+1", 'bun')
    """
    return f"'{value}" if _needs_guard(value) else value


def _needs_guard(value: str) -> bool:
    return value.lstrip("'").startswith(_FORMULA)


def _unguarded(value: str) -> str:
    return value[1:] if value.startswith("'") and _needs_guard(value) else value


def _rows(source: Source) -> Iterator[tuple[int, list[str] | str]]:
    """Yield (line, fields), or (line, reason) for a line that cannot be read."""
    with opened_text(source) as file:
        lines = text_lines(file)
        head = next(lines, "")
        delimiter = max(",;\t", key=head.count)
        reader = csv.reader(chain([head], lines), delimiter=delimiter, skipinitialspace=True)
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


def _readable(source: Source) -> Iterator[list[str]]:
    return (row for _, row in _rows(source) if any(row) and not isinstance(row, str))


@dataclass(frozen=True)
class _Columns:
    """Where in a row the fields stand."""

    name: int
    class_name: int | None = None
    split: int | None = None
    answer: int | None = None
    corners: tuple[int, ...] = ()
    sides: tuple[int | None, ...] = ()
    yes_or_no: tuple[tuple[str, int], ...] = ()  # a class each
    is_several: bool = False  # The column says by its name that it holds several classes.


def _columns(rows: Sequence[Sequence[str]]) -> tuple[_Columns, bool]:
    """Return where the fields stand, and whether the first row is the one that says so."""
    row = rows[0]
    if row[0].lower().endswith(_PICTURES):
        return _Columns(0, 1 if len(row) > 1 else None, 2 if len(row) > 2 and to_split(row[2]) else None), False
    names = [value.lower().replace(" ", "_") for value in row]

    def find(words: Sequence[str]) -> int | None:
        return next((names.index(word) for word in words if word in names), None)

    at = find(_NAME)
    if at is None:
        raise NotATable
    corners = tuple(place for words in _CORNERS if (place := find(words)) is not None)
    sides = tuple(find(words) for words in _SIDES)
    one, many, split, answer = find(_CLASS), find(_CLASSES), find(_SPLIT), find(("answer",))
    taken = {at, one, many, split, answer, *corners, *sides}
    free = [place for place in range(len(row)) if place not in taken and row[place]]
    flags = tuple((row[place], place) for place in free if one is None and many is None and _is_flag(rows[1:], place))
    class_at = one if one is not None else many
    found = _Columns(
        at,
        class_at,
        split,
        answer,
        corners if len(corners) == 4 else (),
        sides,
        flags,
        one is None and many is not None,
    )
    return found, True


def _is_flag(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Say whether a column says yes or no, and both of them or nothing but yes or no in figures."""
    values = {_field(row, at).lower() for row in rows}
    return bool(values - {""}) and values <= {*_YES, *_NO}


def _several(texts: Iterable[str], columns: _Columns) -> set[str]:
    """Return the texts that name several classes.

    `a;b` may be the name of one class. It is taken for two where the column is called so, or where one of the two
    stands elsewhere in another company. What this module writes has a column of answers and a line for each class.
    """
    if columns.answer is not None or columns.corners:
        return set()
    parts = {text: [part for part in _BETWEEN.split(text) if part] for text in set(texts)}
    if columns.is_several:
        return set(parts)
    seen = Counter(part for names in parts.values() for part in set(names))
    return {text for text, names in parts.items() if len(names) > 1 and any(seen[name] > 1 for name in names)}


def _field(row: Sequence[str], at: int | None) -> str:
    return row[at] if at is not None and at < len(row) else ""


def _add(row: Sequence[str], line: int, columns: _Columns, several: set[str], drafts: Drafts) -> None:
    """Take a line: it is about a box, or about the whole image."""
    name = _field(row, columns.name)
    if not name:
        drafts.fault("The line names no file.", line)
        return
    draft = drafts.image(name)
    split_text = _field(row, columns.split)
    draft.split = draft.split or to_split(split_text)
    if split_text and to_split(split_text) is None:
        drafts.fault(f"The split {split_text[:50]!r} is none of {', '.join(SPLITS)}.", line)
    width, height = (to_size(_field(row, at)) for at in columns.sides or (None, None))
    draft.width, draft.height = draft.width or width, draft.height or height
    texts = [_field(row, at) for at in columns.corners]
    if any(texts):
        class_name = to_class_name(_field(row, columns.class_name))
        drafts.put(draft, class_name, lambda: _box(texts), line=line)
    else:
        _add_whole(row, line, columns, several, draft, drafts)


def _add_whole(
    row: Sequence[str], line: int, columns: _Columns, several: set[str], draft: Draft, drafts: Drafts
) -> None:
    text, answer = _field(row, columns.class_name), _field(row, columns.answer)
    for name in _BETWEEN.split(text) if text in several else [text]:
        if (class_name := to_class_name(name)) is not None:
            drafts.put_whole(draft, class_name)
    for name, at in columns.yes_or_no:
        value = _field(row, at).lower()
        if value in _YES and (class_name := to_class_name(name)) is not None:
            drafts.put_whole(draft, class_name)
        elif value not in (*_YES, *_NO):
            drafts.fault(f"The column {name[:50]!r} says {value[:50]!r}, which is neither 0 nor 1.", line)
    is_told = bool(columns.yes_or_no) or columns.is_several
    if answer in _ANSWERS and not draft.wholes:
        draft.answer = answer
    elif draft.answer == "none" and (answer == "objects" or is_told):
        draft.answer = "objects"


def _box(texts: Sequence[str]) -> Shape:
    x1, y1, x2, y2 = (number(value, name) for name, value in zip(BOX_COLUMNS, texts, strict=False))
    return Box(x1, y1, x2, y2)
