"""Queries for the history: entries that rooms wrote, and steps of annotations, each found by index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import (
    Annotation,
    AnnotationRevision,
    AuditEntry,
    Class,
    Image,
    Object,
    ProjectMember,
    User,
)

_FEW = 500  # pictures of which all revisions are looked at; of more, the newest revisions are searched


@dataclass(frozen=True)
class Wanted:
    """Which events, newest first: those before `before`, if it is given."""

    project_id: UUID | None  # None: those of the installation
    person: UUID | None = None
    kinds: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    before: UUID | None = None


class Step(NamedTuple):
    """One step of annotations: over one image or many."""

    id: UUID
    author_id: UUID | None
    action: str
    images: int


def entries(session: ReadSession, wanted: Wanted, limit: int) -> Sequence[AuditEntry]:
    """Return the newest entries."""
    row = AuditEntry
    query = select(row).where(_in_project(wanted.project_id))
    if wanted.person is not None:
        query = query.where(row.actor_id == wanted.person)
    if wanted.kinds:
        query = query.where(row.kind.in_(wanted.kinds))
    if wanted.text:
        query = query.where(row.text.contains(wanted.text.lower(), autoescape=True))
    return session.scalars(_within(query, row.id, wanted).order_by(row.id.desc()).limit(limit)).all()


def steps(session: ReadSession, wanted: Wanted, limit: int) -> list[Step]:
    """Return the newest steps of annotations; those of imports and of classes, which have entries, are left out."""
    row = AnnotationRevision
    query: Any = select(row.step_id, row.author_id, row.action, func.count())
    query = query.where(row.project_id == wanted.project_id)
    query = query.where(row.action.not_like("%:%"))
    if wanted.person is not None:
        query = query.where(row.author_id == wanted.person)
    if wanted.text:
        query = _saying(session, query, wanted)
    query = _within(query, row.step_id, wanted).group_by(row.step_id, row.author_id, row.action)
    return [Step(*found) for found in session.execute(query.order_by(row.step_id.desc()).limit(limit))]


def _saying(session: ReadSession, query: Any, wanted: Wanted) -> Any:
    """Narrow to steps whose picture, or whose class of the picture as a whole, has the text in its name."""
    row, text = AnnotationRevision, wanted.text
    named = and_(Image.project_id == wanted.project_id, Image.name.icontains(text, autoescape=True))
    of = (Class.project_id == wanted.project_id, Class.name.icontains(text, autoescape=True))
    class_ids = session.scalars(select(Class.id).where(*of)).all()
    image_ids = session.scalars(select(Image.id).where(named).limit(_FEW + 1)).all()
    if len(image_ids) > _FEW:
        is_named: ColumnElement[bool] = exists().where(Image.id == row.image_id, named)
    else:  # Few enough to be looked up one by one.
        held = select(Annotation.id).where(Annotation.image_id.in_(image_ids))
        is_named = row.annotation_id.in_(session.scalars(held).all())
    return query.where(or_(is_named, row.class_id.in_(class_ids)) if class_ids else is_named)


def _within(query: Any, column: Any, wanted: Wanted) -> Any:
    """Narrow by time, which ids carry: an index over ids is one over time."""
    if wanted.since is not None:
        query = query.where(column >= first_id(wanted.since))
    if wanted.until is not None:
        query = query.where(column < first_id(wanted.until))
    return query if wanted.before is None else query.where(column < wanted.before)


def first_id(at: datetime) -> UUID:
    """Return the smallest id that can be made at this moment (UUIDv7: 48 bits of milliseconds come first).

    Example:
        >>> from datetime import UTC
        >>> first_id(datetime(2026, 11, 2, tzinfo=UTC))
        UUID('019a41b0-b400-7000-8000-000000000000')
    """
    milliseconds = max(0, int(at.timestamp() * 1000))
    return UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62))


class Told(NamedTuple):
    """What one revision of a step says, and what the one before said."""

    revision: AnnotationRevision
    image_name: str
    class_name: str | None
    past: AnnotationRevision | None
    past_class_name: str | None


def told(session: ReadSession, project_id: UUID, step_ids: Iterable[UUID]) -> dict[UUID, Told]:
    """Return one revision of each step, by step."""
    row, past = AnnotationRevision, aliased(AnnotationRevision)
    named, past_named = aliased(Class), aliased(Class)
    number = func.row_number().over(partition_by=row.step_id, order_by=row.id).label("number")
    ranked = select(row.id, number).where(row.project_id == project_id, row.step_id.in_(list(step_ids))).subquery()
    query = (
        select(row, Image.name, named.name, past, past_named.name)
        .join(ranked, and_(ranked.c.id == row.id, ranked.c.number == 1))
        .join(Image, Image.id == row.image_id)
        .outerjoin(named, named.id == row.class_id)
        .outerjoin(past, and_(past.annotation_id == row.annotation_id, past.revision == row.revision - 1))
        .outerjoin(past_named, past_named.id == past.class_id)
    )
    return {found[0].step_id: Told(*found) for found in session.execute(query)}


class Drawn(NamedTuple):
    """How many objects of an image were added, changed and removed at a revision."""

    added: int
    changed: int
    removed: int


def drawn(session: ReadSession, revisions: Sequence[AnnotationRevision]) -> dict[UUID, Drawn]:
    """Return what these revisions did to objects, by revision."""
    begun: dict[tuple[UUID, int], set[UUID]] = {}
    ended: dict[tuple[UUID, int], set[UUID]] = {}
    numbers = sorted({row.revision for row in revisions})
    query = select(Object.image_id, Object.object_id, Object.since_revision, Object.until_revision)
    query = query.where(Object.image_id.in_({row.image_id for row in revisions}))
    query = query.where(or_(Object.since_revision.in_(numbers), Object.until_revision.in_(numbers)))
    for image_id, object_id, since, until in session.execute(query):
        begun.setdefault((image_id, since), set()).add(object_id)
        if until is not None:
            ended.setdefault((image_id, until), set()).add(object_id)
    found = {}
    for row in revisions:
        new, old = (by.get((row.image_id, row.revision), set()) for by in (begun, ended))
        found[row.id] = Drawn(len(new - old), len(new & old), len(old - new))
    return found


def image_names(session: ReadSession, image_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return what pictures are called, by their ids."""
    query = select(Image.id, Image.name).where(Image.id.in_({id_ for id_ in image_ids if id_ is not None}))
    return {image_id: name for image_id, name in session.execute(query)}


def names(session: ReadSession, user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return what people are called, by their ids."""
    query = select(User.id, User.name).where(User.id.in_({user_id for user_id in user_ids if user_id is not None}))
    return {user_id: name for user_id, name in session.execute(query)}


def people(session: ReadSession, project_id: UUID | None) -> list[tuple[UUID, str]]:
    """Return everybody who was a member or did something there, by name."""
    where = _in_project(project_id)
    is_somebody = or_(
        exists().where(where, AuditEntry.actor_id == User.id),
        exists().where(where, AuditEntry.kind == "member", AuditEntry.subject_id == User.id),
        exists().where(ProjectMember.project_id == project_id, ProjectMember.user_id == User.id),
    )
    rows = session.execute(select(User.id, User.name).where(is_somebody).order_by(User.name, User.id))
    return [(user_id, name) for user_id, name in rows]


def kinds(session: ReadSession, project_id: UUID | None) -> list[str]:
    """Return the kinds of entries that there are, in the order of the alphabet; each is a step in the index."""
    found: list[str] = []
    while True:
        query = select(func.min(AuditEntry.kind)).where(_in_project(project_id))
        last = session.scalar(query.where(AuditEntry.kind > found[-1]) if found else query)
        if last is None:
            return found
        found.append(last)


def _in_project(project_id: UUID | None) -> Any:
    return AuditEntry.project_id.is_(None) if project_id is None else AuditEntry.project_id == project_id
