"""Answers to boxes, clicks and walks along edges: by the networks where they saw the picture, else by colours."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from starlette.concurrency import run_in_threadpool

from modelyard.geometry.shapes import to_json
from modelyard.server.accounts.actor import Actor
from modelyard.server.assist.smart import ahead, schemas
from modelyard.server.assist.smart.host import host_of
from modelyard.server.images import service as images
from modelyard.server.services import AppServices
from modelyard.server.tables import Image

if TYPE_CHECKING:
    from modelyard.serving.smart.sam import SamAnswers

Value = TypeVar("Value")

_AT_ONCE = 4
_places: RunVar[CapacityLimiter] = RunVar("smart_places")


async def find(services: AppServices, actor: Actor, image_id: UUID, body: schemas.SmartPrompt) -> schemas.SmartAnswer:
    """Return the mask of what is meant; raises `ImageNotFound`, `ImageUnreadable`, `ImageTooLarge`, `SamFailed`."""
    image = await run_in_threadpool(image_of, services, actor, image_id)
    return await _beside(lambda: _find(services, actor, image, body))


async def path(
    services: AppServices, actor: Actor, image_id: UUID, body: schemas.SmartPathRequest
) -> schemas.SmartPath:
    """Return the path along the edge; raises `ImageNotFound`, `ImageUnreadable`, `ImageTooLarge`."""
    image = await run_in_threadpool(image_of, services, actor, image_id)
    return await _beside(lambda: _path(services, image, body))


def image_of(services: AppServices, actor: Actor, image_id: UUID) -> Image:
    """Return an image that `actor` may see; raises `ImageNotFound`."""
    with services.db.read() as session:
        return images.get(session, actor, image_id)


async def _beside(work: Callable[[], Value]) -> Value:
    """Work in a thread of the few that may be busy with this at once; everybody else's requests go on."""
    try:
        limiter = _places.get()
    except LookupError:
        limiter = CapacityLimiter(_AT_ONCE)
        _places.set(limiter)
    return await to_thread.run_sync(work, limiter=limiter)


def _find(services: AppServices, actor: Actor, image: Image, body: schemas.SmartPrompt) -> schemas.SmartAnswer:
    from modelyard.serving.smart.grabcut import GrabCut
    from modelyard.serving.smart.prompts import Backend, Click, Found, Prompt

    began = time.perf_counter()
    readiness = ahead.prepare(services, actor, image, ask=body.prepare)
    box = tuple(body.box) if body.box is not None else None
    prompt = Prompt(box, tuple(Click(click.x, click.y, click.positive) for click in body.clicks))  # type: ignore[arg-type]
    backend: Backend = _network(services, image, readiness) or GrabCut(host_of(services).picture(image))
    found: Found = backend.find(prompt)
    return schemas.SmartAnswer(
        shape=to_json(found.mask) if found.mask else None,
        score=found.score,
        backend=found.backend,
        readiness=readiness,
        milliseconds=_since(began),
    )


def _network(services: AppServices, image: Image, readiness: schemas.SmartReadiness) -> "SamAnswers | None":
    from modelyard.serving.smart.sam import SamAnswers

    host = host_of(services)
    _, _, _, card = host.look()
    if readiness.state != "ready" or card is None or host.decoder is None:
        return None
    embedding = host.embedding(card["encoder_hash"], image)
    return SamAnswers(host.decoder, embedding) if embedding else None


def _path(services: AppServices, image: Image, body: schemas.SmartPathRequest) -> schemas.SmartPath:
    from modelyard.serving.smart.scissors import reach_of

    began = time.perf_counter()
    anchor, target = _inside(body.anchor, image), _inside(body.target, image)
    found = host_of(services).edges(image, anchor, reach_of(anchor, target)).path(target)
    return schemas.SmartPath(points=list(found.points), milliseconds=_since(began))


def _inside(point: schemas.SmartPoint, image: Image) -> tuple[float, float]:
    return min(max(point.x, 0.0), float(image.width)), min(max(point.y, 0.0), float(image.height))


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
