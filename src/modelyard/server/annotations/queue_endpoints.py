"""The labelling queue over HTTP: images are lent out, kept, given back, postponed and added again."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from modelyard.server.annotations import schemas, service
from modelyard.server.dependencies import CurrentActor, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(prefix="/projects/{project_id}/queue", tags=["queue"])


@router.get("/next", operation_id="queue.next", responses=problems(ProjectNotFound))
def next_images(
    project_id: UUID,
    actor: CurrentActor,
    session: Writing,
    order: schemas.QueueOrder | None = None,
    count: Annotated[int, Query(ge=1, le=8)] = 1,
    exclude: Annotated[list[UUID] | None, Query(max_length=100)] = None,
) -> schemas.QueueNext:
    """Lend the next images to this person for five minutes; nobody else gets them meanwhile."""
    return service.next_images(session, actor, project_id, order=order, count=count, exclude=exclude or [])


@router.post("/heartbeat", operation_id="queue.heartbeat", responses=problems(ProjectNotFound))
def keep_leases(
    project_id: UUID, body: schemas.LeaseTokens, actor: CurrentActor, session: Writing
) -> schemas.HeldLeases:
    """Keep images that are still on screen; call it about once a minute."""
    return service.keep_leases(session, actor, project_id, body.lease_tokens)


@router.post("/release", operation_id="queue.release", status_code=204, responses=problems(ProjectNotFound))
def release_leases(project_id: UUID, body: schemas.LeaseTokens, actor: CurrentActor, session: Writing) -> None:
    """Give images back to the queue, on leaving the page."""
    service.release_leases(session, actor, project_id, body.lease_tokens)


@router.post(
    "/skip", operation_id="queue.skip", status_code=204, responses=problems(ProjectNotFound, service.ImageNotFound)
)
def skip_image(project_id: UUID, body: schemas.QueueSkip, actor: CurrentActor, session: Writing) -> None:
    """Postpone an image: it comes back after all others."""
    service.skip(session, actor, project_id, body.image_id)


@router.post("/add", operation_id="queue.add", responses=problems(ProjectNotFound, service.ImageNotFound))
def add_images(project_id: UUID, body: schemas.QueueAdd, actor: CurrentActor, session: Writing) -> schemas.QueueAdded:
    """Put images into the queue again, before all others, with the reason that people will read."""
    queued = service.add_images(session, actor, project_id, body.image_ids, reason=body.reason)
    return schemas.QueueAdded(queued=queued)
