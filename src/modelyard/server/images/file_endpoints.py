"""The pictures themselves over HTTP: thumbnail, preview, file to save; nothing of it can run as a page."""

from pathlib import PurePosixPath
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from fastapi.responses import FileResponse, Response

from modelyard.server.accounts.actor import Actor
from modelyard.server.dependencies import CurrentActor, Services
from modelyard.server.images import pictures, service
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
_WEBP = {200: {"content": {"image/webp": {}}}, **problems(service.ImageNotFound)}
_FILE = {200: {"content": {"image/*": {}}}, **problems(service.ImageNotFound)}


@router.get("/thumbnail", operation_id="images.thumbnail", response_class=Response, responses=_WEBP)
def get_thumbnail(image_id: UUID, actor: CurrentActor, request: Request, services: Services) -> Response:
    """Send the picture upright at 256 px or less, without metadata."""
    image = _find(services, actor, image_id)
    if _has_it(request, image):
        return Response(status_code=304, headers=_headers(image))
    return Response(pictures.thumbnail(services.blobs, image), media_type="image/webp", headers=_headers(image))


@router.get("/preview", operation_id="images.preview", response_class=Response, responses=_WEBP)
def get_preview(image_id: UUID, actor: CurrentActor, request: Request, services: Services) -> Response:
    """Send the picture upright at 1,600 px or less, without metadata."""
    image = _find(services, actor, image_id)
    if _has_it(request, image):
        return Response(status_code=304, headers=_headers(image))
    data = pictures.preview(services.blobs, services.settings, image)
    return Response(data, media_type="image/webp", headers=_headers(image))


@router.get("/original", operation_id="images.original", response_class=Response, responses=_FILE)
def get_original(image_id: UUID, actor: CurrentActor, services: Services, with_metadata: bool = False) -> Response:
    """Send the file to be saved: byte for byte if `with_metadata`, otherwise without place, owner and time."""
    image = _find(services, actor, image_id)
    name = quote(PurePosixPath(image.name).name)
    headers = {**_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    kind = f"image/{image.format}"
    if with_metadata:
        return FileResponse(services.blobs.local_path(image.content_hash), media_type=kind, headers=headers)
    return Response(pictures.without_metadata(services.blobs, image), media_type=kind, headers=headers)


def _find(services: AppServices, actor: Actor, image_id: UUID) -> Image:
    with services.db.read() as session:
        return service.get(session, actor, image_id)


def _headers(image: Image) -> dict[str, str]:
    return {**_HEADERS, "ETag": f'"{image.content_hash[:32]}"'}


def _has_it(request: Request, image: Image) -> bool:
    return request.headers.get("if-none-match") == _headers(image)["ETag"]
