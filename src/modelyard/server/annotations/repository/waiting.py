"""Queries for what waits: every lease is made by one atomic statement; none for annotations."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from blake3 import blake3
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from modelyard.server.annotations.repository import gold, slots
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, GoldAnswer, Image, Postponement, QueueItem, Suggestion, User, new_id

ASKED = 2.0  # Priority of an image that a person sent to the queue: above whatever a model may give.
RESERVED = -1.0  # From here down, in random order: kept from selection, to check models.
UNSCORED = 1e-3  # Below every score, in random order.
# Said as they stand in the indexes that hold only what is open, or only what waits: databases match them by the letter.
_OPEN = QueueItem.batch_id.is_(None)
_FREE = {"lease_token": None, "lease_expires_at": None}
# Written down once, like those below: they are part of every save.
_SLOTS = cast(Table, QueueItem.__table__)
_THESE: BindParameter[Any] = bindparam("images", expanding=True)
_TAKE_OUT = delete(_SLOTS).where(QueueItem.image_id.in_(_THESE), _OPEN)
_FORGET = delete(cast(Table, Postponement.__table__)).where(Postponement.image_id.in_(_THESE))


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
    session.execute(_TAKE_OUT, {"images": ids})
    forget_postponed(session, ids)


def forget_postponed(session: WriteSession, image_ids: Iterable[UUID]) -> None:
    """Let images come to everybody as if nobody had left them for later."""
    session.execute(_FORGET, {"images": list(image_ids)})


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
    statement = _claiming(line.batch_id is not None, tier, is_exclusive=bool(exclude), is_audit=line.is_audit)
    said: dict[str, Any] = {"line": line.batch_id or line.project_id, "who": lease.user_id, "at": lease.at}
    said |= {"lease": lease.token, "until": lease.until}
    said |= {"excluded": list(exclude)} if exclude else {}
    said |= {"pivot": pivot} if tier == "chance" else {}
    return session.scalars(statement, said).first()


@cache
def _claiming(in_batch: bool, tier: str, *, is_exclusive: bool, is_audit: bool) -> Any:
    """Return the statement of `claim`: it is asked all day long, and writing it down anew takes longer than it."""
    item = _SLOTS.alias().c
    expires, who = item.lease_expires_at, bindparam("who", type_=item.user_id.type)
    free = [*_in_line(item, in_batch), or_(expires.is_(None), expires <= bindparam("at", type_=expires.type))]
    if is_exclusive:
        free.append(item.image_id.not_in(bindparam("excluded", expanding=True, type_=item.image_id.type)))
    if in_batch:
        free += [~_has_another(item, who), is_for(item, who)]
    if is_audit:
        free.append(~_is_own(item, who))
    condition, order = _tier(item, tier, who)
    chosen = select(item.id).where(*free, condition)
    postponed = and_(Postponement.image_id == item.image_id, Postponement.user_id == who)
    if tier == "skipped":
        chosen = chosen.join(Postponement, postponed)
    else:
        chosen = chosen.where(~select(Postponement.at).where(postponed).exists())
    chosen = chosen.order_by(*order).limit(1).with_for_update(skip_locked=True, of=item.id)
    lent = {"user_id": who, "lease_token": bindparam("lease"), "lease_expires_at": bindparam("until")}
    return update(_SLOTS).where(_SLOTS.c.id == chosen.scalar_subquery()).values(lent).returning(_SLOTS.c.image_id)


def _in_line(item: Any, in_batch: bool) -> list[ColumnElement[bool]]:
    """Return what holds of every slot of the queue `line` that waits, in the words of its indexes."""
    line = bindparam("line", type_=QueueItem.project_id.type)
    if not in_batch:
        return [item.project_id == line, item.batch_id.is_(None)]
    return [item.batch_id == line, item.state == literal_column("'waiting'")]


def is_for(item: Any, who: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Say whether a slot of a batch may go to a person: what was sent back to somebody goes to them alone."""
    return or_(item.returned_to.is_(None), item.returned_to == who)


def _has_another(item: Any, who: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Say whether the person has, or had, another slot of the same image."""
    other = _SLOTS.alias().c
    query = select(other.id).where(other.batch_id == item.batch_id, other.image_id == item.image_id)
    return query.where(other.user_id == who, other.id != item.id).exists()


def _is_own(item: Any, who: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Say whether the image's label is the person's own."""
    query = select(Annotation.id).where(Annotation.image_id == item.image_id, Annotation.author_id == who)
    return query.exists()


def _tier(item: Any, tier: str, who: ColumnElement[UUID]) -> tuple[ColumnElement[bool], tuple[Any, ...]]:
    """Return which images a tier holds, and in what order it lends them."""
    best_first = (item.priority.desc(), item.image_id.desc())
    by_shuffle = (item.shuffle, item.image_id)
    return {
        "skipped": (true(), (Postponement.at, item.image_id)),
        "asked": (item.priority >= ASKED, best_first),
        "helpful": (item.priority >= 0, best_first),
        "reserved": (item.priority <= RESERVED, best_first),
        "chance": (item.shuffle >= bindparam("pivot", type_=item.shuffle.type), by_shuffle),
        "random": (true(), by_shuffle),
        "upload": (true(), (item.image_id,)),
        "returned": (item.returned_to == who, (item.id,)),
    }[tier]


def lent(
    session: ReadSession, line: Line, image_ids: Sequence[UUID], user_id: UUID
) -> Sequence[tuple[QueueItem, Image, Suggestion | None]]:
    """Return the slots that a person has of these images, with the images and suggestions."""
    said = {"line": line.batch_id or line.project_id, "images": list(image_ids), "who": user_id}
    return session.execute(_lent(line.batch_id is not None), said).all()


@cache
def _lent(in_batch: bool) -> Any:
    query = (
        select(QueueItem, Image, Suggestion)
        .join(Image, Image.id == QueueItem.image_id)
        .outerjoin(Suggestion, Suggestion.image_id == QueueItem.image_id)
        .where(QueueItem.image_id.in_(_THESE), QueueItem.user_id == bindparam("who"))
        .where(*_in_line(QueueItem, in_batch))
    )
    return query.execution_options(populate_existing=True)


def count(session: ReadSession, line: Line, *, but: UUID | None = None) -> int:
    """Return how many images of a queue wait, lent ones too; without those that this person has labelled."""
    said = {"line": line.batch_id or line.project_id, "who": but}
    return (
        session.scalar(_count(line.batch_id is not None, for_somebody=but is not None, is_audit=line.is_audit), said)
        or 0
    )


@cache
def _count(in_batch: bool, *, for_somebody: bool, is_audit: bool) -> Any:
    counted = func.count(QueueItem.image_id.distinct()) if in_batch else func.count()
    query = select(counted).select_from(QueueItem).where(*_in_line(QueueItem, in_batch))
    who = bindparam("who", type_=QueueItem.image_id.type)
    if for_somebody:
        query = query.where(~_has_another(QueueItem, who), is_for(QueueItem, who))
        query = query.where(~_is_own(QueueItem, who)) if is_audit else query
    return query


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
