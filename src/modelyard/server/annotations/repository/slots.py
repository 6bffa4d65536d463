"""Queries for the slots of batches: how many labels are wanted, which are in, and what that makes of an image."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count, islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, case, delete, func, or_, select, update

from modelyard.server.kit.bulk import insert_rows
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Batch, QueueItem, new_id

UNDECIDED = ("waiting", "given", "disputed")
_FREE = {"lease_token": None, "lease_expires_at": None}
_CHUNK = 2_000
_IN_BATCH = QueueItem.batch_id.is_not(None)


class Slot(NamedTuple):
    """One label that is wanted of a picture, or in."""

    id: UUID
    slot: int
    state: str
    lease_expires_at: datetime | None


def has_batches(session: ReadSession, project_id: UUID) -> bool:
    """Say whether the project ever had a batch; most don't, and pay for none."""
    return session.scalar(select(Batch.id).where(Batch.project_id == project_id).limit(1)) is not None


def add(session: WriteSession, rows: Sequence[dict[str, Any]], *, overlap: Iterable[int]) -> None:
    """Write these rows once for every slot number in `overlap`."""
    numbers = list(overlap)
    for start in range(0, len(rows), _CHUNK):
        part = [row | {"id": new_id(), "slot": slot} for row in rows[start : start + _CHUNK] for slot in numbers]
        insert_rows(session, QueueItem.__table__, part)  # type: ignore[arg-type]


def busy(session: ReadSession, image_ids: Sequence[UUID], *, at: datetime) -> tuple[set[UUID], set[UUID]]:
    """Return those of these images that wait in a batch, and those that are on somebody's screen."""
    batched, lent = set[UUID](), set[UUID]()
    for part in parts(image_ids):
        query = select(QueueItem.image_id, QueueItem.batch_id, QueueItem.lease_expires_at)
        query = query.where(QueueItem.image_id.in_(part), QueueItem.state.in_(UNDECIDED))
        query = query.where(or_(_IN_BATCH, QueueItem.lease_expires_at > at))
        for image_id, batch_id, _ in session.execute(query):
            (lent if batch_id is None else batched).add(image_id)
    return batched, lent - batched


def waiting_among(session: ReadSession, image_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these images that wait in the open queue or in a batch."""
    found = set[UUID]()
    for part in parts(image_ids):
        query = select(QueueItem.image_id).where(QueueItem.image_id.in_(part), QueueItem.state.in_(UNDECIDED))
        found |= set(session.scalars(query))
    return found


def parts(image_ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    """Return ids in pieces that one statement takes."""
    return [image_ids[start : start + _CHUNK] for start in range(0, len(image_ids), _CHUNK)]


def own(session: ReadSession, batch_id: UUID, image_id: UUID, user_id: UUID) -> QueueItem | None:
    """Return the slot that a person has, or had, of an image."""
    query = select(QueueItem).where(QueueItem.batch_id == batch_id, QueueItem.image_id == image_id)
    query = query.where(QueueItem.user_id == user_id)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def is_member(session: ReadSession, batch_id: UUID, image_id: UUID) -> bool:
    """Say whether an image is in a batch."""
    query = select(QueueItem.id).where(QueueItem.image_id == image_id, QueueItem.batch_id == batch_id)
    return session.scalar(query.limit(1)) is not None


def states(session: ReadSession, batch_id: UUID, image_id: UUID) -> set[str]:
    """Return the states of an image's slots in a batch; none where it is not in it."""
    query = select(QueueItem.state).where(QueueItem.batch_id == batch_id, QueueItem.image_id == image_id)
    return set(session.scalars(query))


def give(session: WriteSession, batch_id: UUID, image_id: UUID, user_id: UUID, *, at: datetime) -> bool:
    """Mark a slot as given by this person: their own, or else one that nobody has now. False if there is none."""
    this = (QueueItem.batch_id == batch_id, QueueItem.image_id == image_id)
    given = update(QueueItem).values(
        state="given", user_id=user_id, given_at=func.coalesce(QueueItem.given_at, at), returned_to=None, **_FREE
    )
    mine = given.where(*this, QueueItem.user_id == user_id, QueueItem.state.in_(("waiting", "given")))
    if _execute(session, mine).rowcount:
        return True
    is_free = or_(QueueItem.lease_expires_at.is_(None), QueueItem.lease_expires_at <= at)
    free = select(QueueItem.id).where(*this, QueueItem.state == "waiting", is_free)
    free = free.where(or_(QueueItem.returned_to.is_(None), QueueItem.returned_to == user_id))
    free = free.order_by(QueueItem.slot).limit(1)
    item_id = session.scalar(free.with_for_update(skip_locked=True))
    return item_id is not None and bool(_execute(session, given.where(QueueItem.id == item_id)).rowcount)


def take_back(session: WriteSession, batch_id: UUID, image_id: UUID, user_id: UUID) -> None:
    """Open a person's slot again, for them or anybody; what others gave waits for it."""
    this = (QueueItem.batch_id == batch_id, QueueItem.image_id == image_id)
    mine = QueueItem.user_id == user_id
    _execute(
        session, update(QueueItem).where(*this, mine).values(state="waiting", user_id=None, given_at=None, **_FREE)
    )
    _execute(session, update(QueueItem).where(*this, QueueItem.state == "disputed").values(state="given"))


def complete(session: ReadSession, batch_id: UUID, image_ids: Iterable[UUID] | None = None) -> list[UUID]:
    """Return the undecided images, among these or of the whole batch, of which all wanted labels are in."""
    query = select(QueueItem.image_id).where(QueueItem.batch_id == batch_id, QueueItem.state.in_(UNDECIDED))
    if image_ids is not None:
        query = query.where(QueueItem.image_id.in_(list(image_ids)))
    query = query.group_by(QueueItem.image_id).order_by(QueueItem.image_id)
    given = func.sum(case((QueueItem.state == "given", 1), else_=0))
    waiting = func.sum(case((QueueItem.state == "waiting", 1), else_=0))
    return list(session.scalars(query.having(and_(waiting == 0, given > 0))))


def dispute(session: WriteSession, batch_id: UUID, image_ids: Iterable[UUID]) -> None:
    """Mark images of which all labels are in, and differ."""
    where = (QueueItem.batch_id == batch_id, QueueItem.image_id.in_(list(image_ids)), QueueItem.state == "given")
    _execute(session, update(QueueItem).where(*where).values(state="disputed"))


def finish(session: WriteSession, image_ids: Sequence[UUID], author_id: UUID | None, *, at: datetime) -> None:
    """Close every slot of images that are answered now; one label was wanted: `author_id` gave it.

    Slots of images that several were to label are nobody's if they were not given: another way brought the answer.
    """
    this = (QueueItem.image_id.in_(image_ids), _IN_BATCH)
    single = select(Batch.id).where(Batch.overlap == 1)
    waiting = QueueItem.state == "waiting"
    if author_id is not None:
        statement = update(QueueItem).where(*this, waiting, QueueItem.batch_id.in_(single))
        _execute(session, statement.values(state="given", user_id=author_id, given_at=at, returned_to=None, **_FREE))
    statement = update(QueueItem).where(*this, QueueItem.state.in_(UNDECIDED))
    values = {"user_id": case((waiting, None), else_=QueueItem.user_id), "state": "done", "returned_to": None, **_FREE}
    _execute(session, statement.values(given_at=func.coalesce(QueueItem.given_at, at), **values))


def put_back(session: WriteSession, project_id: UUID, image_ids: Sequence[UUID]) -> list[UUID]:
    """Let images without an answer wait again in the batch they belong to; return those that belong to none.

    Where one label was wanted, somebody gives it again. Where several were, and are in, somebody decides.
    """
    if not image_ids or not has_batches(session, project_id):
        return list(image_ids)
    query = select(QueueItem.image_id, Batch.id, Batch.overlap, QueueItem.state)
    query = query.join(Batch, Batch.id == QueueItem.batch_id).where(QueueItem.image_id.in_(image_ids))
    query = query.where(Batch.state != "closed", Batch.deleted_at.is_(None), Batch.kind == "labels").order_by(Batch.id)
    newest: dict[UUID, tuple[UUID, int]] = {}
    waits: set[UUID] = set()
    for image_id, batch_id, overlap, state in session.execute(query):
        newest[image_id] = (batch_id, overlap)
        if state in UNDECIDED:
            waits.add(image_id)
    for batch_id, overlap in set(newest.values()):
        part = [
            image_id for image_id, place in newest.items() if place == (batch_id, overlap) and image_id not in waits
        ]
        _reopen(session, batch_id, part, overlap=overlap)
    return [image_id for image_id in image_ids if image_id not in newest]


def _reopen(session: WriteSession, batch_id: UUID, image_ids: Sequence[UUID], *, overlap: int) -> None:
    this = (QueueItem.batch_id == batch_id, QueueItem.image_id.in_(image_ids))
    done, gone = QueueItem.state == "done", QueueItem.state == "gone"
    again = {"state": "waiting", "user_id": None, "given_at": None, **_FREE}
    nobodys = or_(QueueItem.given_at.is_(None), QueueItem.user_id.is_(None))
    _execute(session, update(QueueItem).where(*this, or_(gone, done), nobodys).values(**again))
    if overlap == 1:
        _execute(session, update(QueueItem).where(*this, done).values(**again))
    _execute(session, update(QueueItem).where(*this, or_(gone, done)).values(state="given"))
    dispute(session, batch_id, complete(session, batch_id, image_ids))


def leave(session: WriteSession, image_ids: Sequence[UUID]) -> None:
    """Take deleted images out of their batches until they come back."""
    statement = update(QueueItem).where(QueueItem.image_id.in_(image_ids), _IN_BATCH, QueueItem.state.in_(UNDECIDED))
    _execute(session, statement.values(state="gone", **_FREE))


def move_up(
    session: WriteSession, project_id: UUID, image_ids: Collection[UUID], *, priority: float, reason: str
) -> set[UUID]:
    """Let images that wait in a batch come first there; return them."""
    if not image_ids or not has_batches(session, project_id):
        return set()
    waits = and_(QueueItem.image_id.in_(list(image_ids)), _IN_BATCH, QueueItem.state.in_(UNDECIDED))
    found = set(session.scalars(select(QueueItem.image_id).where(waits)))
    if found:
        _execute(session, update(QueueItem).where(waits).values(priority=priority, reason=reason))
    return found


def return_to(session: WriteSession, slot_ids: Sequence[UUID], user_id: UUID | None, *, reason: str) -> None:
    """Let slots be given again: by this person and nobody else, or by whoever comes."""
    values = {"state": "waiting", "user_id": None, "given_at": None, "returned_to": user_id, "reason": reason, **_FREE}
    _execute(session, update(QueueItem).where(QueueItem.id.in_(slot_ids)).values(**values))


def of_image(session: ReadSession, batch_id: UUID, image_id: UUID) -> list[QueueItem]:
    """Return an image's slots in a batch."""
    query = select(QueueItem).where(QueueItem.batch_id == batch_id, QueueItem.image_id == image_id)
    return list(session.scalars(query.order_by(QueueItem.slot).execution_options(populate_existing=True)))


def drop_waiting(session: WriteSession, batch_id: UUID) -> None:
    """Want no more labels in a batch: what waits, on screens too, is taken out."""
    _execute(session, delete(QueueItem).where(QueueItem.batch_id == batch_id, QueueItem.state == "waiting"))


def drop(session: WriteSession, batch_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Take undecided images out of a batch."""
    for part in parts(image_ids):
        where = (QueueItem.batch_id == batch_id, QueueItem.image_id.in_(part), QueueItem.state.in_(UNDECIDED))
        _execute(session, delete(QueueItem).where(*where))


def undecided(session: ReadSession, batch_id: UUID) -> dict[UUID, list[Slot]]:
    """Return the slots of every picture of a batch that is not decided."""
    query = select(QueueItem.image_id, QueueItem.id, QueueItem.slot, QueueItem.state, QueueItem.lease_expires_at)
    query = query.where(QueueItem.batch_id == batch_id, QueueItem.state.in_(UNDECIDED))
    found: dict[UUID, list[Slot]] = {}
    for image_id, *rest in session.execute(query.order_by(QueueItem.image_id, QueueItem.slot)):
        found.setdefault(image_id, []).append(Slot._make(rest))
    return found


def untouched(session: ReadSession, batch_id: UUID) -> list[UUID]:
    """Return the pictures of a batch of which no label is in."""
    query = select(QueueItem.image_id).where(QueueItem.batch_id == batch_id, QueueItem.state.in_(UNDECIDED))
    others = func.sum(case((QueueItem.state != "waiting", 1), else_=0))
    return list(session.scalars(query.group_by(QueueItem.image_id).having(others == 0)))


def reopen_disputed(session: WriteSession, batch_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Let disputed images wait for more labels."""
    for part in parts(image_ids):
        where = (QueueItem.batch_id == batch_id, QueueItem.image_id.in_(part), QueueItem.state == "disputed")
        _execute(session, update(QueueItem).where(*where).values(state="given"))


def dispute_again(session: WriteSession, batch_id: UUID, image_id: UUID) -> None:
    """Mark an image as disputed that was decided, in a batch that may be closed; labels that are in stay."""
    where = (QueueItem.batch_id == batch_id, QueueItem.image_id == image_id, QueueItem.user_id.is_not(None))
    _execute(session, update(QueueItem).where(*where, QueueItem.state == "done").values(state="disputed"))


def add_missing(session: WriteSession, batch_id: UUID, taken: Mapping[UUID, Collection[int]], more: int) -> None:
    """Want so many more labels of each of these pictures, in the place that it has; `taken` holds its slot numbers."""
    names = ("project_id", "batch_id", "image_id", "priority", "shuffle", "reason")
    for part in parts(list(taken)):
        query = select(*(getattr(QueueItem, name) for name in names))
        query = query.where(QueueItem.batch_id == batch_id, QueueItem.image_id.in_(part))
        rows = {row.image_id: dict(row._mapping) for row in session.execute(query)}
        new = []
        for image_id, row in rows.items():
            numbers = (number for number in count() if number not in taken[image_id])
            new += [row | {"id": new_id(), "state": "waiting", "slot": slot} for slot in islice(numbers, more)]
        insert_rows(session, QueueItem.__table__, new)  # type: ignore[arg-type]


def delete_slots(session: WriteSession, ids: Sequence[UUID]) -> None:
    """Want these labels no more."""
    for part in parts(ids):
        _execute(session, delete(QueueItem).where(QueueItem.id.in_(part), QueueItem.state == "waiting"))


def _execute(session: WriteSession, statement: Any) -> Any:
    return session.execute(statement.execution_options(synchronize_session=False))
