"""Server-sent events: look at the database now and then, and send what is new; no session is held in between."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

_LOOK_EVERY_S = 0.5
_KEEP_ALIVE_S = 15.0


def stream(request: Request, look: Callable[[], tuple[list[tuple[str, Any]], bool]]) -> StreamingResponse:
    """Return a response that calls `look` twice a second and sends its (event, data) pairs until it says it is over."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(request, look), media_type="text/event-stream", headers=headers)


async def _events(request: Request, look: Callable[[], tuple[list[tuple[str, Any]], bool]]) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    silent_s = 0.0
    while not await request.is_disconnected():
        events, over = await run_in_threadpool(look)
        for event, data in events:
            yield f"event: {event}\ndata: {json.dumps(data)}\n\n"
        if over or getattr(request.app.state, "is_stopping", False):
            return
        silent_s = 0.0 if events else silent_s + _LOOK_EVERY_S
        if silent_s >= _KEEP_ALIVE_S:
            silent_s = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(_LOOK_EVERY_S)
