"""The values of pictures that are finer than bytes: 16-bit PNG and TIFF, whole and fractional numbers, DICOM."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from modelyard.engine.values import Values, own_windows, to_steps

_GREYS = ("I", "F")


def is_deep(image: Image.Image) -> bool:
    """Say whether an open picture, nothing of it decoded yet, holds values finer than bytes."""
    if image.format == "DICOM":
        return bool(getattr(image, "is_deep"))  # noqa: B009 - only this format has it
    return image.mode.startswith(("I", "F")) or _has_deep_colours(image)


def values_of(image: Image.Image) -> Values | None:
    """Return the values of an open picture, nothing of it decoded yet, as they lie in the file; None if it has bytes.

    TIFFs come upright, as Pillow gives them.

    Raises:
        ValueError: Damaged, or without a single number.
    """
    if image.format == "DICOM":
        from modelyard.engine.dicom import DicomImageFile

        return image.values() if isinstance(image, DicomImageFile) and image.is_deep else None
    if _has_deep_colours(image):
        numbers = _colours(image)
    elif image.mode.startswith(_GREYS):
        image.load()
        numbers = np.asarray(image)
    else:
        return None
    steps, slope, intercept = to_steps(numbers)
    return Values(steps, slope, intercept, own_windows(steps, slope=slope, intercept=intercept))


def _has_deep_colours(image: Image.Image) -> bool:
    tiles = getattr(image, "tile", None)
    if not tiles or image.mode not in ("RGB", "RGBA", "RGBX"):
        return False
    args = tiles[0].args
    raw_mode = args if isinstance(args, str) else args[0] if args else ""
    return isinstance(raw_mode, str) and ";16" in raw_mode


def _colours(image: Image.Image) -> NDArray[Any]:
    """Return 16-bit colours, which Pillow would cut to 8 bits, shape (H, W, 3); what is transparent lies on white."""
    import cv2

    file: Any = getattr(image, "fp")  # noqa: B009 - only files have it
    file.seek(0)
    found = cv2.imdecode(np.frombuffer(file.read(), np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None or found.ndim != 3 or found.dtype != np.uint16:
        raise ValueError("The 16-bit colours cannot be decoded.")
    colours = found[..., 2::-1]
    if found.shape[2] == 4:
        opacity = found[..., 3:].astype(np.float32) / np.float32(65_535)
        colours = (colours * opacity + 65_535 * (1 - opacity)).astype(np.uint16)
    return np.ascontiguousarray(colours)
