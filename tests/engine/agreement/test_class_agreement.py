"""Coefficients against worked examples from print, and against a second library."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from modelyard.engine.agreement.classes import (
    Labels,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    pair_tables,
    per_class,
)

# Fleiss 1971, table 1: 30 patients' worth of method on ten of them, 14 raters, 5 categories.
FLEISS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)
# Krippendorff 2011, example C: four observers, twelve units, classes 1 to 5, 0 where an observer said nothing.
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
)


def labels_of(table: np.ndarray, n_classes: int) -> Labels:
    people, items = np.nonzero(table)
    return Labels(items, people, table[people, items] - 1, n_classes)


@st.composite
def crowds(draw: st.DrawFn) -> Labels:
    k = draw(st.integers(2, 4))
    table = draw(st.lists(st.lists(st.integers(0, k), min_size=4, max_size=4), min_size=1, max_size=12))
    return labels_of(np.array(table).T, k)


def test_cohen_kappa__worked_example() -> None:
    assert cohen_kappa(np.array([[45, 15], [25, 15]])) == pytest.approx(0.1304, abs=5e-5)


def test_cohen_kappa__nothing_to_compare_or_one_class_only() -> None:
    assert cohen_kappa(np.zeros((2, 2), int)) is None
    assert cohen_kappa(np.array([[7, 0], [0, 0]])) is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=60))
def test_cohen_kappa__equals_a_second_library(said: list[tuple[int, int]]) -> None:
    a, b = np.array(said).T
    table = np.zeros((4, 4), int)
    np.add.at(table, (a, b), 1)
    ours = cohen_kappa(table)
    if ours is not None:
        assert ours == pytest.approx(cohen_kappa_score(a, b), abs=1e-9)


def test_fleiss_kappa__the_example_of_1971() -> None:
    assert fleiss_kappa(FLEISS) == pytest.approx(0.210, abs=5e-4)


def test_fleiss_kappa__needs_the_same_number_of_labels() -> None:
    with pytest.raises(ValueError, match="same number of labels"):
        fleiss_kappa(np.array([[2, 0], [1, 0]]))


def test_krippendorff_alpha__the_example_of_2011_with_gaps() -> None:
    assert krippendorff_alpha(labels_of(KRIPPENDORFF, 5).counts()) == pytest.approx(0.743, abs=5e-4)


@given(crowds())
def test_krippendorff_alpha__equals_a_second_library(said: Labels) -> None:
    krippendorff = pytest.importorskip("krippendorff", reason="The package krippendorff is not installed.")
    ours = krippendorff_alpha(said.counts())
    if ours is not None:
        counts = said.counts()
        assert ours == pytest.approx(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"), abs=1e-9)


def test_per_class__a_class_nobody_else_could_confirm_has_none() -> None:
    assert per_class(np.array([[1, 0], [0, 2]])) == [None, 1.0]


@given(crowds())
def test_pair_tables__equal_what_counting_one_by_one_gives(said: Labels) -> None:
    expected: dict[tuple[int, int], np.ndarray] = {}
    triples = sorted(zip(said.items.tolist(), said.people.tolist(), said.classes.tolist(), strict=True))
    for item, person, class_ in triples:
        for other_item, other, other_class in triples:
            if item == other_item and person < other:
                table = expected.setdefault((person, other), np.zeros((said.n_classes, said.n_classes), int))
                table[class_, other_class] += 1
    found = pair_tables(said)
    assert found.keys() == expected.keys()
    assert all((found[pair] == expected[pair]).all() for pair in found)
