"""Claims: 50 annotators over HTTP, while 20,000 pictures are imported and labels exported, wait under 200 ms for a save
and under 100 ms for the next picture (95 of 100), on SQLite and on PostgreSQL; every save that was answered is found
afterwards, also when the server is killed with -9 ten times.

Run `python bench/annotators.py [--people 50] [--import 20000] [--modes human "without pause"] [--databases sqlite
postgres] [--kill 10]`. Every row of the table is an installation of its own in a temporary folder (`TMPDIR` moves it),
served by `modelyard serve` with two workers. Half of the people say classes in the open queue, half draw two boxes into
pictures of a batch that wants two labels of each, saving after each box. In the mode "human" they look at a picture for
`--pause` seconds (a median). It goes on for `--seconds`, and until the import has ended.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from uuid import UUID

import numpy as np
from _common import print_table
from _people import Annotator, Happened, Plan
from _server import free_port, wait_for
from _stock import database, image_row, jpegs
from sqlalchemy import delete, insert, select

from modelyard.geometry.shapes import Box
from modelyard.server.accounts.actor import ALL_SCOPES, Actor
from modelyard.server.annotations import batch_schemas
from modelyard.server.annotations.repository.waiting import waiting_row
from modelyard.server.annotations.service import batches
from modelyard.server.app import load_events
from modelyard.server.datasets import exports
from modelyard.server.datasets.schemas import ExportCreate
from modelyard.server.images import imports
from modelyard.server.images.schemas import ImageFilters, ImportOptions, LocalImportCreate
from modelyard.server.kit.logs import configure
from modelyard.server.kit.tokens import hash_token
from modelyard.server.projects import service as projects
from modelyard.server.projects.schemas import ProjectCreate
from modelyard.server.services import AppServices, open_services
from modelyard.server.settings import Settings
from modelyard.server.tables import (
    Annotation,
    AnnotationRevision,
    ApiToken,
    Class,
    Image,
    Import,
    Job,
    Object,
    Opinion,
    ProjectMember,
    QueueItem,
    Suggestion,
    User,
    new_id,
    shape_columns,
)

SAVE_MS, NEXT_MS = 200, 100
MODES = ("human", "without pause")
SLOWEST_S = 1800
BOX = shape_columns(Box(10.0, 20.0, 110.0, 90.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--images", type=int, default=20_000, help="pictures to label, in each of two projects")
    parser.add_argument("--import", type=int, default=20_000, dest="imported", help="pictures that are imported")
    parser.add_argument("--side", type=int, default=480, help="of those, in pixels")
    parser.add_argument("--seconds", type=float, default=60, help="how long at least")
    parser.add_argument("--pause", type=float, default=4.0, help="seconds that a human looks at a picture, a median")
    parser.add_argument("--modes", nargs="+", default=MODES, choices=MODES)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgres"], choices=["sqlite", "postgres"])
    parser.add_argument("--clients", type=int, default=2, help="processes that the people share")
    parser.add_argument("--kill", type=int, default=0, help="how often the server is killed with -9")
    args = parser.parse_args()
    configure("error")
    load_events()
    waits, rest, faults = [], [], []
    for kind in args.databases:
        for mode in args.modes:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, database(kind, Path(folder)) as url:
                found = measure(Path(folder), url, args, args.pause if mode == "human" else 0.0)
            waits.append([f"{kind}, {mode}", *found.waits()])
            rest.append([f"{kind}, {mode}", *found.rest()])
            faults += [f"{kind}, {mode}: {text}" for text in found.faults()]
    meanwhile = f"{args.imported:,} pictures imported, labels exported" + f", {args.kill} kills" * bool(args.kill)
    ours = ("saves", "p50, ms", "p95, ms", f"of {SAVE_MS} ms", "grabs", "p50, ms", "p95, ms", f"of {NEXT_MS} ms")
    print_table(f"{args.people} annotators; meanwhile {meanwhile}", ("", *ours), waits)
    columns = ("requests/s", "server, CPU ms", "imported/s", "exports", "failed", "cut off", "lost")
    print_table("Beside it; the server's processor time is for each request", ("", *columns), rest)
    print("\n".join(faults))


@dataclass
class Found:
    """What one run measured."""

    seen: list[Happened]
    took_s: float
    cpu_s: float
    imported_per_s: float
    exports: int
    lost: list[str]

    def waits(self) -> list[object]:
        """Return how often people saved and took a picture, how long that took, and the share of what is allowed."""
        cells: list[object] = []
        for name, most in (("save_ms", SAVE_MS), ("next_ms", NEXT_MS)):
            values = [ms for one in self.seen for ms in getattr(one, name)]
            middle, high = (float(value) for value in np.percentile(values, (50, 95)))
            cells += [f"{len(values):,}", middle, high, f"{high / most:.2f}"]
        return cells

    def rest(self) -> list[object]:
        """Return the second table's row."""
        requests = sum(len(one.save_ms) + len(one.next_ms) for one in self.seen)
        speeds = [requests / self.took_s, 1000 * self.cpu_s / requests, self.imported_per_s]
        failed = sum(sum(one.failed.values()) for one in self.seen)
        return [*speeds, self.exports, failed, sum(one.cut_off for one in self.seen), len(self.lost)]

    def faults(self) -> list[str]:
        """Return what was answered with an error or a refusal, how often, and what was lost."""
        said = sum((Counter(one.failed) + Counter(one.refused) for one in self.seen), Counter[str]())
        return [*(f"{count} times {text}" for text, count in said.items()), *self.lost[:10]]


def measure(folder: Path, url: str, args: argparse.Namespace, pause_s: float) -> Found:
    """Let everybody label on a fresh installation."""
    services = open_services(Settings(data=folder / "data", database_url=url, log_level="error"))
    yard = furnish(services, args)
    plans = plan(services, yard, folder / "stop", args, pause_s=pause_s)
    pictures = jpegs(folder / "pictures", args.imported, args.side)
    with running(folder / "data", url) as server:
        began, spent = time.monotonic(), server.cpu_s
        work = Beside(services, yard, pictures)
        clients = [start(folder, n, replace(one, url=server.url)) for n, one in enumerate(plans)]
        kill(server, args)
        work.join_import(until=began + args.seconds)
        (folder / "stop").touch()
        for client in clients:
            if client.wait(timeout=SLOWEST_S):
                sys.exit("The annotators stopped.")
        took_s, cpu_s = time.monotonic() - began, server.cpu_s - spent
        work.stop()
    seen = [Happened(**json.loads((folder / f"seen{n}.json").read_text())) for n in range(len(plans))]
    lost = missing(services, [save for one in seen for save in one.saved])
    imported_per_s = work.imported_per_s
    services.close()
    return Found(seen, took_s, cpu_s, imported_per_s, work.exports, lost)


# --- The installation ---


@dataclass
class Yard:
    """What is there before anybody labels."""

    owner: Actor
    people: list[tuple[UUID, str]]
    open: UUID
    batched: UUID
    old: UUID
    coming: UUID


def furnish(services: AppServices, args: argparse.Namespace) -> Yard:
    """Make people, two projects to label, one to export and one to import into."""
    with services.db.write() as session:
        users = [User(email=f"p{n}@bakery.example", name=f"Person {n}", preferences={}) for n in range(args.people)]
        users[0].is_admin = True
        session.add_all(users)
        session.flush()
        tokens = [f"bench-{new_id().hex}" for _ in users]
        session.add_all(
            ApiToken(
                user_id=user.id, name="Bench", prefix="bench", token_hash=hash_token(token), scopes=["read", "write"]
            )
            for user, token in zip(users, tokens, strict=True)
        )
        owner = Actor(users[0].id, users[0].name, is_admin=True, scopes=ALL_SCOPES, via="local")
        made = []
        for name, task in (("Open", "classification"), ("Batch", "detection"), ("Old", "detection"), ("Coming", "")):
            body = ProjectCreate(name=name, task=task or "classification", classes=[f"class {n:02}" for n in range(20)])
            made.append(projects.create(session, owner, body).id)
            members = [ProjectMember(project_id=made[-1], user_id=user.id, role="annotator") for user in users[1:]]
            session.add_all(members)
        people = [(user.id, token) for user, token in zip(users, tokens, strict=True)]
    yard = Yard(owner, people, *made)
    for project_id, count in ((yard.open, args.images), (yard.batched, args.images), (yard.old, args.imported)):
        add_pictures(services, project_id, count, suggest=project_id == yard.open)
    draw(services, yard.old)
    with services.db.write() as session:
        everything = batch_schemas.AllThatMatch(kind="filter", filters=ImageFilters(labelled=False))
        wanted = batch_schemas.BatchCreate(name="All", overlap=2, order="random", pictures=everything)
        batches.create(session, owner, yard.batched, wanted, blobs=services.blobs)
    return yard


def add_pictures(services: AppServices, project_id: UUID, count: int, *, suggest: bool) -> None:
    """Write pictures as rows without bytes; most have a suggestion, if asked."""
    with services.db.read() as session:
        class_id = session.scalars(select(Class.id).where(Class.project_id == project_id)).first()
    chance = random.Random(0)
    for start in range(0, count, 5000):
        rows = [image_row(project_id, new_id(), number) for number in range(start, min(start + 5000, count))]
        with services.db.write() as session:
            session.execute(insert(Image), rows)
            waiting = [waiting_row(project_id, row["id"], is_reserved=False) for row in rows]
            session.execute(insert(QueueItem), waiting)
            if suggest:
                facts = {"project_id": project_id, "class_id": class_id, "version": "quick-1"}
                guesses = [
                    {"image_id": row["id"], "score": chance.random(), "margin": chance.random(), **facts}
                    for row in rows[: len(rows) * 4 // 5]
                ]
                session.execute(insert(Suggestion), guesses)


def draw(services: AppServices, project_id: UUID, boxes: int = 5) -> None:
    """Draw boxes into every picture of a project, as an import of labels would have."""
    with services.db.read() as session:
        classes = list(session.scalars(select(Class.id).where(Class.project_id == project_id)))
        images = list(session.scalars(select(Image.id).where(Image.project_id == project_id)))
    for start in range(0, len(images), 2000):
        part = images[start : start + 2000]
        owners = [{"project_id": project_id, "image_id": image_id, "source": "import"} for image_id in part]
        annotations = [{**owner, "revision": 1, "answer": "objects"} for owner in owners]
        objects = [
            {**owner, "object_id": new_id(), "class_id": classes[n], "since_revision": 1, **BOX}
            for owner in owners
            for n in range(boxes)
        ]
        with services.db.write() as session:
            session.execute(delete(QueueItem).where(QueueItem.image_id.in_(part)))
            session.execute(insert(Annotation), annotations)
            session.execute(insert(Object), objects)


def plan(services: AppServices, yard: Yard, until: Path, args: argparse.Namespace, *, pause_s: float) -> list[Plan]:
    """Share the people out to the client processes; every second one draws."""
    with services.db.read() as session:
        rows = session.execute(select(Class.project_id, Class.id)).all()
    classes = {
        project_id: [str(id_) for owner, id_ in rows if owner == project_id] for project_id in (yard.open, yard.batched)
    }
    everybody = []
    for number, (user_id, token) in enumerate(yard.people):
        project_id = yard.batched if number % 2 else yard.open
        who = Annotator(str(user_id), token, str(project_id), classes[project_id], draws=project_id == yard.batched)
        everybody.append(who)
    shares = [everybody[number :: args.clients] for number in range(args.clients)]
    return [Plan("", str(until), pause_s, share) for share in shares]


# --- What runs ---


class Server:
    """`modelyard serve` on a data directory; it can be killed and started again at the same address."""

    def __init__(self, data: Path, database_url: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._data = data
        self._spent_s = 0.0
        self._settings = {"MODELYARD_DATABASE_URL": database_url, "MODELYARD_WORKERS": "2"}
        self._settings |= {"MODELYARD_LOG_LEVEL": "error"}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "modelyard.cli", "serve", "--data", str(self._data), "--port", str(self.port)]
        environment = {**os.environ, **{key: value for key, value in self._settings.items() if value}}
        with self._data.with_name("server.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        wait_for(self.url)

    @property
    def cpu_s(self) -> float:
        """Processor time of the web process, of those before it too."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return self._spent_s + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        self._spent_s = self.cpu_s
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(data: Path, database_url: str) -> Iterator[Server]:
    """Serve until the end of the block."""
    server = Server(data, database_url)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(timeout=60)


def start(folder: Path, number: int, plan: Plan) -> subprocess.Popen[bytes]:
    """Start one process of annotators."""
    path = folder / f"plan{number}.json"
    path.write_text(json.dumps(asdict(plan)))
    script = Path(__file__).with_name("_people.py")
    return subprocess.Popen([sys.executable, str(script), str(path), str(folder / f"seen{number}.json")])


class Beside:
    """An import, and one export after the other, which the server's workers do meanwhile."""

    def __init__(self, services: AppServices, yard: Yard, pictures: Path) -> None:
        self._services, self._yard = services, yard
        with services.db.write() as session:
            body = LocalImportCreate(paths=[str(pictures)], options=ImportOptions(format="none"))
            self._import = imports.start_local(session, yard.owner, yard.coming, body).job_id
        self.exports = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._export)
        self._thread.start()

    def join_import(self, *, until: float) -> None:
        """Wait until the import has ended and the time is over."""
        while time.monotonic() < until or not self._ended(self._import):
            time.sleep(0.2)

    @property
    def imported_per_s(self) -> float:
        """Pictures a second, from the import's first start to its end."""
        with self._services.db.read() as session:
            job = session.get_one(Job, self._import)
            if job.state != "succeeded":
                sys.exit(f"The import {job.state}: {job.problem}")
            first = session.scalars(select(Import.created_at).where(Import.job_id == job.id)).one()
            assert job.finished_at is not None
            return int((job.result or {})["added"]) / (job.finished_at - first).total_seconds()

    def stop(self) -> None:
        """Begin no further export."""
        self._stop.set()
        self._thread.join()

    def _export(self) -> None:
        while not self._stop.is_set():
            with self._services.db.write() as session:
                body = ExportCreate(format="coco", with_pictures=False)
                job_id = exports.start(session, self._yard.owner, self._yard.old, body).id
            while not self._ended(job_id) and not self._stop.wait(0.3):
                pass
            self.exports += self._ended(job_id)

    def _ended(self, job_id: UUID | None) -> bool:
        with self._services.db.read() as session:
            job = session.get_one(Job, job_id)
            if job.state == "failed":
                sys.exit(f"{job.title} failed: {job.problem}")
            return job.state == "succeeded"


def kill(server: Server, args: argparse.Namespace) -> None:
    """Kill the server again and again, at moments that nobody knows before, and start it each time."""
    chance = random.Random(0)
    for _ in range(args.kill):
        time.sleep(chance.uniform(0.5, 1.5) * args.seconds / args.kill)
        server.kill()
        server.start()


# --- What is left ---


def missing(services: AppServices, saved: list[tuple[str, str, str, int, list[str]]]) -> list[str]:
    """Return, in words, every save that was answered and is not there."""
    with services.db.read() as session:
        row = AnnotationRevision
        query = select(row.author_id, row.image_id, row.revision, row.class_id)
        said = {(str(a), str(b), revision, str(c)) for a, b, revision, c in session.execute(query)}
        opinions = select(Opinion.author_id, Opinion.image_id, Opinion.batch_id, Opinion.revision, Opinion.objects)
        drawn = {
            (str(a), str(b), str(c)): (revision, {item["object_id"] for item in objects})
            for a, b, c, revision, objects in session.execute(opinions)
        }
    lost = []
    for user_id, image_id, batch_id, revision, ids in saved:
        if batch_id:
            newest, objects = drawn.get((user_id, image_id, batch_id), (0, set()))
            is_there = newest >= revision and objects >= set(ids)
        else:
            is_there = (user_id, image_id, revision, ids[0]) in said
        if not is_there:
            lost.append(f"Lost: revision {revision} of {image_id} by {user_id}, {ids}.")
    return lost


if __name__ == "__main__":
    main()
