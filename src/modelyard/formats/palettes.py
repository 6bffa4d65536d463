"""Pictures whose values are numbers: PNGs with Pascal VOC's palette, and the labelmap.txt that names their colors."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from modelyard.formats.documents import DocumentInvalid, decode, part
from modelyard.formats.drafts import Drafts
from modelyard.geometry import rle

LABELMAP = "labelmap.txt"
VOID = 255

Color = tuple[int, int, int]


def color(value: int) -> Color:
    """Return the color that Pascal VOC gives to a value: its bits, dealt to red, green and blue.

    Example:
        >>> color(0), color(1), color(2)
        ((0, 0, 0), (128, 0, 0), (0, 128, 0))
    """
    red = green = blue = 0
    for bit in range(8):
        red |= (value >> (3 * bit) & 1) << (7 - bit)
        green |= (value >> (3 * bit + 1) & 1) << (7 - bit)
        blue |= (value >> (3 * bit + 2) & 1) << (7 - bit)
    return red, green, blue


def labelmap(class_names: Sequence[str]) -> Iterator[str]:
    """Yield the lines of labelmap.txt: the background, then each class in the color of its number from 1.

    Example:
        >>> list(labelmap(["bun"]))[1:]
        ['background:0,0,0::\\n', 'bun:128,0,0::\\n']
    """
    yield "# label:color_rgb:parts:actions\n"
    for at, name in enumerate(["background", *class_names]):
        yield f"{name}:{','.join(map(str, color(at)))}::\n"


def read_labelmaps(files: Mapping[str, Path], drafts: Drafts) -> dict[Color, str]:
    """Return the class of each color that any labelmap.txt names, but for the background."""
    found: dict[Color, str] = {}
    for name in sorted(name for name in files if PurePosixPath(name).name == LABELMAP):
        for at, line in enumerate(decode(part(files[name])).splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            words = line.rsplit(":", 3)
            numbers = [word.strip() for word in words[1].split(",")] if len(words) == 4 else []
            if len(numbers) != 3 or not all(n.isascii() and n.isdigit() and len(n) < 5 for n in numbers):
                drafts.fault("The line is not “name:red,green,blue::”.", at, f"{name}, line {at}")
            elif words[0].strip().lower() != "background":
                red, green, blue = map(int, numbers)
                found[red, green, blue] = words[0].strip()
    return found


def load(path: Path) -> tuple[NDArray[np.integer], list[Color] | None]:
    """Return the values, shape (H, W), and the color of each value where there is a palette.

    The values of a color picture are red, green and blue packed into 24 bits, and its colors are None.

    Raises:
        DocumentInvalid: It cannot be opened, is too large, or is of another kind.
    """
    from PIL import Image

    try:
        with Image.open(path) as image:
            if image.width * image.height > rle.MAX_PIXELS:
                raise DocumentInvalid(f"The mask has more than {rle.MAX_PIXELS:,} pixels.")
            if image.mode in ("RGB", "RGBA"):
                pixels = np.asarray(image.convert("RGB")).astype(np.int32)
                return pixels @ np.array([65536, 256, 1], np.int32), None
            if image.mode not in ("P", "L", "1", "I;16", "I"):
                raise DocumentInvalid(f"A mask is a PNG with a palette or of grey values; this one is “{image.mode}”.")
            flat = image.getpalette() if image.mode == "P" else None
            values = np.asarray(image).astype(np.int32)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DocumentInvalid("The mask cannot be opened as a picture.") from error
    return values, list(zip(flat[::3], flat[1::3], flat[2::3], strict=True)) if flat else []


def pack(red: int, green: int, blue: int) -> int:
    """Return a color as `load` gives it for a color picture.

    Example:
        >>> pack(1, 0, 2)
        65538
    """
    return red * 65536 + green * 256 + blue


def png(values: NDArray[np.integer]) -> bytes:
    """Return a PNG of values, shape (H, W), with Pascal VOC's palette; of more than 256 values, its colors alone."""
    from PIL import Image

    count = int(values.max(initial=0)) + 1
    if count > 256:
        colors = np.array([color(at) for at in range(count)], np.uint8)
        image = Image.fromarray(colors[values])
    else:
        image = Image.fromarray(values.astype(np.uint8)).convert("P")
        image.putpalette([part for at in range(256) for part in color(at)])
    out = BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()
