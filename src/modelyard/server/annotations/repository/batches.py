"""Queries for batches: which there are, whose they are, how far they are; none for the slots themselves."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, delete, exists, func, literal_column, or_, select

from modelyard.server.annotations.repository.slots import UNDECIDED
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import (
    Annotation,
    Batch,
    BatchPerson,
    Class,
    Image,
    Project,
    ProjectMember,
    QueueItem,
    User,
)

IS_IN = ("given", "disputed", "done")
_IS_IN = QueueItem.state.in_(IS_IN)


class Counts(NamedTuple):
    """How far a batch is."""

    wanted: int  # labels
    given: int
    pictures: int
    finished: int
    disputed: int
    best: float | None  # the highest priority of what waits


def alive(project_id: UUID) -> Select[Batch]:
    """Return the query of a project's batches, without those that were put away."""
    return select(Batch).where(Batch.project_id == project_id, Batch.deleted_at.is_(None))


def list_(session: ReadSession, project_id: UUID) -> list[Batch]:
    """Return a project's batches, newest first."""
    return list(session.scalars(alive(project_id).order_by(Batch.id.desc())))


def find(session: ReadSession, batch_id: UUID) -> Batch | None:
    """Return a batch that was not put away; whoever writes keeps it as it is until the commit."""
    query = select(Batch).where(Batch.id == batch_id, Batch.deleted_at.is_(None))
    if isinstance(session, WriteSession):
        query = query.with_for_update(read=True)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def lock(session: WriteSession, batch_id: UUID) -> None:
    """Keep others from labelling in a batch, and from changing it, until the commit."""
    session.execute(select(Batch.id).where(Batch.id == batch_id).with_for_update())


def people(session: ReadSession, batch_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Return whom each batch is meant for; a batch that is for everybody is not in it."""
    query = select(BatchPerson.batch_id, BatchPerson.user_id).where(BatchPerson.batch_id.in_(list(batch_ids)))
    found: dict[UUID, list[UUID]] = {}
    for batch_id, user_id in session.execute(query.order_by(BatchPerson.user_id)):
        found.setdefault(batch_id, []).append(user_id)
    return found


def set_people(session: WriteSession, batch_id: UUID, user_ids: Iterable[UUID]) -> None:
    """Say whom a batch is meant for."""
    session.execute(delete(BatchPerson).where(BatchPerson.batch_id == batch_id))
    session.add_all(BatchPerson(batch_id=batch_id, user_id=user_id) for user_id in user_ids)
    session.flush()


def members(session: ReadSession, project_id: UUID, user_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these people who belong to the project."""
    query = select(ProjectMember.user_id).where(ProjectMember.project_id == project_id)
    return set(session.scalars(query.where(ProjectMember.user_id.in_(list(user_ids)))))


def names(session: ReadSession, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return people's names."""
    query = select(User.id, User.name).where(User.id.in_(list(user_ids)))
    return {user_id: name for user_id, name in session.execute(query)}


def meant_for(session: ReadSession, user_id: UUID, projects: Select[UUID] | UUID) -> list[tuple[Batch, str, bool]]:
    """Return (batch, project's name, is named in it) of open batches of these projects, the most urgent first.

    Those that name the person come before those that are for everybody; then the nearest deadline, then the oldest.
    """
    mine = exists().where(BatchPerson.batch_id == Batch.id, BatchPerson.user_id == user_id)
    anybody = ~exists().where(BatchPerson.batch_id == Batch.id)
    query = select(Batch, Project.name, mine).join(Project, Project.id == Batch.project_id)
    query = query.where(Batch.state == "open", Batch.deleted_at.is_(None), Project.deleted_at.is_(None))
    is_there = Batch.project_id == projects if isinstance(projects, UUID) else Batch.project_id.in_(projects)
    query = query.where(or_(mine, anybody), is_there)
    order = (case((mine, 0), else_=1), Batch.deadline.is_(None), Batch.deadline, Batch.id)
    return [(batch, name, bool(is_mine)) for batch, name, is_mine in session.execute(query.order_by(*order))]


def with_projects(session: ReadSession, batch_ids: Sequence[UUID]) -> list[tuple[Batch, str, bool]]:
    """Return (batch, project's name, False) of these batches, the most urgent first."""
    query = select(Batch, Project.name).join(Project, Project.id == Batch.project_id).where(Batch.id.in_(batch_ids))
    rows = session.execute(query.order_by(Batch.deadline.is_(None), Batch.deadline, Batch.id))
    return [(batch, name, False) for batch, name in rows]


def picture_names(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of pictures."""
    query = select(Image.id, Image.name).where(Image.id.in_(image_ids))
    return {image_id: name for image_id, name in session.execute(query)}


def counts(session: ReadSession, batch_ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """Count labels and pictures of batches; pictures that were deleted are not counted."""
    waiting = QueueItem.state == literal_column("'waiting'")
    best = _by_batch(session, batch_ids, func.max(QueueItem.priority), waiting)
    labels = {
        name: _by_batch(session, batch_ids, func.count(), condition)
        for name, condition in (("waiting", waiting), ("given", _IS_IN))
    }
    pictures = {
        name: _by_batch(session, batch_ids, func.count(QueueItem.image_id.distinct()), QueueItem.state.in_(states))
        for name, states in (("all", ("waiting", *IS_IN)), ("done", ("done",)), ("disputed", ("disputed",)))
    }
    found = {}
    for id_ in batch_ids:
        given = labels["given"].get(id_, 0)
        wanted = labels["waiting"].get(id_, 0) + given
        images, finished, disputed = (by_batch.get(id_, 0) for by_batch in pictures.values())
        found[id_] = Counts(wanted, given, images, finished, disputed, best.get(id_))
    return found


def _by_batch(
    session: ReadSession, batch_ids: Sequence[UUID], value: Any, condition: ColumnElement[bool]
) -> dict[UUID, Any]:
    query = select(QueueItem.batch_id, value).where(QueueItem.batch_id.in_(batch_ids), condition)
    return {id_: found for id_, found in session.execute(query.group_by(QueueItem.batch_id)) if id_ is not None}


def work(session: ReadSession, batch_ids: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, int, datetime]]]:
    """Return (person, labels, last one at) of those who labelled in each batch, the busiest first."""
    query = select(QueueItem.batch_id, QueueItem.user_id, func.count(), func.max(QueueItem.given_at))
    query = query.where(QueueItem.batch_id.in_(batch_ids), _IS_IN)
    query = query.where(QueueItem.user_id.is_not(None)).group_by(QueueItem.batch_id, QueueItem.user_id)
    found: dict[UUID, list[tuple[UUID, int, datetime]]] = {}
    for batch_id, user_id, labels, last_at in session.execute(query.order_by(func.count().desc())):
        if batch_id and user_id and last_at:
            found.setdefault(batch_id, []).append((user_id, labels, last_at))
    return found


def recent(
    session: ReadSession, batch_ids: Sequence[UUID], *, at: datetime, within: timedelta
) -> dict[UUID, tuple[int, datetime]]:
    """Return (labels, the first of them at) of what people gave lately in each batch."""
    query = select(QueueItem.batch_id, func.count(), func.min(QueueItem.given_at))
    query = query.where(QueueItem.batch_id.in_(batch_ids), _IS_IN)
    query = query.where(QueueItem.user_id.is_not(None), QueueItem.given_at > at - within).group_by(QueueItem.batch_id)
    return {id_: (labels, first_at) for id_, labels, first_at in session.execute(query) if id_ and first_at}


def left_for(session: ReadSession, batch_id: UUID, user_id: UUID) -> int:
    """Return how many pictures of a batch a person has not labelled and may, other people's screens included."""
    mine = select(QueueItem.image_id).where(QueueItem.batch_id == batch_id, QueueItem.user_id == user_id)
    mine = mine.where(_IS_IN)
    query = select(func.count(QueueItem.image_id.distinct())).where(QueueItem.batch_id == batch_id)
    query = query.where(QueueItem.state == literal_column("'waiting'"), QueueItem.image_id.not_in(mine))
    query = query.where(or_(QueueItem.returned_to.is_(None), QueueItem.returned_to == user_id))
    own = select(Annotation.id).join(Batch, Batch.id == batch_id).where(Batch.kind == "audit")
    own = own.where(Annotation.image_id == QueueItem.image_id, Annotation.author_id == user_id)
    query = query.where(~own.exists())
    return session.scalar(query) or 0


def disputed(batch_id: UUID) -> Select[UUID]:
    """Return the query of a batch's pictures that wait for somebody to decide."""
    query = select(QueueItem.image_id).where(QueueItem.batch_id == batch_id, QueueItem.state == "disputed")
    return query.group_by(QueueItem.image_id)


def undecided_pictures(session: ReadSession, batch_id: UUID) -> list[UUID]:
    """Return the pictures of a batch that are not answered."""
    query = select(QueueItem.image_id).where(QueueItem.batch_id == batch_id, QueueItem.state.in_(UNDECIDED))
    return list(session.scalars(query.distinct()))


def states(session: ReadSession, batch_id: UUID) -> dict[UUID, str]:
    """Return the state of every picture's slot, in a batch that wants one label of each."""
    query = select(QueueItem.image_id, QueueItem.state).where(QueueItem.batch_id == batch_id)
    return {image_id: state for image_id, state in session.execute(query)}


def class_names(session: ReadSession, project_id: UUID) -> dict[UUID, str]:
    """Return the names of a project's classes, deleted ones too."""
    return {
        id_: name for id_, name in session.execute(select(Class.id, Class.name).where(Class.project_id == project_id))
    }
