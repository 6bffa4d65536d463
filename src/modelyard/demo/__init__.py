"""The demo bakery: pictures that Modelyard draws itself, so that a first try needs no download."""

from modelyard.demo.bakery import Bakery, draw_bakery, draw_order, draw_trays
from modelyard.demo.pastries import KINDS

CLASSES = tuple(KINDS)

__all__ = ["CLASSES", "Bakery", "draw_bakery", "draw_order", "draw_trays"]
