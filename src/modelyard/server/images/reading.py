"""What an import's folders and tables say about its files: class, split, other answers. It knows no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from modelyard.errors import Invalid, ProductError
from modelyard.formats import csv_table, folders, jsonl
from modelyard.formats.entries import Entry, Listing, match_names

_ENDINGS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl"}
_MORE_ENDINGS = {".txt": "csv", ".json": "jsonl", ".ndjson": "jsonl"}  # only when a format is asked for
_LARGEST_TABLE = 200_000_000
_SHOWN_FAULTS = 20


class TableTooLarge(Invalid):
    """A table of labels may have at most 200 MB."""


@dataclass
class Said:
    """What was said about files: by the name of the file, and about names that no file of the import has."""

    entries: dict[str, Entry] = field(default_factory=dict)
    unmatched: dict[str, list[Entry]] = field(default_factory=dict)  # by table
    classes: list[Mapping[str, object]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    listed: int = 0  # names in tables


def is_table(name: str, wanted: str = "auto") -> bool:
    """Say whether a file of this name is read for labels when `wanted` is the format."""
    ending = PurePosixPath(name).suffix.lower()
    if wanted == "auto":
        return ending in _ENDINGS
    return (_ENDINGS | _MORE_ENDINGS).get(ending) == wanted


def read(names: Sequence[str], tables: Sequence[tuple[str, Path]], options: Mapping[str, Any]) -> Said:
    """Return what folders and tables say; a table that can be read wins over folders."""
    said = Said()
    wanted = options.get("format", "auto")
    for name, path in tables:
        _take_table(said, names, name, path)
    if wanted == "folders" or (wanted == "auto" and not said.listed and options.get("labels_from_folders", True)):
        said.entries = {entry.name: entry for entry in folders.read(names, is_asked=wanted == "folders")}
    return said


def read_table(name: str, path: Path) -> Listing:
    """Return what a table says; raises `TableTooLarge`, `NotATable`."""
    if path.stat().st_size > _LARGEST_TABLE:
        raise TableTooLarge
    kind = (_ENDINGS | _MORE_ENDINGS)[PurePosixPath(name).suffix.lower()]
    data = path.read_bytes()
    return csv_table.read(data) if kind == "csv" else jsonl.read(data)


def unmatched_note(table: str, entries: Sequence[Entry]) -> str:
    """Say which names of a table mean no picture."""
    first = ", ".join(f"“{entry.name[:100]}”" for entry in entries[:5])
    if len(entries) == 1:
        return f"1 file name in {table} did not match any picture: {first}."
    return f"{len(entries):,} file names in {table} did not match any picture; the first: {first}."


def _take_table(said: Said, names: Sequence[str], table: str, path: Path) -> None:
    try:
        listing = read_table(table, path)
    except ProductError as error:
        said.notes.append(f"{table}: {error.detail}")
        return
    folder = PurePosixPath(table).parent.as_posix()
    beside = {entry.name: entry.name if folder == "." else f"{folder}/{entry.name}" for entry in listing.entries}
    matched = match_names(beside.values(), names)
    for entry in listing.entries:
        name = matched.get(beside[entry.name])
        if name is None:
            said.unmatched.setdefault(table, []).append(entry)
        else:
            said.entries[name] = entry
    said.listed += len(listing.entries)
    said.classes += listing.classes
    said.notes += [f"{table}, line {fault.line}: {fault.reason}" for fault in listing.faults[:_SHOWN_FAULTS]]
    if (more := len(listing.faults) - _SHOWN_FAULTS) > 0:
        said.notes.append(f"{table}: {more:,} more lines could not be used.")
