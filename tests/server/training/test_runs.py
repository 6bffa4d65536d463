import io
import zipfile
from collections.abc import Callable
from uuid import UUID

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from modelyard.server.kit.compute import Pool
from modelyard.server.kit.jobs import JobCancelled, JobContext
from modelyard.server.kit.jobs.queue import claim
from modelyard.server.services import AppServices
from modelyard.server.tables import Evaluation, Job, Model, Run
from modelyard.server.training import tasks
from tests.server.training.conftest import Bench

Learnable = Callable[..., list[UUID]]


def weights(services: AppServices, run: dict) -> tuple[np.ndarray, np.ndarray]:
    with services.db.read() as session:
        artifacts = session.get_one(Model, UUID(run["model_id"])).artifacts
    stored = np.load(io.BytesIO(services.blobs.get(artifacts["head"])), allow_pickle=False)
    return stored["weights"], stored["bias"]


def test_run__from_labels_to_an_evaluated_model(bench: Bench, learnable: Learnable, services: AppServices) -> None:
    learnable(60)
    run = bench.start()
    assert (run["state"], run["number"], run["version_number"], run["model_id"]) == ("queued", 1, 1, None)
    bench.run_jobs()
    run = bench.get(f"runs/{run['id']}")
    assert run["state"] == "succeeded", run["job"]
    assert run["job"]["result"]["model_id"] == run["model_id"]
    assert run["seconds"] > 0
    assert run["curve"]
    assert run["explanation"].endswith(".")
    assert run["config"]["seed"] == 0
    assert run["config"]["content_hash"] == bench.get(f"versions/{run['version_id']}")["content_hash"]
    assert run["environment"]["libraries"]["numpy"] == np.__version__
    model = bench.model(run)
    assert model["summary"]["split"] == "test"
    assert model["summary"]["accuracy"] >= 0.9
    assert model["summary"]["n"] == bench.get(f"versions/{run['version_id']}")["splits"]["test"]
    assert [row["name"] for row in model["classes"]] == ["croissant", "bagel"]
    with services.db.read() as session:
        assert session.query(Evaluation).count() == 1


def test_run__model_downloads_as_a_zip(bench: Bench, learnable: Learnable) -> None:
    learnable(30)
    run = bench.train()
    answer = bench.client.get(f"/api/v1/models/{run['model_id']}/download")
    assert answer.headers["content-disposition"] == 'attachment; filename="pastries-model-1.zip"'
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"model.onnx", "classes.json", "preprocessing.json", "README.md", "predict.py"} <= set(names)


def test_run__latest_freezes_only_when_something_changed(bench: Bench, learnable: Learnable) -> None:
    learnable(20)
    first, again = bench.train(), bench.train()
    assert first["version_id"] == again["version_id"]
    learnable(5, seed=1)
    assert bench.train()["version_number"] == 2
    assert bench.train(version_id=first["version_id"])["version_number"] == 1


def test_run__the_same_seed_gives_the_same_weights(bench: Bench, learnable: Learnable, services: AppServices) -> None:
    learnable(40)
    one, two = weights(services, bench.train(seed=3)), weights(services, bench.train(seed=3))
    assert np.array_equal(one[0], two[0])
    assert np.array_equal(one[1], two[1])


def test_run__shuffled_labels_are_learnt_no_better_than_by_chance(bench: Bench, learnable: Learnable) -> None:
    learnable(150, shuffled=True, spread=1.0)
    low, high = bench.model(bench.train())["summary"]["accuracy_interval"]
    assert low < 0.5 < high


def test_run__cancelled_while_it_waits(bench: Bench, learnable: Learnable) -> None:
    learnable(10)
    run = bench.start()
    cancelled = bench.client.post(f"/api/v1/runs/{run['id']}/cancel")
    assert cancelled.json()["state"] == "cancelled"
    bench.run_jobs()
    assert bench.get(f"runs/{run['id']}")["state"] == "cancelled"
    assert bench.client.post(f"/api/v1/runs/{run['id']}/cancel").status_code == 409
    assert bench.get(f"projects/{bench.project_id}/models")["items"] == []


class Stopped(JobContext):
    """A job that somebody cancels while it is in its last stage."""

    def stage(self, text: str) -> None:
        super().stage(text)
        if text == "Packing":
            with self.db.write() as session:
                session.get_one(Job, self.job_id).cancel_requested = True
            self.beat()


def test_run__cancelled_at_the_last_moment_keeps_nothing(
    bench: Bench, learnable: Learnable, services: AppServices
) -> None:
    learnable(10)
    run = bench.start()
    with services.db.write() as session:
        session.execute(delete(Job).where(Job.kind != "training.run"))
    job, lease = claim(services.db, worker="test", lanes=("bulk",)) or pytest.fail("No job waits.")
    pool = Pool(processes=1)
    with pytest.raises(JobCancelled):
        tasks.run(Stopped(services, job, lease, pool), **job.params)
    pool.close()
    with services.db.read() as session:
        assert session.get_one(Run, UUID(run["id"])).state == "cancelled"
        assert session.query(Model).count() == session.query(Evaluation).count() == 0
    assert not list((services.settings.data / "models-in-work").iterdir())


def test_run__without_labels_says_what_to_do(bench: Bench) -> None:
    answer = bench.client.post(f"/api/v1/projects/{bench.project_id}/runs", json={})
    assert answer.status_code == 409
    assert "label some pictures" in answer.json()["detail"]
    assert bench.get(f"projects/{bench.project_id}/runs")["items"] == []


def test_run__unknown_recipe_is_refused(bench: Bench, learnable: Learnable) -> None:
    learnable(10)
    answer = bench.client.post(f"/api/v1/projects/{bench.project_id}/runs", json={"recipe": "haed"})
    assert answer.status_code == 422
    assert "head" in answer.json()["detail"]


def test_run__asked_twice_with_one_key_starts_once(bench: Bench, learnable: Learnable, services: AppServices) -> None:
    learnable(10)
    address, headers = f"/api/v1/projects/{bench.project_id}/runs", {"Idempotency-Key": "k1"}
    one, two = (bench.client.post(address, json={}, headers=headers).json() for _ in range(2))
    assert one["id"] == two["id"]
    with services.db.read() as session:
        assert session.query(Run).count() == 1


def test_run__killed_after_its_last_write_is_not_doubled(
    bench: Bench, learnable: Learnable, services: AppServices
) -> None:
    learnable(10)
    run = bench.train()
    with services.db.write() as session:
        job = session.get_one(Job, UUID(run["job_id"]))
        job.state, job.result = "queued", None
    bench.run_jobs()
    again = bench.get(f"runs/{run['id']}")
    assert (again["state"], again["model_id"]) == ("succeeded", run["model_id"])
    with services.db.read() as session:
        assert session.query(Model).count() == session.query(Evaluation).count() == 1


def test_run__is_hidden_from_strangers(bench: Bench, learnable: Learnable, stranger: TestClient) -> None:
    learnable(10)
    run = bench.train()
    for path in (f"runs/{run['id']}", f"models/{run['model_id']}", f"models/{run['model_id']}/evaluations"):
        assert stranger.get(f"/api/v1/{path}").status_code == 404
    assert stranger.get(f"/api/v1/models/{run['model_id']}/download").status_code == 404
    assert stranger.post(f"/api/v1/runs/{run['id']}/cancel").status_code == 404
