"""What endpoints ask for: services, sessions, and who is asking. Every route is closed unless it says otherwise."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from modelyard.errors import Forbidden, ProductError, Unauthenticated
from modelyard.server.accounts.actor import Actor, ScopeMissing, identify
from modelyard.server.accounts.roles import NEEDS
from modelyard.server.accounts.service import require_admin
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.streams import stream
from modelyard.server.kit.tokens import hash_token
from modelyard.server.services import AppServices

PUBLIC: dict[str, Any] = {"security": []}  # `openapi_extra=PUBLIC` opens a route to everybody.
PREDICTS: dict[str, Any] = {"x-scope": "predict"}  # A token with the scope "predict" may call this route.

_SAFE = ("GET", "HEAD", "OPTIONS")


async def services(request: Request) -> AppServices:
    """Return what the process shares."""
    found: AppServices = request.app.state.services
    return found


Services = Annotated[AppServices, Depends(services)]


async def reading(services: Services, request: Request) -> ReadSession:
    """Return the reading session of this request, which knows who asks; `kit.routes` closes it after the endpoint."""
    session = services.db.reader()
    session.info["actor"] = request.state.actor
    return session


async def writing(services: Services, request: Request) -> WriteSession:
    """Return the one transaction of this request, which knows who asks; `kit.routes` commits it after the endpoint."""
    session = services.db.writer()
    session.info["actor"] = request.state.actor
    return session


Reading = Annotated[ReadSession, Depends(reading)]
Writing = Annotated[WriteSession, Depends(writing)]


class OperationUnlisted(Forbidden):
    """Nobody has said who may do this. This is a fault of the server; please report it."""


async def authenticate(request: Request, services: Services) -> None:
    """Refuse whoever is not signed in, and note what this operation needs; runs before every route."""
    route = request.scope.get("route")
    extra = getattr(route, "openapi_extra", None) or {}
    scope = extra.get("x-scope")
    find = _predicting_actor if scope == "predict" else _find_actor
    actor = request.state.actor = await find(request, services)
    if extra.get("security") == []:
        return
    if actor is None:
        raise Unauthenticated
    need = NEEDS.get(getattr(route, "operation_id", None) or "")
    if need is None:
        raise OperationUnlisted
    if need == "administer":
        require_admin(actor)
    request.state.actor = replace(actor, wants=need)
    wanted = scope or ("read" if request.method in _SAFE else "write")
    if not actor.may(wanted):
        raise ScopeMissing(f"This API token lacks the scope {wanted!r}. Make one that has it.", scope=wanted)


async def _find_actor(request: Request, services: AppServices) -> Actor | None:
    return await run_in_threadpool(identify, services.db, request)


async def _predicting_actor(request: Request, services: AppServices) -> Actor | None:
    """Find who sends pictures, looking each API token up once a second: a till sends dozens in that time."""
    header = request.headers.get("authorization")
    if header is None:
        return await _find_actor(request, services)
    return await services.senders.get(hash_token(header), lambda: identify(services.db, request))


async def current_actor(request: Request) -> Actor:
    """Return who is asking; raises `Unauthenticated`."""
    actor: Actor | None = request.state.actor
    if actor is None:
        raise Unauthenticated
    return actor


async def optional_actor(request: Request) -> Actor | None:
    """Return who is asking, if anybody is signed in."""
    actor: Actor | None = request.state.actor
    return actor


def watch(
    request: Request, services: AppServices, look: Callable[[], tuple[list[tuple[str, Any]], bool]]
) -> StreamingResponse:
    """Send what `look` finds (see `kit.streams`) for as long as this sign-in holds and `look` raises no refusal."""

    def look_if_allowed() -> tuple[list[tuple[str, Any]], bool]:
        if identify(services.db, request) is None:
            return [], True
        try:
            return look()
        except ProductError:  # What is watched is gone, or the role of whoever watches.
            return [], True

    return stream(request, look_if_allowed)


CurrentActor = Annotated[Actor, Depends(current_actor)]
OptionalActor = Annotated[Actor | None, Depends(optional_actor)]
