"""The job behind fresh suggestions."""

from typing import Any
from uuid import UUID

from modelyard.server.assist.service import refresh
from modelyard.server.kit.jobs import JobContext, job


@job("assist.refresh", lane="quick", title="Refresh suggestions")
def run(ctx: JobContext, project_id: str) -> dict[str, Any]:
    """Learn from the labels so far and suggest a class for every other picture; harmless when repeated."""
    return refresh.run(ctx.db, ctx.blobs, UUID(project_id), check=ctx.check)
