"""Metrics equal scikit-learn's, and their intervals hold what they should."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from modelyard.engine import metrics

answers = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


def split(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(pairs)
    return table[:, 0], table[:, 1]


@given(answers)
def test_figures_equal_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truth, predicted = split(pairs)
    table = metrics.confusion(truth, predicted, 5)
    assert metrics.accuracy(truth, predicted) == pytest.approx(reference.accuracy_score(truth, predicted))
    assert np.array_equal(table, reference.confusion_matrix(truth, predicted, labels=range(5)))
    assert metrics.macro_f1(truth, predicted, 5) == pytest.approx(
        reference.f1_score(truth, predicted, average="macro", zero_division=0)
    )
    for index, figures in enumerate(metrics.per_class(table)):
        given_ = {"labels": [index], "average": "macro", "zero_division": 0}
        assert (figures.precision or 0) == pytest.approx(reference.precision_score(truth, predicted, **given_))
        assert (figures.recall or 0) == pytest.approx(reference.recall_score(truth, predicted, **given_))


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_interval_holds_the_share(right: int, wrong: int) -> None:
    low, high = metrics.wilson_interval(right, right + wrong)
    assert 0 <= low <= high <= 1
    if right + wrong:
        assert low <= right / (right + wrong) <= high


@given(answers)
def test_bootstrap_interval_holds_the_macro_f1(pairs: list[tuple[int, int]]) -> None:
    truth, predicted = split(pairs)
    low, high = metrics.macro_f1_interval(truth, predicted, 5, resamples=30)
    assert 0 <= low <= metrics.macro_f1(truth, predicted, 5) <= high <= 1


def test_bootstrap_over_groups_is_wider_than_over_images() -> None:
    groups = np.repeat(np.arange(20), 10)
    truth = np.zeros(200, int)
    predicted = np.where(groups < 10, 0, 1)
    one_by_one = metrics.macro_f1_interval(truth, predicted, 2)
    together = metrics.macro_f1_interval(truth, predicted, 2, groups=groups)
    assert together[1] - together[0] > one_by_one[1] - one_by_one[0]


def test_calibration_error_is_the_gap_between_score_and_truth() -> None:
    scores = np.full(100, 0.9)
    is_right = np.arange(100) % 10 < 6
    assert metrics.ece(scores, is_right, bins=1) == pytest.approx(0.3)


def test_mcnemar_is_the_exact_binomial_test() -> None:
    # By hand: 10 disagreements, 2 for the second: 2 * (1 + 10 + 45) / 1024.
    assert metrics.mcnemar(8, 2) == pytest.approx(112 / 1024)
    assert metrics.mcnemar(0, 0) == 1.0


def test_verdict_needs_evidence() -> None:
    first = np.array([True] * 6 + [False] * 1)
    assert metrics.compare(first, ~first).verdict == "no clear difference"
    many = np.repeat(first, 5)
    assert metrics.compare(many, ~many).verdict == "better"
    assert metrics.compare(~many, many).verdict == "worse"
