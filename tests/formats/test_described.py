"""What is known of whole images, and the points of classes, through the formats that can say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.formats import (
    coco,
    csv_table,
    cvat,
    datumaro,
    folders,
    hf_imagefolder,
    jsonl,
    losses,
    mask_png,
    voc,
    yolo,
)
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.shapes import Box, Keypoints
from tests.formats import drawings
from tests.formats.drawings import image, on_disk

ARM = {
    "points": ["shoulder", "el <b> ow", "wrist"],
    "edges": [[0, 1], [1, 2]],
    "layout": [[0.25, 0.5], [0.5, 0], [1, 1]],
}
DOCUMENTS = {"jsonl": jsonl, "cvat": cvat}
described = st.builds(
    lambda entries, values: [
        Entry(name=e.name, answer=e.answer, items=e.items, split=e.split, width=64, height=64, attributes=values)
        for e in entries
    ],
    drawings.images(drawings.boxes),
    drawings.ATTRIBUTES,
)


class TestAttributesOfImages:
    @given(described)
    def test_json_lines_bring_them_back(self, entries):
        assert jsonl.read("".join(jsonl.write(entries)).encode()).entries == entries
        assert jsonl.lost(entries) == {}

    @given(described)
    def test_datumaro_brings_them_back(self, entries):
        with on_disk(datumaro.write(entries)) as files:
            found = {entry.name: entry.attributes for entry in datumaro.read(files).entries}
        assert found == {entry.name: entry.attributes for entry in entries}
        assert losses.IMAGE_ATTRIBUTES not in datumaro.lost(entries)

    @given(drawings.ATTRIBUTES)
    def test_in_cvat_they_are_those_of_the_tag(self, values):
        entry = Entry(name="1.jpg", answer="class", class_name="bun", attributes=values)
        (found,) = cvat.read("".join(cvat.write([entry])).encode()).entries
        assert found.whole_classes == ["bun"]
        assert [item.attributes for item in found.items] == ([values] if values else [])
        assert cvat.lost([entry]) == {}

    @given(described)
    def test_image_folders_bring_them_back(self, entries):
        with on_disk(hf_imagefolder.write(entries)) as files:
            found = {entry.name: entry.attributes for entry in hf_imagefolder.read(files).entries}
        places = hf_imagefolder.places(entries)
        assert found == {place: entry.attributes for place, entry in zip(places, entries, strict=True)}
        assert losses.IMAGE_ATTRIBUTES not in hf_imagefolder.lost(entries)

    def test_image_folders_of_others_may_have_them_as_objects(self):
        rows = '{"file_name": "1.jpg", "attributes": {"tray": 4, "x": null}}\n{"file_name": "2.jpg", "attributes": "{"}'
        with on_disk([("metadata.jsonl", [rows])]) as files:
            found = hf_imagefolder.read(files)
        assert [dict(entry.attributes) for entry in found.entries] == [{"tray": 4.0}, {}]
        assert [fault.where for fault in found.faults] == ["metadata.jsonl, line 2"]

    @pytest.mark.parametrize("module", [coco, csv_table, folders, mask_png, voc, yolo])
    def test_other_formats_count_them(self, module):
        entries = [Entry(name="1.jpg", answer="class", class_name="bun", attributes={"tray": 4.0})]
        assert module.lost(entries)[losses.IMAGE_ATTRIBUTES] == 1

    def test_cvat_counts_those_that_no_tag_has(self):
        box = Item(class_name="a", shape=Box(1, 2, 3, 4))
        assert cvat.lost([image(box, attributes={"tray": 4.0})]) == {losses.IMAGE_ATTRIBUTES: 1}

    def test_of_others_what_is_no_attribute_stays_aside(self):
        (found,) = jsonl.read(b'{"file_name": "1.jpg", "label": "bun", "attributes": ["a"]}').entries
        assert (dict(found.attributes), found.extra) == ({}, {"attributes": ["a"]})


class TestPointsOfClasses:
    OBJECT = Item(class_name="arm", shape=Keypoints(((1, 2, 2), (0, 0, 0), (5, 6, 1))))

    def test_cvat_names_joins_and_places_them(self):
        text = "".join(cvat.write([image(self.OBJECT)], ["arm", "bun"], skeletons={"arm": ARM}))
        assert '<points label="el &lt;b&gt; ow"' in text
        found = cvat.read(text.encode())
        assert found.classes == [{"name": "arm", "skeleton": ARM}, {"name": "bun"}]
        assert found.entries == [image(self.OBJECT)]

    def test_cvat_tells_points_by_their_names(self):
        meta = "".join(
            f"<label><name>{name}</name><type>points</type><parent>arm</parent></label>" for name in ("a", "b", "c")
        )
        shape = '<skeleton label="arm"><points label="c" points="5,6"/><points label="a" points="1,2"/></skeleton>'
        found = cvat.read(
            f"<annotations><meta><labels><label><name>arm</name><svg>&lt;line</svg></label>{meta}</labels></meta>"
            f'<image id="0" name="1.jpg" width="64" height="64">{shape}</image></annotations>'.encode()
        )
        assert found.classes == [{"name": "arm", "skeleton": {"points": ["a", "b", "c"], "edges": [], "layout": []}}]
        assert found.entries[0].items[0].shape == Keypoints(((1, 2, 2), (0, 0, 0), (5, 6, 2)))

    def test_a_drawing_that_means_harm_joins_nothing(self):
        bomb = '<!DOCTYPE a [<!ENTITY b "x">]><line data-node-from="1" data-node-to="2"/>&b;'.replace("<", "&lt;")
        meta = "<label><name>a</name><type>points</type><parent>arm</parent></label>"
        found = cvat.read(
            f"<annotations><meta><labels><label><name>arm</name><svg>{bomb.replace('&b;', '&amp;b;')}</svg></label>"
            f"{meta}</labels></meta></annotations>".encode()
        )
        assert found.classes == [{"name": "arm", "skeleton": {"points": ["a"], "edges": [], "layout": []}}]
        assert found.faults == []

    def test_datumaro_names_and_joins_them(self):
        with on_disk(datumaro.write([image(self.OBJECT)], ["bun", "arm"], skeletons={"arm": ARM})) as files:
            found = datumaro.read(files)
        told = {"name": "arm", "keypoints": ARM["points"], "skeleton": [[1, 2], [2, 3]]}
        assert found.classes == [{"name": "bun"}, told]

    def test_yolo_names_them_and_pairs_them(self):
        written = yolo.write(
            [image(self.OBJECT)], ["arm"], kind="pose", flip_idx=[2, 1, 0], point_names={"arm": ARM["points"]}
        )
        with on_disk(written) as files:
            found = yolo.read(files, sizes={"images/rest/1.jpg": (64, 64)})
        skeleton = {"points": ARM["points"], "edges": [], "pairs": [[0, 2]]}
        assert found.classes == [{"name": "arm", "skeleton": skeleton}]

    @pytest.mark.parametrize("names", ["", "kpt_names: {0: [a, A]}\n", "kpt_names: {0: [a]}\n", "kpt_names: 5\n"])
    def test_yolo_numbers_points_without_fit_names(self, names):
        config = f"names: [arm]\nkpt_shape: [2, 3]\nflip_idx: [1, x]\n{names}"
        with on_disk([("data.yaml", [config])]) as files:
            found = yolo.read(files)
        assert found.classes == [{"name": "arm", "skeleton": {"points": ["1", "2"], "edges": [], "pairs": []}}]
