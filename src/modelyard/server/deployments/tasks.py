"""Deleting pictures that deployments kept, in time and for good."""

from typing import Any

from sqlalchemy import delete

from modelyard.server.deployments import repository, service
from modelyard.server.deployments.predicting import key_of
from modelyard.server.kit.jobs import JobContext, job
from modelyard.server.tables import KeptPrediction, now

_BATCH = 200


@job("deployments.clean", title="Delete pictures whose time is over")
def clean(ctx: JobContext) -> dict[str, Any]:
    """Delete expired pictures, bytes before rows, so that a repetition finds what is left."""
    deleted = 0
    while True:
        with ctx.db.write() as session:
            ids = [kept.id for kept in repository.expired(session, at=now(), most=_BATCH)]
            for prediction_id in ids:
                ctx.blobs.delete_at(key_of(prediction_id))
            session.execute(delete(KeptPrediction).where(KeptPrediction.id.in_(ids)))
        deleted += len(ids)
        ctx.progress(deleted, stage="Deleting pictures")
        if len(ids) < _BATCH:
            break
    with ctx.db.write() as session:
        service.ask_for_cleaning(session)
    return {"deleted": deleted}


@job("deployments.forget", title="Delete the pictures that a deployment kept")
def forget(ctx: JobContext, prediction_ids: list[str]) -> dict[str, Any]:
    """Delete the bytes of predictions whose rows went with their deployment."""
    for number, prediction_id in enumerate(prediction_ids, 1):
        ctx.blobs.delete_at(key_of(prediction_id))
        ctx.progress(number, len(prediction_ids), stage="Deleting pictures")
    return {"deleted": len(prediction_ids)}
