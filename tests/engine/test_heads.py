"""Heads learn what can be learnt, are at chance where nothing can, and repeat themselves."""

import time
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from tests.factories.embeddings import made

from modelyard.engine._logistic import Problem
from modelyard.engine.folds import group_folds
from modelyard.engine.heads import HeadDataWrong, HeadOptions, fit_head, fit_quick


def share_right(logits: np.ndarray, truth: np.ndarray) -> float:
    return float((logits.argmax(axis=1) == truth).mean())


def test_logistic_equals_scikit_learn() -> None:
    rows, classes = made(4, 30, dimensions=10)
    problem = Problem(rows, classes, 4, np.ones(len(rows), np.float32))
    mine = problem.fit(1.0, np.zeros((11, 4), np.float32), iterations=200, tolerance=1e-6)
    theirs = LogisticRegression(C=1.0, tol=1e-8, max_iter=1000).fit(rows, classes)
    assert np.allclose(mine[:-1].T, theirs.coef_, atol=2e-3)


def test_digits_are_learnt_as_well_as_by_scikit_learn() -> None:
    features, truth = load_digits(return_X_y=True)
    features = (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32)
    train, test, y_train, y_test = train_test_split(features, truth, test_size=0.4, random_state=0, stratify=truth)
    theirs = LogisticRegression(C=30, max_iter=2000).fit(train, y_train).score(test, y_test)
    fit = fit_head(train, y_train, 10)
    assert share_right(fit.logits(test), y_test) >= theirs - 0.01
    assert fit.out_of_fold_logits is not None
    assert share_right(fit.out_of_fold_logits, y_train) == pytest.approx(
        share_right(fit.logits(test), y_test), abs=0.03
    )


def test_shuffled_labels_score_at_chance() -> None:
    features, truth = made(5, 40)
    fit = fit_head(features, np.random.default_rng(1).permutation(truth), 5)
    assert fit.out_of_fold_logits is not None
    assert share_right(fit.out_of_fold_logits, truth) < 0.35


def test_same_seed_same_weights() -> None:
    features, truth = made(4, 12)
    first, second = (fit_head(features, truth, 4, options=HeadOptions(seed=3)) for _ in range(2))
    assert np.array_equal(first.weights, second.weights)
    assert np.array_equal(first.bias, second.bias)


@pytest.mark.parametrize("each", [1, 2])
def test_one_or_two_labels_a_class_are_enough_to_begin(each: int) -> None:
    features, truth = made(6, each, spread=0.5)
    others, answers = made(6, 30, spread=0.5, seed=7)
    fit = fit_quick(features, truth, 6)
    means = np.stack([features[truth == label].mean(axis=0) for label in range(6)])
    assert share_right(fit.logits(others), answers) >= share_right(others @ means.T, answers) - 0.02
    assert np.isfinite(fit.weights).all()
    assert (fit.out_of_fold_logits is None) == (each == 1)


def test_class_without_labels_is_never_chosen() -> None:
    features, truth = made(3, 10)
    fit = fit_head(features, truth, 5)
    assert set(fit.logits(features).argmax(axis=1)) <= {0, 1, 2}


def test_rare_class_is_found_too() -> None:
    features, truth = made(2, 200, spread=1.6)
    kept = np.concatenate([np.arange(200), np.arange(200, 210)])
    others, answers = made(2, 100, spread=1.6, seed=5)
    fair = fit_head(features[kept], truth[kept], 2).logits(others).argmax(axis=1)
    plain = fit_head(features[kept], truth[kept], 2, options=HeadOptions(class_weights=False)).logits(others)
    assert (fair == 1)[answers == 1].mean() >= (plain.argmax(axis=1) == 1)[answers == 1].mean()


def test_groups_keep_memory_from_looking_like_sight() -> None:
    chance = np.random.default_rng(0)
    scenes = chance.normal(size=(60, 64))  # nothing in them tells the classes apart
    features = np.repeat(scenes, 5, axis=0) + 0.05 * chance.normal(size=(300, 64))
    features = (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32)
    groups = np.repeat(np.arange(60), 5)
    truth = groups % 3
    torn, whole = fit_head(features, truth, 3), fit_head(features, truth, 3, groups=groups)
    assert torn.out_of_fold_logits is not None
    assert whole.out_of_fold_logits is not None
    assert share_right(torn.out_of_fold_logits, truth) > 0.9
    assert share_right(whole.out_of_fold_logits, truth) < 0.55


def test_each_step_is_told_and_may_end_the_fit() -> None:
    features, truth = made(3, 12)
    heard: list[dict[str, Any]] = []
    fit = fit_head(features, truth, 3, on_step=heard.append)
    assert heard == fit.curve
    assert [entry["step"] for entry in heard] == [1, 2, 3, 4, 5, 6]

    class CancelledError(Exception):
        pass

    def cancel(entry: dict[str, Any]) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        fit_head(features, truth, 3, on_step=cancel)


def test_no_time_still_gives_a_head() -> None:
    features, truth = made(3, 12)
    fit = fit_head(features, truth, 3, options=HeadOptions(budget_s=0.0))
    assert share_right(fit.logits(features), truth) > 0.9


def test_every_fault_is_told_at_once() -> None:
    features, _ = made(2, 3)
    with pytest.raises(HeadDataWrong) as caught:
        fit_head(features, np.full(6, 7), 2, flipped=features[:2])
    assert "flipped" in caught.value.detail
    assert "from 0 to 1" in caught.value.detail
    assert "two classes" in caught.value.detail


def test_folds_keep_groups_whole_and_classes_even() -> None:
    truth = np.repeat([0, 1], [60, 40])
    groups = np.arange(100) // 4
    folds = group_folds(truth, groups)
    assert all(len(set(folds[groups == group])) == 1 for group in range(25))
    assert all(abs((truth[folds == fold] == 0).sum() - 12) <= 4 for fold in range(5))


@pytest.mark.slow
def test_quick_head_is_quick() -> None:
    features, truth = made(43, 47, dimensions=1280)
    started = time.process_time()
    fit_quick(features[:2000], truth[:2000], 43)
    assert time.process_time() - started < 1.4  # of two cores
