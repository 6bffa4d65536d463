"""Picture files, well-formed and otherwise, drawn from a seed; none is kept in the repository."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image


def picture(seed: int = 0, size: tuple[int, int] = (64, 48), kind: str = "JPEG", **options: Any) -> bytes:
    """Return a file with soft blobs of colour that differ with the seed."""
    return encode(drawing(seed, size), kind, **options)


def drawing(seed: int = 0, size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Return soft blobs of colour that differ with the seed, as an image."""
    coarse = np.random.default_rng(seed).integers(0, 256, (4, 5, 3), np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def encode(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Return the image as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def archive(files: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()
