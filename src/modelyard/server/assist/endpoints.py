"""Assistance over HTTP: how the suggestions stand, refresh them, and labels that look wrong."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from modelyard.server.assist import schemas, service
from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.jobs.schemas import Job
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(prefix="/projects/{project_id}", tags=["assist"])


@router.get("/suggestions/status", operation_id="suggestions.status", responses=problems(ProjectNotFound))
def get_status(project_id: UUID, actor: CurrentActor, session: Reading) -> schemas.SuggestionStatus:
    """Say which model suggests, how good it is, and what is missing."""
    return service.status(session, actor, project_id)


@router.post(
    "/suggestions/refresh", operation_id="suggestions.refresh", status_code=202, responses=problems(ProjectNotFound)
)
def refresh(project_id: UUID, actor: CurrentActor, session: Writing) -> Job:
    """Learn from the labels so far and suggest anew; a refresh that already waits is returned."""
    return Job.model_validate(service.ask_for_refresh(session, actor, project_id))


@router.get("/label-errors", operation_id="label_errors.list", responses=problems(ProjectNotFound))
def list_label_errors(
    project_id: UUID, actor: CurrentActor, session: Reading, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[schemas.LabelError]:
    """List labels that look wrong, the most doubtful first."""
    return service.label_errors(session, actor, project_id, limit=limit)
