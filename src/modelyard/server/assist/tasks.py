"""The jobs behind fresh suggestions, of classes and of objects, and behind the smart tool's pictures."""

from typing import Any
from uuid import UUID

from modelyard.server.assist.service import asking, refresh, suggesting
from modelyard.server.assist.smart import embedding
from modelyard.server.kit.jobs import JobContext, job


@job("assist.refresh", lane="quick", title="Refresh suggestions")
def run(ctx: JobContext, project_id: str) -> dict[str, Any]:
    """Learn from the labels so far and suggest a class for every other picture; harmless when repeated."""
    return refresh.run(ctx.db, ctx.blobs, UUID(project_id), check=ctx.check)


@job(asking.SUGGEST, title="Suggest objects")
def run_suggest(ctx: JobContext, detector_id: str, choice: dict[str, Any]) -> dict[str, Any]:
    """Have a detector look at many images; goes on with the batch that it was at."""
    return suggesting.run(ctx, UUID(detector_id), choice)


@job(asking.SUGGEST_NOW, lane="quick", title="Suggest objects for one image")
def run_suggest_now(ctx: JobContext, detector_id: str, choice: dict[str, Any]) -> dict[str, Any]:
    """Have a detector look at the image that somebody has on screen."""
    return suggesting.run(ctx, UUID(detector_id), choice)


@job("assist.embed", lane="ahead", title="Prepare pictures for the smart tool")
def embed(ctx: JobContext, image_ids: list[str], encoder_hash: str) -> dict[str, Any]:
    """Let the encoder look at these pictures, in this order; what is there already is left alone."""
    return embedding.run(ctx, [UUID(image_id) for image_id in image_ids], encoder_hash)
