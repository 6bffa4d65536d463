"""Attributes of a project's objects and images, over HTTP."""

from uuid import UUID

from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects import attributes, schemas, service
from modelyard.server.projects.attribute_schemas import Attribute, AttributeCreate, AttributeImpact, AttributeUpdate
from modelyard.server.projects.classes import ClassNotFound
from modelyard.server.projects.service import ProjectNotFound

router = Routes(prefix="/projects/{project_id}/attributes", tags=["attributes"])


def _show(session: Reading, project_id: UUID) -> list[Attribute]:
    return [Attribute.model_validate(row) for row in attributes.list_(session, project_id)]


@router.get("", operation_id="attributes.list", responses=problems(ProjectNotFound))
def list_attributes(project_id: UUID, actor: CurrentActor, session: Reading) -> list[Attribute]:
    """List what is asked of objects, then what is asked of images, in their order."""
    service.get(session, actor, project_id)
    return _show(session, project_id)


@router.post(
    "",
    operation_id="attributes.create",
    status_code=201,
    responses=problems(ProjectNotFound, ClassNotFound, attributes.AttributeNameTaken, attributes.AttributeInvalid),
)
def create_attribute(project_id: UUID, body: AttributeCreate, actor: CurrentActor, session: Writing) -> list[Attribute]:
    """Add an attribute; answers with the whole list."""
    attributes.add(session, actor, service.get(session, actor, project_id), body)
    return _show(session, project_id)


@router.patch(
    "/{attribute_id}",
    operation_id="attributes.update",
    responses=problems(
        ProjectNotFound, attributes.AttributeNotFound, attributes.AttributeNameTaken, attributes.AttributeInvalid
    ),
)
def update_attribute(
    project_id: UUID, attribute_id: UUID, body: AttributeUpdate, actor: CurrentActor, session: Writing
) -> list[Attribute]:
    """Rename an attribute, move it or give it other choices; answers with the whole list."""
    attributes.update(session, actor, service.get(session, actor, project_id), attribute_id, body)
    session.flush()
    return _show(session, project_id)


@router.get(
    "/{attribute_id}/impact",
    operation_id="attributes.impact",
    responses=problems(ProjectNotFound, attributes.AttributeNotFound),
)
def attribute_impact(project_id: UUID, attribute_id: UUID, actor: CurrentActor, session: Reading) -> AttributeImpact:
    """Say beforehand how many values deleting an attribute would hide."""
    return attributes.impact(session, service.get(session, actor, project_id), attribute_id)


@router.delete(
    "/{attribute_id}",
    operation_id="attributes.delete",
    responses=problems(ProjectNotFound, attributes.AttributeNotFound),
)
def delete_attribute(
    project_id: UUID, attribute_id: UUID, actor: CurrentActor, session: Writing
) -> schemas.ClassChange:
    """Take an attribute off the list; its values are kept out of sight. Can be undone like a change of classes."""
    change = attributes.delete(session, actor, service.get(session, actor, project_id), attribute_id)
    return schemas.ClassChange.model_validate(change)
