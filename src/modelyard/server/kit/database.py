"""The database: engine, reading and writing sessions, one transaction each; it knows no table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from modelyard.server.kit.turns import LONGEST_S, Turns

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    f"PRAGMA busy_timeout = {LONGEST_S * 1000:.0f}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32000",
)


class ReadSession(Session):
    """A session that only reads; a change in it is a programming error and is refused."""


class WriteSession(ReadSession):
    """A session whose work is committed as a whole at the edge, or not at all."""

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run `action` once the transaction has been committed; never if it is rolled back."""
        self.info.setdefault("after_commit", []).append(action)

    def finish(self) -> None:
        """Commit, then do what waits for the commit; only whoever opened the session calls it."""
        self.commit()
        for action in self.info.pop("after_commit", []):
            action()


class Database:
    """SQLite or PostgreSQL behind the same two verbs: `read()` and `write()`.

    On SQLite a writing transaction begins as `BEGIN IMMEDIATE`, so that two writers queue instead of failing; those of
    `after_people()` let others begin first.
    """

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.turns = Turns(Path(self.url.database or "modelyard.db")) if self.is_sqlite else None
        self.engine = _sqlite_engine(url, pool_size, self.turns) if self.turns else _postgres_engine(url, pool_size)
        self._reading = self.engine if self.is_sqlite else self.engine.execution_options(postgresql_readonly=True)
        self._writing = self.engine.execution_options(modelyard_write="people")

    def after_people(self) -> Self:
        """Return the same database for a job, whose writing transactions begin when no person waits to write."""
        other = copy(self)
        other._writing = self.engine.execution_options(modelyard_write="after people")
        return other

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """Open a session on one consistent view of the data."""
        with self.reader() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[ReadSession]:
        """Open a session that sees the data as they are now, however many queries it asks and however long it takes."""
        with self.read() as session:
            if not self.is_sqlite:  # SQLite gives every reader a snapshot.
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """Open a session that is committed when the block ends and rolled back when it raises."""
        with self.writer() as session:
            yield session
            session.finish()

    def reader(self) -> ReadSession:
        """Return a session for whoever closes it in time; it begins with its first query."""
        return ReadSession(self._reading, expire_on_commit=False)

    def writer(self) -> WriteSession:
        """Return a session for whoever finishes and closes it in time; it begins with its first query."""
        return WriteSession(self._writing, expire_on_commit=False)

    def is_awaited(self) -> bool:
        """Say whether somebody waits to write, in whatever process; on PostgreSQL nobody waits for a whole database."""
        return self.turns is not None and self.turns.is_awaited()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


@event.listens_for(ReadSession, "before_flush")
def _refuse_change(session: Session, *_: object) -> None:
    if not isinstance(session, WriteSession) and (session.new or session.dirty or session.deleted):
        raise RuntimeError("A reading session was asked to write.")


def _sqlite_engine(url: str, pool_size: int, turns: Turns) -> Engine:
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=40, connect_args={"check_same_thread": False, "timeout": LONGEST_S}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # We say BEGIN ourselves.
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writer = connection.get_execution_options().get("modelyard_write")
        if writer is None:
            connection.exec_driver_sql("BEGIN")
        else:
            raw: Any = connection.connection.driver_connection
            turns.begin(raw, after_people=writer == "after people")

    @event.listens_for(engine, "checkin")
    def _end(_: object, __: object) -> None:
        turns.look()

    return engine


def _postgres_engine(url: str, pool_size: int) -> Engine:
    return create_engine(url, pool_size=pool_size, max_overflow=40, pool_pre_ping=True)
