"""The manifest of a frozen version: canonical JSON Lines, whose BLAKE3 names the version. It knows no database.

The first line is the header with classes and options; every other line is one image, in the order of their hashes.
Keys are sorted and nothing depends on the time, the machine or a library's version, so equal contents give equal bytes.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any
from uuid import UUID

FORMAT = "modelyard-version/1"


@dataclass(frozen=True)
class Entry:
    """One image of a version with its class, the annotation's revision and its split."""

    hash: str
    image_id: str
    name: str
    size_bytes: int
    width: int
    height: int
    class_id: str
    revision: int
    source: str
    split: str
    twin_group: str | None


@dataclass(frozen=True)
class Manifest:
    """Everything that a version holds."""

    classes: list[dict[str, Any]]  # {"id", "name", "color"}, in class_index order
    options: dict[str, Any]
    entries: list[Entry]

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


def to_bytes(manifest: Manifest) -> bytes:
    """Return the canonical form; equal manifests give equal bytes whatever the order of their entries.

    Example:
        >>> to_bytes(Manifest(classes=[], options={"seed": 0}, entries=[]))
        b'{"classes":[],"format":"modelyard-version/1","options":{"seed":0}}\\n'
    """
    header = {"format": FORMAT, "classes": manifest.classes, "options": manifest.options}
    entries = sorted(manifest.entries, key=lambda entry: entry.hash)
    return "".join(_lines([header, *(asdict(entry) for entry in entries)])).encode()


def from_bytes(data: bytes) -> Manifest:
    """Read what `to_bytes` wrote; keys added by a later version of the product are passed over."""
    header, *lines = (json.loads(line) for line in data.decode().splitlines())
    known = {field.name for field in fields(Entry)}
    entries = [Entry(**{key: value for key, value in line.items() if key in known}) for line in lines]
    return Manifest(classes=header["classes"], options=header["options"], entries=entries)


def _lines(records: Iterable[dict[str, Any]]) -> Iterable[str]:
    for record in records:
        yield json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True) + "\n"
