"""Single heavy calls from any thread, run aside in child processes with a limit of memory and time."""

import atexit
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from modelyard.errors import Unavailable
from modelyard.server.kit.compute import ChildDied, hidden_main, settle

PROCESSES = 2
WAITING = 8  # Each call that waits holds a thread of the server.
LONGEST_S = 300
_AGAIN_AFTER_S = 3

Item = TypeVar("Item")
Result = TypeVar("Result")


class TooBusy(Unavailable):
    """The server has as much heavy work as it can take just now, such as large pictures. Ask again in a moment."""


class Aside:
    """A few children, started at the first call; whoever kills one is found out, and spoils no other call."""

    def __init__(self, *, processes: int = PROCESSES, waiting: int = WAITING, memory_mb: int = 4096) -> None:
        self._processes = processes
        self._places = threading.BoundedSemaphore(processes + waiting)
        self._memory_mb = memory_mb
        self._executor: ProcessPoolExecutor | None = None
        self._starting = threading.Lock()
        self._alone = threading.Lock()

    def call(self, function: Callable[[Item], Result], item: Item) -> Result:
        """Return what `function` makes of `item` in a child; raises what it raises, `ChildDied`, or `TooBusy`."""
        with self.place():
            try:
                return self._submit(function, item).result()  # type: ignore[no-any-return]
            except BrokenProcessPool:
                return self._again(function, item)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places for calls that run or wait; raises `TooBusy` when all are taken."""
        if not self._places.acquire(blocking=False):
            raise TooBusy(retry_after_s=_AGAIN_AFTER_S)
        try:
            yield
        finally:
            self._places.release()

    def _again(self, function: Callable[[Item], Result], item: Item) -> Result:
        """Try once more with a child of its own: perhaps another call killed the one before."""
        with self._alone, self._started(1) as executor:
            try:
                with hidden_main():
                    future = executor.submit(_limited, (function, item))
                return future.result()  # type: ignore[no-any-return]
            except BrokenProcessPool as error:
                raise ChildDied from error

    def _submit(self, function: Callable[[Item], Result], item: Item) -> "Future[Any]":
        with self._starting, hidden_main():
            if self._executor is None:
                self._executor = self._started(self._processes)
            try:
                return self._executor.submit(_limited, (function, item))
            except BrokenProcessPool:
                self._executor = self._started(self._processes)
                return self._executor.submit(_limited, (function, item))

    def _started(self, processes: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=settle,
            initargs=(self._memory_mb, os.getpid(), 0),  # Somebody waits for the answer.
        )

    def close(self) -> None:
        """Stop the children."""
        with self._starting:
            if self._executor is not None:
                self._executor.shutdown(wait=True, cancel_futures=True)
                self._executor = None


def _limited(call: tuple[Callable[[Any], Any], Any]) -> Any:
    """Run a call; one that takes longer than five minutes is ended together with its process."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LONGEST_S)
    try:
        return call[0](call[1])
    finally:
        signal.alarm(0)


_SHARED: dict[int, Aside] = {}


def aside(memory_mb: int) -> Aside:
    """Return the children that this process shares for this limit of memory."""
    if memory_mb not in _SHARED:
        _SHARED[memory_mb] = Aside(memory_mb=memory_mb)
        atexit.register(_SHARED[memory_mb].close)
    return _SHARED[memory_mb]
