"""Putting events into the outbox, in the transaction that makes them; a worker sends them later (`courier.py`)."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import Project, WebhookChange, WebhookDelivery, now
from modelyard.server.webhooks import repository
from modelyard.server.webhooks.types import EventType


def announce(session: WriteSession, project_id: UUID, event_type: EventType, data: dict[str, Any]) -> None:
    """Tell whoever listens in this project; nothing is written where nobody does."""
    for webhook_id in repository.listening(session, project_id, event_type):
        put(session, webhook_id, project_id, event_type, data, at=now())


def put(
    session: WriteSession, webhook_id: UUID, project_id: UUID, event_type: str, data: dict[str, Any], *, at: datetime
) -> WebhookDelivery:
    """Make one delivery, due at once."""
    project = session.get_one(Project, project_id)
    told = {"project_id": str(project.id), "project": project.name, **data}
    body = json.dumps({"type": event_type, "timestamp": at.isoformat(), "data": told}, ensure_ascii=False)
    delivery = WebhookDelivery(webhook_id=webhook_id, event_type=event_type, body=body, next_try_at=at)
    session.add(delivery)
    session.flush()
    return delivery


def note_changes(session: WriteSession, project_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Remember whose annotations changed; a save adds one row at most, and shares none with other saves."""
    if image_ids and repository.listening(session, project_id, "annotations.changed"):
        session.add(WebhookChange(project_id=project_id, image_ids=[str(image_id) for image_id in image_ids]))
