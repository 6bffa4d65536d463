"""Croissant: what a description says of files, classes and records."""

import json

from modelyard.formats import croissant
from modelyard.formats.entries import Entry, Item
from modelyard.formats.recognise import plan
from modelyard.geometry.shapes import Box, Point
from tests.formats.drawings import image, on_disk

ABOUT = croissant.About(name="Trays", description="", url="x", creator="Ana", published="2026-01-31", version="1.0.0")
CHECKSUMS = {"annotations.jsonl": "0a", "images.jsonl": "0b", "objects.jsonl": "0c"}


def described(names=(), checksums=CHECKSUMS):
    return json.loads(croissant.describe(ABOUT, names, ["bun"], checksums))


def test_every_field_has_a_source_that_is_described():
    found = described(["images/1.jpg", "images/a/2.JPG", "images/3.png", "images/4"])
    ids = {row["@id"] for row in found["distribution"]}
    sources = {
        field["source"]["fileObject"]["@id"]
        for row in found["recordSet"]
        for field in row["field"]
        if "source" in field
    }
    assert sources == {"images.jsonl", "objects.jsonl"} < ids
    assert {row["encodingFormat"]: row["includes"] for row in found["distribution"] if "includes" in row} == {
        "application/octet-stream": ["images/**"],
        "image/jpeg": ["images/**/*.JPG", "images/**/*.jpg"],
        "image/png": ["images/**/*.png"],
    }
    assert {row["@id"] for row in described(checksums={})["recordSet"]} == {"classes", "splits"}


def test_lines_hold_what_the_fields_name():
    entries = [image(Item(class_name="bun", shape=Box(1, 2, 3, 4)), Item(class_name="bun", shape=Point(5, 6)))]
    records = {row["@id"]: [field["name"] for field in row["field"]] for row in described()["recordSet"]}
    lines = [json.loads(line) for line in croissant.objects(entries)]
    assert [list(line) for line in lines] == [records["objects"]] * 2
    assert (lines[0]["segmentation"], lines[1]["segmentation"]) == ("1 2,3 2,3 4,1 4", "")
    (line,) = croissant.images([Entry(name="1.jpg")], lambda name: f"sum of {name}")
    assert list(json.loads(line)) == records["images"]
    assert json.loads(line)["sha256"] == "sum of 1.jpg"


def test_what_lies_beside_is_neither_labels_nor_pictures():
    files = {"x/croissant.json": json.dumps(described()), "x/images.jsonl": '{"content_url": "1.jpg", "class": "path"}'}
    files["x/annotations.jsonl"] = '{"format": "modelyard/1", "classes": []}'
    with on_disk([(name, [data]) for name, data in files.items()]) as found:
        planned = plan(found, "auto", task="detection")
    assert planned.documents == {"x/annotations.jsonl": "jsonl"}
    assert all(planned.holds(name) for name in files)
