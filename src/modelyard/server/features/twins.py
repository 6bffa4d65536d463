"""Near-duplicates: groups of images that show the same, kept up to date as images come."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from modelyard.engine.twins import components, twin_pairs
from modelyard.server.features import repository, service
from modelyard.server.kit.jobs import JobContext
from modelyard.server.tables import Image


def regroup(ctx: JobContext, project_id: UUID, backbone: str, *, first_new: UUID) -> int:
    """Compare images from `first_new` on with all others and write the groups; return how many groups there are.

    The lot for the test split follows a group's first image, so that twins are never on both sides.
    """
    with ctx.db.read() as session:
        images = repository.alive(session, project_id)
        ready = repository.present(session, [image.id for image in images], backbone, "plain")
        images = [image for image in images if image.id in ready]
        features = service.load(session, ctx.blobs, [image.id for image in images], backbone=backbone, view="plain")
    if not images:
        return 0
    ctx.stage("Looking for near-duplicates")
    new_from = next((n for n, image in enumerate(images) if image.id >= first_new), len(images))
    hashes = np.array([image.dhash for image in images], np.int64).view(np.uint64)
    pairs = np.concatenate([twin_pairs(hashes, features, new_from=new_from), _known_pairs(images)])
    roots = components(len(images), pairs)
    sizes = np.bincount(roots, minlength=len(images))
    _write(ctx, images, roots.tolist(), sizes.tolist())
    return int((sizes > 1).sum())


def _known_pairs(images: Sequence[Image]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    members: dict[UUID, list[int]] = defaultdict(list)
    for number, image in enumerate(images):
        if image.twin_group is not None:
            members[image.twin_group].append(number)
    pairs = [(group[0], other) for group in members.values() for other in group[1:]]
    return np.array(pairs, np.int64).reshape(-1, 2)


def _write(ctx: JobContext, images: Sequence[Image], roots: list[int], sizes: list[int]) -> None:
    changes: dict[UUID, tuple[UUID | None, bool]] = {}
    for image, root in zip(images, roots, strict=True):
        first = images[root]
        group = first.id if sizes[root] > 1 else None
        is_reserved = first.is_reserved if group and image.given_split is None else image.is_reserved
        if (group, is_reserved) != (image.twin_group, image.is_reserved):
            changes[image.id] = (group, is_reserved)
    ids = list(changes)
    for start in range(0, len(ids), 500):
        with ctx.db.write() as session:
            for row in repository.some(session, ids[start : start + 500]):
                row.twin_group, row.is_reserved = changes[row.id]
