"""Shapes survive JSON, say what is wrong with hostile ones, and fill the pixels that they hold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from modelyard.geometry import boxes, masks, rle
from modelyard.geometry.shapes import (
    Box,
    Ellipse,
    Keypoints,
    Mask,
    Point,
    Polygon,
    Polyline,
    ShapeInvalid,
    clip,
    from_json,
    outline,
    to_json,
    to_mask,
)

NUMBERS = st.floats(-1e6, 1e6)
SIDES = st.floats(0.5, 1e6)
ANGLES = st.floats(-360, 360)
PIXELS = hnp.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))
BOXES = st.builds(lambda x, y, w, h, a: Box(x, y, x + w, y + h, a), NUMBERS, NUMBERS, SIDES, SIDES, ANGLES)
RINGS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=8).map(
    lambda points: tuple(v for point in points for v in point)
)
MASKS = PIXELS.map(lambda array: masks.from_array(array, 3, 4) or masks.nothing())
SHAPES = st.one_of(
    BOXES,
    st.builds(Polygon, st.lists(RINGS, min_size=1, max_size=3).map(tuple)),
    st.builds(Ellipse, NUMBERS, NUMBERS, SIDES, SIDES, ANGLES),
    MASKS,
    st.builds(
        Keypoints, st.lists(st.tuples(NUMBERS, NUMBERS, st.sampled_from([0, 1, 2])), min_size=1, max_size=5).map(tuple)
    ),
    RINGS.map(Polyline),
    st.builds(Point, NUMBERS, NUMBERS),
)


class TestJson:
    @given(SHAPES)
    def test_round_trip(self, shape):
        assert from_json(to_json(shape)) == shape

    @pytest.mark.parametrize(
        ("value", "field"),
        [
            (None, "type"),
            ([], "type"),
            ({}, "type"),
            ({"type": "star"}, "star"),
            ({"type": ["box"]}, "type"),
            ({"type": "box", "x1": 0, "y1": 0, "x2": 1}, "y2"),
            ({"type": "box", "x1": "0", "y1": 0, "x2": 1, "y2": 1}, "x1"),
            ({"type": "box", "x1": True, "y1": 0, "x2": 1, "y2": 1}, "x1"),
            ({"type": "box", "x1": math.nan, "y1": 0, "x2": 1, "y2": 1}, "x1"),
            ({"type": "box", "x1": 0, "y1": 0, "x2": math.inf, "y2": 1}, "x2"),
            ({"type": "box", "x1": 0, "y1": 0, "x2": 10**400, "y2": 1}, "x2"),
            ({"type": "box", "x1": 0, "y1": 0, "x2": 0, "y2": 1}, "x2"),
            ({"type": "box", "x1": 0, "y1": 5, "x2": 4, "y2": 1}, "y2"),
            ({"type": "box", "x1": 0, "y1": 0, "x2": 4, "y2": 1, "z": 1}, "z"),
            ({"type": "polygon", "rings": []}, "rings"),
            ({"type": "polygon", "rings": 5}, "rings"),
            ({"type": "polygon", "rings": [[0, 0, 1, 1]]}, "rings[0]"),
            ({"type": "polygon", "rings": [[0, 0, 1, 1, 1, 0], [0, 0, 1, 1, 2, 2, 3]]}, "rings[1]"),
            ({"type": "polygon", "rings": [[0, 0, 1, 1, 1, math.nan]]}, "rings[0]"),
            ({"type": "polygon", "rings": [[0.0] * 200_002]}, "rings[0]"),
            ({"type": "polygon", "rings": [[0.0] * 200_000, [0.0] * 6]}, "rings"),
            ({"type": "ellipse", "cx": 0, "cy": 0, "rx": 0, "ry": 1}, "rx"),
            ({"type": "mask", "x": 0.5, "y": 0, "width": 1, "height": 1, "counts": "1"}, "x"),
            ({"type": "mask", "x": 0, "y": 0, "width": 0, "height": 1, "counts": "1"}, "width"),
            ({"type": "mask", "x": 0, "y": 0, "width": 2**30, "height": 2**30, "counts": "1"}, "width"),
            ({"type": "mask", "x": 0, "y": 0, "width": 1, "height": 1, "counts": "é"}, "counts"),
            ({"type": "mask", "x": 0, "y": 0, "width": 1, "height": 1, "counts": ""}, "counts"),
            ({"type": "mask", "x": 0, "y": 0, "width": 1, "height": 1, "counts": "9"}, "counts"),
            ({"type": "mask", "x": 0, "y": 0, "width": 1, "height": 1, "counts": "o" * 99}, "counts"),
            ({"type": "mask", "x": 0, "y": 0, "width": 1, "height": 1, "counts": [1]}, "counts"),
            ({"type": "keypoints", "points": []}, "points"),
            ({"type": "keypoints", "points": [[1, 2]]}, "points[0]"),
            ({"type": "keypoints", "points": [[1, 2, 3]]}, "points[0]"),
            ({"type": "keypoints", "points": [[1, "2", 1]]}, "points[0]"),
            ({"type": "polyline", "points": [1, 2]}, "points"),
            ({"type": "point", "x": 1, "y": [[[]]]}, "y"),
        ],
    )
    def test_hostile_values_are_refused_by_the_name_of_the_field(self, value, field):
        with pytest.raises(ShapeInvalid) as caught:
            from_json(value)
        assert f"“{field}" in caught.value.detail
        assert len(caught.value.detail) < 250


class TestArea:
    def test_of_rings_within_rings(self):
        square = lambda a, b: (a, a, b, a, b, b, a, b)  # noqa: E731
        polygon = Polygon((square(0.0, 10.0), square(1.0, 9.0), square(2.0, 8.0), square(20.0, 22.0)))
        assert polygon.holes() == [1]
        assert polygon.area() == 100 - 64 + 36 + 4

    @given(PIXELS)
    def test_of_a_mask_is_its_count(self, array):
        found = masks.from_array(array)
        assert (found.area() if found else 0) == array.sum()

    def test_turned_box_keeps_its_area_and_its_bounds_hold_it(self):
        box = Box(0, 0, 4, 2, angle=90)
        assert box.area() == 8
        assert box.bounds() == pytest.approx((1, -1, 3, 3))


class TestClip:
    @given(SHAPES)
    def test_what_is_left_touches_the_image(self, shape):
        found = clip(shape, 100, 80)
        if found is not None:
            x1, y1, x2, y2 = found.bounds()
            assert x1 <= 100 and y1 <= 80 and x2 >= 0 and y2 >= 0
            if not getattr(found, "angle", 0) and not isinstance(found, Ellipse | Keypoints):
                assert x1 >= 0 and y1 >= 0 and x2 <= 100 and y2 <= 80

    def test_a_hole_is_cut_with_its_outside(self):
        polygon = Polygon(((-10, 0, 10, 0, 10, 10, -10, 10), (-5, 2, 5, 2, 5, 8, -5, 8)))
        assert clip(polygon, 10, 10).area() == 100 - 30

    def test_outside_is_nothing(self):
        assert clip(Box(20, 20, 30, 30), 10, 10) is None
        assert clip(Box(10, 0, 30, 30), 10, 10) is None
        assert clip(Keypoints(((20, 1, 2), (1, 20, 1))), 10, 10) is None

    def test_keypoints_outside_are_no_longer_labelled(self):
        assert clip(Keypoints(((20, 1, 2), (1, 2, 1))), 10, 10).points == ((0, 0, 0), (1, 2, 1))


class TestMasks:
    @given(PIXELS)
    def test_run_lengths_round_trip(self, array):
        height, width = array.shape
        counts = rle.encode(array)
        assert (rle.decode(counts, width, height) == array).all()
        assert rle.from_runs(rle.to_runs(counts, array.size), width, height) == counts

    @given(PIXELS, st.integers(-4, 4), st.integers(-4, 4), st.integers(1, 9), st.integers(1, 9))
    def test_another_crop_holds_the_same_pixels(self, array, x, y, width, height):
        height_before, width_before = array.shape
        mask = Mask(2, 3, width_before, height_before, rle.encode(array))
        canvas = np.zeros((40, 40), bool)
        canvas[13 : 13 + height_before, 12 : 12 + width_before] = array
        found = masks.reframe(mask, (x, y, width, height))
        assert (found.to_array() == canvas[y + 10 : y + 10 + height, x + 10 : x + 10 + width]).all()
        assert masks.trim(mask) == masks.from_array(array, 2, 3)

    def test_long_run_lengths_round_trip(self):
        array = np.random.default_rng(0).random((300, 2000)) < 0.001
        assert (rle.decode(rle.encode(array), 2000, 300) == array).all()

    @pytest.mark.parametrize("runs", [[], [7], [-1, 7], [2**70], [1.5], ["a"], [[1]], None, [2**63 - 1, 2**63 - 1, 8]])
    def test_run_lengths_that_do_not_fill_the_mask(self, runs):
        with pytest.raises(rle.RunsInvalid):
            rle.from_runs(runs, 3, 2)

    @given(PIXELS)
    def test_outlines_fill_the_same_pixels(self, array):
        mask = masks.from_array(array, 5, 7)
        if mask is not None:
            polygon = masks.to_polygon(mask)
            assert polygon.area() == mask.area()
            assert to_mask(polygon, 40, 40) == mask

    @given(PIXELS, st.floats(0.1, 3))
    def test_simpler_outlines_never_vanish(self, array, tolerance):
        mask = masks.from_array(array)
        if mask is not None:
            exact, simple = masks.to_polygon(mask), masks.to_polygon(mask, tolerance)
            assert len(simple.rings) == len(exact.rings)

    def test_a_disc_needs_few_points(self):
        disc = to_mask(Ellipse(100, 100, 80, 50, 30), 200, 200)
        simple = masks.to_polygon(disc, 1.0)
        assert disc.area() == pytest.approx(math.pi * 80 * 50, rel=0.01)
        assert simple.area() == pytest.approx(disc.area(), rel=0.02)
        assert len(simple.rings[0]) < 80

    def test_boxes_and_ellipses_fill_what_their_outlines_fill(self):
        box = Box(10.2, 20.7, 60.1, 40.4, 25)
        assert to_mask(box, 100, 100) == to_mask(outline(box), 100, 100)
        assert to_mask(box, 100, 100).area() == pytest.approx(box.area(), rel=0.02)
        assert to_mask(Box(-5, -5, 3, 2), 10, 10).area() == 6
        assert to_mask(Box(50, 50, 60, 60), 10, 10).area() == 0

    def test_far_coordinates_cost_nothing(self):
        far = 2.0**30
        assert to_mask(Polygon(((-far, -far, far, -far, far, far, -far, far),)), 20, 10).area() == 200
        assert to_mask(Ellipse(0, 0, far, far), 20, 10).area() == 200

    def test_lines_have_no_mask(self):
        with pytest.raises(ShapeInvalid):
            to_mask(Polyline((0, 0, 1, 1)), 10, 10)

    def test_paste_cuts_what_is_outside(self):
        mask = masks.from_array(np.ones((4, 4), np.bool_), -2, 3)
        assert masks.paste(mask, 5, 5).sum() == 2 * 2
        assert clip(mask, 5, 5).area() == 4


class TestBoxes:
    ARRAYS = hnp.arrays(np.float32, st.tuples(st.integers(0, 4), st.just(4)), elements=st.floats(-1e4, 1e4, width=32))

    @given(ARRAYS, ARRAYS)
    def test_iou_is_symmetric_and_a_share(self, a, b):
        found = boxes.iou(a, b)
        assert found.shape == (len(a), len(b))
        assert ((found >= 0) & (found <= 1)).all()
        assert (found == boxes.iou(b, a).T).all()

    @given(BOXES)
    def test_corners_are_those_of_the_shape(self, box):
        array = np.array([[box.x1, box.y1, box.x2, box.y2]])
        found = boxes.corners(array, np.array([box.angle]))
        assert found.ravel() == pytest.approx(np.array(box.corners()), rel=1e-5, abs=1e-1)
