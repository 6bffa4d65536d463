"""One photograph: a surface, a pastry or a tray of them, clutter, light and camera."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from modelyard.demo.clutter import HIGH, LOW, Thing, lay_over, tint
from modelyard.demo.fields import Field
from modelyard.demo.light import Canvas, draw_light
from modelyard.demo.pastries import KINDS
from modelyard.demo.solids import Pose, place
from modelyard.demo.surfaces import SURFACES

SIZE_PX = 320
_WORK_PX = 512  # Drawn larger, then made small: this smooths every edge.
_SHOTS = ("plain",) * 11 + ("near", "near", "far", "dim", "blurred", "covered")  # Not every photograph is a good one.


@dataclass(frozen=True)
class Box:
    """Where a pastry lies in a tray: its class and `xyxy` in pixels."""

    class_name: str
    xyxy: tuple[float, float, float, float]


def draw_photograph(class_name: str, rng: np.random.Generator) -> Image.Image:
    """Return a photograph of one pastry, sometimes with another of its kind at the edge."""
    light = draw_light(rng)
    size = (_WORK_PX, _WORK_PX)
    surface = list(SURFACES.values())[int(rng.integers(len(SURFACES)))]
    canvas = Canvas(surface(size, rng, light), light)
    _strew(canvas, rng, LOW, 0.2)
    shot = str(rng.choice(_SHOTS))
    radius = _WORK_PX * rng.uniform(0.27, 0.40) * KINDS[class_name].size
    radius *= {"near": rng.uniform(1.6, 2.3), "far": rng.uniform(0.28, 0.5)}.get(shot, 1.0)
    squash = rng.uniform(0.80, 1.0)
    bake = _bake(rng)
    if rng.uniform() < 0.22:
        way = rng.uniform(0, 2 * math.pi)
        far = radius * rng.uniform(2.0, 2.3)
        middle = (_WORK_PX / 2 + far * math.cos(way), _WORK_PX / 2 + far * math.sin(way))
        _bring(canvas, class_name, rng, _pose(class_name, rng, middle, radius, squash), bake)
    stray = _WORK_PX * (0.05 if rng.uniform() < 0.7 else 0.13) + (0.3 * radius if shot == "near" else 0)
    middle = (_WORK_PX / 2 + rng.normal(0, stray), _WORK_PX / 2 + rng.normal(0, stray))
    if rng.uniform() < 0.5:
        _strew(canvas, rng, HIGH, 0.35)
    _bring(canvas, class_name, rng, _pose(class_name, rng, middle, radius, squash), bake)
    if shot == "covered":
        lay_over(canvas, rng, radius)
    return _develop(canvas.picture, rng, SIZE_PX, SIZE_PX, shot)


def draw_tray(rng: np.random.Generator) -> tuple[Image.Image, list[Box]]:
    """Return a photograph of several pastries on one surface, 480 by 360 pixels, and a box for each."""
    light = draw_light(rng)
    width_px, height_px, scale = 480, 360, 1.5
    size = (int(height_px * scale), int(width_px * scale))
    surface = SURFACES[str(rng.choice(["tray", "paper", "board", "rack", "stone"]))]
    canvas = Canvas(surface(size, rng, light), light)
    columns, rows = (4, 3) if rng.uniform() < 0.5 else (3, 2)
    names = [str(name) for name in rng.choice(list(KINDS), int(rng.integers(2, 6)), replace=False)]
    squash, bake = rng.uniform(0.85, 1.0), _bake(rng)
    step_x, step_y = size[1] / columns, size[0] / rows
    boxes = []
    for cell in range(columns * rows):
        if rng.uniform() < 0.15:
            continue
        name = names[int(rng.integers(len(names)))]
        radius = min(step_x, step_y) * rng.uniform(0.38, 0.45)
        x = (cell % columns + 0.5 + rng.uniform(-0.07, 0.07)) * step_x
        y = (cell // columns + 0.5 + rng.uniform(-0.07, 0.07)) * step_y
        left, top, right, bottom = _bring(canvas, name, rng, _pose(name, rng, (x, y), radius, squash), bake)
        boxes.append(Box(name, (left / scale, top / scale, right / scale, bottom / scale)))
    return _develop(canvas.picture, rng, width_px, height_px), boxes


def _bake(rng: np.random.Generator) -> float:
    return float(np.clip(rng.normal(0.50, 0.085), 0.30, 0.72))


def _pose(
    class_name: str, rng: np.random.Generator, middle: tuple[float, float], radius_px: float, squash: float
) -> Pose:
    turns = KINDS[class_name].turns
    return Pose(*middle, radius_px, rng.uniform(-turns, turns), squash, rng.uniform() < 0.5)


def _bring(
    canvas: Canvas, class_name: str, rng: np.random.Generator, pose: Pose, bake: float
) -> tuple[float, float, float, float]:
    """Put a pastry on the canvas and return its box, `xyxy` in the canvas's pixels."""
    kind = KINDS[class_name]
    at = place(canvas.size, pose, rng, reach=kind.reach, bake=float(np.clip(bake + rng.normal(0, 0.03), 0.28, 0.76)))
    solid = kind.draw(at)
    canvas.put(at, solid, thickness=kind.thickness)
    rows, columns = np.nonzero(solid.mask.max(axis=1) > 0.5)[0], np.nonzero(solid.mask.max(axis=0) > 0.5)[0]
    if not len(rows) or not len(columns):
        return 0.0, 0.0, 0.0, 0.0
    return (
        float(at.left + columns[0]),
        float(at.top + rows[0]),
        float(at.left + columns[-1] + 1),
        float(at.top + rows[-1] + 1),
    )


def _strew(canvas: Canvas, rng: np.random.Generator, things: tuple[Thing, ...], chance: float) -> None:
    for thing in things:
        if rng.uniform() < chance:
            thing(canvas, rng)


def _develop(
    picture: Field, rng: np.random.Generator, width_px: int, height_px: int, shot: str = "plain"
) -> Image.Image:
    """Return what the camera makes of a scene: smaller, a little blurred, with grain."""
    taken = Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    taken = taken.resize((width_px, height_px), Image.Resampling.LANCZOS)
    if shot == "blurred":
        taken = taken.filter(ImageFilter.GaussianBlur(rng.uniform(2.5, 5.0)))
    elif rng.uniform() < 0.4:
        taken = taken.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.5) ** 1.3))
    developed = tint(np.asarray(taken, dtype=np.float32) / 255, rng, is_dim=shot == "dim")
    return Image.fromarray((np.clip(developed, 0, 1) * 255).astype(np.uint8))
