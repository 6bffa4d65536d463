import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from modelyard.server.services import AppServices
from modelyard.server.tables import Evaluation, Model, Run
from tests.server.training.conftest import Bench

Learnable = Callable[..., list[UUID]]
_PATIENCE_S = 120.0


@pytest.fixture
def start_worker(services: AppServices) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Return a function that starts a real worker process on this installation."""
    running: list[subprocess.Popen[bytes]] = []
    settings = services.settings
    environment = {**os.environ, "MODELYARD_DATABASE_URL": settings.database_url, "MODELYARD_LOG_LEVEL": "error"}

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "modelyard.server.worker", "--data", str(settings.data), "--name", "w"]
        running.append(subprocess.Popen(command, env=environment))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until something is so, looking every few milliseconds."""
    end = time.monotonic() + _PATIENCE_S
    while not what():
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.005)


def read_run(services: AppServices, run_id: str) -> Run:
    with services.db.read() as session:
        return session.get_one(Run, UUID(run_id))


def count_made(services: AppServices) -> tuple[int, int]:
    with services.db.read() as session:
        return session.query(Model).count(), session.query(Evaluation).count()


def test_run__goes_on_after_its_worker_was_killed(
    bench: Bench, learnable: Learnable, services: AppServices, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    learnable(300, spread=3.0)
    run = bench.start()
    worker = start_worker()
    wait_for(lambda: read_run(services, run["id"]).state != "queued")
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert read_run(services, run["id"]).state == "running"
    assert count_made(services) == (0, 0)
    start_worker()
    wait_for(lambda: read_run(services, run["id"]).state != "running")
    wait_for(lambda: bench.get(f"runs/{run['id']}")["state"] != "running")
    done = bench.get(f"runs/{run['id']}")
    assert done["state"] == "succeeded", done["job"]
    assert done["job"]["attempts"] == 2
    assert count_made(services) == (1, 1)
    assert bench.evaluation(done)["looks"] == 1
