"""A room's endpoints, remembered where they are written and added to the application when it is made.

FastAPI's own routers would build every route twice, and match an included one twice for every request.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import FastAPI

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


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
            app.add_api_route(f"{prefix}{path}", endpoint, methods=[method], **(options | {"tags": tags}))

    def _remember(self, method: str, path: str, options: dict[str, Any]) -> Callable[[Endpoint], Endpoint]:
        def remember(endpoint: Endpoint) -> Endpoint:
            self._known.append((method, f"{self._prefix}{path}", endpoint, options))
            return endpoint

        return remember
