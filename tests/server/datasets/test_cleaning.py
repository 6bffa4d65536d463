"""Archives of exports are deleted when their time is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from modelyard.server.services import AppServices
from modelyard.server.tables import Job, now
from tests.factories.images import image_row
from tests.factories.pictures import picture
from tests.server.datasets.conftest import Shelf

RunJobs = Callable[[], int]


@pytest.fixture
def export(shelf: Shelf, services: AppServices, run_jobs: RunJobs) -> Callable[..., dict[str, Any]]:
    """Return a function that exports one picture, and lets as many days pass."""
    data = picture()
    with services.db.write() as session:
        values = {"content_hash": services.blobs.put(data), "size_bytes": len(data), "width": 64, "height": 48}
        session.add(image_row(UUID(shelf.project_id), name="a.jpg", **values))

    def run(format_: str, *, days: float) -> dict[str, Any]:
        answer = shelf.client.post(f"/api/v1/projects/{shelf.project_id}/exports", json={"format": format_})
        run_jobs()
        with services.db.write() as session:
            job = session.get_one(Job, UUID(answer.json()["id"]))
            assert job.state == "succeeded"
            assert job.finished_at is not None
            job.finished_at -= timedelta(days=days)
            return {"id": str(job.id), **(job.result or {})}

    return run


@pytest.fixture
def clean(services: AppServices, run_jobs: RunJobs) -> Callable[[], int]:
    """Return a function that lets a day pass for the job, runs it, and says how many then wait."""

    def run() -> int:
        is_mine = Job.kind == "datasets.clean"
        with services.db.write() as session:
            session.execute(update(Job).where(is_mine).values(run_after=now() - timedelta(seconds=1)))
        assert run_jobs() == 1
        with services.db.read() as session:
            assert not session.scalars(select(Job).where(is_mine, Job.state == "failed")).all()
            return len(session.scalars(select(Job).where(is_mine, Job.state == "queued")).all())

    return run


def test_old_archives_are_deleted_and_the_job_comes_again(
    shelf: Shelf, services: AppServices, export: Callable[..., dict[str, Any]], clean: Callable[[], int]
) -> None:
    old, young = export("jsonl", days=7.1), export("csv", days=6.9)

    assert clean() == 1

    assert not services.blobs.has(old["blob"])
    gone = shelf.client.get(f"/api/v1/exports/{old['id']}/download")
    assert (gone.status_code, gone.json()["detail"]) == (
        404,
        "This export was deleted because its time was over. Export again.",
    )
    assert shelf.client.get(f"/api/v1/exports/{young['id']}/download").status_code == 200
    assert shelf.client.get(f"/api/v1/jobs/{old['id']}").json()["result"]["images"] == 1


def test_bytes_that_a_younger_export_shares_stay(
    shelf: Shelf, services: AppServices, export: Callable[..., dict[str, Any]], clean: Callable[[], int]
) -> None:
    old, young = export("jsonl", days=30), export("jsonl", days=0)
    assert old["blob"] == young["blob"]
    clean()
    assert shelf.client.get(f"/api/v1/exports/{young['id']}/download").status_code == 200
    assert shelf.client.get(f"/api/v1/exports/{old['id']}/download").status_code == 404


def test_while_somebody_packs_nothing_is_deleted(
    services: AppServices, export: Callable[..., dict[str, Any]], clean: Callable[[], int]
) -> None:
    old = export("jsonl", days=30)
    with services.db.write() as session:
        packing = {"kind": "datasets.export", "title": "Export", "params": {}, "state": "running"}
        session.add(Job(**packing, lease_expires_at=now() + timedelta(minutes=1)))
    assert clean() == 1
    assert services.blobs.has(old["blob"])


def test_the_job_rests_when_nothing_is_stored(export: Callable[..., dict[str, Any]], clean: Callable[[], int]) -> None:
    export("jsonl", days=30)
    assert clean() == 0
