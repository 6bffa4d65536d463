"""Claims: labels of every format are read and written in memory that stays nearly flat, whatever number of shapes they
hold.

Run `python bench/readers.py [--objects 20000 100000] [--images 500] [--formats …]`. Each format's own writer makes a
data set of both sizes in a process of its own, from images that are looked up as an export does; another process reads
it, looks at every object once and lets go of it, as an import does. Their peaks hold Python and the libraries as well,
about 60 MB.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from _common import print_table

from modelyard.formats import coco, csv_table, cvat, datumaro, hf_imagefolder, jsonl, label_studio, voc, yolo
from modelyard.formats.entries import Entry, Item, Listing
from modelyard.geometry import masks
from modelyard.geometry.kinds import Box, Keypoints, Polygon, Shape
from modelyard.geometry.shapes import to_mask

WIDTH, HEIGHT, CLASSES = 1280, 960, [f"class {number:02}" for number in range(20)]
FLAT = 1.3  # How much higher may the peak be at five times as many objects?


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, nargs=2, default=[20_000, 100_000])
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--formats", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        print(json.dumps(look_at_all(options.formats[0], options.read, options.images)))
        return
    if options.write:
        print(json.dumps(write_all(options.formats[0], options.write, options.images, options.objects[0])))
        return
    rows = [measure(name, options.images, options.objects) for name in options.formats]
    columns = ("", "objects", "MB of files", "objects/s by CPU", "peak, MB", f"at {options.objects[0]:,}", "ratio")
    columns += ("writing, MB", f"at {options.objects[0]:,}", "ratio")
    print_table(f"Reading and writing labels of {options.images:,} images", columns, rows)
    if risen := [row[0] for row in rows if max(float(row[6]), float(row[9])) > FLAT]:
        raise SystemExit(f"The memory rises with the objects: {', '.join(risen)}.")


def measure(name: str, images: int, objects: Sequence[int]) -> tuple[str, ...]:
    found = []
    for count in objects:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, "--formats", name, "--images", str(images)]
            written = told([*command, "--write", folder, "--objects", str(count), str(count)])
            found.append(told([*command, "--read", folder]) | written)
    few, many = found
    expected = Made(images, objects[1], name).each * images
    if many["objects"] != expected:
        raise SystemExit(f"{name}: {expected:,} objects were written and {many['objects']:,} read.")
    speed, peak = f"{many['objects'] / many['seconds']:,.0f}", many["peak_mb"]
    ratio, ratio_writing = peak / few["peak_mb"], many["writing_mb"] / few["writing_mb"]
    return (
        name,
        f"{expected:,}",
        f"{many['size'] / 1e6:,.0f}",
        speed,
        f"{peak:,.0f}",
        f"{few['peak_mb']:,.0f}",
        f"{ratio:.2f}",
        f"{many['writing_mb']:,.0f}",
        f"{few['writing_mb']:,.0f}",
        f"{ratio_writing:.2f}",
    )


def told(command: Sequence[str]) -> dict[str, float]:
    """Return what another process of this script measured."""
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] = json.loads(answer)
    return found


def write_all(name: str, folder: Path, images: int, objects: int) -> dict[str, float]:
    """Write a data set into a folder."""
    written = KINDS[name].write(Made(images, objects, name))
    size = sum(save(Path(folder, path), pieces) for path, pieces in written)
    return {"size": size, "writing_mb": peak_mb()}


def look_at_all(name: str, folder: Path, images: int) -> dict[str, float]:
    """Read what is in a folder and look at each object once."""
    started = time.process_time()
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    listing = KINDS[name].read(files, images)
    if listing.faults:
        raise SystemExit(f"{name}: {listing.faults[0].where}: {listing.faults[0].reason}")
    objects = sum(item.shape.bounds()[2] >= 0 for entry in listing.entries for item in entry.items)
    return {"objects": objects, "seconds": time.process_time() - started, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """Return the most memory of this process; what `getrusage` says would hold the parent's as well."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def save(path: Path, pieces: Iterable[str]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        return sum(file.write(piece) for piece in pieces)


# --- What is drawn ---


class Made(Sequence[Entry]):
    """Images with objects that are made whenever somebody looks at them."""

    def __init__(self, images: int, objects: int, kind: str) -> None:
        self._places, self.each, self._kind = list(range(images)), objects // images, kind
        self._mask = to_mask(polygon(random.Random(0), 400, 300), WIDTH, HEIGHT)

    def __len__(self) -> int:
        return len(self._places)

    @property
    def heads(self) -> list[Entry]:
        """The images without their objects."""
        return [self._head(place) for place in self._places]

    def where(self, condition: Callable[[Entry], bool]) -> "Made":
        """Return those whose head fulfils a condition."""
        found = copy(self)
        found._places = [place for place in self._places if condition(self._head(place))]
        return found

    def __getitem__(self, at: int) -> Entry:  # type: ignore[override]
        place = self._places[at]
        chance = random.Random(place)
        items = [Item(class_name=chance.choice(CLASSES), shape=self._shape(chance)) for _ in range(self.each)]
        return replace(self._head(place), items=items)

    def _head(self, place: int) -> Entry:
        split = "train" if KINDS[self._kind].has_splits else None
        size = {"width": WIDTH, "height": HEIGHT}
        return Entry(name=f"{place:06}.jpg", answer="objects", split=split, **size)

    def _shape(self, chance: random.Random) -> Shape:
        x, y = chance.uniform(60, WIDTH - 60), chance.uniform(60, HEIGHT - 60)
        match KINDS[self._kind].shape:
            case "box":
                return Box(x, y, x + chance.uniform(4, 50), y + chance.uniform(4, 50))
            case "mask":
                return masks.reframe(self._mask, (self._mask.x, self._mask.y, self._mask.width, self._mask.height))
            case "keypoints":
                shifts = [(chance.uniform(-50, 50), chance.uniform(-50, 50)) for _ in range(17)]
                return Keypoints(tuple((x + right, y + down, 2) for right, down in shifts))
            case _:
                return polygon(chance, x, y)


def polygon(chance: random.Random, x: float, y: float) -> Polygon:
    """Return a ring of 20 points."""
    angles = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    radii = np.array([chance.uniform(10, 50) for _ in angles])
    points = np.stack([x + radii * np.cos(angles), y + radii * np.sin(angles)], axis=1)
    return Polygon((tuple(points.ravel().tolist()),))


# --- The formats ---


def one(name: str, pieces: Iterable[str]) -> Iterator[tuple[str, Iterable[str]]]:
    yield name, pieces


def sizes(entries: Iterable[str]) -> dict[str, tuple[int, int]]:
    return dict.fromkeys(entries, (WIDTH, HEIGHT))


class Kind(NamedTuple):
    """How a format is written, and read again."""

    write: Callable[[Made], Iterable[tuple[str, Iterable[str]]]]
    read: Callable[[dict[str, Path], int], Listing]
    shape: str = "polygon"
    has_splits: bool = False


def coco_kind(shape: str) -> Kind:
    return Kind(
        lambda entries: one("all.json", coco.write(entries, CLASSES)),
        lambda files, images: coco.read(files["all.json"]),
        shape,
    )


KINDS = {
    "COCO boxes": coco_kind("box"),
    "COCO polygons": coco_kind("polygon"),
    "COCO RLE": coco_kind("mask"),
    "COCO keypoints": coco_kind("keypoints"),
    "CSV": Kind(
        lambda entries: one("all.csv", csv_table.write(entries)),
        lambda files, images: csv_table.read(files["all.csv"]),
        "box",
    ),
    "JSONL": Kind(
        lambda entries: one("all.jsonl", jsonl.write(entries)),
        lambda files, images: jsonl.read(files["all.jsonl"]),
    ),
    "CVAT": Kind(
        lambda entries: one("all.xml", cvat.write(entries, CLASSES)),
        lambda files, images: cvat.read(files["all.xml"]),
    ),
    "Label Studio": Kind(
        lambda entries: one("all.json", label_studio.write(entries)),
        lambda files, images: label_studio.read(files["all.json"]),
    ),
    "Datumaro": Kind(
        lambda entries: datumaro.write(entries, CLASSES),
        lambda files, images: datumaro.read(files),
    ),
    "Hugging Face": Kind(hf_imagefolder.write, lambda files, images: hf_imagefolder.read(files), "box"),
    "YOLO": Kind(
        lambda entries: yolo.write(entries, CLASSES, kind="segment"),
        lambda files, images: yolo.read(files, sizes=sizes(f"images/train/{at:06}.jpg" for at in range(images))),
        has_splits=True,
    ),
    "Pascal VOC": Kind(voc.write, lambda files, images: voc.read(files), "box"),
}


if __name__ == "__main__":
    main()
