"""Two real worker processes: one is killed or falls asleep, and the other takes over its job."""

import signal
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from modelyard.engine.backbones import DEFAULT, FILES
from modelyard.server.services import AppServices
from modelyard.server.tables import Embedding, Job
from tests.factories.pictures import picture
from tests.server.processes import Workers, wait_for

PICTURES = 200

pytestmark = pytest.mark.skipif(not (FILES / f"{DEFAULT}.onnx").exists(), reason="the bundled backbone is not built")


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "asleep"])
def test_another_worker_takes_over(
    owner: TestClient, project: dict[str, Any], services: AppServices, workers: Workers, fate: signal.Signals
) -> None:
    address = f"/api/v1/projects/{project['id']}/images"
    for number in range(PICTURES):
        assert owner.post(address, params={"name": f"{number}.jpg"}, content=picture(number)).status_code == 201

    first = workers.start("first", lease_s="3")
    wait_for(lambda: read(services).state == "running" and count(services) > 0)
    first.send_signal(fate)
    workers.start("second", lease_s="3")
    wait_for(lambda: read(services).worker == "second")
    if fate == signal.SIGSTOP:
        first.send_signal(signal.SIGCONT)  # It goes on where it slept, and finds that its lease is gone.
    wait_for(lambda: read(services).state == "succeeded")

    job = read(services)
    assert (job.attempts, job.worker) == (2, "second")
    assert count(services) == 2 * PICTURES


def read(services: AppServices) -> Job:
    with services.db.read() as session:
        return session.query(Job).filter(Job.kind == "features.embed", Job.id == first_id(services)).one()


def first_id(services: AppServices) -> UUID:
    with services.db.read() as session:
        found: UUID = session.query(Job.id).filter_by(kind="features.embed").order_by(Job.id).limit(1).scalar()
    return found


def count(services: AppServices) -> int:
    with services.db.read() as session:
        return session.query(Embedding).count()
