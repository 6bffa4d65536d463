"""Datumaro: every shape comes back in its split; broken annotations and files are named."""

import json

import pytest
from hypothesis import given

from modelyard.formats import datumaro
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.shapes import Box, Ellipse, Polygon
from tests.formats import drawings
from tests.formats.drawings import image, images, on_disk, reasons

SHAPES = (
    drawings.boxes
    | drawings.turned
    | drawings.polygons
    | drawings.ellipses
    | drawings.mask_shapes
    | drawings.keypoints
    | drawings.polylines
    | drawings.points
)
GOOD = {"type": "bbox", "label_id": 0, "bbox": [1, 2, 3, 4]}


def listing(*annotations, **more):
    found = {"categories": {"label": {"labels": [{"name": "a"}]}}}
    found |= {"items": [{"id": "1", "image": {"path": "1.jpg", "size": [48, 64]}, "annotations": list(annotations)}]}
    with on_disk([("annotations/train.json", [json.dumps(found | more)])]) as files:
        return datumaro.read(files)


@given(images(SHAPES))
def test_round_trip(entries):
    with on_disk(datumaro.write(entries, ["7"])) as files:
        found = datumaro.read(files)
    assert found.faults == []
    for before in entries:
        after = next(entry for entry in found.entries if entry.name == before.name)
        assert (after.answer, after.split, after.width) == ("objects", before.split, 64)
        for a, b in zip(before.items, after.items, strict=True):
            assert (a.class_name, dict(a.attributes), type(a.shape)) == (
                b.class_name,
                dict(b.attributes),
                type(b.shape),
            )
            assert b.shape.bounds() == pytest.approx(a.shape.bounds(), abs=1e-9)


def test_other_answers_and_what_is_lost():
    hole = Polygon(((0, 0, 9, 0, 9, 9, 0, 9), (2, 2, 4, 2, 4, 4, 2, 4)))
    entries = [
        Entry(name="1", class_name="bun", answer="class", split="val"),
        Entry(name="2"),
        image(Item(class_name="a", shape=hole), Item(class_name="a", shape=Ellipse(9, 9, 3, 2, 30)), name="3"),
    ]
    with on_disk(datumaro.write(entries)) as files:
        found = {entry.name: entry for entry in datumaro.read(files).entries}
    assert found["1"] == entries[0]
    assert found["3"].items[0].shape.area() == 77
    assert datumaro.lost(entries) == {
        "polygons with holes, which become masks": 1,
        "turned ellipses, which become polygons": 1,
        "images without an answer, which are left out": 1,
    }


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({**GOOD, "bbox": [1, 2, 0, 4]}, "no area"),
        ({**GOOD, "bbox": [1, 2, float("nan"), 4]}, "“bbox”"),
        ({**GOOD, "bbox": [1, 2, 3]}, "4 numbers"),
        ({**GOOD, "label_id": 1}, "no class"),
        ({**GOOD, "label_id": None}, "no class"),
        ({**GOOD, "type": "cuboid_3d"}, "not known"),
        ({**GOOD, "type": "mask"}, "“rle”"),
        ({**GOOD, "type": "mask", "rle": {"size": [48, 64], "counts": "1"}}, "do not fill"),
        ({**GOOD, "type": "points", "points": [1, 2, 3]}, "odd number"),
        ({**GOOD, "type": "points", "points": [1, 2, 3, 4], "visibility": [1]}, "visibility"),
        ({**GOOD, "type": "polygon", "points": [1, 2, 3, 4]}, "needs 3"),
        ({**GOOD, "type": "label", "label_id": 9}, "no name"),
        (None, "not known"),
    ],
)
def test_bad_annotations_are_named_and_stop_nothing(bad, reason):
    found = listing(GOOD, bad)
    assert found.entries[0].items[0].shape == Box(1, 2, 4, 6)
    (said,) = reasons(found)
    assert said.startswith("annotations/train.json, items[0], annotations[1]: ")
    assert reason in said


def test_broken_files_are_named():
    written = [("annotations/a.json", ["[" * 100_000]), ("annotations/b.json", ['{"items": [5, {"id": "1"}, {'])]
    with on_disk(written) as files:
        found = datumaro.read(files)
    assert [(entry.name, entry.answer) for entry in found.entries] == [("1", "objects")]
    assert [fault.place for fault in found.faults] == [
        "annotations/a.json",
        "annotations/b.json, items[0]",
        "annotations/b.json",
    ]
