"""Queries for the queue: every lease is made by one atomic statement; none for annotations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from blake3 import blake3
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, Image, QueueItem, Suggestion

ASKED = 2.0  # Priority of an image that a person sent to the queue: above whatever a model may give.
RESERVED = -1.0  # From here down, in random order: kept from selection, to check models.
_UNSCORED = 1e-3  # Below every score, in random order.


@dataclass(frozen=True)
class Lease:
    """One image for one person, from `at` until `until`."""

    user_id: UUID
    token: UUID
    at: datetime
    until: datetime


def shuffle_number(image_id: UUID) -> float:
    """Return the image's fixed place in [0, 1) in the random order, independent of what it shows."""
    return int.from_bytes(blake3(image_id.bytes).digest(6), "big") / 2**48


def waiting_row(project_id: UUID, image_id: UUID, *, is_reserved: bool) -> dict[str, Any]:
    """Return the row of an image that nobody has scored yet."""
    shuffle = shuffle_number(image_id)
    return {
        "image_id": image_id,
        "project_id": project_id,
        "shuffle": shuffle,
        "priority": RESERVED - shuffle if is_reserved else shuffle * _UNSCORED,
        "reason": "",
    }


def put_back(session: WriteSession, project_id: UUID, image_ids: Iterable[UUID]) -> None:
    """Queue these images unless they wait already; deleted ones stay out."""
    query = select(Image.id, Image.is_reserved).where(Image.id.in_(list(image_ids)), Image.deleted_at.is_(None))
    rows = [waiting_row(project_id, image_id, is_reserved=reserved) for image_id, reserved in session.execute(query)]
    if rows:
        session.execute(_insert(session).on_conflict_do_nothing(), rows)


def draw_anew(session: WriteSession, project_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Give waiting images their place by what they are kept for now; those that a person asked for stay in front."""
    query = select(QueueItem, Image.is_reserved).join(Image, Image.id == QueueItem.image_id)
    for item, is_reserved in session.execute(query.where(Image.id.in_(image_ids), QueueItem.priority < ASKED)):
        item.priority = waiting_row(project_id, item.image_id, is_reserved=is_reserved)["priority"]


def put_first(session: WriteSession, project_id: UUID, image_ids: Iterable[UUID], *, reason: str) -> None:
    """Queue these images before all others, with a reason; those that wait already move up."""
    rows = [
        waiting_row(project_id, image_id, is_reserved=False) | {"priority": ASKED, "reason": reason}
        for image_id in image_ids
    ]
    statement = _insert(session)
    new = statement.excluded
    changed = {"priority": new.priority, "reason": new.reason, "skipped_at": None}
    session.execute(statement.on_conflict_do_update(index_elements=["image_id"], set_=changed), rows)


def take_out(session: WriteSession, image_ids: Iterable[UUID]) -> None:
    """Remove images from the queue, with their leases."""
    session.execute(delete(QueueItem).where(QueueItem.image_id.in_(list(image_ids))))


def is_waiting(session: ReadSession, image_id: UUID) -> bool:
    """Say whether the image is in the queue."""
    return session.scalar(select(QueueItem.image_id).where(QueueItem.image_id == image_id)) is not None


def unanswered(session: ReadSession, image_ids: Iterable[UUID]) -> list[UUID]:
    """Return those of these images that nobody has answered, or whose answer was withdrawn."""
    query = (
        select(Image.id)
        .outerjoin(Annotation, Annotation.image_id == Image.id)
        .where(Image.id.in_(list(image_ids)), func.coalesce(Annotation.answer, "none") == "none")
    )
    return list(session.scalars(query))


def claim(
    session: WriteSession, project_id: UUID, lease: Lease, *, tier: str, pivot: float, exclude: Sequence[UUID]
) -> UUID | None:
    """Lend the first free image of `tier` in one atomic statement; None if there is none.

    `pivot`, in [0, 1), is the place in the random order where the tier "chance" begins to look.
    On PostgreSQL rows that somebody else is just taking are passed over; on SQLite writers stand in line.
    """
    free = [
        QueueItem.project_id == project_id,
        or_(QueueItem.lease_expires_at.is_(None), QueueItem.lease_expires_at <= lease.at),
    ]
    if exclude:
        free.append(QueueItem.image_id.not_in(exclude))
    condition, order = _tier(tier, pivot)
    chosen = select(QueueItem.image_id).where(*free, condition).order_by(*order).limit(1)
    statement = (
        update(QueueItem)
        .where(QueueItem.image_id == chosen.with_for_update(skip_locked=True).scalar_subquery())
        .values(lease_user_id=lease.user_id, lease_token=lease.token, lease_expires_at=lease.until)
        .returning(QueueItem.image_id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(statement).first()


def _tier(tier: str, pivot: float) -> tuple[ColumnElement[bool], tuple[Any, ...]]:
    """Return which images a tier holds, and in what order it lends them."""
    if tier == "skipped":
        return QueueItem.skipped_at.is_not(None), (QueueItem.skipped_at, QueueItem.image_id)
    fresh = QueueItem.skipped_at.is_(None)
    best_first = (QueueItem.priority.desc(), QueueItem.image_id.desc())
    by_shuffle = (QueueItem.shuffle, QueueItem.image_id)
    return {
        "asked": (and_(fresh, QueueItem.priority >= ASKED), best_first),
        "helpful": (and_(fresh, QueueItem.priority >= 0), best_first),
        "reserved": (and_(fresh, QueueItem.priority <= RESERVED), best_first),
        "chance": (and_(fresh, QueueItem.shuffle >= pivot), by_shuffle),
        "random": (fresh, by_shuffle),
        "upload": (fresh, (QueueItem.image_id,)),
    }[tier]


def lent(session: ReadSession, image_ids: Sequence[UUID]) -> Sequence[tuple[QueueItem, Image, Suggestion | None]]:
    """Return queue rows with their images and suggestions."""
    query = (
        select(QueueItem, Image, Suggestion)
        .join(Image, Image.id == QueueItem.image_id)
        .outerjoin(Suggestion, Suggestion.image_id == QueueItem.image_id)
        .where(QueueItem.image_id.in_(image_ids))
    )
    return session.execute(query).all()


def count(session: ReadSession, project_id: UUID) -> int:
    """Return how many images wait."""
    return session.scalar(select(func.count()).select_from(QueueItem).where(QueueItem.project_id == project_id)) or 0


def extend(session: WriteSession, user_id: UUID, tokens: Sequence[UUID], *, until: datetime) -> list[UUID]:
    """Keep these leases alive; return those that still hold."""
    statement = update(QueueItem).where(QueueItem.lease_token.in_(tokens), QueueItem.lease_user_id == user_id)
    statement = statement.values(lease_expires_at=until).returning(QueueItem.lease_token)
    held = session.scalars(statement.execution_options(synchronize_session=False))
    return [token for token in held if token is not None]


def release(session: WriteSession, user_id: UUID, tokens: Sequence[UUID]) -> None:
    """End these leases."""
    statement = update(QueueItem).where(QueueItem.lease_token.in_(tokens), QueueItem.lease_user_id == user_id)
    _execute(session, statement.values(lease_user_id=None, lease_token=None, lease_expires_at=None))


def release_all(session: WriteSession, user_id: UUID, *, project_id: UUID | None = None) -> None:
    """End every lease of a person, or those in one project."""
    statement = update(QueueItem).where(QueueItem.lease_user_id == user_id)
    if project_id is not None:
        statement = statement.where(QueueItem.project_id == project_id)
    _execute(session, statement.values(lease_user_id=None, lease_token=None, lease_expires_at=None))


def postpone(session: WriteSession, image_id: UUID, *, at: datetime) -> None:
    """Let an image come back after all others, and end its lease."""
    statement = update(QueueItem).where(QueueItem.image_id == image_id)
    values = {"skipped_at": at, "lease_user_id": None, "lease_token": None, "lease_expires_at": None}
    _execute(session, statement.values(**values))


def _execute(session: WriteSession, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


def _insert(session: WriteSession) -> Any:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(QueueItem) if is_sqlite else postgresql.insert(QueueItem)
