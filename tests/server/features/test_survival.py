"""A worker that is killed while it looks at pictures: each picture has its embeddings once in the end."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from modelyard.engine.backbones import DEFAULT, FILES
from modelyard.server.features.service import open_shard
from modelyard.server.services import AppServices
from modelyard.server.tables import Embedding, EmbeddingShard, Job
from tests.factories.pictures import picture
from tests.server.processes import Workers, wait_for

PICTURES = 150

pytestmark = pytest.mark.skipif(not (FILES / f"{DEFAULT}.onnx").exists(), reason="the bundled backbone is not built")


def test_looking_goes_on_after_its_worker_was_killed(
    owner: TestClient, project: dict[str, Any], services: AppServices, workers: Workers
) -> None:
    address = f"/api/v1/projects/{project['id']}/images"
    for number in range(PICTURES):
        assert owner.post(address, params={"name": f"{number}.jpg"}, content=picture(number)).status_code == 201

    worker = workers.start()
    wait_for(lambda: count(services) > 0)  # The plain view is there, the mirrored one is not yet.
    workers.kill(worker)
    assert count(services) == PICTURES

    workers.start()
    wait_for(lambda: state(services) == "succeeded")
    with services.db.read() as session:
        rows = session.query(Embedding).all()
        shards = {shard.id: open_shard(services.blobs, shard) for shard in session.query(EmbeddingShard)}
    assert len(rows) == len({(row.image_id, row.view) for row in rows}) == 2 * PICTURES
    assert len({(row.shard_id, row.row) for row in rows}) == 2 * PICTURES
    assert sum(len(stored) for stored in shards.values()) == 2 * PICTURES


def count(services: AppServices) -> int:
    with services.db.read() as session:
        return session.query(Embedding).count()


def state(services: AppServices) -> str:
    with services.db.read() as session:
        job = session.query(Job).filter_by(kind="features.embed").order_by(Job.id.desc()).first()
    assert job is not None
    return job.state
