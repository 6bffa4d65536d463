"""The demo bakery: reproducible, complete, varied, with the flaws that it says it has."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from modelyard.demo import CLASSES, Bakery, draw_bakery, draw_order, draw_trays


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Bakery:
    return draw_bakery(tmp_path_factory.mktemp("bakery"), seed=3, per_class=2)


def test_the_same_seed_draws_the_same_bytes_and_another_seed_others() -> None:
    assert draw_order("Croissant", seed=5) == draw_order("Croissant", seed=5)
    assert draw_order("Croissant", seed=5) != draw_order("Croissant", seed=6)


def test_every_class_is_drawn_and_labelled_beside_the_folder(bakery: Bakery) -> None:
    assert set(bakery.labels.values()) == set(CLASSES)
    lines = (bakery.folder / "labels.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "file_name,class"
    assert len(lines) - 1 == len(bakery.labels)


def test_names_do_not_tell_the_class(bakery: Bakery) -> None:
    assert all(path.stem.isdigit() and path.suffix == ".jpg" for path in bakery.files)
    first = [bakery.labels[f"{number:04d}.jpg"] for number in range(1, 2 * len(CLASSES) + 1)]
    assert first != sorted(first)


def test_no_picture_is_flat_or_blown_out(bakery: Bakery) -> None:
    for name in bakery.labels:
        with Image.open(bakery.folder / "pictures" / name) as picture:
            assert picture.size == (320, 320)
            grey = np.asarray(picture.convert("L"), np.float32)
        assert grey.std() > 10, name
        assert 25 < grey.mean() < 240, name


def test_the_flaws_are_what_they_are_said_to_be(bakery: Bakery) -> None:
    copy, near, half, text = sorted(bakery.flaws)
    pictures = bakery.folder / "pictures"
    original = pictures / bakery.flaws[copy].split()[-1]
    assert (pictures / copy).read_bytes() == original.read_bytes()
    assert bakery.labels[near] == bakery.labels[bakery.flaws[near].split()[-1]]
    with pytest.raises(OSError, match="truncated"), Image.open(pictures / half) as picture:
        picture.load()
    assert (pictures / text).read_bytes().isascii()
    assert {half, text}.isdisjoint(bakery.labels)


def test_progress_reaches_the_number_of_pictures(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    draw_bakery(tmp_path, seed=1, per_class=1, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(CLASSES), len(CLASSES))


@pytest.mark.parametrize("class_name", CLASSES)
def test_each_kind_can_be_asked_for(class_name: str) -> None:
    with Image.open(io.BytesIO(draw_order(class_name, seed=11))) as picture:
        assert picture.format == "JPEG"


def test_boxes_of_trays_lie_inside_and_hold_something(tmp_path: Path) -> None:
    files = draw_trays(tmp_path, count=2, seed=4)
    boxes = json.loads((tmp_path / "boxes.json").read_text(encoding="utf-8"))
    assert {box["file"] for box in boxes} == {path.name for path in files}
    for box in boxes:
        left, top, right, bottom = box["xyxy"]
        assert 0 <= left < right <= 480
        assert 0 <= top < bottom <= 360
        assert right - left > 20
        assert bottom - top > 10
        assert box["class"] in CLASSES
