"""Pascal VOC: boxes and splits come back; the real blood cells; bombs and broken files are named."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given

from modelyard.formats import voc
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.shapes import Box, Ellipse
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
