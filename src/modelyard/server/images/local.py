"""Files on the server's own machine: folders, single files, patterns, and what a table of labels names."""

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from modelyard.errors import ProductError
from modelyard.formats.recognise import table_kind
from modelyard.server.images.reading import read_document


@dataclass(frozen=True)
class LocalFile:
    """A file and the name under which it is imported."""

    name: str
    path: Path
    size_bytes: int


def find(paths: Sequence[str]) -> list[LocalFile]:
    """Return the files there, sorted, each once; hidden ones and links that lead out of their folder are passed over.

    A name is the path below the given folder, behind the folder's own name if several paths are given.
    """
    wanted = [path for text in paths for path in _expand(text)]
    found: dict[Path, LocalFile] = {}
    names: set[str] = set()
    for path in wanted:
        root = path.parent if path.is_file() or len(wanted) > 1 else path
        for file in _files(path):
            real = file.resolve()
            name = _free(file.relative_to(root).as_posix(), names)
            if real not in found:
                names.add(name)
                found[real] = LocalFile(name, real, real.stat().st_size)
    return list(found.values())


def _expand(text: str) -> list[Path]:
    path = Path(text).expanduser()
    if path.exists():
        return [path.resolve()]
    return [Path(match).resolve() for match in sorted(glob.glob(str(path), recursive=True))]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        yield from _named_in(path)
        return
    for folder, inside, files in os.walk(path):
        inside[:] = sorted(name for name in inside if not name.startswith("."))
        for name in sorted(files):
            file = Path(folder, name)
            if not name.startswith(".") and file.is_file() and file.resolve().is_relative_to(path):
                yield file


def _named_in(table: Path) -> Iterator[Path]:
    """Yield the files that a table names, as far as they lie below its folder."""
    kind = table_kind(table.name)
    if kind is None:
        return
    try:
        entries = read_document(table, kind).entries
    except ProductError:
        return
    for entry in entries:
        file = table.parent / entry.name
        if "\0" not in entry.name and file.is_file() and file.resolve().is_relative_to(table.parent):
            yield file


def _free(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        plain = Path(name)
        candidate = plain.with_name(f"{plain.stem} ({number}){plain.suffix}").as_posix()
    return candidate
