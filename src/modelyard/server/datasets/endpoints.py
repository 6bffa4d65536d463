"""Dataset versions, what changed between them, and exports, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import FileResponse, JSONResponse

from modelyard.server.datasets import differences, exports, freezing, schemas, service
from modelyard.server.datasets.drafting import VersionNotReady
from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.jobs.schemas import Job
from modelyard.server.kit.pages import Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(tags=["versions"])

Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/projects/{project_id}/versions", operation_id="versions.list", responses=problems(ProjectNotFound))
def list_versions(
    project_id: UUID, actor: CurrentActor, session: Reading, cursor: str | None = None, limit: Limit = 50
) -> Page[schemas.Version]:
    """List the frozen versions, newest first."""
    items, next_cursor = service.list_(session, actor, project_id, cursor=cursor, limit=limit)
    return Page(items=items, next_cursor=next_cursor)


@router.get(
    "/projects/{project_id}/versions/preview", operation_id="versions.preview", responses=problems(ProjectNotFound)
)
def preview_version(project_id: UUID, actor: CurrentActor, session: Reading) -> schemas.FreezePreview:
    """Count what would go into a version if it were frozen now."""
    return service.preview(session, actor, project_id)


@router.post(
    "/projects/{project_id}/versions",
    operation_id="versions.create",
    status_code=201,
    response_model=schemas.Version,
    responses={
        200: {"model": schemas.Version, "description": "Nothing changed: the version that holds the same."},
        202: {
            "model": Job,
            "description": "There is much to freeze: a job does it, and its result says which version.",
        },
        **problems(ProjectNotFound, VersionNotReady, freezing.FrozenMeanwhile),
    },
)
def freeze(
    project_id: UUID, body: schemas.VersionCreate, actor: CurrentActor, services: Services, response: Response
) -> Any:
    """Freeze what is labelled now; contents that were frozen before give the version that there is (status 200).

    With more than 20,000 images or objects the answer is a job (status 202), which can be watched and cancelled; its
    `result` has the `version_id`.
    """
    with services.db.read() as session:
        is_large = freezing.is_large(session, actor, project_id)
    if is_large:
        with services.db.write() as session:
            job = Job.model_validate(freezing.start(session, actor, project_id, body))
        headers = {"Location": f"/api/v1/jobs/{job.id}"}
        return JSONResponse(job.model_dump(mode="json"), status_code=202, headers=headers)
    version, is_new = freezing.freeze(services.db, services.blobs, actor, project_id, body)
    response.status_code = 201 if is_new else 200
    with services.db.read() as session:
        return service.show(session, version)


@router.get("/versions/{version_id}", operation_id="versions.get", responses=problems(service.VersionNotFound))
def get_version(version_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Version:
    """Show one version."""
    return service.show(session, service.get(session, actor, version_id))


@router.get("/versions/{version_id}/diff", operation_id="versions.diff", responses=problems(service.VersionNotFound))
def diff_versions(
    version_id: UUID, against: UUID, actor: CurrentActor, session: Reading, services: Services
) -> schemas.VersionDiff:
    """Say what changed from the version `against` to this one."""
    new, old = service.get(session, actor, version_id), service.get(session, actor, against)
    contents = [service.load_for(session, services.blobs, version) for version in (new, old)]
    return differences.diff(new.id, contents[0], old.id, contents[1])


@router.get(
    "/versions/{version_id}/images", operation_id="versions.images", responses=problems(service.VersionNotFound)
)
def version_images(
    version_id: UUID,
    actor: CurrentActor,
    session: Reading,
    services: Services,
    split: schemas.Split | None = None,
    class_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = 100,
) -> Page[schemas.VersionImage]:
    """List the images of a version with their class, or what is in them, and their split in it."""
    contents = service.load_for(session, services.blobs, service.get(session, actor, version_id))
    items, next_cursor = service.images_of(
        session, contents, split=split, class_id=class_id, cursor=cursor, limit=limit
    )
    return Page(items=items, next_cursor=next_cursor)


@router.post(
    "/projects/{project_id}/exports",
    operation_id="exports.create",
    status_code=202,
    responses=problems(ProjectNotFound, service.VersionNotFound, exports.FormatDoesNotFit),
)
def create_export(
    project_id: UUID, body: schemas.ExportCreate, actor: CurrentActor, session: Writing, response: Response
) -> Job:
    """Pack images and annotations into a zip; the job's `result` says what the format could not carry."""
    job = exports.start(session, actor, project_id, body)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return Job.model_validate(job)


@router.get(
    "/exports/{job_id}/download",
    operation_id="exports.download",
    response_class=FileResponse,
    responses=problems(exports.ExportNotFound, exports.ExportNotReady),
)
def download_export(job_id: UUID, actor: CurrentActor, session: Reading, services: Services) -> FileResponse:
    """Download what an export packed."""
    result = exports.result(session, actor, job_id)
    path = services.blobs.local_path(result.blob)
    return FileResponse(path, media_type="application/zip", filename=result.filename)
