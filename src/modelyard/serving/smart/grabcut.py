"""Cuts out what a box or clicks mean by its colours: OpenCV's GrabCut (Rother et al., 2004) on a bounded region.

The cut is made on at most some ten thousand pixels, whatever the picture's size; a guided filter (He et al., 2010) then
lays its edge on the edges of the picture's own pixels.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from modelyard.geometry import masks
from modelyard.geometry.kinds import Mask
from modelyard.serving.smart.prompts import Bounds, Click, Found, Picture, Prompt, Source
from modelyard.serving.smart.regions import Region, around, enlarged
from modelyard.serving.smart.tidying import tidied

_MOST_PX = 20_000
_ROUNDS = 3
_ROOM = 0.25
_REFINED_PX = 600_000
_WINDOWS_PX = (64, 160, 400, 1000, 2500)  # half sides that are tried around clicks without a box
_ALIKE = 14  # difference of each of L*, a*, b*, to the pixel that was clicked
_LIKELY = 1.05  # of the ellipse in the box
_CERTAIN = 0.45
_SEED = 0.015  # radius of what a click says for certain, as a share of the region's shorter side

Labels = NDArray[np.uint8]


class GrabCut:
    """Finds things in one picture by colour.

    Args:
        picture: Shape (H, W, 3), uint8 RGB, upright; or one that is read in parts.
    """

    def __init__(self, picture: Source) -> None:
        self._picture = picture

    def find(self, prompt: Prompt) -> Found:
        """Return what stands out in the box, or around the clicks."""
        height, width = self._picture.shape[:2]
        prompt = prompt.within(width, height)
        bounds = _bounds(prompt) if prompt.box else _grown(self._picture, prompt.positive)
        region = around(bounds, (width, height), margin=_ROOM, most_px=_MOST_PX)
        pixels = region.cut(self._picture)
        labels = _labelled(region, bounds, prompt)
        if not _is_open(labels):
            return Found(None, 0.0)
        inside = tidied(_cut(pixels, labels), [region.cell(click.x, click.y) for click in prompt.clicks])
        score = _difference(pixels, inside)
        mask = _snapped(self._picture, region, inside)
        return Found(mask, score if mask else 0.0)


def _bounds(prompt: Prompt) -> Bounds:
    """Return the box, stretched so that it holds the clicks on the thing."""
    x1, y1, x2, y2 = prompt.box or (math.inf, math.inf, -math.inf, -math.inf)
    xs, ys = [click.x for click in prompt.positive], [click.y for click in prompt.positive]
    return min([x1, *xs]), min([y1, *ys]), max([x2, *xs]), max([y2, *ys])


def _grown(picture: Source, clicks: tuple[Click, ...]) -> Bounds:
    """Return a box around what is alike around the clicks, from the smallest window that it does not run out of."""
    height, width = picture.shape[:2]
    held = _bounds(Prompt(None, clicks))
    for half in _WINDOWS_PX:
        window = (held[0] - half, held[1] - half, held[2] + half, held[3] + half)
        cut = (max(0.0, window[0]), max(0.0, window[1]), min(float(width), window[2]), min(float(height), window[3]))
        region = around(cut, (width, height), margin=0, most_px=_MOST_PX)
        alike = _alike(region.cut(picture), region, clicks)
        rows, columns = np.flatnonzero(alike.any(axis=1)), np.flatnonzero(alike.any(axis=0))
        x1, y1 = region.to_picture(int(columns[0]), int(rows[0]))
        x2, y2 = region.to_picture(int(columns[-1]) + 1, int(rows[-1]) + 1)
        is_whole = region.left == region.top == 0 and (region.width, region.height) == (width, height)
        is_free = (
            (x1 > region.left or region.left == 0)
            and (y1 > region.top or region.top == 0)
            and (x2 < region.left + region.width or region.left + region.width == width)
            and (y2 < region.top + region.height or region.top + region.height == height)
        )
        if is_free or is_whole:
            break
    grow_x, grow_y = 0.15 * (x2 - x1) + 4, 0.15 * (y2 - y1) + 4
    return max(0.0, x1 - grow_x), max(0.0, y1 - grow_y), min(float(width), x2 + grow_x), min(float(height), y2 + grow_y)


def _alike(pixels: Picture, region: Region, clicks: tuple[Click, ...]) -> NDArray[np.bool_]:
    smooth = cv2.medianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), 5)
    found = np.zeros((region.high + 2, region.wide + 2), np.uint8)
    spread = (_ALIKE * 2, _ALIKE, _ALIKE)  # Light varies more within a thing than hue does.
    for click in clicks:
        flags = 4 | (255 << 8) | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
        cv2.floodFill(smooth, found, region.cell(click.x, click.y), 0, spread, spread, flags)
    return found[1:-1, 1:-1] > 0


def _labelled(region: Region, bounds: Bounds, prompt: Prompt) -> Labels:
    """Return what is known before the cut, shape (high, wide): GrabCut's four labels.

    Things seldom fill the corners of their box, and hardly ever leave its middle; without that much said, a thing
    among others of its kind is taken for what lies around it.
    """
    labels: Labels = np.full((region.high, region.wide), cv2.GC_BGD, np.uint8)
    (x1, y1), (x2, y2) = region.to_region(*bounds[:2]), region.to_region(*bounds[2:])
    labels[round(y1) : max(round(y2), round(y1) + 1), round(x1) : max(round(x2), round(x1) + 1)] = cv2.GC_PR_BGD
    y, x = np.mgrid[: region.high, : region.wide] + 0.5
    far = np.hypot((x - (x1 + x2) / 2) / max(1.0, (x2 - x1) / 2), (y - (y1 + y2) / 2) / max(1.0, (y2 - y1) / 2))
    labels[(far < _LIKELY) & (labels == cv2.GC_PR_BGD)] = cv2.GC_PR_FGD
    labels[far < _CERTAIN] = cv2.GC_FGD
    radius = max(1, round(_SEED * min(region.wide, region.high)))
    for click in prompt.clicks:
        cv2.circle(labels, region.cell(click.x, click.y), radius, cv2.GC_FGD if click.is_positive else cv2.GC_BGD, -1)
    if (labels != cv2.GC_BGD).all():  # The box fills the picture: its rim is what is not meant.
        labels[[0, -1], :] = labels[:, [0, -1]] = cv2.GC_BGD
    return labels


def _is_open(labels: Labels) -> bool:
    """Say whether there is something to decide: GrabCut needs pixels of either side."""
    is_outside = labels == cv2.GC_BGD
    return bool(is_outside.any() and not is_outside.all())


def _cut(pixels: Picture, labels: Labels) -> NDArray[np.bool_]:
    backward, forward = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    try:
        cv2.grabCut(bgr, labels, (0, 0, 0, 0), backward, forward, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    except cv2.error:  # A region of a single colour gives nothing to tell apart.
        return np.zeros(labels.shape, np.bool_)
    return np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD))


def _difference(pixels: Picture, inside: NDArray[np.bool_]) -> float:
    """Return how different the colours inside and outside are: Hellinger distance of the histograms, in [0, 1]."""
    if not inside.any() or inside.all():
        return 0.0
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    this, other = (
        cv2.calcHist([lab], [0, 1, 2], part.astype(np.uint8), [8, 12, 12], [0, 256] * 3) for part in (inside, ~inside)
    )
    return round(min(1.0, float(cv2.compareHist(this, other, cv2.HISTCMP_BHATTACHARYYA))), 3)


def _snapped(picture: Source, region: Region, inside: NDArray[np.bool_]) -> Mask | None:
    """Return the cut at the picture's own size, its edge moved on to the picture's edges."""
    fine = region.seen_with(_REFINED_PX)
    step = fine.wide / region.wide
    if step > 1.2:
        guide = np.asarray(cv2.cvtColor(fine.cut(picture), cv2.COLOR_RGB2GRAY), np.float32) / np.float32(255)
        soft = cv2.resize(inside.astype(np.float32), (fine.wide, fine.high), interpolation=cv2.INTER_LINEAR)
        size = 2 * math.ceil(step) + 1
        inside, region = _guided(guide, np.asarray(soft, np.float32), (size, size)) > 0.5, fine
    strips = enlarged(inside.astype(np.float32), (region.width, region.height))
    return masks.from_strips(((x, strip > 0.5) for x, strip in strips), region.left, region.top)


def _guided(guide: NDArray[np.float32], values: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    mean_guide, mean_values = cv2.blur(guide, size), cv2.blur(values, size)
    variance = cv2.blur(guide * guide, size) - mean_guide * mean_guide
    slope = (cv2.blur(guide * values, size) - mean_guide * mean_values) / (variance + 1e-3)
    offset = mean_values - slope * mean_guide
    return np.asarray(cv2.blur(slope, size) * guide + cv2.blur(offset, size), np.float32)
