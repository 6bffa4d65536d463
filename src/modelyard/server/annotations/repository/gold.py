"""Queries for pictures with known answers: which there are, whom they go to, and how those did."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, case, delete, func, or_, select, update

from modelyard.server.annotations.repository.slots import parts
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import (
    AnnotationRevision,
    Batch,
    GoldAnswer,
    GoldPause,
    GoldPicture,
    Image,
    ObjectSuggestion,
    Opinion,
    Postponement,
    ProjectMember,
    QueueItem,
    Suggestion,
    User,
)

_IS_IN = ("given", "disputed", "done")
_PRESENT = GoldPicture.ended_at.is_(None)


def present(session: ReadSession, project_id: UUID, image_ids: Iterable[UUID] | None = None) -> list[GoldPicture]:
    """Return the known answers that hold now, of the whole project or of these images; the newest first."""
    query = select(GoldPicture).join(Image, Image.id == GoldPicture.image_id)
    query = query.where(GoldPicture.project_id == project_id, _PRESENT, Image.deleted_at.is_(None))
    if image_ids is not None:
        query = query.where(GoldPicture.image_id.in_(list(image_ids)))
    return list(session.scalars(query.order_by(GoldPicture.id.desc()).execution_options(populate_existing=True)))


def exists(session: ReadSession, project_id: UUID) -> bool:
    """Say whether a project has pictures with known answers."""
    query = select(GoldPicture.id).where(GoldPicture.project_id == project_id, _PRESENT)
    return session.scalar(query.limit(1)) is not None


def last_versions(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the number of the last version of each image that was ever gold."""
    query = select(GoldPicture.image_id, func.max(GoldPicture.version)).where(GoldPicture.image_id.in_(image_ids))
    return {image_id: number for image_id, number in session.execute(query.group_by(GoldPicture.image_id))}


def unseen(session: ReadSession, project_id: UUID, user_id: UUID, *, is_onboarding: bool) -> list[UUID]:
    """Return the known answers that a person may be asked for: of pictures that they never said anything of."""
    image_id = GoldPicture.image_id
    query = select(GoldPicture.id).join(Image, Image.id == image_id)
    query = query.where(GoldPicture.project_id == project_id, _PRESENT, Image.deleted_at.is_(None))
    query = query.where(GoldPicture.is_onboarding) if is_onboarding else query
    for table, column in (
        (GoldAnswer, GoldAnswer.author_id),
        (AnnotationRevision, AnnotationRevision.author_id),
        (Opinion, Opinion.author_id),
        (QueueItem, QueueItem.user_id),
    ):
        query = query.where(~select(table.id).where(table.image_id == image_id, column == user_id).exists())
    return list(session.scalars(query.order_by(GoldPicture.id)))


def find(session: ReadSession, image_id: UUID, author_id: UUID) -> GoldAnswer | None:
    """Return a known picture as it is for one person."""
    query = select(GoldAnswer).where(GoldAnswer.image_id == image_id, GoldAnswer.author_id == author_id)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def of_image(session: ReadSession, image_id: UUID) -> GoldPicture | None:
    """Return the known answer of an image that holds now."""
    return session.scalars(select(GoldPicture).where(GoldPicture.image_id == image_id, _PRESENT)).first()


class Place(NamedTuple):
    """How far a person is in a batch."""

    regular: int  # labels that the batch wanted and this person gave
    known: int  # known pictures that they labelled
    on_screen: int  # pictures that they hold


def place(session: ReadSession, batch_id: UUID, user_id: UUID, *, at: datetime) -> Place:
    """Say how far a person is in a batch."""
    item, own = QueueItem, GoldAnswer
    regular = select(
        func.count(case((item.state.in_(_IS_IN), item.id))),
        func.count(case((and_(item.state == "waiting", item.lease_expires_at > at), item.id))),
    ).where(item.batch_id == batch_id, item.user_id == user_id)
    known = select(
        func.count(case((own.answer != "none", own.id))),
        func.count(case((and_(own.answer == "none", own.lease_expires_at > at), own.id))),
    ).where(own.batch_id == batch_id, own.author_id == user_id)
    given, held = session.execute(regular).one()
    labelled, lent = session.execute(known).one()
    return Place(given, labelled, held + lent)


def is_new(session: ReadSession, project_id: UUID, user_id: UUID) -> bool:
    """Say whether a person has given no label in any batch of the project."""
    query = select(QueueItem.id).join(Batch, Batch.id == QueueItem.batch_id)
    query = query.where(Batch.project_id == project_id, QueueItem.user_id == user_id, QueueItem.state.in_(_IS_IN))
    return session.scalar(query.limit(1)) is None


def turns(session: ReadSession, batch_id: UUID, user_id: UUID) -> list[int]:
    """Return at which turns of a person in a batch known pictures come, or came."""
    query = select(GoldAnswer.turn).where(GoldAnswer.batch_id == batch_id, GoldAnswer.author_id == user_id)
    return list(session.scalars(query.where(GoldAnswer.turn > 0)))


def plan(session: WriteSession, batch: Batch, user_id: UUID, gold: Sequence[tuple[UUID, int]]) -> None:
    """Let these known answers come to a person at these turns."""
    known = {
        row.id: row for row in session.scalars(select(GoldPicture).where(GoldPicture.id.in_([g for g, _ in gold])))
    }
    facts = {"project_id": batch.project_id, "batch_id": batch.id, "author_id": user_id, "is_apart": batch.overlap > 1}
    session.add_all(
        GoldAnswer(image_id=known[gold_id].image_id, gold_id=gold_id, turn=turn, **facts) for gold_id, turn in gold
    )
    session.flush()


def bring_onboarding(session: WriteSession, batch: Batch, user_id: UUID) -> None:
    """Let the rest of an onboarding set that began in another batch go on in this one."""
    own = GoldAnswer
    mine = (own.project_id == batch.project_id, own.author_id == user_id, own.turn == 0, own.revision == 0)
    statement = update(own).where(*mine, own.batch_id.is_not(None), own.batch_id != batch.id)
    statement = statement.values(batch_id=batch.id, is_apart=batch.overlap > 1)
    session.execute(statement.execution_options(synchronize_session=False))


def has_suggestions(session: ReadSession, image_id: UUID) -> bool:
    """Say whether objects were ever suggested for an image."""
    row = ObjectSuggestion
    query = select(row.id).where(row.image_id == image_id, or_(row.outcome.is_(None), row.outcome != "replaced"))
    return session.scalar(query.limit(1)) is not None


def claim(
    session: WriteSession,
    batch_id: UUID,
    user_id: UUID,
    *,
    turn: int,
    at: datetime,
    exclude: Sequence[UUID],
    is_postponed: bool = False,
) -> GoldAnswer | None:
    """Return the known picture that comes to a person now, at `turn` of theirs; None if none does."""
    own = GoldAnswer
    query = _due(batch_id, user_id).where(own.turn <= turn, own.image_id.not_in(exclude))
    query = query.where(or_(own.lease_expires_at.is_(None), own.lease_expires_at <= at))
    later = select(Postponement.at).where(Postponement.image_id == own.image_id, Postponement.user_id == user_id)
    query = query.where(later.exists() if is_postponed else ~later.exists())
    return session.scalars(query.order_by(own.turn, own.id).limit(1)).first()


def due(session: ReadSession, batch_id: UUID, user_id: UUID) -> int:
    """Return how many known pictures are meant for a person in a batch and not labelled."""
    return session.scalar(select(func.count()).select_from(_due(batch_id, user_id).subquery())) or 0


def _due(batch_id: UUID, user_id: UUID) -> Select[GoldAnswer]:
    own = GoldAnswer
    query = select(own).join(GoldPicture, GoldPicture.image_id == own.image_id).join(Image, Image.id == own.image_id)
    query = query.where(own.batch_id == batch_id, own.author_id == user_id, own.answer == "none")
    return query.where(_PRESENT, Image.deleted_at.is_(None))


def pictures(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, tuple[Image, Suggestion | None]]:
    """Return images with their suggestions."""
    query = select(Image, Suggestion).outerjoin(Suggestion, Suggestion.image_id == Image.id)
    return {image.id: (image, guess) for image, guess in session.execute(query.where(Image.id.in_(image_ids)))}


def clear(session: WriteSession, *, batch_id: UUID | None = None, image_ids: Sequence[UUID] = ()) -> None:
    """Forget known pictures that were meant for people, of a batch or of these images, and never touched."""
    for part in parts(image_ids) if batch_id is None else [()]:
        where = GoldAnswer.batch_id == batch_id if batch_id else GoldAnswer.image_id.in_(part)
        statement = delete(GoldAnswer).where(where, GoldAnswer.revision == 0)
        session.execute(statement.execution_options(synchronize_session=False))


def follow(session: WriteSession, image_id: UUID, gold_id: UUID) -> None:
    """Let those who have not touched a known picture be measured by its next version."""
    untouched = update(GoldAnswer).where(GoldAnswer.image_id == image_id, GoldAnswer.revision == 0)
    session.execute(untouched.values(gold_id=gold_id).execution_options(synchronize_session=False))


class Counted(NamedTuple):
    """Known pictures in the numbers of a batch, for those who may not tell them from others."""

    wanted: int
    given: int
    by_person: dict[UUID, tuple[int, datetime]]


def counted(session: ReadSession, batch_ids: Sequence[UUID]) -> dict[UUID, Counted]:
    """Return how many known pictures each batch hands out, and who labelled how many."""
    own, is_in = GoldAnswer, GoldAnswer.answer != "none"
    labelled = (func.count(case((is_in, own.id))), func.max(case((is_in, own.submitted_at))))
    query = select(own.batch_id, own.author_id, func.count(), *labelled).where(own.batch_id.in_(batch_ids))
    query = query.group_by(own.batch_id, own.author_id)
    found: dict[UUID, Counted] = {}
    for batch_id, author_id, wanted, given, last_at in session.execute(query):
        if batch_id is None:
            continue
        so_far = found.get(batch_id, Counted(0, 0, {}))
        people = so_far.by_person | ({author_id: (given, last_at)} if given else {})
        found[batch_id] = Counted(so_far.wanted + wanted, so_far.given + given, people)
    return found


def last_answers(
    session: ReadSession, project_id: UUID, author_id: UUID, *, since: datetime | None, limit: int
) -> list[bool]:
    """Return whether a person's last known pictures were labelled as is known, the newest first."""
    own = GoldAnswer
    query = select(own.is_right).where(own.project_id == project_id, own.author_id == author_id)
    query = query.where(own.answer != "none", own.is_right.is_not(None))
    query = query.where(own.submitted_at > since) if since else query
    return [bool(right) for right in session.scalars(query.order_by(own.submitted_at.desc()).limit(limit))]


class Tally(NamedTuple):
    """How a person did on known pictures."""

    author_id: UUID
    had_suggestions: bool | None
    known: int
    right: int
    score: float | None  # the sum


def tallies(session: ReadSession, project_id: UUID, *, before: datetime | None = None) -> list[Tally]:
    """Return how people did, with and without suggestions; only on what they labelled before a time."""
    own = GoldAnswer
    counted = (func.count(), func.count(case((own.is_right.is_(True), own.id))), func.sum(own.score))
    query = select(own.author_id, own.had_suggestions, *counted)
    query = query.where(own.project_id == project_id, own.answer != "none", own.is_right.is_not(None))
    query = query.where(own.submitted_at < before) if before else query
    return [Tally(*row) for row in session.execute(query.group_by(own.author_id, own.had_suggestions))]


def by_picture(session: ReadSession, gold_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return (people who labelled it, those who did as is known) of known answers."""
    own = GoldAnswer
    query = select(own.gold_id, func.count(), func.count(case((own.is_right.is_(True), own.id))))
    query = query.where(own.gold_id.in_(gold_ids), own.answer != "none").group_by(own.gold_id)
    return {gold_id: (known, right) for gold_id, known, right in session.execute(query)}


def answers_of(session: ReadSession, project_id: UUID, author_id: UUID) -> Select[GoldAnswer]:
    """Return the query of what a person said of known pictures."""
    own = GoldAnswer
    query = select(own).where(own.project_id == project_id, own.author_id == author_id, own.answer != "none")
    return query.where(own.is_right.is_not(None))


def versions(session: ReadSession, gold_ids: Iterable[UUID]) -> dict[UUID, GoldPicture]:
    """Return versions of known answers, ended ones too."""
    return {row.id: row for row in session.scalars(select(GoldPicture).where(GoldPicture.id.in_(list(gold_ids))))}


def pause_of(session: ReadSession, project_id: UUID, user_id: UUID) -> GoldPause | None:
    """Return whether, and why, nothing is handed to a person."""
    query = select(GoldPause).where(GoldPause.project_id == project_id, GoldPause.user_id == user_id)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def pauses(session: ReadSession, project_id: UUID) -> dict[UUID, GoldPause]:
    """Return those who were ever asked to stop."""
    rows = session.scalars(select(GoldPause).where(GoldPause.project_id == project_id))
    return {row.user_id: row for row in rows}


def leaders(session: ReadSession, project_id: UUID, roles: Collection[str]) -> list[User]:
    """Return the members in these roles who can sign in, longest first."""
    query = select(User).join(ProjectMember, ProjectMember.user_id == User.id)
    query = query.where(ProjectMember.project_id == project_id, ProjectMember.role.in_(roles))
    return list(session.scalars(query.where(User.disabled_at.is_(None)).order_by(ProjectMember.created_at, User.id)))


def lend(session: WriteSession, row: GoldAnswer, *, token: UUID, until: datetime) -> None:
    """Lend a known picture to its person."""
    row.lease_token, row.lease_expires_at = token, until
    session.flush()


def extend(session: WriteSession, user_id: UUID, tokens: Sequence[UUID], *, until: datetime) -> list[UUID]:
    """Keep leases of known pictures alive; return those that still hold."""
    statement = update(GoldAnswer).where(GoldAnswer.lease_token.in_(tokens), GoldAnswer.author_id == user_id)
    statement = statement.values(lease_expires_at=until).returning(GoldAnswer.lease_token)
    return [token for token in session.scalars(statement.execution_options(synchronize_session=False)) if token]


def release(session: WriteSession, user_id: UUID, *conditions: Any) -> None:
    """End leases of known pictures."""
    statement = update(GoldAnswer).where(GoldAnswer.author_id == user_id, *conditions)
    statement = statement.values(lease_token=None, lease_expires_at=None)
    session.execute(statement.execution_options(synchronize_session=False))
