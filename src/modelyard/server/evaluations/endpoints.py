"""Models, evaluations and comparisons over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import FileResponse

from modelyard.server.datasets.service import VersionNotFound
from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.evaluations import comparing, models, schemas, service
from modelyard.server.features.service import FeaturesMissing
from modelyard.server.kit.pages import Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound
from modelyard.server.training.measuring import TooFewToMeasure

router = Routes()

Limit = Annotated[int, Query(ge=1, le=200)]


@router.get(
    "/projects/{project_id}/models", operation_id="models.list", tags=["models"], responses=problems(ProjectNotFound)
)
def list_models(
    project_id: UUID, actor: CurrentActor, session: Reading, cursor: str | None = None, limit: Limit = 50
) -> Page[schemas.Model]:
    """List the trained models, newest first."""
    items, next_cursor = models.list_(session, actor, project_id, cursor=cursor, limit=limit)
    return Page(items=items, next_cursor=next_cursor)


@router.get("/models/{model_id}", operation_id="models.get", tags=["models"], responses=problems(models.ModelNotFound))
def get_model(model_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Model:
    """Show a model."""
    return models.show(session, models.get(session, actor, model_id))


@router.get(
    "/models/{model_id}/download",
    operation_id="models.download",
    tags=["models"],
    response_class=FileResponse,
    responses=problems(models.ModelNotFound),
)
def download_model(model_id: UUID, actor: CurrentActor, session: Reading, services: Services) -> FileResponse:
    """Download a model as a zip: network, classes, preparation, card, and a script that runs it."""
    model = models.get(session, actor, model_id)
    path = services.blobs.local_path(model.artifacts["zip"])
    name = f"{models.slug(session, model)}-model-{model.number}.zip"
    return FileResponse(path, media_type="application/zip", filename=name)


@router.post(
    "/models/{model_id}/evaluations",
    operation_id="evaluations.create",
    tags=["evaluations"],
    responses=problems(models.ModelNotFound, VersionNotFound, TooFewToMeasure, FeaturesMissing),
)
def evaluate(
    model_id: UUID, body: schemas.EvaluationCreate, actor: CurrentActor, services: Services
) -> schemas.Evaluation:
    """Measure a model on a split, again if it was measured before; it counts as another look."""
    evaluation_id = service.evaluate(services, actor, model_id, body)
    with services.db.read() as session:
        return service.show(session, evaluation_id)


@router.get(
    "/models/{model_id}/evaluations",
    operation_id="evaluations.get",
    tags=["evaluations"],
    responses=problems(models.ModelNotFound, service.NotMeasured),
)
def get_evaluation(
    model_id: UUID, actor: CurrentActor, session: Reading, split: schemas.Measured = "test"
) -> schemas.Evaluation:
    """Show how good a model is; a model without a test split answers with its cross-validation (`split` says so)."""
    return service.show(session, service.newest(session, models.get(session, actor, model_id), split).id)


@router.get(
    "/evaluations/{evaluation_id}/images",
    operation_id="evaluations.images",
    tags=["evaluations"],
    responses=problems(service.EvaluationNotFound),
)
def evaluated_images(  # noqa: PLR0913, PLR0917 - one parameter a filter
    evaluation_id: UUID,
    actor: CurrentActor,
    session: Reading,
    services: Services,
    truth: UUID | None = None,
    predicted: UUID | None = None,
    wrong: bool | None = None,
    undecided: bool | None = None,
    cursor: str | None = None,
    limit: Limit = 60,
) -> Page[schemas.EvaluatedImage]:
    """List the pictures of a cell of the confusion matrix, the surest first."""
    evaluation = service.get(session, actor, evaluation_id)
    wanted = service.Filter(truth=truth, predicted=predicted, wrong=wrong, undecided=undecided)
    items, next_cursor = service.images_of(session, services.blobs, evaluation, wanted, cursor=cursor, limit=limit)
    return Page(items=items, next_cursor=next_cursor)


@router.post(
    "/evaluations/{evaluation_id}/send-to-queue",
    operation_id="evaluations.send_to_queue",
    tags=["evaluations"],
    responses=problems(service.EvaluationNotFound),
)
def send_to_queue(
    evaluation_id: UUID, body: schemas.SendToQueue, actor: CurrentActor, session: Writing, services: Services
) -> schemas.Queued:
    """Send wrong or undecided pictures back to be looked at by a person."""
    evaluation = service.get(session, actor, evaluation_id)
    return schemas.Queued(queued=service.send_to_queue(session, services.blobs, actor, evaluation, what=body.what))


@router.get(
    "/models/{model_id}/compare/{other_id}",
    operation_id="models.compare",
    tags=["models"],
    responses=problems(models.ModelNotFound, comparing.NotComparable, FeaturesMissing),
)
def compare_models(
    model_id: UUID, other_id: UUID, actor: CurrentActor, services: Services, split: schemas.Measured = "test"
) -> schemas.Comparison:
    """Compare two models on the same pictures, with a test of whether the difference is more than chance."""
    return comparing.compare(services, actor, model_id, other_id, split=split)
