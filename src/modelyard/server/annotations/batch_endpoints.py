"""Batches over HTTP: made, looked at, changed, put away; what is disputed in them; and what is one's own work."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from modelyard.server.annotations import batch_schemas as schemas
from modelyard.server.annotations.service import auditing, batches, disputes, progress
from modelyard.server.annotations.service.answers import ImageNotFound
from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(tags=["batches"])


@router.get("/projects/{project_id}/batches", operation_id="batches.list", responses=problems(ProjectNotFound))
def list_batches(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.Batch]:
    """List a project's batches with their progress, newest first."""
    return batches.list_(session, actor, project_id)


@router.post(
    "/projects/{project_id}/batches",
    operation_id="batches.create",
    status_code=201,
    responses=problems(ProjectNotFound, batches.BatchHasNoPictures, batches.NotAMember),
)
def create_batch(
    project_id: UUID, body: schemas.BatchCreate, actor: CurrentActor, session: Writing, services: Services
) -> schemas.BatchCreated:
    """Put pictures into a batch, to be labelled together under its rules; they leave the open queue.

    Pictures that wait in another batch, or are on somebody's screen just now, stay where they are and are counted.
    """
    made = batches.create(session, actor, project_id, body, blobs=services.blobs)
    return schemas.BatchCreated(
        batch=progress.show(session, [made.batch])[0],
        in_other_batches=made.in_other_batches,
        on_screens=made.on_screens,
    )


@router.get("/batches/{batch_id}", operation_id="batches.get", responses=problems(batches.BatchNotFound))
def get_batch(batch_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Batch:
    """Show a batch, and how far it is."""
    return progress.show(session, [batches.get(session, actor, batch_id)])[0]


@router.patch(
    "/batches/{batch_id}",
    operation_id="batches.update",
    responses=problems(batches.BatchNotFound, batches.BatchIsClosed, batches.NotAMember, batches.AuditIsBlind),
)
def update_batch(
    batch_id: UUID, body: schemas.BatchUpdate, actor: CurrentActor, session: Writing, services: Services
) -> schemas.Batch:
    """Pause a batch, close it, or change its people, deadline, overlap, order or note."""
    batch = batches.update(session, actor, batch_id, body, blobs=services.blobs)
    return progress.show(session, [batch])[0]


@router.delete(
    "/batches/{batch_id}", operation_id="batches.delete", status_code=204, responses=problems(batches.BatchNotFound)
)
def delete_batch(batch_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Put a batch away. Labels that are in and agree count; its other pictures go back to the open queue."""
    batches.delete(session, actor, batch_id)


@router.get(
    "/batches/{batch_id}/audit",
    operation_id="batches.audit",
    responses=problems(batches.BatchNotFound, auditing.NoAudit),
)
def get_audit(batch_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Audit:
    """Say how often suggestions that people took unchanged were wrong, as far as others gave those labels again."""
    return auditing.show(session, actor, batches.get(session, actor, batch_id))


@router.get(
    "/batches/{batch_id}/disputed",
    operation_id="batches.disputed",
    responses=problems(batches.BatchNotFound, CursorInvalid),
)
def list_disputed(
    batch_id: UUID,
    actor: CurrentActor,
    session: Reading,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 60,
) -> Page[schemas.DisputedPicture]:
    """List the pictures of which all labels are in, and differ; giving such a picture an answer decides it."""
    return disputes.list_(session, actor, batch_id, cursor=cursor, limit=limit)


@router.get(
    "/batches/{batch_id}/images/{image_id}/opinions",
    operation_id="opinions.list",
    responses=problems(batches.BatchNotFound, ImageNotFound, disputes.StillBeingLabelled),
)
def list_opinions(batch_id: UUID, image_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.Opinion]:
    """Return what each person said of a picture by themselves, once all labels are in."""
    return disputes.opinions_of(session, actor, batch_id, image_id)


@router.get("/me/work", operation_id="me.work")
def list_work(actor: CurrentActor, session: Reading) -> list[schemas.Work]:
    """List the batches of all projects in which there is something to label for oneself, the most urgent first."""
    return progress.work_of(session, actor)
