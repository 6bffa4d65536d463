"""Projects and where they stand, over HTTP."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import StreamingResponse

from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing, watch
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects import live, repository, schemas, service
from modelyard.server.projects import status as loop
from modelyard.server.projects.classes import ClassNameTaken
from modelyard.server.projects.service import ProjectNameTaken, ProjectNotFound

router = Routes(prefix="/projects", tags=["projects"])


@router.get("", operation_id="projects.list")
def list_projects(actor: CurrentActor, session: Reading) -> list[schemas.Project]:
    """List the projects that one is a member of, newest first."""
    return service.show(session, actor, repository.list_(session, actor))


@router.post("", operation_id="projects.create", status_code=201, responses=problems(ProjectNameTaken, ClassNameTaken))
def create_project(body: schemas.ProjectCreate, actor: CurrentActor, session: Writing) -> schemas.Project:
    """Make a project and become its owner."""
    return service.show(session, actor, [service.create(session, actor, body)])[0]


@router.get("/{project_id}", operation_id="projects.get", responses=problems(ProjectNotFound))
def get_project(project_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Project:
    """Show one project."""
    return service.show(session, actor, [service.get(session, actor, project_id)])[0]


@router.patch("/{project_id}", operation_id="projects.update", responses=problems(ProjectNotFound, ProjectNameTaken))
def update_project(
    project_id: UUID, body: schemas.ProjectUpdate, actor: CurrentActor, session: Writing
) -> schemas.Project:
    """Change a project's name, description or settings."""
    return service.show(session, actor, [service.update(session, actor, project_id, body)])[0]


@router.delete("/{project_id}", operation_id="projects.delete", status_code=204, responses=problems(ProjectNotFound))
def delete_project(project_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Put a project away; it can be restored."""
    service.delete(session, actor, project_id)


@router.post("/{project_id}/restore", operation_id="projects.restore", responses=problems(ProjectNotFound))
def restore_project(project_id: UUID, actor: CurrentActor, session: Writing) -> schemas.Project:
    """Bring back a project that was put away."""
    return service.show(session, actor, [service.restore(session, actor, project_id)])[0]


@router.get("/{project_id}/status", operation_id="projects.status", responses=problems(ProjectNotFound))
def project_status(project_id: UUID, actor: CurrentActor, session: Reading) -> schemas.ProjectStatus:
    """Say where the project stands in the loop and what to do next."""
    return loop.status(session, service.get(session, actor, project_id))


@router.get(
    "/{project_id}/events",
    operation_id="projects.events",
    response_class=StreamingResponse,
    responses=problems(ProjectNotFound),
)
def project_events(project_id: UUID, actor: CurrentActor, request: Request, services: Services) -> StreamingResponse:
    """Send what changes in the project as it happens (server-sent events): jobs, and topics to fetch again."""
    with services.db.read() as session:
        service.get(session, actor, project_id)
    return watch(request, services, live.watcher(services.db, actor, project_id))
