"""The pictures themselves, as they are served and looked at: small, whole, in tiles, and the file to be saved.

Small plain pictures are decoded here; large ones, and those whose decoders are many and old, in child processes.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.pixels import open_image
from modelyard.engine.values import Window, lookup
from modelyard.errors import NotFound, Unavailable
from modelyard.formats import metadata
from modelyard.server.images import tiles, verify
from modelyard.server.images.service import limits_of
from modelyard.server.images.storing import full_key, preview_key, thumbnail_key, tiles_key
from modelyard.server.kit.aside import aside
from modelyard.server.kit.blobs import BlobMissing, BlobStore
from modelyard.server.kit.compute import ChildDied
from modelyard.server.settings import Settings
from modelyard.server.tables import Image

LARGEST_FULL_PIXELS = 50_000_000
LARGEST_FULL_PX = 8192  # Browsers hold no larger picture in one piece.
_FOR_BROWSERS = ("jpeg", "png", "webp", "gif", "bmp")
_CUTTING = [threading.Lock() for _ in range(64)]
_WAITING = threading.BoundedSemaphore(8)  # Each holds a thread of the server while tiles are made.

Place = tuple[int, int, int]  # level, column, row
Item = TypeVar("Item")
Result = TypeVar("Result")


class OnlyInTiles(NotFound):
    """This picture has more than 50 megapixels, or more than 8,192 pixels along a side. Ask for its tiles."""


class TileNotFound(NotFound):
    """The picture has no such tile: level 0 is its full size, each level halves it, tiles have 512 pixels a side."""


class NoValues(NotFound):
    """This picture's values are plain bytes. Ask for its tiles, or for all of it."""


class StillCutting(Unavailable):
    """The tiles of other large pictures are being made. Ask again in a moment."""


class DecodingFailed(Unavailable):
    """The picture could not be decoded just now: it takes too much memory or time."""


@dataclass(frozen=True)
class _Errand:
    data: bytes
    limits: verify.Limits


def thumbnail(blobs: BlobStore, image: Image) -> bytes:
    """Return the picture upright at 256 px or less, WebP, without metadata."""
    return blobs.get_at(thumbnail_key(image.content_hash))


def preview(blobs: BlobStore, settings: Settings, image: Image) -> bytes:
    """Return the picture upright at 1,600 px or less, WebP, without metadata; made at the first look."""
    return _kept(blobs, preview_key(image.content_hash), lambda: _decode(blobs, settings, image, _preview))


def full(blobs: BlobStore, settings: Settings, image: Image) -> tuple[bytes, str]:
    """Return the whole picture upright without metadata, as browsers show it, and its media type.

    Files that need no change keep their very bytes; others become PNGs. Values finer than bytes are seen through the
    first window.

    Raises:
        OnlyInTiles: It is too large for one piece.
    """
    if image.width * image.height > LARGEST_FULL_PIXELS or max(image.width, image.height) > LARGEST_FULL_PX:
        raise OnlyInTiles
    if image.format in _FOR_BROWSERS and image.display is None:
        data = blobs.get(image.content_hash)
        kept = None if metadata.needs_turning(data) or _is_see_through(data) else metadata.strip(data)
        if kept is not None:
            return kept, f"image/{image.format}"
    return _kept(blobs, full_key(image.content_hash), lambda: _decode(blobs, settings, image, _full)), "image/png"


def tile(blobs: BlobStore, settings: Settings, image: Image, place: Place) -> bytes:
    """Return one tile as a PNG; values finer than bytes are seen through the first window.

    Args:
        blobs: Where tiles are kept.
        settings: Limits of memory, and of room for tiles.
        image: Whose tile.
        place: Level, column and row.

    Raises:
        TileNotFound: The picture has no such tile.
    """
    kept = _tile(blobs, settings, image, place)
    return kept if image.display is None else tiles.to_png(_seen(image, kept, place))


def values(blobs: BlobStore, settings: Settings, image: Image, place: Place) -> bytes:
    """Return one tile of values as 16-bit steps, packed by gzip; raises `TileNotFound`, `NoValues`."""
    if image.display is None:
        raise NoValues
    return _tile(blobs, settings, image, place)


def without_metadata(blobs: BlobStore, settings: Settings, image: Image) -> bytes:
    """Return the file without what cameras and hospitals write into it, with the same pixels wherever that can be."""
    data = blobs.get(image.content_hash)
    if image.format == "dicom":
        return _aside(settings, _without_patient, data)
    kept = None if metadata.needs_turning(data) else metadata.strip(data)
    return _aside(settings, metadata.upright, data) if kept is None else kept


def _without_patient(data: bytes) -> bytes:
    from modelyard.formats.dicom import deidentify

    return deidentify(data)


def _is_see_through(data: bytes) -> bool:
    """Say whether some of the picture may be transparent, which everybody is to see on white."""
    with open_image(data, max_bytes=len(data)) as opened:
        return opened.has_transparency_data


def is_light(image: Image) -> bool:
    """Say whether the server may decode this picture in its own process."""
    return image.format != "dicom" and image.width * image.height <= verify.LARGEST_LIGHT


def _kept(blobs: BlobStore, key: str, make: Callable[[], bytes]) -> bytes:
    try:
        return blobs.get_at(key)
    except BlobMissing:
        made = make()
    blobs.put_at(key, made)
    return made


def _decode(blobs: BlobStore, settings: Settings, image: Image, function: Callable[[_Errand], bytes]) -> bytes:
    errand = _Errand(blobs.get(image.content_hash), limits_of(settings))
    if not is_light(image):
        return _aside(settings, function, errand)
    with verify.DECODING:
        return function(errand)


def _aside(settings: Settings, function: Callable[[Item], Result], item: Item) -> Result:
    try:
        return aside(settings.worker_memory_mb).call(function, item)
    except (ChildDied, MemoryError) as error:
        raise DecodingFailed from error


def _preview(errand: _Errand) -> bytes:
    return verify.preview(errand.data, errand.limits)


def _full(errand: _Errand) -> bytes:
    return tiles.to_png(verify.full(errand.data, errand.limits))


def _tile(blobs: BlobStore, settings: Settings, image: Image, place: Place) -> bytes:
    if place[0] >= tiles.level_count(image.width, image.height):
        raise TileNotFound
    try:
        found = tiles.read(blobs.local_path_at(tiles_key(image.content_hash)), *place)
    except (BlobMissing, FileNotFoundError):  # Not made yet, or just given up for others.
        found = tiles.read(_cut(blobs, settings, image), *place)
    if found is None:
        raise TileNotFound
    return found


def _cut(blobs: BlobStore, settings: Settings, image: Image) -> Path:
    """Make a picture's tiles, once for all who ask at the same time; return where they are."""
    if not _WAITING.acquire(blocking=False):
        raise StillCutting(retry_after_s=3)
    key = tiles_key(image.content_hash)
    try:
        with _CUTTING[int(image.content_hash[:4], 16) % len(_CUTTING)]:
            if not blobs.has_at(key):
                url, most = settings.storage_url or None, settings.tiles_gb * 10**9
                root = str(settings.data / "files")
                errand = tiles.TileErrand(image.content_hash, limits_of(settings), root, url, most)
                _aside(settings, tiles.cut_and_store, errand)
            return blobs.local_path_at(key)
    finally:
        _WAITING.release()


def _seen(image: Image, kept: bytes, place: Place) -> NDArray[np.uint8]:
    """Return what a screen shows of a kept tile, shape (H, W) or (H, W, 3)."""
    level, column, _ = place
    display = image.display or {}
    width = min(tiles.TILE_PX, -(-image.width // 2**level) - column * tiles.TILE_PX)
    table = lookup(
        Window(**display["windows"][0]),
        slope=display["slope"],
        intercept=display["intercept"],
        is_inverted=display["is_inverted"],
    )
    return table[tiles.steps_of(kept, display["channels"], width)]


def media_type(image: Image) -> str:
    """Return the media type of the picture's file."""
    return "application/dicom" if image.format == "dicom" else f"image/{image.format}"
