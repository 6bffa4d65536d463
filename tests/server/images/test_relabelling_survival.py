"""A worker that is killed while labels are applied: the next one goes on, and no picture is changed twice or half."""

from typing import Any

from fastapi.testclient import TestClient

from modelyard.server.kit.compute import Pool
from modelyard.server.services import AppServices
from modelyard.server.tables import Annotation, Image, ImportChange, Object, new_id
from tests.server.images.test_relabelling import HEIGHT, WIDTH, Desk, coco
from tests.server.processes import Workers, wait_for

PICTURES, BOXES = 3000, 4


def test_labels_that_are_applied_go_on_after_a_kill(
    owner: TestClient, services: AppServices, pool: Pool, workers: Workers
) -> None:
    desk = Desk(owner, services, pool)
    names = [f"{number:04}.jpg" for number in range(PICTURES)]
    with services.db.write() as session:
        session.add_all(image(desk.project_id, name) for name in names)
    file: dict[str, Any] = {name: [("bun", 1.0 + at, 2.0, 20.0 + at, 30.0) for at in range(BOXES)] for name in names}
    assert desk.bring(coco(file))["annotations"] == PICTURES
    moved = {name: [("bun", 1.5 + at, 2.0, 20.5 + at, 30.0) for at in range(BOXES)] for name in names}
    found = desk.bring(coco(moved))
    assert found["changes"]["changed"] == PICTURES * BOXES

    owner.post(f"/api/v1/imports/{found['id']}/apply", json={})
    worker = workers.start()
    wait_for(lambda: applied(services) > 0)
    workers.kill(worker)
    assert 0 < applied(services) < PICTURES

    workers.start()
    wait_for(lambda: desk.show(found["id"])["changes"]["state"] == "applied")
    assert desk.show(found["id"])["changes"]["applied"] == PICTURES
    with services.db.read() as session:
        assert {revision for (revision,) in session.query(Annotation.revision)} == {2}
        now = session.query(Object).filter(Object.until_revision.is_(None)).all()
    assert len(now) == PICTURES * BOXES
    assert {box.x1 for box in now} == {1.5, 2.5, 3.5, 4.5}


def applied(services: AppServices) -> int:
    with services.db.read() as session:
        return session.query(ImportChange).filter_by(state="applied").count()


def image(project_id: str, name: str) -> Image:
    id_ = new_id()
    facts: dict[str, Any] = {"width": WIDTH, "height": HEIGHT, "brightness": 0.5, "contrast": 0.2, "sharpness": 9.0}
    facts |= {"format": "jpeg", "size_bytes": 1, "dhash": 0}
    return Image(id=id_, project_id=type(id_)(project_id), name=name, content_hash=id_.hex * 2, **facts)
