"""From a picture file to the pixels a network sees: safe decoding, upright, cropped, scaled. It normalises nothing."""

from contextlib import nullcontext
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from modelyard.engine.deep import values_of
from modelyard.engine.refusals import ImageTooLarge, ImageUnreadable
from modelyard.engine.values import Values

__all__ = [
    "ImageTooLarge",
    "ImageUnreadable",
    "open_image",
    "prepare",
    "read_rgb",
    "to_rgb",
    "turned_rgb",
    "turned_values",
]

MAX_BYTES = 512 * 2**20
MAX_PIXELS = 2**28
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")
Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # Pillow's own guard stands where ours does.

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
        upright, _ = _upright(image)
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
        upright, is_turned = _upright(image)
        return (upright if upright.mode == "RGB" else to_rgb(upright)), is_turned
    except _DECODER_FAULTS as error:
        raise ImageUnreadable("The picture is damaged and could not be decoded.") from error


def turned_values(image: Image.Image) -> Values | None:
    """Return the values of a picture that is finer than bytes, upright; None if it has bytes.

    Raises:
        ImageUnreadable: The picture is damaged.
    """
    try:
        values = values_of(image)
        if values is None:
            return None
        mark = image.getexif().get(_ORIENTATION, 1) if image.format == "PNG" else 1
        return replace(values, steps=_turned_array(values.steps, mark))
    except _DECODER_FAULTS as error:
        raise ImageUnreadable("The picture is damaged and could not be decoded.") from error


def read_rgb(
    source: Source,
    *,
    box: tuple[int, int, int, int] | None = None,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
) -> NDArray[np.uint8]:
    """Return the upright picture as people see it at first, or a part of it, shape (H, W, 3), uint8 RGB.

    Args:
        source: A path, the bytes of a file, or an open image.
        box: The part, `xyxy` in whole pixels of the upright picture; what of it lies outside is left out.
        max_bytes: Of the file.
        max_pixels: Of the picture.

    Raises:
        ImageTooLarge: More bytes or pixels than allowed.
        ImageUnreadable: Not a picture, damaged, or in a format that is not read.
    """
    image = open_image(source, max_bytes=max_bytes, max_pixels=max_pixels)
    try:
        upright, _ = turned_rgb(image)
        if box is not None:
            left, top = max(0, box[0]), max(0, box[1])
            upright = upright.crop(
                (left, top, max(left, min(box[2], upright.width)), max(top, min(box[3], upright.height)))
            )
        return np.asarray(upright)
    finally:
        if image is not source:
            image.close()


def _upright(image: Image.Image) -> tuple[Image.Image, bool]:
    """Return the picture decoded, upright and in bytes, and whether width and height changed places.

    Only after loading is the mark of orientation to be trusted: Pillow turns TIFFs itself, and takes their mark away.
    """
    size = image.size
    if (values := turned_values(image)) is not None:
        shown = Image.fromarray(values.to_bytes())
        return shown, shown.size != size
    image.load()
    mark = image.getexif().get(_ORIENTATION, 1)
    turn = _TURNS.get(mark)
    return (image if turn is None else image.transpose(turn)), mark in (5, 6, 7, 8)


def _turned_array(pixels: NDArray[np.uint16], mark: int) -> NDArray[np.uint16]:
    if mark in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if mark in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if mark in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def to_rgb(image: Image.Image) -> Image.Image:
    """Return a picture of bytes as RGB, transparency over white."""
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
        image = Image.open(file, formats=_dicom() if _is_dicom(file) else FORMATS)
        if isinstance(image, ImageFile.ImageFile):
            image.filename = ""  # Else Pillow maps TIFFs that are to be turned into memory, with their sides swapped.
        return image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageTooLarge() from error
    except _DECODER_FAULTS as error:
        raise ImageUnreadable() from error


def _is_dicom(file: Path | BinaryIO) -> bool:
    """Say whether a file bears the mark of DICOM; what stands before it may look like another format."""
    with file.open("rb") if isinstance(file, Path) else nullcontext(file) as opened:
        head = opened.read(132)
        opened.seek(0)
    return head[128:] == b"DICM"


def _dicom() -> tuple[str]:
    """Return the one format to be tried, once its reader is there: most processes never need it."""
    from modelyard.engine.dicom import DicomImageFile

    return (DicomImageFile.format,)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise ImageUnreadable(f"The file {path.name!r} cannot be read.") from error
