"""The kinds of pastry that the bakery sells, by name. Each file draws one family of shapes."""

from collections.abc import Callable
from dataclasses import dataclass

from modelyard.demo.pastries.laminated import croissant, pain_au_chocolat
from modelyard.demo.pastries.loaves import baguette, seeded_roll
from modelyard.demo.pastries.muffins import muffin
from modelyard.demo.pastries.rings import bagel, doughnut
from modelyard.demo.pastries.strands import cinnamon_roll, pretzel
from modelyard.demo.pastries.tarts import fruit_tart
from modelyard.demo.solids import Place, Solid


@dataclass(frozen=True)
class Kind:
    """How to draw a class: `turns` says how far it may be turned, `size` how large it is beside the others."""

    draw: Callable[[Place], Solid]
    thickness: float = 0.4
    turns: float = 3.2
    size: float = 1.0
    reach: float = 1.3


KINDS: dict[str, Kind] = {
    "Bagel": Kind(bagel, thickness=0.45),
    "Baguette": Kind(baguette, thickness=0.22, size=1.3, reach=1.15),
    "Cinnamon roll": Kind(cinnamon_roll, thickness=0.5),
    "Croissant": Kind(croissant, thickness=0.4, size=1.08, reach=1.35),
    "Doughnut": Kind(doughnut, thickness=0.45),
    "Fruit tart": Kind(fruit_tart, thickness=0.3),
    "Muffin": Kind(muffin, thickness=0.5, turns=0.22),
    "Pain au chocolat": Kind(pain_au_chocolat, thickness=0.42, size=1.05),
    "Pretzel": Kind(pretzel, thickness=0.25, turns=3.2, size=1.1),
    "Seeded roll": Kind(seeded_roll, thickness=0.5),
}
