"""Every recipe learns, repeats itself and can be stopped; the choice explains itself."""

from typing import Any

import numpy as np
import pytest
from tests.factories.embeddings import made

from modelyard.engine.recipes import RECIPES, NoRecipe, Recipe, TrainConfig, TrainData, choose, explain
from modelyard.registry import UnknownName

every_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.names())


@every_recipe
def test_learns_calibrates_and_explains(recipe: Recipe) -> None:
    features, truth = made(4, 40)
    trained = recipe.train(TrainData(features, truth, 4, flipped=features), TrainConfig(promise=0.9), None)
    assert (trained.fit.logits(features).argmax(axis=1) == truth).mean() > 0.95
    assert trained.temperature > 0
    assert trained.selective.threshold is not None
    assert "160 labelled pictures and their mirror images" in trained.explanation


@every_recipe
def test_same_config_same_weights(recipe: Recipe) -> None:
    features, truth = made(3, 10)
    first, second = (recipe.train(TrainData(features, truth, 3), TrainConfig(seed=5), None) for _ in range(2))
    assert np.array_equal(first.fit.weights, second.fit.weights)


@every_recipe
def test_one_label_a_class_promises_nothing(recipe: Recipe) -> None:
    features, truth = made(3, 1)
    trained = recipe.train(TrainData(features, truth, 3), TrainConfig(), None)
    assert trained.selective.threshold is None
    assert trained.selective.missing == 299
    assert trained.suspects == []


@every_recipe
def test_can_be_stopped(recipe: Recipe) -> None:
    features, truth = made(3, 10)

    def stop(entry: dict[str, Any]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recipe.train(TrainData(features, truth, 3), TrainConfig(), stop)


@every_recipe
def test_card_says_everything(recipe: Recipe) -> None:
    card = recipe.card
    assert all([card.name, card.task, card.what, card.fits, card.needs, card.cost])
    assert card.estimate_s(2000) > card.estimate_s(100)


def test_choice() -> None:
    assert choose("auto", task="classification") == "head"
    with pytest.raises(UnknownName, match="Did you mean 'head'"):
        choose("hed", task="classification")
    with pytest.raises(NoRecipe, match="for detection"):
        choose("auto", task="detection")
    assert "fewer settings" in explain("classification", 100_000, budget_s=10).explanation
