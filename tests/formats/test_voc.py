"""Pascal VOC: boxes and splits come back; the real blood cells; bombs and broken files are named."""

from collections import Counter
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from PIL import Image

from modelyard.formats import voc
from modelyard.formats.entries import Entry, Item
from modelyard.formats.palettes import color
from modelyard.geometry import masks
from modelyard.geometry.shapes import Box, Ellipse, Mask, to_mask
from tests.formats import drawings
from tests.formats.drawings import image, images, on_disk, reasons

XML = """<annotation><filename>1.jpg</filename><size><width>64</width><height>48</height></size>{}</annotation>"""
OBJECT = "<object><name>cell</name><bndbox><xmin>{}</xmin><ymin>2</ymin><xmax>10</xmax><ymax>8</ymax></bndbox></object>"


def listing(*objects, **more):
    with on_disk([("Annotations/1.xml", [XML.format("".join(objects))])]) as files:
        return voc.read(files, **more)


class TestRoundTrip:
    @given(images(drawings.boxes))
    def test_boxes_attributes_and_splits(self, entries):
        with on_disk(voc.write(entries)) as files:
            found = voc.read(files)
        assert found.faults == []
        assert sorted(found.entries, key=lambda e: e.name) == sorted(entries, key=lambda e: e.name)

    @given(images(drawings.boxes))
    def test_counting_from_one(self, entries):
        with on_disk(voc.write(entries, is_one_based=True)) as files:
            assert len(voc.read(files, is_one_based=True).entries) == len(entries)

    def test_an_image_without_a_file_is_not_empty(self):
        with on_disk(voc.write([Entry(name="1.jpg", split="val"), image(name="a/2.jpg")])) as files:
            files |= {"JPEGImages/1.jpg": Path(), "JPEGImages/a/2.jpg": Path()}
            found = voc.read(files)
        assert [(e.name, e.answer, e.split) for e in found.entries] == [
            ("JPEGImages/a/2.jpg", "objects", None),
            ("JPEGImages/1.jpg", "none", "val"),
        ]

    def test_what_is_lost_is_counted(self):
        found = image(Item(class_name="a", shape=Ellipse(9, 9, 2, 3, 5)))
        assert voc.lost([found]) == {"ellipses": 1, "rotation of boxes and ellipses": 1}


class TestMasks:
    @given(images(drawings.mask_shapes | drawings.polygons, most=2))
    def test_what_is_on_top_comes_back(self, entries):
        wanted = {entry.name.rsplit(".", 1)[0]: painted(entry) for entry in entries}
        with on_disk(voc.write(entries, ["7"], kind="masks")) as files:
            found = voc.read(files, kind="masks")
        assert found.faults == []
        assert {
            entry.name.rsplit(".", 1)[0]: [(i.class_name, i.shape) for i in entry.items] for entry in found.entries
        } == wanted
        assert {e.name.rsplit(".", 1)[0]: (e.answer, e.split) for e in found.entries} == {
            e.name.rsplit(".", 1)[0]: ("objects", e.split) for e in entries
        }

    def test_more_objects_than_a_palette_has(self):
        shapes = [Mask(at % 64, at // 64, 1, 1, "01") for at in range(300)]
        entry = image(*(Item(class_name="a", shape=shape) for shape in shapes))
        with on_disk(voc.write([entry], kind="masks")) as files:
            found = voc.read(files, kind="masks").entries[0]
        assert [item.shape for item in found.items] == shapes

    @pytest.mark.parametrize("is_colored", [False, True])
    def test_classes_of_others(self, is_colored):
        values = np.zeros((48, 64), np.uint8)
        values[2:5, 3:9] = 15
        values[2:5, 9] = 255
        picture = Image.fromarray(values).convert("P")
        picture.putpalette([part for at in range(256) for part in color(at)])
        out = BytesIO()
        (picture.convert("RGB") if is_colored else picture).save(out, "PNG")
        with on_disk([("VOC/SegmentationClass/1.png", [out.getvalue()]), ("VOC/JPEGImages/1.jpg", [""])]) as files:
            (item,) = voc.read(files).entries[0].items
        assert (item.class_name, item.shape.area()) == ("person", 18)

    def test_pictures_that_do_not_fit_are_named(self):
        one, other = (BytesIO() for _ in range(2))
        Image.new("L", (4, 4)).save(one, "PNG")
        Image.new("L", (5, 4)).save(other, "PNG")
        files = [("SegmentationClass/1.png", [one.getvalue()]), ("SegmentationObject/1.png", [other.getvalue()])]
        with on_disk([*files, ("SegmentationClass/2.png", [b"x"])]) as found:
            listing = voc.read(found)
        assert [said.split(": ")[0] for said in reasons(listing)] == [
            "SegmentationObject/1.png",
            "SegmentationClass/2.png",
        ]
        assert [entry.answer for entry in listing.entries] == ["none", "none"]


def painted(entry):
    """The objects of an image that are still to be seen where the later lies on the earlier."""
    canvas = np.zeros((entry.height, entry.width), int)
    for at, item in enumerate(entry.items, start=1):
        canvas[masks.paste(to_mask(item.shape, entry.width, entry.height), entry.width, entry.height)] = at
    return [(entry.items[at - 1].class_name, masks.from_array(canvas == at)) for at in np.unique(canvas).tolist() if at]


class TestRead:
    def test_counting_from_one_includes_the_last_pixel(self):
        assert listing(OBJECT.format(1)).entries[0].items[0].shape == Box(1, 2, 10, 8)
        assert listing(OBJECT.format(1), is_one_based=True).entries[0].items[0].shape == Box(0, 1, 10, 8)

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (OBJECT.format("1,5"), "point, not a comma"),
            (OBJECT.format("nan"), "finite"),
            (OBJECT.format("1e400"), "finite"),
            (OBJECT.format("1_0"), "no number"),
            (OBJECT.format(""), "no number"),
            (OBJECT.format("10"), "no area"),
            (OBJECT.format("12"), "no area"),
            (OBJECT.format("-20"), "was cut"),
            (OBJECT.format("5").replace("10", "9" * 5000), "finite"),
            ("<object><name>cell</name></object>", "bndbox"),
            (OBJECT.format("1").replace("cell", " "), "no class"),
        ],
    )
    def test_bad_boxes_are_named_and_stop_nothing(self, bad, reason):
        found = listing(OBJECT.format(1), bad)
        assert found.entries[0].items[0].shape == Box(1, 2, 10, 8)
        (said,) = reasons(found)
        assert said.startswith("Annotations/1.xml, object 2: ")
        assert reason in said

    @pytest.mark.parametrize(
        "bad",
        [
            '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><annotation>&c;</annotation>',
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><annotation>&b;</annotation>',
            '<!DOCTYPE a SYSTEM "http://127.0.0.1/x"><annotation/>',
            '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1/x">%b;]><annotation/>',
            "<annotation>",
            "",
            "<other/>",
            '<?xml version="1.0" encoding="nonsense"?><annotation/>',
        ],
    )
    def test_files_that_could_do_harm_are_named_and_stop_nothing(self, bad):
        with on_disk(
            [("1.xml", [bad]), ("2.xml", ["\ufeff" + XML.format(OBJECT.format(1)).replace(">", ">\r\n")])]
        ) as files:
            found = voc.read(files)
        assert [len(entry.items) for entry in found.entries] == [1]
        assert [fault.place for fault in found.faults] == ["1.xml"]

    def test_a_very_deep_file(self):
        with on_disk([("1.xml", ["<annotation>" + "<a>" * 100_000 + "</a>" * 100_000 + "</annotation>"])]) as files:
            assert voc.read(files).entries[0].items == ()


def test_the_blood_cells(shared_data):
    folder = shared_data / "bccd"
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*.*")}
    found = voc.read(files)
    counts = Counter(item.class_name for entry in found.entries for item in entry.items)
    assert counts == {"RBC": 4155 - 2, "WBC": 372, "Platelets": 361}
    assert [fault.place for fault in found.faults] == [
        "Annotations/BloodImage_00338.xml, object 13",
        "Annotations/BloodImage_00343.xml, object 4",
    ]
    assert Counter(entry.split for entry in found.entries) == {"train": 205, "val": 87, "test": 72}
    assert all((entry.width, entry.height) == (640, 480) for entry in found.entries)
