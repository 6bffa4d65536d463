"""Plain text with the classes of pictures: a line for each picture, a file for each split. It touches no picture.

    train.txt      pictures/a.jpg, 3, 1        the path, its class, perhaps more; commas, tabs or a space between
    val.txt        pictures/b.jpg, 0, 0
    classes.csv    Class Name,Class ID,Coarse Class Name        what the numbers mean; classes.txt has a name a line

A list whose name is no split leaves the split open. It is read only: other formats say more.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from modelyard.errors import Invalid
from modelyard.formats.documents import decode, part
from modelyard.formats.drafts import PICTURES, Drafts
from modelyard.formats.entries import Listing, to_split

_NAMES = ("class name", "class", "name", "label", "label name")
_NUMBERS = ("class id", "id", "class number", "label id", "index", "number")
_COARSE = ("coarse class name", "coarse class", "supercategory", "superclass", "parent")
_LONGEST_LINE = 5_000


def read(files: Mapping[str, Path]) -> Listing:
    """Return what the lists say; a line that cannot be used is a fault and stops nothing.

    Args:
        files: Every file of the data set, by its path with `/`: lists, the table of classes, pictures.

    Example:
        >>> read({}).entries
        []
    """
    drafts = Drafts()
    names: dict[str, str] = {}
    for name in sorted(files):
        if PurePosixPath(name).stem.lower() in ("classes", "labels") and name.lower().endswith((".csv", ".txt")):
            names |= _read_names(drafts, name, files[name])
    for name in sorted(name for name in files if name.lower().endswith(".txt")):
        try:
            data = part(files[name])
        except Invalid as error:
            drafts.fault(error.detail, place=name)
            continue
        if is_list(data[:_LONGEST_LINE]):
            _read_list(drafts, name, data, files, names)
    return drafts.listing()


def is_list(head: bytes) -> bool:
    r"""Say whether a file that begins so is such a list: its first line is a picture's path and a class.

    Example:
        >>> is_list(b"a/1.jpg, 3, 1\n"), is_list(b"1 2 3 4 5\n")
        (True, False)
    """
    line = next((line for line in decode(head).splitlines() if line.strip()), "")
    words = _fields(line)
    return len(words) > 1 and words[0].lower().endswith(PICTURES)


def _fields(line: str) -> Sequence[str]:
    """Return the path and what is said of it; a path may have spaces."""
    for mark in ("\t", ",", ";"):
        if mark in line:
            return [word.strip() for word in line.split(mark)]
    return [word.strip() for word in line.strip().rsplit(maxsplit=1)]


def _read_list(drafts: Drafts, name: str, data: bytes, files: Mapping[str, Path], names: Mapping[str, str]) -> None:
    folder, split = PurePosixPath(name).parent, to_split(PurePosixPath(name).stem)
    for at, line in enumerate(decode(data).splitlines(), start=1):
        if not line.strip():
            continue
        words = _fields(line[:_LONGEST_LINE])
        class_name = drafts.add_class(names.get(words[1], words[1])) if len(words) > 1 else None
        if class_name is None or not words[0]:
            drafts.fault("The line needs the path of a picture and its class.", at, f"{name}, line {at}")
            continue
        beside = str(folder / words[0].lstrip("/"))
        draft = drafts.image(beside if beside in files else words[0])
        if draft.wholes and class_name not in draft.wholes:
            drafts.fault("The picture has another class already; this one was left out.", at, f"{name}, line {at}")
            continue
        drafts.put_whole(draft, class_name)
        draft.split = draft.split or split


def _read_names(drafts: Drafts, name: str, path: Path) -> dict[str, str]:
    """Return the name of each number, adding the classes in their order."""
    try:
        lines = decode(part(path)).splitlines()
    except Invalid as error:
        drafts.fault(error.detail, place=name)
        return {}
    found: dict[str, str] = {}
    for number, given, coarse in _pairs(lines) if name.lower().endswith(".csv") else _numbered(lines):
        plain = drafts.add_class(given, **({"supercategory": coarse} if coarse else {}))
        if plain is not None:
            found[number] = plain
    return found


def _pairs(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    rows = csv.reader([line[:_LONGEST_LINE] for line in lines])
    head = [title.split("(")[0].replace("_", " ").strip().lower() for title in next(rows, [])]

    def find(titles: Sequence[str]) -> int | None:
        return next((head.index(title) for title in titles if title in head), None)

    name, number, coarse = find(_NAMES), find(_NUMBERS), find(_COARSE)
    for at, row in enumerate(rows):
        cells = [cell.strip() for cell in row]
        if name is not None and name < len(cells):
            key = cells[number] if number is not None and number < len(cells) else str(at)
            yield key, cells[name], cells[coarse] if coarse is not None and coarse < len(cells) else ""


def _numbered(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the names of a list, each by its number, or by the one that stands before it."""
    for at, line in enumerate(line for line in lines if line.strip()):
        number, _, rest = line.strip().partition(" ")
        yield (number, rest.strip(), "") if number.isdecimal() and rest.strip() else (str(at), line.strip(), "")
