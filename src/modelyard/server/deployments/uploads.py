"""Reads the picture out of a request, raw or multipart, never more than the limit."""

from collections.abc import AsyncGenerator

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from modelyard.engine.pixels import ImageTooLarge
from modelyard.errors import Invalid
from modelyard.server.deployments.predicting import Picture
from modelyard.serving.predictor import MAX_BYTES, MAX_WAITING

_ROOM_FOR_FORM = 64 * 1024
_places: RunVar[CapacityLimiter] = RunVar("prediction_places")
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "image/*": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
        },
    }
}


class PictureMissing(Invalid):
    """Send one picture: as the body itself, or as the field 'file' of a form."""


def prediction_places() -> CapacityLimiter:
    """Return the places of those who send a picture and wait: as many pictures are in memory, and no more."""
    try:
        return _places.get()
    except LookupError:
        places = CapacityLimiter(MAX_WAITING)
        _places.set(places)
        return places


async def read_picture(request: Request) -> Picture:
    """Return the picture in the request; raises `PictureMissing`, `ImageTooLarge`."""
    content = await _read_limited(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        if not content:
            raise PictureMissing
        return Picture(content, request.query_params.get("name", ""))
    try:
        form = await MultiPartParser(request.headers, _once(content), max_files=1, max_fields=8).parse()
    except (MultiPartException, KeyError) as error:
        raise PictureMissing from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise PictureMissing
        return Picture(await file.read(), file.filename or "")
    finally:
        await form.close()


async def _read_limited(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BYTES + _ROOM_FOR_FORM:
            raise ImageTooLarge(f"The picture has more than {MAX_BYTES:,} bytes, which is the most that is read.")
        parts.append(part)
    return b"".join(parts)


async def _once(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content
