"""A room's endpoints, remembered where they are written and added to the application when it is made.

FastAPI's own routers would build every route twice, and match an included one twice for every request.
"""

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any, TypeVar, get_type_hints

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import FastAPI

from modelyard.server.kit.database import ReadSession, WriteSession

WRITERS = 16  # More would only wait for the database, in threads that those who read could use.

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

_writers: RunVar[CapacityLimiter] = RunVar("writers")


class Routes:
    """What `fastapi.APIRouter` is to a room: the same decorators, with the same options."""

    def __init__(self, *, prefix: str = "", tags: Sequence[str] = ()) -> None:
        self._prefix = prefix
        self._tags = list(tags)
        self._known: list[tuple[str, str, Callable[..., Any], dict[str, Any]]] = []

    def get(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Answer GET requests to `path`; options are those of `FastAPI.get`."""
        return self._remember("GET", path, options)

    def post(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Answer POST requests to `path`; options are those of `FastAPI.post`."""
        return self._remember("POST", path, options)

    def put(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Answer PUT requests to `path`; options are those of `FastAPI.put`."""
        return self._remember("PUT", path, options)

    def patch(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Answer PATCH requests to `path`; options are those of `FastAPI.patch`."""
        return self._remember("PATCH", path, options)

    def delete(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Answer DELETE requests to `path`; options are those of `FastAPI.delete`."""
        return self._remember("DELETE", path, options)

    def add_to(self, app: FastAPI, *, prefix: str) -> None:
        """Make the endpoints part of the application, below `prefix`."""
        for method, path, endpoint, options in self._known:
            tags = [*self._tags, *options.get("tags", ())]
            app.add_api_route(f"{prefix}{path}", _at_the_edge(endpoint), methods=[method], **(options | {"tags": tags}))

    def _remember(self, method: str, path: str, options: dict[str, Any]) -> Callable[[Endpoint], Endpoint]:
        def remember(endpoint: Endpoint) -> Endpoint:
            self._known.append((method, f"{self._prefix}{path}", endpoint, options))
            return endpoint

        return remember


def _at_the_edge(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Return the endpoint with the end of its session: a commit, or a rollback when it raises, in its own thread.

    The database is written to for as short as can be: not until the answer is checked, nor until a thread is free.
    """
    kinds = {name: kind for name, kind in get_type_hints(endpoint).items() if name != "return"}
    for name, kind in kinds.items():
        if kind is WriteSession:
            return _writing(endpoint, name)
        if kind is ReadSession:
            return _reading(endpoint, name)
    return endpoint


def _writing(endpoint: Callable[..., Any], name: str) -> Callable[..., Any]:
    def work(**values: Any) -> Any:
        session: WriteSession = values[name]
        with session:
            answer = endpoint(**values)
            session.finish()
            return answer

    @wraps(endpoint)
    async def write(**values: Any) -> Any:
        return await to_thread.run_sync(partial(work, **values), limiter=_limiter())

    return write


def _reading(endpoint: Callable[..., Any], name: str) -> Callable[..., Any]:
    @wraps(endpoint)
    def read(**values: Any) -> Any:
        with values[name]:
            return endpoint(**values)

    return read


def _limiter() -> CapacityLimiter:
    try:
        return _writers.get()
    except LookupError:
        limiter = CapacityLimiter(WRITERS)
        _writers.set(limiter)
        return limiter
