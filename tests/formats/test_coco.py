"""COCO: what is written is read again, here and by pycocotools; what others write wrongly is named."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO

from modelyard.formats import coco
from modelyard.formats.entries import Entry, Item
from modelyard.geometry import masks
from modelyard.geometry.shapes import Box, Ellipse, Keypoints, Mask, Point, Polygon, to_mask
from tests.formats import drawings
from tests.formats.drawings import image, images, reasons

SHAPES = drawings.boxes | drawings.polygons | drawings.mask_shapes | drawings.keypoints


def document(*annotations, **more):
    found = {"images": [{"id": 1, "file_name": "1.jpg", "width": 64, "height": 48}]}
    found |= {"categories": [{"id": 5, "name": "cell"}], "annotations": list(annotations)}
    return json.dumps(found | more).encode()


def annotation(**more):
    return {"image_id": 1, "category_id": 5, "bbox": [1, 2, 3, 4], **more}


def written(entries, classes=()):
    return "".join(coco.write(entries, classes)).encode()


class TestRoundTrip:
    @given(images(SHAPES))
    def test_objects(self, entries):
        found = coco.read(written(entries))
        assert found.faults == []
        assert found.entries == [entry for entry in entries] or not any(entry.items for entry in entries)

    def test_nothing_here_and_not_looked_at_are_told_apart(self):
        entries = [
            image(Item(class_name="a", shape=Box(1, 1, 2, 2)), name="1.jpg"),
            image(name="2.jpg"),
            Entry(name="3.jpg"),
            Entry(name="4.jpg", answer="not_sure"),
        ]
        assert [entry.answer for entry in coco.read(written(entries)).entries] == [
            "objects",
            "objects",
            "none",
            "not_sure",
        ]

    def test_classification(self):
        entries = [Entry(name="1.jpg", class_name="bun", answer="class", split="val"), Entry(name="2.jpg")]
        assert coco.read(written(entries, ["roll"])).entries == entries
        assert coco.read(written([])).entries == []

    def test_classes_keep_their_order_and_their_skeleton(self):
        classes = [{"name": "b"}, {"name": "a", "supercategory": "x", "keypoints": ["l", "r"]}]
        classes[1]["skeleton"] = [[1, 2]]
        assert coco.read(written([], classes)).classes == classes


class TestOthersRead:
    @pytest.mark.filterwarnings("ignore:__array__ implementation")  # pycocotools, with a new numpy
    def test_pycocotools_loads_the_same_masks(self, tmp_path):
        ring = Polygon(((4, 4, 40, 4, 40, 40, 4, 40), (10, 10, 20, 10, 20, 20, 10, 20)))
        shapes = [Box(1, 2, 30, 40), ring, masks.from_array(np.ones((3, 4), bool), 7, 9), Ellipse(30, 30, 9, 5, 20)]
        path = tmp_path / "coco.json"
        path.write_bytes(written([image(*(Item(class_name="a", shape=shape) for shape in shapes))]))
        theirs = COCO(str(path))
        found = theirs.loadAnns(theirs.getAnnIds())
        assert [row["area"] for row in found] == [shape.area() for shape in shapes]
        assert (theirs.annToMask(found[1]) == masks.paste(to_mask(ring, 64, 64), 64, 64)).all()
        assert theirs.annToMask(found[2]).sum() == 12
        assert theirs.annToMask(found[3]).sum() == pytest.approx(shapes[3].area(), rel=0.05)

    def test_what_is_lost_is_counted(self):
        found = image(
            Item(class_name="a", shape=Box(1, 1, 9, 9, 45), attributes={"x": True}),
            Item(class_name="a", shape=Point(1, 1)),
        )
        assert coco.lost([found]) == {
            "attributes, but for a field that COCO does not know": 1,
            "rotation of boxes and ellipses, which become polygons": 1,
            "points": 1,
        }
        assert len(json.loads(written([found]))["annotations"]) == 1


class TestRead:
    @pytest.mark.parametrize("iscrowd", [0, 1])
    @pytest.mark.parametrize("counts", [[48 * 2 + 3, 4, 48 * 62 - 7], "S34il2"])
    def test_run_lengths_of_both_habits(self, iscrowd, counts):
        given_mask = annotation(segmentation={"size": [48, 64], "counts": counts}, iscrowd=iscrowd)
        found = coco.read(document(given_mask))
        assert found.faults == []
        item = found.entries[0].items[0]
        assert item.shape == masks.from_array(np.ones((4, 1), bool), 2, 3)
        assert dict(item.extra) == ({"iscrowd": 1} if iscrowd else {})

    def test_the_shape_of_an_annotation_that_has_several(self):
        both = annotation(segmentation=[[0, 0, 9, 0, 9, 9]], keypoints=[1, 2, 2, 0, 0, 0])
        assert coco.read(document(both)).entries[0].items[0].shape == Keypoints(((1, 2, 2), (0, 0, 0)))
        assert coco.read(document(both), prefer=["bbox"]).entries[0].items[0].shape == Box(1, 2, 4, 6)
        assert coco.read(document(annotation(keypoints=[0, 0, 0]))).entries[0].items[0].shape == Box(1, 2, 4, 6)

    def test_annotations_with_one_id_are_kept_and_told(self):
        found = coco.read(document(annotation(id=0), annotation(id=0, bbox=[2, 3, 4, 5]), annotation(id="0")))
        assert len(found.entries[0].items) == 3
        assert "annotations[1]: The id of this annotation is another's as well (2 are so)" in reasons(found)[0]

    def test_numbers_as_texts_and_categories_from_0(self):
        data = document(
            annotation(image_id="1", category_id=0.0, bbox=["1.5", "2", "3", "4e0"]),
            annotation(category_id="0", segmentation=[["1", "2", "9", "2", "9", 8]]),
            categories=[{"id": 0, "name": "cell"}, {"id": 7, "name": "cells", "supercategory": "none"}],
            images=[{"id": 1, "file_name": "1.jpg", "width": "64", "height": "48.0"}],
        )
        found = coco.read(data)
        assert found.faults == []
        shapes = [item.shape for item in found.entries[0].items]
        assert shapes == [Box(1.5, 2, 4.5, 6), Polygon(((1, 2, 9, 2, 9, 8),))]

    def test_lists_in_any_order(self):
        data = b"""{"annotations": [{"id": 1, "image_id": "a", "category_id": 1, "bbox": [0, 0, 1, 1]}],
        "categories": [{"id": 1, "name": "x"}], "images": [{"id": "a", "file_name": "1.jpg"}], "info": {"a": []}}"""
        assert coco.read(data).entries[0].items[0].class_name == "x"

    def test_boxes_that_stand_out_are_cut_and_told(self):
        found = coco.read(document(annotation(bbox=[-10, 0, 30, 20]), annotation(bbox=[60, 40, 4.5, 8.5])))
        assert [item.shape for item in found.entries[0].items] == [Box(0, 0, 20, 20), Box(60, 40, 64, 48)]
        assert reasons(found) == ["annotations[0]: The object stood out of its image of 64 × 48 pixels and was cut."]

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            ({"bbox": [1, 2, -3, 4]}, "no area"),
            ({"bbox": [1, 2, 0, 4]}, "no area"),
            ({"bbox": [math.nan, 2, 3, 4]}, "finite"),
            ({"bbox": [1, 2, math.inf, 4]}, "finite"),
            ({"bbox": [1, 2, 10**400, 4]}, "finite"),
            ({"bbox": [1, 2, 3]}, "four numbers"),
            ({"bbox": "1,2,3,4"}, "four numbers"),
            ({"bbox": [90, 2, 3, 4]}, "outside"),
            ({"image_id": 9}, "no image 9"),
            ({"image_id": None}, "image_id"),
            ({"category_id": [5]}, "category_id"),
            ({"category_id": 6}, "no category 6"),
            ({"segmentation": [[1, 2, 3, 4]]}, "rings[0]"),
            ({"segmentation": [[1, 2, 3, 4, 5, 6, 7]]}, "odd number"),
            ({"segmentation": [[0.0] * 2_000_000]}, "100,000 points"),
            ({"segmentation": ["x"]}, "“segmentation” is “x”"),
            ({"segmentation": [["1", "2", "x", "4", "5", "6"]]}, "“segmentation” is “x”"),
            ({"segmentation": [{}]}, "rings[0]"),
            ({"bbox": ["1", "2", "3,5", "4"]}, "point, not a comma"),
            ({"segmentation": {"size": [48, 64], "counts": [5]}}, "do not fill"),
            ({"segmentation": {"size": [48, 64], "counts": [2**70]}}, "not a list of whole numbers"),
            ({"segmentation": {"size": [48, 64], "counts": [2**63 - 1, 2**63 - 1, 3074]}}, "do not fill"),
            ({"segmentation": {"size": [48, 64], "counts": "oooooooooooo0"}}, "counts"),
            ({"segmentation": {"size": [2**31 - 1, 2**31 - 1], "counts": "1"}}, "pixels"),
            ({"segmentation": {"size": [10, 10], "counts": [0, 100]}}, "10 × 10"),
            ({"segmentation": {"size": "x"}}, "size"),
            ({"segmentation": {"size": [48, 64], "counts": [48 * 64]}}, "no pixel"),
            ({"keypoints": [1, 2]}, "triples"),
            ({"keypoints": [1, 2, 7]}, "v of 7"),
        ],
    )
    def test_bad_annotations_are_named_and_stop_nothing(self, bad, reason):
        found = coco.read(document(annotation(id=8), annotation(**bad)))
        assert len(found.entries[0].items) == 1
        (said,) = reasons(found)
        assert said.startswith("annotations[1]: ")
        assert reason in said
        assert len(said) < 300

    def test_an_image_of_bad_annotations_alone_is_not_empty(self):
        data = document(annotation(bbox=[0, 0, 0, 0]), annotation(image_id=2))
        data = data.replace(b'"images": [', b'"images": [{"id": 2, "file_name": "2.jpg"}, ')
        assert {e.name: e.answer for e in coco.read(data).entries} == {"1.jpg": "none", "2.jpg": "objects"}

    @pytest.mark.parametrize("tail", [b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000, b"", b"}", b'"\xff\xfe'])
    def test_a_broken_end_leaves_what_came_before(self, tail):
        data = document(annotation())[:-2] + b", " + tail
        found = coco.read(data)
        assert len(found.entries[0].items) == 1
        assert len(found.faults) == 1

    @pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"x", b"[" * 100_000, b'{"images"', b'{"images": 5}', b"null"])
    def test_other_files_are_refused_or_empty(self, data):
        try:
            assert coco.read(data).entries == []
        except coco.NotCoco as error:
            assert error.detail

    def test_elements_that_are_something_else(self):
        data = b'{"images": [1, {"id": 1}, {"id": true, "file_name": "x"}], "annotations": [null], "categories": ["a"]}'
        assert len(coco.read(data).faults) == 5

    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(),
            lambda of: (
                st.lists(of)
                | st.dictionaries(st.sampled_from(["id", "bbox", "size", "counts", "segmentation", "keypoints"]), of)
            ),
        )
    )
    def test_anything_in_place_of_an_annotation(self, value):
        coco.read(document(value, annotation(segmentation=value), annotation(bbox=value), annotation(id=value)))


def test_the_nuclei_come_in_and_out_again(shared_data):
    found = coco.read((shared_data / "nuclei/annotations.json").read_bytes())
    assert (len(found.entries), sum(len(e.items) for e in found.entries), found.faults) == (200, 5685, [])
    rows = json.loads((shared_data / "nuclei/annotations.json").read_bytes())["annotations"]
    assert sum(row["area"] for row in rows) == sum(item.shape.area() for e in found.entries for item in e.items)
    assert all(isinstance(item.shape, Mask) and item.shape.width < 256 for e in found.entries for item in e.items)
    assert coco.read(written(found.entries, found.classes)) == found
