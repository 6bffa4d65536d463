"""What lies about in a bakery: crumbs, flour, a cup of coffee, a knife, a napkin."""

import math
from collections.abc import Callable

import numpy as np

from modelyard.demo.fields import Colour, Field, even, mix, noise, paint, smooth, varied
from modelyard.demo.light import Canvas
from modelyard.demo.pastries.crust import baked
from modelyard.demo.solids import Place, Pose, Solid, place

Thing = Callable[[Canvas, np.random.Generator], None]


def crumbs(canvas: Canvas, rng: np.random.Generator) -> None:
    """Drop crumbs, more in one place than elsewhere."""
    height, width = canvas.size
    middle = rng.uniform(0.1, 0.9, 2) * (width, height)
    for _ in range(int(rng.integers(6, 18))):
        x, y = (float(part) for part in middle + rng.normal(0, width * 0.2, 2))
        size = rng.uniform(2.0, 6.5)
        pose = Pose(x, y, size, rng.uniform(0, 6), rng.uniform(0.6, 1))
        if size < x < width - size and size < y < height - size:
            at = place(canvas.size, pose, rng, reach=1.5)
            radius = np.hypot(at.u, at.v) * (1 + 0.2 * np.sin(at.u * 5))
            browning = np.full(at.shape, rng.uniform(0.15, 0.7), np.float32)
            solid = Solid(
                np.sqrt(np.clip(1 - radius * radius, 0, 1)), at.edge(1 - radius), baked(browning), 0 * browning
            )
            canvas.put(at, solid, thickness=0.8, shadow=0.5)


def flour(canvas: Canvas, rng: np.random.Generator) -> None:
    """Dust the table with flour."""
    field = noise(rng, canvas.size, 170, 2) + 0.35 * noise(rng, canvas.size, 3, 1)
    cover = 0.6 * smooth(field, 0.5, 1.5)
    canvas.picture[:] = mix(canvas.picture, even(canvas.size, (0.93, 0.92, 0.89)) * 0.92, cover)


def cup(canvas: Canvas, rng: np.random.Generator) -> None:
    """Put a cup of coffee on its saucer near an edge."""
    at = _beside(canvas, rng, canvas.size[0] * rng.uniform(0.17, 0.24))
    colours: tuple[Colour, ...] = ((0.94, 0.93, 0.91), (0.30, 0.42, 0.50), (0.75, 0.36, 0.28))
    colour = varied(rng, colours[int(rng.integers(3))], 0.02)
    radius = np.hypot(at.u, at.v)
    saucer = 0.10 * smooth(radius, 0.7, 1.0)
    canvas.put(at, Solid(saucer, at.edge(1 - radius), even(at.shape, colour), 0 * radius + 0.5), thickness=0.12)
    handle = np.hypot(np.abs(at.u - 0.66), at.v * 1.0)
    grip = np.abs(handle - 0.15)
    body = np.maximum(at.edge(0.62 - radius), at.edge(0.05 - grip))
    wall = 0.12 * np.clip(1 - ((radius - 0.58) / 0.05) ** 2, 0, 1)
    albedo = even(at.shape, colour)
    coffee = smooth(radius, 0.55, 0.53)
    swirl = smooth(noise(rng, at.shape, at.pose.radius_px * 0.3, 2), 0.0, 0.7)
    paint(albedo, (0.24, 0.13, 0.07), coffee)
    paint(albedo, (0.72, 0.52, 0.34), coffee * swirl * rng.uniform(0, 1))
    canvas.put(at, Solid(wall * (1 - coffee) + 0.3 * (1 - coffee), body, albedo, 0 * radius + 0.6), thickness=0.3)


def knife(canvas: Canvas, rng: np.random.Generator) -> None:
    """Lay a knife near an edge."""
    at = _beside(canvas, rng, canvas.size[0] * rng.uniform(0.36, 0.5))
    blade = np.where(at.u > 0, 0.075 * np.sqrt(np.clip(1 - np.clip(at.u, 0, 1) ** 3, 0, 1)), 0.055).astype(np.float32)
    side = at.v / np.maximum(blade, 0.01)
    mask = at.edge(np.minimum(blade - np.abs(at.v), 1 - np.abs(at.u)))
    is_blade = smooth(at.u, -0.02, 0.02)
    wood: Colour = varied(rng, (0.30, 0.19, 0.12) if rng.uniform() < 0.5 else (0.62, 0.62, 0.64))
    albedo = even(at.shape, wood)
    paint(albedo, (0.72, 0.73, 0.75), is_blade)
    height = 0.05 * np.sqrt(np.clip(1 - side * side, 0, 1)) * (1 - 0.75 * is_blade)
    canvas.put(at, Solid(height, mask, albedo, 0.2 + 0.7 * is_blade), thickness=0.05, shadow=0.5)


def napkin(canvas: Canvas, rng: np.random.Generator) -> None:
    """Lay a folded napkin under what comes next."""
    at = _beside(canvas, rng, canvas.size[0] * rng.uniform(0.35, 0.55))
    colours: tuple[Colour, ...] = ((0.95, 0.94, 0.92), (0.75, 0.25, 0.25), (0.35, 0.50, 0.62), (0.55, 0.62, 0.45))
    colour = varied(rng, colours[int(rng.integers(4))], 0.03)
    folds = noise(rng, at.shape, at.pose.radius_px * 0.6, 2)
    mask = at.edge(0.72 + 0.012 * folds - np.maximum(np.abs(at.u), np.abs(at.v)))
    albedo = even(at.shape, colour)
    if rng.uniform() < 0.6:
        lines = smooth(np.sin(at.u * 22), 0.5, 0.7) + smooth(np.sin(at.v * 22), 0.5, 0.7)
        paint(albedo, (0.97, 0.96, 0.94), 0.35 * lines)
    seam = smooth(np.abs(at.u - 0.02 * folds), 0.02, 0.0)
    canvas.put(at, Solid(0.05 * folds - 0.015 * seam, mask, albedo, 0 * folds), thickness=0.03, shadow=0.5)


def _beside(canvas: Canvas, rng: np.random.Generator, radius_px: float) -> Place:
    """Return a place at an edge of the picture, partly outside."""
    height, width = canvas.size
    way = rng.uniform(0, 2 * math.pi)
    x = width * (0.5 + 0.54 * math.cos(way))
    y = height * (0.5 + 0.54 * math.sin(way))
    pose = Pose(x, y, radius_px, rng.uniform(0, 6.3), rng.uniform(0.88, 1))
    return place(canvas.size, pose, rng, reach=1.15)


LOW: tuple[Thing, ...] = (flour, napkin)
HIGH: tuple[Thing, ...] = (crumbs, cup, knife, crumbs)


def lay_over(canvas: Canvas, rng: np.random.Generator, radius_px: float) -> None:
    """Lay a sheet of paper over a good part of what is in the middle, as if it had just been unwrapped."""
    way = rng.uniform(0, 2 * math.pi)
    size = canvas.size[0] * 0.6
    far = size * 0.72 + radius_px * rng.uniform(-0.3, 0.25)
    middle = (canvas.size[1] / 2 + far * math.cos(way), canvas.size[0] / 2 + far * math.sin(way))
    at = place(canvas.size, Pose(*middle, size, way + rng.normal(0, 0.3)), rng, reach=1.15)
    folds = noise(rng, at.shape, size * 0.3, 2)
    mask = at.edge(0.72 + 0.01 * folds - np.maximum(np.abs(at.u), np.abs(at.v)))
    colour = varied(rng, (0.93, 0.90, 0.84) if rng.uniform() < 0.6 else (0.74, 0.60, 0.44), 0.02)
    canvas.put(at, Solid(0.03 * folds, mask, even(at.shape, colour), 0 * folds + 0.1), thickness=0.08)


def tint(picture: Field, rng: np.random.Generator, *, is_dim: bool = False) -> Field:
    """Return a picture as a camera of the trade takes it: colour cast, exposure, darker corners, grain."""
    height, width = picture.shape[:2]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    corners = 1 - rng.uniform(0, 0.22) * (x * x + y * y) / 2
    ramp = 1 + rng.uniform(-0.14, 0.14) * x + rng.uniform(-0.14, 0.14) * y
    gain = rng.uniform(0.30, 0.5) if is_dim else rng.uniform(0.86, 1.16)
    cast = np.asarray([rng.normal(1, 0.02), 1.0, rng.normal(1, 0.035)], np.float32)
    out = np.clip(picture * (corners * ramp * gain)[..., None] * cast, 0, None)
    out = np.where(out > 0.8, 0.8 + 0.2 * np.tanh((out - 0.8) / 0.2), out)
    grain = rng.uniform(0.03, 0.055) if is_dim else rng.uniform(0.004, 0.024)
    return (out + grain * rng.standard_normal(out.shape, np.float32)).astype(np.float32)
