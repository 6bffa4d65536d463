"""The labelling queue over HTTP: images are lent out, kept, given back, postponed and added again."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from modelyard.server.annotations import schemas, service
from modelyard.server.annotations.endpoints import BATCH_PROBLEMS
from modelyard.server.dependencies import CurrentActor, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(prefix="/projects/{project_id}/queue", tags=["queue"])


@router.get("/next", operation_id="queue.next", responses=problems(ProjectNotFound, *BATCH_PROBLEMS))
def next_images(
    project_id: UUID,
    actor: CurrentActor,
    session: Writing,
    order: Annotated[schemas.QueueOrder | None, Query(description="Of the open queue; a batch has its own.")] = None,
    count: Annotated[int, Query(ge=1, le=8)] = 1,
    exclude: Annotated[list[UUID] | None, Query(max_length=100)] = None,
    batch_id: Annotated[UUID | None, Query(description="From this batch; absent: from the open queue.")] = None,
    mine: Annotated[bool, Query(description="From my batches, the most urgent first, then the open queue.")] = False,
) -> schemas.QueueNext:
    """Lend the next images to this person for five minutes.

    Nobody else gets them meanwhile, or as many others as a batch wants labels of each picture.
    """
    source: UUID | Literal["mine"] | None = batch_id or ("mine" if mine else None)
    return service.next_images(
        session, actor, project_id, order=order, count=count, exclude=exclude or [], source=source
    )


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
    """Postpone an image: it comes back to this person after all others, and to others as before."""
    service.skip(session, actor, project_id, body.image_id)


@router.post("/add", operation_id="queue.add", responses=problems(ProjectNotFound, service.ImageNotFound))
def add_images(project_id: UUID, body: schemas.QueueAdd, actor: CurrentActor, session: Writing) -> schemas.QueueAdded:
    """Put images into the queue again, before all others, with the reason that people will read."""
    queued = service.add_images(session, actor, project_id, body.image_ids, reason=body.reason)
    return schemas.QueueAdded(queued=queued)
