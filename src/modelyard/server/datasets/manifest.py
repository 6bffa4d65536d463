"""The manifest of a frozen version: canonical JSON Lines, whose BLAKE3 names the version. It knows no database.

The first line is the header with classes and options; every other line is one image, in the order of their hashes.
Keys are sorted and nothing depends on the time, the machine or a library's version, so equal contents give equal bytes.

Where objects are drawn, or images have several classes, the format is "modelyard-version/2" (see `objects.py` of this
folder): the header says how many images there are, and behind them stands one more line for each image that holds
objects. So a list of a hundred thousand images is read without the million boxes behind it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

FORMAT = "modelyard-version/1"
FORMAT_OF_OBJECTS = "modelyard-version/2"


@dataclass(frozen=True, slots=True)
class Entry:
    """One image of a version with its class or the counts of its objects, the annotation's revision and its split."""

    hash: str
    image_id: str
    name: str
    size_bytes: int
    width: int
    height: int
    class_id: str | None  # None where objects are drawn
    revision: int
    source: str
    split: str
    twin_group: str | None
    attributes: Mapping[str, Any] = field(default_factory=dict)  # of the image as a whole
    objects: Mapping[str, int] = field(default_factory=dict)  # class id to how many there are
    bytes: int = 0  # of the line of its objects, 0 where there are none
    start: int = field(default=0, compare=False)  # where that line begins among those of objects; known once it is read


@dataclass(frozen=True)
class Manifest:
    """Everything that a version holds; `path` is where objects are read from when somebody asks."""

    classes: list[dict[str, Any]]  # {"id", "name", "color"} and "skeleton" where there is one, in class_index order
    options: dict[str, Any]
    entries: list[Entry]
    task: str = "classification"
    attributes: list[dict[str, Any]] = field(default_factory=list)
    path: Path | None = field(default=None, compare=False)
    heads_bytes: int = field(default=0, compare=False)  # where the lines of objects begin

    @cached_property
    def class_index(self) -> dict[str, int]:
        """The index of each class id."""
        return {entry["id"]: index for index, entry in enumerate(self.classes)}

    def of_split(self, *splits: str) -> list[Entry]:
        """Return the entries of these splits, in the manifest's order."""
        return [entry for entry in self.entries if entry.split in splits]

    def image_ids(self) -> list[UUID]:
        """Return every image's id, in the manifest's order."""
        return [UUID(entry.image_id) for entry in self.entries]

    def lines(self, entries: Iterable[Entry]) -> Iterator[bytes]:
        """Yield the line of each entry's objects as it stands in the file, empty where there are none."""
        if self.path is None:
            yield from (b"" for _ in entries)
            return
        with self.path.open("rb") as file:
            for entry in entries:
                file.seek(self.heads_bytes + entry.start)
                yield file.read(entry.bytes)

    def objects(self, entries: Iterable[Entry]) -> Iterator[list[dict[str, Any]]]:
        """Yield the objects of each entry, from below to above; see `objects.py` for what they say."""
        for line in self.lines(entries):
            yield json.loads(line) if line else []


_KNOWN = {entry.name for entry in fields(Entry)} - {"start"}
_KEYS = sorted(_KNOWN - {"attributes", "objects", "bytes"})


def to_bytes(manifest: Manifest) -> bytes:
    """Return the canonical form; equal manifests give equal bytes whatever the order of their entries.

    It is that of images with one class each; `objects.py` writes the other.

    Example:
        >>> to_bytes(Manifest(classes=[], options={"seed": 0}, entries=[]))
        b'{"classes":[],"format":"modelyard-version/1","options":{"seed":0}}\\n'
    """
    header = {"format": FORMAT, "classes": manifest.classes, "options": manifest.options}
    entries = sorted(manifest.entries, key=lambda entry: entry.hash)
    records = [header, *({key: getattr(entry, key) for key in _KEYS} for entry in entries)]
    return b"".join(map(to_line, records))


def read(path: Path) -> Manifest:
    """Read what `to_bytes` or `objects.write` wrote; keys added by a later version of the product are passed over."""
    with path.open("rb") as file:
        return _read(file, path)


def from_bytes(data: bytes) -> Manifest:
    """Return what `to_bytes` made."""
    return _read(data.splitlines(keepends=True), None)


def to_line(record: object) -> bytes:
    """Return a record in canonical form, as one line.

    Example:
        >>> to_line({"b": "ä", "a": 1.0})
        b'{"a":1.0,"b":"\\\\u00e4"}\\n'
    """
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def _read(lines: Iterable[bytes], path: Path | None) -> Manifest:
    rest = iter(lines)
    first = next(rest)
    header = json.loads(first)
    entries, heads_bytes, start = [], len(first), 0
    for line in islice(rest, header.get("images")):
        values = {key: value for key, value in json.loads(line).items() if key in _KNOWN}
        entries.append(Entry(**({"class_id": None} | values), start=start))
        heads_bytes += len(line)
        start += entries[-1].bytes
    return Manifest(
        classes=header["classes"],
        options=header["options"],
        entries=entries,
        task=header.get("task", "classification"),
        attributes=header.get("attributes", []),
        path=path if "images" in header else None,
        heads_bytes=heads_bytes,
    )
