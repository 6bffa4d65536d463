"""From a picture file to the pixels a network sees: safe decoding, upright, cropped, scaled. It normalises nothing."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from modelyard.errors import Invalid

MAX_BYTES = 64 * 2**20
MAX_PIXELS = 89_000_000  # just under the size at which Pillow itself warns
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")

Source = str | Path | bytes | Image.Image

_DECODER_FAULTS = (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, MemoryError, IndexError, TypeError)
_PLAIN_MODES = ("RGB", "L")
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class ImageUnreadable(Invalid):
    """This file is not a picture that can be read."""


class ImageTooLarge(Invalid):
    """This picture is larger than the limit."""


def open_image(source: Source, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Open a picture and check its limits from its header; nothing is decoded yet.

    Raises:
        ImageTooLarge: More bytes or pixels than allowed.
        ImageUnreadable: Not a picture, or in a format that is not read.
    """
    if isinstance(source, Image.Image):
        return source
    size_bytes = len(source) if isinstance(source, bytes) else _size_of(Path(source))
    if size_bytes > max_bytes:
        raise ImageTooLarge(f"The picture has {size_bytes:,} bytes; at most {max_bytes:,} are read.")
    image = _identify(BytesIO(source) if isinstance(source, bytes) else Path(source))
    if image.width * image.height > max_pixels:
        image.close()
        raise ImageTooLarge(f"The picture has {image.width} x {image.height} pixels; at most {max_pixels:,} are read.")
    return image


def prepare(source: Source, *, input_px: int, crop_fraction: float, flip: bool = False) -> NDArray[np.uint8]:
    """Return the upright square that a network sees, shape (input_px, input_px, 3), uint8 RGB.

    The square is the centre of the picture, `crop_fraction` of its shorter side. Large JPEGs are decoded at a
    fraction of their size.

    Args:
        source: A path, the bytes of a file, or an open image.
        input_px: Side of the square.
        crop_fraction: Share of the shorter side, in (0, 1].
        flip: Mirror left and right.

    Raises:
        ImageTooLarge: More bytes or pixels than allowed.
        ImageUnreadable: Not a picture, damaged, or in a format that is not read.
    """
    image = open_image(source)
    try:
        least_px = round(input_px / crop_fraction)
        image.draft(None, (least_px, least_px))
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
        upright = image if turn is None else image.transpose(turn)
        square = _square(upright if upright.mode in _PLAIN_MODES else to_rgb(upright), input_px, crop_fraction)
        if flip:
            square = square.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return np.asarray(square if square.mode == "RGB" else square.convert("RGB"))
    except _DECODER_FAULTS as error:
        raise ImageUnreadable("The picture is damaged and could not be decoded.") from error
    finally:
        if image is not source:
            image.close()


def turned_rgb(image: Image.Image) -> tuple[Image.Image, bool]:
    """Return the picture decoded, upright and RGB, and whether width and height changed places.

    Raises:
        ImageUnreadable: The picture is damaged.
    """
    try:
        mark = image.getexif().get(_ORIENTATION, 1)
        turn = _TURNS.get(mark)
        image.load()
        upright = image if turn is None else image.transpose(turn)
        return (upright if upright.mode == "RGB" else to_rgb(upright)), mark in (5, 6, 7, 8)
    except _DECODER_FAULTS as error:
        raise ImageUnreadable("The picture is damaged and could not be decoded.") from error


def to_rgb(image: Image.Image) -> Image.Image:
    """Return `image` as RGB: transparency over white, 16-bit greys scaled to 8."""
    if image.mode.startswith("I;16") or image.mode == "I":
        return Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return image.convert("RGB")


def _square(image: Image.Image, input_px: int, crop_fraction: float) -> Image.Image:
    side = min(image.size) * crop_fraction
    left, top = (image.width - side) / 2, (image.height - side) / 2
    box = (left, top, left + side, top + side)
    return image.resize((input_px, input_px), Image.Resampling.BILINEAR, box=box)


def _identify(file: Path | BinaryIO) -> Image.Image:
    try:
        return Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageTooLarge() from error
    except _DECODER_FAULTS as error:
        raise ImageUnreadable() from error


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise ImageUnreadable(f"The file {path.name!r} cannot be read.") from error
