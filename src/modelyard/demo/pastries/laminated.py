"""Laminated dough: the croissant and the pain au chocolat, in thin layers that part while baking."""

import numpy as np

from modelyard.demo.fields import Field, dome, paint, smooth
from modelyard.demo.pastries.crust import baked, browned
from modelyard.demo.solids import Bead, Place, Solid, add_bead


def croissant(at: Place) -> Solid:
    """Draw a croissant: a tapered roll, bent more or less, wound in overlapping turns."""
    rng = at.rng
    bend = rng.uniform(0.35, 1.35)
    along, across, width = _crescent(at, bend, rng.uniform(0.36, 0.46))
    turns = rng.uniform(2.6, 3.8)
    side = across / np.maximum(width, 0.02)
    winding = np.abs(along + rng.normal(0, 0.04)) * turns + rng.uniform(0.02, 0.3) * side * np.sign(along + 1e-6)
    winding = winding - 0.22 * side * side + 0.5 + 0.05 * at.noise(0.3, 2)
    part = winding - np.floor(winding)
    bulge = np.sqrt(np.clip(1 - (1.9 * part - 0.8) ** 2, 0.02, 1))
    width = width * (0.88 + 0.14 * bulge)
    side = across / np.maximum(width, 0.02)
    height = width * 1.05 * dome(side * side) * (0.80 + 0.20 * bulge)
    mask = at.edge(np.minimum(width - np.abs(across), (1.02 - np.abs(along)) * 0.8))
    streaks = np.sin(winding * rng.uniform(34, 46) + 1.5 * at.noise(0.4, 2))
    height += 0.006 * streaks * mask
    lips = smooth(part, 0.86, 0.97)
    browning = browned(at, height, peak=0.42, crisp=0.34) + 0.06 * bulge + 0.035 * streaks - 0.22 * lips
    albedo = baked(browning + 0.06)
    return Solid(height, mask, albedo, np.full(at.shape, rng.uniform(0.3, 0.6), np.float32))


def _crescent(at: Place, bend: float, thick: float) -> tuple[Field, Field, Field]:
    """Return the way along a bent roll in [-1, 1], the distance across it and its half width there."""
    arc = 1.12 / bend
    rise = arc * (1 - np.cos(np.float32(bend))) * 0.45
    down = arc - (at.v + rise)
    along = np.arctan2(at.u, down) / bend
    across = np.hypot(at.u, down) - arc
    width = thick * np.power(np.clip(1 - np.abs(along) ** 1.9, 0, 1), 0.8) + 0.06
    return along, across * (1 + 0.05 * at.noise(0.8, 1)), width


def pain_au_chocolat(at: Place) -> Solid:
    """Draw a pain au chocolat: a plump flat roll with layers at its ends and two sticks of chocolate in them."""
    rng = at.rng
    long, short = 0.98, rng.uniform(0.58, 0.72)
    u = at.u / (1 + 0.06 * np.cos(at.v * 3) + 0.025 * at.noise(0.5, 1))
    v = at.v / (1 + 0.05 * rng.normal() * at.u + 0.03 * at.noise(0.6, 1))
    bulk = np.power(np.abs(u) / long, 3.6) + np.power(np.abs(v) / short, 2.8)
    outside = np.power(np.clip(bulk, 1e-6, None), 0.25)
    mask = at.edge((1 - outside) * 0.8)
    height = 0.46 * np.power(np.clip(1 - bulk, 0, 1), 0.42)
    fold = smooth(v, rng.uniform(-0.02, 0.2), rng.uniform(0.26, 0.4))
    folds = 0.075 * np.cos(v / short * np.float32(rng.uniform(5.2, 6.6)) + rng.uniform(-0.4, 0.4)) - 0.05 * fold
    ends = smooth(np.abs(u), 0.66, 0.92)
    layers = np.sin(outside * rng.uniform(46, 60) + 2 * at.noise(0.35, 2))
    sheets = np.sin(v * rng.uniform(36, 50) + 3 * at.noise(0.5, 2))
    rim = smooth(outside, 0.70, 0.92)
    height += (folds + 0.010 * layers * rim + 0.002 * sheets * (1 - rim)) * mask
    browning = browned(at, height, peak=0.45, crisp=0.34) + 0.05 * layers * rim + 0.012 * sheets * (1 - rim)
    albedo = baked(browning + 0.05 - 0.16 * ends * smooth(layers, 0.2, 0.9))
    solid = Solid(height, mask, albedo, np.full(at.shape, rng.uniform(0.3, 0.55), np.float32))
    _fill(solid, at, short)
    if rng.uniform() < 0.35:
        _drizzle(solid, at)
    return solid


def _fill(solid: Solid, at: Place, short: float) -> None:
    """Let the chocolate look out at the ends."""
    rng = at.rng
    for end in (-1, 1):
        for side in (-1, 1):
            if rng.uniform() < 0.85:
                u = end * rng.uniform(0.90, 0.96)
                v = side * short * rng.uniform(0.26, 0.44)
                size = rng.uniform(0.055, 0.085)
                add_bead(solid, at, Bead(u, v, size * 1.5, (0.30, 0.14, 0.07), rise=-0.2, gloss=0.2, opacity=0.7))
                add_bead(solid, at, Bead(u, v, size, (0.15, 0.07, 0.04), rise=0.5, gloss=0.5, aspect=1.25))


def _drizzle(solid: Solid, at: Place) -> None:
    """Run thin chocolate over the top."""
    wave = np.abs(np.sin(at.u * at.rng.uniform(8, 12) + at.v * at.rng.uniform(-3, 3) + 0.4 * at.noise(0.7, 2)))
    line = smooth(wave, 0.20, 0.09) * smooth(solid.height, 0.16, 0.26)
    paint(solid.albedo, (0.20, 0.10, 0.06), line)
    solid.height += 0.02 * line
    solid.gloss = solid.gloss + 0.4 * line
