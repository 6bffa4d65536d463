"""What all pastry shares: the colours that an oven gives, outlines that are never quite round, seeds."""

import math
from collections.abc import Sequence

import numpy as np

from modelyard.demo.fields import Colour, Field, varied
from modelyard.demo.solids import Bead, Place, Solid, add_bead

_STOPS = (
    (0.00, (0.98, 0.91, 0.74)),
    (0.20, (0.96, 0.82, 0.55)),
    (0.42, (0.90, 0.65, 0.31)),
    (0.62, (0.74, 0.44, 0.16)),
    (0.82, (0.50, 0.25, 0.08)),
    (1.00, (0.25, 0.12, 0.05)),
)


def _table() -> Field:
    steps = np.linspace(0, 1, 256)
    at = [stop for stop, _ in _STOPS]
    parts = [np.interp(steps, at, [colour[part] for _, colour in _STOPS]) for part in range(3)]
    return np.stack(parts, axis=-1).astype(np.float32)


_BROWNING = _table()


def baked(browning: Field) -> Field:
    """Return the colour (H, W, 3) of dough baked from 0, pale, to 1, burnt."""
    return _BROWNING[np.clip(browning * 255, 0, 255).astype(np.uint8)]


def browned(at: Place, height: Field, *, peak: float, crisp: float = 0.3, patches: float = 0.07) -> Field:
    """Return how brown a crust is: darker where it is high and in patches, paler towards the tray."""
    rise = np.clip(height / peak, 0, 1.2)
    brown: Field = at.bake - crisp * 0.6 + crisp * rise + patches * at.noise(0.35) + 0.035 * at.noise(0.05, 2)
    return brown


def wobble(at: Place, angle: Field, strength: float) -> Field:
    """Return how far an outline strays from round, by direction."""
    total = np.zeros_like(angle)
    for wave in (2, 3, 5):
        total += strength * at.rng.normal(0, 1) / wave * np.cos(wave * angle + at.rng.uniform(0, 2 * math.pi))
    return total


def scatter(at: Place, count: int, reach: float, *, hole: float = 0.0) -> list[tuple[float, float]]:
    """Return points spread over a disc or a ring, in radii."""
    radii = np.sqrt(at.rng.uniform(hole * hole, reach * reach, count))
    angles = at.rng.uniform(0, 2 * math.pi, count)
    return [(float(r * math.cos(a)), float(r * math.sin(a))) for r, a in zip(radii, angles, strict=True)]


def add_seeds(solid: Solid, at: Place, points: Sequence[tuple[float, float]], kind: str) -> None:
    """Lay seeds on a crust where its surface is."""
    colour, size, aspect = SEEDS[kind]
    for u, v in points:
        add_bead(
            solid,
            at,
            Bead(
                u,
                v,
                size * at.rng.uniform(0.8, 1.2),
                varied(at.rng, colour, 0.035),
                aspect=aspect,
                angle=at.rng.uniform(0, math.pi),
                rise=0.75,
                gloss=0.25,
            ),
        )


SEEDS: dict[str, tuple[Colour, float, float]] = {
    "sesame": ((0.96, 0.88, 0.68), 0.023, 1.7),
    "poppy": ((0.16, 0.16, 0.20), 0.013, 1.1),
    "sunflower": ((0.70, 0.66, 0.56), 0.032, 2.0),
    "pumpkin": ((0.36, 0.42, 0.20), 0.042, 1.8),
    "oat": ((0.90, 0.80, 0.60), 0.045, 1.5),
}
