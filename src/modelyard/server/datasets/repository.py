"""Look-ups of versions and of what could be frozen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, String, Text, case, cast, func, select, type_coerce, update

from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import keyset
from modelyard.server.tables import (
    Annotation,
    AnnotationRevision,
    Class,
    DatasetVersion,
    Detector,
    Image,
    Job,
    Object,
    ObjectSuggestion,
    Project,
    User,
)

_FACTS = (
    Image.id.label("image_id"),
    Image.content_hash,
    Image.name,
    Image.size_bytes,
    Image.width,
    Image.height,
    Image.twin_group,
    Image.is_reserved,
)
_CHUNK = 500  # SQLite takes a limited number of parameters


def labelled(session: ReadSession, project_id: UUID) -> list[Row[Any]]:
    """Return every image that a person (or an import) gave a class, with what a manifest needs of it."""
    query = (
        select(
            *_FACTS,
            Image.given_split,
            Image.split,
            Annotation.class_id,
            Annotation.revision,
            Annotation.source,
        )
        .join(Annotation, Annotation.image_id == Image.id)
        .join(Class, Class.id == Annotation.class_id)
        .where(Image.project_id == project_id, Image.deleted_at.is_(None))
        .where(Annotation.answer == "class", Class.deleted_at.is_(None))
        .order_by(Image.content_hash)
    )
    return list(session.execute(query))


def drawn(session: ReadSession, project_id: UUID) -> list[Row[Any]]:
    """Return every image that is done, whether something is drawn or nothing, with what a manifest needs of it."""
    query = (
        select(
            *_FACTS,
            Image.given_split,
            Image.split,
            Annotation.revision,
            Annotation.source,
            Annotation.attributes,
        )
        .join(Annotation, Annotation.image_id == Image.id)
        .where(Image.project_id == project_id, Image.deleted_at.is_(None), Annotation.answer == "objects")
        .order_by(Image.content_hash)
    )
    return list(session.execute(query))


def object_counts(session: ReadSession, project_id: UUID) -> Iterable[Any]:
    """Yield (image, class, how many, how many with a model's help) of the objects in images that are done.

    Ids are as the database has them (a UUID, or its 32 digits), since there may be a million rows.
    """
    ids = (type_coerce(Object.image_id, String), type_coerce(Object.class_id, String))
    helped = func.sum(case((Object.source.in_(("model", "model-edited")), 1), else_=0))
    query = select(*ids, func.count(), helped).group_by(Object.image_id, Object.class_id)
    return session.execute(_done(query, project_id).execution_options(yield_per=10_000))


def counts_by_class(session: ReadSession, project_id: UUID) -> dict[UUID, tuple[int, int]]:
    """Return for each class in how many images that are done objects of it are drawn, and how many objects."""
    query = select(Object.class_id, func.count(Object.image_id.distinct()), func.count()).group_by(Object.class_id)
    return {class_id: (images, count) for class_id, images, count in session.execute(_done(query, project_id))}


def answered(session: ReadSession, project_id: UUID, answer: str) -> int:
    """Return how many images have this answer."""
    query = select(func.count()).select_from(Annotation).join(Image, Image.id == Annotation.image_id)
    query = query.where(Annotation.project_id == project_id, Annotation.answer == answer)
    return session.scalar(query.where(Image.deleted_at.is_(None))) or 0


def done_with_objects(session: ReadSession, project_id: UUID) -> int:
    """Return how many images that are done hold something."""
    query = select(func.count(Object.image_id.distinct()))
    return session.scalar(_done(query, project_id)) or 0


def labelled_by_class(session: ReadSession, project_id: UUID) -> dict[UUID, int]:
    """Return how many images have each class as their answer."""
    query = select(Annotation.class_id, func.count()).join(Image, Image.id == Annotation.image_id)
    query = query.where(Annotation.project_id == project_id, Annotation.answer == "class", Image.deleted_at.is_(None))
    return {class_id: count for class_id, count in session.execute(query.group_by(Annotation.class_id)) if class_id}


def count_objects(session: ReadSession, project_id: UUID) -> int:
    """Return how many objects are drawn now, whether their images are done or not."""
    query = select(func.count()).where(Object.project_id == project_id, Object.until_revision.is_(None))
    return session.scalar(query) or 0


def _done(query: Select[*tuple[Any, ...]], project_id: UUID) -> Select[*tuple[Any, ...]]:
    """Keep what is drawn now into images that are done, and whose class is there."""
    query = query.join(Annotation, Annotation.image_id == Object.image_id).join(Image, Image.id == Object.image_id)
    query = query.join(Class, Class.id == Object.class_id).where(Class.deleted_at.is_(None))
    query = query.where(Object.project_id == project_id, Object.until_revision.is_(None))
    return query.where(Annotation.answer == "objects", Image.deleted_at.is_(None))


def get(session: ReadSession, version_id: UUID) -> DatasetVersion | None:
    """Return the version of this id."""
    return session.get(DatasetVersion, version_id)


def with_author(project_id: UUID | None = None) -> Select[*tuple[Any, ...]]:
    """Return the query of versions with the name of who froze them."""
    query = select(DatasetVersion, User.name).outerjoin(User, User.id == DatasetVersion.created_by)
    return query if project_id is None else query.where(DatasetVersion.project_id == project_id)


def list_(session: ReadSession, project_id: UUID, *, cursor: str | None, limit: int) -> tuple[list[Any], str | None]:
    """Return versions with their authors' names, newest first, and the next cursor."""
    order = [(DatasetVersion.number, "desc")]
    return keyset(session, with_author(project_id), order=order, cursor=cursor, limit=limit)


def newest(session: ReadSession, project_id: UUID) -> DatasetVersion | None:
    """Return the version frozen last."""
    query = select(DatasetVersion).where(DatasetVersion.project_id == project_id)
    return session.scalars(query.order_by(DatasetVersion.number.desc()).limit(1)).first()


def by_hash(session: ReadSession, project_id: UUID, content_hash: str) -> DatasetVersion | None:
    """Return the version with exactly these contents."""
    query = select(DatasetVersion).where(DatasetVersion.project_id == project_id)
    return session.scalars(query.where(DatasetVersion.content_hash == content_hash)).first()


def lock_project(session: WriteSession, project_id: UUID) -> None:
    """Let nobody else choose a number in this project until the transaction ends."""
    session.execute(select(Project.id).where(Project.id == project_id).with_for_update())


def next_number(session: WriteSession, project_id: UUID) -> int:
    """Return the number of the next version; hold the project's lock."""
    newest_number = select(func.max(DatasetVersion.number)).where(DatasetVersion.project_id == project_id)
    return (session.scalar(newest_number) or 0) + 1


def splits_of(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the splits of those images that have one for good."""
    found: dict[UUID, str] = {}
    for part in _chunks(image_ids):
        query = select(Image.id, Image.split).where(Image.id.in_(part), Image.split.is_not(None))
        found.update({image_id: split for image_id, split in session.execute(query) if split})
    return found


def keep_splits(session: WriteSession, splits: dict[UUID, str]) -> None:
    """Write the split of images for good; one that has a split keeps it."""
    by_split: dict[str, list[UUID]] = defaultdict(list)
    for image_id, split in splits.items():
        by_split[split].append(image_id)
    for split, image_ids in by_split.items():
        for part in _chunks(image_ids):
            statement = update(Image).where(Image.id.in_(part), Image.split.is_(None)).values(split=split)
            session.execute(statement.execution_options(synchronize_session=False))


def export_job(session: ReadSession, job_id: UUID) -> Job | None:
    """Return the job of an export."""
    job = session.get(Job, job_id)
    return job if job is not None and job.kind == "datasets.export" else None


def stored_exports(session: ReadSession) -> list[Job]:
    """Return the jobs of exports whose archive is still stored."""
    query = select(Job).where(Job.kind == "datasets.export", Job.result["blob"].as_string().is_not(None))
    return list(session.scalars(query.order_by(Job.id)))


def is_exporting(session: ReadSession) -> bool:
    """Say whether an export is being packed right now."""
    query = select(Job.id).where(Job.kind == "datasets.export", Job.state == "running")
    return session.scalars(query.limit(1)).first() is not None


def _chunks(values: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def everything(session: ReadSession, project_id: UUID) -> list[Row[Any]]:
    """Return every image of the project as it is now, with its answer if it has one, by name."""
    query = (
        select(
            *_FACTS,
            Image.given_split,
            Image.split,
            Annotation.answer,
            Annotation.class_id,
            Annotation.revision,
            Annotation.source,
            Annotation.updated_at,
            Annotation.attributes,
            User.name.label("author"),
        )
        .outerjoin(Annotation, Annotation.image_id == Image.id)
        .outerjoin(User, User.id == Annotation.author_id)
        .where(Image.project_id == project_id, Image.deleted_at.is_(None))
        .order_by(Image.name, Image.id)
    )
    return list(session.execute(query))


def described_revisions(session: ReadSession, project_id: UUID) -> dict[tuple[UUID, int], dict[str, Any]]:
    """Return the attributes of whole images at each revision that has some."""
    columns = (AnnotationRevision.image_id, AnnotationRevision.revision, AnnotationRevision.attributes)
    query = select(*columns).where(AnnotationRevision.project_id == project_id)
    rows = session.execute(query.where(AnnotationRevision.attributes.is_not(None)))
    return {(image_id, revision): values for image_id, revision, values in rows if values}


def earlier_revisions(session: ReadSession, project_id: UUID) -> int:
    """Return how many revisions of annotations are no longer the present ones."""
    total = select(func.count()).select_from(AnnotationRevision).where(AnnotationRevision.project_id == project_id)
    present = select(func.count()).select_from(Annotation).where(Annotation.project_id == project_id)
    return max(0, (session.scalar(total) or 0) - (session.scalar(present) or 0))


def class_details(session: ReadSession, class_ids: Iterable[UUID]) -> dict[UUID, Class]:
    """Return these classes, also deleted ones."""
    return {row.id: row for row in session.scalars(select(Class).where(Class.id.in_(list(class_ids))))}


def objects(session: ReadSession, image_ids: Sequence[UUID]) -> Iterable[Row[Any]]:
    """Return what is drawn into a few hundred images now, from below to above."""
    columns = (Object.image_id, Object.object_id, Object.class_id, Object.attributes, Object.z, Object.source)
    query = select(*columns, Object.x1, Object.y1, Object.x2, Object.y2, Object.shape, Object.active_s)
    query = query.add_columns(Object.suggestion_id, ObjectSuggestion.score, Detector.name.label("detector"))
    query = query.outerjoin(ObjectSuggestion, ObjectSuggestion.id == Object.suggestion_id)
    query = query.outerjoin(Detector, Detector.id == ObjectSuggestion.detector_id)
    query = query.where(Object.image_id.in_(image_ids), Object.until_revision.is_(None))
    return session.execute(query.order_by(Object.image_id, Object.z, Object.object_id))


def shapes(session: ReadSession, image_ids: Sequence[UUID]) -> Iterable[Any]:
    """Return (image, class, x1, y1, x2, y2, shape, attributes) of what is drawn now, from below to above.

    For the sake of millions of rows, ids are as the database has them (a UUID, or its 32 digits), and attributes are
    JSON text, None where there are none.
    """
    ids = (type_coerce(Object.image_id, String), type_coerce(Object.class_id, String))
    query = select(*ids, Object.x1, Object.y1, Object.x2, Object.y2, Object.shape)
    query = query.add_columns(func.nullif(cast(Object.attributes, Text), "{}"))
    query = query.where(Object.image_id.in_(image_ids), Object.until_revision.is_(None))
    return session.execute(query.order_by(Object.image_id, Object.z, Object.object_id))


def classes_drawn(session: ReadSession, project_id: UUID) -> set[UUID]:
    """Return the classes of which something is drawn now."""
    query = select(Object.class_id).where(Object.project_id == project_id, Object.until_revision.is_(None))
    return set(session.scalars(query.distinct()))


def unfinished_objects(session: ReadSession, project_id: UUID) -> int:
    """Return how many objects are drawn into images that nobody said are done."""
    query = select(func.count()).select_from(Object).join(Annotation, Annotation.image_id == Object.image_id)
    query = query.join(Image, Image.id == Object.image_id).where(Image.deleted_at.is_(None))
    query = query.where(Object.project_id == project_id, Object.until_revision.is_(None))
    return session.scalar(query.where(Annotation.answer != "objects")) or 0
