"""Queries for what waits: every lease is made by one atomic statement; none for annotations."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from blake3 import blake3
from sqlalchemy import ColumnElement, and_, delete, func, literal_column, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from modelyard.server.annotations.repository import gold, slots
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, GoldAnswer, Image, Postponement, QueueItem, Suggestion, User, new_id

ASKED = 2.0  # Priority of an image that a person sent to the queue: above whatever a model may give.
RESERVED = -1.0  # From here down, in random order: kept from selection, to check models.
UNSCORED = 1e-3  # Below every score, in random order.
# Said as they stand in the indexes that hold only what is open, or only what waits: databases match them by the letter.
_OPEN = QueueItem.batch_id.is_(None)
_FREE = {"lease_token": None, "lease_expires_at": None}


@dataclass(frozen=True)
class Line:
    """A queue to take from: a project's open one, or one of its batches."""

    project_id: UUID
    batch_id: UUID | None = None
    is_audit: bool = False  # nobody gets what they labelled themselves


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


def lot(image_id: UUID, key: bytes) -> float:
    """Return the image's place in [0, 1) in a random order that only whoever has the key of 32 bytes can foresee."""
    return int.from_bytes(blake3(image_id.bytes, key=key).digest(6), "big") / 2**48


def waiting_row(project_id: UUID, image_id: UUID, *, is_reserved: bool) -> dict[str, Any]:
    """Return the row of an image that nobody has scored yet, in the open queue."""
    shuffle = shuffle_number(image_id)
    return {
        "id": new_id(),
        "image_id": image_id,
        "project_id": project_id,
        "slot": 0,
        "state": "waiting",
        "shuffle": shuffle,
        "priority": RESERVED - shuffle if is_reserved else shuffle * UNSCORED,
        "reason": "",
    }


def put_back(session: WriteSession, project_id: UUID, image_ids: Iterable[UUID]) -> None:
    """Queue these images unless they wait already: in the batch they belong to, or else in the open queue.

    Deleted ones stay out.
    """
    wanted = slots.put_back(session, project_id, list(image_ids))
    query = select(Image.id, Image.is_reserved).where(Image.id.in_(wanted), Image.deleted_at.is_(None))
    rows = [waiting_row(project_id, image_id, is_reserved=reserved) for image_id, reserved in session.execute(query)]
    if rows:
        session.execute(_insert(session).on_conflict_do_nothing(), rows)


def draw_anew(session: WriteSession, project_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Give waiting images their place by what they are kept for now; those that a person asked for stay in front."""
    query = select(QueueItem, Image.is_reserved).join(Image, Image.id == QueueItem.image_id)
    query = query.where(Image.id.in_(image_ids), _OPEN, QueueItem.priority < ASKED)
    for item, is_reserved in session.execute(query):
        item.priority = waiting_row(project_id, item.image_id, is_reserved=is_reserved)["priority"]


def put_first(session: WriteSession, project_id: UUID, image_ids: Collection[UUID], *, reason: str) -> None:
    """Queue these images before all others, with a reason; those that wait already move up, where they wait.

    Pictures with known answers are passed over: they wait in no queue.
    """
    wanted = set(image_ids) - {row.image_id for row in gold.present(session, project_id, image_ids)}
    forget_postponed(session, wanted)
    moved = slots.move_up(session, project_id, wanted, priority=ASKED, reason=reason)
    rows = [
        waiting_row(project_id, image_id, is_reserved=False) | {"priority": ASKED, "reason": reason}
        for image_id in sorted(wanted - moved)
    ]
    if not rows:
        return
    statement = _insert(session)
    changed = {"priority": statement.excluded.priority, "reason": statement.excluded.reason}
    session.execute(statement.on_conflict_do_update(index_elements=["image_id"], index_where=_OPEN, set_=changed), rows)


def take_out(session: WriteSession, image_ids: Iterable[UUID]) -> None:
    """Remove images from the open queue, with their leases, and forget who left them for later."""
    ids = list(image_ids)
    session.execute(delete(QueueItem).where(QueueItem.image_id.in_(ids), _OPEN))
    forget_postponed(session, ids)


def forget_postponed(session: WriteSession, image_ids: Iterable[UUID]) -> None:
    """Let images come to everybody as if nobody had left them for later."""
    session.execute(delete(Postponement).where(Postponement.image_id.in_(list(image_ids))))


def forget_postponed_by(session: WriteSession, image_id: UUID, user_id: UUID) -> None:
    """Let an image be no longer left for later by a person."""
    mine = (Postponement.image_id == image_id, Postponement.user_id == user_id)
    session.execute(delete(Postponement).where(*mine))


def is_waiting(session: ReadSession, image_id: UUID) -> bool:
    """Say whether the image is in a queue."""
    query = select(QueueItem.id).where(QueueItem.image_id == image_id, QueueItem.state.not_in(("done", "gone")))
    return session.scalar(query.limit(1)) is not None


def is_lent(session: ReadSession, image_id: UUID, *, at: datetime) -> bool:
    """Say whether the image is on somebody's screen, out of any queue."""
    query = select(QueueItem.id).where(QueueItem.image_id == image_id, QueueItem.lease_expires_at > at)
    return session.scalar(query.limit(1)) is not None


def unanswered(session: ReadSession, image_ids: Iterable[UUID]) -> list[UUID]:
    """Return those of these images that nobody has answered, or whose answer was withdrawn."""
    query = (
        select(Image.id)
        .outerjoin(Annotation, Annotation.image_id == Image.id)
        .where(Image.id.in_(list(image_ids)), func.coalesce(Annotation.answer, "none") == "none")
    )
    return list(session.scalars(query))


def lock_person(session: WriteSession, user_id: UUID) -> None:
    """Let one person's requests stand in line until the commit, so that two of their tabs don't take the same image."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def claim(
    session: WriteSession, line: Line, lease: Lease, *, tier: str, pivot: float, exclude: Sequence[UUID]
) -> UUID | None:
    """Lend the first free image of `tier` in one atomic statement; None if there is none.

    `pivot`, in [0, 1), is the place in the random order where the tier "chance" begins to look. In a batch nobody gets
    an image of which they have, or had, a slot already: not even one that others may still label.
    On PostgreSQL rows that somebody else is just taking are passed over; on SQLite writers stand in line.
    """
    item = aliased(QueueItem)
    free = [*_in_line(item, line), or_(item.lease_expires_at.is_(None), item.lease_expires_at <= lease.at)]
    if exclude:
        free.append(item.image_id.not_in(exclude))
    if line.batch_id is not None:
        free += [~_has_another(item, lease.user_id), is_for(item, lease.user_id)]
    if line.is_audit:
        free.append(~_is_own(item, lease.user_id))
    condition, order = (
        _tier(item, tier, pivot) if tier != "returned" else (item.returned_to == lease.user_id, (item.id,))
    )
    chosen = select(item.id).where(*free, condition)
    postponed = and_(Postponement.image_id == item.image_id, Postponement.user_id == lease.user_id)
    if tier == "skipped":
        chosen = chosen.join(Postponement, postponed)
    else:
        chosen = chosen.where(~select(Postponement.at).where(postponed).exists())
    chosen = chosen.order_by(*order).limit(1).with_for_update(skip_locked=True, of=item)
    statement = (
        update(QueueItem)
        .where(QueueItem.id == chosen.scalar_subquery())
        .values(user_id=lease.user_id, lease_token=lease.token, lease_expires_at=lease.until)
        .returning(QueueItem.image_id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(statement).first()


def _in_line(item: Any, line: Line) -> list[ColumnElement[bool]]:
    """Return what holds of every slot of a queue that waits, in the words of its indexes."""
    if line.batch_id is None:
        return [item.project_id == line.project_id, item.batch_id.is_(None)]
    return [item.batch_id == line.batch_id, item.state == literal_column("'waiting'")]


def is_for(item: Any, user_id: UUID) -> ColumnElement[bool]:
    """Say whether a slot of a batch may go to a person: what was sent back to somebody goes to them alone."""
    return or_(item.returned_to.is_(None), item.returned_to == user_id)


def _has_another(item: Any, user_id: UUID) -> ColumnElement[bool]:
    """Say whether the person has, or had, another slot of the same image."""
    other = aliased(QueueItem)
    query = select(other.id).where(other.batch_id == item.batch_id, other.image_id == item.image_id)
    return query.where(other.user_id == user_id, other.id != item.id).exists()


def _is_own(item: Any, user_id: UUID) -> ColumnElement[bool]:
    """Say whether the image's label is the person's own."""
    query = select(Annotation.id).where(Annotation.image_id == item.image_id, Annotation.author_id == user_id)
    return query.exists()


def _tier(item: Any, tier: str, pivot: float) -> tuple[ColumnElement[bool], tuple[Any, ...]]:
    """Return which images a tier holds, and in what order it lends them."""
    best_first = (item.priority.desc(), item.image_id.desc())
    by_shuffle = (item.shuffle, item.image_id)
    return {
        "skipped": (true(), (Postponement.at, item.image_id)),
        "asked": (item.priority >= ASKED, best_first),
        "helpful": (item.priority >= 0, best_first),
        "reserved": (item.priority <= RESERVED, best_first),
        "chance": (item.shuffle >= pivot, by_shuffle),
        "random": (true(), by_shuffle),
        "upload": (true(), (item.image_id,)),
    }[tier]


def lent(
    session: ReadSession, line: Line, image_ids: Sequence[UUID], user_id: UUID
) -> Sequence[tuple[QueueItem, Image, Suggestion | None]]:
    """Return the slots that a person has of these images, with the images and suggestions."""
    query = (
        select(QueueItem, Image, Suggestion)
        .join(Image, Image.id == QueueItem.image_id)
        .outerjoin(Suggestion, Suggestion.image_id == QueueItem.image_id)
        .where(QueueItem.image_id.in_(image_ids), QueueItem.user_id == user_id, *_in_line(QueueItem, line))
    )
    return session.execute(query.execution_options(populate_existing=True)).all()


def count(session: ReadSession, line: Line, *, but: UUID | None = None) -> int:
    """Return how many images of a queue wait, lent ones too; without those that this person has labelled."""
    counted = func.count() if line.batch_id is None else func.count(QueueItem.image_id.distinct())
    query = select(counted).select_from(QueueItem).where(*_in_line(QueueItem, line))
    if but is not None:
        query = query.where(~_has_another(QueueItem, but), is_for(QueueItem, but))
        query = query.where(~_is_own(QueueItem, but)) if line.is_audit else query
    return session.scalar(query) or 0


def free(session: ReadSession, project_id: UUID, *, at: datetime, with_reserved: bool) -> list[UUID]:
    """Return the pictures of the open queue that are lent to nobody, oldest first."""
    query = select(QueueItem.image_id).where(QueueItem.project_id == project_id, _OPEN)
    query = query.where(or_(QueueItem.lease_expires_at.is_(None), QueueItem.lease_expires_at <= at))
    if not with_reserved:
        query = query.where(QueueItem.priority > RESERVED)
    return list(session.scalars(query.order_by(QueueItem.image_id)))


def extend(session: WriteSession, user_id: UUID, tokens: Sequence[UUID], *, until: datetime) -> list[UUID]:
    """Keep these leases alive; return those that still hold."""
    statement = update(QueueItem).where(QueueItem.lease_token.in_(tokens), QueueItem.user_id == user_id)
    statement = statement.values(lease_expires_at=until).returning(QueueItem.lease_token)
    held = session.scalars(statement.execution_options(synchronize_session=False))
    return [token for token in held if token is not None] + gold.extend(session, user_id, tokens, until=until)


def release(session: WriteSession, user_id: UUID, tokens: Sequence[UUID]) -> None:
    """End these leases; the images are free for everybody."""
    statement = update(QueueItem).where(QueueItem.lease_token.in_(tokens), QueueItem.user_id == user_id)
    _execute(session, statement.values(user_id=None, **_FREE))
    gold.release(session, user_id, GoldAnswer.lease_token.in_(tokens))


def release_all(session: WriteSession, user_id: UUID, *, project_id: UUID | None = None) -> None:
    """End every lease of a person, or those in one project; what was sent back to them is anybody's."""
    statement = update(QueueItem).where(QueueItem.user_id == user_id, QueueItem.state == "waiting")
    returned = update(QueueItem).where(QueueItem.returned_to == user_id)
    if project_id is not None:
        statement = statement.where(QueueItem.project_id == project_id)
        returned = returned.where(QueueItem.project_id == project_id)
    _execute(session, statement.values(user_id=None, **_FREE))
    gold.release(session, user_id, GoldAnswer.project_id == project_id if project_id else true())
    _execute(session, returned.values(returned_to=None))


def postpone(session: WriteSession, image_id: UUID, user_id: UUID, *, at: datetime) -> None:
    """Let an image come back to this person after all others, and end their lease."""
    mine = (QueueItem.image_id == image_id, QueueItem.user_id == user_id, QueueItem.state == "waiting")
    _execute(session, update(QueueItem).where(*mine).values(user_id=None, **_FREE))
    gold.release(session, user_id, GoldAnswer.image_id == image_id)
    statement = _insert(session, Postponement)
    statement = statement.on_conflict_do_update(index_elements=["image_id", "user_id"], set_={"at": at})
    session.execute(statement, [{"image_id": image_id, "user_id": user_id, "at": at}])


def _execute(session: WriteSession, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


def _insert(session: WriteSession, table: Any = QueueItem) -> Any:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)
