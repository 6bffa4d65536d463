"""What an import's folders and tables say about its files: class, split, other answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from modelyard.errors import ProductError
from modelyard.formats import csv_table, folders, jsonl
from modelyard.formats.entries import Entry

TABLE_ENDINGS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl"}
_LARGEST_TABLE = 200_000_000


@dataclass
class Said:
    """What was said about files, by name; `notes` are sentences for the report."""

    entries: dict[str, Entry] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def about(self, name: str) -> Entry | None:
        """Return what was said about this file: by its whole name, or by its last part if that is unique."""
        return self.entries.get(name) or self.entries.get(PurePosixPath(name).name)


def is_table(name: str) -> bool:
    """Say whether a file of this name may hold labels."""
    return PurePosixPath(name).suffix.lower() in TABLE_ENDINGS


def read(names: Sequence[str], tables: Sequence[tuple[str, Path]], options: dict[str, Any]) -> Said:
    """Return what folders and tables say; tables win over folders."""
    said = Said()
    wanted = options.get("format", "auto")
    if wanted in ("auto", "folders"):
        asked = options.get("labels_from_folders")
        if wanted == "folders" or asked is not False:
            is_asked = wanted == "folders" or asked is True
            said.entries = {entry.name: entry for entry in folders.read(names, is_asked=is_asked)}
    for name, path in tables:
        kind = TABLE_ENDINGS[PurePosixPath(name).suffix.lower()]
        if wanted in ("auto", kind):
            _read_table(said, name, path, kind, set(names))
    return said


def _read_table(said: Said, name: str, path: Path, kind: str, names: set[str]) -> None:
    if path.stat().st_size > _LARGEST_TABLE:
        said.notes.append(f"{name} is larger than 200 MB and was not read.")
        return
    try:
        listing = (csv_table if kind == "csv" else jsonl).read(path.read_bytes())
    except ProductError as error:
        said.notes.append(f"{name}: {error.detail}")
        return
    bases = {PurePosixPath(other).name for other in names}
    lost = [e.name for e in listing.entries if e.name not in names and PurePosixPath(e.name).name not in bases]
    said.entries |= {entry.name: entry for entry in listing.entries}
    said.entries |= {PurePosixPath(entry.name).name: entry for entry in listing.entries}
    if lost:
        shown = ", ".join(lost[:5])
        said.notes.append(f"{len(lost)} file names in {name} did not match a picture; the first: {shown}.")
    said.notes += [f"{name}, line {fault.line}: {fault.reason}" for fault in listing.faults[:20]]
