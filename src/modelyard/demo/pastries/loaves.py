"""Loaves: the baguette with its cuts, and the seeded roll, which from above looks much like a muffin."""

import math

import numpy as np

from modelyard.demo.fields import Field, dome, paint, smooth
from modelyard.demo.pastries.crust import add_seeds, baked, browned, scatter, wobble
from modelyard.demo.solids import Place, Solid


def baguette(at: Place) -> Solid:
    """Draw a baguette: long, pointed, with slanting cuts that have opened, dusted with flour or not."""
    rng = at.rng
    bow = rng.normal(0, 0.05)
    across = at.v - bow * (at.u * at.u - 0.4) + 0.012 * at.noise(0.5, 1)
    thick = rng.uniform(0.16, 0.225)
    width = thick * np.power(np.clip(1 - np.abs(at.u) ** rng.uniform(3.2, 5.5), 0, 1), 0.55)
    side = across / np.maximum(width, 0.01)
    height = 0.86 * thick * dome(side * side) * (0.4 + 0.6 * np.clip(width / thick, 0, 1))
    mask = at.edge(np.minimum(width - np.abs(across), 1.0 - np.abs(at.u)))
    cuts = int(rng.integers(4, 7))
    slant = rng.uniform(0.55, 1.1) * rng.choice([-1, 1])
    phase = (at.u + slant * across) * cuts * 0.56 + rng.uniform(0, 1)
    centre = phase - np.round(phase)
    lens = 0.30 * dome((side * 1.18) ** 2)
    opened = smooth(lens - np.abs(centre), 0.0, 0.07) * smooth(np.abs(at.u), 0.93, 0.84)
    ear = smooth(np.abs(np.abs(centre) - lens), 0.07, 0.0) * smooth(np.abs(at.u), 0.93, 0.84) * (lens > 0.1)
    height += (-0.030 * opened + 0.026 * ear * (centre > 0) + 0.008 * opened * at.noise(0.03, 2)) * mask
    browning = browned(at, height, peak=0.19, crisp=0.26, patches=0.06) + 0.10
    browning += -0.26 * opened * (0.75 + 0.4 * at.noise(0.05, 2)) + 0.13 * ear
    solid = Solid(height, mask, baked(browning), np.full(at.shape, rng.uniform(0.08, 0.25), np.float32))
    if rng.uniform() < 0.6:
        flour = smooth(at.noise(0.2) + 0.5 * at.noise(0.02, 1), 0.0, 1.0) * (1 - opened)
        paint(solid.albedo, (0.97, 0.94, 0.88), rng.uniform(0.25, 0.7) * flour)
    return solid


def seeded_roll(at: Place) -> Solid:
    """Draw a round roll: a dome with one kind of seed or several, sometimes cut with a cross or a star."""
    rng = at.rng
    angle = np.arctan2(at.v, at.u)
    outer = 1 + wobble(at, angle, rng.uniform(0.015, 0.05))
    aspect = rng.uniform(1.0, 1.22)
    radius = np.sqrt(at.u * at.u + (at.v * aspect) ** 2) / outer
    height = 0.58 * np.power(np.clip(1 - radius * radius, 0, 1), 0.62)
    mask = at.edge(1 - radius)
    height += (0.016 * at.noise(0.25) + 0.03 * at.noise(0.8, 1)) * mask
    browning = browned(at, height, peak=0.56, crisp=0.26, patches=0.08)
    if rng.uniform() < 0.45:
        arms = int(rng.choice([1, 2, 2, 5]))
        cut = _star(at, arms)
        height -= 0.07 * cut
        browning -= 0.24 * cut * (1 + 0.5 * at.noise(0.06, 2))
    solid = Solid(height, mask, baked(browning), np.full(at.shape, rng.uniform(0.1, 0.4), np.float32))
    count = int(rng.uniform(90, 190) if rng.uniform() < 0.7 else rng.uniform(6, 24))
    kinds = [str(kind) for kind in rng.permutation(["sesame", "poppy", "sunflower", "pumpkin", "oat"])]
    kinds = kinds[: int(rng.choice([1, 1, 2, 3]))]
    points = [(u, v / aspect) for u, v in scatter(at, count, rng.uniform(0.78, 0.95))]
    for order, kind in enumerate(kinds):
        share = points[order :: len(kinds)]
        few = len(share) if kind in ("sesame", "poppy") else len(share) // 2
        add_seeds(solid, at, share[:few], kind)
    return solid


def _star(at: Place, arms: int) -> Field:
    """Return cuts through the middle, soft-edged; with five arms they bend like a Kaiser roll's."""
    turn = at.rng.uniform(0, math.pi)
    total: Field = np.zeros(at.shape, np.float32)
    radius = np.hypot(at.u, at.v)
    reach = smooth(radius, 0.82, 0.62)
    for arm in range(arms):
        angle = turn + arm * (math.pi / arms if arms < 5 else 2 * math.pi / arms)
        along = at.u * math.cos(angle) + at.v * math.sin(angle)
        off = at.v * math.cos(angle) - at.u * math.sin(angle)
        if arms == 5:
            off = off - 0.35 * along * along
        cut = smooth(np.abs(off) + 0.02 * at.noise(0.1, 2), 0.10, 0.03) * reach
        if arms == 5:
            cut = cut * smooth(along, 0.0, 0.05)
        total = np.maximum(total, cut)
    return total
