"""Answering pictures, and keeping them where a deployment has leave to."""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from starlette.concurrency import run_in_threadpool

from modelyard.errors import Conflict, NotFound, ProductError
from modelyard.server.accounts.actor import Actor
from modelyard.server.deployments import metrics, schemas, service
from modelyard.server.deployments.host import DeploymentLoading, PredictorHost
from modelyard.server.deployments.repository import Address
from modelyard.server.kit.blobs import hash_bytes
from modelyard.server.kit.bodies import SentFile
from modelyard.server.kit.database import ReadSession
from modelyard.server.services import AppServices
from modelyard.server.tables import KeptPrediction, now
from modelyard.serving import Prediction
from modelyard.serving.predictor import MAX_WAITING

_places: RunVar[CapacityLimiter] = RunVar("prediction_places")


class DeploymentStopped(Conflict):
    """This deployment is stopped. Start it again to get answers."""


class KeptPredictionNotFound(NotFound):
    """This picture was not kept, or its time is over."""


def places() -> CapacityLimiter:
    """Return the places of those who send a picture and wait: as many pictures are in memory, and no more."""
    try:
        return _places.get()
    except LookupError:
        made = CapacityLimiter(MAX_WAITING)
        _places.set(made)
        return made


async def predict(services: AppServices, actor: Actor, name: str, picture: SentFile, *, top: int) -> schemas.Prediction:
    """Answer one picture; holds no thread and no database session while the network runs.

    Raises `DeploymentNotFound`, `DeploymentStopped`, `DeploymentLoading`, `DeploymentFailed`, `Overloaded`,
    `ImageUnreadable`, `ImageTooLarge`.
    """
    host: PredictorHost | None = services.predictors
    if host is None:
        raise DeploymentLoading
    found = await host.address(actor, name)
    if found is None:
        raise service.DeploymentNotFound
    if not found.is_active:
        raise DeploymentStopped
    try:
        answer = await host.predictor(found.model_id).predict_soon(picture.content, top=top)
    except ProductError as error:
        metrics.count_failure(name, error.code())
        raise
    metrics.count(name, undecided=answer.undecided, seconds=answer.milliseconds / 1000)
    if found.keep_predictions:
        await run_in_threadpool(_keep, services, found, picture, answer)
    return schemas.Prediction(
        model=schemas.PredictingModel(id=found.model_id, number=found.model_number),
        predictions=[
            schemas.PredictedClass.model_validate(entry, from_attributes=True) for entry in answer.predictions
        ],
        undecided=answer.undecided,
        threshold=answer.threshold,
        milliseconds=answer.milliseconds,
    )


def content_of(session: ReadSession, services: AppServices, actor: Actor, name: str, prediction_id: UUID) -> bytes:
    """Return the bytes of a kept picture; raises `DeploymentNotFound`, `KeptPredictionNotFound`."""
    deployment, _ = service.get(session, actor, name)
    kept = session.get(KeptPrediction, prediction_id)
    if kept is None or kept.deployment_id != deployment.id:
        raise KeptPredictionNotFound
    return services.blobs.get_at(key_of(prediction_id))


def key_of(prediction_id: UUID | str) -> str:
    """Return where a kept picture's bytes lie: apart from the images, so that deleting it deletes it."""
    return f"predictions/{prediction_id}"


def shown(kept: KeptPrediction) -> schemas.KeptPrediction:
    """Return a kept prediction as the API shows it."""
    return schemas.KeptPrediction.model_validate(kept, from_attributes=True)


def _keep(services: AppServices, found: Address, picture: SentFile, answer: Prediction) -> None:
    with services.db.write() as session:
        kept = KeptPrediction(
            deployment_id=found.deployment_id,
            model_id=found.model_id,
            content_hash=hash_bytes(picture.content),
            name=picture.name[:300],
            predictions=[asdict(entry) for entry in answer.predictions],
            undecided=answer.undecided,
            milliseconds=answer.milliseconds,
            expires_at=now() + timedelta(days=found.retention_days),
        )
        session.add(kept)
        session.flush()
        services.blobs.put_at(key_of(kept.id), picture.content)
