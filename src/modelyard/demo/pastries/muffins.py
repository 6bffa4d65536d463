"""Muffins: seen from the side in their paper, or from above, where they pass for rolls."""

import math

import numpy as np

from modelyard.demo.fields import Colour, Field, even, mix, smooth, varied
from modelyard.demo.pastries.crust import baked, browned, scatter, wobble
from modelyard.demo.solids import Bead, Place, Solid, add_bead

_PAPERS: tuple[Colour, ...] = (
    (0.95, 0.93, 0.88),
    (0.45, 0.28, 0.17),
    (0.85, 0.30, 0.32),
    (0.36, 0.55, 0.70),
    (0.93, 0.80, 0.50),
    (0.88, 0.62, 0.70),
)


def muffin(at: Place) -> Solid:
    """Draw a muffin with berries, chocolate or crumble on its cracked dome."""
    paper = varied(at.rng, _PAPERS[int(at.rng.integers(len(_PAPERS)))])
    is_dark = at.rng.uniform() < 0.22
    if at.rng.uniform() < 0.7:
        cup = _cup(at, paper)
        reach = (0.88, at.rng.uniform(0.54, 0.68))
        solid = _dome(at, cup, (0.0, -0.26), reach, is_dark=is_dark)
        _top(solid, at, (0.0, -0.30), (reach[0] * 0.86, reach[1] * 0.84), is_dark=is_dark)
    else:
        cup = _ring(at, paper)
        reach = (0.86, 0.86) if at.rng.uniform() < 0.6 else (1.0, 1.0)  # A dome that has run over hides its paper.
        solid = _dome(at, cup, (0.0, 0.0), reach, is_dark=is_dark)
        _top(solid, at, (0.0, 0.0), (reach[0] * 0.81, reach[1] * 0.81), is_dark=is_dark)
    return solid


def _cup(at: Place, paper: Colour) -> Solid:
    """Draw the paper from the side: narrower below, in pleats."""
    depth = at.rng.uniform(0.74, 0.92)
    half = 0.74 - 0.20 * np.clip((at.v + 0.2) / (depth + 0.2), 0, 1)
    side = at.u / half
    below = depth + 0.10 * np.sqrt(np.clip(1 - side * side, 0, 1)) - 0.05
    mask = at.edge(np.minimum(np.minimum(half - np.abs(at.u), below - at.v), at.v + 0.25))
    pleats = np.sin(np.arcsin(np.clip(side, -1, 1)) * at.rng.uniform(20, 27))
    height = 0.42 * np.sqrt(np.clip(1 - side * side, 0, 1)) + 0.022 * pleats
    albedo = even(at.shape, paper) * (0.90 + 0.10 * pleats)[..., None]
    return Solid(height, mask, albedo, np.full(at.shape, 0.08, np.float32))


def _ring(at: Place, paper: Colour) -> Solid:
    """Draw the paper from above: a pleated ring that looks out under the dome."""
    angle = np.arctan2(at.v, at.u)
    radius = np.hypot(at.u, at.v)
    pleats = np.sin(angle * int(at.rng.integers(34, 46)))
    mask = at.edge(0.97 + 0.022 * pleats - radius)
    albedo = even(at.shape, paper) * (0.90 + 0.10 * pleats)[..., None]
    return Solid((0.25 * radius + 0.02 * pleats) * mask, mask, albedo, np.full(at.shape, 0.08, np.float32))


def _dome(at: Place, under: Solid, middle: tuple[float, float], reach: tuple[float, float], *, is_dark: bool) -> Solid:
    """Put the baked dome over its paper."""
    u, v = (at.u - middle[0]) / reach[0], (at.v - middle[1]) / reach[1]
    angle = np.arctan2(v, u)
    radius = np.hypot(u, v) / (1 + wobble(at, angle, 0.035) + 0.018 * at.noise(0.2, 2))
    mask = at.edge((1 - radius) * reach[1])
    lumps = at.noise(0.22)
    height = 0.62 * np.power(np.clip(1 - radius * radius, 0, 1), 0.55) + 0.028 * lumps * mask
    cracks = smooth(np.abs(at.noise(0.42, 2)), 0.09, 0.0) * smooth(radius, 0.85, 0.5)
    height -= 0.035 * cracks
    if is_dark:
        browning = 0.92 + 0.05 * lumps - 0.06 * cracks
    else:
        browning = (
            browned(at, height, peak=0.6, crisp=0.10, patches=0.07) - 0.15 * cracks + 0.14 * smooth(radius, 0.7, 0.98)
        )
    gloss = np.full(at.shape, 0.18, np.float32)
    return Solid(
        mix(under.height, height + 0.25, mask),
        np.maximum(mask, under.mask),
        mix(_shadowed(under.albedo, at, middle, reach), baked(browning), mask),
        mix(under.gloss, gloss, mask),
    )


def _shadowed(albedo: Field, at: Place, middle: tuple[float, float], reach: tuple[float, float]) -> Field:
    """Return the paper darker where the dome hangs over it."""
    near = np.hypot((at.u - middle[0]) / reach[0], (at.v - middle[1]) / reach[1])
    dark: Field = albedo * (0.55 + 0.45 * smooth(near, 0.95, 1.35))[..., None]
    return dark


def _top(solid: Solid, at: Place, middle: tuple[float, float], reach: tuple[float, float], *, is_dark: bool) -> None:
    """Lay on what is baked in: berries, chips of chocolate, crumble, or nothing."""
    rng = at.rng
    kind = rng.choice(["berries", "chips", "crumble", "chips", "none"])
    if kind == "none":
        return
    count = {"berries": (5, 11), "chips": (14, 30), "crumble": (45, 80)}[str(kind)]
    for across, down in scatter(at, int(rng.integers(*count)), 1.0):
        u, v = middle[0] + across * reach[0], middle[1] + down * reach[1]
        turn = rng.uniform(0, math.pi)
        if kind == "berries":
            size = rng.uniform(0.065, 0.10)
            stain: Colour = (0.36, 0.18, 0.30)
            add_bead(solid, at, Bead(u, v, size * 1.4, stain, rise=-0.1, gloss=0.1, opacity=0.55))
            add_bead(solid, at, Bead(u, v, size, varied(rng, (0.17, 0.15, 0.33), 0.03), rise=0.6, gloss=0.35))
        elif kind == "chips":
            chip: Colour = (0.94, 0.88, 0.76) if is_dark else (0.20, 0.10, 0.06)
            size = rng.uniform(0.03, 0.05)
            add_bead(solid, at, Bead(u, v, size, varied(rng, chip, 0.02), aspect=1.2, angle=turn, gloss=0.4))
        else:
            crumb = varied(rng, (0.93, 0.78, 0.52), 0.04)
            add_bead(solid, at, Bead(u, v, rng.uniform(0.025, 0.06), crumb, aspect=1.3, angle=turn, rise=0.8))
