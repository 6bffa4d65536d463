"""Who writes next into SQLite, which takes one writer at a time: people before jobs, whatever process they are in.

SQLite's own way of waiting sleeps longer and longer, up to a tenth of a second, so that a job which writes again and
again takes the database back before anybody who waits has woken up. Here all look every few milliseconds, and a job
begins nothing while people wait. That somebody waits is a shared lock on a file beside the database: the operating
system lets go of it when its holder dies.
"""

import fcntl
import sqlite3
import time
from pathlib import Path
from typing import IO

from sqlalchemy.exc import OperationalError

LONGEST_S = 30.0  # Whoever has waited so long is told that the database is locked.
_BEGIN = "BEGIN IMMEDIATE"
_LOOK_EVERY_S = 0.002
_LONGEST_BEHIND_PEOPLE_S = 1.0  # However many people write, a job goes on.


class Turns:
    """The queue of the writers of one database file."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-turns")

    def begin(self, connection: sqlite3.Connection, *, after_people: bool) -> None:
        """Begin a writing transaction when it is this writer's turn.

        Raises:
            OperationalError: Somebody else has been writing for half a minute.
        """
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            if after_people:
                self._let_people_begin()
            if not _has_begun(connection):
                self._wait(connection, shows_it=not after_people)
        finally:
            connection.execute(f"PRAGMA busy_timeout = {LONGEST_S * 1000:.0f}")

    def _wait(self, connection: sqlite3.Connection, *, shows_it: bool) -> None:
        until = time.monotonic() + LONGEST_S
        with self._path.open("a") as file:
            is_done = not shows_it
            while not _has_begun(connection):
                is_done = is_done or _has_locked(file, fcntl.LOCK_SH)
                if time.monotonic() > until:
                    text = f"Somebody else has been writing for {LONGEST_S:.0f} seconds."
                    raise OperationalError(_BEGIN, None, sqlite3.OperationalError(text))
                time.sleep(_LOOK_EVERY_S)

    def _let_people_begin(self) -> None:
        until = time.monotonic() + _LONGEST_BEHIND_PEOPLE_S
        with self._path.open("a") as file:
            while not _has_locked(file, fcntl.LOCK_EX) and time.monotonic() < until:
                time.sleep(_LOOK_EVERY_S)


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
