"""What a format cannot carry is counted, and never written as what its reader refuses or as nothing here."""

import pytest
from hypothesis import given

from modelyard.formats import coco, csv_table, cvat, datumaro, hf_imagefolder, jsonl, label_studio, mask_png, voc, yolo
from modelyard.formats.entries import Item
from modelyard.geometry.kinds import Whole
from modelyard.geometry.shapes import Box, Ellipse, Keypoints, Mask, Point, Polygon, Polyline
from tests.formats import drawings
from tests.formats.drawings import SIDE, image, images, on_disk, reasons

SHAPES = {
    "box": Box(1, 2, 3, 4),
    "turned box": Box(10, 20, 30, 40, 30),
    "polygon": Polygon(((1, 2, 30, 4, 5, 60),)),
    "holes": Polygon(((1, 1, 30, 1, 30, 30, 1, 30), (5, 5, 20, 5, 20, 20, 5, 20))),
    "ellipse": Ellipse(20, 20, 5, 4),
    "turned ellipse": Ellipse(20, 20, 5, 4, 30),
    "mask": Mask(3, 4, 2, 2, "04"),
    "keypoints": Keypoints(((1, 2, 2), (3, 4, 1), (0, 0, 0))),
    "one keypoint": Keypoints(((1, 2, 2), (0, 0, 0))),
    "no keypoint": Keypoints(((0, 0, 0), (0, 0, 0))),
    "polyline": Polyline((1, 2, 3, 4)),
    "level polyline": Polyline((1, 2, 30, 2)),
    "point": Point(5, 6),
    "whole": Whole(),
}
ONE_FILE = {"coco": coco, "cvat": cvat, "label_studio": label_studio, "jsonl": jsonl, "csv": csv_table}
KINDS = {
    "voc boxes": (voc.read, voc.write, voc.lost),
    "voc masks": (
        lambda files: voc.read(files, kind="masks"),
        lambda es: voc.write(es, kind="masks"),
        lambda es: voc.lost(es, kind="masks"),
    ),
    "masks": (mask_png.read, mask_png.write, mask_png.lost),
    "hf_imagefolder": (hf_imagefolder.read, hf_imagefolder.write, hf_imagefolder.lost),
    "datumaro": (datumaro.read, datumaro.write, datumaro.lost),
    **{
        f"yolo {kind}": (
            lambda files, kind=kind: yolo.read(
                files, kind=kind, sizes={n: (SIDE, SIDE) for n in files if n[-1] == "g"}
            ),
            lambda es, kind=kind: [
                *yolo.write(es, kind=kind),
                *((place, ()) for place in yolo.places(es, kind=kind) if place),
            ],
            lambda es, kind=kind: yolo.lost(es, kind=kind),
        )
        for kind in ("detect", "segment", "obb", "pose")
    },
}
FORMATS = [*ONE_FILE, *KINDS]


def there_and_back(name, entries):
    """Return what a format's reader makes of what its writer wrote, and what the writer counts as lost."""
    if module := ONE_FILE.get(name):
        return module.read("".join(module.write(entries)).encode()), module.lost(entries)
    read, write, lost = KINDS[name]
    with on_disk(write(entries)) as files:
        return read(files), lost(entries)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", FORMATS)
def test_one_object(name, shape):
    entries = [
        image(Item(class_name="a", shape=SHAPES[shape])),
        image(Item(class_name="a", shape=SHAPES["box"]), name="2.jpg"),
    ]
    found, lost = there_and_back(name, entries)
    assert found.faults == []
    mine = [entry for entry in found.entries if entry.name.rsplit("/")[-1] in ("1.jpg", "1.png")]
    if not (mine and (mine[0].items or mine[0].whole_classes)):
        assert sum(lost.values()) > 0
        assert not mine or mine[0].answer == "none", "What is there would be told as nothing here."


@pytest.mark.parametrize("name", FORMATS)
@given(images(drawings.keypoints | drawings.polylines | drawings.points | drawings.boxes | drawings.polygons))
def test_any_objects(name, entries):
    with_stems = {entry.name.rsplit(".")[0].replace("/", "_"): entry for entry in entries}
    found, _ = there_and_back(name, list(with_stems.values()))
    assert reasons(found) == []
