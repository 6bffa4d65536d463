"""Queries for what two people said of the same picture: written picture by picture, summed up set-wise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, or_, select

from modelyard.server.annotations.repository import batches, slots
from modelyard.server.kit.bulk import insert_rows
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Batch, Comparison, Image, Opinion, QueueItem

_SAID = (Comparison.first_said, Comparison.second_said)
_PAIR = (Comparison.first_id, Comparison.second_id)
_IS_SAME = Comparison.first_said == Comparison.second_said


class Cell(NamedTuple):
    """How often one of any two people said this and the other that, in pictures of so many labels."""

    first_said: str
    second_said: str
    labels: int
    times: int
    overlap: float


class Margin(NamedTuple):
    """How often one of two people said this, and how often the other said the same."""

    first_id: UUID
    second_id: UUID
    said: str
    times: int
    same: int
    overlap: float  # of what is the same


class DaySum(NamedTuple):
    """How often any two people said this and that, of pictures whose labels came in on this day, UTC."""

    day: str
    first_said: str
    second_said: str
    times: int


class PairSum(NamedTuple):
    """How many pictures two people both labelled, and in how many of them they differ."""

    first_id: UUID
    second_id: UUID
    pictures: int
    differ: int


@dataclass(frozen=True)
class Difference:
    """Which comparisons are meant: of these people (either way round), who said these things (either way round)."""

    people: tuple[UUID, ...] = ()
    said: tuple[str, ...] = ()


def scope(project_id: UUID, batch_id: UUID | None) -> Select[UUID]:
    """Return the query of the batches that are meant: one, or all of the project that were not put away."""
    query = batches.alive(project_id).with_only_columns(Batch.id)
    return query if batch_id is None else query.where(Batch.id == batch_id)


def replace(session: WriteSession, batch_id: UUID, image_ids: Sequence[UUID], rows: Sequence[dict[str, Any]]) -> None:
    """Write what is compared of these pictures, in place of what was."""
    forget(session, batch_id, image_ids)
    insert_rows(session, Comparison.__table__, rows)  # type: ignore[arg-type]


def forget(session: WriteSession, batch_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Compare these pictures no more: labels of them are wanted again."""
    for part in slots.parts(image_ids):
        query = delete(Comparison).where(Comparison.batch_id == batch_id, Comparison.image_id.in_(part))
        session.execute(query.execution_options(synchronize_session=False))


def has_any(session: ReadSession, project_id: UUID) -> bool:
    """Say whether several people labelled the same picture anywhere in a project."""
    return session.scalar(select(Opinion.id).where(Opinion.project_id == project_id).limit(1)) is not None


def complete(session: ReadSession, batch_id: UUID) -> list[UUID]:
    """Return the pictures of a batch of which all labels are in."""
    query = select(QueueItem.image_id).where(QueueItem.batch_id == batch_id, QueueItem.state.in_(("disputed", "done")))
    query = query.where(QueueItem.user_id.is_not(None)).group_by(QueueItem.image_id).having(func.count() > 1)
    return list(session.scalars(query.order_by(QueueItem.image_id)))


def cells(session: ReadSession, within: Select[UUID]) -> list[Cell]:
    """Return how often any two people said what."""
    keys = (*_SAID, Comparison.labels)
    query = select(*keys, func.sum(Comparison.count), func.sum(Comparison.overlap)).where(*_counted(within))
    return [Cell(*row) for row in session.execute(query.group_by(*keys))]


def margins(session: ReadSession, within: Select[UUID]) -> tuple[list[Margin], list[Margin]]:
    """Return what the first and what the second of each two people said, without what for what: that is far less."""
    found = []
    for said in _SAID:
        same = func.sum(case((_IS_SAME, Comparison.count), else_=0))
        overlap = func.sum(case((_IS_SAME, Comparison.overlap), else_=0.0))
        query = select(*_PAIR, said, func.sum(Comparison.count), same, overlap).where(*_counted(within))
        found.append([Margin(*row) for row in session.execute(query.group_by(*_PAIR, said))])
    return found[0], found[1]


def by_day(session: ReadSession, within: Select[UUID]) -> list[DaySum]:
    """Return how often any two people said what, day by day, the earliest first."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"  # It keeps UTC; PostgreSQL has a zone of its own.
    day = func.date(Comparison.at if is_sqlite else func.timezone("UTC", Comparison.at))
    query = select(day, *_SAID, func.sum(Comparison.count)).where(*_counted(within)).group_by(day, *_SAID)
    return [DaySum(str(row[0]), *row[1:]) for row in session.execute(query.order_by(day))]


def pairs(session: ReadSession, within: Select[UUID]) -> list[PairSum]:
    """Return how many pictures each two people both drew into, and in how many they differ."""
    each = _each(within, Comparison.batch_id, Comparison.image_id, *_PAIR)
    first, second = each.c.first_id, each.c.second_id
    query = select(first, second, func.count(), func.sum(each.c.differs)).group_by(first, second)
    return [PairSum(*row) for row in session.execute(query)]


def pictures(session: ReadSession, within: Select[UUID]) -> tuple[int, int]:
    """Return how many pictures were compared, and in how many somebody differs."""
    each = _each(within, Comparison.batch_id, Comparison.image_id)
    compared, differ = session.execute(select(func.count(), func.sum(each.c.differs))).one()
    return compared, differ or 0


def _each(within: Select[UUID], *keys: Any) -> Any:
    """Return a query, by the order of the primary key, that says of each of these whether anything differs."""
    differs = func.max(case((_IS_SAME, 0), else_=1)).label("differs")
    return select(*keys, differs).where(*_counted(within)).group_by(*keys).subquery()


def differing(within: Select[UUID], wanted: Difference) -> Any:
    """Return the query of (batch, picture) where people differ."""
    found = select(Comparison.batch_id, Comparison.image_id).where(*_counted(within), ~_IS_SAME)
    if wanted.people:
        found = found.where(_either(_PAIR, wanted.people))
    if wanted.said:
        found = found.where(_either(_SAID, wanted.said))
    return found.group_by(Comparison.batch_id, Comparison.image_id)


def decided(session: ReadSession, image_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Return (batch, picture) of those of these pictures that have their answer."""
    query = select(QueueItem.batch_id, QueueItem.image_id).where(QueueItem.image_id.in_(list(image_ids)))
    rows = session.execute(query.where(QueueItem.state == "done").distinct())
    return {(batch_id, image_id) for batch_id, image_id in rows if batch_id is not None}


def _either(columns: Sequence[Any], wanted: Sequence[Any]) -> ColumnElement[bool]:
    """Say that both columns are what is wanted, in any order; of one that is wanted, that either column is it."""
    one, other = columns
    if len(wanted) == 1:
        return or_(one == wanted[0], other == wanted[0])
    first, second = wanted
    return or_(and_(one == first, other == second), and_(one == second, other == first))


def _counted(within: Select[UUID]) -> tuple[ColumnElement[bool], ...]:
    """Say which comparisons count: those of pictures that are there."""
    project = select(Batch.project_id).where(Batch.id.in_(within))
    deleted = select(Image.id).where(Image.project_id.in_(project), Image.deleted_at.is_not(None))
    return (Comparison.batch_id.in_(within), Comparison.image_id.not_in(deleted))
