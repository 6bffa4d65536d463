"""Seeing to it that the backbone has looked at every picture before a head learns."""

from collections.abc import Sequence
from uuid import UUID

from modelyard.engine.features import FeatureRunner
from modelyard.server.features import networks, repository
from modelyard.server.features.tasks import embed_view
from modelyard.server.kit.jobs import JobContext


def look(ctx: JobContext, project_id: UUID, image_ids: Sequence[UUID], *, backbone: str, flips: bool) -> None:
    """Compute the embeddings that are missing; nothing happens when all are cached."""
    missing = []
    with ctx.db.read() as session:
        for view in ("plain", "flip") if flips else ("plain",):
            if len(repository.present(session, image_ids, backbone, view)) < len(set(image_ids)):
                missing.append(view)
    if not missing:
        return
    with FeatureRunner(networks.load(ctx.blobs, backbone), runtime=ctx.settings.runtime) as runner:
        for view in missing:
            embed_view(ctx, runner, project_id, backbone, view)
