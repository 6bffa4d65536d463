"""Events inside one process and one transaction: an upstream room tells whoever listens downstream."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from modelyard.server.kit.database import WriteSession

Handler = TypeVar("Handler", bound=Callable[[WriteSession, Any], None])

_handlers: dict[type, list[Callable[[WriteSession, Any], None]]] = defaultdict(list)


def subscribe(event: type) -> Callable[[Handler], Handler]:
    """Return a decorator: the function is called with (session, event) whenever `event` is published."""

    def add(handler: Handler) -> Handler:
        _handlers[event].append(handler)
        return handler

    return add


def publish(session: WriteSession, event: object) -> None:
    """Call every subscriber of this kind of event, in the same transaction."""
    for handler in _handlers[type(event)]:
        handler(session, event)
