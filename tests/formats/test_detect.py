"""The format of a heap of files is told by what they hold and where they lie."""

import pytest

from modelyard.formats import (
    coco,
    csv_table,
    cvat,
    datumaro,
    detect,
    hf_imagefolder,
    jsonl,
    label_studio,
    mask_png,
    voc,
    yolo,
)
from modelyard.formats.entries import Item
from modelyard.geometry.shapes import Box
from tests.formats.drawings import image

ENTRIES = [image(Item(class_name="a", shape=Box(1, 2, 3, 4)), split="train")]
WRITERS = {
    "coco": lambda: [("x/annotations.json", coco.write(ENTRIES))],
    "cvat": lambda: [("annotations.xml", cvat.write(ENTRIES))],
    "label_studio": lambda: [("tasks.json", label_studio.write(ENTRIES))],
    "jsonl": lambda: [("annotations.jsonl", jsonl.write(ENTRIES))],
    "csv_table": lambda: [("labels.csv", csv_table.write(ENTRIES))],
    "voc": lambda: voc.write(ENTRIES),
    "yolo": lambda: yolo.write(ENTRIES),
    "mask_png": lambda: mask_png.write(ENTRIES),
    "hf_imagefolder": lambda: hf_imagefolder.write(ENTRIES),
    "datumaro": lambda: datumaro.write(ENTRIES),
}


def which(files):
    return detect.which([*files, "images/1.jpg"], files.__getitem__)


def test_every_format_is_here():
    assert set(WRITERS) == {*detect.SINGLE, *detect.MANY}


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_known_again(name):
    written = {
        path: b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
        for path, pieces in WRITERS[name]()
    }
    assert which(written) == name
    assert which({"a.json": b"{}", "b.xml": b"<x/>", "c.yaml": b"x: 1", **written}) == name


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({}, None),
        ({"readme.txt": b"", "package.json": b'{"name": "x"}'}, None),
        ({"a.json": b'{"annotations": [{"image_id": 1}], "images": []}'}, "coco"),
        ({"a.json": b"[" * 100_000}, None),
        ({"a.json": b'{"annotations":'}, None),
        ({"a.yaml": b"&a [*a]", "labels/1.txt": b""}, "yolo"),
        ({"Annotations/1.xml": b"<?xml version='1.0'?>\n<annotation verified='yes'>"}, "voc"),
        ({"train/metadata.jsonl": b'{"file_name": "1.jpg"}'}, "hf_imagefolder"),
        ({"other.jsonl": b'\xef\xbb\xbf{"file_name": "1.jpg", "label": "x"}'}, "jsonl"),
        ({"other.jsonl": b"{"}, None),
        ({"SegmentationClass/1.png": b""}, "mask_png"),
    ],
)
def test_files_of_others(files, name):
    assert which(files) == name


def test_the_real_data(shared_data):
    for folder, name in {"bccd": "voc", "nuclei": "coco", "ultrasound": "mask_png"}.items():
        root = shared_data / folder
        files = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
        assert detect.which(files, lambda path, root=root: (root / path).read_bytes()) == name
