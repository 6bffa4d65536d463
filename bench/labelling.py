"""Claims: with 100,000 pictures on SQLite and three people labelling, grid and next picture answer in under 50 ms
(95 of 100 requests); with 20,000 pictures a label turns into fresh suggestions in under 2 seconds.

Run `python bench/labelling.py [--images 100000] [--seconds 60] [--port 8441]`. It makes an installation of its own in
a temporary folder, starts a real server and a real worker, and speaks HTTP over loopback as three browsers would.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import numpy as np
from _common import print_table
from _server import register, serving, sign_in
from sqlalchemy import insert

from modelyard.server.annotations.repository.waiting import waiting_row
from modelyard.server.app import load_events
from modelyard.server.projects import service as projects
from modelyard.server.projects.schemas import ProjectCreate
from modelyard.server.services import AppServices, open_services
from modelyard.server.settings import Settings
from modelyard.server.tables import (
    Annotation,
    AnnotationRevision,
    Class,
    Embedding,
    EmbeddingShard,
    Image,
    ProjectMember,
    QueueItem,
    Suggestion,
    User,
    new_id,
    now,
)

CLASSES = 40
DIMENSIONS = 1280
LABELLED = 0.02
SECONDS_A_PICTURE = 0.4  # a person who mostly presses Enter


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--fresh", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--port", type=int, default=8441)
    parser.add_argument("--no-worker", action="store_true", help="leave suggestions as they are")
    options = parser.parse_args()
    load_events()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        services = open_services(Settings(data=data, log_level="error"))
        people = [register(services, name, is_admin=name == "Ana") for name in ("Ana", "Bo", "Cy")]
        big = _make_project(services, "Big", people, options.images)
        small = _make_project(services, "Small", people, options.fresh)
        services.close()
        with serving(data, options.port) as url, nullcontext() if options.no_worker else _working(data):
            if not options.no_worker:
                _print_fresh(_fresh(url, small), options.fresh)
            _print(_label(url, big, options.seconds), options.images)


@contextmanager
def _working(data: Path) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "modelyard.server.worker", "--data", str(data)])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _make_project(services: AppServices, name: str, people: list[User], images: int) -> UUID:
    """Write a project as if it had been imported, looked at, labelled a little and suggested for."""
    chance = np.random.default_rng(0)
    with services.db.write() as session:
        actor: Any = argparse.Namespace(user_id=people[0].id, is_local=True)
        project = projects.create(
            session, actor, ProjectCreate(name=name, classes=[f"class {n:02}" for n in range(CLASSES)])
        )
        session.add_all(ProjectMember(project_id=project.id, user_id=user.id, role="annotator") for user in people[1:])
        session.flush()
        classes = [row.id for row in session.query(Class).filter_by(project_id=project.id).order_by(Class.position)]
        truth = chance.integers(0, CLASSES, images)
        ids = [new_id() for _ in range(images)]
        session.execute(insert(Image), [_image(project.id, id_, number, chance) for number, id_ in enumerate(ids)])
        labelled = set(range(0, images, int(1 / LABELLED)))
        _write_labels(session, project.id, [(ids[n], classes[truth[n]]) for n in sorted(labelled)])
        waiting = [
            waiting_row(project.id, id_, is_reserved=n % 5 == 1) for n, id_ in enumerate(ids) if n not in labelled
        ]
        session.execute(insert(QueueItem), waiting)
        _write_features(services, session, project.id, ids, truth, chance)
        guesses = [n for n in range(images) if n not in labelled and n % 5 != 1]
        session.execute(insert(Suggestion), [_guess(project.id, ids[n], classes, chance) for n in guesses])
        return project.id


def _image(project_id: UUID, image_id: UUID, number: int, chance: np.random.Generator) -> dict[str, Any]:
    facts: dict[str, Any] = {"format": "jpeg", "size_bytes": 200_000, "width": 1024, "height": 768, "dhash": number}
    facts |= {"brightness": float(chance.random()), "contrast": 0.2, "sharpness": float(chance.random() * 500)}
    facts |= {"is_reserved": number % 5 == 1, "content_hash": image_id.hex * 2, "name": f"folder/IMG_{number:06}.jpg"}
    return {"id": image_id, "project_id": project_id, "created_at": now(), **facts}


def _write_labels(session: Any, project_id: UUID, pairs: list[tuple[UUID, UUID]]) -> None:
    rows = [
        {"id": new_id(), "project_id": project_id, "image_id": image_id, "revision": 1, "answer": "class"}
        | {"class_id": class_id, "source": "import", "updated_at": now(), "created_at": now()}
        for image_id, class_id in pairs
    ]
    session.execute(insert(Annotation), rows)
    keys = ("project_id", "image_id", "revision", "answer", "class_id", "source", "created_at")
    steps = [{key: row[key] for key in keys} | {"id": new_id(), "annotation_id": row["id"]} for row in rows]
    session.execute(insert(AnnotationRevision), [step | {"action": "import"} for step in steps])


def _write_features(
    services: AppServices, session: Any, project_id: UUID, ids: list[UUID], truth: Any, chance: np.random.Generator
) -> None:
    """Write embeddings as a network would: a cloud around each class's centre, overlapping its neighbours'."""
    centres = chance.standard_normal((CLASSES, DIMENSIONS), dtype=np.float32)
    for start in range(0, len(ids), 20_000):
        part, kinds = ids[start : start + 20_000], truth[start : start + 20_000]
        values = centres[kinds] + 3 * chance.standard_normal((len(part), DIMENSIONS), dtype=np.float32)
        values /= np.linalg.norm(values, axis=1, keepdims=True)
        shard_id, key = new_id(), f"features/{project_id}/{start}.npy"
        path = services.settings.data / "part.npy"
        np.save(path, values)
        services.blobs.put_file_at(key, path)
        path.unlink()
        facts = {"backbone": "efficientnet_lite0", "view": "plain"}
        shard = EmbeddingShard(
            id=shard_id, project_id=project_id, path=key, rows=len(part), dimensions=DIMENSIONS, **facts
        )
        session.add(shard)
        session.flush()
        rows = [{"image_id": id_, "shard_id": shard_id, "row": row, **facts} for row, id_ in enumerate(part)]
        session.execute(insert(Embedding), rows)


def _guess(project_id: UUID, image_id: UUID, classes: list[UUID], chance: np.random.Generator) -> dict[str, Any]:
    first, second = chance.choice(CLASSES, 2, replace=False)
    facts = {"score": float(chance.random()), "margin": float(chance.random()), "version": "quick-0"}
    names = {"class_id": classes[first], "runner_up_id": classes[second]}
    return {"image_id": image_id, "project_id": project_id, "updated_at": now(), **facts, **names}


class Person:
    """Labels like a person at a browser: the next picture, an answer, now and then a look at the grid."""

    def __init__(self, url: str, name: str, project_id: UUID) -> None:
        self.client = sign_in(url, name)
        self.url = f"/projects/{project_id}"
        self.classes = [row["id"] for row in self.timed_get("classes", f"{self.url}/classes", {})]
        self.timings: dict[str, list[float]] = {}
        self.chance = random.Random(name)

    def work(self, until: float) -> None:
        while time.monotonic() < until:
            page = self.timed_get("next picture", f"{self.url}/queue/next", {"count": 2})
            for item in page["items"]:
                self.answer(item)
                time.sleep(SECONDS_A_PICTURE)
            self.grid()

    def answer(self, item: dict[str, Any]) -> None:
        guess = item["guess"]
        body: dict[str, Any] = {"answer": "class", "class_id": self.chance.choice(self.classes), "active_s": 1.0}
        if guess:
            body["class_id"] = guess["class_id"]
            body["suggestion"] = {key: guess[key] for key in ("class_id", "score", "version")}
        began = time.monotonic()
        answer = self.client.put(f"/images/{item['image']['id']}/annotation", json=body)
        self.note("save an answer", began)
        answer.raise_for_status()

    def grid(self) -> None:
        some = self.chance.choice(self.classes)
        kind, params = self.chance.choice(
            [
                ("grid", {}),
                ("grid, unlabelled", {"labelled": "false"}),
                ("grid, one class", {"class_id": some}),
                ("grid, suggested class by score", {"suggested_class_id": some, "sort": "-score"}),
                ("grid by name", {"sort": "name"}),
                ("grid by sharpness", {"sort": "-sharpness"}),
                ("grid, doubtful", {"max_score": 0.3, "labelled": "false"}),
            ]
        )
        page = self.timed_get(kind, f"{self.url}/images", {"limit": 100, **params})
        if page.get("next_cursor"):
            self.timed_get(
                f"{kind}, next page", f"{self.url}/images", {"limit": 100, "cursor": page["next_cursor"], **params}
            )

    def timed_get(self, kind: str, url: str, params: dict[str, Any]) -> Any:
        began = time.monotonic()
        answer = self.client.get(url, params=params)
        if kind != "classes":
            self.note(kind, began)
        if answer.status_code == 404 and kind.startswith("grid"):
            return {}
        answer.raise_for_status()
        return answer.json()

    def note(self, kind: str, began: float) -> None:
        self.timings.setdefault(kind, []).append((time.monotonic() - began) * 1000)


def _label(url: str, project_id: UUID, seconds: float) -> dict[str, list[float]]:
    people = [Person(url, name, project_id) for name in ("Ana", "Bo", "Cy")]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=person.work, args=(until,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = sorted({kind for person in people for kind in person.timings})
    return {kind: [value for person in people for value in person.timings.get(kind, [])] for kind in kinds}


def _fresh(server: str, project_id: UUID, rounds: int = 12) -> list[float]:
    """Return seconds from a saved label to suggestions that have learnt from it."""
    person = Person(server, "Ana", project_id)
    url = f"{person.url}/suggestions/status"
    _await_fresh(person.client, url, before=None)
    seconds = []
    for _ in range(rounds + 1):  # The first one follows the long refresh of a project seen for the first time.
        before = person.client.get(url).json()["version"]
        (item,) = person.client.get(f"{person.url}/queue/next", params={"order": "helpful"}).json()["items"]
        began = time.monotonic()
        person.answer(item)
        _await_fresh(person.client, url, before=before)
        seconds.append(time.monotonic() - began)
    return seconds[1:]


def _await_fresh(client: httpx.Client, url: str, *, before: str | None) -> None:
    if before is None:
        client.post(url.replace("status", "refresh")).raise_for_status()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        status = client.get(url).json()
        if status["fresh"] and status["version"] != before:
            return
        time.sleep(0.02)
    sys.exit("No fresh suggestions within a minute.")


def _print(timings: dict[str, list[float]], images: int) -> None:
    timings["every grid request"] = [value for kind, values in timings.items() if "grid" in kind for value in values]
    rows = [
        (kind, len(values), *(float(np.percentile(values, share)) for share in (50, 95, 99)), max(values))
        for kind, values in timings.items()
    ]
    title = f"{images:,} pictures on SQLite, three people labelling, milliseconds over HTTP"
    print_table(title, ("request", "n", "median", "p95", "p99", "worst"), rows)


def _print_fresh(seconds: list[float], images: int) -> None:
    rows = [("label to fresh suggestions", len(seconds), f"{np.median(seconds):.2f}", f"{max(seconds):.2f}")]
    print_table(f"{images:,} pictures, seconds", ("", "n", "median", "worst"), rows)


if __name__ == "__main__":
    main()
