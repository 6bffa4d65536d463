"""Whatever bytes come, a reader returns a listing or refuses with a sentence; it never fails otherwise."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelyard.errors import Invalid
from modelyard.formats import (
    box_text,
    class_text,
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
from modelyard.formats.entries import Entry, Item
from modelyard.geometry import masks
from modelyard.geometry.shapes import Box, Ellipse, Keypoints, Point, Polygon, Polyline, to_mask
from tests.formats.drawings import SIDE, image, on_disk

SHAPES = [
    Box(1, 2, 3, 4),
    Box(10, 20, 30, 40, 30),
    Polygon(((1, 2, 30, 4, 5, 60),)),
    Ellipse(20, 20, 5, 4),
    to_mask(Ellipse(20, 20, 3, 4), SIDE, SIDE),
    Keypoints(((1, 2, 2), (3, 4, 1))),
    Polyline((1, 2, 3, 4)),
    Point(5, 6),
]
ENTRIES = [
    image(*(Item(class_name="a", shape=shape, attributes={"x": True, "y": 2.0}) for shape in SHAPES), split="train"),
    Entry(name="2.jpg", class_name="bun", answer="class"),
    image(name="3.jpg", split="val"),
]
PICTURES = {f"images/{entry.split or 'rest'}/{entry.name}": (SIDE, SIDE) for entry in ENTRIES}
SINGLE = {
    "coco": (coco.read, coco.write),
    "cvat": (cvat.read, cvat.write),
    "label_studio": (label_studio.read, label_studio.write),
    "jsonl": (jsonl.read, jsonl.write),
    "csv_table": (csv_table.read, csv_table.write),
}
# These are read only: what people have stands in place of what is written.
BOX_TEXT = [
    ("boxes/1.txt", ["1 2 3 4 open\n10,20,30,40,short\n\n"]),
    ("boxes/2.txt", [""]),
    ("test/1.jpg", []),
    ("template/2.jpg", []),
]
CLASS_TEXT = [
    ("train.txt", ["in/1.jpg, 0, 7\nin/2.jpg, 1\n"]),
    ("val.txt", ["in/3.jpg\tbun\n"]),
    ("classes.csv", ["Class Name (str),Class ID (int),Coarse Class Name (str)\nroll,0,bread\nbun,1,\n"]),
    ("classes.txt", ["0 roll\n1 bun\n"]),
    ("in/1.jpg", []),
]
MANY = {
    "voc": (voc.read, voc.write),
    "voc_masks": (lambda files: voc.read(files, kind="masks"), lambda entries: voc.write(entries, kind="masks")),
    "box_text": (lambda files: box_text.read(files, sizes={"test/1.jpg": (SIDE, SIDE)}), lambda entries: BOX_TEXT),
    "class_text": (class_text.read, lambda entries: CLASS_TEXT),
    "yolo": (lambda files: yolo.read(files, sizes=PICTURES), lambda entries: yolo.write(entries, kind="segment")),
    "mask_png": (mask_png.read, mask_png.write),
    "hf_imagefolder": (hf_imagefolder.read, hf_imagefolder.write),
    "datumaro": (datumaro.read, datumaro.write),
}
WORDS = [
    b"NaN",
    b"-1",
    b"1e999",
    b"null",
    b"[",
    b"]",
    b"{",
    b'"',
    b"<",
    b"&x;",
    b"\0",
    b"\xff",
    b",",
    b"9" * 400,
    b"",
    b"true",
]


@st.composite
def spoiled(draw, data):
    """Bytes with some stretches in them replaced."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 12)))
        data = data[:at] + draw(st.sampled_from(WORDS) | st.binary(max_size=3)) + data[end:]
    return data


def check(read, given_files):
    try:
        found = read(given_files)
    except Invalid as error:
        assert len(error.detail) < 400
        return
    assert all(fault.reason and len(fault.reason) < 400 for fault in found.faults)
    assert all(fault.place or fault.line for fault in found.faults), "A fault without a place cannot be found again."
    for entry in found.entries:
        assert entry.name
        assert all(item.class_name for item in entry.items)


def joined(pieces):
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)


@pytest.mark.parametrize("name", SINGLE)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_spoiled_files(name, data):
    read, write = SINGLE[name]
    found = data.draw(spoiled(joined(write(ENTRIES))))
    check(read, found)


@pytest.mark.parametrize("name", MANY)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_spoiled_folders(name, data):
    read, write = MANY[name]
    written = [(path, joined(pieces)) for path, pieces in write(ENTRIES)]
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] = (written[at][0], data.draw(spoiled(written[at][1])))
    with on_disk([(path, [content]) for path, content in written]) as files:
        check(read, files)


@pytest.mark.parametrize("name", SINGLE)
@given(data=st.binary(max_size=200))
def test_any_bytes(name, data):
    check(SINGLE[name][0], data)


@pytest.mark.parametrize("name", MANY)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_bytes_in_place_of_a_file(name, data):
    read, write = MANY[name]
    written = [(path, [joined(pieces)]) for path, pieces in write(ENTRIES)]
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] = (written[at][0], [data.draw(st.binary(max_size=200) | st.text(max_size=60).map(str.encode))])
    with on_disk(written) as files:
        check(read, files)


def test_every_shape_is_written_by_every_format_or_counted():
    for module in (coco, cvat, label_studio, jsonl, csv_table, voc, yolo, mask_png, hf_imagefolder, datumaro):
        assert all(isinstance(count, int) and count > 0 for count in module.lost(ENTRIES).values()), module.__name__


def test_masks_of_one_pixel_at_the_edge():
    entries = [image(Item(class_name="a", shape=masks.Mask(SIDE - 1, SIDE - 1, 1, 1, "01")))]
    for read, write in (SINGLE["coco"], SINGLE["cvat"], SINGLE["label_studio"], SINGLE["jsonl"]):
        assert read(joined(write(entries))).entries[0].items == entries[0].items
