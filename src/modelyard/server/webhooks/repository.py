"""Queries of webhooks, their deliveries, and changes of annotations that wait to be told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import aliased, defer

from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import keyset
from modelyard.server.tables import Annotation, Class, Project, Webhook, WebhookChange, WebhookDelivery

KEPT = 1000  # deliveries of one webhook, the newest


def of_project(session: ReadSession, project_id: UUID) -> list[Webhook]:
    """Return a project's webhooks, oldest first."""
    return list(session.scalars(select(Webhook).where(Webhook.project_id == project_id).order_by(Webhook.id)))


def listening(session: ReadSession, project_id: UUID, event_type: str) -> list[UUID]:
    """Return the active webhooks of a project that want to be told of this kind of event."""
    query = select(Webhook.id, Webhook.event_types).join(Project, Project.id == Webhook.project_id)
    query = query.where(Webhook.project_id == project_id, Webhook.is_active, Project.deleted_at.is_(None))
    return [row.id for row in session.execute(query) if event_type in row.event_types]


def deliveries(
    session: ReadSession, webhook_id: UUID, *, states: Sequence[str], cursor: str | None, limit: int
) -> tuple[list[WebhookDelivery], str | None]:
    """Return deliveries without their bodies, newest first, and the next cursor."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if states:
        query = query.where(WebhookDelivery.state.in_(states))
    query = query.options(defer(WebhookDelivery.body))
    return keyset(session, query, order=[(WebhookDelivery.id, "desc")], cursor=cursor, limit=limit)


def is_anything_due(session: ReadSession, at: datetime) -> bool:
    """Say whether any delivery waits to be tried; most looks find none."""
    return session.scalar(_due(at).limit(1)) is not None


def claim(session: WriteSession, at: datetime, lease: timedelta) -> tuple[WebhookDelivery, Webhook] | None:
    """Take the delivery that waits longest; no two of one webhook are on their way at the same time."""
    chosen = _due(at).order_by(WebhookDelivery.next_try_at, WebhookDelivery.id).limit(1)
    statement = (
        update(WebhookDelivery)
        .where(WebhookDelivery.id == chosen.with_for_update(skip_locked=True).scalar_subquery())
        .values(tries=WebhookDelivery.tries + 1, sending_until=at + lease, next_try_at=at + lease)
        .returning(WebhookDelivery)
        .execution_options(synchronize_session=False)
    )
    found = session.scalars(statement).first()
    return None if found is None else (found, session.get_one(Webhook, found.webhook_id))


def _due(at: datetime) -> Any:
    other = aliased(WebhookDelivery)
    is_busy = exists().where(
        other.webhook_id == WebhookDelivery.webhook_id, other.next_try_at.is_not(None), other.sending_until > at
    )
    return select(WebhookDelivery.id).where(WebhookDelivery.next_try_at <= at, ~is_busy)


def give_up_waiting(session: WriteSession, webhook_id: UUID, *, at: datetime) -> None:
    """End every delivery of a webhook that waits; each can be replayed."""
    waiting = (WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state == "waiting")
    values = {"state": "failed", "next_try_at": None, "sending_until": None, "finished_at": at}
    session.execute(update(WebhookDelivery).where(*waiting).values(values))


def prune(session: WriteSession, webhook_id: UUID) -> None:
    """Forget all but the newest deliveries of a webhook."""
    ids = select(WebhookDelivery.id).where(WebhookDelivery.webhook_id == webhook_id)
    oldest = session.scalar(ids.order_by(WebhookDelivery.id.desc()).offset(KEPT).limit(1))
    if oldest is not None:
        session.execute(
            delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.id <= oldest)
        )


def project_to_gather(session: ReadSession, before: datetime) -> UUID | None:
    """Return a project with a change of annotations that has waited long enough."""
    return session.scalar(select(WebhookChange.project_id).where(WebhookChange.created_at <= before).limit(1))


def take_changes(session: WriteSession, project_id: UUID, *, most_images: int) -> list[UUID]:
    """Take the oldest changes of a project out of the table; return each image once, in order."""
    query = select(WebhookChange).where(WebhookChange.project_id == project_id).order_by(WebhookChange.id)
    chosen: list[UUID] = []
    images = 0
    for row in session.scalars(query.limit(most_images)):
        if chosen and images + len(row.image_ids) > most_images:
            break
        chosen.append(row.id)
        images += len(row.image_ids)
    taken = delete(WebhookChange).where(WebhookChange.id.in_(chosen)).returning(WebhookChange.image_ids)
    ids = [image_id for found in session.scalars(taken) for image_id in found]
    return [UUID(image_id) for image_id in dict.fromkeys(ids)]


def answers(session: ReadSession, image_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return what is said of images now, as facts that can be sent."""
    query = select(Annotation, Class.name).outerjoin(Class, Class.id == Annotation.class_id)
    found = {row.Annotation.image_id: row for row in session.execute(query.where(Annotation.image_id.in_(image_ids)))}
    return [_fact(*found[image_id]) for image_id in image_ids if image_id in found]


def _fact(row: Annotation, class_name: str | None) -> dict[str, Any]:
    return {
        "image_id": str(row.image_id),
        "annotation_id": str(row.id),
        "revision": row.revision,
        "answer": row.answer,
        "class_id": str(row.class_id) if row.class_id else None,
        "class": class_name,
        "source": row.source,
        "author_id": str(row.author_id) if row.author_id else None,
        "updated_at": row.updated_at.isoformat(),
    }
