"""A project whose pictures have embeddings: two clouds that a head can tell apart."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from modelyard.server.events import FeaturesReady
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.services import AppServices
from modelyard.server.tables import Embedding, EmbeddingShard
from tests.factories.images import add_images

BACKBONE = "efficientnet_lite0"
DIMENSIONS = 16


def embeddings(kinds: NDArray[np.int64], *, noise: float = 0.2, seed: int = 0) -> NDArray[np.float32]:
    """Return one embedding an image, near its kind's axis, shape (N, 16), L2-normalised."""
    values = np.eye(DIMENSIONS)[kinds] + noise * np.random.default_rng(seed).standard_normal((len(kinds), DIMENSIONS))
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)


def write_features(
    services: AppServices, session: WriteSession, project_id: UUID, ids: list[UUID], kinds: list[int]
) -> None:
    """Write embeddings of these pictures as the features job does."""
    file = io.BytesIO()
    np.save(file, embeddings(np.array(kinds), seed=len(kinds)))
    key = f"features/{ids[0]}.npy"
    services.blobs.put_at(key, file.getvalue())
    facts = {"backbone": BACKBONE, "view": "plain"}
    shard = EmbeddingShard(project_id=project_id, path=key, rows=len(ids), dimensions=DIMENSIONS, **facts)
    session.add(shard)
    session.flush()
    session.add_all(Embedding(image_id=id_, shard_id=shard.id, row=row, **facts) for row, id_ in enumerate(ids))
    session.flush()


@dataclass
class Bench:
    """A project with features, and what a person does with it over HTTP."""

    services: AppServices
    client: TestClient
    project_id: UUID
    classes: list[str]

    def add(self, kinds: list[int], **values: Any) -> list[UUID]:
        """Add pictures of these kinds with their embeddings, as imports and the features job do."""
        with self.services.db.write() as session:
            ids = add_images(session, self.project_id, len(kinds), **values)
            write_features(self.services, session, self.project_id, ids, kinds)
            publish(session, FeaturesReady(self.project_id, BACKBONE))
        return ids

    def label(self, image_id: UUID, kind: int) -> None:
        """Answer one picture for the first time."""
        body = {"answer": "class", "class_id": self.classes[kind]}
        answer = self.client.put(f"/api/v1/images/{image_id}/annotation", json=body)
        assert answer.status_code == 200, answer.text

    def get(self, path: str) -> Any:
        """Get an address of the project."""
        answer = self.client.get(f"/api/v1/projects/{self.project_id}/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def bench(services: AppServices, owner: TestClient, project: dict[str, Any]) -> Bench:
    classes = owner.get(f"/api/v1/projects/{project['id']}/classes").json()
    return Bench(services, owner, UUID(project["id"]), [row["id"] for row in classes])


@pytest.fixture
def learnt(bench: Bench, run_jobs: Callable[[], int]) -> list[UUID]:
    """Return forty pictures of two kinds in turn, the first eight labelled and suggestions made for the others."""
    ids = bench.add([0, 1] * 20)
    for number, id_ in enumerate(ids[:8]):
        bench.label(id_, number % 2)
    run_jobs()
    return ids
