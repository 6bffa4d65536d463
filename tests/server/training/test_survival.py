from collections.abc import Callable
from uuid import UUID

from modelyard.server.services import AppServices
from modelyard.server.tables import Evaluation, Model, Run
from tests.server.processes import Workers, wait_for
from tests.server.training.conftest import Bench

Learnable = Callable[..., list[UUID]]


def read_run(services: AppServices, run_id: str) -> Run:
    with services.db.read() as session:
        return session.get_one(Run, UUID(run_id))


def count_made(services: AppServices) -> tuple[int, int]:
    with services.db.read() as session:
        return session.query(Model).count(), session.query(Evaluation).count()


def test_run__goes_on_after_its_worker_was_killed(
    bench: Bench, learnable: Learnable, services: AppServices, workers: Workers
) -> None:
    learnable(300, spread=3.0)
    run = bench.start()
    worker = workers.start()
    wait_for(lambda: read_run(services, run["id"]).state != "queued")
    workers.kill(worker)
    assert read_run(services, run["id"]).state == "running"
    assert count_made(services) == (0, 0)
    workers.start()
    wait_for(lambda: read_run(services, run["id"]).state != "running")
    wait_for(lambda: bench.get(f"runs/{run['id']}")["state"] != "running")
    done = bench.get(f"runs/{run['id']}")
    assert done["state"] == "succeeded", done["job"]
    assert done["job"]["attempts"] == 2
    assert count_made(services) == (1, 1)
    assert bench.evaluation(done)["looks"] == 1
