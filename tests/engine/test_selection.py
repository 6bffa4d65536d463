"""What helps most comes first, every picture gets a place, and chance always has its share."""

import time

import numpy as np
import pytest
from tests.factories.embeddings import made

from modelyard.engine.selection import CHANCE, TYPICAL, UNSURE, helpful_order


@pytest.mark.parametrize("with_margins", [True, False])
@pytest.mark.parametrize("with_labels", [True, False])
def test_every_picture_gets_a_place(*, with_margins: bool, with_labels: bool) -> None:
    features, _ = made(5, 30)
    margins = np.random.default_rng(0).random(150) if with_margins else None
    labelled = made(2, 5, seed=3)[0] if with_labels else None
    picks = helpful_order(features, count=150, margins=margins, labelled=labelled)
    assert sorted(pick.index for pick in picks) == list(range(150))


def test_first_pictures_show_every_class() -> None:
    features, truth = made(10, 50)
    picks = helpful_order(features, count=24)
    shown = {int(truth[pick.index]) for pick in picks if pick.reason == TYPICAL}
    assert len(shown) >= 9


def test_classes_without_a_label_come_before_those_with_some() -> None:
    features, truth = made(6, 50)
    labelled = features[truth < 3][::5]
    picks = helpful_order(features, count=10, labelled=labelled)
    fresh = [truth[pick.index] >= 3 for pick in picks if pick.reason != CHANCE]
    assert np.mean(fresh) >= 0.7


def test_unsure_pictures_come_first_and_chance_has_its_share() -> None:
    features, _ = made(5, 200)
    margins = np.linspace(1, 0, 1000)
    picks = helpful_order(features, count=40, margins=margins)
    unsure = [pick.index for pick in picks if pick.reason == UNSURE]
    assert min(unsure) >= 600
    assert sum(pick.reason == CHANCE for pick in picks) == 6


def test_same_seed_same_order() -> None:
    features, _ = made(5, 30)
    assert helpful_order(features, count=20, seed=4) == helpful_order(features, count=20, seed=4)


def test_nothing_to_choose_from() -> None:
    assert helpful_order(np.zeros((0, 8), np.float32), count=5) == []


@pytest.mark.slow
def test_order_of_20000_pictures_is_quick() -> None:
    features = np.random.default_rng(0).normal(size=(20_000, 1280)).astype(np.float32)
    started = time.process_time()
    helpful_order(features, count=60)
    assert time.process_time() - started < 1.4  # of two cores
