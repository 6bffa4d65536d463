"""A real server, started as people start it: by one command, spoken to over HTTP."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import httpx
import pytest

from modelyard.geometry.shapes import from_json
from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from modelyard.server.datasets.layouts import fits
from modelyard.server.datasets.schemas import ExportFormat
from modelyard.server.services import open_services
from modelyard.server.settings import Settings
from tests.factories.pictures import picture
from tests.server.processes import wait_for

pytestmark = pytest.mark.slow

EMAIL, PASSWORD = "ana@bakery.example", "correct horse battery"
WIDTH, HEIGHT = 160, 120
CLASSES = ("bun", "roll", "tart")
WHOLE = {"type": "whole"}
BOX = {"type": "box", "x1": 10.0, "y1": 20.0, "x2": 110.5, "y2": 90.0, "angle": 0.0}
TURNED = {"type": "box", "x1": 40.0, "y1": 40.0, "x2": 80.0, "y2": 60.0, "angle": 30.0}
POLYGON = {"type": "polygon", "rings": [[5.0, 5.0, 50.0, 5.0, 5.0, 50.0]]}
HOLED = {"type": "polygon", "rings": [[60.0, 10.0, 120.0, 10.0, 120.0, 70.0], [90.0, 20.0, 110.0, 20.0, 110.0, 40.0]]}
ELLIPSE = {"type": "ellipse", "cx": 60.0, "cy": 90.0, "rx": 20.0, "ry": 10.0, "angle": 15.0}
LEFT = {"type": "mask", "x": 3, "y": 4, "width": 20, "height": 30, "counts": "0hb0"}
ARM = {"type": "keypoints", "points": [[10.0, 10.0, 2], [0.0, 0.0, 0], [30.0, 40.0, 1]]}
SMALL = {"type": "keypoints", "points": [[70.0, 80.0, 2], [90.0, 100.0, 2], [80.0, 90.5, 2]]}
# What is drawn into two pictures of a project of each kind; of each class once, since masks as pictures know no more.
DRAWN: dict[str, list[list[dict[str, Any]]]] = {
    "multi_label": [[WHOLE, WHOLE], [WHOLE]],
    "detection": [[BOX, TURNED], [BOX]],
    "segmentation": [[POLYGON, HOLED, ELLIPSE], [LEFT, BOX]],
    "semantic": [[LEFT, HOLED], [ELLIPSE]],
    "keypoints": [[ARM, SMALL], [SMALL]],
}


class Server:
    """A server in a process of its own, and its API as the owner sees it."""

    def __init__(self, folder: Path) -> None:
        services = open_services(Settings(data=folder))
        with services.db.write() as session:
            accounts.register(session, Registration(email=EMAIL, name="Ana", password=PASSWORD), is_admin=True)
        services.close()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "modelyard.cli", "serve", "--data", str(folder), "--port", str(port)]
        environment = {**os.environ, "MODELYARD_LOG_LEVEL": "error"}
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{port}"
        self.api = httpx.Client(base_url=f"{url}/api/v1", headers={"Origin": url}, timeout=60)
        wait_for(self.answers)
        self.json("POST", "/session", json={"email": EMAIL, "password": PASSWORD})

    def answers(self) -> bool:
        """Say whether it is there."""
        try:
            return self.api.get("/health").is_success
        except httpx.TransportError:
            return False

    def json(self, method: str, path: str, **options: Any) -> Any:
        """Ask the API and return what it answers."""
        reply = self.api.request(method, path, **options)
        assert reply.is_success, f"{method} {path}: {reply.status_code} {reply.text[:500]}"
        return reply.json() if reply.content else None

    def done(self, path: str, key: str = "state") -> dict[str, Any]:
        """Wait until a job or an import has ended, and return it."""
        found: dict[str, Any] = {}

        def has_ended() -> bool:
            found.update(self.json("GET", path))
            return found[key] not in ("receiving", "queued", "running")

        wait_for(has_ended, every_s=0.05)  # A look is work for the server, which has work to do.
        return found

    def project(self, name: str, task: str, classes: tuple[str, ...] = ()) -> str:
        """Make a project."""
        return str(self.json("POST", "/projects", json={"name": name, "task": task, "classes": list(classes)})["id"])

    def class_ids(self, project_id: str) -> dict[str, str]:
        """Return the id of each class."""
        return {row["name"]: row["id"] for row in self.json("GET", f"/projects/{project_id}/classes")}

    def add(self, project_id: str, name: str, shade: int) -> str:
        """Add a picture."""
        content = picture(shade, (WIDTH, HEIGHT))
        made = self.json("POST", f"/projects/{project_id}/images", params={"name": name}, content=content)
        return str(made["image"]["id"])

    def export(self, project_id: str, format_: str) -> bytes:
        """Export everything as it is now, and return the archive."""
        job = self.json("POST", f"/projects/{project_id}/exports", json={"format": format_})
        done = self.done(f"/jobs/{job['id']}")
        assert done["state"] == "succeeded", done
        return self.api.get(f"/exports/{job['id']}/download").content

    def bring(self, project_id: str, archive: bytes) -> dict[str, Any]:
        """Import an archive, and return the report."""
        body = {"files": [{"name": "export.zip", "size_bytes": len(archive)}]}
        started = self.json("POST", f"/projects/{project_id}/imports", json=body)
        path = f"/imports/{started['id']}"
        self.json("PUT", f"{path}/files/{started['files'][0]['id']}/content", content=archive)
        self.json("POST", f"{path}/finish")
        return self.done(path)

    def said(self, project_id: str) -> dict[str, tuple[str, list[tuple[Any, ...]]]]:
        """Return each picture's answer and its objects, by the last part of its name, which all formats keep."""
        names = {id_: name for name, id_ in self.class_ids(project_id).items()}
        found = {}
        for card in self.json("GET", f"/projects/{project_id}/images", params={"limit": 100})["items"]:
            shown = self.json("GET", f"/images/{card['id']}/objects")
            answer = card["answer"] or {"answer": "none"}
            objects: list[tuple[Any, ...]] = [
                (names[row["class_id"]], *from_json(row["shape"]).bounds()) for row in shown["objects"]
            ]
            if answer["answer"] == "class":
                objects = [(names[answer["class_id"]],)]
            found[card["name"].split("/")[-1].removeprefix("shop_")] = (answer["answer"], sorted(objects))
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("served") / "data")
    yield made
    made.api.close()
    made.process.terminate()
    made.process.wait(timeout=60)


def fill(server: Server, task: str, name: str) -> str:
    """Make a project of this kind with pictures: some things to see, nothing to see, and nobody has looked."""
    project_id = server.project(name, task, CLASSES)
    ids = server.class_ids(project_id)
    if task == "keypoints":
        skeleton = {"points": ["shoulder", "elbow", "wrist"], "edges": [[0, 1], [1, 2]]}
        for class_id in ids.values():
            server.json("PUT", f"/projects/{project_id}/classes/{class_id}/skeleton", json={"skeleton": skeleton})
    pictures = [server.add(project_id, path, 40 * at) for at, path in enumerate(("shop/one.jpg", "two.jpg"))]
    empty, _ = server.add(project_id, "empty.jpg", 90), server.add(project_id, "waits.jpg", 130)
    if task == "classification":
        for image_id, class_id in zip([*pictures, empty], ids.values(), strict=True):
            body = {"answer": "class", "class_id": class_id}
            server.json("PUT", f"/images/{image_id}/annotation", json=body, headers={"If-Match": "0"})
        return project_id
    for image_id, shapes in zip([*pictures, empty], [*DRAWN[task], []], strict=True):
        put = [
            {"id": str(uuid4()), "class_id": class_id, "shape": shape, "attributes": {}, "z": z}
            for z, (class_id, shape) in enumerate(zip(ids.values(), shapes, strict=False))
        ]
        body = {"put": put, "answer": "objects"}
        server.json("PATCH", f"/images/{image_id}/objects", json=body, headers={"If-Match": "0"})
    return project_id


def test_a12_pictures_come_in_and_go_out_though_nothing_but_the_server_was_started(server: Server) -> None:
    project_id = fill(server, "classification", "Pastries")
    archive = server.export(project_id, "folders")
    copy = server.project("Copy", "classification")
    done = server.bring(copy, archive)
    assert (done["state"], done["added"], done["annotations"]) == ("finished", 4, 3), done


@pytest.mark.parametrize("task", ["classification", "detection", "segmentation", "keypoints"])
def test_a13_every_format_that_suits_a_project_goes_out_and_comes_into_an_empty_one(server: Server, task: str) -> None:
    project_id = fill(server, task, f"Trays, {task}")
    wanted = server.said(project_id)
    for format_ in (name for name in get_args(ExportFormat) if fits(name, task)):
        copy = server.project(f"{format_} of {task}", task)
        done = server.bring(copy, server.export(project_id, format_))
        assert (done["state"], done["refused"]) == ("finished", 0), (format_, done)
        found = server.said(copy)
        waits = found.pop("waits.jpg", ("none", []))
        assert waits == ("none", []), format_
        assert found.keys() == wanted.keys() - {"waits.jpg"}, format_
        for name, (answer, objects) in found.items():
            assert (answer, [row[0] for row in objects]) == (wanted[name][0], [row[0] for row in wanted[name][1]]), (
                format_
            )
            for mine, theirs in zip(objects, wanted[name][1], strict=True):
                assert mine[1:] == pytest.approx(theirs[1:], abs=1.0), (format_, name)
