"""What several people drew into one image, put together: every kind of shape, and what counts as something else."""

import numpy as np
import pytest

from modelyard.engine.agreement.drawings import Drawing, joint, overlap
from modelyard.engine.selection import diverse_order
from modelyard.geometry.shapes import Box, Ellipse, Keypoints, Mask, Point, Polygon, Polyline, Shape, Whole

SIZE = (100, 100)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Box(0, 0, 10, 10), Polygon(((0, 0, 10, 0, 10, 10, 0, 10),)), 1.0),
        (Box(0, 0, 10, 10), Box(20, 20, 30, 30), 0.0),
        (Mask(0, 0, 2, 2, "04"), Mask(0, 0, 2, 1, "02"), 0.5),
        (Ellipse(50, 50, 20, 10), Ellipse(50, 50, 20, 10), 1.0),
        (Point(5, 5), Point(5, 5), 1.0),
        (Point(5, 5), Point(50, 50), 0.0),
        (Point(5, 5), Box(0, 0, 10, 10), 0.0),
        (Polyline((0, 0, 50, 50)), Polyline((50, 50, 0, 0)), 1.0),
        (Polyline((0, 0, 50, 50)), Polyline((0, 50, 50, 100)), 0.0),
        (Whole(), Whole(), 1.0),
        (Keypoints(((1, 2, 2), (9, 9, 2))), Keypoints(((1, 2, 2), (9, 9, 2))), 1.0),
        (Keypoints(((1, 2, 2),)), Keypoints(((1, 2, 2), (9, 9, 2))), 0.0),
    ],
)
def test_how_alike_shapes_are(first: Shape, second: Shape, expected: float) -> None:
    assert overlap(first, second, SIZE) == pytest.approx(expected, abs=0.01)
    assert overlap(second, first, SIZE) == pytest.approx(expected, abs=0.01)


def test_three_people_who_drew_the_same_in_any_order() -> None:
    a, b = Box(0, 0, 10, 10), Box(50, 50, 80, 80)
    people = [
        [Drawing("bun", a), Drawing("roll", b)],
        [Drawing("roll", b), Drawing("bun", a)],
        [Drawing("bun", a), Drawing("roll", b)],
    ]
    found = joint(people, SIZE)
    assert found is not None
    assert found[1] == [a, b]


@pytest.mark.parametrize(
    "other",
    [
        [],
        [Drawing("roll", Box(0, 0, 10, 10))],
        [Drawing("bun", Box(6, 0, 16, 10))],
        [Drawing("bun", Box(0, 0, 10, 10)), Drawing("bun", Box(50, 50, 60, 60))],
    ],
)
def test_people_who_drew_other_things(other: list[Drawing]) -> None:
    assert joint([[Drawing("bun", Box(0, 0, 10, 10))], other], SIZE) is None


def test_the_drawing_that_is_most_like_all_others_is_kept() -> None:
    def outline(right: float) -> list[Drawing]:
        return [Drawing("bun", Polygon(((0, 0, right, 0, right, 20, 0, 20),)))]

    found = joint([outline(20), outline(24), outline(30)], SIZE)
    assert found is not None
    assert found[0] == 1
    assert found[1] == [outline(24)[0].shape]


def test_people_who_drew_nothing_agree() -> None:
    assert joint([[], []], SIZE) == (0, [])


def test_the_diverse_order_shows_every_kind_first() -> None:
    chance = np.random.default_rng(0)
    kinds = np.eye(4, 16, dtype=np.float32)[np.repeat(np.arange(4), 25)]
    views = kinds + 0.01 * chance.normal(size=kinds.shape).astype(np.float32)
    views /= np.linalg.norm(views, axis=1, keepdims=True)
    order = diverse_order(views)
    assert sorted(order) == list(range(100))
    assert set(order[:50] // 25) == {0, 1, 2, 3}
    assert len(diverse_order(np.zeros((0, 16), np.float32))) == 0
