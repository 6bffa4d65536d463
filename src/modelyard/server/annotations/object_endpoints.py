"""What is drawn into an image, over HTTP."""

from uuid import UUID

from modelyard.server.annotations import object_schemas as schemas
from modelyard.server.annotations import service
from modelyard.server.annotations.endpoints import IfMatch
from modelyard.server.annotations.service import attribute_checks, objects, skeletons
from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes

router = Routes(tags=["annotations"])


@router.get("/images/{image_id}/objects", operation_id="objects.list", responses=problems(service.ImageNotFound))
def list_objects(image_id: UUID, actor: CurrentActor, session: Reading) -> schemas.ImageObjects:
    """Return what is drawn into an image, with the revision to change it at."""
    return objects.get(session, actor, image_id)


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
    ),
)
def change_objects(
    image_id: UUID, body: schemas.ObjectsChange, actor: CurrentActor, session: Writing, if_match: IfMatch = None
) -> schemas.ImageObjects:
    """Draw, change and delete objects of an image; answers with all of them. Repeating a request is harmless."""
    return objects.change(session, actor, image_id, body, expected=service.to_revision(if_match))
