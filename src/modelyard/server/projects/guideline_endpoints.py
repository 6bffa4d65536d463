"""Guidelines over HTTP: the versions that count, older ones, saving, bringing back, and what one has read."""

from uuid import UUID

from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects import guideline_schemas as schemas
from modelyard.server.projects import guidelines
from modelyard.server.projects.classes import ClassNotFound
from modelyard.server.projects.guidelines import GuidelineVersionNotFound
from modelyard.server.projects.service import ProjectNotFound

router = Routes(tags=["guidelines"])


@router.get("/projects/{project_id}/guidelines", operation_id="guidelines.list", responses=problems(ProjectNotFound))
def list_guidelines(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.Guideline]:
    """List the guidelines that count, the project's first, then those of its classes."""
    return guidelines.current(session, actor, project_id)


@router.get(
    "/projects/{project_id}/guidelines/versions",
    operation_id="guidelines.versions",
    responses=problems(ProjectNotFound),
)
def list_versions(
    project_id: UUID, actor: CurrentActor, session: Reading, class_id: UUID | None = None
) -> list[schemas.GuidelineVersion]:
    """List the versions of a class's guidelines, or of the project's where no class is named; newest first."""
    return guidelines.versions(session, actor, project_id, class_id)


@router.post(
    "/projects/{project_id}/guidelines",
    operation_id="guidelines.save",
    responses=problems(ProjectNotFound, ClassNotFound, guidelines.GuidelinesChanged, guidelines.ExampleUnknown),
)
def save_guidelines(
    project_id: UUID, body: schemas.GuidelineSave, actor: CurrentActor, session: Writing
) -> schemas.Guideline:
    """Save the next version of the guidelines of a project or a class; all members are told."""
    return guidelines.save(session, actor, project_id, body)


@router.post(
    "/projects/{project_id}/guidelines/read",
    operation_id="guidelines.read",
    status_code=204,
    responses=problems(ProjectNotFound, GuidelineVersionNotFound),
)
def read_guidelines(project_id: UUID, body: schemas.GuidelineRead, actor: CurrentActor, session: Writing) -> None:
    """Say that one has read a version."""
    guidelines.mark_read(session, actor, project_id, body)


@router.post(
    "/guideline-versions/{guideline_version_id}/restore",
    operation_id="guidelines.restore",
    responses=problems(GuidelineVersionNotFound, ClassNotFound),
)
def restore_guidelines(guideline_version_id: UUID, actor: CurrentActor, session: Writing) -> schemas.Guideline:
    """Make an older version the newest one."""
    return guidelines.restore(session, actor, guideline_version_id)
