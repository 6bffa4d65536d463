"""Sessions: a reading one refuses changes, a writing one is committed whole or not at all."""

import threading

import pytest
from sqlalchemy import func, select

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from modelyard.server.kit.database import Database, WriteSession
from modelyard.server.services import AppServices
from modelyard.server.tables import User


def register(session: WriteSession, name: str) -> None:
    body = Registration(email=f"{name}@bakery.example", name=name, password="correct horse battery")
    accounts.register(session, body, is_admin=False)


def count(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(User)) or 0


def test_a_reading_session_refuses_changes(services: AppServices) -> None:
    with services.db.write() as session:
        register(session, "ana")
    with services.db.read() as session:
        user = session.scalars(select(User)).one()
        user.name = "Somebody else"
        with pytest.raises(RuntimeError, match="reading session"):
            session.flush()
        session.rollback()
        session.delete(user)
        with pytest.raises(RuntimeError, match="reading session"):
            session.flush()
    with services.db.read() as session:
        assert session.scalars(select(User.name)).one() == "ana"


def test_a_failed_write_leaves_nothing_and_calls_nobody(services: AppServices) -> None:
    called: list[str] = []
    with pytest.raises(KeyError), services.db.write() as session:
        register(session, "ana")
        session.flush()
        session.after_commit(lambda: called.append("ana"))
        raise KeyError
    assert (count(services.db), called) == (0, [])


def test_actions_run_after_the_commit_in_their_order(services: AppServices) -> None:
    seen: list[tuple[str, int]] = []
    with services.db.write() as session:
        register(session, "ana")
        session.flush()
        session.after_commit(lambda: seen.append(("first", count(services.db))))
        session.after_commit(lambda: seen.append(("second", count(services.db))))
        assert seen == []
    assert seen == [("first", 1), ("second", 1)]


def test_a_reader_sees_nothing_that_is_not_committed(services: AppServices) -> None:
    with services.db.write() as session:
        register(session, "ana")
        session.flush()
        assert count(services.db) == 0
    assert count(services.db) == 1


def test_two_writers_queue(services: AppServices) -> None:
    """On SQLite the second waits for the first; on PostgreSQL both go on; nobody fails and nothing is lost."""
    begun, steps = threading.Event(), []

    def second() -> None:
        begun.set()
        with services.db.write() as session:
            register(session, "ben")
            session.flush()
            steps.append("second")

    thread = threading.Thread(target=second)
    with services.db.write() as session:
        register(session, "ana")
        session.flush()
        thread.start()
        begun.wait()
        if services.db.is_sqlite:
            thread.join(0.2)
            assert thread.is_alive()
        steps.append("first")
    thread.join()
    assert count(services.db) == 2
    if services.db.is_sqlite:
        assert steps == ["first", "second"]
