"""Claims: a million COCO boxes come into 100,000 pictures at 20,000 boxes a second or more in less than 1 GB of memory,
go out at 50,000 a second or more in less than 500 MB, and people save meanwhile; 5,000 rows of tags a second.

Run `python bench/labels.py [--images 100000] [--boxes 10] [--databases sqlite postgres]`. The pictures are in the
project before, as rows without bytes: what is measured is labels, from the job's start to its end. Exports are of
labels without pictures. Beside each figure stands the least that the same machine can do: json and `executemany`.
"""

import argparse
import json
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from _common import print_table
from _stock import CLASSES, annotation, coco_file, database, image_row, name_of
from sqlalchemy import insert

PASSWORD = "correct horse battery"
SERVE = """
import sys, uvicorn
from pathlib import Path
from modelyard.server.app import create_app
from modelyard.server.kit.logs import configure
from modelyard.server.services import open_services
from modelyard.server.settings import Settings
configure("error")
settings = Settings(data=Path(sys.argv[1]), port=int(sys.argv[2]), database_url=sys.argv[3], log_level="error")
uvicorn.run(create_app(open_services(settings)), host="127.0.0.1", port=settings.port, log_level="error")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--boxes", type=int, default=10, help="boxes an image")
    parser.add_argument("--databases", nargs="*", default=["sqlite", "postgres"])
    parser.add_argument("--port", type=int, default=8442)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--url", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(PARTS[options.part](options)))
        return
    least = bare(options.images * options.boxes)
    for name in options.databases:
        with tempfile.TemporaryDirectory() as folder, database(name, Path(folder)) as url:
            report(name, measure(options, Path(folder), url), least, options)


def measure(options: argparse.Namespace, folder: Path, url: str) -> dict[str, dict[str, Any]]:
    """Run every part in a process of its own, one after the other, on one installation."""
    found = {}
    for part in PARTS:
        command = [sys.executable, __file__, "--part", part, "--data", str(folder), "--url", url]
        command += ["--images", str(options.images), "--boxes", str(options.boxes), "--port", str(options.port)]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        found[part] = json.loads(answer.splitlines()[-1])
    return found


def report(name: str, found: dict[str, dict[str, Any]], least: dict[str, float], options: argparse.Namespace) -> None:
    rows = []
    for part, title, bar in (
        ("first", "first import", "in"),
        ("again", "the same again", "in"),
        ("out", "export", "out"),
        ("beside", "import, people saving", "in"),
    ):
        values = found[part]
        speed, by_cpu = values["boxes"] / values["seconds"], values["boxes"] / values["cpu_s"]
        ratio = f"{by_cpu / least[bar]:.2f}"
        rows.append((title, f"{values['boxes']:,}", speed, by_cpu, least[bar], ratio, values["peak_mb"]))
    columns = ("", "boxes", "boxes/s", "by CPU", "bare, by CPU", "ratio", "peak, MB")
    print_table(f"COCO boxes over {options.images:,} pictures, {name}", columns, rows)
    beside = found["beside"]
    saves = sorted(beside["saves_ms"])
    tags = found["tags"]
    print_table(
        f"Beside it, {name}",
        ("", "", ""),
        [
            ("saves while the import ran", len(saves), ""),
            ("save, median ms", statistics.median(saves), ""),
            ("save, 95 of 100, ms", saves[int(len(saves) * 0.95)], ""),
            ("rows of tags a second", tags["rows"] / tags["seconds"], f"peak {tags['peak_mb']:.0f} MB"),
        ],
    )


# --- What is measured, each in a process of its own ---


def first(options: argparse.Namespace) -> dict[str, Any]:
    """Make the installation, then import a million boxes into pictures that have none."""
    yard = Yard(options)
    project_id = yard.make("Big", "detection", options.images)
    path = coco_file(options.data / "boxes.json", options.images, options.boxes)
    return {**yard.import_(project_id, path), "boxes": options.images * options.boxes}


def again(options: argparse.Namespace) -> dict[str, Any]:
    """Import the same file again: nothing changes."""
    yard = Yard(options)
    return {
        **yard.import_(yard.find("Big"), options.data / "boxes.json"),
        "boxes": options.images * options.boxes,
    }


def out(options: argparse.Namespace) -> dict[str, Any]:
    """Export the labels as COCO."""
    yard = Yard(options)
    taken, result = yard.export(yard.find("Big"))
    return {**taken, "peak_mb": peak_mb(), "boxes": options.images * options.boxes, "lost": result["lost"]}


def beside(options: argparse.Namespace) -> dict[str, Any]:
    """Import a fifth as much into another project while three people save boxes in a third."""
    yard = Yard(options)
    images = options.images // 5
    project_id = yard.make("Beside", "detection", images)
    people_id = yard.make("People", "detection", 60)
    path = coco_file(options.data / "beside.json", images, options.boxes)
    with people(options, people_id) as saves_ms:
        found = yard.import_(project_id, path)
    return {**found, "boxes": images * options.boxes, "saves_ms": saves_ms}


def tags(options: argparse.Namespace) -> dict[str, Any]:
    """Import a table with a class for every picture."""
    yard = Yard(options)
    project_id = yard.make("Tags", "classification", options.images)
    path = options.data / "tags.csv"
    rows = (f"{name_of(number)},class {number % CLASSES:02}\n" for number in range(options.images))
    path.write_text("file_name,class\n" + "".join(rows))
    return {**yard.import_(project_id, path), "rows": options.images}


PARTS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "first": first,
    "again": again,
    "out": out,
    "beside": beside,
    "tags": tags,
}


class Yard:
    """An installation with a worker in this process."""

    def __init__(self, options: argparse.Namespace) -> None:
        from modelyard.server.app import load_events
        from modelyard.server.kit.logs import configure
        from modelyard.server.services import open_services
        from modelyard.server.settings import Settings
        from modelyard.server.worker import build_worker, collect_garbage_rarely

        configure("error")
        load_events()
        self.services = open_services(Settings(data=options.data, database_url=options.url, log_level="error"))
        self.worker = build_worker(self.services, name="bench")
        collect_garbage_rarely()

    def actor(self) -> Any:
        from modelyard.server.accounts import service as accounts
        from modelyard.server.accounts.actor import ALL_SCOPES, Actor
        from modelyard.server.accounts.schemas import Registration
        from modelyard.server.tables import User

        with self.services.db.write() as session:
            user = session.query(User).first()
            if user is None:
                registration = Registration(email="ana@example.org", name="Ana", password=PASSWORD)
                user = accounts.register(session, registration, is_admin=True)
            return Actor(user.id, "Ana", True, ALL_SCOPES, "local")

    def find(self, name: str) -> UUID:
        from modelyard.server.tables import Project

        with self.services.db.read() as session:
            return session.query(Project).filter_by(name=name).one().id

    def make(self, name: str, task: str, images: int) -> UUID:
        """Write a project with pictures that wait for labels."""
        from modelyard.server.annotations.repository.waiting import waiting_row
        from modelyard.server.projects import service as projects
        from modelyard.server.projects.schemas import ProjectCreate
        from modelyard.server.tables import Image, QueueItem, new_id

        actor = self.actor()
        with self.services.db.write() as session:
            project_id = projects.create(session, actor, ProjectCreate(name=name, task=task)).id
        for start in range(0, images, 5000):
            numbers = range(start, min(start + 5000, images))
            rows = [image_row(project_id, new_id(), number) for number in numbers]
            waiting = [waiting_row(project_id, row["id"], is_reserved=False) for row in rows]
            with self.services.db.write() as session:
                session.execute(insert(Image), rows)
                session.execute(insert(QueueItem), waiting)
        return project_id

    def import_(self, project_id: UUID, path: Path) -> dict[str, Any]:
        from modelyard.server.images import imports, schemas

        actor = self.actor()
        with self.services.db.write() as session:
            body = schemas.LocalImportCreate(paths=[str(path)])
            job_id = imports.start_local(session, actor, project_id, body).job_id
        taken, result = self.run(job_id)
        return {**taken, "peak_mb": peak_mb(), "notes": result["notes"], "changes": result["changes"]}

    def export(self, project_id: UUID) -> tuple[dict[str, float], dict[str, Any]]:
        from modelyard.server.datasets import exports
        from modelyard.server.datasets.schemas import ExportCreate

        actor = self.actor()
        with self.services.db.write() as session:
            body = ExportCreate(format="coco", with_pictures=False)
            job_id = exports.start(session, actor, project_id, body).id
        return self.run(job_id)

    def run(self, job_id: UUID | None) -> tuple[dict[str, float], dict[str, Any]]:
        """Run jobs until this one has ended; return its seconds, by the clock and of this processor, and its result."""
        from modelyard.server.tables import Job

        while True:
            started = time.perf_counter(), time.process_time()
            self.worker._run_next(("bulk",))
            taken = {"seconds": time.perf_counter() - started[0], "cpu_s": time.process_time() - started[1]}
            with self.services.db.read() as session:
                job = session.get_one(Job, job_id)
                if job.state in ("succeeded", "failed"):
                    if job.state == "failed":
                        raise SystemExit(str(job.problem))
                    return taken, dict(job.result or {})


@contextmanager
def people(options: argparse.Namespace, project_id: UUID) -> Iterator[list[float]]:
    """Let three people save a box every quarter of a second over HTTP while the block runs."""
    command = [sys.executable, "-c", SERVE, str(options.data), str(options.port), options.url]
    server = subprocess.Popen(command)
    base, done, saves_ms = f"http://127.0.0.1:{options.port}", threading.Event(), list[float]()
    try:
        wait_for(base)
        threads = [
            threading.Thread(target=save, args=(base, project_id, number, done, saves_ms)) for number in range(3)
        ]
        for thread in threads:
            thread.start()
        yield saves_ms
        done.set()
        for thread in threads:
            thread.join()
    finally:
        done.set()
        server.terminate()
        server.wait(timeout=30)


def save(base: str, project_id: UUID, person: int, done: threading.Event, saves_ms: list[float]) -> None:
    from modelyard.server.tables import new_id

    headers = {"Origin": base}
    with httpx.Client(base_url=f"{base}/api/v1", headers=headers, timeout=120) as client:
        client.post("/session", json={"email": "ana@example.org", "password": PASSWORD}).raise_for_status()
        classes = client.post(f"/projects/{project_id}/classes", json={"name": f"person {person}"}).json()
        images = client.get(f"/projects/{project_id}/images", params={"limit": 60}).json()["items"][person::3]
        revisions = dict.fromkeys((image["id"] for image in images), 0)
        while not done.wait(0.25):
            image_id = random.choice(list(revisions))
            shape = {"type": "box", "x1": 1.0, "y1": 1.0, "x2": random.uniform(2, 900), "y2": 99.0}
            put = [{"id": str(new_id()), "class_id": classes[-1]["id"], "shape": shape}]
            started = time.perf_counter()
            answer = client.patch(
                f"/images/{image_id}/objects",
                json={"put": put, "answer": "objects"},
                headers={"If-Match": str(revisions[image_id])},
            )
            saves_ms.append(1000 * (time.perf_counter() - started))
            answer.raise_for_status()
            revisions[image_id] = answer.json()["revision"]


def wait_for(base: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{base}/api/v1/health").status_code < 500:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


# --- What it is compared with, and what it is made of ---


def bare(boxes: int) -> dict[str, float]:
    """Return boxes a second of processor time of bare loops: json, lists, `executemany` with two indices; and back."""
    chance = random.Random(0)
    shown = [json.dumps(annotation(number, number // 10, chance)) for number in range(min(boxes, 200_000))]
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder) / "bare.db")
        columns = "id TEXT PRIMARY KEY, image TEXT, class INT, x1 REAL, y1 REAL, x2 REAL, y2 REAL, more TEXT, until INT"
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"CREATE TABLE objects ({columns})")
        db.execute("CREATE INDEX a ON objects (image, until)")
        db.execute("CREATE INDEX b ON objects (class, until)")
        started = time.process_time()
        for start in range(0, len(shown), 2000):
            rows = [bare_row(json.loads(line)) for line in shown[start : start + 2000]]
            with db:
                db.executemany("INSERT INTO objects VALUES (?,?,?,?,?,?,?,?,?)", rows)
        coming = len(shown) / (time.process_time() - started)
        started = time.process_time()
        with (Path(folder) / "bare.json").open("w") as file:
            for row in db.execute("SELECT * FROM objects"):
                file.write(json.dumps({"image_id": row[1], "category_id": row[2], "bbox": row[3:7]}))
        going = len(shown) / (time.process_time() - started)
        db.close()
    return {"in": coming, "out": going}


def bare_row(row: dict[str, Any]) -> tuple[Any, ...]:
    x, y, w, h = row["bbox"]
    return f"{row['id']:032x}", f"{row['image_id']:032x}", row["category_id"], x, y, x + w, y + h, "{}", None


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
