"""A worker that is killed while a detector looks at pictures: each is looked at, and nothing is suggested twice."""

from collections import Counter
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from modelyard.server.assist.service import suggesting
from modelyard.server.services import AppServices
from modelyard.server.tables import Job, ObjectSuggestion
from tests.server.assist.test_detectors import Bakery
from tests.server.processes import Workers, wait_for

PICTURES = 3 * suggesting._BATCH


@pytest.fixture
def bakery(owner: TestClient, services: AppServices, run_jobs: Callable[[], int]) -> Bakery:
    return Bakery(owner, services, run_jobs)


def test_a35_looking_goes_on_after_its_worker_was_killed_and_doubles_nothing(
    bakery: Bakery, services: AppServices, workers: Workers
) -> None:
    detector_id = bakery.bring()
    ids = {
        bakery.add((number % 8, number // 8 % 8), (7, 7), size=(64, 64 + 8 * (number // 64)))
        for number in range(PICTURES)
    }
    bakery.client.post(f"/api/v1/detectors/{detector_id}/suggest", json={})
    with services.db.write() as session:  # only the detector's job is of interest
        session.query(Job).filter(Job.kind != "assist.suggest_objects").delete()

    worker = workers.start()
    wait_for(lambda: count(services) > 0)
    workers.kill(worker)
    assert 0 < count(services) < 2 * len(ids) and state(services) == "running"

    workers.start()
    wait_for(lambda: state(services) == "succeeded")
    with services.db.read() as session:
        found = Counter((row.image_id, row.x1, row.y1) for row in session.query(ObjectSuggestion))
        (job,) = session.query(Job).filter_by(kind="assist.suggest_objects")
    assert set(found.values()) == {1}
    assert len({image_id for image_id, _, _ in found}) == job.result["looked_at"] == len(ids)
    assert job.result["suggested"] <= len(found)


def count(services: AppServices) -> int:
    with services.db.read() as session:
        return session.query(ObjectSuggestion).count()


def state(services: AppServices) -> str:
    with services.db.read() as session:
        (job,) = session.query(Job).filter_by(kind="assist.suggest_objects")
    return str(job.state)
