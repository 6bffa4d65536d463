"""Queries of guidelines: versions, the one that counts, and who has read which."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, or_, select

from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Class, GuidelineReading, GuidelineVersion, Image, Project, ProjectMember, User


def lock(session: WriteSession, project_id: UUID) -> None:
    """Let nobody else save guidelines of this project until the transaction ends."""
    session.execute(select(Project.id).where(Project.id == project_id).with_for_update())


def current(session: ReadSession, project_id: UUID) -> list[GuidelineVersion]:
    """Return the versions that count: the project's first, then those of its present classes in their order."""
    newest = select(GuidelineVersion.subject, func.max(GuidelineVersion.number).label("number"))
    newest_of = newest.where(GuidelineVersion.project_id == project_id).group_by(GuidelineVersion.subject).subquery()
    query = select(GuidelineVersion).join(
        newest_of,
        (newest_of.c.subject == GuidelineVersion.subject) & (newest_of.c.number == GuidelineVersion.number),
    )
    query = query.outerjoin(Class, Class.id == GuidelineVersion.class_id)
    query = query.where(GuidelineVersion.project_id == project_id)
    query = query.where(or_(GuidelineVersion.class_id.is_(None), Class.deleted_at.is_(None)))
    return list(session.scalars(query.order_by(func.coalesce(Class.position, -1), GuidelineVersion.id)))


def newest(session: ReadSession, project_id: UUID, subject: str) -> GuidelineVersion | None:
    """Return the version that counts; None where there is none."""
    query = select(GuidelineVersion).where(GuidelineVersion.project_id == project_id)
    query = query.where(GuidelineVersion.subject == subject).order_by(GuidelineVersion.number.desc())
    return session.scalars(query.limit(1)).first()


def versions(session: ReadSession, project_id: UUID, subject: str, *, limit: int) -> list[GuidelineVersion]:
    """Return the newest versions, newest first."""
    query = select(GuidelineVersion).where(GuidelineVersion.project_id == project_id)
    query = query.where(GuidelineVersion.subject == subject).order_by(GuidelineVersion.number.desc())
    return list(session.scalars(query.limit(limit)))


def readings(session: ReadSession, project_id: UUID, user_id: UUID) -> dict[str, int]:
    """Return the number of what a person has read, by subject."""
    query = select(GuidelineReading).where(
        GuidelineReading.project_id == project_id, GuidelineReading.user_id == user_id
    )
    return {row.subject: row.number for row in session.scalars(query)}


def present_images(session: ReadSession, project_id: UUID, image_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these images that the project holds."""
    query = select(Image.id).where(Image.project_id == project_id, Image.id.in_(set(image_ids)))
    return set(session.scalars(query.where(Image.deleted_at.is_(None))))


def names(session: ReadSession, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of people."""
    query = select(User.id, User.name).where(User.id.in_(set(user_ids)))
    return {user_id: name for user_id, name in session.execute(query)}


def member_ids(session: ReadSession, project_id: UUID) -> list[UUID]:
    """Return who belongs to the project."""
    return list(session.scalars(select(ProjectMember.user_id).where(ProjectMember.project_id == project_id)))
