"""The grid and single images over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool

from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.images import schemas, service
from modelyard.server.images.cards import cards
from modelyard.server.images.repository import Filters, SortUnknown
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.projects import service as projects
from modelyard.server.projects.service import ProjectNotFound

router = APIRouter(tags=["images"])


def filters(  # noqa: PLR0913 - one parameter a filter
    class_id: Annotated[list[UUID] | None, Query()] = None,
    answer: Literal["class", "does_not_belong", "not_sure", "none"] | None = None,
    labelled: bool | None = None,
    suggested_class_id: UUID | None = None,
    min_score: Annotated[float | None, Query(ge=0, le=1)] = None,
    max_score: Annotated[float | None, Query(ge=0, le=1)] = None,
    split: Literal["train", "val", "test", "none"] | None = None,
    has_twin: bool | None = None,
    import_id: UUID | None = None,
    name: Annotated[str | None, Query(max_length=200)] = None,
) -> Filters:
    """Read the grid's filters from the address."""
    return Filters(
        class_id=tuple(class_id or ()),
        answer=answer,
        labelled=labelled,
        suggested_class_id=suggested_class_id,
        min_score=min_score,
        max_score=max_score,
        split=split,
        has_twin=has_twin,
        import_id=import_id,
        name=name,
    )


Filtered = Annotated[Filters, Depends(filters)]


@router.get(
    "/projects/{project_id}/images",
    operation_id="images.list",
    responses=problems(ProjectNotFound, SortUnknown, CursorInvalid),
)
def list_images(  # noqa: PLR0913 - filters, sort and page are separate parameters of the address
    project_id: UUID,
    actor: CurrentActor,
    session: Reading,
    wanted: Filtered,
    sort: str = "-created_at",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Page[schemas.ImageCard]:
    """List the images that match, page by page."""
    projects.get(session, actor, project_id)
    items, next_cursor = service.list_(session, project_id, wanted, sort=sort, cursor=cursor, limit=limit)
    return Page(items=items, next_cursor=next_cursor)


@router.get("/projects/{project_id}/images/counts", operation_id="images.counts", responses=problems(ProjectNotFound))
def count_images(project_id: UUID, actor: CurrentActor, session: Reading, wanted: Filtered) -> schemas.ImageCounts:
    """Count the images that match, by each property."""
    projects.get(session, actor, project_id)
    return service.count(session, project_id, wanted)


@router.post(
    "/projects/{project_id}/images",
    operation_id="images.create",
    status_code=201,
    responses=problems(ProjectNotFound, service.ImageRefused),
    openapi_extra={"requestBody": {"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def create_image(
    project_id: UUID,
    actor: CurrentActor,
    request: Request,
    services: Services,
    name: Annotated[str, Query(min_length=1, max_length=1000)] = "picture",
) -> schemas.AddedImage:
    """Add one picture, sent as the raw body."""
    most = service.limits_of(services.settings).bytes
    parts, size_bytes = [], 0
    async for part in request.stream():
        size_bytes += len(part)
        if size_bytes > most:
            raise service.ImageRefused(f"The picture has more than {most / 1e6:,.0f} MB.")
        parts.append(part)
    return await run_in_threadpool(_add, services, actor, project_id, name, b"".join(parts))


def _add(services: Services, actor: CurrentActor, project_id: UUID, name: str, data: bytes) -> schemas.AddedImage:
    with services.db.write() as session:
        project = projects.get(session, actor, project_id)
        image, is_new = service.add_bytes(
            session, services.blobs, services.settings, project, name=name, data=data, author_id=actor.user_id
        )
        card = cards(session, [image.id])[0]
    return schemas.AddedImage(state="added" if is_new else "duplicate", image=card)


@router.get("/images/{image_id}", operation_id="images.get", responses=problems(service.ImageNotFound))
def get_image(image_id: UUID, actor: CurrentActor, session: Reading) -> schemas.ImageDetail:
    """Show everything known of an image."""
    return service.detail(session, service.get(session, actor, image_id))


@router.delete("/projects/{project_id}/images", operation_id="images.delete", responses=problems(ProjectNotFound))
def delete_images(
    project_id: UUID, body: schemas.ImageIds, actor: CurrentActor, session: Writing
) -> schemas.Changed:
    """Take images out of the project; they can be put back."""
    project = projects.get(session, actor, project_id)
    return schemas.Changed(changed=service.set_deleted(session, project, body.ids, deleted=True))


@router.post(
    "/projects/{project_id}/images/restore", operation_id="images.restore", responses=problems(ProjectNotFound)
)
def restore_images(
    project_id: UUID, body: schemas.ImageIds, actor: CurrentActor, session: Writing
) -> schemas.Changed:
    """Put back images that were taken out."""
    project = projects.get(session, actor, project_id)
    return schemas.Changed(changed=service.set_deleted(session, project, body.ids, deleted=False))


