"""Comparisons of two drawings, and figures from pairs of labels against those from whole items."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.engine.agreement.classes import fleiss_kappa, krippendorff_alpha, per_class
from modelyard.engine.agreement.comparing import (
    Cell,
    alpha_of_pairs,
    by_chance,
    compare,
    fleiss_of_pairs,
    shared,
    shared_by_class,
    skills,
)
from modelyard.engine.agreement.drawings import Drawing
from modelyard.geometry.shapes import Box, Whole

A, B = Box(0, 0, 10, 10), Box(50, 50, 60, 60)
said = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=4), min_size=1, max_size=10)


def pair_tables(items: list[list[int]]) -> dict[int, np.ndarray]:
    found: dict[int, np.ndarray] = {}
    for item in items:
        for one, other in combinations(item, 2):
            found.setdefault(len(item), np.zeros((3, 3), int))[one, other] += 1
    return found


def counts(items: list[list[int]]) -> np.ndarray:
    return np.array([np.bincount(item, minlength=3) for item in items])


@given(said)
def test_alpha_of_pairs__equals_that_of_whole_items(items: list[list[int]]) -> None:
    assert alpha_of_pairs(pair_tables(items)) == pytest.approx(krippendorff_alpha(counts(items)))


@given(st.integers(2, 4), said)
def test_fleiss_of_pairs__equals_that_of_whole_items(labels: int, items: list[list[int]]) -> None:
    same = [(item * 4)[:labels] for item in items]
    assert fleiss_of_pairs(pair_tables(same)[labels]) == pytest.approx(fleiss_kappa(counts(same)))


@given(st.lists(st.lists(st.integers(0, 2), min_size=2, max_size=2), min_size=1, max_size=10))
def test_shared_by_class__equals_the_specific_agreement(items: list[list[int]]) -> None:
    table = np.zeros((4, 4), int)
    table[:3, :3] = pair_tables(items)[2]
    assert shared_by_class(table) == pytest.approx(per_class(counts(items)))
    assert shared(table) == pytest.approx(sum(one == other for one, other in items) / len(items))


def test_compare__by_class_first_then_by_place_then_alone() -> None:
    first = [Drawing("bun", A), Drawing("bun", B)]
    second = [Drawing("roll", A), Drawing("bun", A), Drawing("roll", B), Drawing("roll", Box(90, 90, 99, 99))]
    assert compare(first, second, (100, 100)) == [
        Cell("bun", "bun", 1, 1.0),
        Cell("bun", "roll", 1, 1.0),
        Cell(None, "roll", 2, 0.0),
    ]


def test_compare__classes_of_the_whole_image_lie_nowhere() -> None:
    first, second = [Drawing("sweet", Whole()), Drawing("old", Whole())], [Drawing("sweet", Whole())]
    assert compare(first, second, (9, 9)) == [Cell("sweet", "sweet", 1, 1.0), Cell("old", None, 1, 0.0)]


def test_nothing_said() -> None:
    nothing = np.array([[0, 0], [0, 3]])
    assert compare([], [], (9, 9)) == []
    assert (shared(nothing), shared_by_class(nothing), by_chance(nothing[0], nothing[0])) == (None, [None], None)
    assert (alpha_of_pairs({}), fleiss_of_pairs(nothing[:1, :1])) == (None, None)


def test_skills__whoever_agrees_with_careless_people_only_is_not_thought_better() -> None:
    # Two careful people agree with each other nine times in ten; everybody else at random.
    share = np.array([[0, 0.9, 0.5, 0.5], [0.9, 0, 0.5, 0.5], [0.5, 0.5, 0, 0.6], [0.5, 0.5, 0.6, 0]])
    said = 100 * (1 - np.eye(4))
    found = skills(share * said, said)
    assert found[0] == found[1] > (share[0].sum() / 3) > found[2]
    assert skills(np.zeros((1, 1)), np.zeros((1, 1))).tolist() == [0.0]
