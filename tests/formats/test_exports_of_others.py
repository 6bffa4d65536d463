"""Exports of the usual tools, with the quirks that they are known for, come in as they are."""

import json

import numpy as np
import pytest

from modelyard.formats.palettes import png
from modelyard.formats.recognise import DOCUMENTS, SETS, Hints, plan, split_of
from modelyard.geometry.shapes import Box, Polygon
from tests.formats.drawings import on_disk

PICTURE = png(np.zeros((48, 64), np.uint8))


def take_in(files, task="detection"):
    """Return (split, [(class, shape), …]) of each picture, read as an import does with the format “auto”."""
    with on_disk([(name, [data]) for name, data in files.items()]) as paths:
        found = plan(paths, "auto", task=task)
        read = (
            [(None, SETS[found.kind](paths, Hints(task)))]
            if found.kind
            else [(split_of(name), DOCUMENTS[kind](paths[name].read_bytes())) for name, kind in found.documents.items()]
        )
        assert not any(found.holds(name) for name in files if name.endswith((".jpg", ".PNG")))
    assert [fault for _, listing in read for fault in listing.faults] == []
    return {
        entry.name.rsplit("/", 1)[-1]: (entry.split or split, [(item.class_name, item.shape) for item in entry.items])
        for split, listing in read
        for entry in listing.entries
        if entry.answer == "objects"
    }


def test_a47_coco_of_roboflow():
    def document(*names):
        return {
            "info": {"year": "2023", "version": "1", "description": "Exported from roboflow.com", "url": ""},
            "licenses": [{"id": 1, "url": "", "name": "CC BY 4.0"}],
            "categories": [
                {"id": 0, "name": "cells", "supercategory": "none"},  # stands above the others, and nothing has it
                {"id": 1, "name": "RBC", "supercategory": "cells"},
            ],
            "images": [
                {"id": at, "license": 1, "file_name": name, "height": 48, "width": 64, "date_captured": ""}
                for at, name in enumerate(names)
            ],
            "annotations": [
                {
                    "id": 0,
                    "image_id": 0,
                    "category_id": 1,
                    "bbox": [1, 2, 3.5, 4],
                    "area": 14,
                    "segmentation": [],
                    "iscrowd": 0,
                }
            ],
        }

    files = {
        "train/_annotations.coco.json": json.dumps(document("a_jpg.rf.0f1e.jpg", "b_jpg.rf.77.jpg")).encode(),
        "valid/_annotations.coco.json": json.dumps(document("c_jpg.rf.9a.jpg")).encode(),
        "README.dataset.txt": b"# cells\nhttps://universe.roboflow.com/\n",
        "README.roboflow.txt": b"\nThis dataset was exported via roboflow.com\n",
        "train/a_jpg.rf.0f1e.jpg": PICTURE,
    }
    box = [("RBC", Box(1, 2, 4.5, 6))]
    assert take_in(files) == {
        "a_jpg.rf.0f1e.jpg": ("train", box),
        "b_jpg.rf.77.jpg": ("train", []),
        "c_jpg.rf.9a.jpg": ("val", box),
    }


def test_a47_yolo_of_roboflow():
    config = b"""train: ../train/images
val: ../valid/images
test: ../test/images

nc: 2
names: ['Platelets', 'RBC']

roboflow:
  workspace: team-roboflow
  project: blood-cell-detection-1ekwu
  version: 3
  license: Public Domain
"""
    files = {
        "data.yaml": config,
        "README.dataset.txt": b"# cells\n",
        "train/images/a.jpg": PICTURE,
        "train/labels/a.txt": b"1 0.5 0.5 0.25 0.5",
        "valid/images/b.jpg": PICTURE,
        "valid/labels/b.txt": b"0 0.25 0.25 0.75 0.25 0.75 0.75\r\n",
        "test/images/c.jpg": PICTURE,
        "test/labels/c.txt": b"",
    }
    assert take_in(files) == {
        "a.jpg": ("train", [("RBC", Box(24, 12, 40, 36))]),
        "b.jpg": ("val", [("Platelets", Polygon(((16, 12, 48, 12, 48, 36),)))]),
        "c.jpg": ("test", []),
    }


def test_a47_coco_of_cvat():
    document = {
        "licenses": [{"name": "", "id": 0, "url": ""}],
        "info": {"contributor": "", "date_created": "", "description": "", "url": "", "version": "", "year": ""},
        "categories": [{"id": 1, "name": "bun", "supercategory": ""}],
        "images": [
            {"id": 1, "width": 64, "height": 48, "file_name": "shop/a.jpg", "license": 0, "date_captured": 0}
        ],
        "annotations": [
            {
                "id": 1, "image_id": 1, "category_id": 1, "area": 12.0, "bbox": [1.0, 2.0, 3.0, 4.0],
                "segmentation": [], "iscrowd": 0, "attributes": {"occluded": False, "rotation": 350.0},
            },
            {
                "id": 2, "image_id": 1, "category_id": 1, "area": 4.0, "bbox": [2.0, 3.0, 1.0, 4.0],
                "segmentation": {"counts": [99, 4, 2969], "size": [48, 64]}, "iscrowd": 1,
                "attributes": {"occluded": False},
            },
        ],
    }  # fmt: skip
    files = {"annotations/instances_default.json": json.dumps(document).encode(), "images/default/shop/a.jpg": PICTURE}
    ((split, items),) = take_in(files).values()
    assert split is None
    assert items[0] == ("bun", Box(1, 2, 4, 6, 350))
    assert items[1][1].bounds() == (2, 3, 3, 7)


@pytest.mark.parametrize("is_pair", [False, True])
def test_a47_yolo_of_cvat(is_pair):
    darknet = {
        "obj.data": b"classes = 2\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n",
        "obj.names": b"bun\nroll\n",
        "train.txt": b"data/obj_train_data/shop/a.jpg\ndata/obj_train_data/b.jpg",
        "obj_train_data/shop/a.jpg": PICTURE,
        "obj_train_data/shop/a.txt": b"1 0.500000 0.500000 0.250000 0.500000\n",
        "obj_train_data/b.jpg": PICTURE,
        "obj_train_data/b.txt": b"",
    }
    ultralytics = {
        "data.yaml": b"names:\n  0: bun\n  1: roll\npath: .\ntrain: train.txt\n",
        "train.txt": b"data/images/train/shop/a.jpg\ndata/images/train/b.jpg\n",
        "images/train/shop/a.jpg": PICTURE,
        "labels/train/shop/a.txt": b"1 0.5 0.5 0.25 0.5\n",
        "images/train/b.jpg": PICTURE,
    }
    assert take_in(ultralytics if is_pair else darknet) == {
        "a.jpg": ("train", [("roll", Box(24, 12, 40, 36))]),
        "b.jpg": ("train", []),
    }


def test_a47_turned_boxes_of_yolo():
    files = {
        "data.yaml": b"path: x\ntrain: images/train\nnames: {0: ship}\ndownload: |\n  import os\n  os.abort()\n",
        "images/train/a.jpg": PICTURE,
        "labels/train/a.txt": b"0 0.25 0.5 0.75 0.5 0.75 0.75 0.25 0.75\n",
    }
    ((_, [(name, shape)]),) = take_in(files).values()
    assert (name, shape) == ("ship", Box(16, 24, 48, 36))
    ((_, [(_, shape)]),) = take_in(files, "segmentation").values()
    assert shape == Polygon(((16, 24, 48, 24, 48, 36, 16, 36),))


def test_a47_yolo_and_voc_of_label_studio():
    yolo = {
        "classes.txt": b"bun\nroll",
        "notes.json": json.dumps({"categories": [{"id": 0, "name": "bun"}], "info": {"year": 2026}}).encode(),
        "images/f3cc__a.jpg": PICTURE,
        "labels/f3cc__a.txt": b"1 0.5 0.5 0.25 0.5\n",
    }
    assert take_in(yolo) == {"f3cc__a.jpg": (None, [("roll", Box(24, 12, 40, 36))])}
    voc = b"""<?xml version="1.0" encoding="utf-8"?>
<annotation>
<folder>images</folder>
<filename>f3cc__a</filename>
<source><database>MyDatabase</database><annotation>COCO2017</annotation><image>flickr</image></source>
<owner><name>Label Studio</name></owner>
<size><width>64</width><height>48</height><depth>3</depth></size>
<segmented>0</segmented>
<object><name>bun</name><pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult>
<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object>
</annotation>"""
    files = {"Annotations/f3cc__a.xml": voc, "images/f3cc__a.jpg": PICTURE}
    assert take_in(files) == {"f3cc__a.jpg": (None, [("bun", Box(1, 2, 30, 40))])}
