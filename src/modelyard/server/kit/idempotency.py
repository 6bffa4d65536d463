"""Requests that may be repeated: the same `Idempotency-Key` gets the same answer for a day."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import Request
from sqlalchemy import delete, select

from modelyard.errors import Invalid
from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import IdempotencyKey, now

HEADER = "Idempotency-Key"


class IdempotencyKeyReused(Invalid):
    """This Idempotency-Key was used for another request. Use a fresh one."""


def once(
    session: WriteSession, request: Request, *, actor_id: object, body: str, work: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Do `work` unless this key was seen; return its answer either way. Raises `IdempotencyKeyReused`.

    The key is written in the same transaction as the work, so a crash leaves neither.
    """
    key = request.headers.get(HEADER)
    if not key:
        return work()
    full = f"{actor_id} {request.method} {request.url.path} {key[:120]}"[:300]
    digest = hashlib.sha256(body.encode()).hexdigest()
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - timedelta(days=1)))
    found = session.scalars(select(IdempotencyKey).where(IdempotencyKey.key == full)).first()
    if found is not None:
        if found.request_hash != digest:
            raise IdempotencyKeyReused
        return found.response or {}
    answer = work()
    session.add(IdempotencyKey(key=full, request_hash=digest, status=200, response=answer))
    session.flush()
    return answer
