"""What was looked up a moment ago."""

from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio

from modelyard.server.kit.recent import Recent


def run(scenario: Callable[[], Coroutine[Any, Any, list[int]]]) -> list[int]:
    """Run it in a thread of its own: a browser's event loop may live in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, scenario).result()


def test_a_value_is_looked_up_once_while_it_is_fresh_and_again_when_forgotten() -> None:
    async def scenario() -> list[int]:
        recent: Recent[int] = Recent(keep_s=60)
        calls = iter(range(10))
        seen = [await recent.get("key", lambda: next(calls)), await recent.get("key", lambda: next(calls))]
        seen.append(await recent.get("other", lambda: next(calls)))
        recent.forget()
        return [*seen, await recent.get("key", lambda: next(calls))]

    assert run(scenario) == [0, 0, 1, 2]


def test_a_value_grows_old() -> None:
    async def scenario() -> list[int]:
        recent: Recent[int] = Recent(keep_s=0)
        calls = iter(range(10))
        return [await recent.get("key", lambda: next(calls)) for _ in range(2)]

    assert run(scenario) == [0, 1]
