"""Server-sent events: what is new is sent once, over a real connection, until it is over or the server stops."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

from modelyard.server.kit import streams


class Listener:
    """A request whose sender goes away after some looks."""

    def __init__(self, looks: int) -> None:
        self.app = SimpleNamespace(state=SimpleNamespace(is_stopping=False))
        self._left = looks

    async def is_disconnected(self) -> bool:
        """Say whether the looks are used up."""
        self._left -= 1
        return self._left < 0


def heard(listener: Listener, look: Any) -> list[str]:
    async def collect() -> list[str]:
        return [text async for text in streams._events(listener, look)]  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as thread:  # This one may have a browser's event loop running already.
        return thread.submit(asyncio.run, collect()).result()


def test_it_ends_after_the_last_news() -> None:
    news = iter([([("job", {"done": 1})], False), ([("job", {"done": 2})], True)])
    assert heard(Listener(100), lambda: next(news)) == [
        "retry: 2000\n\n",
        'event: job\ndata: {"done": 1}\n\n',
        'event: job\ndata: {"done": 2}\n\n',
    ]


def test_it_ends_when_nobody_listens_any_more() -> None:
    looked = []
    heard(Listener(2), lambda: (looked.append(1), ([], False))[1])
    assert len(looked) == 2


def test_it_ends_with_the_server() -> None:
    listener = Listener(100)
    listener.app.state.is_stopping = True
    assert len(heard(listener, lambda: ([("job", {})], False))) == 2
