"""Grids, noise and soft steps: what everything in the bakery is drawn with. It knows nothing of pastry."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.floating[Any]]
Colour = tuple[float, float, float]


def resize(field: Field, height_px: int, width_px: int, *, how: Image.Resampling = Image.Resampling.BICUBIC) -> Field:
    """Return a field (H, W) at another size."""
    return np.asarray(Image.fromarray(field).resize((width_px, height_px), how), dtype=np.float32)


def noise(
    rng: np.random.Generator, shape: tuple[int, int], cell: float | tuple[float, float], octaves: int = 3
) -> Field:
    """Return smooth noise (H, W), mostly within -1 and 1; `cell` is the size of its largest bumps in pixels (y, x)."""
    cell_y, cell_x = cell if isinstance(cell, tuple) else (cell, cell)
    total = np.zeros(shape, np.float32)
    weight = 0.62
    for _ in range(octaves):
        rows = int(min(shape[0], max(4, shape[0] / max(cell_y, 1) + 3)))
        columns = int(min(shape[1], max(4, shape[1] / max(cell_x, 1) + 3)))
        total += weight * resize(rng.standard_normal((rows, columns), np.float32), *shape)
        cell_y, cell_x, weight = cell_y / 2.1, cell_x / 2.1, weight * 0.55
    return total


def blur(field: Field, radius_px: float) -> Field:
    """Return a field softened over about this many pixels; quick rather than exact."""
    height, width = field.shape
    factor = max(1.0, radius_px)
    small = resize(field, max(2, round(height / factor)), max(2, round(width / factor)), how=Image.Resampling.HAMMING)
    return resize(small, height, width)


def smooth(field: Field, low: float, high: float) -> Field:
    """Return 0 below `low`, 1 above `high` and a soft step between; the other way round where low > high."""
    step = np.clip((field - low) / (high - low), 0, 1)
    eased: Field = step * step * (3 - 2 * step)
    return eased


def dome(squared: Field) -> Field:
    """Return the height of a half ball over a squared distance from its middle in radii."""
    return np.sqrt(np.clip(1 - squared, 0, 1))


def mix(one: Field, other: Field, share: Field | float) -> Field:
    """Return `one` where the share is 0 and `other` where it is 1; colours (H, W, 3) go with a share (H, W)."""
    if isinstance(share, np.ndarray) and one.ndim > share.ndim:
        share = share[..., None]
    return one + (other - one) * share


def paint(albedo: Field, colour: Colour, share: Field) -> None:
    """Lay a colour over an albedo (H, W, 3), in place."""
    for part in range(3):
        albedo[..., part] += (colour[part] - albedo[..., part]) * share


def even(shape: tuple[int, int], colour: Colour) -> Field:
    """Return an albedo (H, W, 3) of one colour."""
    return np.broadcast_to(np.asarray(colour, np.float32), (*shape, 3)).copy()


def varied(rng: np.random.Generator, colour: Colour, by: float = 0.04) -> Colour:
    """Return a colour near another."""
    red, green, blue = (float(np.clip(part + rng.normal(0, by), 0, 1)) for part in colour)
    return red, green, blue
