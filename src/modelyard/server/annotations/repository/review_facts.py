"""Queries for what decides whether a picture of a batch is reviewed: who labelled it, as what, and who differs."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from modelyard.server.annotations.repository import ranks
from modelyard.server.annotations.repository.batches import IS_IN
from modelyard.server.annotations.repository.slots import parts
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, Batch, Object, ObjectSuggestion, QueueItem, Review, new_id, now


class Labelled(NamedTuple):
    """The label that a picture has now."""

    image_id: UUID
    revision: int
    author_id: UUID | None  # None: of several people who agree, or of an import
    class_id: UUID | None


def labelled(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, Labelled]:
    """Return the labels of those of these pictures that have one."""
    found: dict[UUID, Labelled] = {}
    for part in parts(image_ids):
        query = select(Annotation.image_id, Annotation.revision, Annotation.author_id, Annotation.class_id)
        query = query.where(Annotation.image_id.in_(part), Annotation.answer != "none")
        found |= {row[0]: Labelled(*row) for row in session.execute(query)}
    return found


def finished_in(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return the pictures by the batch in which they were labelled last; those of none, or one put away, are left out.

    Pictures that a batch has not finished are left out too.
    """
    newest: dict[UUID, tuple[UUID, set[str]]] = {}
    for part in parts(image_ids):
        query = select(QueueItem.image_id, QueueItem.batch_id, QueueItem.state)
        query = query.join(Batch, Batch.id == QueueItem.batch_id).where(QueueItem.image_id.in_(part))
        query = query.where(Batch.deleted_at.is_(None), Batch.kind == "labels")
        for image_id, batch_id, state in session.execute(query.order_by(Batch.id)):
            if batch_id is None:
                continue
            before = newest.get(image_id)
            states = before[1] if before and before[0] == batch_id else set()
            newest[image_id] = (batch_id, states | {state})
    found: dict[UUID, list[UUID]] = {}
    for image_id, (batch_id, states) in newest.items():
        if states == {"done"}:
            found.setdefault(batch_id, []).append(image_id)
    return found


def all_finished(session: ReadSession, batch_id: UUID) -> list[UUID]:
    """Return every picture that a batch has finished."""
    query = select(QueueItem.image_id).where(QueueItem.batch_id == batch_id).group_by(QueueItem.image_id)
    return list(session.scalars(query.having(func.min(QueueItem.state) == "done", func.max(QueueItem.state) == "done")))


def people(session: ReadSession, batch_id: UUID, image_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Return who labelled each picture in a batch."""
    found: dict[UUID, set[UUID]] = {}
    for part in parts(image_ids):
        query = select(QueueItem.image_id, QueueItem.user_id).where(QueueItem.batch_id == batch_id)
        query = query.where(QueueItem.image_id.in_(part), QueueItem.state.in_(IS_IN))
        for image_id, user_id in session.execute(query):
            if user_id is not None:
                found.setdefault(image_id, set()).add(user_id)
    return found


def drawn_classes(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Return the classes of what is drawn into each picture."""
    found: dict[UUID, set[UUID]] = {}
    for part in parts(image_ids):
        query = select(Object.image_id, Object.class_id).distinct()
        for image_id, class_id in session.execute(
            query.where(Object.image_id.in_(part), Object.until_revision.is_(None))
        ):
            found.setdefault(image_id, set()).add(class_id)
    return found


def differing(session: ReadSession, image_ids: Sequence[UUID]) -> set[UUID]:
    """Return the pictures that people labelled differently, or otherwise than a model suggested."""
    found = {image_id for image_id, value in ranks.disagreements(session, image_ids).items() if value > 0}
    for part in parts(image_ids):
        shown = select(Annotation.image_id).where(Annotation.image_id.in_(part))
        found |= set(session.scalars(shown.where(Annotation.suggestion_outcome == "corrected")))
        drawn = select(ObjectSuggestion.image_id).where(ObjectSuggestion.image_id.in_(part))
        found |= set(session.scalars(drawn.where(ObjectSuggestion.outcome.in_(("rejected", "edited")))))
    return found


def states(session: ReadSession, batch_id: UUID, image_ids: Sequence[UUID]) -> dict[UUID, tuple[str, int]]:
    """Return (state, revision) of the last review of each of these pictures in a batch."""
    found: dict[UUID, tuple[str, int]] = {}
    for part in parts(image_ids):
        query = select(Review.image_id, Review.state, Review.revision).where(Review.batch_id == batch_id)
        for image_id, state, revision in session.execute(
            query.where(Review.image_id.in_(part)).order_by(Review.revision)
        ):
            found[image_id] = (state, revision)
    return found


def follow(session: WriteSession, batch_id: UUID, rows: Collection[Labelled]) -> None:
    """Let reviews that wait look at the labels that the pictures have now."""
    present = {row.image_id: row for row in rows}
    for part in parts(list(present)):
        query = select(Review.id, Review.image_id, Review.revision, Review.author_id)
        query = query.where(Review.batch_id == batch_id, Review.image_id.in_(part))
        changed = []
        for id_, image_id, revision, author_id in session.execute(query.where(Review.state.in_(("waiting", "gone")))):
            row = present[image_id]
            if (row.revision, row.author_id) != (revision, author_id):
                changed.append({"id": id_, "revision": row.revision, "author_id": row.author_id})
        if changed:
            session.execute(update(Review), changed)


def add(session: WriteSession, batch: Batch, rows: Collection[Labelled], *, again: Collection[UUID]) -> None:
    """Want a look at these labels, which no review looks at yet."""
    at = now()
    facts = {"project_id": batch.project_id, "batch_id": batch.id, "state": "waiting", "reason": ""}
    new = [
        facts
        | {"id": new_id(), "created_at": at, "queued_at": at, "is_again": row.image_id in again}
        | {"image_id": row.image_id, "revision": row.revision, "author_id": row.author_id}
        for row in rows
    ]
    if new:
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        insert = sqlite.insert(Review) if is_sqlite else postgresql.insert(Review)
        session.execute(insert.on_conflict_do_nothing(), new)
