"""CSV: a line for each image with its file name, class and split. It touches no picture.

file_name,class,split
apples/IMG_1.jpg,Golden Delicious,train
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from modelyard.errors import Invalid
from modelyard.formats.entries import SPLITS, Entry, Fault, Listing, to_class_name, to_split

COLUMNS = ("file_name", "class", "split", "answer")

_NAME = ("file_name", "filename", "file", "path", "image", "image_path", "filepath", "name", "image_name")
_CLASS = ("class", "label", "class_name", "category", "label_name")
_SPLIT = ("split", "set", "subset", "partition")
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
    rows = _rows(text)
    entries: list[Entry] = []
    faults: list[Fault] = []
    columns: tuple[int, int | None, int | None, int | None] | None = None
    for number, row in rows:
        if isinstance(row, str):
            faults.append(Fault(number, row))
        elif columns is None:
            columns, is_header = _columns(row)
            if not is_header:
                _add(row, number, columns, entries, faults)
        elif row:
            _add(row, number, columns, entries, faults)
    if columns is None:
        raise NotATable
    return Listing(entries, faults)


def write(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the lines of the table. A field that a spreadsheet would run as a formula begins with an apostrophe.

    Example:
        >>> "".join(write([Entry(name="1.jpg", class_name="bun", answer="class", split="val")]))
        'file_name,class,split,answer\\r\\n1.jpg,bun,val,class\\r\\n'
    """
    yield _line(COLUMNS)
    for entry in entries:
        yield _line([entry.name, entry.class_name or "", entry.split or "", entry.answer])


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


def _columns(row: Sequence[str]) -> tuple[tuple[int, int | None, int | None, int | None], bool]:
    """Return where name, class, split and answer stand, and whether this row is the one that says so."""
    if row and row[0].lower().endswith(_PICTURES):
        return (0, 1 if len(row) > 1 else None, 2 if len(row) > 2 and to_split(row[2]) else None, None), False
    names = [value.lower().replace(" ", "_") for value in row]

    def find(words: Sequence[str]) -> int | None:
        return next((names.index(word) for word in words if word in names), None)

    at = find(_NAME)
    if at is None:
        raise NotATable
    return (at, find(_CLASS), find(_SPLIT), find(("answer",))), True


def _add(
    row: Sequence[str],
    number: int,
    columns: tuple[int, int | None, int | None, int | None],
    entries: list[Entry],
    faults: list[Fault],
) -> None:
    name, class_text, split_text, answer = (row[at] if at is not None and at < len(row) else "" for at in columns)
    if not name:
        if any(row):
            faults.append(Fault(number, "The line names no file."))
        return
    split = to_split(split_text)
    if split_text and split is None:
        faults.append(Fault(number, f"The split {split_text[:50]!r} is none of {', '.join(SPLITS)}."))
    class_name = to_class_name(class_text)
    given = "class" if class_name else answer if answer in _ANSWERS else "none"
    entries.append(Entry(name=name, class_name=class_name, answer=given, split=split))
