"""Masks as pictures: a mask for each class comes back; real ultrasound; other pictures are named."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from modelyard.formats import mask_png
from modelyard.formats.entries import Entry, Item
from modelyard.geometry import masks
from modelyard.geometry.shapes import Box, Point
from tests.formats import drawings
from tests.formats.drawings import image, images, on_disk, reasons


def png(array, mode=None):
    out = BytesIO()
    picture = Image.fromarray(array)
    (picture.convert(mode) if mode else picture).save(out, "PNG")
    return out.getvalue()


@given(images(drawings.mask_shapes, attributes=st.just({}), splits=st.none()))
def test_what_is_seen_comes_back(entries):
    with on_disk(mask_png.write(entries, ["7"])) as files:
        found = mask_png.read(files)
    by_key = {entry.name: entry for entry in found.entries}
    assert found.faults == []
    for entry, place in zip(entries, mask_png.places(entries), strict=True):
        after = by_key[place.removeprefix("images/").rsplit(".", 1)[0] + ".png"]
        assert (after.answer, after.width, after.height) == ("objects", 64, 64)
        canvas = np.full((64, 64), "", object)
        for item in entry.items:
            canvas[masks.paste(item.shape, 64, 64)] = item.class_name
        seen = {item.class_name: masks.paste(item.shape, 64, 64) for item in after.items}
        assert set(seen) == set(np.unique(canvas)) - {""}
        assert all(
            (canvas == name)[pixels].all() and (canvas == name).sum() == pixels.sum() for name, pixels in seen.items()
        )


def test_values_colors_and_what_is_not_there():
    grey = np.array([[0, 1], [2, 255]], np.uint8)
    color = np.array([[[0, 0, 0], [128, 0, 0]], [[1, 1, 1], [128, 0, 0]]], np.uint8)
    written = [("masks/1.png", [png(grey)]), ("images/1.jpg", [b""]), ("images/2.jpg", [b""])]
    with on_disk(written) as files:
        found = mask_png.read(files, class_names={1: "nerve"})
    assert [(e.name, e.answer, [i.class_name for i in e.items]) for e in found.entries] == [
        ("images/1.jpg", "objects", ["nerve", "2"]),
        ("images/2.jpg", "none", []),
    ]
    with on_disk([("SegmentationClass/1.png", [png(color)]), ("labelmap.txt", ["a:b:128,0,0::\nbad\n"])]) as files:
        found = mask_png.read(files)
    assert [(item.class_name, item.shape.area()) for item in found.entries[0].items] == [("a:b", 2)]
    assert reasons(found) == ["labelmap.txt, line 2: The line is not “name:red,green,blue::”."]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cannot be opened"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "cannot be opened"),
        (png(np.ones((2, 2), np.uint8))[:-30], "cannot be opened"),
        (png(np.zeros((2, 2, 3), np.uint8)), "labelmap.txt"),
        (png(np.arange(400, dtype=np.uint16).reshape(20, 20)), "400 values"),
        (png(np.zeros((2, 2), np.uint8), "LA"), "“LA”"),
    ],
)
def test_bad_masks_are_named_and_stop_nothing(data, reason):
    with on_disk([("masks/1.png", [data]), ("masks/2.png", [png(np.ones((2, 2), np.uint8))])]) as files:
        found = mask_png.read(files)
    assert [(e.answer, len(e.items)) for e in found.entries] == [("none", 0), ("objects", 1)]
    (said,) = reasons(found)
    assert said.startswith("masks/1.png: ")
    assert reason in said


def test_what_is_lost_is_counted():
    items = [Item(class_name="a", shape=shape) for shape in (Box(0, 0, 5, 5), Box(2, 2, 8, 8), Point(1, 1))]
    assert mask_png.lost([image(*items), Entry(name="2", answer="objects")]) == {
        "boxes": 2,
        "points": 1,
        "objects that become one with others of their class": 2,
        "images of unknown size": 1,
    }
    with pytest.raises(mask_png.TooManyClasses):
        list(mask_png.write([], [str(at) for at in range(255)]))


def test_the_ultrasound(shared_data):
    folder = shared_data / "ultrasound"
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.*")}
    found = mask_png.read(files, class_names={1: "nerve", 2: "vessel"})
    assert (len(found.entries), found.faults) == (100, [])
    assert {item.class_name for entry in found.entries for item in entry.items} == {"nerve", "vessel"}
    entry = found.entries[0]
    key = entry.name.removeprefix("images/").rsplit(".", 1)[0]
    pixels = np.asarray(Image.open(folder / f"masks/{key}.png"))
    assert sum(item.shape.area() for item in entry.items) == (pixels > 0).sum()
