"""Which function does which kind of job; filled by the rooms' `tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from modelyard.registry import Registry


@dataclass(frozen=True)
class Handler:
    """The function of one kind of job."""

    kind: str
    function: Callable[..., dict[str, Any] | None]
    max_attempts: int


HANDLERS: Registry[Handler] = Registry("kind of job")

# Known wherever jobs are asked for, also in the web process, which loads no handler.
LANES: dict[str, str] = {"assist.refresh": "quick", "assist.suggest_now": "quick", "assist.embed": "ahead"}


def job(
    kind: str, *, lane: str = "bulk", max_attempts: int = 5, title: str = ""
) -> Callable[[Callable[..., dict[str, Any] | None]], Callable[..., dict[str, Any] | None]]:
    """Register `run(ctx, **params)` as the handler of `kind`.

    The handler may be killed at any point and called again with its last checkpoint; it must end as if nothing
    had happened. `title` only documents the kind; `enqueue` says what people read.
    """
    if LANES.get(kind, "bulk") != lane:
        raise ValueError(f"List {kind!r} in LANES as {lane!r}: the web process decides by it.")

    def add(function: Callable[..., dict[str, Any] | None]) -> Callable[..., dict[str, Any] | None]:
        HANDLERS.add(kind, Handler(kind=kind, function=function, max_attempts=max_attempts))
        return function

    return add
