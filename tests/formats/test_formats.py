"""Every format reads what it writes, and takes what people really have."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.formats import coco, csv_table, folders, jsonl
from modelyard.formats.entries import Entry, match_names, to_class_name

NAMES = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() == text and text.isprintable())
CLASSES = st.text(min_size=1, max_size=30).map(to_class_name).filter(lambda name: name is not None)


def entry(name: str, class_name: str | None, split: str | None) -> Entry:
    return Entry(name=name, class_name=class_name, answer="class" if class_name else "none", split=split)


ENTRIES = st.lists(
    st.builds(entry, NAMES, st.none() | CLASSES, st.sampled_from([None, "train", "val", "test"])), max_size=5
)


class TestFolders:
    def test_folder_is_the_class_and_split_stands_above(self):
        found = folders.read(["set/train/fruit/apple/1.jpg", "set/test/fruit/pear/2.jpg"])
        assert [(e.split, e.class_name) for e in found] == [("train", "apple"), ("test", "pear")]

    def test_a_picture_right_below_its_split_has_no_class(self):
        found = folders.read(["train/1.jpg", "val/2.jpg"])
        assert [(e.split, e.class_name) for e in found] == [("train", None), ("val", None)]

    def test_one_folder_is_no_class_unless_asked(self):
        names = ["holiday/1.jpg", "holiday/2.jpg"]
        assert {e.class_name for e in folders.read(names, is_asked=False)} == {None}
        assert {e.class_name for e in folders.read(names)} == {"holiday"}

    def test_folders_of_cameras_and_dates_are_no_classes_unless_asked(self):
        names = ["100CANON/1.jpg", "2026-11-23/2.jpg"]
        assert {e.class_name for e in folders.read(names, is_asked=False)} == {None}

    def test_digits_are_classes(self):
        found = folders.read(["0/a.png", "1/b.png"], is_asked=False)
        assert [e.class_name for e in found] == ["0", "1"]

    def test_a_folder_named_test_among_classes_is_a_class(self):
        found = folders.read(["test/1.jpg", "bun/2.jpg"], is_asked=False)
        assert [(e.split, e.class_name) for e in found] == [(None, "test"), (None, "bun")]

    def test_what_is_written_is_read_again(self):
        entries = [entry("x/1.jpg", "bun", "train"), entry("y/1.jpg", "bun", "train"), entry("2.jpg", "test", "val")]
        paths = folders.write(entries)
        assert paths == ["train/bun/1.jpg", "train/bun/1 (2).jpg", "val/test_/2.jpg"]
        assert [e.split for e in folders.read(paths)] == ["train", "train", "val"]

    @given(ENTRIES)
    def test_paths_are_unique_and_stay_inside(self, entries):
        paths = folders.write(entries)
        assert len({path.lower() for path in paths}) == len(entries)
        assert all(".." not in path.split("/") and not path.startswith("/") for path in paths)


class TestCsv:
    @given(ENTRIES)
    def test_round_trip(self, entries):
        entries = list({entry.name: entry for entry in entries}.values())
        assert csv_table.read("".join(csv_table.write(entries)).encode()).entries == entries

    @pytest.mark.parametrize(
        "data",
        [
            b"path;category;set\r\na.jpg;bun;train\r\n",
            b"\xef\xbb\xbffile_name,label,split\na.jpg,bun,train\n",
            b'Split\tImage Name\tClass\ntrain\t"a.jpg"\tbun\n',
            b"a.jpg, bun, train\n",
            "file_name,label,split\na.jpg,bun,train\n".encode("utf-16"),
        ],
    )
    def test_tables_as_people_have_them(self, data):
        assert csv_table.read(data).entries == [entry("a.jpg", "bun", "train")]

    def test_formulas_are_disarmed(self):
        text = "".join(csv_table.write([entry("=cmd|' /C calc'!A0", "@x", None)]))
        assert "\r\n'=cmd" in text
        assert ",'@x" in text

    def test_no_column_of_names(self):
        with pytest.raises(csv_table.NotATable):
            csv_table.read(b"a,b\n1,2\n")

    def test_bad_lines_are_told_and_stop_nothing(self):
        found = csv_table.read(
            b"file_name,class,split\n,bun,\na.jpg,bun,holdout\n" + b"x" * 200_000 + b"\nb.jpg,bun,\n"
        )
        assert [e.name for e in found.entries] == ["a.jpg", "b.jpg"]
        assert [fault.line for fault in found.faults] == [2, 3, 4]


class TestJsonl:
    @given(ENTRIES)
    def test_round_trip(self, entries):
        classes = [{"name": "bun", "color": "#aa7733"}]
        found = jsonl.read("".join(jsonl.write(entries, classes)).encode())
        assert (found.entries, found.classes, found.faults) == (entries, classes, [])

    def test_everything_else_survives(self):
        before = Entry(name="a.jpg", answer="not_sure", content_hash="00", extra={"revision": 3, "author": "Ana"})
        assert jsonl.read("".join(jsonl.write([before])).encode()).entries == [before]

    @pytest.mark.parametrize(
        "line", [b"{", b"[]", b'{"file_name": NaN}', b"[" * 100_000, b'{"x": 1}', b'{"file_name": "a", "split": "q"}']
    )
    def test_bad_lines_are_told_and_stop_nothing(self, line):
        found = jsonl.read(line + b'\n{"file_name": "a.jpg", "label": 7}\n')
        assert found.entries == [entry("a.jpg", "7", None)]
        assert [fault.line for fault in found.faults] == [1]


class TestMatchNames:
    def test_ambiguous_ends_match_nothing(self):
        assert match_names(["1.jpg"], ["a/1.jpg", "b/1.jpg"]) == {}
        assert match_names(["x/b/1.jpg"], ["a/1.jpg", "b/1.jpg"]) == {"x/b/1.jpg": "b/1.jpg"}

    def test_backslashes_and_dots(self):
        assert match_names([".\\a\\1.jpg"], ["a/1.jpg"]) == {".\\a\\1.jpg": "a/1.jpg"}


class TestCoco:
    def test_annotations_are_about_whole_images_and_no_box_is_made_up(self):
        sized = Entry(name="a/1.jpg", class_name="bun", answer="class", split="val", extra={"width": 8, "height": 6})
        found = json.loads("".join(coco.write([sized, entry("2.jpg", None, None)], ["roll", "bun"])))
        assert [(row["id"], row["name"]) for row in found["categories"]] == [(1, "roll"), (2, "bun")]
        assert found["images"] == [
            {"id": 1, "file_name": "a/1.jpg", "width": 8, "height": 6, "split": "val"},
            {"id": 2, "file_name": "2.jpg"},
        ]
        assert found["annotations"] == [{"id": 1, "image_id": 1, "category_id": 2}]

    def test_nothing_is_still_a_document(self):
        found = json.loads("".join(coco.write([])))
        assert (found["images"], found["categories"], found["annotations"]) == ([], [], [])

    @given(ENTRIES)
    def test_every_annotation_names_an_image_and_a_category_that_are_there(self, entries):
        found = json.loads("".join(coco.write(entries)))
        names = {row["id"]: row["name"] for row in found["categories"]}
        by_image = {row["image_id"]: names[row["category_id"]] for row in found["annotations"]}
        assert [by_image.get(row["id"]) for row in found["images"]] == [e.class_name for e in entries]
        assert [row["file_name"] for row in found["images"]] == [e.name for e in entries]
