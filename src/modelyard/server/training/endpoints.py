"""Runs over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from modelyard.registry import UnknownName
from modelyard.server.datasets.drafting import VersionNotReady
from modelyard.server.datasets.service import VersionNotFound
from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.kit.idempotency import IdempotencyKeyReused, once
from modelyard.server.kit.jobs.queue import JobHasEnded
from modelyard.server.kit.pages import Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound
from modelyard.server.training import schemas, service

router = Routes(tags=["runs"])


@router.get("/projects/{project_id}/runs", operation_id="runs.list", responses=problems(ProjectNotFound))
def list_runs(
    project_id: UUID,
    actor: CurrentActor,
    session: Reading,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[schemas.Run]:
    """List the runs, newest first."""
    items, next_cursor = service.list_(session, actor, project_id, cursor=cursor, limit=limit)
    return Page(items=items, next_cursor=next_cursor)


@router.post(
    "/projects/{project_id}/runs",
    operation_id="runs.create",
    status_code=202,
    responses=problems(
        ProjectNotFound, VersionNotFound, VersionNotReady, service.CannotTrain, UnknownName, IdempotencyKeyReused
    ),
)
def start_run(
    project_id: UUID,
    body: schemas.RunCreate,
    actor: CurrentActor,
    services: Services,
    request: Request,
    response: Response,
) -> schemas.Run:
    """Train a model; `latest` freezes a version first if anything changed since the newest."""
    version = service.version_for(services.db, services.blobs, actor, project_id, body.version_id)
    with services.db.write() as session:
        answer = once(
            session,
            request,
            actor_id=actor.user_id,
            body=body.model_dump_json(),
            work=lambda: {"run_id": str(service.start(session, actor, project_id, version, body).id)},
        )
    with services.db.read() as session:
        run = service.show(session, UUID(answer["run_id"]))
    response.headers["Location"] = f"/api/v1/jobs/{run.job_id}"
    return run


@router.get("/runs/{run_id}", operation_id="runs.get", responses=problems(service.RunNotFound))
def get_run(run_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Run:
    """Show a run with its curve so far."""
    return service.show(session, service.get(session, actor, run_id).id)


@router.post("/runs/{run_id}/cancel", operation_id="runs.cancel", responses=problems(service.RunNotFound, JobHasEnded))
def cancel_run(run_id: UUID, actor: CurrentActor, session: Writing) -> schemas.Run:
    """Stop a run at its next step; nothing half made is kept."""
    return service.show(session, service.cancel(session, actor, run_id).id)
