"""A project whose images carry embeddings that a head can learn in a moment, and the requests that train it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from modelyard.engine.backbones import DEFAULT, FILES
from modelyard.server.services import AppServices
from tests.factories.learnable import add_learnable


@dataclass
class Bench:
    """One person's view of a project's runs and models."""

    client: TestClient
    project_id: str
    classes: dict[str, str]
    run_jobs: Callable[[], int]

    def get(self, path: str, **params: Any) -> Any:
        """Return what lies at an address."""
        answer = self.client.get(f"/api/v1/{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def start(self, **body: Any) -> dict[str, Any]:
        """Ask for a run."""
        answer = self.client.post(f"/api/v1/projects/{self.project_id}/runs", json=body)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def train(self, **body: Any) -> dict[str, Any]:
        """Train a model to its end and return the run."""
        run = self.start(**body)
        self.run_jobs()
        done = self.get(f"runs/{run['id']}")
        assert done["state"] == "succeeded", done["job"]
        return done

    def model(self, run: dict[str, Any]) -> dict[str, Any]:
        """Return the model that a run made."""
        return self.get(f"models/{run['model_id']}")

    def evaluation(self, run: dict[str, Any]) -> dict[str, Any]:
        """Return the report of the model that a run made."""
        return self.get(f"models/{run['model_id']}/evaluations")


@pytest.fixture
def bench(owner: TestClient, project: dict[str, Any], run_jobs: Callable[[], int]) -> Bench:
    if not (FILES / f"{DEFAULT}.onnx").exists():
        pytest.skip("the bundled backbone is not built (`python -m modelyard.engine.backbones build`)")
    classes = owner.get(f"/api/v1/projects/{project['id']}/classes").json()
    return Bench(owner, project["id"], {row["name"]: row["id"] for row in classes}, run_jobs)


@pytest.fixture
def learnable(services: AppServices, bench: Bench) -> Callable[..., list[UUID]]:
    """Return a function that adds labelled images with embeddings."""

    def add(each: int, **values: Any) -> list[UUID]:
        classes = [UUID(class_id) for class_id in bench.classes.values()]
        return add_learnable(services, UUID(bench.project_id), classes, each, **values)

    return add
