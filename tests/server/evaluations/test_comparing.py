from collections.abc import Callable
from uuid import UUID

import pytest

from tests.server.training.conftest import Bench

Learnable = Callable[..., list[UUID]]


def test_compare__model_with_itself(bench: Bench, learnable: Learnable) -> None:
    learnable(40, spread=4.0)
    run = bench.train()
    found = bench.get(f"models/{run['model_id']}/compare/{run['model_id']}")
    assert found["verdict"] == "no clear difference"
    assert found["p_value"] == pytest.approx(1.0)
    assert found["only_first"] == found["only_second"] == 0
    assert found["examples"] == []


def test_compare__more_labels_are_better_on_the_newer_test_split(bench: Bench, learnable: Learnable) -> None:
    learnable(100, shuffled=True, spread=2.0, given_split="train")
    learnable(100, seed=1, spread=2.0, given_split="test")
    poor = bench.train()
    learnable(200, seed=2, spread=2.0, given_split="train")
    good = bench.train()
    found = bench.get(f"models/{good['model_id']}/compare/{poor['model_id']}")
    assert found["verdict"] == "better"
    assert found["version_id"] == good["version_id"]
    assert found["n"] == found["both_right"] + found["only_first"] + found["only_second"] + found["both_wrong"] == 200
    assert found["accuracy"][0] > found["accuracy"][1]
    assert "Model 2 is better than model 1" in found["sentence"]
    assert 0 < len(found["examples"]) <= 12
    mirrored = bench.get(f"models/{poor['model_id']}/compare/{good['model_id']}")
    assert (mirrored["verdict"], mirrored["only_first"]) == ("worse", found["only_second"])


def test_compare__cross_validations_of_different_versions_are_refused(bench: Bench, learnable: Learnable) -> None:
    learnable(15, given_split="train")
    one = bench.train()
    learnable(5, seed=1, given_split="train")
    two = bench.train()
    address = f"/api/v1/models/{one['model_id']}/compare/{two['model_id']}"
    assert bench.client.get(address).status_code == 409
    assert bench.client.get(address, params={"split": "cv"}).status_code == 409
