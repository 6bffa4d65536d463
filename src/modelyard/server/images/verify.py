"""One file looked at: is it a picture, and what are its facts? It knows no database.

Everything is checked from the header before a pixel is decoded. `verify` runs in child processes with a memory limit.
"""

import threading
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from modelyard.engine.deep import is_deep
from modelyard.engine.pixels import open_image, to_rgb, turned_rgb, turned_values
from modelyard.engine.refusals import DicomRefused, ImageTooLarge, ImageUnreadable
from modelyard.server.kit.blobs import hash_bytes

THUMBNAIL_PX = 256
PREVIEW_PX = 1600
LARGEST_LIGHT = 25_000_000  # pixels
DECODING = threading.BoundedSemaphore(2)  # A light picture takes up to a hundred megabytes while it is decoded.
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML file"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"8BPS", "a Photoshop file"),
    (b"%!PS", "a PostScript file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"SIMPLE  =", "a FITS file"),
    (b"MZ", "a program"),
)
_DAMAGED = "The picture is damaged or cut off. Save it again from where it came."
_READ = "Send JPEG, PNG, WebP, BMP, TIFF, GIF or DICOM."
_UNKNOWN = f"This is not a picture that can be read. {_READ}"
_OTHER_TIFF = (
    "The TIFF is damaged, or holds numbers that are not read, such as 64-bit ones. Save it with 8, 16 or 32 bits."
)
_TIFFS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"BM", b"GIF8")
TOO_MUCH = "The picture could not be decoded: it takes too much memory or time."
_FAULTS = ((_TIFFS, _OTHER_TIFF), (_PICTURES, _DAMAGED))
_OWN_MEMORY = 700 * 2**20  # of a child process, before it decodes anything


@dataclass(frozen=True)
class Limits:
    """The largest file and picture that are accepted, and the memory that one may take while it is decoded."""

    bytes: int
    pixels: int
    memory: int = 4 * 2**30


@dataclass(frozen=True)
class Facts:
    """What is known of a picture; width and height are those of the upright picture."""

    content_hash: str
    format: str
    size_bytes: int
    width: int
    height: int
    brightness: float
    contrast: float
    sharpness: float
    dhash: int
    display: dict[str, Any] | None = None  # how its values become grey, where they are finer than bytes


@dataclass(frozen=True)
class Refusal:
    """Why a file is not accepted, in one sentence."""

    reason: str


def verify(data: bytes, limits: Limits) -> tuple[Facts, bytes] | Refusal:
    """Return facts and thumbnail (WebP, without metadata) of a picture, or why it is refused."""
    if len(data) > limits.bytes or not data:
        return _wrong_size(len(data), limits)
    if (kind := _foreign_kind(data)) is not None:
        return Refusal(f"This is {kind}, not a picture. {_READ}")
    try:
        return _look(data, limits)
    except ImageTooLarge as error:
        return Refusal(f"{error.detail} Scale it down and send it again.")
    except DicomRefused as error:
        return Refusal(error.detail)
    except ImageUnreadable:
        return Refusal(next((reason for starts, reason in _FAULTS if data.startswith(starts)), _UNKNOWN))


def is_light(data: bytes, limits: Limits) -> bool:
    """Say whether a file may be looked at outside a child process: its header tells a plain picture of modest size."""
    if data[128:132] == b"DICM":
        return False
    try:
        with open_image(data, max_bytes=limits.bytes, max_pixels=limits.pixels) as image:
            return image.width * image.height <= LARGEST_LIGHT
    except (ImageTooLarge, ImageUnreadable):
        return True  # It is refused from its header.


def verify_file(path: Path, limits: Limits) -> tuple[Facts, bytes, bytes] | Refusal:
    """Return facts, thumbnail and the file's bytes, or why it is refused; a file over the limit is not even read."""
    try:
        size_bytes = path.stat().st_size
        if not path.is_file():
            return Refusal("This is not an ordinary file.")
        if size_bytes > limits.bytes:
            return _wrong_size(size_bytes, limits)
        data = path.read_bytes()
    except OSError as error:
        return Refusal(f"The file cannot be read: {error.strerror or 'unknown fault'}.")
    found = verify(data, limits)
    return found if isinstance(found, Refusal) else (*found, data)


def preview(data: bytes, limits: Limits) -> bytes:
    """Return the picture upright, at most 1,600 px on its longer side, as WebP without metadata.

    Raises:
        ImageUnreadable: Damaged, or not a picture.
        ImageTooLarge: Over the limits.
    """
    return _encode(_open(data, limits, PREVIEW_PX).shown, PREVIEW_PX, quality=88)


def full(data: bytes, limits: Limits) -> NDArray[np.uint8]:
    """Return the whole picture upright, shape (H, W, 3), uint8 RGB; raises as `preview` does."""
    return np.asarray(_open(data, limits, None).shown)


def check_memory(image: Image.Image, limits: Limits) -> None:
    """Refuse a picture, of which nothing is decoded yet, that would take more memory than a child process has.

    Raises:
        ImageTooLarge: It would; its message says how much.
    """
    if is_deep(image):
        each = 12 if image.mode in ("L", "I;16", "I;16B", "I;16L") or image.mode[0] in "IF" else 22
    else:
        each = 16 if image.info.get("progressive") else 9
    needed = image.width * image.height * each
    if needed > limits.memory - _OWN_MEMORY:
        raise ImageTooLarge(
            f"Decoding this picture takes about {needed / 1e9:.1f} GB of memory; at most "
            f"{max(0, limits.memory - _OWN_MEMORY) / 1e9:.1f} GB are allowed here (MODELYARD_WORKER_MEMORY_MB)."
        )


def _wrong_size(size_bytes: int, limits: Limits) -> Refusal:
    if not size_bytes:
        return Refusal("The file is empty.")
    return Refusal(f"The file has {size_bytes / 1e6:,.0f} MB; at most {limits.bytes / 1e6:,.0f} MB are accepted.")


@dataclass(frozen=True)
class _Opened:
    shown: Image.Image  # upright, in bytes; perhaps decoded smaller
    kind: str
    width: int  # of the whole upright picture
    height: int
    display: dict[str, Any] | None


def _look(data: bytes, limits: Limits) -> tuple[Facts, bytes]:
    opened = _open(data, limits, THUMBNAIL_PX * 2)
    image = opened.shown
    image.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.BILINEAR)
    luma = image.convert("L")
    grey = np.asarray(luma, np.float32) / np.float32(255)
    facts = Facts(
        content_hash=hash_bytes(data),
        format=opened.kind,
        size_bytes=len(data),
        width=opened.width,
        height=opened.height,
        brightness=float(grey.mean()),
        contrast=float(grey.std()),
        sharpness=_sharpness(grey),
        dhash=_dhash(luma),
        display=opened.display,
    )
    return facts, _encode(image, THUMBNAIL_PX, quality=80)


def _open(data: bytes, limits: Limits, least_px: int | None) -> _Opened:
    """Open the picture upright, a JPEG decoded at a fraction of its size if not all of it is wanted."""
    image = open_image(data, max_bytes=limits.bytes, max_pixels=limits.pixels)
    if min(image.size) < 1:
        raise ImageUnreadable
    kind, size = (image.format or "").lower(), image.size
    if least_px is not None:
        image.draft(None, (least_px, least_px))
    if kind != "jpeg" or least_px is None or image.info.get("progressive"):
        check_memory(image, limits)
    if (values := turned_values(image)) is not None:
        height, width = values.steps.shape[:2]
        return _Opened(to_rgb(Image.fromarray(values.to_bytes())), kind, width, height, values.to_display())
    upright, is_turned = turned_rgb(image)
    width, height = (size[1], size[0]) if is_turned else size
    return _Opened(upright, kind, width, height, None)


def _encode(image: Image.Image, most_px: int, *, quality: int) -> bytes:
    image.thumbnail((most_px, most_px), Image.Resampling.BILINEAR)
    out = BytesIO()
    Image.fromarray(np.asarray(image)).save(out, "WEBP", quality=quality, method=1)  # A fresh picture has no metadata.
    return out.getvalue()


def _sharpness(grey: NDArray[np.float32]) -> float:
    """Variance of the Laplacian; 0 for pictures too small for one."""
    if min(grey.shape) < 3:
        return 0.0
    middle = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * middle).var())


def _dhash(luma: Image.Image) -> int:
    """64-bit difference hash, as a signed integer: is each of 9 x 8 grey pixels brighter than its neighbour?"""
    grey = np.asarray(luma.resize((9, 8), Image.Resampling.BOX), np.int16)
    bits = (grey[:, 1:] > grey[:, :-1]).flatten()
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)


def _foreign_kind(data: bytes) -> str | None:
    if data[128:132] == b"DICM":
        return None  # What stands before the mark may be anything.
    start = data[:512].lstrip().lower()
    return next((name for magic, name in _FOREIGN if start.startswith(magic.lower())), None)
