"""CVAT: every shape comes back; bombs, tracks and broken shapes are named."""

import pytest
from hypothesis import given

from modelyard.formats import cvat
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.shapes import Box, Ellipse, Keypoints, Mask, Point, Polygon
from tests.formats import drawings
from tests.formats.drawings import image, images, reasons

SHAPES = (
    drawings.boxes
    | drawings.turned
    | drawings.polygons
    | drawings.ellipses
    | drawings.mask_shapes
    | drawings.keypoints
    | drawings.polylines
    | drawings.points
)
DOCUMENT = '<annotations><image id="0" name="1.jpg" width="64" height="48">{}</image>{}</annotations>'
BOX = '<box label="a" xtl="{}" ytl="2" xbr="10" ybr="8"/>'


def listing(*shapes, more=""):
    return cvat.read(DOCUMENT.format("".join(shapes), more).encode())


@given(images(SHAPES))
def test_round_trip(entries):
    found = cvat.read("".join(cvat.write(entries, ["7"])).encode())
    assert (found.entries, found.faults) == (entries, [])


def test_whole_images_layers_and_holes():
    rings = Polygon(((0, 0, 9, 0, 9, 9, 0, 9), (2, 2, 4, 2, 4, 4, 2, 4)))
    entries = [
        Entry(name="1", class_name="bun", answer="class", split="val"),
        image(Item(class_name="a", shape=Box(1, 1, 2, 2), extra={"z": 2}, attributes={"occluded": True}), name="2"),
        image(Item(class_name="a", shape=rings), name="3"),
        Entry(name="4"),
    ]
    found = cvat.read("".join(cvat.write(entries)).encode())
    assert found.entries[:2] == entries[:2]
    assert found.entries[2].items[0].shape.area() == 81 - 4
    assert len(found.entries) == 3
    assert cvat.lost(entries) == {
        "polygons with holes, which become masks": 1,
        "images without an answer, which are left out": 1,
    }


def test_shapes_as_cvat_writes_them():
    found = listing(
        '<box label="a" occluded="1" xtl="1.50" ytl="2" xbr="3" ybr="4" rotation="30.0" z_order="0"></box>',
        '<mask label="a" rle="1, 2, 3" left="5" top="6" width="3" height="2" occluded="0"/>',
        '<ellipse label="a" cx="9" cy="8" rx="3" ry="2"/>',
        '<points label="a" points="1.0,2.0"/>',
        '<points label="a" points="1,2;3,4"><attribute name="n">2</attribute></points>',
        '<skeleton label="a"><points label="1" outside="1" points="0,0"/><points label="2" points="3,4"/></skeleton>',
    )
    assert [item.shape for item in found.entries[0].items] == [
        Box(1.5, 2, 3, 4, 30),
        Mask(6, 6, 2, 1, "02"),
        Ellipse(9, 8, 3, 2),
        Point(1, 2),
        Keypoints(((1, 2, 2), (3, 4, 2))),
        Keypoints(((0, 0, 0), (3, 4, 2))),
    ]
    assert [dict(found.entries[0].items[at].attributes) for at in (0, 4)] == [{"occluded": True}, {"n": 2.0}]
    assert listing().entries[0].answer == "objects"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (BOX.format("1,5"), "point, not a comma"),
        (BOX.format("nan"), "finite"),
        (BOX.format("11"), "no area"),
        (BOX.format("-30"), "was cut"),
        ('<box label="a"/>', "“xtl”"),
        ('<box xtl="1" ytl="2" xbr="10" ybr="8"/>', "no class"),
        ('<polygon label="a" points="1,2;3,4"/>', "needs 3"),
        ('<polygon label="a" points="1,2;3,4;5"/>', "odd number"),
        ('<polygon label="a"/>', "“points”"),
        ('<polygon label="a" points="' + "1,2;" * 300_000 + '1,2"/>', "100,000"),
        ('<points label="a" points="1,2,3"/>', "odd number"),
        ('<skeleton label="a"/>', "empty"),
        ('<mask label="a" rle="1,2" left="0" top="0" width="2" height="2"/>', "do not fill"),
        ('<mask label="a" rle="-1,5" left="0" top="0" width="2" height="2"/>', "do not fill"),
        ('<mask label="a" rle="1e300" left="0" top="0" width="2" height="2"/>', "do not fill"),
        ('<mask label="a" rle="4" left="0" top="0" width="2" height="2"/>', "no pixel"),
        ('<mask label="a" rle="4" left="0" top="0" width="2000000000" height="2000000000"/>', "too large"),
        ('<mask label="a" rle="4" left="nan" top="0" width="nan" height="2"/>', "empty or too large"),
        ('<cuboid label="a"/>', "not known"),
    ],
)
def test_bad_shapes_are_named_and_stop_nothing(bad, reason):
    found = listing(BOX.format(1), bad)
    assert found.entries[0].items[0].shape == Box(1, 2, 10, 8)
    (said,) = reasons(found)
    assert said.startswith("1.jpg, ")
    assert reason in said
    assert len(said) < 250


def test_a_broken_end_leaves_what_came_before():
    data = DOCUMENT.format(BOX.format(1), '<image id="1" name="2.jpg"').encode()
    found = cvat.read(data)
    assert len(found.entries) == 1
    assert "broken" in reasons(found)[0]


def test_images_without_names_are_told():
    assert [fault.place for fault in listing(more='<image id="9"/>').faults] == ["image 9"]


class TestTracks:
    BOX = '<box frame="{}" keyframe="1" outside="{}" xtl="{}" ytl="2" xbr="{}" ybr="8" rotation="{}"/>'

    def listing(self, *moments):
        size = "<meta><task><original_size><width>64</width><height>48</height></original_size></task></meta>"
        track = f'<track id="3" label="a">{"".join(moments)}</track>'
        return cvat.read(f"<annotations>{size}{track}</annotations>".encode())

    def test_boxes_move_evenly_until_they_leave(self):
        found = self.listing(
            self.BOX.format(2, 0, 0, 10, 350), self.BOX.format(4, 0, 4, 14, 10), self.BOX.format(5, 1, 4, 14, 10)
        )
        assert {e.name: [item.shape for item in e.items] for e in found.entries} == {
            "frame_000002": [Box(0, 2, 10, 8, 350)],
            "frame_000003": [Box(2, 2, 12, 8, 360)],
            "frame_000004": [Box(4, 2, 14, 8, 10)],
            "frame_000005": [],
        }
        assert {(e.width, e.height, e.answer) for e in found.entries} == {(64, 48, "objects")}

    def test_polygons_with_other_points_stay_until_the_next(self):
        moments = [
            '<polygon frame="{}" outside="0" points="{}"/>'.format(*said)
            for said in ((0, "0,0;8,0;8,8"), (2, "4,0;12,0;12,8"), (4, "0,0;8,0;8,8;0,8"))
        ]
        found = [
            entry.items[0].shape.rings[0][0] for entry in sorted(self.listing(*moments).entries, key=lambda e: e.name)
        ]
        assert found == [0, 2, 4, 4, 0]

    @pytest.mark.parametrize("frame", ["-1", "x", "1.5", "999999999999", "nan", "", "9000000"])
    def test_frames_that_cannot_be_meant(self, frame):
        found = self.listing(self.BOX.format(0, 0, 0, 10, 0), self.BOX.format(frame, 0, 4, 14, 0))
        assert len(found.entries) <= 1
        assert "track 3" in reasons(found)[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<annotation/>",
        b'<!DOCTYPE a [<!ENTITY b "x">]><annotations>&b;</annotations>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><annotations>&b;</annotations>',
        b"{}",
    ],
)
def test_other_files_are_refused(data):
    with pytest.raises(cvat.NotCvat):
        cvat.read(data)


def test_a_very_deep_file():
    deep = "<a>" * 100_000 + "</a>" * 100_000
    assert len(listing(BOX.format(1), more=deep).entries) == 1
