"""Queries for what is known of pictures that wait in a batch, and the rank that follows from it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, literal_column, select, update

from modelyard.server.annotations.repository.slots import parts
from modelyard.server.features import repository as features
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, Batch, ObjectSuggestion, Opinion, QueueItem, Suggestion

_WAITING = QueueItem.state == literal_column("'waiting'")
_ASKED = 2.0
_MOST = 4_000  # pictures that are compared with each other


def waiting(session: ReadSession, batch_id: UUID) -> list[UUID]:
    """Return the pictures of which a batch wants labels."""
    query = select(QueueItem.image_id).where(QueueItem.batch_id == batch_id, _WAITING).distinct()
    return list(session.scalars(query.order_by(QueueItem.image_id)))


def queued(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, float]:
    """Return the priority that pictures have in the open queue."""
    found: dict[UUID, float] = {}
    for part in parts(image_ids):
        query = select(QueueItem.image_id, QueueItem.priority)
        found |= dict(session.execute(query.where(QueueItem.image_id.in_(part), QueueItem.batch_id.is_(None))).all())
    return found


def doubts(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, float]:
    """Return how much models doubt what they suggest, in [0, 1]: the class, or the least sure object."""
    found: dict[UUID, float] = {}
    for part in parts(image_ids):
        query = select(Suggestion.image_id, 1 - Suggestion.margin).where(Suggestion.image_id.in_(part))
        found |= {image_id: float(doubt) for image_id, doubt in session.execute(query)}
        row = ObjectSuggestion
        doubt = func.max(1 - func.abs(2 * row.score - 1))
        drawn = select(row.image_id, doubt).where(row.image_id.in_(part), row.outcome.is_(None)).group_by(row.image_id)
        for image_id, value in session.execute(drawn):
            found[image_id] = max(found.get(image_id, 0.0), float(value))
    return found


def disagreements(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, float]:
    """Return how far what was said of pictures differs, in [0, 1]: between people, or a label and a suggestion."""
    found: dict[UUID, float] = {}
    for part in parts(image_ids):
        query = select(Annotation.image_id, Suggestion.score)
        query = query.join(Suggestion, Suggestion.image_id == Annotation.image_id)
        query = query.where(Annotation.image_id.in_(part), Annotation.class_id != Suggestion.class_id)
        found |= {image_id: float(score) for image_id, score in session.execute(query)}
        said = select(Opinion.image_id, Opinion.answer, Opinion.class_id).distinct()
        said = said.where(Opinion.image_id.in_(part), Opinion.state == "submitted")
        answers = said.subquery()
        several = select(answers.c.image_id).group_by(answers.c.image_id).having(func.count() > 1)
        found |= dict.fromkeys(session.scalars(several), 1.0)
    return found


def seen(session: ReadSession, image_ids: Sequence[UUID], backbone: str) -> list[UUID]:
    """Return the pictures that the backbone has looked at, a few thousand at most, evenly spread."""
    places = features.places(session, list(image_ids), backbone, "plain")
    known = [image_id for image_id in image_ids if image_id in places]
    return known[:: max(1, -(-len(known) // _MOST))]


def write(session: WriteSession, batch_id: UUID, priorities: dict[UUID, float]) -> None:
    """Write ranks of what waits in a batch, but for what a person asked for."""
    query = select(QueueItem.id, QueueItem.image_id, QueueItem.priority)
    query = query.where(QueueItem.batch_id == batch_id, _WAITING, QueueItem.priority < _ASKED)
    query = query.with_for_update(skip_locked=True)  # Whoever labels just now waits for nobody.
    changed = [
        {"id": item_id, "priority": priorities[image_id]}
        for item_id, image_id, before in session.execute(query)
        if image_id in priorities and priorities[image_id] != before
    ]
    if changed:
        session.execute(update(QueueItem), changed)


def following(session: WriteSession, project_id: UUID, orders: Sequence[str]) -> list[Batch]:
    """Return the batches of a project that people label in one of these orders."""
    query = select(Batch).where(Batch.project_id == project_id, Batch.deleted_at.is_(None), Batch.state != "closed")
    return list(session.scalars(query.where(Batch.order.in_(orders))))
