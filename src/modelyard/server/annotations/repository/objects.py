"""Queries for what is drawn into images; versions are ended and begun, never changed."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select, update

from modelyard.server.kit.bulk import insert_rows
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, Class, Image, Object, ObjectSuggestion


def present(session: ReadSession, image_ids: Iterable[UUID]) -> Sequence[Object]:
    """Return the objects that hold now, from below to above."""
    query = select(Object).where(Object.image_id.in_(list(image_ids)), Object.until_revision.is_(None))
    query = query.order_by(Object.image_id, Object.z, Object.object_id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def with_class(session: ReadSession, image_ids: Iterable[UUID], class_id: UUID | None) -> Sequence[Object]:
    """Return what gives these images this class as a whole now."""
    query = select(Object).where(Object.image_id.in_(list(image_ids)), Object.until_revision.is_(None))
    query = query.where(Object.class_id == class_id, Object.type == "whole")
    return session.scalars(query.execution_options(populate_existing=True)).all()


def whole_by_image(session: ReadSession, image_ids: Iterable[UUID]) -> dict[UUID, list[Object]]:
    """Return every version of the classes that these images have, or had, as a whole."""
    query = select(Object).where(Object.image_id.in_(list(image_ids)), Object.type == "whole")
    found: dict[UUID, list[Object]] = {}
    for row in session.scalars(query.order_by(Object.image_id).execution_options(populate_existing=True)):
        found.setdefault(row.image_id, []).append(row)
    return found


class OutlineRow(NamedTuple):
    """The class, the bounds and the shape of one object; None: the bounds are the shape."""

    image_id: UUID
    class_id: UUID
    x1: float
    y1: float
    x2: float
    y2: float
    shape: dict[str, Any] | None


def outlines(session: ReadSession, project_id: UUID, image_ids: Iterable[UUID]) -> list[OutlineRow]:
    """Return where objects of these images lie, image by image; classes of whole images lie nowhere."""
    query = select(Object.image_id, Object.class_id, Object.x1, Object.y1, Object.x2, Object.y2, Object.shape)
    query = query.where(Object.image_id.in_(list(image_ids)), Object.until_revision.is_(None), Object.type != "whole")
    query = query.where(Object.project_id == project_id).order_by(Object.image_id)
    return [OutlineRow(*row) for row in session.execute(query)]


def at_revision(session: ReadSession, image_id: UUID, revision: int) -> Sequence[Object]:
    """Return the objects that held at a revision of an image's annotation, from below to above."""
    query = select(Object).where(Object.image_id == image_id, Object.since_revision <= revision)
    query = query.where(or_(Object.until_revision.is_(None), Object.until_revision > revision))
    query = query.order_by(Object.z, Object.object_id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def image_sizes(session: ReadSession, image_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return each image's width and height in pixels."""
    query = select(Image.id, Image.width, Image.height).where(Image.id.in_(list(image_ids)))
    return {image_id: (width, height) for image_id, width, height in session.execute(query)}


def suggestions(session: ReadSession, image_id: UUID, ids: Iterable[UUID]) -> dict[UUID, ObjectSuggestion]:
    """Return those of these object suggestions that were made for the image."""
    query = select(ObjectSuggestion).where(ObjectSuggestion.image_id == image_id, ObjectSuggestion.id.in_(list(ids)))
    return {row.id: row for row in session.scalars(query)}


def all_suggestions(session: ReadSession, image_id: UUID) -> Sequence[ObjectSuggestion]:
    """Return what detectors suggest for an image, whatever people made of it, but for what they found anew since."""
    query = select(ObjectSuggestion).where(ObjectSuggestion.image_id == image_id)
    query = query.where(or_(ObjectSuggestion.outcome.is_(None), ObjectSuggestion.outcome != "replaced"))
    return session.scalars(query.order_by(ObjectSuggestion.score.desc(), ObjectSuggestion.id)).all()


def end(session: WriteSession, rows: Sequence[Object], revisions: dict[UUID, int]) -> None:
    """End these versions at their image's revision."""
    if rows:
        ended = [{"id": row.id, "until_revision": revisions[row.image_id]} for row in rows]
        session.execute(update(Object), ended)


def begin(session: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    """Begin new versions."""
    insert_rows(session, Object.__table__, rows)  # type: ignore[arg-type]


def images_with_class(session: ReadSession, class_id: UUID) -> Sequence[UUID]:
    """Return the images in which something of a class is drawn now."""
    query = select(Object.image_id).where(Object.class_id == class_id, Object.until_revision.is_(None)).distinct()
    return session.scalars(query.order_by(Object.image_id)).all()


def images_by_class(session: ReadSession, project_id: UUID, *, but: Collection[UUID] = ()) -> dict[UUID, int]:
    """Return how many images that are done, and not deleted, hold something of each class; without some."""
    query = select(Object.class_id, func.count(Object.image_id.distinct()))
    query = query.join(Annotation, Annotation.image_id == Object.image_id).join(Image, Image.id == Object.image_id)
    query = query.where(Object.project_id == project_id, Object.until_revision.is_(None))
    query = query.where(Annotation.answer == "objects", Image.deleted_at.is_(None))
    query = query.where(Image.id.not_in(list(but))) if but else query
    return {class_id: images for class_id, images in session.execute(query.group_by(Object.class_id))}


def changed_at(session: ReadSession, rows: Sequence[Annotation]) -> tuple[list[Object], list[Object]]:
    """Return (ended, begun): the versions that ended and began at the present revision of these annotations."""
    revisions = {row.image_id: row.revision for row in rows}
    query = select(Object).where(Object.image_id.in_(list(revisions)))
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    ended = [row for row in found if row.until_revision == revisions[row.image_id]]
    begun = [row for row in found if row.since_revision == revisions[row.image_id] and row.until_revision is None]
    return ended, begun


def described(
    session: ReadSession, project_id: UUID, name: str, class_id: UUID | None
) -> list[tuple[UUID, dict[str, Any]]]:
    """Return (id, attributes) of every version of every object that has a value of this attribute."""
    query = select(Object.id, Object.attributes).where(Object.project_id == project_id)
    query = query.where(Object.attributes[name].as_string().is_not(None))
    if class_id is not None:
        query = query.where(Object.class_id == class_id)
    return [(id_, values) for id_, values in session.execute(query)]


def described_images(session: ReadSession, table: Any, project_id: UUID) -> list[tuple[UUID, dict[str, Any]]]:
    """Return (id, attributes) of annotations, or of their revisions, that say something of the image itself."""
    query = select(table.id, table.attributes).where(table.project_id == project_id, table.attributes.is_not(None))
    return [(id_, values) for id_, values in session.execute(query)]


def skeletons(session: ReadSession, class_ids: Iterable[UUID]) -> dict[UUID, tuple[str, dict[str, Any] | None]]:
    """Return each class's name and skeleton."""
    query = select(Class.id, Class.name, Class.skeleton).where(Class.id.in_(list(class_ids)))
    return {class_id: (name, skeleton) for class_id, name, skeleton in session.execute(query)}
