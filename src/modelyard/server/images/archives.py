"""Zip archives read safely: names that stay inside, sizes that are true, nothing nested, nothing endless."""

import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from modelyard.errors import Invalid
from modelyard.server.images.names import NameRefused, clean, shown

MAX_ENTRIES = 200_000
MAX_RATIO = 200
_CLUTTER = re.compile(r"(^|/)(__MACOSX|\.(?!\.?(?:/|$))[^/]*|Thumbs\.db|desktop\.ini)(/|$)", re.IGNORECASE)
_CHUNK = 1 << 20
_END_REGION = 66_000  # a zip's end record lies in its last bytes, before a comment of at most 65,535
_MAX_DIRECTORY = 64 << 20


class ArchiveRefused(Invalid):
    """This zip archive cannot be read safely."""


@dataclass(frozen=True)
class Entry:
    """One file of an archive: unpacked to `path`, or refused with a `reason`."""

    name: str
    size_bytes: int
    path: Path | None
    reason: str = ""


def is_zip(path: Path) -> bool:
    """Say whether this file is a zip archive, by its content."""
    return zipfile.is_zipfile(path)


def unpack(path: Path, folder: Path, *, max_total: int, max_file: int) -> Iterator[Entry]:
    """Unpack the archive into numbered files in `folder`, entry by entry; names are never used as paths.

    Raises:
        ArchiveRefused: Damaged, too many entries, or larger than it may be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not _is_clutter(info)]
            _check_whole(infos, max_total)
            seen: set[str] = set()
            for number, info in enumerate(infos):
                yield _unpack_one(archive, info, folder / f"{number:06d}", max_file, seen)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise ArchiveRefused("The zip archive is damaged or uses a method that is not supported.") from error


def _check_directory(path: Path) -> None:
    """Refuse an archive whose list of files alone would fill the memory, before it is read."""
    with path.open("rb") as file:
        size_bytes = file.seek(0, 2)
        file.seek(max(0, size_bytes - _END_REGION))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    wide = tail.rfind(b"PK\x06\x06")
    if end < 0 or len(tail) < end + 22:
        raise ArchiveRefused("The zip archive is cut off or damaged.")
    length = struct.unpack_from("<L", tail, end + 12)[0]
    if wide >= 0 and len(tail) >= wide + 48:
        length = struct.unpack_from("<Q", tail, wide + 40)[0]
    if length > min(_MAX_DIRECTORY, size_bytes):
        raise ArchiveRefused(f"The archive has too many files; at most {MAX_ENTRIES:,} are read.")


def _is_clutter(info: zipfile.ZipInfo) -> bool:
    return _CLUTTER.search(info.filename.replace("\\", "/")) is not None


def _check_whole(infos: list[zipfile.ZipInfo], max_total: int) -> None:
    if len(infos) > MAX_ENTRIES:
        raise ArchiveRefused(f"The archive has {len(infos):,} files; at most {MAX_ENTRIES:,} are read.")
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > max_total:
        raise ArchiveRefused(
            f"The archive unpacks to {total / 1e9:,.1f} GB; at most {max_total / 1e9:,.1f} GB are read."
        )
    if total > 50_000_000 and total > MAX_RATIO * max(packed, 1):
        raise ArchiveRefused("The archive unpacks to far more than it holds, as a zip bomb does.")
    spans = sorted((info.header_offset, info.header_offset + info.compress_size) for info in infos)
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise ArchiveRefused("Files of the archive overlap, as in a zip bomb.")


def _unpack_one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, max_file: int, seen: set[str]) -> Entry:
    raw = getattr(info, "orig_filename", info.filename)  # `filename` has lost what follows a NUL.
    try:
        name, fault = clean(raw), None
    except NameRefused as error:
        name, fault = shown(raw), error.detail
    fault = fault or _kind_fault(info, name, seen)
    if fault is None and info.file_size > max_file:
        fault = f"It has {info.file_size / 1e6:,.0f} MB; at most {max_file / 1e6:,.0f} MB are accepted."
    if fault is None:
        seen.add(name)
        fault = _copy(archive, info, target)
    return Entry(name, info.file_size, None if fault else target, fault or "")


def _kind_fault(info: zipfile.ZipInfo, name: str, seen: set[str]) -> str | None:
    mode = info.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return "It is a link or a device, not an ordinary file."
    if info.flag_bits & 1:
        return "It is encrypted."
    if name in seen:
        return "The archive holds another file of this name."
    if name.lower().endswith((".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")):
        return "Archives inside archives are not read."
    return None


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> str | None:
    written = 0
    try:
        with archive.open(info) as source, target.open("wb") as out:
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > info.file_size:
                    break
                out.write(chunk)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError):
        written = -1
    if written == info.file_size:
        return None
    target.unlink(missing_ok=True)
    return "It is damaged: what it holds is not what the archive says."
