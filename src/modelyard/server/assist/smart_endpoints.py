"""The smart tool over HTTP: answers to boxes, clicks and walks along edges, and the networks behind it."""

import os
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool

from modelyard.engine.pixels import ImageTooLarge, ImageUnreadable
from modelyard.server.accounts.service import AdminsOnly
from modelyard.server.assist.smart import ahead, answering, networks, schemas, status
from modelyard.server.dependencies import CurrentActor, Services
from modelyard.server.images.pictures import DecodingFailed, StillCutting
from modelyard.server.images.service import ImageNotFound
from modelyard.server.kit.aside import TooBusy
from modelyard.server.kit.bodies import BodyTooLarge
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes

router = Routes(tags=["assist"])

_MAX_BYTES = 4 * 2**30
_FileName = Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._ -]{0,199}$")]
_FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_READING = (ImageNotFound, ImageUnreadable, ImageTooLarge, DecodingFailed, StillCutting, TooBusy)


@router.post("/images/{image_id}/smart", operation_id="smart.find", responses=problems(*_READING))
async def find(
    image_id: UUID, body: schemas.SmartPrompt, actor: CurrentActor, services: Services
) -> schemas.SmartAnswer:
    """Return the mask of what a box or clicks mean. Nothing is stored; it is drawn only once somebody keeps it."""
    return await answering.find(services, actor, image_id, body)


@router.post("/images/{image_id}/smart/path", operation_id="smart.path", responses=problems(*_READING))
async def follow(
    image_id: UUID, body: schemas.SmartPathRequest, actor: CurrentActor, services: Services
) -> schemas.SmartPath:
    """Return the path along the picture's edges from an anchor to a target."""
    return await answering.path(services, actor, image_id, body)


@router.post("/images/{image_id}/smart/prepare", operation_id="smart.prepare", responses=problems(ImageNotFound))
def prepare(image_id: UUID, actor: CurrentActor, services: Services) -> schemas.SmartReadiness:
    """Have this image ready, and the next ones of this person's queue; say how far that is."""
    return ahead.prepare(services, actor, answering.image_of(services, actor, image_id))


@router.get("/smart/networks", operation_id="smart.networks", responses=problems(AdminsOnly))
def get_networks(services: Services) -> schemas.SmartNetworks:
    """Show the smart tool's networks and what they saw beforehand; for administrators."""
    return status.of(services)


@router.put(
    "/smart/networks",
    operation_id="smart.choose_networks",
    responses=problems(AdminsOnly, networks.SetBySettings, networks.SamFileInvalid),
)
def choose_networks(
    body: schemas.SmartNetworksChoice, actor: CurrentActor, services: Services
) -> schemas.SmartNetworks:
    """Check an encoder and a decoder and use them from now on; for administrators."""
    networks.choose(services, actor, (body.encoder, body.decoder))
    return status.of(services, settle=True)


@router.delete(
    "/smart/networks",
    operation_id="smart.forget_networks",
    responses=problems(AdminsOnly, networks.SetBySettings),
)
def forget_networks(actor: CurrentActor, services: Services) -> schemas.SmartNetworks:
    """Go back to colours alone; for administrators."""
    networks.forget(services, actor)
    return status.of(services)


@router.post(
    "/smart/files",
    operation_id="smart.send_file",
    openapi_extra=_FILE_BODY,
    responses=problems(AdminsOnly, BodyTooLarge),
)
async def send_file(request: Request, services: Services, name: _FileName) -> schemas.SmartFile:
    """Send an ONNX file, or the data file that belongs to one, to be chosen afterwards; for administrators."""
    target = networks.upload_folder(services) / name
    part = target.with_name(f"{uuid4().hex}.part")  # Its own, whoever else sends a file of this name.
    size_bytes = 0
    try:
        with part.open("wb") as file:
            async for chunk in request.stream():
                size_bytes += len(chunk)
                if size_bytes > _MAX_BYTES:
                    raise BodyTooLarge(f"The file has more than {_MAX_BYTES:,} bytes, which is the most.")
                await run_in_threadpool(file.write, chunk)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return schemas.SmartFile(name=name, size_bytes=size_bytes)
