"""SQLite's one writer: people come before jobs, jobs come at last, and nobody waits for ever."""

import fcntl
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from modelyard.server.kit import turns
from modelyard.server.kit.database import Database


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """Return a database with one table, which says who wrote in which order."""
    made = Database(f"sqlite:///{tmp_path / 'notes.db'}")
    with made.write() as session:
        session.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY, who TEXT)"))
    return made


def note(db: Database, who: str) -> None:
    with db.write() as session:
        session.execute(text("INSERT INTO notes (who) VALUES (:who)"), {"who": who})


def notes(db: Database) -> list[str]:
    with db.read() as session:
        return list(session.scalars(text("SELECT who FROM notes ORDER BY id")))


def wait_until_shown(db: Database) -> None:
    """Wait until somebody shows that they wait to write."""
    with Path(f"{db.url.database}-turns").open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            fcntl.flock(file, fcntl.LOCK_UN)


def test_a_job_that_writes_again_and_again_lets_a_person_in_between(db: Database):
    person = threading.Thread(target=note, args=(Database(str(db.url)), "person"))
    job = db.after_people()
    with job.write() as session:
        session.execute(text("INSERT INTO notes (who) VALUES ('job')"))
        person.start()
        wait_until_shown(db)
    note(job, "job again")
    person.join()
    assert notes(db) == ["job", "person", "job again"]


def test_a_job_goes_on_however_long_people_wait(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "_LONGEST_BEHIND_PEOPLE_S", 0.01)
    with Path(f"{db.url.database}-turns").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        note(db.after_people(), "job")
    assert notes(db) == ["job"]


@pytest.mark.parametrize("is_job", [False, True])
def test_who_waits_too_long_is_told_so(db: Database, monkeypatch: pytest.MonkeyPatch, is_job: bool):
    monkeypatch.setattr(turns, "LONGEST_S", 0.02)
    other = sqlite3.connect(str(db.url.database))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="Somebody else has been writing"):
        note(db.after_people() if is_job else db, "late")
    other.rollback()
    note(db, "in time")
    assert notes(db) == ["in time"]


def test_those_of_one_process_write_in_the_order_in_which_they_came(db: Database):
    threads = []
    with db.write() as session:
        session.execute(text("INSERT INTO notes (who) VALUES ('first')"))
        for number in range(12):
            threads.append(threading.Thread(target=note, args=(db, f"person {number}")))
            threads[-1].start()
            while not db.turns or db.turns.waiting < len(threads):
                pass
    for thread in threads:
        thread.join()
    assert notes(db) == ["first", *(f"person {number}" for number in range(12))]


def test_a_job_of_the_same_process_holds_nobody_up_who_waits(db: Database):
    job = threading.Thread(target=note, args=(db.after_people(), "job"))
    person = threading.Thread(target=note, args=(db, "person"))
    with db.write() as session:
        session.execute(text("INSERT INTO notes (who) VALUES ('first')"))
        person.start()
        wait_until_shown(db)
        job.start()
    job.join()
    person.join()
    assert notes(db) == ["first", "person", "job"]


def test_everybody_writes_in_the_end(db: Database):
    def write(own: Database, who: str) -> None:
        for _ in range(20):
            note(own, who)

    people = [threading.Thread(target=write, args=(Database(str(db.url)), f"person {n}")) for n in range(3)]
    jobs = [threading.Thread(target=write, args=(Database(str(db.url)).after_people(), f"job {n}")) for n in range(2)]
    for thread in (*people, *jobs):
        thread.start()
    for thread in (*people, *jobs):
        thread.join()
    assert len(notes(db)) == 100
