"""Jobs over HTTP, with live progress."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing, watch
from modelyard.server.jobs import service
from modelyard.server.jobs.schemas import Job
from modelyard.server.kit.jobs.queue import ENDED, JobHasEnded, JobStillActive, SameJobWaits
from modelyard.server.kit.pages import Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes

router = Routes(prefix="/jobs", tags=["jobs"])


@router.get("", operation_id="jobs.list")
def list_jobs(
    actor: CurrentActor,
    session: Reading,
    project_id: UUID | None = None,
    state: Annotated[list[str] | None, Query()] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[Job]:
    """List jobs that one may see, newest first."""
    rows, next_cursor = service.list_(
        session, actor, project_id=project_id, states=state or [], cursor=cursor, limit=limit
    )
    return Page(items=[Job.model_validate(row) for row in rows], next_cursor=next_cursor)


@router.get("/{job_id}", operation_id="jobs.get", responses=problems(service.JobNotFound))
def get_job(job_id: UUID, actor: CurrentActor, session: Reading) -> Job:
    """Say how far a job is."""
    return Job.model_validate(service.get(session, actor, job_id))


@router.post("/{job_id}/cancel", operation_id="jobs.cancel", responses=problems(service.JobNotFound, JobHasEnded))
def cancel_job(job_id: UUID, actor: CurrentActor, session: Writing) -> Job:
    """Stop a job at its next step."""
    return Job.model_validate(service.cancel(session, actor, job_id))


@router.post(
    "/{job_id}/retry",
    operation_id="jobs.retry",
    responses=problems(service.JobNotFound, JobStillActive, SameJobWaits),
)
def retry_job(job_id: UUID, actor: CurrentActor, session: Writing) -> Job:
    """Run an ended job again; it goes on from where it was."""
    return Job.model_validate(service.retry(session, actor, job_id))


@router.get(
    "/{job_id}/events",
    operation_id="jobs.events",
    response_class=StreamingResponse,
    responses=problems(service.JobNotFound),
)
def job_events(job_id: UUID, actor: CurrentActor, request: Request, services: Services) -> StreamingResponse:
    """Send a job's progress as it goes (server-sent events), until it ends."""
    with services.db.read() as session:
        service.get(session, actor, job_id)
    last: dict[str, Any] = {}

    def look() -> tuple[list[tuple[str, Any]], bool]:
        with services.db.read() as session:
            job = Job.model_validate(service.get(session, actor, job_id)).model_dump(mode="json")
        changed = job != last.get("job")
        last["job"] = job
        return ([("job", job)] if changed else []), job["state"] in ENDED

    return watch(request, services, look)
