"""Strands of dough laid in figures: the pretzel, and the cinnamon roll's spiral."""

import math

import numpy as np

from modelyard.demo.fields import Field, paint, smooth
from modelyard.demo.pastries.crust import baked, browned, wobble
from modelyard.demo.solids import Bead, Place, Solid, add_bead


def pretzel(at: Place) -> Solid:
    """Draw a pretzel: one strand, thick below and thin at its crossed arms, dark and shiny, with coarse salt."""
    rng = at.rng
    points = _figure(rng)
    thick = rng.uniform(0.135, 0.175)
    way = np.linspace(-1, 1, len(points))
    radii = thick * (0.62 + 0.42 * np.exp(-((way / 0.30) ** 2)) - 0.08 * np.abs(way) ** 4)
    # One arm passes over the other where they cross.
    lifts = (
        0.5 * thick + 0.16 * np.exp(-(((way - 0.63) / 0.10) ** 2)) + 0.08 * np.exp(-(((np.abs(way) - 1) / 0.1) ** 2))
    )
    height, depth = _sweep(at, points, radii, lifts)
    mask = at.edge(depth)
    height = height + 0.006 * at.noise(0.15) * mask
    browning = browned(at, np.clip(height - 0.06, 0, None), peak=0.22, crisp=0.20) + 0.24
    split = _split(at) if rng.uniform() < 0.7 else np.zeros(at.shape, np.float32)
    browning = browning - 0.42 * split
    solid = Solid(height, mask, baked(browning), (0.75 - 0.55 * split).astype(np.float32))
    if rng.uniform() < 0.85:
        for _ in range(int(rng.uniform(25, 70))):
            at_point = points[int(rng.integers(len(points)))]
            u, v = (float(part + rng.normal(0, thick * 0.3)) for part in at_point)
            size = rng.uniform(0.014, 0.026)
            add_bead(solid, at, Bead(u, v, size, (0.98, 0.97, 0.95), 1.2, rng.uniform(0, 3), rise=0.9, gloss=0.5))
    return solid


def _figure(rng: np.random.Generator) -> Field:
    """Return the strand's middle line (N, 2) from one end to the other, through the belly."""
    wide, high = rng.uniform(0.84, 0.92), rng.uniform(0.68, 0.76)
    end_x, end_y = rng.uniform(0.40, 0.52), rng.uniform(0.46, 0.58)
    half = [
        (0.0, 0.74 * high / 0.72),
        (0.38, 0.68 * high / 0.72),
        (0.74, 0.36),
        (wide, -0.08),
        (0.74, -0.50),
        (0.40, -0.60),
        (0.14, -0.34),
        (-0.02, -0.06),
        (-0.14, 0.14),
        (-0.32, 0.36),
        (-end_x, end_y),
    ]
    right = np.asarray(half, np.float32) + rng.normal(0, 0.018, (len(half), 2)).astype(np.float32)
    left = np.asarray(half, np.float32) * np.asarray([-1, 1], np.float32) + rng.normal(0, 0.018, (len(half), 2)).astype(
        np.float32
    )
    knots = np.concatenate([left[:0:-1], right])  # (N, 2)
    return _curve(knots, 210)


def _curve(knots: Field, count: int) -> Field:
    """Return a smooth line (count, 2) through knots (N, 2), by Catmull and Rom."""
    padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    where = np.linspace(0, len(knots) - 1.0001, count)
    cell = where.astype(int)
    t = (where - cell).astype(np.float32)[:, None]
    a, b, c, d = (padded[cell + step] for step in range(4))
    line: Field = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return line


def _sweep(at: Place, points: Field, radii: Field, lifts: Field) -> tuple[Field, Field]:
    """Return the height of balls set close together along a line, and how deep inside its outline a pixel is."""
    height = np.zeros(at.shape, np.float32)
    depth = np.full(at.shape, -1, np.float32)
    for point, radius, lift in zip(points.tolist(), radii.tolist(), lifts.tolist(), strict=True):
        x, y = at.to_pixels(point[0], point[1])
        half = radius * at.pose.radius_px + 3
        top, bottom = max(0, int(y - half)), min(at.shape[0], int(y + half) + 2)
        left, right = max(0, int(x - half)), min(at.shape[1], int(x + half) + 2)
        if top >= bottom or left >= right:
            continue
        window = np.s_[top:bottom, left:right]
        squared = (at.u[window] - point[0]) ** 2 + (at.v[window] - point[1]) ** 2
        np.maximum(depth[window], radius - np.sqrt(squared), out=depth[window])
        ball = lift + np.sqrt(np.clip(radius * radius - squared, 0, None)) - 2 * (squared > radius * radius)
        np.maximum(height[window], ball, out=height[window])
    return height, depth


def _split(at: Place) -> Field:
    """Return where the thick belly has burst open and shows its pale crumb."""
    middle = at.v - 0.73 + 0.30 * at.u * at.u + 0.02 * at.noise(0.2, 2)
    return smooth(np.abs(middle), 0.055, 0.02) * smooth(np.abs(at.u), 0.36, 0.2)


def cinnamon_roll(at: Place) -> Solid:
    """Draw a cinnamon roll: a spiral of dough with dark filling, bare, sugared or under icing."""
    rng = at.rng
    angle = np.arctan2(at.v, at.u)
    radius = np.hypot(at.u, at.v) / (1 + wobble(at, angle, 0.05))
    turns = rng.uniform(3.0, 4.4)
    winding = (
        radius * turns + np.float32(rng.choice([-1, 1])) * angle / np.float32(2 * math.pi) + 0.05 * at.noise(0.4, 2)
    )
    part = winding - np.floor(winding)
    # The outermost turn ends the disc.
    bulge = np.sqrt(np.clip(1 - (2 * part - 1) ** 2, 0, 1))
    mask = at.edge(1 - radius)
    plump = np.power(np.clip(1 - radius**4, 0, 1), 0.5)
    height = (0.36 * plump + 0.17 * bulge * np.clip(1.2 - 0.3 * radius, 0, 1)) * (0.9 + 0.1 * (1 - radius)) * mask
    height += 0.02 * at.noise(0.2) * mask
    seam = smooth(np.abs(part - 0.5), 0.36, 0.46) * smooth(radius, 0.99, 0.9)
    browning = browned(at, height, peak=0.5, crisp=0.26) + 0.03
    albedo = baked(browning)
    paint(albedo, (0.30, 0.14, 0.06), 0.85 * seam)
    smear = smooth(at.noise(0.25), 0.1, 1.1) * smooth(bulge, 0.95, 0.5)
    paint(albedo, (0.45, 0.22, 0.09), 0.5 * smear)
    solid = Solid(height, mask, albedo, np.full(at.shape, rng.uniform(0.3, 0.6), np.float32))
    top = rng.choice(["icing", "icing", "lines", "sugar", "bare", "bare"])
    if top in ("icing", "lines"):
        _ice(solid, at, radius, bulge, is_poured=top == "icing")
    elif top == "sugar":
        for _ in range(90):
            u, v = (float(part) for part in rng.uniform(-0.75, 0.75, 2))
            add_bead(solid, at, Bead(u, v, rng.uniform(0.014, 0.028), (0.98, 0.97, 0.95), rise=0.9, gloss=0.2))
    return solid


def _ice(solid: Solid, at: Place, radius: Field, bulge: Field, *, is_poured: bool) -> None:
    """Pour icing over the top, or run it in lines to and fro."""
    rng = at.rng
    if is_poured:
        cover = smooth(at.noise(0.42) + 0.55 * bulge - 0.5, rng.uniform(-0.3, 0.25), rng.uniform(0.3, 0.5))
    else:
        turn = rng.uniform(0, math.pi)
        along = at.u * math.cos(turn) + at.v * math.sin(turn)
        cross = at.v * math.cos(turn) - at.u * math.sin(turn)
        zigzag = np.abs(np.sin(along * rng.uniform(8, 11) + 0.35 * np.sin(cross * 4) + 0.3 * at.noise(0.8, 1)))
        cover = smooth(zigzag, 0.30, 0.14)
    cover = cover * smooth(radius, 0.95, 0.82)
    paint(solid.albedo, (0.98, 0.96, 0.92), 0.93 * cover)
    solid.height += 0.035 * cover
    solid.gloss = solid.gloss * (1 - cover) + 0.7 * cover
