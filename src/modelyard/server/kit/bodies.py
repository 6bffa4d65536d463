"""Files out of a request, sent as the raw body or in a form, never more than a limit; it stores nothing."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from modelyard.errors import Invalid

_ROOM_FOR_FORM = 64 * 1024
FILE_BODY: dict[str, Any] = {
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


class FileMissing(Invalid):
    """Send one file: as the body itself, or as the field 'file' of a form."""


class FormInvalid(Invalid):
    """The request is not a form with files (multipart/form-data), or has more parts than are expected here."""


class BodyTooLarge(Invalid):
    """The body is larger than the limit."""


@dataclass(frozen=True)
class SentFile:
    """The bytes of a file and the name that its form or the query's `name` gave it, if any."""

    content: bytes
    name: str


async def read_limited(request: Request, *, max_bytes: int) -> bytes:
    """Return the raw body; raises `BodyTooLarge` as soon as the limit is passed."""
    return b"".join([part async for part in _limited(request, max_bytes)])


async def _limited(request: Request, max_bytes: int) -> AsyncGenerator[bytes, None]:
    size_bytes = 0
    async for part in request.stream():
        size_bytes += len(part)
        if size_bytes > max_bytes:
            raise BodyTooLarge(f"The body has more than {max_bytes:,} bytes, which is the most that is accepted.")
        yield part


@asynccontextmanager
async def read_form(request: Request, *, max_bytes: int, max_files: int) -> AsyncIterator[FormData]:
    """Give the parts of a form; files lie on disk, not in memory, and are gone when the block ends.

    Raises `FormInvalid`, `BodyTooLarge`.
    """
    stream = _limited(request, max_bytes + _ROOM_FOR_FORM)
    try:
        form = await MultiPartParser(request.headers, stream, max_files=max_files, max_fields=8).parse()
    except (MultiPartException, KeyError) as error:
        raise FormInvalid from error
    try:
        yield form
    finally:
        await form.close()


async def read_file(request: Request, *, max_bytes: int) -> SentFile:
    """Return the one file of the request; raises `FileMissing`, `BodyTooLarge`."""
    body = await read_limited(request, max_bytes=max_bytes + _ROOM_FOR_FORM)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        if not body:
            raise FileMissing
        return SentFile(body, request.query_params.get("name", ""))
    try:
        form = await MultiPartParser(request.headers, _once(body), max_files=1, max_fields=8).parse()
    except (MultiPartException, KeyError) as error:
        raise FileMissing from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise FileMissing
        return SentFile(await file.read(), file.filename or "")
    finally:
        await form.close()


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
