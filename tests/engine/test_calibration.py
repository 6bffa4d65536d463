"""Temperatures recover what was planted; thresholds keep the promise they make."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.engine import calibration


def drawn(n: int, sharpness: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return logits `sharpness` times too sharp, and classes drawn from what they should be."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(size=(n, 4)).astype(np.float32) * 2
    classes = (logits + chance.gumbel(size=logits.shape)).argmax(axis=1)  # the Gumbel trick draws from softmax
    return logits * np.float32(sharpness), classes


def test_temperature_undoes_planted_overconfidence() -> None:
    assert calibration.fit_temperature(*drawn(5000, 3.0)) == pytest.approx(3.0, rel=0.1)


def test_temperature_of_few_rows_stays_near_one() -> None:
    logits, classes = drawn(10, 3.0)
    whole = calibration.fit_temperature(logits, classes, shrink=False)
    shrunk = calibration.fit_temperature(logits, classes)
    assert abs(np.log(shrunk)) == pytest.approx(abs(np.log(whole)) / 10, abs=0.01)


@pytest.mark.parametrize(("errors", "needed"), [(0, 299), (1, 473), (2, 628), (3, 773), (5, 1049)])
def test_answers_that_a_promise_of_99_percent_takes(errors: int, needed: int) -> None:
    assert calibration.needed_answers(errors, 0.99) == needed
    assert calibration.error_bound(errors, needed) <= 0.01 < calibration.error_bound(errors, needed - 1)


def test_promise_is_refused_with_the_number_of_missing_answers() -> None:
    found = calibration.select_threshold(np.full(298, 0.9), np.ones(298, bool), promise=0.99)
    assert found.threshold is None
    assert found.missing == 1


def test_threshold_accepts_exactly_the_answers_counted() -> None:
    chance = np.random.default_rng(3)
    scores = chance.random(2000)
    is_right = chance.random(2000) < 0.7 + 0.4 * scores
    found = calibration.select_threshold(scores, is_right, promise=0.95)
    assert found.threshold is not None
    assert int((scores >= found.threshold).sum()) == found.accepted


def test_promise_is_broken_in_one_of_twenty_worlds_at_most() -> None:
    broken = 0
    for seed in range(400):
        chance = np.random.default_rng(seed)
        scores = chance.random(600)
        is_right = chance.random(600) < 0.8 + 0.2 * scores  # right answers at score s: 0.8 + 0.2 s
        found = calibration.select_threshold(scores, is_right, promise=0.95)
        if found.threshold is not None:
            broken += (0.8 + 0.2 * (1 + found.threshold) / 2) < 0.95
    assert broken <= 400 * 0.05 + 9  # two standard deviations of chance on top


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=80), st.sampled_from([0.5, 0.8, 0.95]))
def test_what_is_chosen_is_what_applying_it_finds(rows: list[tuple[float, bool]], promise: float) -> None:
    scores, is_right = np.array([score for score, _ in rows]), np.array([right for _, right in rows], bool)
    found = calibration.select_threshold(scores, is_right, promise=promise)
    applied = calibration.apply_threshold(scores, is_right, promise=promise, threshold=found.threshold)
    assert (applied.accepted, applied.errors) == (found.accepted, found.errors)
    assert (found.missing > 0) == (found.threshold is None)
