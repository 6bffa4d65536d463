"""Queries for reviews: every lease is made by one atomic statement; which pictures are reviewed stands elsewhere."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, delete, false, func, literal_column, or_, select, update
from sqlalchemy.orm import aliased

from modelyard.server.annotations.repository.batches import IS_IN
from modelyard.server.annotations.repository.slots import parts
from modelyard.server.annotations.repository.waiting import Lease
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, AnnotationRevision, Batch, Project, QueueItem, Review, now

DECIDED = ("accepted", "corrected", "rejected")
_FREE: dict[str, Any] = {"reviewer_id": None, "lease_token": None, "lease_expires_at": None}


class Line(NamedTuple):
    """What somebody reviews: a project, or one batch of it; with what they labelled themselves, or without."""

    project_id: UUID
    batch_id: UUID | None
    user_id: UUID
    with_own: bool


class ReviewCounts(NamedTuple):
    """How far the review of something is; decisions that were taken back are not counted."""

    waiting: int = 0
    accepted: int = 0
    corrected: int = 0
    rejected: int = 0


def _is_waiting(row: Any) -> ColumnElement[bool]:
    """Return the condition in the words of the index that holds only what waits."""
    found: ColumnElement[bool] = row.state == literal_column("'waiting'")
    return found


def find(session: ReadSession, review_id: UUID) -> Review | None:
    """Return a review of a batch that was not put away."""
    query = select(Review).join(Batch, Batch.id == Review.batch_id)
    query = query.where(Review.id == review_id, Batch.deleted_at.is_(None))
    return session.scalars(query.execution_options(populate_existing=True)).first()


def lock(session: WriteSession, review_id: UUID) -> None:
    """Keep others from deciding a review, and from taking it, until the commit."""
    session.execute(select(Review.id).where(Review.id == review_id).with_for_update())


def claim(session: WriteSession, line: Line, lease: Lease, *, exclude: Sequence[UUID]) -> UUID | None:
    """Lend the next free review in one atomic statement; None if there is none.

    What was sent back and labelled again comes first, then what was labelled first. On PostgreSQL rows that somebody
    else is just taking are passed over; on SQLite writers stand in line.
    """
    row = aliased(Review)
    free = or_(row.lease_expires_at.is_(None), row.lease_expires_at <= lease.at)
    chosen = _open(select(row.id), row, line).where(free)
    if exclude:
        chosen = chosen.where(row.image_id.not_in(exclude))
    chosen = chosen.order_by(row.is_again.desc(), row.queued_at, row.id).limit(1)
    statement = (
        update(Review)
        .where(Review.id == chosen.with_for_update(skip_locked=True, of=row).scalar_subquery())
        .values(reviewer_id=lease.user_id, lease_token=lease.token, lease_expires_at=lease.until)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(statement).first()


def _open(query: Select[Any], row: Any, line: Line) -> Select[Any]:
    """Narrow a query to what waits for this person."""
    query = query.join(Batch, Batch.id == row.batch_id)
    query = query.where(row.project_id == line.project_id, _is_waiting(row))
    query = query.where(Batch.state != "paused", Batch.deleted_at.is_(None))
    if line.batch_id is not None:
        query = query.where(row.batch_id == line.batch_id)
    return query if line.with_own else query.where(~_is_own(row, line.user_id))


def _is_own(row: Any, user_id: UUID) -> ColumnElement[bool]:
    """Say whether a person gave the label that is looked at, or one of those that it was made of."""
    slot = select(QueueItem.id).where(QueueItem.batch_id == row.batch_id, QueueItem.image_id == row.image_id)
    slot = slot.where(QueueItem.user_id == user_id, QueueItem.state.in_(IS_IN))
    return or_(func.coalesce(row.author_id == user_id, false()), slot.exists())


def is_own(session: ReadSession, review_id: UUID, user_id: UUID) -> bool:
    """Say whether a person would review their own label."""
    query = select(Review.id).where(Review.id == review_id, _is_own(Review, user_id))
    return session.scalar(query) is not None


def count(session: ReadSession, line: Line) -> int:
    """Return how many reviews wait for this person, those on other people's screens too."""
    return session.scalar(_open(select(func.count(Review.id)), Review, line)) or 0


def left_for(session: ReadSession, user_id: UUID, projects: Select[UUID]) -> dict[UUID, int]:
    """Return how many reviews wait for a person in each batch of these projects that has any."""
    with_own = func.coalesce(Project.settings["self_review"].as_boolean(), false())
    query = select(Review.batch_id, func.count()).join(Batch, Batch.id == Review.batch_id)
    query = query.join(Project, Project.id == Review.project_id)
    query = query.where(Project.id.in_(projects), Project.deleted_at.is_(None), _is_waiting(Review))
    query = query.where(Batch.state != "paused", Batch.deleted_at.is_(None))
    query = query.where(or_(with_own, ~_is_own(Review, user_id))).group_by(Review.batch_id)
    return {batch_id: number for batch_id, number in session.execute(query)}


def extend(session: WriteSession, user_id: UUID, tokens: Sequence[UUID], *, until: datetime) -> list[UUID]:
    """Keep these leases alive; return those that still hold."""
    statement = update(Review).where(Review.lease_token.in_(tokens), Review.reviewer_id == user_id)
    statement = statement.where(Review.state == "waiting").values(lease_expires_at=until)
    held = session.scalars(statement.returning(Review.lease_token).execution_options(synchronize_session=False))
    return [token for token in held if token is not None]


def release(session: WriteSession, user_id: UUID, tokens: Sequence[UUID]) -> None:
    """End these leases; the pictures are free for every reviewer."""
    statement = update(Review).where(Review.lease_token.in_(tokens), Review.reviewer_id == user_id)
    _execute(session, statement.where(Review.state == "waiting").values(**_FREE))


def release_all(session: WriteSession, user_id: UUID, *, project_id: UUID | None = None) -> None:
    """End every lease of a person, or those in one project."""
    statement = update(Review).where(Review.reviewer_id == user_id, Review.state == "waiting")
    if project_id is not None:
        statement = statement.where(Review.project_id == project_id)
    _execute(session, statement.values(**_FREE))


def put_last(session: WriteSession, review_id: UUID, *, at: datetime) -> None:
    """Let a review come after all others that wait, and end its lease."""
    statement = update(Review).where(Review.id == review_id, Review.state == "waiting")
    _execute(session, statement.values(queued_at=at, is_again=False, **_FREE))


def drop_waiting(session: WriteSession, image_ids: Sequence[UUID], *, but: UUID | None = None) -> None:
    """Want no look at these pictures in any batch, or in any other than one; decisions stay."""
    for part in parts(image_ids):
        statement = delete(Review).where(Review.image_id.in_(part), Review.state.in_(("waiting", "gone")))
        _execute(session, statement if but is None else statement.where(Review.batch_id != but))


def drop_free(session: WriteSession, batch_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Want no look at these pictures of a batch, but for those that are on somebody's screen."""
    at = now()
    for part in parts(image_ids):
        statement = delete(Review).where(Review.batch_id == batch_id, Review.image_id.in_(part))
        statement = statement.where(Review.state.in_(("waiting", "gone")))
        _execute(session, statement.where(or_(Review.lease_expires_at.is_(None), Review.lease_expires_at <= at)))


def drop_batch(session: WriteSession, batch_id: UUID) -> None:
    """Want no look at what waits in a batch."""
    _execute(session, delete(Review).where(Review.batch_id == batch_id, Review.state.in_(("waiting", "gone"))))


def leave(session: WriteSession, image_ids: Sequence[UUID], *, is_back: bool) -> None:
    """Look at no deleted pictures; at those that are back again as before."""
    was, state = ("gone", "waiting") if is_back else ("waiting", "gone")
    for part in parts(image_ids):
        statement = update(Review).where(Review.image_id.in_(part), Review.state == was)
        _execute(session, statement.values(state=state, **_FREE))


def counts(session: ReadSession, batch_ids: Sequence[UUID]) -> dict[UUID, ReviewCounts]:
    """Count the reviews of batches by what came of them."""
    query = select(Review.batch_id, *_sums()).where(Review.batch_id.in_(batch_ids)).group_by(Review.batch_id)
    return {batch_id: ReviewCounts(*numbers) for batch_id, *numbers in session.execute(query)}


def counts_by_author(
    session: ReadSession, project_id: UUID, *, batch_id: UUID | None = None, since: datetime | None = None
) -> dict[UUID, ReviewCounts]:
    """Count what came of each person's labels when reviewers looked at them, by author.

    Several people who agree are each counted with what became of their common label.
    """
    conditions = [Review.project_id == project_id]
    conditions += [Review.batch_id == batch_id] if batch_id is not None else []
    conditions += [Review.decided_at >= since] if since is not None else []
    one = select(Review.author_id, *_sums()).where(*conditions, Review.author_id.is_not(None))
    slot = (QueueItem.batch_id == Review.batch_id) & (QueueItem.image_id == Review.image_id)
    several = select(QueueItem.user_id, *_sums()).select_from(Review).join(QueueItem, slot)
    several = several.where(*conditions, Review.author_id.is_(None), QueueItem.user_id.is_not(None))
    found: dict[UUID, ReviewCounts] = {}
    for query in (one.group_by(Review.author_id), several.group_by(QueueItem.user_id)):
        for person, *numbers in session.execute(query):
            before = found.get(person, ReviewCounts())
            found[person] = ReviewCounts(*(a + b for a, b in zip(before, numbers, strict=True)))
    return found


def _sums() -> list[Any]:
    return [func.sum(case((Review.state == state, 1), else_=0)) for state in ("waiting", *DECIDED)]


def decided_by(session: ReadSession, batch_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, int]]:
    """Return how many decisions each reviewer took in each batch."""
    query = select(Review.batch_id, Review.reviewer_id, func.count()).where(Review.batch_id.in_(batch_ids))
    query = query.where(Review.state.in_(DECIDED)).group_by(Review.batch_id, Review.reviewer_id)
    found: dict[UUID, dict[UUID, int]] = {}
    for batch_id, reviewer_id, number in session.execute(query):
        if reviewer_id is not None:
            found.setdefault(batch_id, {})[reviewer_id] = number
    return found


def listed(batch_id: UUID, states: Sequence[str], *, author_id: UUID | None, reviewer_id: UUID | None) -> Select[Any]:
    """Return the query of a batch's reviews that are of these states, of an author, by a reviewer."""
    query = select(Review).where(Review.batch_id == batch_id, Review.state.in_(states))
    if author_id is not None:
        slot = select(QueueItem.id).where(QueueItem.batch_id == batch_id, QueueItem.image_id == Review.image_id)
        query = query.where(or_(Review.author_id == author_id, slot.where(QueueItem.user_id == author_id).exists()))
    return query if reviewer_id is None else query.where(Review.reviewer_id == reviewer_id)


def newest(session: ReadSession, batch_id: UUID, image_ids: Iterable[UUID]) -> dict[UUID, Review]:
    """Return the last review of each of these pictures in a batch."""
    query = select(Review).where(Review.batch_id == batch_id, Review.image_id.in_(list(image_ids)))
    query = query.order_by(Review.revision).execution_options(populate_existing=True)
    return {row.image_id: row for row in session.scalars(query)}


def earlier(session: ReadSession, row: Review) -> list[Review]:
    """Return what was decided about earlier labels of the same picture in the same batch, newest first."""
    query = select(Review).where(Review.batch_id == row.batch_id, Review.image_id == row.image_id)
    query = query.where(Review.id != row.id, Review.revision < row.revision, Review.state.in_(DECIDED))
    return list(session.scalars(query.order_by(Review.revision.desc())))


def returned(session: ReadSession, user_id: UUID, batch_ids: Iterable[UUID]) -> list[tuple[Review, QueueItem]]:
    """Return what was sent back to a person and waits for them, with its slot; first come, first shown."""
    query = select(Review, QueueItem).join(
        QueueItem, (QueueItem.batch_id == Review.batch_id) & (QueueItem.image_id == Review.image_id)
    )
    query = query.where(QueueItem.returned_to == user_id, QueueItem.state == "waiting", Review.state == "rejected")
    query = query.where(Review.batch_id.in_(list(batch_ids))).order_by(Review.revision)
    newest = {(row.batch_id, row.image_id): (row, item) for row, item in session.execute(query)}
    return sorted(newest.values(), key=lambda pair: pair[0].decided_at or pair[0].created_at)


def revisions(session: ReadSession, image_id: UUID, numbers: Iterable[int]) -> dict[int, AnnotationRevision]:
    """Return what a picture's annotation was at these revisions."""
    query = select(AnnotationRevision).join(Annotation, Annotation.id == AnnotationRevision.annotation_id)
    query = query.where(Annotation.image_id == image_id, AnnotationRevision.revision.in_(list(numbers)))
    return {row.revision: row for row in session.scalars(query)}


def _execute(session: WriteSession, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
