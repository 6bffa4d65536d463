"""A worker that is killed in the middle of an import: the next one goes on, and nothing is doubled or half there."""

from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient

from modelyard.server.images.storing import thumbnail_key
from modelyard.server.services import AppServices
from modelyard.server.tables import Image, ImportFile, Job
from tests.factories.pictures import archive, picture
from tests.server.images.conftest import Send, report
from tests.server.processes import Workers, wait_for

DIFFERENT, TWICE = 450, 30


def test_an_import_goes_on_after_its_worker_was_killed(
    owner: TestClient, project: dict[str, Any], send: Send, services: AppServices, workers: Workers
) -> None:
    files = {f"{number:03}.jpg": picture(number) for number in range(DIFFERENT)}
    files |= {f"again/{number:03}.jpg": picture(number) for number in range(TWICE)}
    files["words.jpg"] = b"not a picture at all"
    started = send({"pictures.zip": archive(files)}, format="none")

    worker = workers.start()
    wait_for(lambda: count(services) > 0)
    workers.kill(worker)
    assert 0 < count(services) < DIFFERENT
    assert report(owner, started["id"])["state"] != "finished"

    workers.start()
    wait_for(lambda: report(owner, started["id"])["state"] == "finished")
    found = report(owner, started["id"])
    assert (found["added"], found["duplicates"], found["refused"]) == (DIFFERENT, TWICE, 1)
    with services.db.read() as session:
        images = session.query(Image).all()
        states = session.query(ImportFile.state).filter_by(import_id=UUID(started["id"])).all()
        job = session.get_one(Job, UUID(started["job_id"]))
    assert len({image.content_hash for image in images}) == len(images) == DIFFERENT
    assert all(services.blobs.has(image.content_hash) for image in images)
    assert all(services.blobs.has_at(thumbnail_key(image.content_hash)) for image in images)
    assert "received" not in {state for (state,) in states}
    assert job.attempts == 2


def count(services: AppServices) -> int:
    with services.db.read() as session:
        return session.query(Image).count()
