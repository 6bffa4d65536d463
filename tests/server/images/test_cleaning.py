"""Uploads that were begun and never finished are given up, in time and for good."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import select, update

from modelyard.server.services import AppServices
from modelyard.server.tables import Import, Job, now
from modelyard.server.worker import build_worker
from tests.server.images.conftest import report


def begin(client: TestClient, project: dict[str, Any]) -> str:
    """Begin an upload of two files, send one whole and half of the other, and go away."""
    files = [{"name": "a.jpg", "size_bytes": 4}, {"name": "b.jpg", "size_bytes": 8}]
    created = client.post(f"/api/v1/projects/{project['id']}/imports", json={"files": files}).json()
    for file in created["files"]:
        answer = client.put(f"/api/v1/imports/{created['id']}/files/{file['id']}/content", content=b"1234")
        assert answer.status_code == 200, answer.text
    return str(created["id"])


def clean(services: AppServices) -> None:
    """Let a day pass for the job, and run what waits."""
    with services.db.write() as session:
        past = now() - timedelta(seconds=1)
        session.execute(update(Job).where(Job.kind == "images.clean").values(run_after=past))
    worker = build_worker(services, name="test-worker")
    assert worker.run_until_idle() == 1
    worker.stop()


def waiting(services: AppServices) -> int:
    """Say how many jobs wait."""
    with services.db.read() as session:
        return len(session.scalars(select(Job).where(Job.kind == "images.clean", Job.state == "queued")).all())


def test_old_uploads_are_given_up_and_the_job_comes_again(
    owner: TestClient, project: dict[str, Any], services: AppServices
) -> None:
    old, young = begin(owner, project), begin(owner, project)
    assert waiting(services) == 1
    begun = {old: services.settings.upload_days + 0.1, young: services.settings.upload_days - 0.1}
    with services.db.write() as session:
        for import_id, days in begun.items():
            session.get_one(Import, UUID(import_id)).created_at = now() - timedelta(days=days)

    clean(services)

    assert [folder.name for folder in services.uploads.iterdir()] == [young]
    given_up = report(owner, old)
    assert (given_up["state"], given_up["refused"]) == ("finished", 2)
    assert "not finished within 7 days" in given_up["notes"][0]
    assert {state for state, _ in given_up["files"].values()} == {"refused"}
    assert report(owner, young)["state"] == "receiving"
    assert waiting(services) == 1

    file = {"files": [{"name": "c.jpg", "size_bytes": 4}]}
    assert owner.post(f"/api/v1/imports/{old}/files", json=file).status_code == 409


def test_the_job_rests_when_no_upload_is_under_way(
    owner: TestClient, project: dict[str, Any], services: AppServices
) -> None:
    import_id = begin(owner, project)
    with services.db.write() as session:
        session.get_one(Import, UUID(import_id)).created_at = now() - timedelta(days=8)
    clean(services)
    assert list(services.uploads.iterdir()) == []
    assert waiting(services) == 0
