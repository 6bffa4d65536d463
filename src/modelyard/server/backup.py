"""A copy of a data directory in one file, consistent while people work, and its way back."""

import sqlite3
import tarfile
import tempfile
from pathlib import Path

from modelyard.errors import Conflict, Invalid

_SKIPPED = ("cache", "uploads")


class NotEmpty(Conflict):
    """Restore only into an empty or missing data directory."""


class BackupInvalid(Invalid):
    """This file is not a backup of Modelyard, or it is damaged."""


def backup(data: Path, target: Path) -> int:
    """Write database and files into a tar file; return its size in bytes. Nothing half-written is left behind."""
    database = data / "modelyard.db"
    if not database.is_file():
        raise Invalid(f"There is no Modelyard database in {data}. On PostgreSQL use pg_dump and copy the files.")
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=data) as folder:
        copy = Path(folder) / "modelyard.db"
        source, into = sqlite3.connect(database), sqlite3.connect(copy)
        with into:
            source.backup(into)
        source.close()
        into.close()
        # Files only ever come before the rows that name them, so a copy taken after the database is complete.
        with tarfile.open(part, "w") as archive:
            archive.add(copy, "modelyard.db")
            for path in sorted((data / "files").rglob("*")) if (data / "files").is_dir() else []:
                relative = path.relative_to(data)
                if path.is_file() and not set(relative.parts) & set(_SKIPPED):
                    archive.add(path, str(relative))
    part.replace(target)
    return target.stat().st_size


def restore(source: Path, data: Path) -> None:
    """Unpack a backup, whole or not at all; raises `NotEmpty`, `BackupInvalid`."""
    if data.exists() and any(data.iterdir()):
        raise NotEmpty(f"{data} is not empty. Restore only into an empty or missing data directory.")
    data.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data.parent, prefix=".restoring-") as folder:
        part = Path(folder) / "data"
        try:
            with tarfile.open(source) as archive:
                archive.extractall(part, filter="data")
        except (tarfile.TarError, EOFError) as error:
            raise BackupInvalid from error
        if not (part / "modelyard.db").is_file():
            raise BackupInvalid
        part.replace(data)
