"""The path along an edge of the picture between two points: intelligent scissors (Mortensen and Barrett, 1995).

Each anchor has a map of the cheapest paths to it, worked out once; asking for another target costs next to nothing.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from modelyard.serving.smart.prompts import Source
from modelyard.serving.smart.regions import Region

_SIDE_PX = 480  # of the square around the anchor that is searched; what is farther away is seen smaller
_REACH = 0.9  # of the half side that a target may use: paths need room to bend


@dataclass(frozen=True)
class Walk:
    """Flat coordinates x, y, x, y, … from the anchor to the target, both exact, in pixels of the picture."""

    points: tuple[float, ...]


class EdgeMap:
    """The cheapest paths from one anchor to everything around it; `path` may be called from several threads in turn.

    Args:
        picture: Shape (H, W, 3), uint8 RGB, upright; or one that is read in parts.
        anchor: x and y, in pixels.
        reach: How far away, in pixels, the farthest target may lie.
    """

    def __init__(self, picture: Source, anchor: tuple[float, float], reach: int) -> None:
        self._anchor = anchor
        self._region = _window(picture, anchor, reach)
        self._scissors = cv2.segmentation.IntelligentScissorsMB()
        self._scissors.setEdgeFeatureCannyParameters(32, 100)
        self._scissors.setGradientMagnitudeMaxLimit(200)
        self._scissors.applyImage(cv2.cvtColor(self._region.cut(picture), cv2.COLOR_RGB2BGR))
        self._scissors.buildMap(self._region.cell(*anchor))

    def path(self, target: tuple[float, float]) -> Walk:
        """Return the way from the anchor to a target within reach."""
        contour = self._scissors.getContour(self._region.cell(*target))
        cells = np.asarray(contour).reshape(-1, 2)
        thin = cv2.approxPolyDP(cells.astype(np.int32).reshape(-1, 1, 2), 0.8, False).reshape(-1, 2)
        inner = [self._region.to_picture(x + 0.5, y + 0.5) for x, y in thin[1:-1].tolist()]
        flat = [value for point in (self._anchor, *inner, target) for value in point]
        return Walk(tuple(round(value, 2) for value in flat))


def reach_of(anchor: tuple[float, float], target: tuple[float, float]) -> int:
    """Return the reach of the map that has this target: few sizes, so that one map serves a whole movement.

    Example:
        >>> reach_of((0, 0), (30, 40)), reach_of((0, 0), (0, 500))
        (240, 960)
    """
    far = max(abs(anchor[0] - target[0]), abs(anchor[1] - target[1]))
    half = _SIDE_PX // 2
    doublings = max(0, math.ceil(math.log2(max(far, 1) / (half * _REACH))))
    return half << doublings


def _window(picture: Source, anchor: tuple[float, float], reach: int) -> Region:
    height, width = picture.shape[:2]
    left, top = max(0, math.floor(anchor[0]) - reach), max(0, math.floor(anchor[1]) - reach)
    right, bottom = min(width, math.ceil(anchor[0]) + reach), min(height, math.ceil(anchor[1]) + reach)
    share = min(1.0, _SIDE_PX / (2 * reach))
    wide, high = max(1, round((right - left) * share)), max(1, round((bottom - top) * share))
    return Region(left, top, max(1, right - left), max(1, bottom - top), wide, high)
