"""Look-ups of images: the grid's filters, pages and counts, imports and their files."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from modelyard.errors import Invalid
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import keyset
from modelyard.server.tables import (
    Annotation,
    AnnotationRevision,
    Image,
    Import,
    ImportFile,
    Suggestion,
    User,
)


class SortUnknown(Invalid):
    """Sort by created_at, name, score, sharpness or brightness, with a minus for downwards."""


@dataclass(frozen=True)
class Filters:
    """Which images are meant; None and empty: all."""

    class_id: Sequence[UUID] = ()
    answer: str | None = None  # "class" | "does_not_belong" | "not_sure" | "none"
    labelled: bool | None = None
    suggested_class_id: UUID | None = None
    min_score: float | None = None
    max_score: float | None = None
    split: str | None = None
    has_twin: bool | None = None
    import_id: UUID | None = None
    name: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every image matches."""
        return all(getattr(self, field.name) in (None, ()) for field in fields(self))


_SORTS = {
    "created_at": Image.id,  # Ids grow with time.
    "name": Image.name,
    "score": Suggestion.score,
    "sharpness": Image.sharpness,
    "brightness": Image.brightness,
}


def page(
    session: ReadSession, project_id: UUID, filters: Filters, *, sort: str, cursor: str | None, limit: int
) -> tuple[list[tuple[Image, Annotation | None, Suggestion | None]], str | None]:
    """Return one page of images with their answer and suggestion, and the next cursor; raises `SortUnknown`."""
    way, key = ("desc", sort[1:]) if sort.startswith("-") else ("asc", sort)
    if key not in _SORTS:
        raise SortUnknown
    column = _SORTS[key]
    order: list[tuple[Any, str]] = [(Image.id, way)] if key == "created_at" else [(column, way), (Image.id, way)]
    query = matching(project_id, filters, select(Image, Annotation, Suggestion))
    if key == "score":
        query = query.where(Suggestion.image_id.is_not(None))
    return keyset(session, query, order=order, cursor=cursor, limit=limit)


def matching(project_id: UUID, filters: Filters, query: Select[Any]) -> Select[Any]:
    """Return `query` over images joined with answer and suggestion, narrowed to the filters."""
    query = (
        query.select_from(Image)
        .outerjoin(Annotation, Annotation.image_id == Image.id)
        .outerjoin(Suggestion, Suggestion.image_id == Image.id)
    )
    return query.where(Image.project_id == project_id, Image.deleted_at.is_(None), *_conditions(filters))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    unanswered = or_(Annotation.id.is_(None), Annotation.answer == "none")
    wanted: list[ColumnElement[bool] | None] = [
        Annotation.class_id.in_(filters.class_id) if filters.class_id else None,
        unanswered if filters.answer == "none" or filters.labelled is False else None,
        Annotation.answer != "none" if filters.labelled else None,
        Annotation.answer == filters.answer if filters.answer and filters.answer != "none" else None,
        (Suggestion.class_id == filters.suggested_class_id) & unanswered if filters.suggested_class_id else None,
        Suggestion.score >= filters.min_score if filters.min_score is not None else None,
        Suggestion.score <= filters.max_score if filters.max_score is not None else None,
        func.coalesce(Image.split, Image.given_split, "none") == filters.split if filters.split else None,
        None if filters.has_twin is None else Image.twin_group.is_not(None) if filters.has_twin else Image.twin_group.is_(None),
        Image.import_id == filters.import_id if filters.import_id else None,
        Image.name.icontains(filters.name, autoescape=True) if filters.name else None,
    ]
    return [condition for condition in wanted if condition is not None]


def total(session: ReadSession, project_id: UUID, filters: Filters) -> int:
    """Return how many images match."""
    if filters.is_empty:
        alive = (Image.project_id == project_id, Image.deleted_at.is_(None))
        return session.scalar(select(func.count()).select_from(Image).where(*alive)) or 0
    return session.scalar(matching(project_id, filters, select(func.count(Image.id)))) or 0


def facet(session: ReadSession, project_id: UUID, filters: Filters, column: Any) -> dict[str, int]:
    """Return how many matching images have each value of `column`."""
    query = matching(project_id, filters, select(column, func.count(Image.id))).group_by(column)
    return {str(value): count for value, count in session.execute(query) if value is not None}


def get(session: ReadSession, image_id: UUID) -> Image | None:
    """Return an image, also a deleted one."""
    return session.get(Image, image_id)


def by_hash(session: ReadSession, project_id: UUID, hashes: Sequence[str]) -> dict[str, Image]:
    """Return the project's images with these contents."""
    query = select(Image).where(Image.project_id == project_id, Image.content_hash.in_(hashes))
    return {image.content_hash: image for image in session.scalars(query)}


def some(session: ReadSession, project_id: UUID, ids: Sequence[UUID]) -> list[Image]:
    """Return these images of the project."""
    return list(session.scalars(select(Image).where(Image.project_id == project_id, Image.id.in_(ids))))


def twins(session: ReadSession, image: Image) -> list[UUID]:
    """Return the near-duplicates of an image."""
    if image.twin_group is None:
        return []
    query = select(Image.id).where(Image.twin_group == image.twin_group, Image.id != image.id, Image.deleted_at.is_(None))
    return list(session.scalars(query.limit(50)))


def history(session: ReadSession, image_id: UUID) -> list[tuple[AnnotationRevision, str | None]]:
    """Return every revision of an image's answer with its author's name, newest first."""
    query = (
        select(AnnotationRevision, User.name)
        .join(Annotation, Annotation.id == AnnotationRevision.annotation_id)
        .outerjoin(User, User.id == AnnotationRevision.author_id)
        .where(Annotation.image_id == image_id)
        .order_by(AnnotationRevision.revision.desc())
    )
    return [(revision, name) for revision, name in session.execute(query)]


def unfinished(session: ReadSession, import_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many files of each import have not arrived whole."""
    query = select(ImportFile.import_id, func.count()).where(
        ImportFile.import_id.in_(import_ids), ImportFile.state == "receiving"
    )
    return {import_id: count for import_id, count in session.execute(query.group_by(ImportFile.import_id))}


def files(
    session: ReadSession, import_id: UUID, *, state: str | None, cursor: str | None, limit: int
) -> tuple[list[ImportFile], str | None]:
    """Return one page of an import's files."""
    query = select(ImportFile).where(ImportFile.import_id == import_id)
    if state:
        query = query.where(ImportFile.state == state)
    return keyset(session, query, order=[(ImportFile.id, "asc")], cursor=cursor, limit=limit)


def names(session: ReadSession, import_id: UUID) -> list[str]:
    """Return the names of an import's files that are still to be looked at or were added."""
    query = select(ImportFile.name).where(ImportFile.import_id == import_id)
    return list(session.scalars(query.where(ImportFile.state.in_(("received", "added", "duplicate")))))


def file_of(session: WriteSession, import_id: UUID, file_id: UUID) -> ImportFile | None:
    """Return a file of this import, locked."""
    query = select(ImportFile).where(ImportFile.import_id == import_id, ImportFile.id == file_id)
    return session.scalars(query.with_for_update()).first()


def counts(session: ReadSession, import_id: UUID) -> dict[str, int]:
    """Return how many files of an import are in each state."""
    query = select(ImportFile.state, func.count()).where(ImportFile.import_id == import_id)
    return {state: count for state, count in session.execute(query.group_by(ImportFile.state))}


def imports(session: ReadSession, project_id: UUID) -> list[Import]:
    """Return the project's imports, newest first."""
    return list(session.scalars(select(Import).where(Import.project_id == project_id).order_by(Import.id.desc()).limit(100)))
