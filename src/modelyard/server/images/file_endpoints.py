"""The pictures themselves over HTTP: thumbnail, preview, original; nothing of it can run as a page."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from modelyard.server.dependencies import CurrentActor, Services
from modelyard.server.images import service
from modelyard.server.kit.problems import problems
from modelyard.server.tables import Image

router = APIRouter(prefix="/images/{image_id}", tags=["images"])

_SAFE = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=31536000, immutable",
}
_PICTURE = {200: {"content": {"image/webp": {}}}}


@router.get(
    "/thumbnail",
    operation_id="images.thumbnail",
    response_class=Response,
    responses={**_PICTURE, **problems(service.ImageNotFound)},
)
def thumbnail(image_id: UUID, actor: CurrentActor, request: Request, services: Services) -> Response:
    """Return the picture at 256 px or less, upright, without metadata."""
    image = _find(image_id, actor, services)
    if _is_known(request, image):
        return Response(status_code=304, headers=_headers(image))
    data = services.blobs.get_at(service.thumbnail_key(image.content_hash))
    return Response(data, media_type="image/webp", headers=_headers(image))


@router.get(
    "/preview",
    operation_id="images.preview",
    response_class=Response,
    responses={**_PICTURE, **problems(service.ImageNotFound)},
)
def preview(image_id: UUID, actor: CurrentActor, request: Request, services: Services) -> Response:
    """Return the picture at 1,600 px or less, upright, without metadata."""
    image = _find(image_id, actor, services)
    if _is_known(request, image):
        return Response(status_code=304, headers=_headers(image))
    data = service.preview_of(services.blobs, services.settings, image)
    return Response(data, media_type="image/webp", headers=_headers(image))


@router.get(
    "/original",
    operation_id="images.original",
    response_class=FileResponse,
    responses=problems(service.ImageNotFound),
)
def original(image_id: UUID, actor: CurrentActor, services: Services) -> FileResponse:
    """Return the file as it was imported, metadata included, to be saved."""
    image = _find(image_id, actor, services)
    name = quote(image.name.rsplit("/", 1)[-1])
    headers = {**_SAFE, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    path = services.blobs.local_path(image.content_hash)
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


def _find(image_id: UUID, actor: CurrentActor, services: Services) -> Image:
    with services.db.read() as session:
        return service.get(session, actor, image_id)


def _headers(image: Image) -> dict[str, str]:
    return {**_SAFE, "ETag": f'"{image.content_hash[:32]}"'}


def _is_known(request: Request, image: Image) -> bool:
    return request.headers.get("if-none-match") == _headers(image)["ETag"]
