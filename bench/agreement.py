"""Agreement of a million labels, four an item, of 50 people: by arrays, and as the page asks the database.

For the second table a million labels lie compared in SQLite (1.5 million rows, written as labels come in), and what
the page asks for is summed up.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from _common import print_table
from sqlalchemy import event

from modelyard.engine.agreement.classes import Labels, cohen_kappa, krippendorff_alpha, pair_tables, per_class
from modelyard.engine.agreement.consensus import dawid_skene
from modelyard.server.accounts.actor import ALL_SCOPES, Actor
from modelyard.server.annotations.service import agreement
from modelyard.server.kit.bulk import insert_rows
from modelyard.server.kit.database import Database
from modelyard.server.migrations.run import upgrade
from modelyard.server.projects import service as projects
from modelyard.server.projects.schemas import ProjectCreate
from modelyard.server.tables import Batch, Class, Comparison, User, new_id, now

N, PEOPLE, CLASSES = 1_000_000, 50, 20
PART = 50_000


def crowd() -> Labels:
    rng = np.random.default_rng(0)
    items = np.repeat(np.arange(N // 4), 4)
    truth = rng.integers(0, CLASSES, N // 4)[items]
    people = (rng.integers(0, PEOPLE, N // 4)[items] + np.tile(np.arange(4) * 11, N // 4)) % PEOPLE
    wrong = rng.integers(0, CLASSES, N)
    return Labels(items, people, np.where(rng.random(N) < 0.85, truth, wrong), CLASSES)


def timed(steps: dict[str, Callable[[], Any]]) -> list[list[str]]:
    rows, total, total_cpu = [], 0.0, 0.0
    for name, run in steps.items():
        start, start_cpu = time.perf_counter(), time.process_time()
        run()
        seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
        total, total_cpu = total + seconds, total_cpu + cpu
        rows.append([name, f"{seconds:.2f} s", f"{cpu:.2f} s"])
    return [*rows, ["together (wish: under 10 s)", f"{total:.2f} s", f"{total_cpu:.2f} s"]]


def by_arrays(labels: Labels) -> None:
    counts = labels.counts()
    steps: dict[str, Callable[[], Any]] = {
        "Krippendorff's alpha": lambda: krippendorff_alpha(counts),
        "agreement on each class": lambda: per_class(counts),
        "Cohen's kappa of every pair": lambda: [cohen_kappa(found) for found in pair_tables(labels).values()],
        "Dawid and Skene": lambda: dawid_skene(labels),
    }
    print_table("Agreement of 1,000,000 labels, by arrays", ["", "time", "of it computing"], timed(steps))


def by_database(labels: Labels) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        upgrade(db)
        actor, project_id, batch_id = fill(db, labels)
        with db.read() as session:
            steps = {
                "the whole page, of a batch": lambda: agreement.get(session, actor, project_id, batch_id),
                "of each person": lambda: agreement.of_people(session, project_id),
            }
            title = f"Agreement of 1,000,000 labels, {N // 4 * 6:,} comparisons in SQLite"
            print_table(title, ["", "time", "of it computing"], timed(steps))
        db.close()


def fill(db: Database, labels: Labels) -> tuple[Actor, Any, Any]:
    """Write what every two people said of each item, as the server does; items are no pictures here."""
    with db.write() as session:
        users = [User(email=f"{at}@bakery.example", name=f"Person {at}", preferences={}) for at in range(PEOPLE)]
        session.add_all(users)
        session.flush()
        actor = Actor(users[0].id, users[0].name, is_admin=False, scopes=ALL_SCOPES, via="cookie", wants="review")
        names = [f"class {at}" for at in range(CLASSES)]
        project = projects.create(session, actor, ProjectCreate(name="Bench", classes=names))
        batch = Batch(project_id=project.id, name="All", overlap=4)
        session.add(batch)
        session.flush()
        words = [str(row[0]) for row in session.query(Class.id).filter(Class.project_id == project.id)]
    ids, begun = sorted(user.id for user in users), now()
    people, said = labels.people.reshape(-1, 4).tolist(), labels.classes.reshape(-1, 4).tolist()
    event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = OFF"))
    db.engine.dispose()
    for start in range(0, len(people), PART):
        rows = []
        for item in range(start, min(start + PART, len(people))):
            image_id, at = new_id(), begun + timedelta(days=item * 40 // len(people))
            for one, other in combinations(sorted(zip(people[item], said[item], strict=True)), 2):
                row = {"batch_id": batch.id, "image_id": image_id, "first_id": ids[one[0]], "second_id": ids[other[0]]}
                row |= {"first_said": words[one[1]], "second_said": words[other[1]], "count": 1, "labels": 4, "at": at}
                rows.append(row | {"overlap": float(one[1] == other[1])})
        with db.write() as session:
            insert_rows(session, Comparison.__table__, rows)  # type: ignore[arg-type]
    return actor, project.id, batch.id


def main() -> None:
    labels = crowd()
    by_arrays(labels)
    by_database(labels)


if __name__ == "__main__":
    main()
