"""Queries for the states that an image has been in."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import or_, select

from modelyard.server.annotations.repository.opinions import present_classes
from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import Annotation, AnnotationRevision, Class, Object, User


def revision(session: ReadSession, image_id: UUID, number: int) -> AnnotationRevision | None:
    """Return one revision of an image's answer."""
    query = select(AnnotationRevision).join(Annotation, Annotation.id == AnnotationRevision.annotation_id)
    query = query.where(Annotation.image_id == image_id, AnnotationRevision.revision == number)
    return session.scalars(query).first()


def versions(session: ReadSession, image_id: UUID, number: int) -> Sequence[Object]:
    """Return the versions of objects that held at a revision, or ended with it, from below to above."""
    query = select(Object).where(Object.image_id == image_id, Object.since_revision <= number)
    query = query.where(or_(Object.until_revision.is_(None), Object.until_revision >= number))
    query = query.order_by(Object.z, Object.object_id, Object.since_revision)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def classes(session: ReadSession, project_id: UUID, class_ids: Iterable[UUID | None]) -> list[tuple[Class, bool]]:
    """Return these classes, by name, each with whether it is there, or merged into one that is."""
    present = present_classes(session, project_id)
    wanted = {class_id for class_id in class_ids if class_id is not None}
    rows = session.scalars(select(Class).where(Class.id.in_(wanted)).order_by(Class.name)).all() if wanted else []
    return [(row, present.get(row.id) is not None) for row in rows]


def author_name(session: ReadSession, user_id: UUID | None) -> str | None:
    """Return what a person is called."""
    return session.scalar(select(User.name).where(User.id == user_id)) if user_id else None
