"""Light, shadow and the canvas: solids become colours of a picture here, and only here."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from modelyard.demo.fields import Colour, Field, blur, resize
from modelyard.demo.solids import Place, Solid

_COARSE = 4  # Shadows are soft: they are reckoned on a grid this much coarser.


@dataclass(frozen=True)
class Light:
    """One soft lamp or window and the light of the room."""

    direction: Colour
    colour: Colour
    ambient: Colour
    softness: float


def draw_light(rng: np.random.Generator) -> Light:
    """Return a light such as bakeries have: warm lamps, grey windows, sun, from any side."""
    azimuth, elevation = rng.uniform(0, 2 * math.pi), math.radians(rng.uniform(34, 66))
    warm = float(np.clip(rng.normal(0.25, 0.45), -0.8, 1.0))
    strength = rng.uniform(0.62, 0.86)
    room = rng.uniform(0.3, 0.48)
    flat = math.cos(elevation)
    return Light(
        (math.cos(azimuth) * flat, math.sin(azimuth) * flat, math.sin(elevation)),
        (strength * (1 + 0.09 * warm), strength, strength * (1 - 0.14 * warm)),
        (room * (1 - 0.03 * warm), room, room * (1 + 0.03 * warm)),
        rng.uniform(0.6, 1.6),
    )


def slopes(height: Field) -> tuple[Field, Field]:
    """Return how a height in pixels rises to the right and downwards, each (H, W)."""
    across, down = np.zeros_like(height), np.zeros_like(height)
    across[:, 1:-1] = (height[:, 2:] - height[:, :-2]) * 0.5
    down[1:-1] = (height[2:] - height[:-2]) * 0.5
    return across, down


def shade(albedo: Field, height_px: Field, gloss: Field | float, light: Light, *, hollow_px: float = 0) -> Field:
    """Return what a surface looks like (H, W, 3): soft light, hollows darker, and shine where it is glossy."""
    across, down = slopes(height_px)
    scale = 1 / np.sqrt(across * across + down * down + 1)
    x, y, z = light.direction
    facing = (z - across * x - down * y) * scale
    lit = np.clip(facing * 0.86 + 0.14, 0, 1)
    room = 0.72 + 0.28 * scale
    if hollow_px:
        room = room * (1 - np.clip((blur(height_px, hollow_px) - height_px) / (hollow_px * 1.1), -0.1, 0.55))
    length = math.sqrt(x * x + y * y + (z + 1) ** 2)
    shine = np.clip((z + 1 - across * x - down * y) * scale / length, 0, 1)
    shine = shine**8
    wide = shine * shine
    sharp = wide**4
    glow = gloss * (0.2 * wide + 0.75 * gloss * sharp)
    picture = np.empty_like(albedo)
    for part in range(3):  # Much faster than all three at once.
        strength = lit * (1.02 * light.colour[part]) + room * (1.02 * light.ambient[part])
        picture[..., part] = albedo[..., part] * strength + glow * light.colour[part]
    return picture


class Canvas:
    """A picture (H, W, 3) that solids are put on, one after the other."""

    def __init__(self, picture: Field, light: Light) -> None:
        self.picture = picture
        self.light = light

    @property
    def size(self) -> tuple[int, int]:
        """Return the size in pixels (H, W)."""
        return int(self.picture.shape[0]), int(self.picture.shape[1])

    def put(self, at: Place, solid: Solid, *, thickness: float = 0.3, shadow: float = 0.6) -> None:
        """Draw a solid with its shadow; `thickness` is its height in radii as the shadow sees it."""
        self._cast(at, solid, thickness * at.pose.radius_px, shadow)
        height, width = at.shape
        window = self.picture[at.top : at.top + height, at.left : at.left + width]
        drawn = shade(
            solid.albedo,
            solid.height * at.pose.radius_px,
            solid.gloss,
            self.light,
            hollow_px=max(3.0, at.pose.radius_px * 0.09),
        )
        window += (drawn - window) * solid.mask[..., None]

    def _cast(self, at: Place, solid: Solid, thickness_px: float, strength: float) -> None:
        """Darken what lies under and behind a solid: a contact shadow and a soft one away from the light."""
        x, y, z = self.light.direction
        reach = thickness_px / max(z, 0.5) * 0.8
        soft = max(1.5, reach * 0.3 * self.light.softness)
        margin = int((reach + 3 * soft) / _COARSE + 2) * _COARSE
        height, width = at.shape
        rows, columns = -(-height // _COARSE), -(-width // _COARSE)
        pad = margin // _COARSE
        small = resize(solid.mask, rows, columns, how=Image.Resampling.BOX)
        mask = np.zeros((rows + 2 * pad, columns + 2 * pad), np.float32)
        mask[pad : pad + rows, pad : pad + columns] = small
        cast = np.zeros_like(mask)
        for step in (0.3, 0.65, 1.0):
            moved = _moved(mask, round(-x * reach * step / _COARSE), round(-y * reach * step / _COARSE))
            np.maximum(cast, _soft(moved, soft * step) * (1.08 - 0.28 * step), out=cast)
        contact = _soft(mask, max(2.0, thickness_px * 0.14))
        dark = np.clip(strength * cast + 0.45 * contact * (1 - cast), 0, 0.86)
        dark = resize(dark, dark.shape[0] * _COARSE, dark.shape[1] * _COARSE, how=Image.Resampling.BILINEAR)
        top, left = at.top - margin, at.left - margin
        window = self.picture[max(0, top) : top + dark.shape[0], max(0, left) : left + dark.shape[1]]
        cut = dark[max(0, -top) :, max(0, -left) :][: window.shape[0], : window.shape[1]]
        window *= (1 - cut)[..., None]


def _soft(field: Field, radius_px: float) -> Field:
    """Return a coarse field in [0, 1] blurred by this many fine pixels."""
    grey = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
    return np.asarray(grey.filter(ImageFilter.GaussianBlur(radius_px / _COARSE)), dtype=np.float32) / 255


def _moved(field: Field, right: int, down: int) -> Field:
    """Return a field shifted by whole pixels, empty where nothing came from."""
    height, width = field.shape
    moved = np.zeros_like(field)
    if abs(right) >= width or abs(down) >= height:
        return moved
    moved[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)] = field[
        max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)
    ]
    return moved
