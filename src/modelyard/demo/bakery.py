"""Draws the bakery's folder: pictures without names that tell, their labels beside it, and a few deliberate flaws."""

import csv
import io
import json
import multiprocessing
import os
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from modelyard.demo.pastries import KINDS
from modelyard.demo.scenes import draw_photograph, draw_tray

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Bakery:
    """What was drawn: all files of the raw folder, the class of each good one, and what is wrong with the others."""

    folder: Path
    files: list[Path]
    labels: dict[str, str]
    flaws: dict[str, str]


def draw_bakery(folder: Path, *, seed: int = 7, per_class: int = 55, progress: Progress | None = None) -> Bakery:
    """Draw `folder`/pictures and `folder`/labels.csv; the same seed draws the same bytes.

    Args:
        folder: Where to draw; made if it is not there.
        seed: Another seed draws other pictures.
        per_class: Pictures of each kind of pastry.
        progress: Told how many pictures are drawn, of how many.
    """
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    classes = [name for name in KINDS for _ in range(per_class)]
    order = np.random.default_rng(seed).permutation(len(classes))
    orders = [(seed, int(number), classes[number]) for number in order]
    labels: dict[str, str] = {}
    for place, data in enumerate(_drawn(orders)):
        name = f"{place + 1:04d}.jpg"
        (pictures / name).write_bytes(data)
        labels[name] = orders[place][2]
        if progress:
            progress(place + 1, len(orders))
    flaws = _spoil(pictures, labels)
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table)
        writer.writerow(["file_name", "class"])
        writer.writerows(sorted(labels.items()))
    return Bakery(folder, sorted(pictures.iterdir()), labels, flaws)


def draw_trays(folder: Path, count: int = 24, seed: int = 7) -> list[Path]:
    """Draw trays of several pastries, with `folder`/boxes.json: file, class and `xyxy` in pixels of each."""
    folder.mkdir(parents=True, exist_ok=True)
    files, boxes = [], []
    for number in range(count):
        picture, found = draw_tray(np.random.default_rng([seed, 1, number]))
        path = folder / f"tray_{number + 1:03d}.jpg"
        path.write_bytes(_packed(picture, 90))
        files.append(path)
        boxes += [
            {"file": path.name, "class": box.class_name, "xyxy": [round(edge, 1) for edge in box.xyxy]} for box in found
        ]
    (folder / "boxes.json").write_text(json.dumps(boxes, indent=1), encoding="utf-8")
    return files


def draw_order(class_name: str, seed: int) -> bytes:
    """Return one new picture of a class as a JPEG, such as a customer would send."""
    return _draw((seed, 0, class_name))


def _drawn(orders: list[tuple[int, int, str]]) -> Iterator[bytes]:
    """Yield the pictures in order, drawn on all cores; a few are drawn at once, where starting helpers would cost."""
    if len(orders) < 60:
        yield from map(_draw, orders)
        return
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_draw, orders, chunksize=8)


def _draw(order: tuple[int, int, str]) -> bytes:
    """Draw one picture; everything in it follows from the seed, its number and its class."""
    seed, number, class_name = order
    rng = np.random.default_rng([seed, number, zlib.crc32(class_name.encode())])
    return _packed(draw_photograph(class_name, rng), int(rng.integers(80, 95)))


def _packed(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _spoil(pictures: Path, labels: dict[str, str]) -> dict[str, str]:
    """Add what every real folder holds: a copy, a near copy, half a file, and something that is no picture."""
    names = sorted(labels)
    number = len(names)
    copied, nearly, halved = (pictures / names[place % number] for place in (3, 10, 17))
    flaws: dict[str, str] = {}

    def add(data: bytes, flaw: str) -> str:
        name = f"{number + len(flaws) + 1:04d}.jpg"
        (pictures / name).write_bytes(data)
        flaws[name] = flaw
        return name

    copy = add(copied.read_bytes(), f"copy of {copied.name}")
    labels[copy] = labels[copied.name]
    with Image.open(nearly) as picture:
        width, height = picture.size
        near = picture.crop((4, 4, width - 2, height - 2)).resize((width, height), Image.Resampling.LANCZOS)
    twin = add(_packed(near, 78), f"nearly the same as {nearly.name}")
    labels[twin] = labels[nearly.name]
    whole = halved.read_bytes()
    add(whole[: len(whole) // 2], f"the first half of {halved.name}")
    add(b"Order for Saturday: 40 pretzels, 25 croissants, 12 tarts.\n", "text, not a picture")
    return flaws
