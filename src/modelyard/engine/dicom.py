"""DICOM files with one picture, opened like any other picture: through Pillow, with the window that the file names.

Files as they are sent and stored (Part 10, with the mark DICM). Pixels are decoded by pydicom, GDCM and Pillow.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image, ImageFile
from pydicom.filereader import _read_file_meta_info, read_preamble  # Nothing public reads that part of an open file.
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import DeflatedExplicitVRLittleEndian

from modelyard.engine.refusals import DicomRefused
from modelyard.engine.values import Values, Window, own_windows, to_steps

_MARK_AT = 128
_LARGEST_INFLATED = 400_000_000
_GREYS = ("MONOCHROME1", "MONOCHROME2")
_COLOURS = ("RGB", "PALETTE COLOR", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT", "YBR_PARTIAL_420")
_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_MOST_WINDOWS = 16
_LARGEST_VALUE = 1e30  # Nothing that is measured comes near; beyond, sums run into infinity, which no JSON can hold.
_FAULTS = (
    OSError,
    ValueError,
    EOFError,
    ArithmeticError,
    MemoryError,
    IndexError,
    TypeError,
    RecursionError,
    KeyError,
    AttributeError,
    NotImplementedError,
    struct.error,
)


class DicomImageFile(ImageFile.ImageFile):
    """A DICOM file as Pillow sees it: greys through the file's first window, or colours."""

    format = "DICOM"
    format_description = "DICOM, one frame"

    def _open(self) -> None:
        file = cast(BinaryIO, self.fp)
        file.seek(_MARK_AT)
        if file.read(4) != b"DICM":
            raise SyntaxError("not DICOM")
        with _in_one_sentence():
            header = _read(file, with_pixels=False)
            _check(header)
            is_grey = header.PhotometricInterpretation in _GREYS
            self.is_deep = is_grey or (header.SamplesPerPixel == 3 and header.BitsAllocated > 8)
            self._size = (int(header.Columns), int(header.Rows))
        self._mode = "L" if is_grey else "RGB"

    def values(self) -> Values:
        """Return the numbers: rescaled as the file says, with its windows.

        Raises:
            DicomRefused: The pixels are missing, damaged, or coded in a way that is not read.
        """
        with _in_one_sentence():
            return _to_values(_read(cast(BinaryIO, self.fp), with_pixels=True))

    def load(self) -> Any:
        """Decode the picture as bytes."""
        if self._im is None:
            self.im = Image.fromarray(self.values().to_bytes() if self.is_deep else self._colours()).im
        return Image.Image.load(self)

    def _colours(self) -> NDArray[np.uint8]:
        with _in_one_sentence():
            return _to_rgb(_read(cast(BinaryIO, self.fp), with_pixels=True))


Image.register_open(DicomImageFile.format, DicomImageFile)
Image.register_mime(DicomImageFile.format, "application/dicom")


def _read(file: BinaryIO, *, with_pixels: bool) -> pydicom.Dataset:
    """Return the data set, its pixels too if they are wanted; its values are parsed when they are asked for."""
    file.seek(0)
    read_preamble(file, False)
    if _read_file_meta_info(file).get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        _check_inflated(file)
    file.seek(0)
    return pydicom.dcmread(file, stop_before_pixels=not with_pixels)


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    """Turn what a parser raises for damaged files, now or when a value is asked for, into `DicomRefused`."""
    try:
        yield
    except (*_FAULTS, pydicom.errors.InvalidDicomError, pydicom.errors.BytesLengthException, zlib.error) as error:
        raise DicomRefused("The DICOM file is damaged or cut off. Save it again from where it came.") from error


def _check_inflated(file: BinaryIO) -> None:
    """Inflate a deflated file piece by piece, so that a small file cannot fill the memory."""
    inflater, total = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while piece := file.read(2**16):
        while piece and not inflater.eof:
            total += len(inflater.decompress(piece, 2**20))
            piece = inflater.unconsumed_tail
            if total > _LARGEST_INFLATED:
                raise DicomRefused("The DICOM file unpacks to more than 400 MB. Send it without deflation.")


def _check(header: pydicom.Dataset) -> None:
    frames = _number(header, "NumberOfFrames", 1)
    if frames > 1:
        raise DicomRefused(
            f"This DICOM file holds {frames:,} frames; only files with one picture are read. "
            "Send its frames as single files."
        )
    if "Rows" not in header or "Columns" not in header:
        raise DicomRefused("This DICOM file holds no picture: it names no rows and columns.")
    if _number(header, "Rows") < 1 or _number(header, "Columns") < 1:
        raise DicomRefused("This DICOM file holds a picture without rows or columns.")
    kind = str(header.get("PhotometricInterpretation", ""))
    if kind not in (*_GREYS, *_COLOURS):
        raise DicomRefused(f"This DICOM picture's colours are “{kind[:40]}”, which is not read.")
    if _number(header, "SamplesPerPixel") != (1 if kind in (*_GREYS, "PALETTE COLOR") else 3):
        raise DicomRefused("This DICOM picture contradicts itself: its samples per pixel do not fit its colours.")
    if _number(header, "BitsAllocated") not in (1, 8, 16, 32, 64):
        raise DicomRefused(
            f"This DICOM picture has {_number(header, 'BitsAllocated')} bits a value, which is not read."
        )


def _number(header: pydicom.Dataset, name: str, otherwise: int = 0) -> int:
    try:
        return int(header.get(name) or otherwise)
    except (TypeError, ValueError) as error:
        raise DicomRefused(f"This DICOM file is damaged: “{name}” is not a number.") from error


def _decoded(dataset: pydicom.Dataset) -> NDArray[Any]:
    if not any(name in dataset for name in _PIXELS):
        raise DicomRefused("This DICOM file holds no pixels.")
    wanted = (int(dataset.Rows), int(dataset.Columns))
    try:
        found = pixel_array(dataset, index=0)
    except DicomRefused:
        raise
    except (*_FAULTS, RuntimeError) as error:
        syntax = dataset.file_meta.TransferSyntaxUID.name if "TransferSyntaxUID" in dataset.file_meta else "unknown"
        raise DicomRefused(f"The DICOM file's pixels are damaged or not readable ({syntax[:80]}).") from error
    if found.shape[:2] != wanted:
        raise DicomRefused("The DICOM file's pixels do not fill the rows and columns that it names.")
    return found


def _to_values(dataset: pydicom.Dataset) -> Values:
    stored = _decoded(dataset)
    if stored.ndim == 3:
        steps, slope, intercept = to_steps(stored)
        return Values(steps, slope, intercept, own_windows(steps, slope=slope, intercept=intercept))
    numbers, slope, intercept, padding = _rescaled(stored, dataset)
    steps, step, start = to_steps(numbers)
    slope, intercept = slope * step, slope * start + intercept
    if slope < 0:  # Steps rise with values, whatever the file's own numbers do.
        steps, intercept, slope = (65_535 - steps), intercept + slope * 65_535, -slope
    if not max(abs(intercept), abs(slope * 65_535 + intercept)) <= _LARGEST_VALUE:
        raise DicomRefused("This DICOM picture's values go beyond 1e30, so its rescale slope or intercept is damaged.")
    own = own_windows(steps, slope=slope, intercept=intercept, padding=padding)
    is_ct = dataset.get("Modality") == "CT" or dataset.get("RescaleType") == "HU"
    return Values(
        steps,
        slope,
        intercept,
        (*_windows(dataset), *own),
        unit="HU" if is_ct else "",
        is_inverted=dataset.PhotometricInterpretation == "MONOCHROME1",
    )


def _rescaled(stored: NDArray[Any], dataset: pydicom.Dataset) -> tuple[NDArray[Any], float, float, float | None]:
    """Return numbers with the slope and intercept that make values of them, and the value of padding."""
    if dataset.get("ModalityLUTSequence"):
        return apply_modality_lut(stored, dataset), 1.0, 0.0, None
    slope, intercept = _decimal(dataset, "RescaleSlope", 1), _decimal(dataset, "RescaleIntercept", 0)
    slope = slope or 1.0
    padding = dataset.get("PixelPaddingValue")
    return stored, slope, intercept, None if not isinstance(padding, int) else padding * slope + intercept


def _decimal(dataset: pydicom.Dataset, name: str, otherwise: float) -> float:
    try:
        number = float(dataset.get(name, otherwise))
    except (TypeError, ValueError):
        return otherwise
    return number if np.isfinite(number) else otherwise


def _windows(dataset: pydicom.Dataset) -> tuple[Window, ...]:
    """Return the windows that the file names, as DICOM defines them for its function (PS3.3, C.11.2.1)."""
    centres, widths = _several(dataset, "WindowCenter"), _several(dataset, "WindowWidth")
    is_exact = dataset.get("VOILUTFunction") in ("LINEAR_EXACT", "SIGMOID")
    found = []
    for number, (centre, width) in enumerate(zip(centres[:_MOST_WINDOWS], widths, strict=False), 1):
        low = centre - width / 2 if is_exact else centre - 0.5 - (width - 1) / 2
        high = low + width if is_exact else low + width - 1
        if max(abs(low), abs(high)) <= _LARGEST_VALUE and width > 0:
            found.append(Window(f"file {number}", float(low), float(max(high, low + 1e-6))))
    return tuple(found)


def _several(dataset: pydicom.Dataset, name: str) -> list[float]:
    value = dataset.get(name)
    try:
        return (
            []
            if value is None
            else [
                float(part) for part in (value if isinstance(value, (list, pydicom.multival.MultiValue)) else [value])
            ]
        )
    except (TypeError, ValueError):
        return []


def _to_rgb(dataset: pydicom.Dataset) -> NDArray[np.uint8]:
    stored = _decoded(dataset)
    try:
        colours = apply_color_lut(stored, dataset)[..., :3] if stored.ndim == 2 else stored
    except _FAULTS as error:
        raise DicomRefused("The DICOM file's palette is damaged.") from error
    if colours.dtype.itemsize > 1:  # A palette of 16 bits over pixels of 8.
        colours = colours >> 8
    return np.ascontiguousarray(colours.astype(np.uint8))
