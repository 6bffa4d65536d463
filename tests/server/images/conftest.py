"""A way to send files as the browser does, and to see what became of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

import modelyard.server.images.tasks  # noqa: F401 - registers the job
from modelyard.server.kit.compute import Pool
from modelyard.server.kit.jobs import Worker
from modelyard.server.services import AppServices
from modelyard.server.tables import Job

Send = Callable[..., dict[str, Any]]


@pytest.fixture
def send(owner: TestClient, project: dict[str, Any]) -> Send:
    """Return a function that announces files, sends them whole, and closes the import; the job still waits."""

    def run(files: Mapping[str, bytes], **options: Any) -> dict[str, Any]:
        announced = [{"name": name, "size_bytes": len(data)} for name, data in files.items()]
        body = {"files": announced, "options": options}
        created = owner.post(f"/api/v1/projects/{project['id']}/imports", json=body)
        assert created.status_code == 201, created.text
        for file, data in zip(created.json()["files"], files.values(), strict=True):
            if file["state"] == "receiving":
                url = f"/api/v1/imports/{created.json()['id']}/files/{file['id']}/content"
                answer = owner.put(url, content=data)
                assert answer.json() == {"received_bytes": len(data), "state": "received"}, answer.text
        finished = owner.post(f"/api/v1/imports/{created.json()['id']}/finish")
        assert finished.status_code == 202, finished.text
        return finished.json()

    return run


@pytest.fixture
def bring(owner: TestClient, send: Send, run_jobs: Callable[[], int]) -> Send:
    """Return a function that imports files to the end and returns the report."""

    def run(files: Mapping[str, bytes], **options: Any) -> dict[str, Any]:
        started = send(files, **options)
        run_jobs()
        return report(owner, started["id"])

    return run


def report(client: TestClient, import_id: str) -> dict[str, Any]:
    """Return an import, with the state and reason of each file by name."""
    found = client.get(f"/api/v1/imports/{import_id}").json()
    files = client.get(f"/api/v1/imports/{import_id}/files", params={"limit": 1000}).json()["items"]
    found["files"] = {file["name"]: (file["state"], file["reason"]) for file in files}
    return found


def cards(client: TestClient, project: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    """Return the project's images that match."""
    answer = client.get(f"/api/v1/projects/{project['id']}/images", params={"limit": 500, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Return child processes that all tests share: starting them takes longer than most tests."""
    pool = Pool(processes=2)
    yield pool
    pool.close()


@pytest.fixture
def run_jobs(services: AppServices, pool: Pool) -> Callable[[], int]:
    """Return a function that runs waiting imports, and nothing of the rooms further down."""
    worker = Worker(services, name="test-worker")
    worker._pool = pool

    def run() -> int:
        count = 0
        while True:
            with services.db.write() as session:
                session.execute(delete(Job).where(Job.kind != "images.import"))
            if not worker._run_next(("bulk",)):
                return count
            count += 1

    return run
