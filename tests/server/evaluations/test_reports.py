from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from modelyard.server.services import AppServices
from modelyard.server.tables import QueueItem
from tests.factories.images import add_images
from tests.factories.learnable import add_learnable
from tests.server.training.conftest import Bench

Learnable = Callable[..., list[UUID]]


@pytest.fixture
def run(bench: Bench, learnable: Learnable) -> dict:
    """Return a run whose model is sometimes wrong."""
    learnable(100, spread=4.0)
    return bench.train()


def test_report__adds_up(bench: Bench, run: dict) -> None:
    evaluation = bench.evaluation(run)
    report, model = evaluation["report"], bench.model(run)
    assert (evaluation["split"], evaluation["looks"]) == ("test", 1)
    assert report["n"] == sum(map(sum, report["confusion"])) == sum(row["n"] for row in report["classes"])
    right = sum(report["confusion"][index][index] for index in range(2))
    assert report["accuracy"] == pytest.approx(right / report["n"])
    low, high = report["accuracy_interval"]
    assert low <= report["accuracy"] <= high
    assert model["summary"]["accuracy"] == report["accuracy"]
    assert report["words"]["headline"]
    assert report["words"]["paragraph"]
    assert report["selective"]["sentence"]
    assert report["calibration"]["temperature"] == model["temperature"]
    assert sum(row["n"] for row in report["calibration"]["bins"]) == report["n"]


def test_report__cells_of_the_confusion_open_their_pictures(bench: Bench, run: dict) -> None:
    evaluation = bench.evaluation(run)
    ids = [row["id"] for row in bench.model(run)["classes"]]
    for row, truth in enumerate(ids):
        for column, predicted in enumerate(ids):
            found, cursor = [], None
            while True:
                params = {"truth": truth, "predicted": predicted, "limit": 3} | ({"cursor": cursor} if cursor else {})
                page = bench.get(f"evaluations/{evaluation['id']}/images", **params)
                found += page["items"]
                if not (cursor := page["next_cursor"]):
                    break
            assert len({one["image"]["id"] for one in found}) == evaluation["report"]["confusion"][row][column]
            assert all((one["truth_id"], one["predicted_id"]) == (truth, predicted) for one in found)
            assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)


def test_report__each_measurement_counts_as_a_look(bench: Bench, run: dict) -> None:
    again = bench.client.post(f"/api/v1/models/{run['model_id']}/evaluations", json={"split": "test"}).json()
    assert again["looks"] == 2
    assert again["id"] == bench.evaluation(run)["id"]
    assert again["report"]["accuracy"] == bench.model(run)["summary"]["accuracy"]
    bench.train(seed=1)
    assert bench.evaluation(run)["looks"] == 3


def test_report__val_split_can_be_measured_too(bench: Bench, run: dict) -> None:
    assert bench.client.get(f"/api/v1/models/{run['model_id']}/evaluations?split=val").status_code == 404
    answer = bench.client.post(f"/api/v1/models/{run['model_id']}/evaluations", json={"split": "val"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["report"]["n"] == bench.get(f"versions/{run['version_id']}")["splits"]["val"]


def test_report__older_model_on_a_newer_version(bench: Bench, learnable: Learnable, run: dict) -> None:
    learnable(20, seed=5, spread=4.0)
    newer = bench.train()
    body = {"split": "test", "version_id": newer["version_id"]}
    report = bench.client.post(f"/api/v1/models/{run['model_id']}/evaluations", json=body).json()["report"]
    assert report["n"] == bench.evaluation(newer)["report"]["n"] > bench.model(run)["summary"]["n"]


def test_report__the_gate_speaks_of_the_present_wish(bench: Bench, run: dict) -> None:
    for wish, meets in ((0.0, True), (1.0, False)):
        settings = {"settings": {"wish_accuracy": wish}}
        assert bench.client.patch(f"/api/v1/projects/{bench.project_id}", json=settings).status_code == 200
        gate = bench.evaluation(run)["report"]["gate"]
        assert gate["meets_wish"] is meets
        assert bench.model(run)["meets_wish"] is meets


def test_send_to_queue__wrong_pictures_come_back_with_their_reason(
    bench: Bench, run: dict, services: AppServices
) -> None:
    evaluation = bench.evaluation(run)
    confusion = evaluation["report"]["confusion"]
    wrong = confusion[0][1] + confusion[1][0]
    assert wrong > 0
    answer = bench.client.post(f"/api/v1/evaluations/{evaluation['id']}/send-to-queue", json={"what": "wrong"})
    assert answer.json() == {"queued": wrong}
    with services.db.read() as session:
        assert {row.reason for row in session.query(QueueItem)} == {"Model 1 was wrong here"}
        assert session.query(QueueItem).count() == wrong


def test_send_to_queue__without_a_threshold_only_the_unlikely_ones(
    bench: Bench, run: dict, services: AppServices
) -> None:
    evaluation = bench.evaluation(run)
    assert bench.model(run)["threshold"] is None
    answer = bench.client.post(f"/api/v1/evaluations/{evaluation['id']}/send-to-queue", json={"what": "undecided"})
    assert answer.json()["queued"] < evaluation["report"]["n"]


def test_report__classes_that_the_model_does_not_know_are_left_out(
    bench: Bench, learnable: Learnable, run: dict, services: AppServices
) -> None:
    listed = bench.client.post(f"/api/v1/projects/{bench.project_id}/classes", json={"name": "pretzel"}).json()
    pretzel = next(UUID(row["id"]) for row in listed if row["name"] == "pretzel")
    add_learnable(services, UUID(bench.project_id), [pretzel], 20, seed=9)
    version = bench.client.post(f"/api/v1/projects/{bench.project_id}/versions", json={}).json()
    body = {"version_id": version["id"]}
    answer = bench.client.post(f"/api/v1/models/{run['model_id']}/evaluations", json=body).json()
    assert answer["report"]["n"] == bench.evaluation(run)["report"]["n"] < version["splits"]["test"]
    assert "of classes that it does not know" in answer["report"]["words"]["paragraph"]


def test_report__waits_until_the_pictures_were_looked_at(bench: Bench, run: dict, services: AppServices) -> None:
    with services.db.write() as session:
        labels = dict.fromkeys(range(3), UUID(bench.classes["bagel"]))
        add_images(session, UUID(bench.project_id), 3, labels=labels, given_split="test")
    version = bench.client.post(f"/api/v1/projects/{bench.project_id}/versions", json={}).json()
    body = {"version_id": version["id"]}
    answer = bench.client.post(f"/api/v1/models/{run['model_id']}/evaluations", json=body)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/features-missing"


def test_small_project__says_that_its_figures_are_cross_validated(bench: Bench, learnable: Learnable) -> None:
    learnable(15, given_split="train")
    run = bench.train()
    evaluation = bench.evaluation(run)
    assert evaluation["split"] == bench.model(run)["summary"]["split"] == "cv"
    assert evaluation["report"]["n"] == 30
    assert evaluation["report"]["gate"]["meets_wish"] is False
    assert "cross-validation" in evaluation["report"]["gate"]["text"]
    answer = bench.client.post(f"/api/v1/models/{run['model_id']}/evaluations", json={"split": "test"})
    assert answer.status_code == 409
    assert "Label" in answer.json()["detail"]


def test_evaluation__is_hidden_from_strangers(bench: Bench, run: dict, stranger: TestClient) -> None:
    evaluation = bench.evaluation(run)
    assert stranger.get(f"/api/v1/evaluations/{evaluation['id']}/images").status_code == 404
    body = {"what": "wrong"}
    assert stranger.post(f"/api/v1/evaluations/{evaluation['id']}/send-to-queue", json=body).status_code == 404
