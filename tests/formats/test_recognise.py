"""The format of a heap of files is told by what they hold and where they lie."""

import json

import pytest

from modelyard.formats import (
    coco,
    csv_table,
    cvat,
    datumaro,
    hf_imagefolder,
    jsonl,
    label_studio,
    mask_png,
    voc,
    yolo,
)
from modelyard.formats.entries import Item
from modelyard.formats.recognise import DOCUMENTS, HEAD, SETS, Hints, plan
from modelyard.geometry.shapes import Box
from tests.formats.drawings import image, on_disk

ENTRIES = [image(Item(class_name="a", shape=Box(1, 2, 3, 4)), split="train")]
WRITERS = {
    "coco": lambda: [("x/annotations.json", coco.write(ENTRIES))],
    "cvat": lambda: [("annotations.xml", cvat.write(ENTRIES))],
    "label_studio": lambda: [("tasks.json", label_studio.write(ENTRIES)), ("config.xml", [label_studio.config(["a"])])],
    "jsonl": lambda: [("annotations.jsonl", jsonl.write(ENTRIES))],
    "csv": lambda: [("labels.csv", csv_table.write(ENTRIES))],
    "voc": lambda: voc.write(ENTRIES),
    "yolo": lambda: yolo.write(ENTRIES),
    "masks": lambda: mask_png.write(ENTRIES),
    "hf_imagefolder": lambda: hf_imagefolder.write(ENTRIES),
    "datumaro": lambda: datumaro.write(ENTRIES),
    "box_text": lambda: [("boxes/1.txt", ["1 2 3 4 a\n"])],
    "class_text": lambda: [
        ("train.txt", ["images/1.jpg, 0, 0\n"]),
        ("classes.csv", ["Class Name (str),Class ID\na,0\n"]),
    ],
}


def planned(files, wanted="auto", task="detection"):
    with on_disk([(name, [data]) for name, data in {**files, "images/1.jpg": b""}.items()]) as found:
        return plan(found, wanted, task=task)


def which(files, **more):
    found = planned(files, **more)
    return found.kind or next(iter(found.documents.values()), None)


def written(name):
    return {
        path: b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
        for path, pieces in WRITERS[name]()
    }


def test_every_format_is_here():
    assert set(WRITERS) == {*DOCUMENTS, *SETS}


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_known_again_and_no_file_of_it_is_taken_for_a_picture(name):
    files = written(name)
    assert which(files) == name
    assert which({"a.json": b"{}", "b.xml": b"<x/>", "c.yaml": b"x: 1", "d.csv": b"x,y\n", **files}) == name
    for found in (planned(files), planned(files, name)):
        assert all(found.holds(path) for path in files)
        assert not found.holds("images/1.jpg")


@pytest.mark.parametrize("name", SETS)
def test_every_set_is_read_by_what_stands_for_it(name):
    with on_disk([*WRITERS[name](), ("images/1.jpg", [b""])]) as files:
        assert SETS[name](files, Hints()).entries


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({}, None),
        ({"readme.txt": b"", "package.json": b'{"name": "x", "data": 1}'}, None),
        ({"a.json": b'{"annotations": [{"image_id": 1}], "images": []}'}, "coco"),
        ({"a.json": b'{"info": {"description": "' + b"x" * HEAD + b'"}, "images": []}'}, None),
        ({"a.json": b'{"annotations": [{"image_id": 1, "segmentation": [[' + b"1, " * HEAD}, "coco"),
        ({"a.json": b"[" * 100_000}, None),
        ({"a.json": b'{"annotations":'}, None),
        ({"a.json": b'[{"data": {"image": "x", "y": "' + b"x" * HEAD}, "label_studio"),
        ({"a.json": json.dumps({"data": {"image": "1.jpg"}, "annotations": []}).encode()}, "label_studio"),
        ({"a.yaml": b"&a [*a]", "labels/1.txt": b""}, "yolo"),
        ({"classes.txt": b"a\nb\n", "images/1.txt": b"0 0.5 0.5 0.25 0.25\n"}, "yolo"),
        ({"Annotations/1.xml": b"<?xml version='1.0'?>\n<annotation verified='yes'>"}, "voc"),
        ({"Annotations/1.xml": '<?xml version="1.0"?><annotation>'.encode("utf-16")}, "voc"),
        ({"train/metadata.jsonl": b'{"file_name": "1.jpg"}'}, "hf_imagefolder"),
        ({"train/metadata.csv": b"file_name,label\n1.jpg,a\n"}, "hf_imagefolder"),
        ({"other.jsonl": b'\xef\xbb\xbf{"file_name": "1.jpg", "label": "x"}'}, "jsonl"),
        ({"other.jsonl": b"{"}, None),
        ({"SegmentationClass/1.png": b""}, "masks"),
        ({"SegmentationClass/2.png": b""}, None),
    ],
)
def test_files_of_others(files, name):
    assert which(files) == name


def test_where_images_have_classes_sets_of_boxes_say_nothing():
    assert which(written("yolo"), task="classification") is None
    assert which(written("hf_imagefolder"), task="classification") == "hf_imagefolder"
    assert which(written("class_text"), task="classification") == "class_text"


def test_the_real_data(shared_data):
    wanted = {"bccd": "voc", "nuclei": "coco", "ultrasound": "masks", "pcb": "box_text"}
    for folder, name in wanted.items():
        root = shared_data / folder
        files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
        found = plan(files, "auto", task="detection")
        assert (found.kind or next(iter(found.documents.values()))) == name
    root = shared_data / "grocery/dataset"
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    assert plan(files, "auto", task="classification").kind == "class_text"
