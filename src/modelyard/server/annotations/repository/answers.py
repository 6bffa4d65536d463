"""Queries for annotations and their revisions; none for the queue."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, and_, bindparam, case, distinct, func, insert, select, true, update
from sqlalchemy.orm import aliased

from modelyard.server.annotations.schemas import ShownSuggestion
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, AnnotationRevision, Class, Image, Suggestion, User

STEPS = ("bulk", "restore", "classes", "classes-undo")  # One action of a person, however many images it touches.
ACTIONS = ("label", "confirm", "withdraw", *STEPS)

_MOST = 10_000
# Written down once, since every save asks them, and writing them down anew takes longer than their answer.
_THERE = Image.deleted_at.is_(None)
_THESE: BindParameter[Any] = bindparam("images", expanding=True)
_IMAGE_PROJECT = select(Image.project_id).where(Image.id == bindparam("image"), _THERE)
_LOCK_IMAGES = (
    select(Image.id)
    .where(Image.id.in_(_THESE), Image.project_id == bindparam("project"), _THERE)
    .order_by(Image.id)
    .with_for_update(key_share=True)
)
_ANNOTATIONS = select(Annotation).where(Annotation.image_id.in_(_THESE)).execution_options(populate_existing=True)
_CLASS = (
    select(Class)
    .where(Class.id == bindparam("class"), Class.project_id == bindparam("project"))
    .with_for_update(read=True)
    .execution_options(populate_existing=True)
)


def image_project(session: ReadSession, image_id: UUID) -> UUID | None:
    """Return the project of an image that has not been deleted."""
    return session.scalar(_IMAGE_PROJECT, {"image": image_id})


def lock_images(session: WriteSession, project_id: UUID, image_ids: Iterable[UUID]) -> set[UUID]:
    """Keep other writers from these images' answers until the commit; return those that exist."""
    ids, found = sorted(image_ids), set[UUID]()
    for start in range(0, len(ids), _MOST):  # PostgreSQL takes 65,535 values in a statement.
        found.update(session.scalars(_LOCK_IMAGES, {"images": ids[start : start + _MOST], "project": project_id}))
    return found


def annotations(session: ReadSession, image_ids: Iterable[UUID]) -> dict[UUID, Annotation]:
    """Return the present annotations of these images, by image."""
    return {row.image_id: row for row in session.scalars(_ANNOTATIONS, {"images": list(image_ids)})}


def class_(session: ReadSession, project_id: UUID, class_id: UUID) -> Class | None:
    """Return a class of the project, deleted or not; it stays as it is until a writer commits."""
    return session.scalars(_CLASS, {"class": class_id, "project": project_id}).first()


def save(
    session: WriteSession,
    *,
    added: Sequence[dict[str, Any]],
    changed: Sequence[dict[str, Any]],
    revisions: Sequence[dict[str, Any]],
) -> None:
    """Write annotations (new ones whole, changed ones by id) and append their revisions."""
    if added:
        session.execute(insert(Annotation), added)
    if changed:
        session.execute(update(Annotation), changed)
    if revisions:
        session.execute(insert(AnnotationRevision), revisions)


def history(session: ReadSession, image_id: UUID) -> Sequence[tuple[AnnotationRevision, str | None]]:
    """Return every revision of an image's answer with its author's name, newest first."""
    query = (
        select(AnnotationRevision, User.name)
        .join(Annotation, Annotation.id == AnnotationRevision.annotation_id)
        .outerjoin(User, User.id == AnnotationRevision.author_id)
        .where(Annotation.image_id == image_id)
        .order_by(AnnotationRevision.revision.desc())
    )
    return session.execute(query).all()


def earlier_answers(session: ReadSession, annotation_ids: Iterable[UUID]) -> dict[UUID, list[AnnotationRevision]]:
    """Return each annotation's revisions, newest first."""
    query = select(AnnotationRevision).where(AnnotationRevision.annotation_id.in_(list(annotation_ids)))
    found: dict[UUID, list[AnnotationRevision]] = {}
    for row in session.scalars(query.order_by(AnnotationRevision.revision.desc())):
        found.setdefault(row.annotation_id, []).append(row)
    return found


def shown_suggestions(session: ReadSession, image_ids: Iterable[UUID]) -> dict[UUID, ShownSuggestion]:
    """Return what the grid shows as suggestions: those of images without an answer."""
    query = (
        select(Suggestion)
        .outerjoin(Annotation, Annotation.image_id == Suggestion.image_id)
        .where(Suggestion.image_id.in_(list(image_ids)), func.coalesce(Annotation.answer, "none") == "none")
    )
    return {
        row.image_id: ShownSuggestion(class_id=row.class_id, score=row.score, version=row.version)
        for row in session.scalars(query)
    }


def images_of_class(session: ReadSession, class_id: UUID) -> Sequence[UUID]:
    """Return the images that are annotated with a class now, deleted ones too: they may be restored."""
    query = select(Annotation.image_id).where(Annotation.class_id == class_id)
    return session.scalars(query.order_by(Annotation.image_id)).all()


def images_touched_by(session: ReadSession, project_id: UUID, action: str) -> Sequence[UUID]:
    """Return the images whose answers were changed by this step."""
    row = AnnotationRevision
    query = select(row.image_id).where(row.project_id == project_id, row.action == action)
    return session.scalars(query.order_by(row.image_id)).all()


def touched_by(
    session: ReadSession, image_ids: Iterable[UUID], action: str
) -> Sequence[tuple[Annotation, AnnotationRevision]]:
    """Return (annotation, answer before) for annotations whose present revision was made by this step."""
    last, before = aliased(AnnotationRevision), aliased(AnnotationRevision)
    query = (
        select(Annotation, before)
        .join(last, and_(last.annotation_id == Annotation.id, last.revision == Annotation.revision))
        .join(before, and_(before.annotation_id == Annotation.id, before.revision == Annotation.revision - 1))
        .where(Annotation.image_id.in_(list(image_ids)), last.action == action)
    )
    return session.execute(query.execution_options(populate_existing=True)).all()


def before(session: ReadSession, rows: Iterable[Annotation]) -> dict[UUID, AnnotationRevision]:
    """Return the revision before the present one of each annotation that has one, by image."""
    last, past = Annotation, AnnotationRevision
    query = select(past).join(last, and_(past.annotation_id == last.id, past.revision == last.revision - 1))
    found = session.scalars(query.where(last.image_id.in_([row.image_id for row in rows])))
    return {revision.image_id: revision for revision in found}


def at_revisions(
    session: ReadSession, annotation_ids: Iterable[UUID], revisions: Mapping[UUID, int]
) -> dict[UUID, AnnotationRevision]:
    """Return what each annotation was at the revision that is named for its image, by image."""
    query = select(AnnotationRevision).where(AnnotationRevision.annotation_id.in_(list(annotation_ids)))
    query = query.where(AnnotationRevision.revision.in_(sorted(set(revisions.values()))))
    return {row.image_id: row for row in session.scalars(query) if row.revision == revisions[row.image_id]}


def count_answers(
    session: ReadSession, project_id: UUID, *, but: Collection[UUID] = ()
) -> Sequence[tuple[str, UUID | None, int]]:
    """Return (answer, class, images) over the images that are not deleted, without some."""
    query = (
        select(Annotation.answer, Annotation.class_id, func.count())
        .join(Image, Image.id == Annotation.image_id)
        .where(Annotation.project_id == project_id, Annotation.answer != "none", Image.deleted_at.is_(None))
        .where(Image.id.not_in(list(but)) if but else true())
        .group_by(Annotation.answer, Annotation.class_id)
    )
    return session.execute(query).all()


def count_work(
    session: ReadSession, project_id: UUID, *, since: datetime
) -> tuple[int, int, float | None, int, int, int]:
    """Return (single actions, bulk actions, seconds, accepted, corrected, images answered since)."""
    row = AnnotationRevision
    single, bulk = row.action.not_in(STEPS), row.action.in_(STEPS)
    answered = and_(row.created_at >= since, row.answer != "none")
    query = select(
        func.count(case((single, row.id))),
        func.count(distinct(case((bulk, row.created_at)))),
        func.sum(row.active_s),
        func.count(case((row.suggestion_outcome == "accepted", row.id))),
        func.count(case((row.suggestion_outcome == "corrected", row.id))),
        func.count(distinct(case((answered, row.image_id)))),
    ).where(row.project_id == project_id, row.action.in_(ACTIONS))
    return session.execute(query).one()
