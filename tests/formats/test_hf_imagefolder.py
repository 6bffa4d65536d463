"""Hugging Face's image folder: boxes and classes come back in their splits; broken lines are named."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.formats import hf_imagefolder
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.shapes import Box, Polygon
from tests.formats import drawings
from tests.formats.drawings import image, images, on_disk, reasons

GOOD = {"file_name": "1.jpg", "objects": {"bbox": [[1, 2, 3, 4]], "categories": ["a"]}}


def listing(*rows, **more):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    with on_disk([("train/metadata.jsonl", ["\ufeff" + "\r\n".join(lines)])]) as files:
        return hf_imagefolder.read(files, **more)


@given(images(drawings.boxes, attributes=st.just({})))
def test_round_trip(entries):
    with on_disk(hf_imagefolder.write(entries)) as files:
        found = hf_imagefolder.read(files)
    by_name = {entry.name: entry for entry in found.entries}
    assert found.faults == []
    for before, place in zip(entries, hf_imagefolder.places(entries), strict=True):
        after = by_name[place]
        assert (after.answer, after.split, after.items) == (before.answer, before.split, before.items)


def test_other_answers_and_what_is_lost():
    shape = Polygon(((0, 0, 9, 0, 9, 9),))
    entries = [
        Entry(name="1", class_name="a", answer="class"),
        Entry(name="2"),
        image(Item(class_name="a", shape=shape)),
    ]
    with on_disk(hf_imagefolder.write(entries)) as files:
        found = hf_imagefolder.read(files).entries
    assert found[:2] == entries[:2]
    assert found[2].items[0].shape == Box(0, 0, 9, 9)
    assert hf_imagefolder.lost(entries) == {"polygons": 1}


def test_numbers_of_categories():
    rows = [
        {"file_name": "1.jpg", "objects": {"bbox": [[1, 2, 3, 4]], "category": [1]}},
        {"file_name": "2.jpg", "label": 0},
    ]
    found = listing(*rows, class_names=["x", "y"])
    assert [(e.class_name, [i.class_name for i in e.items]) for e in found.entries] == [(None, ["y"]), ("x", [])]
    assert {e.split for e in found.entries} == {"train"}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "JSON"),
        ("[" * 100_000, "JSON"),
        ("[]", "file_name"),
        ('{"file_name": 5}', "file_name"),
        ({"file_name": "2.jpg", "objects": {"bbox": [[1, 2, 3, 4]], "categories": []}}, "one length"),
        ({"file_name": "2.jpg", "objects": {"bbox": [[1, 2, 3, 4]]}}, "one length"),
        ({"file_name": "2.jpg", "objects": {"bbox": [[1, 2, -3, 4]], "categories": [1]}}, "no area"),
        ({"file_name": "2.jpg", "objects": {"bbox": [[1, 2, 10**400, 4]], "categories": [1]}}, "finite"),
        ({"file_name": "2.jpg", "objects": {"bbox": [[1, 2, 3, 4]], "categories": [None]}}, "no class"),
        ({"file_name": "2.jpg", "objects": {"bbox": [[1, 2, 3, 4]], "categories": [10**400]}}, "no class"),
        ({"file_name": "2.jpg", "objects": {"bbox": ["1234"], "categories": [1]}}, "four numbers"),
    ],
)
def test_bad_lines_are_named_and_stop_nothing(bad, reason):
    found = listing(GOOD, bad)
    assert found.entries[0].items[0].shape == Box(1, 2, 4, 6)
    assert all(entry.answer == "none" for entry in found.entries[1:])
    (said,) = reasons(found)
    assert said.startswith("train/metadata.jsonl, line 2")
    assert reason in said


def test_a_table_beside_the_pictures_and_objects_one_by_one():
    table = 'file_name,label,objects\n1.jpg,bun,\n2.jpg,,"{""bbox"": [[1, 2, 3, 4]], ""categories"": [""bun""]}"\n'
    lines = '{"file_name": "3.jpg", "objects": [{"bbox": [1, 2, 3, 4], "category": "roll"}]}\n'
    lines += '{"file_name": "4.jpg", "objects": []}\n'
    spoiled = table + "3.jpg,,{'bbox'\n,x,\n" + "y" * 200_000 + "\n"
    with on_disk([("train/metadata.csv", [spoiled]), ("test/metadata.jsonl", [lines])]) as files:
        found = hf_imagefolder.read(files)
    assert {e.name: (e.split, e.class_name, [i.class_name for i in e.items], e.answer) for e in found.entries} == {
        "train/1.jpg": ("train", "bun", [], "class"),
        "train/2.jpg": ("train", None, ["bun"], "objects"),
        "test/3.jpg": ("test", None, ["roll"], "objects"),
        "test/4.jpg": ("test", None, [], "objects"),
    }
    assert [fault.where for fault in found.faults] == ["train/metadata.csv, line 4", "train/metadata.csv, line 5"]
