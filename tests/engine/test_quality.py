"""Planted label errors are found, and clean labels are left alone."""

import numpy as np
from tests.factories.embeddings import made

from modelyard.engine._logistic import softmax
from modelyard.engine.heads import fit_quick
from modelyard.engine.quality import label_errors


def test_planted_errors_come_first() -> None:
    features, truth = made(6, 40, spread=1.0)
    chance = np.random.default_rng(0)
    planted = chance.choice(len(truth), 12, replace=False)
    given = truth.copy()
    given[planted] = (truth[planted] + chance.integers(1, 6, 12)) % 6
    fit = fit_quick(features, given, 6)
    assert fit.out_of_fold_logits is not None
    found = label_errors(softmax(fit.out_of_fold_logits), given)
    first = found[:12]
    assert len({suspect.index for suspect in first} & set(planted.tolist())) >= 11
    assert all(suspect.suggested == truth[suspect.index] for suspect in first if suspect.index in planted)
    assert [suspect.score for suspect in found] == sorted((suspect.score for suspect in found), reverse=True)


def test_clean_labels_raise_few_suspicions() -> None:
    features, truth = made(6, 40, spread=0.6)
    fit = fit_quick(features, truth, 6)
    assert fit.out_of_fold_logits is not None
    assert len(label_errors(softmax(fit.out_of_fold_logits), truth)) <= 5


def test_nothing_is_suspected_of_nothing() -> None:
    assert label_errors(np.zeros((0, 3)), np.zeros(0, int)) == []
