"""The job of a run: from its frozen version to an evaluated model."""

from typing import Any
from uuid import UUID

from modelyard.server.kit.jobs import JobCancelled, JobContext, LeaseLost, job
from modelyard.server.tables import Run, now
from modelyard.server.training import pipeline, repository


@job("training.run", title="Train a model")
def run(ctx: JobContext, *, run_id: str) -> dict[str, Any]:
    """Train, measure and store a model; one that was made before the worker died is found again."""
    key = UUID(run_id)
    with ctx.db.read() as session:
        made = repository.model_of(session, key)
        if made is not None:
            return pipeline.result(made, session.get_one(Run, key))
    try:
        return pipeline.train(ctx, pipeline.begin(ctx, key))
    except LeaseLost:
        raise
    except JobCancelled:
        _end(ctx, key, "cancelled")
        raise
    except Exception:
        _end(ctx, key, "failed")
        raise


def _end(ctx: JobContext, run_id: UUID, state: str) -> None:
    with ctx.db.write() as session:
        found = session.get_one(Run, run_id)
        found.state, found.finished_at = state, now()
