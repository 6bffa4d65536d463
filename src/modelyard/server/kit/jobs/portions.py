"""How much of a long job one transaction takes: as much as it writes in a moment, measured as it goes."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from modelyard.server.kit.database import Database, WriteSession

LONGEST_S = 0.2  # Fewer transactions are quicker, and whoever comes to save then waits no longer than this.
BESIDE_PEOPLE_S = 0.05  # SQLite takes one writer at a time: while people save, each of them waits for this at most.
PEOPLE_STAY_S = 10.0  # Whoever waited to save will save again.

Item = TypeVar("Item")


class Portion:
    """The size of the next transaction of a job, in whatever its items weigh: objects, rows, images.

    Args:
        db: What is written to.
        first: The size to begin with.
        least: However slow the machine is; below this, beginning and ending cost more than the work.
        most: However fast it is.
    """

    def __init__(self, db: Database, *, first: int, least: int, most: int) -> None:
        self.size = first
        self._db = db
        self._least, self._most = least, most
        self._people_at = -PEOPLE_STAY_S

    @contextmanager
    def write(self, weight: int) -> Iterator[WriteSession]:
        """Open a transaction for items of this weight, and learn from how long it holds the database."""
        with self._db.write() as session:
            session.connection()  # Whatever others hold it before is not of this transaction's making.
            started = time.perf_counter()
            yield session
            if self._db.is_awaited():
                self._people_at = time.monotonic()
        self.learn(weight, time.perf_counter() - started)

    @property
    def longest_s(self) -> float:
        """How long one transaction may hold the database, in seconds; less while people wait to save."""
        is_alone = time.monotonic() - self._people_at >= PEOPLE_STAY_S
        return LONGEST_S if is_alone else BESIDE_PEOPLE_S

    def learn(self, weight: int, taken_s: float) -> None:
        """Choose the next size by how long this weight took, at most twice or half the size before."""
        fits = weight * self.longest_s / max(taken_s, 1e-6)
        size = min(max(fits, self.size / 2), self.size * 2)
        if size < self.size or weight >= self.size / 2:  # What was small by itself says nothing of a large one.
            self.size = round(min(max(size, self._least), self._most))

    def batches(self, items: Iterable[Item], weight: Callable[[Item], int]) -> Iterator[list[Item]]:
        """Yield items in batches, each as heavy as the size at that moment, or of one heavier item."""
        batch: list[Item] = []
        total = 0
        for item in items:
            own = weight(item)
            if batch and total + own > self.size:
                yield batch
                batch, total = [], 0
            batch.append(item)
            total += own
        if batch:
            yield batch
