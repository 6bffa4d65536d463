"""A solid is what is drawn: height, outline, colour and gloss on a window of the picture. It knows no light."""

import math
from dataclasses import dataclass

import numpy as np

from modelyard.demo.fields import Colour, Field, noise


@dataclass(frozen=True)
class Pose:
    """Where a solid lies in the picture: its middle and size in pixels, its turn, and how flat it is seen."""

    x_px: float
    y_px: float
    radius_px: float
    angle: float = 0.0
    squash: float = 1.0
    is_mirrored: bool = False


@dataclass(frozen=True)
class Place:
    """The window that a solid is drawn in, with coordinates (H, W) in which the solid has a radius of about 1."""

    u: Field
    v: Field
    top: int
    left: int
    pose: Pose
    rng: np.random.Generator
    bake: float

    @property
    def shape(self) -> tuple[int, int]:
        """Return the size of the window in pixels (H, W)."""
        return int(self.u.shape[0]), int(self.u.shape[1])

    def noise(self, cell: float, octaves: int = 3) -> Field:
        """Return noise (H, W) with bumps of this size in radii."""
        return noise(self.rng, self.shape, max(2.0, cell * self.pose.radius_px), octaves)

    def edge(self, inside: Field) -> Field:
        """Return an outline (H, W) from a distance that is positive inside, in radii; a pixel or two soft."""
        outline: Field = np.clip(inside * (self.pose.radius_px / 1.5) + 0.5, 0, 1)
        return outline

    def to_pixels(self, u: float, v: float) -> tuple[float, float]:
        """Return where a point lies in the window, as (x, y)."""
        pose = self.pose
        u = -u if pose.is_mirrored else u
        across = u * math.cos(pose.angle) - v * math.sin(pose.angle)
        down = (u * math.sin(pose.angle) + v * math.cos(pose.angle)) * pose.squash
        return pose.x_px + across * pose.radius_px - self.left, pose.y_px + down * pose.radius_px - self.top


@dataclass
class Solid:
    """Height in radii, outline and gloss in [0, 1], all (H, W); colour (H, W, 3) in [0, 1]."""

    height: Field
    mask: Field
    albedo: Field
    gloss: Field


def place(
    size: tuple[int, int], pose: Pose, rng: np.random.Generator, *, reach: float = 1.3, bake: float = 0.5
) -> Place:
    """Return the window of a picture of this size (H, W) that a solid reaches, with the solid's own coordinates."""
    far = pose.radius_px * reach
    top, bottom = max(0, int(pose.y_px - far)), min(size[0], int(pose.y_px + far) + 1)
    left, right = max(0, int(pose.x_px - far)), min(size[1], int(pose.x_px + far) + 1)
    top, left = min(top, size[0] - 4), min(left, size[1] - 4)  # What lies outside altogether gets an empty corner.
    bottom, right = max(bottom, top + 4), max(right, left + 4)
    x = ((np.arange(left, right, dtype=np.float32) - pose.x_px) / pose.radius_px)[None, :]
    y = ((np.arange(top, bottom, dtype=np.float32) - pose.y_px) / (pose.radius_px * pose.squash))[:, None]
    cos, sin = math.cos(pose.angle), math.sin(pose.angle)
    u, v = x * cos + y * sin, y * cos - x * sin
    return Place(-u if pose.is_mirrored else u, v, top, left, pose, rng, bake)


@dataclass(frozen=True)
class Bead:
    """Something small that lies on a solid: a seed, a sprinkle, a berry. Sizes in radii of the solid."""

    u: float
    v: float
    size: float
    colour: Colour
    aspect: float = 1.0
    angle: float = 0.0
    rise: float = 0.6
    gloss: float = 0.3
    opacity: float = 1.0


def add_bead(solid: Solid, at: Place, bead: Bead) -> None:
    """Lay a bead on a solid, following its surface."""
    x, y = at.to_pixels(bead.u, bead.v)
    half = bead.size * at.pose.radius_px * max(1.0, bead.aspect)
    top, bottom = max(0, int(y - half)), min(at.shape[0], int(y + half) + 2)
    left, right = max(0, int(x - half)), min(at.shape[1], int(x + half) + 2)
    if top >= bottom or left >= right:
        return
    window = np.s_[top:bottom, left:right]
    across, down = at.u[window] - bead.u, at.v[window] - bead.v
    cos, sin = math.cos(bead.angle), math.sin(bead.angle)
    along = (across * cos + down * sin) / (bead.size * bead.aspect)
    squared = along * along + ((down * cos - across * sin) / bead.size) ** 2
    inside = np.clip((1 - squared) * (bead.size * at.pose.radius_px / 3) + 0.2, 0, 1)
    solid.height[window] += bead.size * bead.rise * np.sqrt(np.clip(1 - squared, 0, 1))
    cover = inside * bead.opacity
    solid.albedo[window] += (np.asarray(bead.colour, np.float32) - solid.albedo[window]) * cover[..., None]
    solid.gloss[window] += (bead.gloss - solid.gloss[window]) * cover
