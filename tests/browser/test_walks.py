"""Real pictures are opened, labelled with every tool that applies, saved, reloaded, exported and imported again, equal.

`MODELYARD_SHOTS=FOLDER` keeps a screenshot of every step.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import modelyard
from modelyard.geometry.masks import paste
from modelyard.geometry.shapes import from_json, to_mask
from tests.browser.conftest import Installation
from tests.browser.test_draw import MARGIN, Surface

pytestmark = pytest.mark.slow
HANDFUL = 3
Drawn = dict[str, list[tuple[str, dict[str, Any]]]]


def key_of(image: dict[str, Any]) -> str:
    """Return what no format changes about a name: some have folders, some can only write them into the file's name."""
    return str(image["name"])[-12:]


class Walk(Surface):
    """One person who labels a handful of real pictures."""

    def __init__(self, page: Any, installation: Installation, client: Any, source: Path, task: str) -> None:
        self.client, self.source, self.task = client, source, task
        self.work = client.projects.create(f"Walk {source.name}", task=task)
        self.report = self.work.import_([source])
        super().__init__(page, installation, self.work.id)
        self.images = sorted(self.work.images(), key=lambda image: str(image["name"]))
        self.size = (1, 1)
        self.shots = Path(os.environ.get("MODELYARD_SHOTS", source.parent / "shots"))

    def look_at(self, number: int) -> "Walk":
        """Open one of the pictures."""
        image = self.images[number]
        self.size = (image["width"], image["height"])
        self.open(image["id"])
        return self

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the picture lies on the page while all of it is shown."""
        box = self.page.get_by_test_id("surface").bounding_box()
        (width, height), room = self.size, 2 * MARGIN
        scale = min((box["width"] - room) / width, (box["height"] - room) / height)
        left, top = (box["width"] - width * scale) / 2, (box["height"] - height * scale) / 2
        return box["x"] + left + x * scale, box["y"] + top + y * scale

    def shot(self, name: str) -> None:
        """Keep what the page looks like."""
        self.shots.mkdir(parents=True, exist_ok=True)
        self.pass_frames()
        self.page.screenshot(path=self.shots / f"{self.source.name}-{name}.png")

    def done(self) -> None:
        """Say that every picture is done, as the button does; the last one by its key."""
        for number in range(len(self.images)):
            self.look_at(number)
            self.page.get_by_test_id("done").click()
            path = f"/images/{self.images[number]['id']}/objects"
            self.installation.wait_for(lambda path=path: self.installation.json("GET", path)["answer"] == "objects")

    def drawn(self, work: Any = None) -> Drawn:
        """Return the class and the shape of every object of every picture of a project, by the picture's file name."""
        work = work or self.work
        names = {row["id"]: row["name"] for row in work.classes()}
        found: Drawn = {}
        for image in work.images():
            objects = self.installation.json("GET", f"/images/{image['id']}/objects")["objects"]
            found[key_of(image)] = [(names[row["class_id"]], row["shape"]) for row in objects]
        return found

    def through(self, format_: str) -> Drawn:
        """Export everything in a format, import it into an empty project, and return what is there."""
        folder = self.source.parent / f"{self.source.name}-{format_}"
        self.work.export(folder, format=format_)
        other = self.client.projects.create(f"{self.source.name} from {format_}", task=self.task)
        report = other.import_([folder])
        assert report["refused"] == []
        return self.drawn(other)


@pytest.fixture
def client(installation: Installation) -> Iterator[Any]:
    """Connect to the server as a program does."""
    body = {"name": "walks", "scopes": ["read", "write"]}
    secret = installation.json("POST", "/tokens", json=body)["token"]
    with modelyard.connect(installation.url, token=secret) as opened:
        yield opened


def test_blood_cells_with_every_tool_for_boxes(
    page: Any, installation: Installation, client: Any, shared_data: Path, tmp_path: Path
) -> None:
    source = tmp_path / "bccd"
    for folder in ("JPEGImages", "Annotations"):
        (source / folder).mkdir(parents=True)
        for path in sorted((shared_data / "bccd" / folder).iterdir())[:HANDFUL]:
            shutil.copy(path, source / folder)
    walk = Walk(page, installation, client, source, "detection").look_at(0)
    before = len(walk.drawn()[key_of(walk.images[0])])
    walk.expect(before)
    walk.shot("opened")
    walk.press("r")
    walk.drag((20, 20), (90, 80))
    walk.click(120, 20)
    walk.click(180, 90)
    page.get_by_text("Four outermost points").click()
    for point in [(300, 20), (340, 50), (310, 90), (260, 60)]:
        walk.click(*point)
    walk.press("Shift+R")
    for point in [(400, 100), (460, 130), (440, 170)]:
        walk.click(*point)
    walk.expect(before + 4)
    walk.shot("drawn")
    walk.press("Control+z")
    walk.expect(before + 3)
    walk.press("v")
    walk.click(60, 79)
    walk.press("2", "Shift+ArrowRight", "Control+d")
    walk.expect(before + 4)
    kept = walk.saved()
    walk.look_at(0).expect(before + 4)
    assert walk.saved() == kept
    walk.done()
    walk.shot("saved")
    mine = walk.drawn()
    for format_ in ("coco", "voc", "cvat"):
        assert same_boxes(walk.through(format_), mine), format_


def test_nuclei_with_every_tool_for_outlines(
    page: Any, installation: Installation, client: Any, shared_data: Path, tmp_path: Path
) -> None:
    source = tmp_path / "nuclei"
    (source / "images").mkdir(parents=True)
    said = json.loads((shared_data / "nuclei" / "annotations.json").read_text("utf-8"))
    said["images"] = sorted(said["images"], key=lambda image: str(image["file_name"]))[:HANDFUL]
    ids = {image["id"] for image in said["images"]}
    said["annotations"] = [entry for entry in said["annotations"] if entry["image_id"] in ids]
    (source / "annotations.json").write_text(json.dumps(said), "utf-8")
    for image in said["images"]:
        shutil.copy(shared_data / "nuclei" / "images" / Path(image["file_name"]).name, source / "images")
    walk = Walk(page, installation, client, source, "segmentation").look_at(0)
    assert sum(map(len, walk.drawn().values())) == len(said["annotations"])
    before = len(walk.kept())
    walk.expect(before)
    walk.shot("opened")
    walk.press("p")
    for point in [(10, 10), (90, 10), (90, 90), (10, 90), (10, 10)]:
        walk.click(*point)
    page.keyboard.down("Alt")
    for point in [(30, 30), (60, 30), (60, 60)]:
        walk.click(*point)
    page.keyboard.up("Alt")
    walk.press("Enter", "o")
    walk.drag((120, 10), (180, 50))
    walk.press("Escape", "b")
    walk.drag((20, 200), (120, 220))
    walk.press("e", "[", "[", "[", "[")
    walk.drag((70, 190), (72, 230))
    walk.expect(before + 3)
    walk.shot("drawn")
    kept = walk.saved()
    walk.look_at(0).expect(before + 3)
    assert walk.saved() == kept
    walk.done()
    walk.shot("saved")
    mine = walk.drawn()
    for format_ in ("coco", "datumaro", "label_studio"):
        assert same_areas(walk.through(format_), mine, (256, 256)), format_


def test_ultrasound_with_every_tool_for_areas(
    page: Any, installation: Installation, client: Any, shared_data: Path, tmp_path: Path
) -> None:
    source = tmp_path / "ultrasound"
    for folder in ("images", "masks"):
        (source / folder).mkdir(parents=True)
    for path in sorted((shared_data / "ultrasound" / "images").iterdir())[:HANDFUL]:
        shutil.copy(path, source / "images")
        (mask,) = (shared_data / "ultrasound" / "masks").glob(f"{path.stem}.*")
        shutil.copy(mask, source / "masks")
    walk = Walk(page, installation, client, source, "semantic").look_at(0)
    given = painted(walk.drawn(), walk.images)
    for image in walk.images:
        (mask,) = (source / "masks").glob(f"{Path(image['name']).stem}.*")
        truth = np.asarray(Image.open(mask))
        for class_name, pixels in given[key_of(image)].items():
            assert (pixels == (truth == int(class_name))).all()
    walk.shot("opened")
    walk.press("1", "b")
    walk.drag((60, 60), (200, 60))
    walk.press("2")
    walk.drag((120, 40), (120, 90))
    walk.press("e", "[", "[")
    walk.drag((60, 50), (60, 70))
    walk.press("1", "o")
    walk.drag((300, 60), (380, 110))
    walk.press("p")
    for point in [(420, 60), (480, 60), (450, 120), (420, 60)]:
        walk.click(*point)
    walk.press("g")
    walk.click(500, 480)
    walk.shot("drawn")
    walk.press("Control+z")
    kept = walk.saved()
    walk.look_at(0).expect(len(kept))
    assert walk.saved() == kept
    walk.done()
    walk.shot("saved")
    mine = painted(walk.drawn(), walk.images)
    for format_ in ("masks", "coco", "datumaro"):
        again = painted(walk.through(format_), walk.images)
        assert set(again) == set(mine)
        for name, layers in mine.items():
            assert set(again[name]) == set(layers), format_
            assert all((again[name][key] == pixels).all() for key, pixels in layers.items()), format_


def same_boxes(found: Drawn, wanted: Drawn) -> bool:
    """Say whether the same classes and boxes are there, to the pixel."""

    def plain(drawn: Drawn) -> Any:
        sides = ("x1", "y1", "x2", "y2")
        return {
            name: sorted((class_name, *(round(shape[side]) for side in sides)) for class_name, shape in objects)
            for name, objects in drawn.items()
        }

    return near(plain(found), plain(wanted))


def near(found: Any, wanted: Any) -> bool:
    """Say whether two lists of boxes differ by a pixel at most, which is what formats of whole numbers can say."""
    if found.keys() != wanted.keys():
        return False
    for name, rows in wanted.items():
        left = list(found[name])
        for row in rows:
            match = [item for item in left if item[0] == row[0] and np.abs(np.subtract(item[1:], row[1:])).max() <= 1]
            if not match:
                return False
            left.remove(match[0])
        if left:
            return False
    return True


def same_areas(found: Drawn, wanted: Drawn, size: tuple[int, int]) -> bool:
    """Say whether every object is there again with the same class and all but a few of its pixels."""
    if found.keys() != wanted.keys():
        return False
    for name, objects in wanted.items():
        if len(found[name]) != len(objects):
            return False
        left = [(class_name, pixels_of(shape, size)) for class_name, shape in found[name]]
        for class_name, shape in objects:
            mask = pixels_of(shape, size)
            if max((overlap(mask, other) for key, other in left if key == class_name), default=0) < 0.97:
                return False
    return True


def pixels_of(shape: dict[str, Any], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the pixels of a shape in a picture of this size."""
    return paste(to_mask(from_json(shape), *size), *size)


def overlap(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    """Return intersection over union."""
    return float((a & b).sum() / max(1, (a | b).sum()))


def painted(drawn: Drawn, images: list[dict[str, Any]]) -> dict[str, dict[str, NDArray[np.bool_]]]:
    """Return the pixels of each class of each picture."""
    sizes = {key_of(image): (image["width"], image["height"]) for image in images}
    found: dict[str, dict[str, NDArray[np.bool_]]] = {}
    for name, objects in drawn.items():
        layers = found[name] = {}
        for class_name, shape in objects:
            pixels = pixels_of(shape, sizes[name])
            layers[class_name] = layers.get(class_name, np.zeros_like(pixels)) | pixels
    return found
