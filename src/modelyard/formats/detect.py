"""Which interchange format a heap of files is in; it reads no more than the first words of a few of them.

The answers are the names of the modules beside this one. `coco`, `cvat`, `label_studio`, `jsonl` and `csv_table` read
one file, the one that `find` names; the others read all files together.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

from modelyard.errors import Invalid
from modelyard.formats.documents import DocumentInvalid, decode, load_json, load_yaml, walk_json
from modelyard.formats.drafts import PICTURES
from modelyard.formats.mask_png import FOLDERS

SINGLE = ("coco", "cvat", "label_studio", "jsonl", "csv_table")
MANY = ("voc", "yolo", "mask_png", "hf_imagefolder", "datumaro")

_MOST_TRIED = 20
_HEAD = 10_000

Open = Callable[[str], bytes]


def which(names: Sequence[str], open: Open) -> str | None:
    """Return the format of the files, or None if none of them says anything of labels.

    Args:
        names: Their paths with `/`.
        open: Returns what a file holds.

    Example:
        >>> which(["annotations.json", "images/1.jpg"], lambda name: b'{"images": []}')
        'coco'
    """
    found = find(names, open)
    return found[0] if found else None


def find(names: Sequence[str], open: Open) -> tuple[str, str] | None:
    """Return the format, and the file that told; the arguments are those of `which`.

    Example:
        >>> find(["x/labels.csv", "x/1.jpg"], lambda name: b"")
        ('csv_table', 'x/labels.csv')
    """
    ordered = sorted(names, key=lambda name: (name.count("/"), name))
    for endings, look in _LOOKS:
        for name in [name for name in ordered if name.lower().endswith(endings)][:_MOST_TRIED]:
            try:
                kind = look(name, open)
            except Invalid:
                continue
            if kind:
                return kind, name
    return next(_by_place(ordered), None)


def _yaml(name: str, open: Open) -> str | None:
    config = load_yaml(open(name))
    is_yolo = isinstance(config, dict) and "names" in config
    return "yolo" if is_yolo else None


def _lines(name: str, open: Open) -> str | None:
    head = open(name)[: _HEAD * 100]
    line = next((line for line in decode(head).splitlines() if line.strip()), "")
    record = load_json(line.encode())
    if not isinstance(record, dict):
        return None
    if "format" in record and "classes" in record:
        return "jsonl"
    if PurePosixPath(name).name == "metadata.jsonl" and "file_name" in record:
        return "hf_imagefolder"
    return "jsonl" if any(key in record for key in ("file_name", "name", "path", "image")) else None


def _json(name: str, open: Open) -> str | None:
    data = open(name)
    is_list = decode(data[:_HEAD]).lstrip().startswith("[")
    for tried, (key, index, value) in enumerate(walk_json(data)):
        if is_list:
            return "label_studio" if isinstance(value, dict) and isinstance(value.get("data"), dict) else None
        if key == "images":
            return "coco"
        if key == "annotations" and isinstance(value, dict) and "image_id" in value:
            return "coco"
        if key == "items" and (index < 0 or (isinstance(value, dict) and "annotations" in value)):
            return "datumaro"
        if key == "data" and isinstance(value, dict):
            return "label_studio"
        if tried > _HEAD:
            raise DocumentInvalid
    return None


def _xml(name: str, open: Open) -> str | None:
    head = decode(open(name)[:_HEAD])
    if "<annotations" in head:
        return "cvat"
    return "voc" if "<annotation>" in head or "<annotation " in head else None


def _table(name: str, open: Open) -> str | None:
    return "csv_table"


_LOOKS: tuple[tuple[tuple[str, ...], Callable[[str, Open], str | None]], ...] = (
    ((".yaml", ".yml"), _yaml),
    ((".jsonl",), _lines),
    ((".json",), _json),
    ((".xml",), _xml),
    ((".csv", ".tsv"), _table),
)


def _by_place(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield formats that show in where files lie: label files in `labels`, masks in `masks` beside other pictures."""
    for name in names:
        folders = PurePosixPath(name).parts[:-1]
        if name.endswith(".txt") and "labels" in folders:
            yield "yolo", name
    has_others = any(
        name.lower().endswith(PICTURES) and not set(PurePosixPath(name).parts[:-1]) & set(FOLDERS) for name in names
    )
    for name in names:
        if has_others and name.lower().endswith(".png") and set(PurePosixPath(name).parts[:-1]) & {*FOLDERS[:3]}:
            yield "mask_png", name
