"""Answers that may be a second old, for look-ups that a stream of requests repeats."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

Value = TypeVar("Value")

_MOST = 1000


class Recent(Generic[Value]):
    """Keeps what was looked up for `keep_s` seconds; used from one event loop.

    What this process changes itself is made known by `forget`; what another process changes counts after `keep_s`.
    """

    def __init__(self, keep_s: float = 1.0) -> None:
        self._keep_s = keep_s
        self._values: dict[Hashable, tuple[float, Value]] = {}

    async def get(self, key: Hashable, look_up: Callable[[], Value]) -> Value:
        """Return the value of `key`; `look_up` runs in a thread when nothing fresh is known."""
        moment = time.monotonic()
        kept = self._values.get(key)
        if kept is not None and moment < kept[0]:
            return kept[1]
        value = await run_in_threadpool(look_up)
        if len(self._values) >= _MOST:
            self._values.clear()
        self._values[key] = (moment + self._keep_s, value)
        return value

    def forget(self) -> None:
        """Look everything up anew."""
        self._values.clear()
