"""Deployments and their predictions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from PIL import Image

from modelyard.engine.pixels import ImageTooLarge, ImageUnreadable, open_image
from modelyard.server.dependencies import PREDICTS, CurrentActor, Reading, Services, Writing
from modelyard.server.deployments import predicting, repository, returning, schemas, service
from modelyard.server.deployments.host import DeploymentFailed, DeploymentLoading
from modelyard.server.deployments.service import DeploymentNameTaken, DeploymentNotFound, ModelBelowWish
from modelyard.server.evaluations.models import ModelNotFound
from modelyard.server.kit.bodies import FILE_BODY, BodyTooLarge, FileMissing, read_file
from modelyard.server.kit.pages import Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound
from modelyard.serving import Overloaded
from modelyard.serving.predictor import MAX_BYTES

router = Routes(tags=["deployments"])

Limit = Annotated[int, Query(ge=1, le=200)]
_PICTURE_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
_CREATE_PROBLEMS = problems(ProjectNotFound, ModelNotFound, DeploymentNameTaken, ModelBelowWish)
_PREDICT_PROBLEMS = problems(
    DeploymentNotFound,
    predicting.DeploymentStopped,
    DeploymentLoading,
    DeploymentFailed,
    Overloaded,
    FileMissing,
    BodyTooLarge,
    ImageUnreadable,
    ImageTooLarge,
)


@router.get("/projects/{project_id}/deployments", operation_id="deployments.list", responses=problems(ProjectNotFound))
def list_deployments(
    project_id: UUID,
    actor: CurrentActor,
    session: Reading,
    services: Services,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Page[schemas.Deployment]:
    """List a project's deployments, newest first."""
    found, next_cursor = service.list_(session, actor, project_id, cursor=cursor, limit=limit)
    return Page(items=service.show(session, services, found), next_cursor=next_cursor)


@router.post(
    "/projects/{project_id}/deployments",
    operation_id="deployments.create",
    status_code=201,
    responses=_CREATE_PROBLEMS,
)
def create_deployment(
    project_id: UUID, body: schemas.DeploymentCreate, actor: CurrentActor, session: Writing, services: Services
) -> schemas.Deployment:
    """Make a model available at an address; it is loaded beside this request."""
    return service.show(session, services, [service.create(session, services, actor, project_id, body)])[0]


@router.get("/deployments/{name}", operation_id="deployments.get", responses=problems(DeploymentNotFound))
def get_deployment(name: str, actor: CurrentActor, session: Reading, services: Services) -> schemas.Deployment:
    """Show a deployment."""
    return service.show(session, services, [service.get(session, actor, name)])[0]


@router.patch(
    "/deployments/{name}",
    operation_id="deployments.update",
    responses=problems(DeploymentNotFound, ModelNotFound, ModelBelowWish),
)
def update_deployment(
    name: str, body: schemas.DeploymentUpdate, actor: CurrentActor, session: Writing, services: Services
) -> schemas.Deployment:
    """Swap the model, stop or start it, or change what is kept."""
    return service.show(session, services, [service.update(session, services, actor, name, body)])[0]


@router.delete(
    "/deployments/{name}",
    operation_id="deployments.delete",
    status_code=204,
    responses=problems(DeploymentNotFound),
)
def delete_deployment(name: str, actor: CurrentActor, session: Writing, services: Services) -> None:
    """Take a deployment away, with every picture it kept."""
    service.delete(session, services, actor, name)


@router.post(
    "/deployments/{name}/predict",
    operation_id="deployments.predict",
    openapi_extra=PREDICTS | FILE_BODY,
    responses=_PREDICT_PROBLEMS,
)
async def predict(
    name: str,
    request: Request,
    actor: CurrentActor,
    services: Services,
    top: Annotated[int, Query(ge=1, le=1000)] = 5,
) -> schemas.Prediction:
    """Answer one picture, sent as the body itself or as the field `file` of a form."""
    places = predicting.places()
    if places.available_tokens <= 0:
        raise Overloaded
    async with places:
        picture = await read_file(request, max_bytes=MAX_BYTES)
        return await predicting.predict(services, actor, name, picture, top=top)


@router.get(
    "/deployments/{name}/predictions",
    operation_id="deployments.predictions",
    responses=problems(DeploymentNotFound),
)
def list_predictions(
    name: str,
    actor: CurrentActor,
    session: Reading,
    undecided: bool | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Page[schemas.KeptPrediction]:
    """List the predictions that were kept, newest first."""
    deployment, _ = service.get(session, actor, name)
    rows, next_cursor = repository.kept(session, deployment.id, undecided=undecided, cursor=cursor, limit=limit)
    return Page(items=[predicting.shown(row) for row in rows], next_cursor=next_cursor)


@router.post(
    "/deployments/{name}/send-doubtful",
    operation_id="deployments.send_doubtful",
    responses=problems(DeploymentNotFound),
)
def send_doubtful(name: str, actor: CurrentActor, session: Writing, services: Services) -> schemas.SentBack:
    """Send the pictures that were kept and left undecided to the labelling queue."""
    return schemas.SentBack(queued=returning.send_doubtful(session, services, actor, name))


@router.get(
    "/deployments/{name}/predictions/{prediction_id}/picture",
    operation_id="deployments.picture",
    response_class=Response,
    responses=problems(DeploymentNotFound, predicting.KeptPredictionNotFound),
)
def get_picture(name: str, prediction_id: UUID, actor: CurrentActor, session: Reading, services: Services) -> Response:
    """Return a kept picture as it was sent."""
    content = predicting.content_of(session, services, actor, name, prediction_id)
    with open_image(content) as image:
        kind = Image.MIME.get(image.format or "", "application/octet-stream")
    return Response(content, media_type=kind, headers=_PICTURE_HEADERS)
