"""Queries of notifications; a person sees those of projects that they belong to now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update

from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import keyset
from modelyard.server.tables import Notification, Project, ProjectMember, User

KEPT = timedelta(days=90)  # after it was read
_READ_AT_ONCE = 500


def open_to(session: ReadSession, project_id: UUID, user_ids: Sequence[UUID]) -> list[User]:
    """Return those of these people who belong to the project and can sign in."""
    member = exists().where(ProjectMember.user_id == User.id, ProjectMember.project_id == project_id)
    query = select(User).where(User.id.in_(user_ids), User.disabled_at.is_(None), member)
    return list(session.scalars(query.order_by(User.id)))


def unread_alike(session: WriteSession, user_id: UUID, kind: str, path: str) -> Notification | None:
    """Return the unread line that says the same, if there is one."""
    query = select(Notification).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    query = query.where(Notification.kind == kind, Notification.path == path)
    return session.scalars(query.limit(1).with_for_update()).first()


def forget_old(session: WriteSession, user_ids: Sequence[UUID], *, before: datetime) -> None:
    """Forget what these people read long ago."""
    session.execute(delete(Notification).where(Notification.user_id.in_(user_ids), Notification.read_at < before))


def page(
    session: ReadSession, user_id: UUID, *, is_unread: bool, cursor: str | None, limit: int
) -> tuple[list[tuple[Notification, str, str | None]], str | None]:
    """Return one page of (notification, project's name, who caused it), newest first, and the next cursor."""
    query: Any = select(Notification, Project.name, User.name)
    query = query.join(Project, Project.id == Notification.project_id)
    query = query.outerjoin(User, User.id == Notification.actor_id).where(_of(user_id))
    if is_unread:
        query = query.where(Notification.read_at.is_(None))
    order = [(Notification.updated_at, "desc"), (Notification.id, "desc")]
    return keyset(session, query, order=order, cursor=cursor, limit=limit)


def count_unread(session: ReadSession, user_id: UUID) -> int:
    """Return how many notifications a person has not read."""
    query = select(func.count()).select_from(Notification).where(_of(user_id), Notification.read_at.is_(None))
    return session.scalar(query) or 0


def mark_read(session: WriteSession, user_id: UUID, ids: Sequence[UUID] | None, *, at: datetime) -> None:
    """Mark these of a person's notifications as read, or all; they are not sent by e-mail any more."""
    statement = update(Notification).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    if ids is not None:
        statement = statement.where(Notification.id.in_(ids))
    session.execute(statement.values(read_at=at, mail_due_at=None).execution_options(synchronize_session=False))


def mark_unread(session: WriteSession, user_id: UUID, ids: Sequence[UUID]) -> None:
    """Mark these of a person's notifications as not read."""
    mine = (Notification.user_id == user_id, Notification.id.in_(ids))
    session.execute(update(Notification).where(*mine).values(read_at=None).execution_options(synchronize_session=False))


def is_mail_due(session: ReadSession, at: datetime) -> bool:
    """Say whether anything waits to be sent by e-mail."""
    return session.scalar(select(Notification.id).where(Notification.mail_due_at <= at).limit(1)) is not None


def claim_mail(session: WriteSession, at: datetime, lease: timedelta) -> list[Notification]:
    """Take what is due for the person who waits longest; nobody else sends it until the lease is over."""
    due = select(Notification.user_id).where(Notification.mail_due_at <= at)
    user_id = session.scalar(due.order_by(Notification.mail_due_at, Notification.id).limit(1))
    if user_id is None:
        return []
    mine = select(Notification.id).where(Notification.user_id == user_id, Notification.mail_due_at <= at)
    mine = mine.order_by(Notification.id).limit(_READ_AT_ONCE).with_for_update(skip_locked=True)
    statement = (
        update(Notification)
        .where(Notification.id.in_(mine.scalar_subquery()))
        .values(mail_due_at=at + lease, mail_tries=Notification.mail_tries + 1)
        .returning(Notification)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(statement), key=lambda row: row.updated_at)


def settle_mail(
    session: WriteSession, rows: Sequence[Notification], *, due_at: datetime | None, mailed_at: datetime | None
) -> None:
    """Write how an attempt went, unless the rows changed or were taken over meanwhile."""
    for row in rows:
        ours = (Notification.id == row.id, Notification.mail_due_at == row.mail_due_at)
        session.execute(update(Notification).where(*ours).values(mail_due_at=due_at, mailed_at=mailed_at))


def addressee(session: ReadSession, user_id: UUID) -> User | None:
    """Return a person who can still sign in."""
    user = session.get(User, user_id)
    return user if user is not None and user.disabled_at is None else None


def readable(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the project's name for those of these notifications that their person may still see and has not read."""
    query = select(Notification.id, Project.name).join(Project, Project.id == Notification.project_id)
    query = query.where(Notification.id.in_(ids), Notification.read_at.is_(None), _is_open())
    return {id_: name for id_, name in session.execute(query)}


def _of(user_id: UUID) -> ColumnElement[bool]:
    return and_(Notification.user_id == user_id, _is_open())


def _is_open() -> ColumnElement[bool]:
    member = exists().where(
        ProjectMember.user_id == Notification.user_id, ProjectMember.project_id == Notification.project_id
    )
    alive = exists().where(Project.id == Notification.project_id, Project.deleted_at.is_(None))
    return and_(member.correlate(Notification), alive.correlate(Notification))
