"""Label Studio: shapes come back from percents, brushes from their packing; broken results are named."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.formats import label_studio
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.shapes import Box, Ellipse, Keypoints, Mask, Point, Polygon
from tests.formats import drawings
from tests.formats.drawings import image, images, reasons

SHAPES = (
    drawings.boxes | drawings.turned | drawings.polygons | drawings.ellipses | drawings.mask_shapes | drawings.points
)


def result(kind="rectanglelabels", key="r", label="a", size=(64, 48), **value):
    found = {"id": key, "type": kind, "original_width": size[0], "original_height": size[1]}
    return found | {"value": {kind: [label], **value}}


def listing(*results, **data):
    task = {"data": {"image": "1.jpg", **data}, "annotations": [{"result": list(results)}]}
    return label_studio.read(json.dumps([task]).encode())


GOOD = result(x=25, y=50, width=50, height=25)


@given(images(SHAPES, attributes=st.just({})))
def test_round_trip(entries):
    found = label_studio.read("".join(label_studio.write(entries)).encode())
    assert found.faults == []
    for before, after in zip(entries, found.entries, strict=True):
        assert (after.name, after.answer, after.split) == (before.name, "objects", before.split)
        for a, b in zip(before.items, after.items, strict=True):
            assert (a.class_name, type(a.shape)) == (b.class_name, type(b.shape))
            if isinstance(a.shape, Mask):
                assert a.shape == b.shape
            else:
                assert b.shape.bounds() == pytest.approx(a.shape.bounds(), abs=1e-6)
                assert b.shape.area() == pytest.approx(a.shape.area(), abs=1e-3)


def test_other_answers():
    entries = [Entry(name="1", class_name="bun", answer="class"), Entry(name="2"), Entry(name="3", answer="objects")]
    assert label_studio.read("".join(label_studio.write(entries)).encode()).entries == entries
    assert label_studio.read(b"[]").entries == []


def test_a_rectangle_turns_about_its_corner():
    shape = listing(result(x=50, y=50, width=25, height=25, rotation=90)).entries[0].items[0].shape
    assert shape.corners()[:4] == pytest.approx((32, 24, 32, 40))


def test_brushes_that_mix_runs_and_stretches():
    bits = f"{16:032b}{7:05b}{2:04b}{3:04b}{7:04b}{15:04b}"  # four pixels; words of 8 bits; lengths of 3, 4, 8, 16
    bits += "100" + f"{7:03b}" + f"{0:08b}"  # eight times 0
    bits += "001" + f"{7:04b}" + "".join(f"{value:08b}" for value in (9, 9, 9, 255, 9, 9, 9, 0))
    packed = [int(bits[at : at + 8].ljust(8, "0"), 2) for at in range(0, len(bits), 8)]
    shape = listing(result("brushlabels", size=(2, 2), format="rle", rle=packed)).entries[0].items[0].shape
    assert shape == Mask(0, 1, 1, 1, "01")


@given(st.lists(st.integers(0, 255), max_size=40))
def test_any_bytes_in_place_of_a_brush(packed):
    listing(result("brushlabels", size=(2, 2), rle=packed))


def test_large_brushes():
    array = np.zeros((300, 400), bool)
    array[100:250, 30:333] = True
    assert (label_studio._unpack(bytes(label_studio._pack(array)), array.size * 4)[3::4] > 0).sum() == array.sum()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("a/ä b.jpg", "a/ä b.jpg"),
        ("/data/local-files/?d=set%2Fa.jpg", "set/a.jpg"),
        ("https://example.org/x/a%20b.jpg?token=1", "x/a b.jpg"),
        ("s3://bucket/x/a.jpg", "x/a.jpg"),
    ],
)
def test_addresses_of_pictures(address, name):
    assert listing(image=address).entries[0].name == name


def test_regions_of_several_results():
    choice = {"id": "r", "type": "choices", "from_name": "ripe", "value": {"choices": ["yes"]}}
    plain = {**GOOD, "type": "rectangle", "value": {"x": 25, "y": 50, "width": 50, "height": 25}}
    label = {"id": "r", "type": "labels", "value": {"labels": ["b"]}}
    relation = {"type": "relation", "from_id": "r", "to_id": "s"}
    found = listing(plain, label, choice, relation)
    assert found.entries[0].items == (Item(class_name="b", shape=Box(16, 24, 48, 36), attributes={"ripe": "yes"}),)
    assert found.faults == []


def test_the_last_annotation_counts_that_was_not_cancelled():
    annotations = [{"result": [GOOD]}, {"result": []}, {"result": [GOOD, GOOD], "was_cancelled": True}]
    task = {"data": {"picture": "1.jpg"}, "annotations": annotations, "predictions": [{"result": [GOOD]}]}
    (entry,) = label_studio.read(json.dumps(task).encode()).entries
    assert (entry.name, entry.answer, entry.items) == ("1.jpg", "objects", ())
    assert label_studio.read(json.dumps([{**task, "annotations": []}]).encode()).entries[0].answer == "none"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (result(key="s", x=25, y=50, width=0, height=25), "no area"),
        (result(key="s", x="25", y=50, width=1, height=25), "“x”"),
        (result(key="s", x=float("nan"), y=50, width=1, height=25), "“x”"),
        (result(key="s", x=10**400, y=50, width=1, height=25), "“x”"),
        (result(key="s", x=200, y=50, width=1, height=25), "outside"),
        (result(key="s", size=(0, 0), x=2, y=50, width=1, height=25), "original_width"),
        (result("polygonlabels", key="s", points=[[1, 2], [3, 4]]), "needs 3"),
        (result("polygonlabels", key="s", points=[[1, 2], [3]]), "pairs"),
        (result("brushlabels", key="s", rle=[256]), "list of bytes"),
        (result("brushlabels", key="s", rle=[]), "too early"),
        (result("brushlabels", key="s", rle=[255] * 99), "size of its image"),
        (result("brushlabels", key="s", rle=[1], size=(2**20, 2**20)), "at most"),
        (result("videorectangle", key="s"), "not read"),
        ({"id": "s", "type": "rectanglelabels", "value": {"x": 1}}, "original_width"),
        ({**GOOD, "id": "s", "value": {"x": 2, "y": 2, "width": 2, "height": 2}}, "no class"),
        ({"id": "s", "type": "rectanglelabels"}, "“value”"),
        (None, "“value”"),
    ],
)
def test_bad_results_are_named_and_stop_nothing(bad, reason):
    found = listing(GOOD, bad)
    assert found.entries[0].items[0].shape == Box(16, 24, 48, 36)
    (said,) = reasons(found)
    assert said.startswith("task 1, ")
    assert reason in said


@pytest.mark.parametrize("data", [b"", b"x", b"[" * 100_000, b'{"a":' * 100_000, b"5"])
def test_other_files_are_refused(data):
    with pytest.raises(label_studio.NotLabelStudio):
        label_studio.read(data)


def test_tasks_that_are_none_are_told():
    found = label_studio.read(b'[5, {"data": {"image": "1.jpg"}}, {"data": {}}, [[')
    assert [entry.name for entry in found.entries] == ["1.jpg"]
    assert [fault.place for fault in found.faults] == ["task 1", "task 3", "the file"]


def test_what_is_lost_is_counted_and_the_configuration_names_classes():
    rings = Polygon(((0, 0, 9, 0, 9, 9, 0, 9), (2, 2, 4, 2, 4, 4, 2, 4)))
    shapes = [rings, Ellipse(5, 5, 2, 2), Point(1, 1), Keypoints(((1, 1, 2),))]
    assert label_studio.lost([image(*(Item(class_name="a", shape=shape) for shape in shapes))]) == {
        "keypoints": 1,
        "polygons with holes, which become brushes": 1,
    }
    assert """<Label value='"&lt;b&gt;"'/>""" in label_studio.config(['"<b>"'])


def test_the_configuration_offers_what_the_tasks_need():
    used = set()
    entries = [
        image(Item(class_name="a", shape=Ellipse(5, 5, 2, 2))),
        Entry(name="2.jpg", class_name="a", answer="class"),
    ]
    list(label_studio.write(entries, used))
    config = label_studio.config(["a"], used)
    assert "<EllipseLabels" in config
    assert "<Choice value" in config
    assert "KeyPoint" not in config
