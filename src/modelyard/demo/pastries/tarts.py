"""Tarts: a fluted crust, custard, and fruit in rings or at random under a clear glaze."""

import math

import numpy as np

from modelyard.demo.fields import Colour, mix, smooth, varied
from modelyard.demo.pastries.crust import baked, browned, scatter
from modelyard.demo.solids import Bead, Place, Solid, add_bead

_FRUIT = ("strawberry", "blueberry", "raspberry", "kiwi", "mandarin")


def fruit_tart(at: Place) -> Solid:
    """Draw a fruit tart from above."""
    rng = at.rng
    angle = np.arctan2(at.v, at.u)
    radius = np.hypot(at.u, at.v)
    flutes = np.cos(angle * int(rng.integers(22, 34)))
    mask = at.edge(0.98 + 0.026 * flutes - radius)
    rim = rng.uniform(0.80, 0.86)
    wall = np.clip(1 - ((radius - (rim + 0.07)) / 0.11) ** 2, 0, 1)
    height = (0.30 * np.sqrt(wall) * (1 + 0.12 * flutes * smooth(radius, rim, 0.98)) + 0.01 * at.noise(0.1)) * mask
    browning = browned(at, height, peak=0.3, crisp=0.16) + 0.05 * flutes * smooth(radius, rim, 0.95)
    inside = smooth(radius, rim + 0.02, rim - 0.01)
    custard = np.asarray(varied(rng, (0.97, 0.84, 0.48), 0.03), np.float32) * (1 + 0.03 * at.noise(0.3))[..., None]
    solid = Solid(
        mix(height, 0.17 + 0.01 * at.noise(0.4, 1), inside),
        mask,
        mix(baked(browning), custard, inside),
        (0.12 + 0.6 * inside).astype(np.float32),
    )
    _arrange(solid, at, rim)
    return solid


def _arrange(solid: Solid, at: Place, rim: float) -> None:
    """Lay the fruit in rings of one kind each, or one kind all over."""
    rng = at.rng
    kinds = [str(kind) for kind in rng.permutation(_FRUIT)]
    if rng.uniform() < 0.25:
        kinds = [str(rng.choice(["raspberry", "blueberry", "strawberry"]))] * 4
    if rng.uniform() < 0.2:
        for u, v in scatter(at, 34, rim - 0.14):
            _lay(solid, at, kinds[int(rng.integers(2))], (u, v), 0.12)
        return
    at_radius, ring = rim - 0.16, 0
    while at_radius > 0.08:
        kind = kinds[ring % len(kinds)]
        size = 0.155 if kind in ("strawberry", "kiwi", "mandarin") else 0.115
        count = max(3, int(2 * math.pi * at_radius / (size * 1.85)))
        start = rng.uniform(0, 6)
        for place in range(count):
            turn = start + 2 * math.pi * place / count + rng.normal(0, 0.03)
            far = at_radius + rng.normal(0, 0.012)
            _lay(solid, at, kind, (far * math.cos(turn), far * math.sin(turn)), size)
        at_radius -= size * 1.85
        ring += 1
    _lay(solid, at, kinds[ring % len(kinds)], (0.0, 0.0), 0.15)


def _lay(solid: Solid, at: Place, kind: str, where: tuple[float, float], size: float) -> None:
    """Lay one piece of fruit."""
    rng = at.rng
    u, v = where
    size *= rng.uniform(0.9, 1.08)
    turn = math.atan2(v, u) + rng.normal(0, 0.15)
    add_bead(solid, at, Bead(u, v, size * 1.12, (0.50, 0.30, 0.12), rise=0, gloss=0.6, opacity=0.45))
    if kind == "strawberry":
        add_bead(solid, at, Bead(u, v, size * 0.8, varied(rng, (0.80, 0.10, 0.10)), 1.35, turn, 0.7, 0.9))
        add_bead(solid, at, Bead(u, v, size * 0.38, (0.93, 0.52, 0.42), 1.6, turn, 0.05, 0.9, 0.7))
        for _ in range(7):
            dot_u, dot_v = (float(part) for part in rng.normal(0, size * 0.42, 2))
            add_bead(solid, at, Bead(u + dot_u, v + dot_v, size * 0.07, (0.95, 0.75, 0.35), 1.4, turn, 0.2, 0.4))
    elif kind == "blueberry":
        colour: Colour = varied(rng, (0.17, 0.19, 0.38), 0.03)
        add_bead(solid, at, Bead(u, v, size, colour, rise=0.85, gloss=0.55))
        add_bead(solid, at, Bead(u, v, size * 0.34, (0.10, 0.10, 0.20), rise=-0.35, gloss=0.2))
    elif kind == "raspberry":
        _raspberry(solid, at, where, size)
    elif kind == "kiwi":
        add_bead(solid, at, Bead(u, v, size, varied(rng, (0.48, 0.62, 0.16)), rise=0.25, gloss=0.9))
        add_bead(solid, at, Bead(u, v, size * 0.36, (0.88, 0.90, 0.66), rise=0.05, gloss=0.9))
        for step in range(11):
            way = step * 2 * math.pi / 11
            dot = (u + size * 0.5 * math.cos(way), v + size * 0.5 * math.sin(way))
            add_bead(solid, at, Bead(*dot, size * 0.07, (0.10, 0.10, 0.08), 1.5, way, 0.2, 0.5))
    else:
        add_bead(solid, at, Bead(u, v, size * 0.62, varied(rng, (0.96, 0.56, 0.12)), 1.7, turn + 1.4, 0.8, 0.9))


def _raspberry(solid: Solid, at: Place, where: tuple[float, float], size: float) -> None:
    """Build a raspberry of its little balls."""
    u, v = where
    colour = varied(at.rng, (0.74, 0.08, 0.20))
    add_bead(solid, at, Bead(u, v, size, (0.55, 0.05, 0.13), rise=0.8, gloss=0.3))
    for ring, count in ((0.66, 8), (0.3, 4)):
        for step in range(count):
            way = step * 2 * math.pi / count + ring
            dot = (u + size * ring * math.cos(way), v + size * ring * math.sin(way))
            add_bead(solid, at, Bead(*dot, size * 0.27, varied(at.rng, colour, 0.02), rise=0.7, gloss=0.7))
