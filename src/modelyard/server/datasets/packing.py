"""Pictures into a zip on disk: streamed, without metadata, under names that every system can unpack."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from modelyard.formats.metadata import needs_turning, strip, upright
from modelyard.server.kit.compute import Pool

EPOCH = (2000, 1, 1, 0, 0, 0)  # the same pictures give the same bytes
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*' + "".join(map(chr, range(32))), "_"))
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True)
class Picture:
    """A picture on this machine and its name in the archive."""

    path: Path
    name: str


def safe_name(name: str) -> str:
    """Return a relative path that no system refuses; ordinary names stay as they are.

    Example:
        >>> safe_name("apples/IMG 1.jpg"), safe_name("../x"), safe_name("C:\\\\a?.png")
        ('apples/IMG 1.jpg', 'x', 'C_/a_.png')
    """
    parts = []
    for part in name.replace("\\", "/").split("/"):
        plain = part.translate(_FORBIDDEN).rstrip(". ")
        if plain:
            parts.append(f"_{plain}" if plain.split(".")[0].lower() in _RESERVED else plain)
    return "/".join(parts) or "unnamed"


def unique_names(names: Sequence[str]) -> list[str]:
    """Return safe names, no two alike even where upper and lower case are one.

    Example:
        >>> unique_names(["a.jpg", "A.jpg", "a.jpg"])
        ['a.jpg', 'A (2).jpg', 'a (3).jpg']
    """
    taken: set[str] = set()
    found = []
    for name in map(safe_name, names):
        path, number, candidate = PurePosixPath(name), 1, name
        while candidate.lower() in taken:
            number += 1
            candidate = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        taken.add(candidate.lower())
        found.append(candidate)
    return found


def pack(
    archive: zipfile.ZipFile, pictures: Iterable[Picture], *, with_metadata: bool, pool: Pool
) -> Iterator[Picture]:
    """Write pictures into the archive and yield each that is done; those to be encoded anew come last, on all cores."""
    later = []
    for picture in pictures:
        data = picture.path.read_bytes()
        kept = data if with_metadata else _without_metadata(data)
        if kept is None:
            later.append(picture)
            continue
        archive.writestr(zipfile.ZipInfo(picture.name, EPOCH), kept)
        yield picture
    for picture, result in pool.map_unordered(_turned, later):
        if isinstance(result, BaseException):
            raise result
        archive.writestr(zipfile.ZipInfo(picture.name, EPOCH), result)
        yield picture


def _without_metadata(data: bytes) -> bytes | None:
    return None if needs_turning(data) else strip(data)


def _turned(picture: Picture) -> bytes:
    return upright(picture.path.read_bytes())
