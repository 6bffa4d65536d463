"""Look-ups of images, imports and their files, with permission inside the query."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select, update

from modelyard.server.accounts.actor import Actor
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import keyset
from modelyard.server.projects.repository import visible
from modelyard.server.tables import Annotation, AnnotationRevision, Image, Import, ImportFile, Project, User

T = TypeVar("T")

_CHUNK = 500  # SQLite takes a limited number of parameters.


def get(session: ReadSession, actor: Actor, image_id: UUID) -> Image | None:
    """Return the image if `actor` may see it, also a deleted one."""
    mine = visible(actor).with_only_columns(Project.id)
    return session.scalars(select(Image).where(Image.id == image_id, Image.project_id.in_(mine))).first()


def some(session: ReadSession, project_id: UUID, image_ids: Sequence[UUID], *, is_deleted: bool) -> list[Image]:
    """Return those of these images that belong to the project and are, or are not, deleted."""
    found: list[Image] = []
    for part in chunks(image_ids):
        query = select(Image).where(Image.project_id == project_id, Image.id.in_(part))
        found += session.scalars(
            query.where(Image.deleted_at.is_not(None) if is_deleted else Image.deleted_at.is_(None))
        )
    return found


def twins(session: ReadSession, image: Image) -> list[UUID]:
    """Return the near-duplicates of an image."""
    if image.twin_group is None:
        return []
    query = select(Image.id).where(Image.twin_group == image.twin_group, Image.id != image.id)
    return list(session.scalars(query.where(Image.deleted_at.is_(None)).limit(50)))


def history(session: ReadSession, image_id: UUID) -> list[tuple[AnnotationRevision, str | None]]:
    """Return every revision of an image's answer with its author's name, newest first."""
    query = select(AnnotationRevision, User.name).outerjoin(User, User.id == AnnotationRevision.author_id)
    query = query.join(Annotation, Annotation.id == AnnotationRevision.annotation_id)
    query = query.where(Annotation.image_id == image_id).order_by(AnnotationRevision.revision.desc())
    return [(revision, name) for revision, name in session.execute(query)]


def by_hash(session: ReadSession, project_id: UUID, hashes: Sequence[str]) -> dict[str, Image]:
    """Return the project's images with these contents, also deleted ones."""
    query = select(Image).where(Image.project_id == project_id, Image.content_hash.in_(hashes))
    return {image.content_hash: image for image in session.scalars(query)}


def ids_by_name(session: ReadSession, project_id: UUID, names: Sequence[str]) -> dict[str, UUID]:
    """Return the project's images of exactly these names; of several of one name the newest."""
    found: dict[str, UUID] = {}
    for part in chunks(names):
        query = select(Image.name, Image.id).where(Image.project_id == project_id, Image.name.in_(part))
        rows = session.execute(query.where(Image.deleted_at.is_(None)).order_by(Image.id))
        found |= {name: image_id for name, image_id in rows}
    return found


def ids_of_all(session: ReadSession, project_id: UUID) -> dict[str, UUID]:
    """Return all of the project's images by name; of several of one name the newest."""
    query = select(Image.name, Image.id).where(Image.project_id == project_id, Image.deleted_at.is_(None))
    return {name: image_id for name, image_id in session.execute(query.order_by(Image.id))}


def answered(session: ReadSession, image_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these images that somebody answered once."""
    return set(session.scalars(select(Annotation.image_id).where(Annotation.image_id.in_(image_ids))))


def get_import(session: ReadSession, actor: Actor, import_id: UUID, *, lock: bool = False) -> Import | None:
    """Return the import if `actor` may see it."""
    mine = visible(actor).with_only_columns(Project.id)
    query = select(Import).where(Import.id == import_id, Import.project_id.in_(mine))
    return session.scalars(query.with_for_update(of=Import) if lock else query).first()


def imports(
    session: ReadSession, project_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Import], str | None]:
    """Return one page of a project's imports, newest first."""
    query = select(Import).where(Import.project_id == project_id)
    return keyset(session, query, order=[(Import.id, "desc")], cursor=cursor, limit=limit)


def receiving(session: ReadSession, *, before: datetime | None = None) -> list[Import]:
    """Return the imports that still take files, locked; only those begun before a time if one is given."""
    query = select(Import).where(Import.state == "receiving").with_for_update()
    return list(session.scalars(query if before is None else query.where(Import.created_at < before)))


def unfinished(session: ReadSession, import_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many files of each import have not arrived whole."""
    query = select(ImportFile.import_id, func.count()).where(ImportFile.import_id.in_(import_ids))
    query = query.where(ImportFile.state == "receiving").group_by(ImportFile.import_id)
    return {key: count for key, count in session.execute(query)}


def files(
    session: ReadSession, import_id: UUID, *, state: str | None, cursor: str | None, limit: int
) -> tuple[list[ImportFile], str | None]:
    """Return one page of an import's files, in the order in which they came."""
    query = select(ImportFile).where(ImportFile.import_id == import_id)
    query = query.where(ImportFile.state == state) if state else query
    return keyset(session, query, order=[(ImportFile.id, "asc")], cursor=cursor, limit=limit)


def files_in(session: ReadSession, import_id: UUID, states: Sequence[str]) -> list[ImportFile]:
    """Return every file of an import in one of these states, in the order in which they came."""
    query = select(ImportFile).where(ImportFile.import_id == import_id, ImportFile.state.in_(states))
    return list(session.scalars(query.order_by(ImportFile.id)))


def files_named(session: ReadSession, import_id: UUID, names: Sequence[str]) -> dict[str, ImportFile]:
    """Return the files of these names."""
    found: dict[str, ImportFile] = {}
    for part in chunks(names):
        query = select(ImportFile).where(ImportFile.import_id == import_id, ImportFile.name.in_(part))
        found |= {file.name: file for file in session.scalars(query)}
    return found


def names_in(session: ReadSession, import_id: UUID) -> set[str]:
    """Return the names of all of an import's files."""
    return set(session.scalars(select(ImportFile.name).where(ImportFile.import_id == import_id)))


def received_after(session: ReadSession, import_id: UUID, after: UUID | None) -> list[ImportFile]:
    """Return the next few files that are still to be looked at."""
    query = select(ImportFile).where(ImportFile.import_id == import_id, ImportFile.state == "received")
    query = query if after is None else query.where(ImportFile.id > after)
    return list(session.scalars(query.order_by(ImportFile.id).limit(_CHUNK)))


def duplicates_after(session: ReadSession, import_id: UUID, after: UUID | None) -> list[ImportFile]:
    """Return the next few files whose pictures the project held before."""
    query = select(ImportFile).where(ImportFile.import_id == import_id, ImportFile.state == "duplicate")
    query = query if after is None else query.where(ImportFile.id > after)
    return list(session.scalars(query.order_by(ImportFile.id).limit(_CHUNK)))


def mark_opened(session: WriteSession, file_ids: Sequence[UUID], reason: str) -> None:
    """Note that these files were opened for what they hold, rather than added."""
    statement = update(ImportFile).where(ImportFile.id.in_(file_ids)).values(state="opened", reason=reason)
    session.execute(statement.execution_options(synchronize_session=False))


def still_received(session: WriteSession, file_ids: Sequence[UUID]) -> dict[UUID, ImportFile]:
    """Return those of these files that nobody has settled."""
    query = select(ImportFile).where(ImportFile.id.in_(file_ids), ImportFile.state == "received")
    return {file.id: file for file in session.scalars(query.with_for_update())}


def count_states(session: ReadSession, import_id: UUID) -> dict[str, int]:
    """Return how many files of an import are in each state."""
    query = select(ImportFile.state, func.count()).where(ImportFile.import_id == import_id)
    return {state: count for state, count in session.execute(query.group_by(ImportFile.state))}


def lock_project(session: WriteSession, project_id: UUID) -> Project:
    """Return the project, and let nobody else add classes or images to it until the transaction ends."""
    return session.scalars(select(Project).where(Project.id == project_id).with_for_update()).one()


def lock_images(session: WriteSession, image_ids: Sequence[UUID]) -> set[UUID]:
    """Keep other writers from these images' answers until the commit; return those that are not deleted."""
    query = select(Image.id).where(Image.id.in_(image_ids), Image.deleted_at.is_(None))
    return set(session.scalars(query.order_by(Image.id).with_for_update(key_share=True)))


def chunks(values: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    """Yield the values in parts that one statement can take."""
    return (values[start : start + size] for start in range(0, len(values), size))
