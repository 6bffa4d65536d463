"""Objects in JSON Lines, where nothing is lost, and in tables, where boxes are kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.formats import csv_table, jsonl
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.shapes import Box, Point, Polygon
from tests.formats import drawings
from tests.formats.drawings import image, images, reasons

EVERY = st.one_of(
    drawings.boxes,
    drawings.turned,
    drawings.polygons,
    drawings.ellipses,
    drawings.mask_shapes,
    drawings.keypoints,
    drawings.polylines,
    drawings.points,
)


class TestJsonl:
    @given(images(EVERY))
    def test_round_trip(self, entries):
        found = jsonl.read("".join(jsonl.write(entries, task="detection")).encode())
        assert (found.entries, found.faults) == (entries, [])

    def test_everything_else_survives(self):
        item = Item(class_name="a", shape=Point(1, 2), extra={"id": "7", "z": 3, "source": "model"})
        entries = [
            image(item, extra={"revision": 3}),
            Entry(name="2", answer="class", class_name="a", width=4, height=3),
        ]
        assert jsonl.read("".join(jsonl.write(entries)).encode()).entries == entries
        assert jsonl.lost(entries) == {}

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            ("null", "not a JSON object"),
            ('{"shape": {"type": "point", "x": 1, "y": 2}}', "no “class”"),
            ('{"class": "a"}', "“type”"),
            ('{"class": "a", "shape": {"type": "point", "x": 1e400, "y": 2}}', "“x”"),
            ('{"class": "a", "shape": {"type": "point", "x": "1", "y": 2}}', "“x”"),
        ],
    )
    def test_bad_objects_are_named_and_stop_nothing(self, bad, reason):
        good = '{"class": "a", "shape": {"type": "point", "x": 1, "y": 2}}'
        found = jsonl.read(
            f'{{"file_name": "1", "objects": [{good}, {bad}]}}\n{{"file_name": "2", "objects": [{bad}]}}'.encode()
        )
        assert [(e.answer, len(e.items)) for e in found.entries] == [("objects", 1), ("none", 0)]
        assert reasons(found)[0].startswith("line 1, objects[1]: ")
        assert reason in reasons(found)[0]
        assert len(found.faults) == 2

    def test_objects_of_others_are_no_drawing(self):
        line = json.dumps({"file_name": "1", "objects": {"bbox": []}}).encode()
        assert jsonl.read(line).entries == [Entry(name="1", extra={"objects": {"bbox": []}})]


class TestTable:
    @given(images(drawings.boxes, attributes=st.just({})))
    def test_round_trip(self, entries):
        found = csv_table.read("".join(csv_table.write(entries)).encode())
        assert (found.entries, found.faults) == (entries, [])
        assert csv_table.lost(entries) == {}

    def test_all_answers_in_one_table(self):
        entries = [
            image(Item(class_name="=a", shape=Box(1, 2, 3, 4)), name="1"),
            image(name="2"),
            Entry(name="3", answer="not_sure"),
            Entry(name="4", answer="class", class_name="bun"),
            Entry(name="5"),
        ]
        text = "".join(csv_table.write(entries))
        assert ",'=a," in text
        assert csv_table.read(text.encode()).entries == entries

    def test_a_table_as_people_have_it(self):
        head = b"\xef\xbb\xbfFilename;Label;xmin;ymin;xmax;ymax\r\n"
        data = head + b"1.jpg;bun;1;2;3.5;4\r\n1.jpg;roll;5;6;7;8\r\n2.jpg;;;;;\r\n"
        found = csv_table.read(data)
        assert [(e.name, e.answer, len(e.items)) for e in found.entries] == [
            ("1.jpg", "objects", 2),
            ("2.jpg", "none", 0),
        ]
        assert found.entries[0].items[0].shape == Box(1, 2, 3.5, 4)

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            ('bun,"1,5",2,3,4', "point, not a comma"),
            ("bun,nan,2,3,4", "“x1”"),
            ("bun,1,2,1e999,4", "“x2”"),
            ("bun,1,,3,4", "“y1”"),
            ("bun,5,2,3,4", "no area"),
            (",1,2,3,4", "no class"),
        ],
    )
    def test_bad_boxes_are_named_and_stop_nothing(self, bad, reason):
        found = csv_table.read(f"file_name,class,x1,y1,x2,y2\n1.jpg,bun,1,2,3,4\n1.jpg,{bad}\n2.jpg,{bad}\n".encode())
        assert [(e.answer, len(e.items)) for e in found.entries] == [("objects", 1), ("none", 0)]
        assert reasons(found)[0].startswith("line 3: ")
        assert reason in reasons(found)[0]

    def test_other_shapes_become_the_boxes_around_them(self):
        entries = [image(Item(class_name="a", shape=Polygon(((1, 1, 9, 1, 9, 5),)), attributes={"x": 1.0}))]
        (after,) = csv_table.read("".join(csv_table.write(entries)).encode()).entries
        assert after.items[0].shape == Box(1, 1, 9, 5)
        assert csv_table.lost(entries) == {"polygons": 1, "attributes of objects": 1}
