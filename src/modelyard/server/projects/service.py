"""Making, changing and leaving projects."""

from typing import Any
from uuid import UUID

from modelyard.errors import Conflict, NotFound
from modelyard.server.accounts import membership
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import refuse_member, role_in
from modelyard.server.accounts.roles import permissions_of
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.projects import classes, repository
from modelyard.server.projects import schemas as shapes
from modelyard.server.tables import Project, now


class ProjectNotFound(NotFound):
    """There is no such project, or you are not a member of it."""


class ProjectNameTaken(Conflict):
    """There is a project of this name already. Choose another name."""


def get(session: ReadSession, actor: Actor, project_id: UUID) -> Project:
    """Return the project; raises `RoleMissing`, and `ProjectNotFound` for those who are not members."""
    project = repository.get(session, actor, project_id)
    if project is None:
        refuse_member(session, actor, project_id)
        raise ProjectNotFound
    return project


def settings_of(project: Project) -> shapes.ProjectSettings:
    """Return the project's settings with the defaults filled in."""
    return shapes.ProjectSettings.model_validate(project.settings)


def show(session: ReadSession, actor: Actor, projects: list[Project]) -> list[shapes.Project]:
    """Return projects as the API shows them to `actor`."""
    roles = {project.id: role_in(session, actor, project.id) or "viewer" for project in projects}
    counts = repository.member_counts(session, [project.id for project in projects])
    return [
        shapes.Project(
            id=project.id,
            name=project.name,
            task=project.task,
            description=project.description,
            settings=settings_of(project),
            members=counts.get(project.id, 0),
            role=roles[project.id],
            may=permissions_of(roles[project.id]),
            created_at=project.created_at,
        )
        for project in projects
    ]


def create(session: WriteSession, actor: Actor, body: shapes.ProjectCreate) -> Project:
    """Make a project with its first owner and classes; raises `ProjectNameTaken`, `ClassNameTaken`."""
    _check_name(session, body.name)
    project = Project(
        name=body.name, task=body.task, description=body.description, created_by=actor.user_id, settings={}
    )
    session.add(project)
    session.flush()
    membership.give(session, project.id, actor.user_id, "owner", actor_id=actor.user_id)
    for name in body.classes:
        classes.add(session, actor, project, shapes.ClassCreate(name=name))
    _record(session, actor, project, "project.created", after={"name": body.name, "task": body.task})
    return project


def update(session: WriteSession, actor: Actor, project_id: UUID, body: shapes.ProjectUpdate) -> Project:
    """Change name, description or settings; raises `ProjectNameTaken`."""
    project = get(session, actor, project_id)
    before = _facts(project)
    if body.name and body.name != project.name:
        _check_name(session, body.name)
        project.name = body.name
    if body.description is not None:
        project.description = body.description
    if body.settings:
        project.settings = {**project.settings, **body.settings.model_dump(exclude_none=True)}
    session.flush()
    if _facts(project) != before:
        _record(session, actor, project, "project.changed", before=before, after=_facts(project))
    return project


def delete(session: WriteSession, actor: Actor, project_id: UUID) -> None:
    """Put a project away; `restore` brings it back."""
    project = get(session, actor, project_id)
    project.deleted_at = now()
    _record(session, actor, project, "project.deleted")


def restore(session: WriteSession, actor: Actor, project_id: UUID) -> Project:
    """Bring back a deleted project that one owns; raises `ProjectNotFound`, `RoleMissing`."""
    project = session.get(Project, project_id)
    if project is None or role_in(session, actor, project_id) is None:
        raise ProjectNotFound
    refuse_member(session, actor, project_id)
    if project.deleted_at is not None:
        project.deleted_at = None
        _record(session, actor, project, "project.restored")
    return project


def _facts(project: Project) -> dict[str, Any]:
    settings = settings_of(project).model_dump(mode="json")
    return {"name": project.name, "description": project.description, **settings}


def _record(session: WriteSession, actor: Actor, project: Project, action: str, **said: Any) -> None:
    where: dict[str, Any] = {"project_id": project.id, "subject_id": project.id, "name": project.name}
    accounts.record(session, action, actor_id=actor.user_id, **where, **said)


def _check_name(session: ReadSession, name: str) -> None:
    other = repository.by_name(session, name)
    if other is not None:
        hint = " It was deleted and can be restored." if other.deleted_at else ""
        raise ProjectNameTaken(f"There is a project {name!r} already.{hint} Choose another name.")
