"""Rings: the bagel and the doughnut, which are meant to be hard to tell apart now and then."""

import math

import numpy as np

from modelyard.demo.fields import Colour, Field, even, mix, paint, smooth, varied
from modelyard.demo.pastries.crust import add_seeds, baked, browned, scatter, wobble
from modelyard.demo.solids import Bead, Place, Solid, add_bead

_GLAZES: tuple[Colour, ...] = (
    (0.93, 0.52, 0.62),
    (0.30, 0.15, 0.08),
    (0.96, 0.94, 0.90),
    (0.80, 0.52, 0.24),
    (0.62, 0.82, 0.70),
    (0.97, 0.84, 0.45),
    (0.72, 0.60, 0.86),
)
_SPRINKLES: tuple[Colour, ...] = (
    (0.95, 0.25, 0.30),
    (0.98, 0.82, 0.20),
    (0.25, 0.60, 0.90),
    (0.30, 0.75, 0.40),
    (0.98, 0.98, 0.96),
    (0.95, 0.50, 0.75),
)


def _ring(at: Place, hole: float, strength: float) -> tuple[Field, Field, Field]:
    """Return height, distance from the middle of the dough in half widths, and outline of a ring."""
    rng = at.rng
    shift_u, shift_v = rng.normal(0, 0.03), rng.normal(0, 0.03)
    angle = np.arctan2(at.v - shift_v, at.u - shift_u)
    radius = np.sqrt((at.u - shift_u) ** 2 + (at.v - shift_v) ** 2)
    outer = 1 + wobble(at, angle, strength)
    inner = hole + wobble(at, angle, min(0.035, hole * 0.2))
    middle, half = (outer + inner) / 2, (outer - inner) / 2
    across = (radius - middle) / half
    height = half * np.power(np.clip(1 - across * across, 0, 1), 0.46)
    return height, across, at.edge(half * (1 - np.abs(across)))


def bagel(at: Place) -> Solid:
    """Draw a bagel: a shiny tight crust, a small hole, often seeds."""
    rng = at.rng
    hole = rng.uniform(0.10, 0.27) if rng.uniform() < 0.85 else rng.uniform(0.02, 0.06)
    height, across, mask = _ring(at, hole, rng.uniform(0.03, 0.075))
    height = height * 0.98 + 0.012 * at.noise(0.12) * mask + 0.03 * at.noise(0.6, 1) * mask
    browning = browned(at, height, peak=0.42, crisp=0.30) + 0.02
    blisters = smooth(at.noise(0.045, 1), 0.55, 1.0)
    albedo = baked(browning - 0.10 * blisters - 0.12 * smooth(across, 0.72, 1.0) - 0.12 * smooth(across, -0.72, -1.0))
    solid = Solid(height + 0.006 * blisters, mask, albedo, np.full(at.shape, rng.uniform(0.35, 0.6), np.float32))
    kind = rng.choice(["none", "none", "sesame", "poppy", "mixed"])
    points = scatter(at, int(rng.uniform(70, 170)), 0.92, hole=hole + 0.1)
    if kind == "mixed":
        add_seeds(solid, at, points[::2], "sesame")
        add_seeds(solid, at, points[1::2], "poppy")
    elif kind != "none":
        add_seeds(solid, at, points, str(kind))
    return solid


def doughnut(at: Place) -> Solid:
    """Draw a doughnut: fried dough with a pale belt, most often glazed, with sprinkles, stripes or sugar."""
    rng = at.rng
    hole = rng.uniform(0.12, 0.34)
    height, across, mask = _ring(at, hole, rng.uniform(0.012, 0.035))
    browning = browned(at, height, peak=0.35, crisp=0.18, patches=0.05) + 0.07
    belt = smooth(np.abs(across), 0.78, 0.88) * smooth(np.abs(across), 0.99, 0.90)
    albedo = baked(browning - 0.32 * belt)
    solid = Solid(height, mask, albedo, np.full(at.shape, 0.16, np.float32))
    top = rng.choice(["sprinkles", "sprinkles", "stripes", "plain", "clear", "sugar", "bare"])
    if top == "sugar":
        _sugar(solid, at)
    elif top == "bare":
        solid.gloss[:] = 0.35
    elif top == "clear":
        paint(solid.albedo, (0.98, 0.93, 0.84), 0.24 * mask * smooth(at.noise(0.2), -0.5, 0.6))
        solid.gloss[:] = 0.85
    else:
        glaze = varied(rng, _GLAZES[int(rng.integers(len(_GLAZES)))])
        _glaze(solid, at, across, glaze)
        if top == "sprinkles":
            _sprinkle(solid, at, hole)
        elif top == "stripes":
            _stripe(solid, at, across, glaze)
    return solid


def _glaze(solid: Solid, at: Place, across: Field, colour: Colour) -> None:
    """Pour a glaze over the upper part; its edge runs down in tongues."""
    angle = np.arctan2(at.v, at.u)
    edge = 0.72 + wobble(at, angle, 0.10) + 0.05 * np.cos(9 * angle + at.rng.uniform(0, 6))
    distance = edge - np.abs(across)
    cover = smooth(distance, -0.015, 0.03) * solid.mask
    lip = smooth(distance, -0.02, 0.10)
    solid.height += 0.045 * lip + 0.008 * at.noise(0.3, 1) * cover
    poured = even(at.shape, colour) * (1 + 0.05 * at.noise(0.5, 2))[..., None]
    solid.albedo = mix(solid.albedo, poured, cover)
    solid.gloss = mix(solid.gloss, np.full(at.shape, at.rng.uniform(0.6, 0.95), np.float32), cover)


def _sprinkle(solid: Solid, at: Place, hole: float) -> None:
    """Scatter coloured sprinkles, or of one colour only."""
    palette = _SPRINKLES if at.rng.uniform() < 0.75 else _SPRINKLES[4:5]
    for u, v in scatter(at, int(at.rng.uniform(35, 95)), 0.86, hole=hole + 0.12):
        colour = palette[int(at.rng.integers(len(palette)))]
        turn = at.rng.uniform(0, math.pi)
        add_bead(solid, at, Bead(u, v, 0.019, colour, aspect=3.0, angle=turn, rise=1.0, gloss=0.4))


def _stripe(solid: Solid, at: Place, across: Field, glaze: Colour) -> None:
    """Draw thin lines of another glaze across the ring."""
    colour: Colour = (0.97, 0.95, 0.92) if sum(glaze) < 2 else (0.32, 0.17, 0.09)
    turn = at.rng.uniform(0, math.pi)
    along = at.u * math.cos(turn) + at.v * math.sin(turn) + 0.05 * at.noise(0.5, 2)
    wave = np.abs(np.sin(along * at.rng.uniform(9, 14)))
    line = smooth(wave, 0.22, 0.10) * smooth(np.abs(across), 0.75, 0.62)
    paint(solid.albedo, colour, line)
    solid.height += 0.02 * line


def _sugar(solid: Solid, at: Place) -> None:
    """Roll the ring in sugar."""
    grain = smooth(at.noise(0.012, 1), -0.1, 0.6) * smooth(at.noise(0.25), -0.9, 0.3)
    paint(solid.albedo, (0.99, 0.98, 0.96), grain * 0.75 * solid.mask)
    solid.height += 0.006 * grain
