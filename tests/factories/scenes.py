"""Pictures with round things on a table whose outlines are known, so that a cut can be measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Disc:
    """A round thing; `color` is RGB."""

    x: float
    y: float
    radius: float
    color: tuple[int, int, int]

    @property
    def box(self) -> list[float]:
        """A box around it with a little room, as a person would drag it."""
        room = 0.08 * self.radius + 2
        far = self.radius + room
        return [self.x - far, self.y - far, self.x + far, self.y + far]

    def mask(self, width: int, height: int) -> NDArray[np.bool_]:
        """Return which pixels belong to it, shape (height, width)."""
        y, x = np.mgrid[:height, :width] + 0.5
        found: NDArray[np.bool_] = (x - self.x) ** 2 + (y - self.y) ** 2 <= self.radius**2
        return found


def table(
    discs: list[Disc], *, width: int = 400, height: int = 300, noise: float = 5, seed: int = 0
) -> NDArray[np.uint8]:
    """Return a noisy, light table with these things on it, shape (height, width, 3), uint8 RGB."""
    rng = np.random.default_rng(seed)
    pixels = np.full((height, width, 3), 214.0)
    for disc in discs:
        pixels[disc.mask(width, height)] = disc.color
    pixels += rng.normal(0, noise, pixels.shape)
    return pixels.clip(0, 255).astype(np.uint8)


def iou(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    """Return the overlap of two masks, in [0, 1]."""
    return float((a & b).sum() / max(1, (a | b).sum()))
