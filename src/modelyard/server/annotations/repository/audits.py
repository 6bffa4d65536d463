"""Queries for audits: which labels were suggestions taken unchanged, and how they fared when given again."""

import random
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, update

from modelyard.server.annotations.repository.slots import parts
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import (
    Annotation,
    AnnotationRevision,
    AuditPicture,
    GoldPicture,
    Image,
    Object,
    Opinion,
    Project,
    QueueItem,
)


def draw(session: ReadSession, project: Project, count: int) -> list[UUID]:
    """Return so many pictures by chance of which a person took a suggestion unchanged, and that wait nowhere."""
    said = Annotation
    query = select(said.image_id).join(Image, Image.id == said.image_id)
    query = query.where(said.project_id == project.id, Image.deleted_at.is_(None))
    if project.task == "classification":
        query = query.where(said.suggestion_outcome == "accepted", said.answer == "class")
    else:
        taken = select(Object.id).where(Object.image_id == said.image_id, *_TAKEN)
        query = query.where(said.answer == "objects", taken.exists())
    gold = select(GoldPicture.id).where(GoldPicture.image_id == said.image_id, GoldPicture.ended_at.is_(None))
    waits = select(QueueItem.id).where(QueueItem.image_id == said.image_id, QueueItem.state.in_(_OPEN))
    found = list(session.scalars(query.where(~gold.exists(), ~waits.exists())))
    return random.SystemRandom().sample(found, min(count, len(found)))


_TAKEN = (Object.until_revision.is_(None), Object.source == "model")
_OPEN = ("waiting", "given", "disputed")


def keep(session: WriteSession, batch_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Note which revision of each picture's label is audited."""
    for part in parts(image_ids):
        query = select(Annotation.image_id, Annotation.revision).where(Annotation.image_id.in_(part))
        rows = session.execute(query).all()
        session.add_all(
            AuditPicture(batch_id=batch_id, image_id=image_id, revision=number) for image_id, number in rows
        )
    session.flush()


def of_batch(session: ReadSession, batch_id: UUID) -> list[AuditPicture]:
    """Return the pictures of an audit."""
    query = select(AuditPicture).where(AuditPicture.batch_id == batch_id).order_by(AuditPicture.image_id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def labels(session: ReadSession, rows: Sequence[AuditPicture]) -> dict[UUID, AnnotationRevision]:
    """Return the audited revisions, by picture."""
    revisions = {row.image_id: row.revision for row in rows}
    found: dict[UUID, AnnotationRevision] = {}
    for part in parts(list(revisions)):
        query = select(AnnotationRevision).where(AnnotationRevision.image_id.in_(part))
        found |= {row.image_id: row for row in session.scalars(query) if row.revision == revisions[row.image_id]}
    return found


def taken(session: ReadSession, rows: Sequence[AuditPicture]) -> dict[UUID, list[Object]]:
    """Return the objects that were suggestions taken unchanged at the audited revisions, by picture."""
    revisions = {row.image_id: row.revision for row in rows}
    found: dict[UUID, list[Object]] = {}
    for part in parts(list(revisions)):
        for row in session.scalars(select(Object).where(Object.image_id.in_(part), Object.source == "model")):
            at = revisions[row.image_id]
            if row.since_revision <= at and (row.until_revision is None or row.until_revision > at):
                found.setdefault(row.image_id, []).append(row)
    return found


def opinions(session: ReadSession, batch_id: UUID, image_ids: Sequence[UUID]) -> dict[UUID, Opinion]:
    """Return what was said when the pictures were labelled again."""
    query = select(Opinion).where(Opinion.batch_id == batch_id, Opinion.image_id.in_(image_ids))
    return {row.image_id: row for row in session.scalars(query.where(Opinion.state == "submitted"))}


def note(session: WriteSession, batch_id: UUID, judged: Mapping[UUID, tuple[int, int]]) -> None:
    """Write how labels fared: (labels judged, those that were wrong) by picture."""
    for image_id, (count, wrong) in judged.items():
        this = (AuditPicture.batch_id == batch_id, AuditPicture.image_id == image_id)
        session.execute(update(AuditPicture).where(*this).values(judged=count, wrong=wrong))


def finish(session: WriteSession, batch_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Close the slots of pictures that were labelled again."""
    mine = (QueueItem.batch_id == batch_id, QueueItem.image_id.in_(image_ids), QueueItem.state.in_(_OPEN))
    statement = update(QueueItem).where(*mine).values(state="done", lease_token=None, lease_expires_at=None)
    session.execute(statement.execution_options(synchronize_session=False))
