"""A bounded line in which pictures wait for a core; it knows nothing of pictures."""

import threading
from collections import deque
from typing import Generic, TypeVar

from modelyard.errors import Unavailable

T = TypeVar("T")


class Overloaded(Unavailable):
    """More pictures are waiting than can be answered in time. Try again in a moment."""


class PredictorClosed(Unavailable):
    """This model is being stopped."""


class WaitingLine(Generic[T]):
    """First come, first served, by several takers, a few at a time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: deque[T] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def join(self, entry: T) -> None:
        """Add `entry` at the end.

        Raises:
            Overloaded: As many wait already as may.
            PredictorClosed: The line was closed.
        """
        with self._changed:
            if self._closed:
                raise PredictorClosed()
            if len(self._entries) >= self._limit:
                raise Overloaded()
            self._entries.append(entry)
            self._changed.notify()

    def take(self, most: int) -> list[T]:
        """Wait for an entry, and take up to `most` of those that are there; nothing once the line is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._entries or self._closed)
            return [self._entries.popleft() for _ in range(min(most, len(self._entries)))]

    def close(self) -> list[T]:
        """Let nobody join, wake the takers, and return who was still waiting."""
        with self._changed:
            self._closed = True
            left = list(self._entries)
            self._entries.clear()
            self._changed.notify_all()
            return left
