"""What pastry lies on: boards, paper, trays, cloth, plates, stone and racks."""

import math

import numpy as np

from modelyard.demo.fields import Colour, Field, even, mix, noise, paint, smooth, varied
from modelyard.demo.light import Light, shade

_WOODS: tuple[Colour, ...] = ((0.72, 0.52, 0.34), (0.48, 0.31, 0.19), (0.84, 0.70, 0.52), (0.36, 0.24, 0.17))
_CLOTHS: tuple[Colour, ...] = (
    (0.90, 0.88, 0.83),
    (0.62, 0.70, 0.76),
    (0.78, 0.34, 0.30),
    (0.45, 0.55, 0.42),
    (0.86, 0.78, 0.62),
)


def _grid(size: tuple[int, int], turn: float) -> tuple[Field, Field]:
    y, x = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
    cos, sin = math.cos(turn), math.sin(turn)
    return x * cos + y * sin, y * cos - x * sin


def board(size: tuple[int, int], rng: np.random.Generator, light: Light) -> Field:
    """Draw planks or one board of wood, along or across."""
    colour = varied(rng, _WOODS[int(rng.integers(len(_WOODS)))], 0.03)
    upright = rng.uniform() < 0.5
    shape = size if upright else (size[1], size[0])
    grain = noise(rng, shape, (260, 14), 4)
    fine = noise(rng, shape, (70, 2.5), 1)
    across = np.arange(shape[1], dtype=np.float32)[None, :]
    plank = rng.uniform(110, 260)
    seat = (across + rng.uniform(0, plank)) / plank
    gap = smooth(np.abs(seat - np.round(seat)) * plank, 2.6, 1.0) * (rng.uniform() < 0.75)
    tone = rng.uniform(0.88, 1.08, 16).astype(np.float32)[np.round(seat).astype(int) % 16]
    rings = np.sin(grain * 5 + across * 0.05)
    albedo = (
        even(shape, colour) * (tone * (1 + 0.07 * grain + 0.05 * rings + 0.035 * fine) * (1 - 0.6 * gap))[..., None]
    )
    height = 0.5 * fine + 0.6 * rings - 5 * gap
    if not upright:
        albedo, height = np.ascontiguousarray(albedo.transpose(1, 0, 2)), np.ascontiguousarray(height.T)
    return shade(albedo, height * 0.5, 0.12, light)


def paper(size: tuple[int, int], rng: np.random.Generator, light: Light) -> Field:
    """Draw baking paper, white or brown, creased."""
    colours: tuple[Colour, ...] = ((0.93, 0.91, 0.87), (0.77, 0.63, 0.46), (0.88, 0.84, 0.76))
    folds = noise(rng, size, 240, 2) * 9 + noise(rng, size, 8, 1) * 0.12
    for _ in range(int(rng.integers(3, 8))):
        x, y = _grid(size, rng.uniform(0, math.pi))
        off = np.abs(y - rng.uniform(-0.4, 1.0) * size[0] + 6 * np.sin(x / rng.uniform(90, 200)))
        folds -= rng.uniform(0.04, 0.22) * np.minimum(off, rng.uniform(15, 120))
    albedo = even(size, varied(rng, colours[int(rng.integers(3))], 0.02))
    return shade(albedo, folds * rng.uniform(0.35, 1.0), 0.18, light)


def tray(size: tuple[int, int], rng: np.random.Generator, light: Light) -> Field:
    """Draw a baking tray of dark or bright metal, used."""
    colours: tuple[Colour, ...] = ((0.20, 0.20, 0.21), (0.58, 0.58, 0.59), (0.34, 0.32, 0.31))
    albedo = even(size, varied(rng, colours[int(rng.integers(3))], 0.02))
    worn = noise(rng, size, 150, 4)
    brushed = noise(rng, size, (2, 130), 1)
    albedo *= (1 + 0.10 * worn + 0.05 * brushed)[..., None]
    spots = smooth(noise(rng, size, 22, 2), 1.15, 1.6)
    paint(albedo, (0.16, 0.10, 0.06), 0.6 * spots)
    picture = shade(albedo, brushed * 0.35 + worn * 2, 0.45, light)
    x, y = _grid(size, rng.uniform(0, 6.3))
    sheen = np.exp(-(((y - rng.uniform(-200, 500)) / 190) ** 2))
    return picture + (0.14 * sheen)[..., None] + 0 * x[..., None]


def cloth(size: tuple[int, int], rng: np.random.Generator, light: Light) -> Field:
    """Draw a woven cloth with folds: plain, striped or checked."""
    colour = varied(rng, _CLOTHS[int(rng.integers(len(_CLOTHS)))], 0.03)
    x, y = _grid(size, rng.uniform(-0.6, 0.6))
    folds = noise(rng, size, 210, 2) * 16
    x, y = x + folds * 0.4, y + folds * 0.4
    weave = np.sin(x * 1.25) * np.sin(y * 1.25)
    albedo = even(size, colour)
    pattern = rng.choice(["plain", "stripes", "checks"])
    if pattern != "plain":
        step = rng.uniform(0.05, 0.12)
        other: Colour = (0.96, 0.95, 0.92) if sum(colour) < 2.4 else (0.35, 0.45, 0.60)
        share = 0.45 * smooth(np.sin(x * step), 0.25, 0.4)
        if pattern == "checks":
            share = share + 0.45 * smooth(np.sin(y * step), 0.25, 0.4)
        paint(albedo, other, share)
    albedo *= (1 + 0.05 * weave + 0.03 * noise(rng, size, 4, 1))[..., None]
    return shade(albedo, folds + 0.35 * weave, 0.0, light)


def stone(size: tuple[int, int], rng: np.random.Generator, light: Light) -> Field:
    """Draw marble, slate or a plain counter."""
    colours: tuple[Colour, ...] = ((0.90, 0.89, 0.88), (0.23, 0.24, 0.26), (0.62, 0.60, 0.57), (0.55, 0.66, 0.68))
    colour = varied(rng, colours[int(rng.integers(4))], 0.02)
    albedo = even(size, colour) * (1 + 0.05 * noise(rng, size, 120, 5))[..., None]
    if rng.uniform() < 0.6:
        veins = smooth(np.abs(noise(rng, size, 260, 4)), 0.07, 0.0)
        paint(albedo, (0.55, 0.54, 0.55), 0.5 * veins)
    return shade(albedo, noise(rng, size, 40, 3) * 0.6, 0.35, light)


def rack(size: tuple[int, int], rng: np.random.Generator, light: Light) -> Field:
    """Draw a wire rack over a table."""
    below = board(size, rng, light) * 0.62
    x, y = _grid(size, rng.uniform(-0.4, 0.4))
    step = rng.uniform(34, 60)
    for coordinate, width in ((x, 3.4), (y / 3.2, 1.6)):
        off = (coordinate / step - np.round(coordinate / step)) * step
        wire = smooth(np.abs(off), width, width - 1.2)
        shadow = smooth(np.abs(off - 0.26 * step), width * 1.6, 0.0)
        below = below * (1 - 0.35 * shadow)[..., None]
        lit = 0.42 + 0.45 * np.clip(1 - np.abs(off + light.direction[0] * 1.2) / width, 0, 1)
        below = mix(below, np.repeat(lit[..., None], 3, axis=2), wire)
    return below


def plate(size: tuple[int, int], rng: np.random.Generator, light: Light) -> Field:
    """Draw a plate on a table."""
    under = (board, cloth, stone)[int(rng.integers(3))](size, rng, light)
    colours: tuple[Colour, ...] = ((0.95, 0.94, 0.92), (0.95, 0.94, 0.92), (0.35, 0.45, 0.52), (0.80, 0.72, 0.60))
    colour = varied(rng, colours[int(rng.integers(4))], 0.02)
    x, y = _grid(size, 0.0)
    radius = np.hypot(
        x - size[1] * rng.uniform(0.44, 0.56), (y - size[0] * rng.uniform(0.44, 0.56)) * rng.uniform(1, 1.2)
    ) / (size[0] * rng.uniform(0.50, 0.62))
    height = size[0] * 0.035 * smooth(radius, 0.66, 0.80) + size[0] * 0.015 * smooth(radius, 0.92, 1.0)
    drawn = shade(even(size, colour), height.astype(np.float32), 0.5, light)
    under = under * (1 - 0.5 * smooth(radius, 1.12, 0.96))[..., None]
    return mix(under, drawn, smooth(radius, 1.0, 0.994))


SURFACES = {
    "board": board,
    "paper": paper,
    "tray": tray,
    "cloth": cloth,
    "stone": stone,
    "rack": rack,
    "plate": plate,
}
