"""Queries for who did how much, what became of suggestions, and who has what on the screen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select, union

from modelyard.server.annotations.repository.answers import ACTIONS
from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import (
    Annotation,
    AnnotationRevision,
    GoldAnswer,
    Image,
    Object,
    ObjectSuggestion,
    Opinion,
    QueueItem,
    User,
)


class Scope(NamedTuple):
    """A project, or one of its batches."""

    project_id: UUID
    batch_id: UUID | None = None

    def of(self, table: Any) -> list[ColumnElement[bool]]:
        """Return the conditions on a table that names both."""
        found = [table.project_id == self.project_id]
        return found if self.batch_id is None else [*found, table.batch_id == self.batch_id]

    def images(self, table: Any) -> list[ColumnElement[bool]]:
        """Return the conditions on a table that names images."""
        found = [table.project_id == self.project_id]
        if self.batch_id is None:
            return found
        mine = select(QueueItem.image_id).where(QueueItem.batch_id == self.batch_id)
        return [*found, table.image_id.in_(mine)]


class Done(NamedTuple):
    """What a person did."""

    pictures: int = 0
    objects: int = 0
    active_s: float = 0.0
    accepted: int = 0
    corrected: int = 0
    last_at: datetime | None = None

    def plus(self, other: "Done") -> "Done":
        """Return both together."""
        return Done(
            self.pictures + other.pictures,
            self.objects + other.objects,
            self.active_s + other.active_s,
            self.accepted + other.accepted,
            self.corrected + other.corrected,
            max((at for at in (self.last_at, other.last_at) if at), default=None),
        )


def done(session: ReadSession, scope: Scope) -> dict[UUID, Done]:
    """Return what each person did, known pictures apart."""
    found: dict[UUID, Done] = {}

    def add(user_id: UUID | None, **values: Any) -> None:
        if user_id is not None:
            found[user_id] = found.get(user_id, Done()).plus(Done(**values))

    for user_id, pictures, last_at in session.execute(_pictures(scope)):
        add(user_id, pictures=pictures, last_at=last_at)
    revision = AnnotationRevision
    spent = select(revision.author_id, func.coalesce(func.sum(revision.active_s), 0.0), *_outcomes(revision))
    spent = spent.where(*scope.of(revision), revision.action.in_(ACTIONS)).group_by(revision.author_id)
    for user_id, active_s, accepted, corrected in session.execute(spent):
        add(user_id, active_s=active_s, accepted=accepted, corrected=corrected)
    for user_id, objects, active_s, outcomes in _opinions(session, scope):
        add(user_id, objects=objects, active_s=active_s, accepted=outcomes[0], corrected=outcomes[1])
    drawn = select(Object.author_id, func.count()).where(*scope.images(Object), Object.until_revision.is_(None))
    for user_id, objects in session.execute(drawn.group_by(Object.author_id)):
        add(user_id, objects=objects)
    row = ObjectSuggestion
    counts = (func.count(case((row.outcome == "accepted", 1))), func.count(case((row.outcome.in_(_PUT_RIGHT), 1))))
    decided = select(row.decided_by, *counts).where(*scope.images(row), row.outcome.is_not(None))
    for user_id, accepted, corrected in session.execute(decided.group_by(row.decided_by)):
        add(user_id, accepted=accepted, corrected=corrected)
    return found


_PUT_RIGHT = ("edited", "rejected")


def _outcomes(table: Any) -> tuple[Any, Any]:
    outcome = table.suggestion_outcome
    return func.count(case((outcome == "accepted", 1))), func.count(case((outcome == "corrected", 1)))


def _pictures(scope: Scope) -> Select[Any]:
    """Return the query of (person, pictures that they labelled, the last time)."""
    revision, opinion = AnnotationRevision, Opinion
    own = select(revision.author_id, revision.image_id, revision.created_at.label("at"))
    own = own.where(*scope.of(revision), revision.action.in_(ACTIONS), revision.answer != "none")
    apart = select(opinion.author_id, opinion.image_id, opinion.submitted_at.label("at"))
    apart = apart.where(*scope.of(opinion), opinion.state == "submitted")
    both = union(own, apart).subquery()
    counted = func.count(both.c.image_id.distinct())
    return select(both.c.author_id, counted, func.max(both.c.at)).group_by(both.c.author_id)


def _opinions(session: ReadSession, scope: Scope) -> list[tuple[UUID, int, float, tuple[int, int]]]:
    """Return (person, objects, seconds, suggestions taken and answered otherwise) of labels that are kept apart.

    Those that became the picture's answer by themselves are counted there.
    """
    row, answer = Opinion, Annotation
    outcome = row.suggestion["outcome"].as_string()
    query = select(
        row.author_id,
        func.coalesce(func.sum(func.json_array_length(row.objects)), 0),
        func.coalesce(func.sum(row.active_s), 0.0),
        func.count(case((outcome == "accepted", 1))),
        func.count(case((outcome == "corrected", 1))),
    ).outerjoin(answer, and_(answer.image_id == row.image_id, answer.author_id == row.author_id))
    query = query.where(*scope.of(row), row.state == "submitted", answer.id.is_(None)).group_by(row.author_id)
    return [(user_id, objects, active_s, (yes, no)) for user_id, objects, active_s, yes, no in session.execute(query)]


def done_on_gold(session: ReadSession, scope: Scope, user_id: UUID) -> Done:
    """Return what a person did on known pictures, which is work like any other to them."""
    row = GoldAnswer
    outcome = row.suggestion["outcome"].as_string()
    query = select(
        func.count(),
        func.coalesce(func.sum(func.json_array_length(row.objects)), 0),
        func.coalesce(func.sum(row.active_s), 0.0),
        func.count(case((outcome == "accepted", 1))),
        func.count(case((outcome == "corrected", 1))),
        func.max(row.submitted_at),
    ).where(*scope.of(row), row.author_id == user_id, row.answer != "none")
    return Done(*session.execute(query).one())


def class_counts(session: ReadSession, scope: Scope, *, is_drawn: bool) -> dict[UUID, int]:
    """Return how many objects, or pictures, of each class there are now."""
    if is_drawn:
        row = Object
        query = select(row.class_id, func.count()).join(Image, Image.id == row.image_id)
        query = query.where(*scope.images(row), row.until_revision.is_(None), Image.deleted_at.is_(None))
        return {class_id: count for class_id, count in session.execute(query.group_by(row.class_id))}
    said = Annotation
    whole = select(said.class_id, func.count()).join(Image, Image.id == said.image_id)
    whole = whole.where(*scope.images(said), said.class_id.is_not(None), Image.deleted_at.is_(None))
    return {class_id: count for class_id, count in session.execute(whole.group_by(said.class_id)) if class_id}


def class_outcomes(session: ReadSession, scope: Scope) -> dict[UUID, tuple[int, int]]:
    """Return (suggestions of a class that people decided on, those put right) by class."""
    found: dict[UUID, tuple[int, int]] = {}
    row, drawn = AnnotationRevision, ObjectSuggestion
    whole = select(row.suggested_class_id, *_outcomes(row)).where(*scope.of(row), row.suggestion_outcome.is_not(None))
    counts = (func.count(case((drawn.outcome == "accepted", 1))), func.count(case((drawn.outcome.in_(_PUT_RIGHT), 1))))
    objects = select(drawn.class_id, *counts).where(*scope.images(drawn), drawn.outcome.is_not(None))
    for query in (whole.group_by(row.suggested_class_id), objects.group_by(drawn.class_id)):
        for class_id, accepted, corrected in session.execute(query):
            if class_id is not None:
                before = found.get(class_id, (0, 0))
                found[class_id] = before[0] + accepted + corrected, before[1] + corrected
    return found


class Lent(NamedTuple):
    """A picture on somebody's screen."""

    user_id: UUID
    user_name: str
    image_id: UUID
    image_name: str
    until: datetime | None


def on_screens(session: ReadSession, batch_id: UUID, *, at: datetime) -> Sequence[Lent]:
    """Return the pictures of a batch that people have on the screen, known ones too, the earliest first."""
    found: list[Lent] = []
    for table, user_id in ((QueueItem, QueueItem.user_id), (GoldAnswer, GoldAnswer.author_id)):
        query = select(User.id, User.name, Image.id, Image.name, table.lease_expires_at)
        query = query.join(User, User.id == user_id).join(Image, Image.id == table.image_id)
        query = query.where(table.batch_id == batch_id, table.lease_token.is_not(None))
        query = query.where(table.lease_expires_at > at)
        found += [Lent(*row) for row in session.execute(query)]
    return sorted(found, key=lambda row: (row.user_name.lower(), row.until or at, row.image_id))
