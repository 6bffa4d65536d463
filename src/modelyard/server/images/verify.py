"""One file looked at: is it a picture, and what are its facts? It knows no database.

Everything is checked from the header before a pixel is decoded. `verify` runs in child processes with a memory limit.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from modelyard.engine.pixels import ImageTooLarge, ImageUnreadable, open_image, turned_rgb
from modelyard.server.kit.blobs import hash_bytes

THUMBNAIL_PX = 256
PREVIEW_PX = 1600
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
_UNKNOWN = "This is not a picture that can be read. Send JPEG, PNG, WebP, BMP, TIFF or GIF."
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"BM", b"II*\0", b"MM\0*", b"GIF8")


@dataclass(frozen=True)
class Limits:
    """The largest file and picture that are accepted."""

    bytes: int
    pixels: int


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


@dataclass(frozen=True)
class Refusal:
    """Why a file is not accepted, in one sentence."""

    reason: str


def verify(data: bytes, limits: Limits) -> tuple[Facts, bytes] | Refusal:
    """Return facts and thumbnail (WebP, without metadata) of a picture, or why it is refused."""
    if len(data) > limits.bytes or not data:
        return _wrong_size(len(data), limits)
    if (kind := _foreign_kind(data)) is not None:
        return Refusal(f"This is {kind}, not a picture. Send JPEG, PNG, WebP, BMP, TIFF or GIF.")
    try:
        return _look(data, limits)
    except ImageTooLarge as error:
        return Refusal(f"{error.detail} Scale it down and send it again.")
    except ImageUnreadable:
        is_damaged = data.startswith(_PICTURES)
        return Refusal(_DAMAGED if is_damaged else _UNKNOWN)


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
    return _encode(_open(data, limits, PREVIEW_PX)[0], PREVIEW_PX, quality=88)


def _wrong_size(size_bytes: int, limits: Limits) -> Refusal:
    if not size_bytes:
        return Refusal("The file is empty.")
    return Refusal(f"The file has {size_bytes / 1e6:,.0f} MB; at most {limits.bytes / 1e6:,.0f} MB are accepted.")


def _look(data: bytes, limits: Limits) -> tuple[Facts, bytes]:
    image, kind, width, height = _open(data, limits, THUMBNAIL_PX * 2)
    image.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.BILINEAR)
    luma = image.convert("L")
    grey = np.asarray(luma, np.float32) / np.float32(255)
    facts = Facts(
        content_hash=hash_bytes(data),
        format=kind,
        size_bytes=len(data),
        width=width,
        height=height,
        brightness=float(grey.mean()),
        contrast=float(grey.std()),
        sharpness=_sharpness(grey),
        dhash=_dhash(luma),
    )
    return facts, _encode(image, THUMBNAIL_PX, quality=80)


def _open(data: bytes, limits: Limits, least_px: int) -> tuple[Image.Image, str, int, int]:
    """Return the upright RGB picture (perhaps decoded smaller), its format, and its full upright size."""
    image = open_image(data, max_bytes=limits.bytes, max_pixels=limits.pixels)
    if min(image.size) < 1:
        raise ImageUnreadable
    kind, size = (image.format or "").lower(), image.size
    image.draft(None, (least_px, least_px))
    upright, is_turned = turned_rgb(image)
    width, height = (size[1], size[0]) if is_turned else size
    return upright, kind, width, height


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
    start = data[:512].lstrip().lower()
    return next((name for magic, name in _FOREIGN if start.startswith(magic.lower())), None)
