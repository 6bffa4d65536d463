"""Queries for what single people say of images that several are to label."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update

from modelyard.server.annotations.repository import slots
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Class, Opinion, QueueItem

_FIND = (  # Written down once: every save asks it, several times.
    select(Opinion)
    .where(Opinion.batch_id == bindparam("batch"), Opinion.image_id == bindparam("image"))
    .where(Opinion.author_id == bindparam("author"))
    .execution_options(populate_existing=True)
)


def find(session: ReadSession, batch_id: UUID, image_id: UUID, author_id: UUID) -> Opinion | None:
    """Return what a person says of an image."""
    return session.scalars(_FIND, {"batch": batch_id, "image": image_id, "author": author_id}).first()


def of_image(session: ReadSession, batch_id: UUID, image_id: UUID) -> list[Opinion]:
    """Return what people say of an image, whether it counts or not."""
    query = select(Opinion).where(Opinion.batch_id == batch_id, Opinion.image_id == image_id)
    return list(session.scalars(query.order_by(Opinion.id).execution_options(populate_existing=True)))


def reopen(session: WriteSession, batch_id: UUID, image_id: UUID) -> None:
    """Make drafts of what people submitted for an image; what they drew stays."""
    statement = update(Opinion).where(Opinion.batch_id == batch_id, Opinion.image_id == image_id)
    values = {"state": "draft", "answer": "none", "class_id": None, "submitted_at": None}
    statement = statement.where(Opinion.state == "submitted").values(revision=Opinion.revision + 1, **values)
    session.execute(statement.execution_options(synchronize_session=False))


def counted(session: ReadSession, batch_id: UUID, image_ids: Iterable[UUID]) -> dict[UUID, list[Opinion]]:
    """Return what people submitted for these images, first come first, by image: of those whose slot it filled."""
    found: dict[UUID, list[Opinion]] = {}
    for part in slots.parts(list(image_ids)):
        query = select(Opinion).join(
            QueueItem,
            (QueueItem.batch_id == Opinion.batch_id)
            & (QueueItem.image_id == Opinion.image_id)
            & (QueueItem.user_id == Opinion.author_id),
        )
        query = query.where(Opinion.batch_id == batch_id, Opinion.image_id.in_(part), Opinion.state == "submitted")
        query = query.where(QueueItem.state.in_(("given", "disputed", "done")))
        query = query.order_by(Opinion.submitted_at, Opinion.id)
        for row in session.scalars(query.execution_options(populate_existing=True)):
            found.setdefault(row.image_id, []).append(row)
    return found


def present_classes(session: ReadSession, project_id: UUID) -> dict[UUID, UUID | None]:
    """Return which class each class of a project stands for now: itself, what it was merged into, None if deleted."""
    query = select(Class.id, Class.deleted_at, Class.merged_into_id).where(Class.project_id == project_id)
    rows = {class_id: (deleted_at, target) for class_id, deleted_at, target in session.execute(query)}
    return {class_id: _follow(rows, class_id) for class_id in rows}


def _follow(rows: Mapping[UUID, tuple[object, UUID | None]], class_id: UUID) -> UUID | None:
    """Return where merges lead; None if the class at the end was deleted."""
    for _ in rows:
        deleted_at, target = rows[class_id]
        if deleted_at is None:
            return class_id
        if target is None:
            return None
        class_id = target
    return None


def drawn(session: ReadSession, project_id: UUID, table: Any) -> list[tuple[UUID, list[Any]]]:
    """Return (id, objects) of every row of a project that keeps objects as opinions do, and has some."""
    query = select(table.id, table.objects).where(table.project_id == project_id)
    return [(id_, objects) for id_, objects in session.execute(query) if objects]


def described(session: ReadSession, project_id: UUID, table: Any) -> list[tuple[UUID, dict[str, Any]]]:
    """Return (id, attributes) of every row of a project that says something of the image as a whole."""
    query = select(table.id, table.attributes).where(table.project_id == project_id, table.attributes.is_not(None))
    return [(id_, values) for id_, values in session.execute(query) if values]
