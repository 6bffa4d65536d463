"""What is drawn into an image, over HTTP."""

from uuid import UUID

from modelyard.server.annotations import object_schemas as schemas
from modelyard.server.annotations import service
from modelyard.server.annotations.endpoints import BATCH_PROBLEMS, IfMatch, InBatch
from modelyard.server.annotations.service import attribute_checks, objects, outlines, skeletons
from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(tags=["annotations"])


@router.get(
    "/images/{image_id}/objects",
    operation_id="objects.list",
    responses=problems(service.ImageNotFound, *BATCH_PROBLEMS),
)
def list_objects(
    image_id: UUID, actor: CurrentActor, session: Reading, batch_id: InBatch = None
) -> schemas.ImageObjects:
    """Return what is drawn into an image, with the revision to change it at."""
    return service.get_objects(session, actor, image_id, batch_id=batch_id)


@router.patch(
    "/images/{image_id}/objects",
    operation_id="objects.change",
    responses=problems(
        service.ImageNotFound,
        service.ClassUnknown,
        service.AnswerDoesNotFit,
        service.RevisionInvalid,
        skeletons.ObjectInvalid,
        attribute_checks.AttributeValueInvalid,
        objects.ObjectsChanged,
        service.EnoughLabels,
        service.PictureDecided,
        *BATCH_PROBLEMS,
    ),
)
def change_objects(
    image_id: UUID,
    body: schemas.ObjectsChange,
    actor: CurrentActor,
    session: Writing,
    if_match: IfMatch = None,
    batch_id: InBatch = None,
) -> schemas.ImageObjects:
    """Draw, change and delete objects of an image; answers with all of them. Repeating a request is harmless."""
    expected = service.to_revision(if_match)
    return service.change_objects(session, actor, image_id, body, expected=expected, batch_id=batch_id)


@router.post(
    "/projects/{project_id}/objects/outlines", operation_id="objects.outlines", responses=problems(ProjectNotFound)
)
def list_outlines(
    project_id: UUID, body: schemas.OutlinesQuery, actor: CurrentActor, session: Reading
) -> list[schemas.ImageOutlines]:
    """Return roughly what is drawn into many images at once; images of other projects are left out."""
    return outlines.look(session, actor, project_id, body.image_ids)
