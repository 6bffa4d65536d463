"""Near-duplicates: groups of images that show the same, kept up to date as images come."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.twins import components, scene_pairs, twin_pairs
from modelyard.server.events import ReservesChanged
from modelyard.server.features import repository, service
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import Database
from modelyard.server.kit.events import publish
from modelyard.server.tables import Image

_LEAST_SCENE = 20  # pictures; a scene of so many is a scene in any project
_MOST_OF_PROJECT = 0.05

Indices = NDArray[np.int64]


def regroup(db: Database, blobs: BlobStore, project_id: UUID, backbone: str, *, first_new: UUID) -> int:
    """Compare images from `first_new` on with all others and write the groups; return how many groups there are.

    The lot for the test split follows the first image of a group, so that twins are never on both sides, and of a
    scene while its pictures have no answers yet.
    """
    with db.read() as session:
        images = repository.alive(session, project_id)
        ready = repository.present(session, [image.id for image in images], backbone, "plain")
        images = [image for image in images if image.id in ready]
        features = service.load(session, blobs, [image.id for image in images], backbone=backbone, view="plain")
    if not images:
        return 0
    new_from = next((n for n, image in enumerate(images) if image.id >= first_new), len(images))
    hashes = np.array([image.dhash for image in images], np.int64).view(np.uint64)
    pairs = np.concatenate([twin_pairs(hashes, features, new_from=new_from), _known_pairs(images)])
    roots = components(len(images), pairs)
    sizes = np.bincount(roots, minlength=len(images))
    leaders = _scene_leaders(features, roots, new_from)
    _write(db, project_id, images, roots.tolist(), sizes.tolist(), leaders.tolist())
    return int((sizes > 1).sum())


def _scene_leaders(features: service.Features, roots: Indices, new_from: int) -> Indices:
    """Return for each image the one whose lot it shares, shape (N,): new ones that of the first of their scene.

    Where a large part of the project looks like one scene, as on a conveyor belt, scenes tell nothing and only twins
    share a lot.
    """
    count = len(features)
    own = np.stack([roots, np.arange(count)], axis=1)
    scenes = components(count, np.concatenate([own, scene_pairs(features, new_from=new_from)]))
    is_small = np.bincount(scenes, minlength=count)[scenes] <= max(_LEAST_SCENE, count * _MOST_OF_PROJECT)
    return np.where(is_small & (np.arange(count) >= new_from), scenes, roots)


def _known_pairs(images: Sequence[Image]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    members: dict[UUID, list[int]] = defaultdict(list)
    for number, image in enumerate(images):
        if image.twin_group is not None:
            members[image.twin_group].append(number)
    pairs = [(group[0], other) for group in members.values() for other in group[1:]]
    return np.array(pairs, np.int64).reshape(-1, 2)


def _write(
    db: Database, project_id: UUID, images: Sequence[Image], roots: list[int], sizes: list[int], leaders: list[int]
) -> None:
    changes: dict[UUID, tuple[UUID | None, bool]] = {}
    for image, root, leader in zip(images, roots, leaders, strict=True):
        group = images[root].id if sizes[root] > 1 else None
        is_reserved = images[leader].is_reserved if image.given_split is None else image.is_reserved
        if (group, is_reserved) != (image.twin_group, image.is_reserved):
            changes[image.id] = (group, is_reserved)
    ids = list(changes)
    for start in range(0, len(ids), 500):
        with db.write() as session:
            moved = []
            answered = repository.answered(session, ids[start : start + 500])
            for row in repository.some(session, ids[start : start + 500]):
                row.twin_group, is_reserved = changes[row.id]
                if row.is_reserved != is_reserved and row.id not in answered:
                    row.is_reserved = is_reserved
                    moved.append(row.id)
            publish(session, ReservesChanged(project_id, moved))
