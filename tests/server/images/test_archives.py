"""Zips that were made to break out, to fill the disk, or to confuse."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from modelyard.server.images import archives
from modelyard.server.images.archives import ArchiveRefused, Entry, unpack
from tests.factories.pictures import archive


def unpacked(data: bytes, folder: Path, *, max_total: int = 10**9, max_file: int = 10**8) -> dict[str, Entry]:
    path = folder / "a.zip"
    path.write_bytes(data)
    return {e.name: e for e in unpack(path, folder / "out", max_total=max_total, max_file=max_file)}


def with_infos(*entries: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for info, data in entries:
            packed.writestr(info, data)
    return out.getvalue()


def info(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = mode << 16
    return entry


def test_files_are_numbered_and_stay_in_the_folder(tmp_path: Path):
    found = unpacked(archive({"a/1.jpg": b"one", "b/1.jpg": b"two"}), tmp_path)
    assert {name: entry.path.read_bytes() for name, entry in found.items() if entry.path} == {
        "a/1.jpg": b"one",
        "b/1.jpg": b"two",
    }
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["000000", "000001"]


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "\\\\server\\share\\x", "C:\\x", "..\\x", "x\x07"])
def test_names_that_point_outside(tmp_path: Path, name: str):
    found = unpacked(archive({name: b"x", "good": b"y"}), tmp_path)
    assert [entry.name for entry in found.values() if entry.path] == ["good"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["000001", "a.zip", "out"]


def test_a_name_with_nul_is_refused_not_cut(tmp_path: Path):
    data = archive({"aXb.jpg": b"x"}).replace(b"aXb.jpg", b"a\0b.jpg")
    assert [entry.path for entry in unpacked(data, tmp_path).values()] == [None]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices(tmp_path: Path, kind: int):
    found = unpacked(with_infos((info("x", kind | 0o777), b"/etc/passwd"), (info("y", 0o100644), b"y")), tmp_path)
    assert (found["x"].path, found["x"].reason) == (None, "It is a link or a device, not an ordinary file.")
    assert found["y"].path is not None


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice(tmp_path: Path):
    path = tmp_path / "a.zip"
    path.write_bytes(with_infos((info("x", 0o100644), b"1"), (info("x", 0o100644), b"2"), (info("X", 0o100644), b"3")))
    found = list(unpack(path, tmp_path / "out", max_total=1000, max_file=1000))
    assert [(e.name, bool(e.path)) for e in found] == [("x", True), ("x", False), ("X", True)]


def test_archives_inside(tmp_path: Path):
    assert unpacked(archive({"b.zip": archive({"x": b"x"})}), tmp_path)["b.zip"].path is None


def test_clutter_of_systems_is_passed_over(tmp_path: Path):
    clutter = {"__MACOSX/a": b"", "a/.DS_Store": b"", "Thumbs.db": b"", "a/._1.jpg": b"", ".git/x": b""}
    assert list(unpacked(archive({**clutter, "a/1.jpg": b"x"}), tmp_path)) == ["a/1.jpg"]


def test_too_much_in_all(tmp_path: Path):
    with pytest.raises(ArchiveRefused, match="unpacks to"):
        unpacked(archive({"a": b"x" * 600, "b": b"x" * 600}), tmp_path, max_total=1000)


def test_one_file_too_large(tmp_path: Path):
    found = unpacked(archive({"a": b"x" * 600, "b": b"x"}), tmp_path, max_file=500)
    assert (found["a"].path, bool(found["b"].path)) == (None, True)


def test_a_bomb(tmp_path: Path):
    with pytest.raises(ArchiveRefused, match="bomb"):
        unpacked(archive({"a": b"\0" * 60_000_000}), tmp_path)


def test_entries_that_overlap(tmp_path: Path):
    data = bytearray(archive({"a": b"x" * 500, "b": b"y" * 500}, compression=zipfile.ZIP_STORED))
    second = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, second + 42, 10)
    with pytest.raises(ArchiveRefused, match="overlap"):
        unpacked(bytes(data), tmp_path)


@pytest.mark.parametrize("said", [5, 5000])
def test_a_size_that_is_not_true(tmp_path: Path, said: int):
    data = bytearray(archive({"a": b"x" * 500}))
    struct.pack_into("<L", data, data.rfind(b"PK\x01\x02") + 24, said)
    found = unpacked(bytes(data), tmp_path)
    assert found["a"].path is None
    assert list((tmp_path / "out").iterdir()) == []


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    with pytest.raises(ArchiveRefused, match="4 files"):
        unpacked(archive({str(number): b"" for number in range(4)}), tmp_path)


def test_a_list_of_files_that_would_fill_the_memory(tmp_path: Path):
    data = bytearray(archive({"a": b"x"}))
    struct.pack_into("<L", data, data.rfind(b"PK\x05\x06") + 12, 2**32 - 2)
    with pytest.raises(ArchiveRefused, match="too many files"):
        unpacked(bytes(data), tmp_path)


def test_encrypted(tmp_path: Path):
    data = bytearray(archive({"a": b"x"}))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert unpacked(bytes(data), tmp_path)["a"].reason == "It is encrypted."


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"PK\x03\x04" + b"\0" * 100, b"x" * 1000])
def test_no_archive_at_all(tmp_path: Path, data: bytes):
    with pytest.raises(ArchiveRefused):
        unpacked(data, tmp_path)


def test_cut_off(tmp_path: Path):
    data = archive({"a": b"x" * 1000})
    with pytest.raises(ArchiveRefused):
        unpacked(data[:-30], tmp_path)
