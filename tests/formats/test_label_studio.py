"""Label Studio: shapes come back from percents, brushes from their packing; broken results are named."""

import json
from dataclasses import replace
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.formats import label_studio, label_studio_brush
from modelyard.formats.entries import Entry, Item
from modelyard.formats.label_studio_screen import Screen
from modelyard.geometry.shapes import Box, Ellipse, Keypoints, Mask, Point, Polygon, Whole
from tests.formats import drawings
from tests.formats.drawings import image, images, reasons

ARM = {"points": ["shoulder", "el <b> ow", "wrist"], "edges": [[0, 1], [1, 2]], "pairs": [[0, 2]], "layout": []}
CHOICES = {("image", "color"): ["red", "blue"], ("object", "color"): ["red"]}
SHAPES = st.one_of(
    drawings.boxes,
    drawings.turned,
    drawings.polygons,
    drawings.ellipses,
    drawings.mask_shapes,
    drawings.points,
    drawings.polylines,
)


def result(kind="rectanglelabels", key="r", label="a", size=(64, 48), **value):
    found = {"id": key, "type": kind, "original_width": size[0], "original_height": size[1]}
    return found | {"value": {kind: [label], **value}}


def listing(*results, **data):
    task = {"data": {"image": "1.jpg", **data}, "annotations": [{"result": list(results)}]}
    return label_studio.read(json.dumps([task]).encode())


GOOD = result(x=25, y=50, width=50, height=25)


@given(images(SHAPES))
def test_round_trip(entries):
    found = label_studio.read("".join(label_studio.write(entries)).encode())
    assert found.faults == []
    for before, after in zip(entries, found.entries, strict=True):
        assert (after.name, after.answer, after.split) == (before.name, "objects", before.split)
        for a, b in zip(before.items, after.items, strict=True):
            assert (a.class_name, type(a.shape), a.attributes) == (b.class_name, type(b.shape), b.attributes)
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
    packed = bytes(label_studio_brush.pack(array))
    assert (label_studio_brush.unpack(packed, array.size * 4)[3::4] > 0).sum() == array.sum()


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
    shapes = [rings, Ellipse(5, 5, 2, 2), Point(1, 1), Keypoints(((1, 1, 0),)), Keypoints(((1, 1, 2),))]
    assert label_studio.lost([image(*(Item(class_name="a", shape=shape) for shape in shapes))]) == {
        "keypoints of which no point is labelled": 1,
        "polygons with holes, which become brushes": 1,
    }
    assert """<Label value='"&lt;b&gt;"'/>""" in label_studio.config(['"<b>"'])


def test_the_configuration_offers_what_the_tasks_need():
    used = Screen()
    entries = [
        image(Item(class_name="a", shape=Ellipse(5, 5, 2, 2))),
        Entry(name="2.jpg", class_name="a", answer="class"),
    ]
    list(label_studio.write(entries, used))
    config = label_studio.config(["a"], used)
    assert "<EllipseLabels" in config
    assert "<Choice value" in config
    assert "KeyPoint" not in config


class TestSkeletons:
    SHAPES = st.lists(st.tuples(drawings.PLACES, drawings.PLACES, st.sampled_from([1, 2])), min_size=3, max_size=3)

    @given(
        st.lists(st.tuples(SHAPES, st.lists(st.booleans(), min_size=3, max_size=3).filter(any)), min_size=1, max_size=4)
    )
    def test_points_come_back_by_their_names(self, drawn):
        shapes = [
            Keypoints(tuple(point if is_there else (0, 0, 0) for point, is_there in zip(points, there, strict=True)))
            for points, there in drawn
        ]
        entries = [image(*(Item(class_name="arm", shape=shape, attributes={"left": True}) for shape in shapes))]
        found = label_studio.read("".join(label_studio.write(entries, skeletons={"arm": ARM})).encode())
        assert (found.faults, found.classes) == ([], [{"name": "arm", "skeleton": ARM}])
        for before, after in zip(shapes, found.entries[0].items, strict=True):
            assert (after.class_name, after.attributes) == ("arm", {"left": True})
            for a, b in zip(before.points, after.shape.points, strict=True):
                assert b == pytest.approx(a, abs=1e-9)
        assert label_studio.lost(entries) == {}

    def test_as_label_studio_has_them(self):
        body = result(key="body", label="person", x=0, y=0, width=50, height=50)
        points = [
            {**result("keypointlabels", key=f"p{at}", label=name, x=at * 10, y=5, width=1), "parentID": parent}
            for at, (name, parent) in enumerate(
                [("nose", "body"), ("hand", "other"), ("eye", "body"), ("hand", "other")]
            )
        ]
        other = result(key="other", label="person", x=50, y=50, width=50, height=50)
        lone = result("keypointlabels", key="lone", label="button", x=50, y=50, width=1)
        found = listing(*points[:3], body, other, lone)
        assert found.faults == []
        described = {row["name"]: row.get("skeleton", {}).get("points") for row in found.classes}
        assert described == {"person": ["nose", "eye", "hand"], "button": None}
        shapes = [(item.class_name, item.shape) for item in found.entries[0].items]
        assert shapes[0] == ("button", Point(32, 24))
        (name, shape), (_, second) = shapes[1:]
        assert (name, [v for _, _, v in shape.points]) == ("person", [2, 2, 0])
        assert second.points[2] == pytest.approx((6.4, 2.4, 2))
        twice = listing(body, *points, other)
        assert [len(twice.entries[0].items), *reasons(twice)] == [
            1,
            "task 1, region 6: The point “hand” is there twice.",
        ]

    def test_spoiled_descriptions_say_nothing(self):
        for told in (5, {"arm": 5}, {"arm": {"points": [5]}}, {"arm": {"points": ["a", "a"]}}, {"": {"points": ["a"]}}):
            assert all("skeleton" not in row for row in listing(skeletons=told).classes)
        told = {"arm": {"points": ["a", "b"], "edges": [[0, 1], [0, 7], "x"], "layout": [[0, 1], [0, 7]]}}
        assert listing(skeletons=told).classes == [
            {"name": "arm", "skeleton": {"points": ["a", "b"], "edges": [[0, 1]], "pairs": [], "layout": []}}
        ]

    def test_the_screen_offers_the_points(self):
        screen = Screen()
        entries = [image(Item(class_name="arm", shape=Keypoints(((1, 2, 2), (0, 0, 0), (3, 4, 2)))))]
        list(label_studio.write(entries, screen, skeletons={"arm": ARM}))
        config = label_studio.config(["arm"], screen)
        assert '<Label value="el &lt;b&gt; ow" model_index="1"/>' in config
        assert "<RectangleLabels" in config


class TestAttributes:
    @given(images(drawings.boxes), drawings.ATTRIBUTES)
    def test_those_of_images_come_back(self, entries, values):
        entries = [replace(entry, attributes=values) for entry in entries]
        screen = Screen(CHOICES)
        found = label_studio.read("".join(label_studio.write(entries, screen)).encode())
        assert [entry.attributes for entry in found.entries] == [values for _ in entries]
        config = label_studio.config(["a"], screen)
        assert all(f"<Header value={quoteattr(name)}/>" in config for name in values if entries)
        assert label_studio.lost(entries) == {}

    def test_of_one_class_a_picture_too(self):
        entries = [Entry(name="1.jpg", answer="class", class_name="bun", attributes={"tray": 4.0, "is burnt": False})]
        assert label_studio.read("".join(label_studio.write(entries)).encode()).entries == entries

    def test_as_label_studio_exports_them(self):
        found = listing(
            {"id": "a", "type": "choices", "from_name": "image.choice.light", "value": {"choices": ["day"]}},
            {"id": "b", "type": "choices", "from_name": "image.flag.sharp", "value": {"choices": ["no"]}},
            {"id": "c", "type": "number", "from_name": "tray", "value": {"number": 4}},
            {"id": "d", "type": "textarea", "from_name": "image.text.note", "value": {"text": ["one", "two"]}},
            {"id": "e", "type": "rating", "from_name": "quality", "value": {"rating": 3}},
            {"id": "f", "type": "choices", "from_name": "kind", "value": {"choices": ["bun"]}},
        )
        (entry,) = found.entries
        assert (entry.whole_classes, found.faults) == (["bun"], [])
        known = {"light": "day", "sharp": False, "tray": 4.0, "note": "one\ntwo", "quality": 3.0}
        assert entry.attributes == known

    def test_those_of_regions_that_are_not_there_are_told(self):
        found = listing({"id": "a", "type": "choices", "from_name": "object.flag.x", "value": {"choices": ["yes"]}})
        assert (found.classes, len(found.faults)) == ([], 1)

    def test_what_no_annotation_says_is_counted(self):
        entries = [
            Entry(name="1.jpg", answer="not_sure", attributes={"tray": 4.0}),
            image(Item(class_name="a", shape=Whole(), attributes={"sure": True}), name="2.jpg"),
        ]
        assert label_studio.lost(entries) == {
            "answers other than a class or objects": 1,
            "attributes of images": 1,
            "attributes of classes of whole images": 1,
        }


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"vertices": 5}, "list of points"),
        ({"vertices": [{"x": 1, "y": 1}]}, "needs 2"),
        ({"vertices": [{"x": 1, "y": 1}, {"x": 2, "y": 2, "isBezier": True}]}, "curves"),
        ({"vertices": [{"id": "a", "x": 1, "y": 1}, {"id": "b", "x": 2, "y": 2, "prevPointId": "c"}]}, "branches"),
    ],
)
def test_vectors_that_are_no_lines_are_told(more, reason):
    found = listing(result("vectorlabels", **more))
    assert reason in reasons(found)[0]


def test_closed_vectors_are_polygons():
    corners = [{"x": 0, "y": 0}, {"x": 50, "y": 0}, {"x": 50, "y": 50}]
    found = listing(result("vectorlabels", vertices=corners, closed=True))
    assert found.entries[0].items[0].shape == Polygon(((0, 0, 32, 0, 32, 24),))
