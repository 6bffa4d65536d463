"""The pictures themselves over HTTP: small, whole, in tiles, as values, as files; none of it can run as a page."""

from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Path, Request
from fastapi.responses import FileResponse, Response

from modelyard.server.accounts.actor import Actor
from modelyard.server.dependencies import CurrentActor, Services
from modelyard.server.images import pictures, service
from modelyard.server.kit.aside import TooBusy
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.services import AppServices
from modelyard.server.tables import Image

router = Routes(prefix="/images/{image_id}", tags=["images"])

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=31536000, immutable",
}
_WEBP: dict[int | str, Any] = {200: {"content": {"image/webp": {}}}}
_THUMBNAIL = _WEBP | problems(service.ImageNotFound)
_DECODED = (service.ImageNotFound, pictures.DecodingFailed, TooBusy)
_CUT = (*_DECODED, pictures.TileNotFound, pictures.StillCutting)
_PREVIEW = _WEBP | problems(*_DECODED)
_FULL = {200: {"content": {"image/*": {}}}, **problems(*_DECODED, pictures.OnlyInTiles)}
_TILE = {200: {"content": {"image/png": {}}}, **problems(*_CUT)}
_VALUES = {200: {"content": {"application/octet-stream": {}}}, **problems(*_CUT, pictures.NoValues)}
_FILE = {200: {"content": {"image/*": {}}}, **problems(*_DECODED)}


class Place:
    """Which tile: its level, and how many tiles lie left of it and above it."""

    def __init__(
        self,
        level: Annotated[int, Path(ge=0, le=30)],
        column: Annotated[int, Path(ge=0, le=10**6)],
        row: Annotated[int, Path(ge=0, le=10**6)],
    ) -> None:
        self.numbers = (level, column, row)


@router.get("/thumbnail", operation_id="images.thumbnail", response_class=Response, responses=_THUMBNAIL)
def get_thumbnail(image_id: UUID, actor: CurrentActor, request: Request, services: Services) -> Response:
    """Send the picture upright at 256 px or less, without metadata."""
    image = _find(services, actor, image_id)
    if _has_it(request, image):
        return Response(status_code=304, headers=_headers(image))
    return Response(pictures.thumbnail(services.blobs, image), media_type="image/webp", headers=_headers(image))


@router.get("/preview", operation_id="images.preview", response_class=Response, responses=_PREVIEW)
def get_preview(image_id: UUID, actor: CurrentActor, request: Request, services: Services) -> Response:
    """Send the picture upright at 1,600 px or less, without metadata."""
    image = _find(services, actor, image_id)
    if _has_it(request, image):
        return Response(status_code=304, headers=_headers(image))
    data = pictures.preview(services.blobs, services.settings, image)
    return Response(data, media_type="image/webp", headers=_headers(image))


@router.get("/full", operation_id="images.full", response_class=Response, responses=_FULL)
def get_full(image_id: UUID, actor: CurrentActor, request: Request, services: Services) -> Response:
    """Send the whole picture upright, without metadata and as browsers show it; up to 50 megapixels."""
    image = _find(services, actor, image_id)
    if _has_it(request, image):
        return Response(status_code=304, headers=_headers(image))
    data, kind = pictures.full(services.blobs, services.settings, image)
    return Response(data, media_type=kind, headers=_headers(image))


@router.get("/tiles/{level}/{column}/{row}", operation_id="images.tile", response_class=Response, responses=_TILE)
def get_tile(
    image_id: UUID, place: Annotated[Place, Depends()], actor: CurrentActor, request: Request, services: Services
) -> Response:
    """Send one tile of the upright picture: 512 pixels a side, less at the right and lower edge.

    Level 0 has every pixel; each level has half the width and height of the one before, rounded up.
    """
    image = _find(services, actor, image_id)
    if _has_it(request, image):
        return Response(status_code=304, headers=_headers(image))
    data = pictures.tile(services.blobs, services.settings, image, place.numbers)
    return Response(data, media_type="image/png", headers=_headers(image))


@router.get("/values/{level}/{column}/{row}", operation_id="images.values", response_class=Response, responses=_VALUES)
def get_values(
    image_id: UUID, place: Annotated[Place, Depends()], actor: CurrentActor, request: Request, services: Services
) -> Response:
    """Send the values of one tile, where they are finer than bytes: 16-bit steps, little-endian, row by row.

    The image's `display` says how steps become values. Tiles lie as those of the picture do.
    """
    image = _find(services, actor, image_id)
    if _has_it(request, image):
        return Response(status_code=304, headers=_headers(image))
    data = pictures.values(services.blobs, services.settings, image, place.numbers)
    headers = {**_headers(image), "Content-Encoding": "gzip"}
    return Response(data, media_type="application/octet-stream", headers=headers)


@router.get("/original", operation_id="images.original", response_class=Response, responses=_FILE)
def get_original(image_id: UUID, actor: CurrentActor, services: Services, with_metadata: bool = False) -> Response:
    """Send the file to be saved: byte for byte if `with_metadata`, otherwise without place, owner, time and patient."""
    image = _find(services, actor, image_id)
    name = quote(PurePosixPath(image.name).name)
    headers = {**_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    kind = pictures.media_type(image)
    if with_metadata:
        return FileResponse(services.blobs.local_path(image.content_hash), media_type=kind, headers=headers)
    return Response(
        pictures.without_metadata(services.blobs, services.settings, image), media_type=kind, headers=headers
    )


def _find(services: AppServices, actor: Actor, image_id: UUID) -> Image:
    with services.db.read() as session:
        return service.get(session, actor, image_id)


def _headers(image: Image) -> dict[str, str]:
    return {**_HEADERS, "ETag": f'"{image.content_hash[:32]}"'}


def _has_it(request: Request, image: Image) -> bool:
    return request.headers.get("if-none-match") == _headers(image)["ETag"]
