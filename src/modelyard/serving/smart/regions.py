"""A part of a picture seen at another size, with exact coordinates both ways; it decides nothing."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from modelyard.serving.smart.prompts import Bounds, InParts, Picture, Source

_STRIP_PX = 8_000_000


@dataclass(frozen=True)
class Region:
    """`width` × `height` pixels of the picture from `left`, `top` on, seen as `wide` × `high` pixels."""

    left: int
    top: int
    width: int
    height: int
    wide: int
    high: int

    def to_region(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the picture lies in the region.

        Example:
            >>> Region(10, 20, 100, 50, 50, 25).to_region(30, 30)
            (10.0, 5.0)
        """
        return (x - self.left) * self.wide / self.width, (y - self.top) * self.high / self.height

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the region lies in the picture.

        Example:
            >>> Region(10, 20, 100, 50, 50, 25).to_picture(10, 5)
            (30.0, 30.0)
        """
        return self.left + x * self.width / self.wide, self.top + y * self.height / self.high

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return the pixel of the region, as column and row, that holds a point of the picture."""
        across, down = self.to_region(x, y)
        return min(max(int(across), 0), self.wide - 1), min(max(int(down), 0), self.high - 1)

    def seen_with(self, most_px: int) -> "Region":
        """Return the same part of the picture seen as at most about so many pixels, but never larger than it is.

        Example:
            >>> Region(0, 0, 400, 200, 10, 5).seen_with(800)
            Region(left=0, top=0, width=400, height=200, wide=40, high=20)
        """
        share = min(1.0, math.sqrt(most_px / (self.width * self.height)))
        wide, high = max(1, round(self.width * share)), max(1, round(self.height * share))
        return Region(self.left, self.top, self.width, self.height, wide, high)

    def cut(self, picture: Source) -> Picture:
        """Return the region of a picture, shape (H, W, 3), as shape (high, wide, 3)."""
        right, bottom = self.left + self.width, self.top + self.height
        if isinstance(picture, InParts):  # Read twice as fine, so that its pixels lie right to half of one of ours.
            part = picture.read((self.left, self.top, right, bottom), 2 * max(self.wide, self.high))
        else:
            part = picture[self.top : bottom, self.left : right]
        if part.shape[:2] == (self.high, self.wide):
            return np.ascontiguousarray(part)
        how = cv2.INTER_AREA if self.wide < part.shape[1] else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(part, (self.wide, self.high), interpolation=how), np.uint8)


def enlarged(
    values: NDArray[np.float32], size: tuple[int, int], window: Bounds | None = None
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield values at another size, in strips from left to right, so that no large picture lies in memory.

    Args:
        values: Shape (H, W).
        size: Width and height of the result.
        window: The part of the values that is wanted, x1, y1, x2, y2; all of them if nothing is said.

    Yields:
        Where the strip begins, and its values, shape (height, width of the strip).

    Example:
        >>> [(x, strip.shape) for x, strip in enlarged(np.zeros((2, 2), np.float32), (3000, 4000))]
        [(0, (4000, 2000)), (2000, (4000, 1000))]
    """
    image, (width, height) = Image.fromarray(np.ascontiguousarray(values)), size
    x1, y1, x2, y2 = window or (0, 0, image.width, image.height)
    step = max(1, _STRIP_PX // height)
    for left in range(0, width, step):
        right = min(width, left + step)
        box = (x1 + left * (x2 - x1) / width, y1, x1 + right * (x2 - x1) / width, y2)
        yield left, np.asarray(image.resize((right - left, height), Image.Resampling.BILINEAR, box=box))


def around(bounds: Bounds, size: tuple[int, int], *, margin: float, most_px: int) -> Region:
    """Return the region that holds `bounds` with room around it, of at most about `most_px` pixels.

    Args:
        bounds: x1, y1, x2, y2 within the picture.
        size: Width and height of the picture.
        margin: Room on each side, as a share of the bounds' own side; never less than 8 pixels.
        most_px: Pixels of the region; a larger part of the picture is seen smaller, a smaller one as it is.

    Example:
        >>> around((100, 100, 300, 200), (4000, 3000), margin=0.25, most_px=5000)
        Region(left=50, top=75, width=300, height=150, wide=100, high=50)
    """
    x1, y1, x2, y2 = bounds
    across, down = max(8.0, margin * (x2 - x1)), max(8.0, margin * (y2 - y1))
    left, top = max(0, math.floor(x1 - across)), max(0, math.floor(y1 - down))
    width = max(1, min(size[0], math.ceil(x2 + across)) - left)
    height = max(1, min(size[1], math.ceil(y2 + down)) - top)
    return Region(left, top, width, height, width, height).seen_with(most_px)
