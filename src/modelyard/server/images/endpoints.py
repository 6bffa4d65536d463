"""The grid and single images over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool

from modelyard.server.accounts.actor import Actor
from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.images import listing, schemas, service
from modelyard.server.images.cards import cards
from modelyard.server.images.names import NameRefused, clean
from modelyard.server.kit.aside import TooBusy
from modelyard.server.kit.bodies import FILE_BODY, BodyTooLarge, FileMissing, read_file
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects import service as projects
from modelyard.server.projects.service import ProjectNotFound
from modelyard.server.services import AppServices

router = Routes(tags=["images"])

_LARGEST_BODY = 100_000_000  # It lies in the memory of the web process, beside those of others.


@router.get(
    "/projects/{project_id}/images", operation_id="images.list", responses=problems(ProjectNotFound, CursorInvalid)
)
def list_images(
    project_id: UUID, query: Annotated[schemas.ImageQuery, Query()], actor: CurrentActor, session: Reading
) -> Page[schemas.ImageCard]:
    """List the images that match, page by page."""
    projects.get(session, actor, project_id)
    items, next_cursor = service.page(session, project_id, query)
    return Page(items=items, next_cursor=next_cursor)


@router.get(
    "/projects/{project_id}/images/ids", operation_id="images.ids", responses=problems(ProjectNotFound, CursorInvalid)
)
def list_ids(
    project_id: UUID, query: Annotated[schemas.IdQuery, Query()], actor: CurrentActor, session: Reading
) -> Page[UUID]:
    """List the ids of the images that match: to choose all of them."""
    projects.get(session, actor, project_id)
    items, next_cursor = listing.page(session, project_id, query)
    return Page(items=items, next_cursor=next_cursor)


@router.get("/projects/{project_id}/images/pages", operation_id="images.pages", responses=problems(ProjectNotFound))
def list_page_starts(
    project_id: UUID, query: Annotated[schemas.PageStartQuery, Query()], actor: CurrentActor, session: Reading
) -> schemas.PageStarts:
    """Say where each page begins, so that a far one is reached without those before it."""
    projects.get(session, actor, project_id)
    return schemas.PageStarts(cursors=listing.page_starts(session, project_id, query))


@router.get("/projects/{project_id}/images/counts", operation_id="images.counts", responses=problems(ProjectNotFound))
def count_images(
    project_id: UUID, filters: Annotated[schemas.ImageFilters, Query()], actor: CurrentActor, session: Reading
) -> schemas.ImageCounts:
    """Count the images that match, and how they fall into groups."""
    projects.get(session, actor, project_id)
    return listing.counts(session, project_id, filters)


@router.post(
    "/projects/{project_id}/images",
    operation_id="images.create",
    status_code=201,
    responses=problems(ProjectNotFound, service.ImageRefused, BodyTooLarge, FileMissing, NameRefused, TooBusy),
    openapi_extra=FILE_BODY,
)
async def create_image(
    project_id: UUID,
    actor: CurrentActor,
    request: Request,
    services: Services,
    name: Annotated[str, Query(max_length=1000, description="Its name, with folders if it has any.")] = "",
) -> schemas.ImageAdded:
    """Add one picture: the body itself, or the field `file` of a form; more than 100 MB come by an import."""
    await run_in_threadpool(_check_member, services, actor, project_id)
    most = min(service.limits_of(services.settings).bytes, _LARGEST_BODY)
    file = await read_file(request, max_bytes=most)
    return await run_in_threadpool(
        _add, services, actor, project_id, clean(name or file.name or "picture"), file.content
    )


@router.get("/images/{image_id}", operation_id="images.get", responses=problems(service.ImageNotFound))
def get_image(image_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Image:
    """Show everything known of an image."""
    return service.show(session, service.get(session, actor, image_id))


@router.delete("/projects/{project_id}/images", operation_id="images.delete", responses=problems(ProjectNotFound))
def delete_images(
    project_id: UUID, body: schemas.ImageIds, actor: CurrentActor, session: Writing
) -> schemas.ImagesChanged:
    """Take images out of the project; they can be put back."""
    project = projects.get(session, actor, project_id)
    return schemas.ImagesChanged(changed=service.delete(session, project, body.ids, actor_id=actor.user_id))


@router.post(
    "/projects/{project_id}/images/restore", operation_id="images.restore", responses=problems(ProjectNotFound)
)
def restore_images(
    project_id: UUID, body: schemas.ImageIds, actor: CurrentActor, session: Writing
) -> schemas.ImagesChanged:
    """Put back images that were taken out."""
    project = projects.get(session, actor, project_id)
    return schemas.ImagesChanged(changed=service.restore(session, project, body.ids, actor_id=actor.user_id))


def _check_member(services: AppServices, actor: Actor, project_id: UUID) -> None:
    with services.db.read() as session:
        projects.get(session, actor, project_id)


def _add(services: AppServices, actor: Actor, project_id: UUID, name: str, data: bytes) -> schemas.ImageAdded:
    # Storing happens before the transaction, which stays short.
    arrival = service.store(services.blobs, services.settings, name=name, data=data)
    with services.db.write() as session:
        project = projects.get(session, actor, project_id)
        added = service.add(session, project, [arrival], author_id=actor.user_id)[0]
        service.ask_for_features(session, project.id)
        card = cards(session, [added.image.id])[0]
    return schemas.ImageAdded(image=card, state="added" if added.is_new else "duplicate")
