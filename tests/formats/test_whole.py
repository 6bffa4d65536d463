"""Images with any number of classes, through every format that can say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.formats import coco, csv_table, cvat, datumaro, hf_imagefolder, jsonl, label_studio, losses
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.kinds import Box
from modelyard.geometry.shapes import Whole, clip, from_json, to_json
from tests.formats.drawings import image, on_disk

CLASSES = ["bun", "sweet", "burnt; twice", "a|b"]


def whole(*names, name="1.jpg", **more):
    items = tuple(Item(class_name=class_name, shape=Whole()) for class_name in names)
    return Entry(name=name, answer="objects", items=items, **more)


def through_files(module):
    def there_and_back(entries):
        with on_disk(module.write(entries)) as files:
            return module.read(files)

    return there_and_back


WAYS = {
    "csv": lambda entries: csv_table.read("".join(csv_table.write(entries)).encode()),
    "jsonl": lambda entries: jsonl.read("".join(jsonl.write(entries)).encode()),
    "coco": lambda entries: coco.read("".join(coco.write(entries)).encode()),
    "cvat": lambda entries: cvat.read("".join(cvat.write(entries)).encode()),
    "label_studio": lambda entries: label_studio.read("".join(label_studio.write(entries)).encode()),
    "hf_imagefolder": through_files(hf_imagefolder),
    "datumaro": through_files(datumaro),
}
ENTRIES = st.lists(st.lists(st.sampled_from(CLASSES), unique=True, max_size=4), min_size=1, max_size=4).map(
    lambda found: [whole(*names, name=f"{at}.jpg") for at, names in enumerate(found)]
)


@pytest.mark.parametrize("name", WAYS)
@given(entries=ENTRIES)
def test_round_trip(name, entries):
    found = WAYS[name](entries)
    assert found.faults == []
    assert [(e.name, e.whole_classes) for e in found.entries] == [(e.name, e.whole_classes) for e in entries]
    # Nothing to be seen in any image is what a file says that holds no drawing; an image that has a class may have one.
    is_said = any(e.items for e in entries)
    assert [e.answer for e in found.entries if not e.items and not e.class_name] == [
        "objects" for e in entries if not e.items
    ] or not is_said


@pytest.mark.parametrize("name", [name for name in WAYS if name != "csv"])
def test_beside_boxes(name):
    box = Item(class_name="bun", shape=Box(1, 2, 3, 4))
    entries = [image(*whole("sweet").items, box), image(*whole("sweet").items, name="2.jpg"), image(name="3.jpg")]
    found = WAYS[name](entries)
    assert [(e.answer, [(i.class_name, i.shape) for i in e.items]) for e in found.entries] == [
        (e.answer, [(i.class_name, i.shape) for i in e.items]) for e in entries
    ]


def test_attributes_of_tags():
    item = Item(class_name="bun", shape=Whole(), attributes={"sure": True, "count": 2.0})
    for name in ("jsonl", "cvat", "coco", "datumaro"):
        assert WAYS[name]([image(item)]).entries[0].items == (item,)


def test_what_is_lost():
    entries = [whole("bun", "sweet")]
    assert losses.count(entries, ()) == {losses.CLASSES: 2}
    for module in (coco, csv_table, cvat, datumaro, hf_imagefolder, jsonl, label_studio):
        assert module.lost(entries) == {}


def test_the_shape():
    assert to_json(from_json({"type": "whole"})) == {"type": "whole"}
    assert clip(Whole(), 5, 5) == Whole()


class TestTablesAsPeopleHaveThem:
    def said(self, text):
        found = csv_table.read(text.encode())
        return [(e.name, e.whole_classes, e.answer) for e in found.entries], [fault.reason for fault in found.faults]

    def test_a_line_for_each_class(self):
        entries, _ = self.said("file,class\n1.jpg,a\n1.jpg,b\n2.jpg,a\n1.jpg,a\n")
        assert entries == [("1.jpg", ["a", "b"], "objects"), ("2.jpg", ["a"], "objects")]

    @pytest.mark.parametrize("mark", [";", "|", " | "])
    def test_several_in_one_field(self, mark):
        entries, _ = self.said(f"file,labels\n1.jpg,a{mark}b\n2.jpg,\n3.jpg,c\n")
        assert entries == [("1.jpg", ["a", "b"], "objects"), ("2.jpg", [], "objects"), ("3.jpg", ["c"], "objects")]

    def test_several_in_a_field_of_one_by_its_name(self):
        assert self.said("file,label\n1.jpg,a|b\n2.jpg,a\n")[0][0][1] == ["a", "b"]
        assert self.said("file,label\n1.jpg,salt|pepper\n2.jpg,a\n")[0][0][1] == ["salt|pepper"]

    def test_a_column_for_each_class(self):
        entries, faults = self.said("image,split,bun,sweet\n1.jpg,train,1,0\n2.jpg,val,1,1\n3.jpg,val,0,0\n")
        assert entries == [
            ("1.jpg", ["bun"], "objects"),
            ("2.jpg", ["bun", "sweet"], "objects"),
            ("3.jpg", [], "objects"),
        ]
        assert faults == []

    def test_columns_of_other_things_are_no_classes(self):
        assert self.said("image,bun,weight\n1.jpg,1,80\n2.jpg,0,75\n")[0] == [
            ("1.jpg", ["bun"], "class"),
            ("2.jpg", [], "objects"),
        ]

    def test_lists_of_labels_line_by_line(self):
        found = jsonl.read(b'{"file_name": "1.jpg", "labels": ["a", "b", "a"]}\n{"file_name": "2.jpg", "labels": []}\n')
        assert [(e.answer, e.whole_classes) for e in found.entries] == [("objects", ["a", "b"]), ("objects", [])]
