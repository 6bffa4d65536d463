"""The states that an image has been in, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from modelyard.server.annotations import service, state_schemas
from modelyard.server.annotations.endpoints import IfMatch
from modelyard.server.annotations.service import states
from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes

router = Routes(tags=["annotations"])


@router.get(
    "/images/{image_id}/states/{revision}",
    operation_id="annotations.state",
    responses=problems(service.ImageNotFound, states.StateNotFound),
)
def get_state(
    image_id: UUID, revision: Annotated[int, Path(ge=0, lt=1_000_000_000)], actor: CurrentActor, session: Reading
) -> state_schemas.ImageState:
    """Return what an image said at one revision, with the objects that were added, changed or removed by it."""
    return states.get(session, actor, image_id, revision)


@router.post(
    "/images/{image_id}/states/restore",
    operation_id="annotations.restore_state",
    responses=problems(
        service.ImageNotFound,
        states.StateNotFound,
        states.StateClassGone,
        service.AnnotationChanged,
        service.RevisionInvalid,
    ),
)
def restore_state(
    image_id: UUID,
    body: state_schemas.StateRestore,
    actor: CurrentActor,
    session: Writing,
    if_match: IfMatch = None,
) -> state_schemas.ImageState:
    """Let an earlier state hold again, as a new revision; restoring the state before this one undoes it."""
    expected = service.to_revision(if_match)
    return states.restore(session, actor, image_id, body.revision, expected=expected)
