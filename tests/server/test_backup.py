"""A backup holds everything, and comes back whole or not at all."""

import io
import tarfile
from pathlib import Path

import pytest

import modelyard
from modelyard.server.backup import BackupInvalid, NotEmpty, backup, restore
from tests.factories.pictures import picture


def test_what_is_exported_after_a_restore_is_what_was_exported_before(tmp_path: Path) -> None:
    for number in range(4):
        path = tmp_path / "pictures" / ("bun" if number % 2 else "roll") / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(number))
    with modelyard.connect(tmp_path / "data") as yard:
        project = yard.projects.create("Bakery", task="classification")
        project.import_([tmp_path / "pictures"])
        project.export(tmp_path / "before", format="jsonl")
    backup(tmp_path / "data", tmp_path / "copy.tar")
    restore(tmp_path / "copy.tar", tmp_path / "again" / "data")
    with modelyard.connect(tmp_path / "again" / "data") as yard:
        yard.projects.get("Bakery").export(tmp_path / "after", format="jsonl")
    assert files(tmp_path / "before") == files(tmp_path / "after") != {}


@pytest.mark.parametrize("keep", [0, 700, 5_000])
def test_a_damaged_backup_leaves_nothing_behind(tmp_path: Path, keep: int) -> None:
    with modelyard.connect(tmp_path / "data") as yard:
        yard.projects.create("Bakery", task="classification")
    backup(tmp_path / "data", tmp_path / "copy.tar")
    (tmp_path / "copy.tar").write_bytes((tmp_path / "copy.tar").read_bytes()[:keep])
    refused(tmp_path)


@pytest.mark.parametrize("name", ["../out.txt", "/tmp/out.txt"])
def test_a_backup_that_somebody_made_up_writes_nothing_outside(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "copy.tar", "w") as archive:
        for entry in ("modelyard.db", name):
            archive.addfile(tarfile.TarInfo(entry), io.BytesIO())
    if name.startswith("/"):  # An absolute name loses its slash, so it lands inside.
        restore(tmp_path / "copy.tar", tmp_path / "new")
        assert (tmp_path / "new" / name[1:]).is_file()
    else:
        refused(tmp_path)


def test_only_an_empty_place_is_restored_into(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine.txt").write_text("mine")
    with pytest.raises(NotEmpty):
        restore(tmp_path / "copy.tar", tmp_path / "new")


def refused(folder: Path) -> None:
    before = {path.name for path in folder.iterdir()}
    with pytest.raises(BackupInvalid):
        restore(folder / "copy.tar", folder / "new")
    assert {path.name for path in folder.iterdir()} == before


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
