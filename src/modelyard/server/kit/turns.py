"""Who writes next into SQLite, which takes one writer at a time: people before jobs, whatever process they are in.

SQLite's own way of waiting sleeps longer and longer, up to a tenth of a second, so that a job which writes again and
again takes the database back before anybody who waits has woken up. Here those of one process stand in line: only the
first one looks, every few milliseconds and whenever a connection of this process is given back, whether the database
is free. A job begins nothing while people wait. That somebody waits is a shared lock on a file beside the database:
the operating system lets go of it when its holder dies.
"""

import fcntl
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy.exc import OperationalError

LONGEST_S = 30.0  # Whoever has waited so long is told that the database is locked.
_BEGIN = "BEGIN IMMEDIATE"
_LOOK_EVERY_S = 0.002
_LONGEST_BEHIND_PEOPLE_S = 1.0  # However many people write, a job goes on.


class Turns:
    """The queues of the writers of one database file: people's, and that of jobs."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-turns")
        self._people, self._jobs = _Line(), _Line()
        self._freed = threading.Event()

    def begin(self, connection: sqlite3.Connection, *, after_people: bool) -> None:
        """Begin a writing transaction when it is this writer's turn.

        Raises:
            OperationalError: Somebody else has been writing for half a minute.
        """
        until = time.monotonic() + LONGEST_S
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            if after_people:
                self._let_people_begin()
            with (self._jobs if after_people else self._people).first(until):
                if not _has_begun(connection):
                    self._wait(connection, until, shows_it=not after_people)
        finally:
            connection.execute(f"PRAGMA busy_timeout = {LONGEST_S * 1000:.0f}")

    @property
    def waiting(self) -> int:
        """How many people of this process wait to write."""
        return len(self._people)

    def look(self) -> None:
        """Say that a connection of this process was given back, so that whoever is first in line looks at once."""
        self._freed.set()

    def is_awaited(self) -> bool:
        """Say whether a person waits to write, in whatever process."""
        with self._path.open("a") as file:
            return not _has_locked(file, fcntl.LOCK_EX)

    def _wait(self, connection: sqlite3.Connection, until: float, *, shows_it: bool) -> None:
        with self._path.open("a") as file:
            is_done = not shows_it
            while not _has_begun(connection):
                is_done = is_done or _has_locked(file, fcntl.LOCK_SH)
                if time.monotonic() > until:
                    raise _late()
                self._freed.wait(_LOOK_EVERY_S)
                self._freed.clear()

    def _let_people_begin(self) -> None:
        until = time.monotonic() + _LONGEST_BEHIND_PEOPLE_S
        with self._path.open("a") as file:
            while not _has_locked(file, fcntl.LOCK_EX) and time.monotonic() < until:
                time.sleep(_LOOK_EVERY_S)


class _Line:
    """Those of one process who wait, in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: deque[threading.Event] = deque()
        self._guard = threading.Lock()

    def __len__(self) -> int:
        return len(self._waiting)

    @contextmanager
    def first(self, until: float) -> Iterator[None]:
        """Wait until all who came before have left the line; whoever leaves it lets the next one go on."""
        mine = threading.Event()
        with self._guard:
            self._waiting.append(mine)
            self._waiting[0].set()
        try:
            if not mine.wait(until - time.monotonic()):
                raise _late()
            yield
        finally:
            with self._guard:
                self._waiting.remove(mine)
                if self._waiting:
                    self._waiting[0].set()


def _late() -> OperationalError:
    text = f"Somebody else has been writing for {LONGEST_S:.0f} seconds."
    return OperationalError(_BEGIN, None, sqlite3.OperationalError(text))


def _has_begun(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute(_BEGIN)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _has_locked(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # This file system knows no such locks: then nobody is seen to wait.
        return True
    return True
