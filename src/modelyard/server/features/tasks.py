"""The job that looks at new pictures: embeddings shard by shard, then twins, then the mirrored view."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from modelyard.engine.features import FeatureRunner
from modelyard.errors import ProductError
from modelyard.server.events import FeaturesReady
from modelyard.server.features import networks, repository, service, twins
from modelyard.server.images import pictures
from modelyard.server.kit.events import publish
from modelyard.server.kit.jobs import JobContext, job
from modelyard.server.projects import service as projects
from modelyard.server.tables import Image, Project

_SHARD_ROWS = 1024


@job("features.embed", title="Look at the new pictures")
def run_embed(ctx: JobContext) -> dict[str, Any]:
    """Give every image of the project its embeddings; goes on where it was when it is run again."""
    if ctx.project_id is None:
        raise ValueError("This job belongs to a project.")
    with ctx.db.read() as session:
        settings = projects.settings_of(session.get_one(Project, ctx.project_id))
        first = session.scalars(repository.lacking(ctx.project_id, settings.backbone, "plain").limit(1)).first()
    if "first_new" not in ctx.checkpoint and first is not None:
        ctx.save({"first_new": str(first.id)})
    backbone = networks.load(ctx.blobs, settings.backbone)
    with FeatureRunner(backbone, runtime=ctx.settings.runtime) as runner:
        looked = embed_view(ctx, runner, ctx.project_id, settings.backbone, "plain")
        groups = 0
        if first_new := ctx.checkpoint.get("first_new"):
            ctx.stage("Looking for near-duplicates")
            groups = twins.regroup(ctx.db, ctx.blobs, ctx.project_id, settings.backbone, first_new=UUID(first_new))
        with ctx.db.write() as session:
            publish(session, FeaturesReady(ctx.project_id, settings.backbone))
        if not settings.left_right_matters:
            embed_view(ctx, runner, ctx.project_id, settings.backbone, "flip")
    return {"looked_at": looked, "twin_groups": groups, "runtime": runner.runtime}


def embed_view(ctx: JobContext, runner: FeatureRunner, project_id: UUID, backbone: str, view: str) -> int:
    """Compute what is missing of one view; return how many pictures were looked at."""
    with ctx.db.read() as session:
        total = repository.count_lacking(session, project_id, backbone, view)
    if not total:
        return 0
    stage = "Looking at the pictures" if view == "plain" else "Looking at them in the mirror"
    ctx.stage(stage)
    done = failed = 0
    passed: set[UUID] = set()
    while True:
        with ctx.db.read() as session:
            query = repository.lacking(project_id, backbone, view).limit(_SHARD_ROWS + len(passed))
            rows = [image for image in session.scalars(query) if image.id not in passed]
        if not rows:
            return done
        good, features, bad = _embed(ctx, runner, rows[:_SHARD_ROWS], view, (done, failed, max(total, done)))
        passed |= bad
        failed += len(bad)
        done += len(good)
        if good:
            service.write_shard(ctx.db, ctx.blobs, project_id, good, features, backbone=backbone, view=view)


def _source(ctx: JobContext, image: Image) -> Path | bytes:
    """Return a picture's file, or its preview where decoding the file takes much memory or a child process."""
    if pictures.is_light(image):
        path: Path = ctx.blobs.local_path(image.content_hash)
        return path
    try:
        return pictures.preview(ctx.blobs, ctx.settings, image)
    except ProductError:
        return b""  # It counts as one that cannot be read.


def _embed(
    ctx: JobContext, runner: FeatureRunner, rows: Sequence[Image], view: str, so_far: tuple[int, int, int]
) -> tuple[list[UUID], service.Features, set[UUID]]:
    done, failed, total = so_far
    good: list[UUID] = []
    features: list[service.Features] = []
    bad: set[UUID] = set()
    for index, embedding in runner.stream((_source(ctx, image) for image in rows), flip=view == "flip"):
        if isinstance(embedding, np.ndarray):
            good.append(rows[index].id)
            features.append(embedding)
        else:
            bad.add(rows[index].id)
        ctx.progress(done + len(good), max(total, done + len(rows)), failed=failed + len(bad))
    return good, np.stack(features) if features else np.empty((0, 0), np.float32), bad
