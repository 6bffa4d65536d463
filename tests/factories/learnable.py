"""Labelled images whose embeddings a head can learn, made without pictures or a backbone."""

import io
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from modelyard.engine.backbones import BACKBONES, DEFAULT
from modelyard.server.events import ImagesAdded
from modelyard.server.kit.events import publish
from modelyard.server.services import AppServices
from modelyard.server.tables import Embedding, EmbeddingShard, new_id
from tests.factories.images import image_row

_DIRECTIONS = 32  # in which classes and pictures differ; the others are empty


def add_learnable(
    services: AppServices,
    project_id: UUID,
    classes: Sequence[UUID],
    each: int,
    *,
    spread: float = 0.6,
    seed: int = 0,
    shuffled: bool = False,
    **values: object,
) -> list[UUID]:
    """Add `each` labelled images a class with embeddings around the class's centre; return their ids.

    `spread` is the noise in each direction: 0.6 is easy, at 4 about one picture in six is beyond telling apart.
    `shuffled` labels at random.
    """
    dimensions = BACKBONES[DEFAULT].card.dimensions
    fixed = np.random.default_rng(1)
    basis = np.linalg.qr(fixed.normal(size=(dimensions, _DIRECTIONS)))[0].T  # (32, D)
    centres = fixed.normal(size=(len(classes), _DIRECTIONS))
    chance = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(classes)), each)
    labels = chance.permutation(truth) if shuffled else truth
    with services.db.write() as session:
        rows = []
        for _ in truth:
            image_id = new_id()
            content_hash = chance.bytes(32).hex()
            rows.append(image_row(project_id, id=image_id, content_hash=content_hash, **values))
        session.add_all(rows)
        session.flush()
        for view in ("plain", "flip"):
            features = (centres[truth] + spread * chance.normal(size=(len(truth), _DIRECTIONS))) @ basis
            features /= np.linalg.norm(features, axis=1, keepdims=True)
            out = io.BytesIO()
            np.save(out, features.astype(np.float32))
            key = f"embeddings/{new_id()}.npy"
            services.blobs.put_at(key, out.getvalue())
            shard = EmbeddingShard(
                project_id=project_id, backbone=DEFAULT, view=view, path=key, rows=len(truth), dimensions=dimensions
            )
            session.add(shard)
            session.flush()
            session.add_all(
                Embedding(image_id=row.id, backbone=DEFAULT, view=view, shard_id=shard.id, row=number)
                for number, row in enumerate(rows)
            )
        session.flush()
        named = {row.id: classes[label] for row, label in zip(rows, labels, strict=True)}
        publish(session, ImagesAdded(project_id, [row.id for row in rows], labels=named))
    return [row.id for row in rows]
