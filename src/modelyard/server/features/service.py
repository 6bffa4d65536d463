"""Embeddings as arrays, similar images, and writing a shard."""

import io
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert

from modelyard.errors import Conflict
from modelyard.server.features import repository
from modelyard.server.images.cards import cards
from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import Database, ReadSession
from modelyard.server.tables import Embedding, EmbeddingShard, Image, new_id

Features = NDArray[np.float32]


class FeaturesMissing(Conflict):
    """Some pictures were not looked at yet. Wait until that job has ended, then try again."""


def load(session: ReadSession, blobs: BlobStore, image_ids: Sequence[UUID], *, backbone: str, view: str) -> Features:
    """Return the embeddings of these images in their order, shape (N, D), rows L2-normalised.

    Args:
        session: Where the rows are looked up.
        blobs: Where the shards lie.
        image_ids: N images.
        backbone: Name of the backbone.
        view: "plain", or "flip" for mirrored pictures.

    Raises:
        FeaturesMissing: Some of the images have no such embedding yet.
    """
    places = repository.places(session, image_ids, backbone, view)
    if missing := len(set(image_ids)) - len(places):
        raise FeaturesMissing(
            f"{missing} of {len(image_ids)} pictures were not looked at by {backbone} yet. "
            "Wait until that job has ended, then try again."
        )
    by_shard: dict[UUID, list[int]] = defaultdict(list)
    for number, image_id in enumerate(image_ids):
        by_shard[places[image_id][0]].append(number)
    features: Features | None = None
    for shard in repository.shards(session, list(by_shard)):
        stored = open_shard(blobs, shard)
        if features is None:
            features = np.empty((len(image_ids), stored.shape[1]), np.float32)
        numbers = by_shard[shard.id]
        features[numbers] = stored[[places[image_ids[number]][1] for number in numbers]]
    return features if features is not None else np.empty((0, 0), np.float32)


def open_shard(blobs: BlobStore, shard: EmbeddingShard) -> Features:
    """Return a shard's rows, memory-mapped, shape (rows, D)."""
    stored: Features = np.load(blobs.local_path_at(shard.path), mmap_mode="r", allow_pickle=False)
    return stored


def write_shard(
    db: Database,
    blobs: BlobStore,
    project_id: UUID,
    image_ids: Sequence[UUID],
    features: Features,
    *,
    backbone: str,
    view: str,
) -> None:
    """Store a shard and its rows: the file first, then the rows in one transaction, so that nothing is half there."""
    shard_id = new_id()
    out = io.BytesIO()
    np.save(out, features, allow_pickle=False)
    path = f"features/{project_id}/{backbone.replace('/', '_')}/{view}-{shard_id}.npy"
    blobs.put_at(path, out.getvalue())
    with db.write() as session:
        session.add(
            EmbeddingShard(
                id=shard_id,
                project_id=project_id,
                backbone=backbone,
                view=view,
                path=path,
                rows=len(features),
                dimensions=features.shape[1],
            )
        )
        session.flush()
        known = repository.present(session, image_ids, backbone, view)
        rows = [
            {"image_id": image_id, "backbone": backbone, "view": view, "shard_id": shard_id, "row": row}
            for row, image_id in enumerate(image_ids)
            if image_id not in known
        ]
        if rows:
            session.execute(insert(Embedding), rows)


def similar(
    session: ReadSession, blobs: BlobStore, image: Image, *, backbone: str, limit: int
) -> list[tuple[ImageCard, float]]:
    """Return the images most like this one with their cosine similarity in [-1, 1], most alike first."""
    query = load(session, blobs, [image.id], backbone=backbone, view="plain")[0]
    best: list[tuple[float, UUID]] = []
    for shard in repository.project_shards(session, image.project_id, backbone):
        scores = open_shard(blobs, shard) @ query
        rows = repository.images_of(session, shard.id)
        top = np.argsort(-scores)[: limit + 1]
        best += [(float(scores[row]), rows[int(row)]) for row in top if int(row) in rows and rows[int(row)] != image.id]
    best = sorted(best, reverse=True)[:limit]
    found = {card.id: card for card in cards(session, [image_id for _, image_id in best])}
    return [(found[image_id], score) for score, image_id in best if image_id in found]
