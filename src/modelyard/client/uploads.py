"""Sending files to a server: announced, in chunks, three at a time; going on where a break left off."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from glob import glob
from pathlib import Path
from typing import Any

from modelyard.client.connection import Connection
from modelyard.errors import NotFound

_CHUNK_BYTES = 4 * 1024 * 1024
_ANNOUNCED = 500
_AT_ONCE = 3


class SourceMissing(NotFound):
    """There is no file at this path."""


def find(sources: Sequence[str]) -> list[tuple[str, Path]]:
    """Return (name, path) of every file in these folders, globs and files; raises `SourceMissing`."""
    found: list[tuple[str, Path]] = []
    for source in sources:
        path = Path(source).expanduser()
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file())
            found += [(p.relative_to(path).as_posix(), p) for p in inside if not p.name.startswith(".")]
        elif path.is_file():
            found.append((path.name, path))
        else:
            matched = [Path(name) for name in sorted(glob(str(path), recursive=True)) if Path(name).is_file()]
            if not matched:
                raise SourceMissing(f"There is no file at {source!r}.")
            found += [(p.name, p) for p in matched]
    return found


def upload(
    connection: Connection,
    project_id: str,
    files: Sequence[tuple[str, Path]],
    options: dict[str, Any],
    on_sent: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Send files and return the import, its job begun; `on_sent` hears (files sent, files in all)."""
    source = f"{len(files)} files" if len(files) != 1 else files[0][0][-300:]
    body = {"source": source, "files": [], "options": options}
    row: dict[str, Any] = connection.request("POST", f"/projects/{project_id}/imports", json=body)
    paths = dict(files)
    sent = 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for announced in _announce(connection, row["id"], files):
            work = [(connection, row["id"], file, paths[file["name"]]) for file in announced if file["name"] in paths]
            for _ in pool.map(lambda item: _send(*item), work):
                sent += 1
                if on_sent:
                    on_sent(sent, len(files))
    finished: dict[str, Any] = connection.request("POST", f"/imports/{row['id']}/finish")
    return finished


def _announce(
    connection: Connection, import_id: str, files: Sequence[tuple[str, Path]]
) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(files), _ANNOUNCED):
        part = [{"name": name, "size_bytes": path.stat().st_size} for name, path in files[start : start + _ANNOUNCED]]
        answer = connection.request("POST", f"/imports/{import_id}/files", json={"files": part})
        yield answer["files"] if isinstance(answer, dict) else answer


def _send(connection: Connection, import_id: str, file: dict[str, Any], path: Path) -> None:
    received, address = file["received_bytes"], f"/imports/{import_id}/files/{file['id']}/content"
    with path.open("rb") as source:
        while received < file["size_bytes"]:
            source.seek(received)
            chunk = source.read(_CHUNK_BYTES)
            answer = connection.request("PUT", address, params={"offset": received}, content=chunk)
            if answer["received_bytes"] <= received:
                return
            received = answer["received_bytes"]
