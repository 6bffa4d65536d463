"""Look-ups of embeddings and shards, and of images that still lack one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, exists, func, select

from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import Annotation, Embedding, EmbeddingShard, Image

_CHUNK = 5_000


def lacking(project_id: UUID, backbone: str, view: str) -> Select[Image]:
    """Return the query of images that lack this embedding, oldest first."""
    present = exists().where(Embedding.image_id == Image.id, Embedding.backbone == backbone, Embedding.view == view)
    query = select(Image).where(Image.project_id == project_id, Image.deleted_at.is_(None))
    return query.where(~present).order_by(Image.id)


def count_lacking(session: ReadSession, project_id: UUID, backbone: str, view: str) -> int:
    """Return how many images lack this embedding."""
    return session.scalar(select(func.count()).select_from(lacking(project_id, backbone, view).subquery())) or 0


def present(session: ReadSession, image_ids: Sequence[UUID], backbone: str, view: str) -> set[UUID]:
    """Return which of these images have this embedding."""
    return set(places(session, image_ids, backbone, view))


def places(session: ReadSession, image_ids: Sequence[UUID], backbone: str, view: str) -> dict[UUID, tuple[UUID, int]]:
    """Return the shard and row of each of these images that has this embedding."""
    found: dict[UUID, tuple[UUID, int]] = {}
    columns = select(Embedding.image_id, Embedding.shard_id, Embedding.row)
    for start in range(0, len(image_ids), _CHUNK):
        part = image_ids[start : start + _CHUNK]
        query = columns.where(Embedding.image_id.in_(part), Embedding.backbone == backbone, Embedding.view == view)
        found |= {image_id: (shard_id, row) for image_id, shard_id, row in session.execute(query)}
    return found


def shards(session: ReadSession, shard_ids: Sequence[UUID]) -> list[EmbeddingShard]:
    """Return these shards."""
    return list(session.scalars(select(EmbeddingShard).where(EmbeddingShard.id.in_(shard_ids))))


def project_shards(session: ReadSession, project_id: UUID, backbone: str) -> list[EmbeddingShard]:
    """Return the shards of a project's plain embeddings, oldest first."""
    query = select(EmbeddingShard).where(
        EmbeddingShard.project_id == project_id, EmbeddingShard.backbone == backbone, EmbeddingShard.view == "plain"
    )
    return list(session.scalars(query.order_by(EmbeddingShard.id)))


def images_of(session: ReadSession, shard_id: UUID) -> dict[int, UUID]:
    """Return which image stands in which row of a shard, without images that were taken out."""
    query = select(Embedding.row, Embedding.image_id).join(Image, Image.id == Embedding.image_id)
    query = query.where(Embedding.shard_id == shard_id, Image.deleted_at.is_(None))
    return {row: image_id for row, image_id in session.execute(query)}


def alive(session: ReadSession, project_id: UUID) -> list[Image]:
    """Return every image of the project that was not taken out, oldest first."""
    query = select(Image).where(Image.project_id == project_id, Image.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Image.id)))


def some(session: ReadSession, ids: Sequence[UUID]) -> list[Image]:
    """Return these images."""
    return list(session.scalars(select(Image).where(Image.id.in_(ids))))


def answered(session: ReadSession, ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these images a person or an import has answered."""
    query = select(Annotation.image_id).where(Annotation.image_id.in_(ids), Annotation.answer != "none")
    return set(session.scalars(query))
