"""Objects of two people paired as well as can be, against a second library; keypoints as COCO compares them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from modelyard.engine.agreement.objects import COCO_SIGMAS, match, oks


@given(st.lists(st.lists(st.integers(0, 20), min_size=1, max_size=5), min_size=1, max_size=5), st.integers(1, 5))
def test_match__as_many_pairs_as_possible_and_the_closest(rows: list[list[int]], width: int) -> None:
    overlap = np.array([(row * 5)[:width] for row in rows]) / 20
    found = match(overlap)
    worth = np.where(overlap >= 0.5, 100 + overlap, 0)
    best = worth[linear_sum_assignment(-worth)].sum()
    assert found.overlaps.sum() + 100 * len(found.pairs) == pytest.approx(best)
    assert len(set(found.pairs[:, 0])) == len(set(found.pairs[:, 1])) == len(found.pairs)


def test_match__figures() -> None:
    found = match(np.array([[0.8, 0.0], [0.0, 0.3], [0.0, 0.0]]))
    assert found.f1 == pytest.approx(2 / 5)
    assert found.mean_overlap == pytest.approx(0.8)


def test_match__nobody_drew_anything() -> None:
    found = match(np.zeros((0, 0)))
    assert (found.f1, found.mean_overlap) == (None, None)
    assert match(np.zeros((2, 0))).f1 == 0


def test_oks__falls_with_distance_as_coco_says() -> None:
    drawn = np.tile([10.0, 10, 2], (17, 1))
    moved = drawn + np.array([3, 4, 0])
    expected = np.exp(-25 / (2 * 900 * (2 * COCO_SIGMAS) ** 2)).mean()
    assert oks(drawn, moved, 900) == pytest.approx(expected)


def test_oks__points_that_only_one_labelled_do_not_count() -> None:
    assert oks(np.array([[0, 0, 2], [5, 5, 2.0]]), np.array([[0, 0, 1], [99, 99, 0.0]]), 100) == 1
    assert oks(np.array([[0, 0, 0.0]]), np.array([[0, 0, 2.0]]), 100) is None
