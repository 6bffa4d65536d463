"""Where heavy or untrusted functions run: child processes with a memory limit."""

import multiprocessing
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from types import ModuleType
from typing import Any, TypeVar

_LOOK_EVERY_S = 1.0

Item = TypeVar("Item")
Result = TypeVar("Result")


class ChildDied(Exception):
    """The child process that worked on this item died (out of memory, or a crash in a decoder)."""


@contextmanager
def hidden_main() -> Iterator[None]:
    """Keep a new child from running the caller's script again: scripts and notebooks need no main guard."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def settle(memory_mb: int, parent: int, niceness: int = 5) -> None:
    """Make a fresh child a modest one: behind others, within its memory, gone with its parent."""
    os.nice(niceness)  # Whoever labels comes first.
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    if memory_mb:
        size = memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _end_with(parent: int) -> None:
    """End this child when its parent is gone: one that was killed could not tell it to stop."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_S)
    os._exit(0)


class Pool:
    """Child processes, one a core, started on first use and replaced when one dies."""

    def __init__(self, *, processes: int | None = None, memory_mb: int = 4096) -> None:
        self.processes = processes or os.cpu_count() or 1
        self._memory_mb = memory_mb
        self._executor: ProcessPoolExecutor | None = None

    def map_unordered(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[tuple[Item, Result | BaseException]]:
        """Yield (item, result) as they come; an item that raised, or killed its process, yields the exception.

        At most a few items a process are under way at once, so `items` may be endless.
        """
        source = iter(items)
        pending: dict[Future[Result], Item] = {}
        while True:
            for item in islice(source, self.processes * 3 - len(pending)):
                pending[self._submit(function, item)] = item
            if not pending:
                return
            finished, _ = wait(pending, return_when=FIRST_COMPLETED)
            broken = [future for future in finished if isinstance(future.exception(), BrokenProcessPool)]
            if broken:
                items_left = list(pending.values())
                pending = {}
                yield from self._one_by_one(function, items_left)
                continue
            for future in finished:
                item = pending.pop(future)
                yield item, future.exception() or future.result()

    def _one_by_one(
        self, function: Callable[[Item], Result], items: list[Item]
    ) -> Iterator[tuple[Item, Result | BaseException]]:
        """Find who killed the process: everybody that was under way, each alone."""
        for item in items:
            self.close()
            future = self._submit(function, item)
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                self.close()
                yield item, ChildDied()
            else:
                yield item, error or future.result()

    def _submit(self, function: Callable[[Item], Result], item: Item) -> "Future[Any]":
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self.processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=settle,
                initargs=(self._memory_mb, os.getpid()),
            )
        try:
            with hidden_main():
                return self._executor.submit(function, item)
        except BrokenProcessPool:
            self.close()
            return self._submit(function, item)

    def close(self) -> None:
        """Stop the children."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None
