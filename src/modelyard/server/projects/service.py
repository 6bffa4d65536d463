"""Making, changing and leaving projects."""

from uuid import UUID

from sqlalchemy import select

from modelyard.errors import Conflict, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.service import UserNotFound
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.projects import classes, repository
from modelyard.server.projects import schemas as shapes
from modelyard.server.tables import Project, ProjectMember, User, now


class ProjectNotFound(NotFound):
    """There is no such project, or you are not a member of it."""


class ProjectNameTaken(Conflict):
    """There is a project of this name already. Choose another name."""


class LastMember(Conflict):
    """This is the last member. Invite somebody first, or delete the project."""


def get(session: ReadSession, actor: Actor, project_id: UUID) -> Project:
    """Return the project; raises `ProjectNotFound` also for those who are not members."""
    project = repository.get(session, actor, project_id)
    if project is None:
        raise ProjectNotFound
    return project


def settings_of(project: Project) -> shapes.ProjectSettings:
    """Return the project's settings with the defaults filled in."""
    return shapes.ProjectSettings.model_validate(project.settings)


def show(session: ReadSession, projects: list[Project]) -> list[shapes.Project]:
    """Return projects as the API shows them."""
    counts = repository.member_counts(session, [project.id for project in projects])
    return [
        shapes.Project(
            id=project.id,
            name=project.name,
            task=project.task,
            description=project.description,
            settings=settings_of(project),
            members=counts.get(project.id, 0),
            created_at=project.created_at,
        )
        for project in projects
    ]


def create(session: WriteSession, actor: Actor, body: shapes.ProjectCreate) -> Project:
    """Make a project with its first member and classes; raises `ProjectNameTaken`, `ClassNameTaken`."""
    _check_name(session, body.name)
    project = Project(
        name=body.name, task=body.task, description=body.description, created_by=actor.user_id, settings={}
    )
    session.add(project)
    session.flush()
    session.add(ProjectMember(project_id=project.id, user_id=actor.user_id))
    for name in body.classes:
        classes.add(session, actor, project, shapes.ClassCreate(name=name))
    accounts.record(session, "project.created", actor_id=actor.user_id, project_id=project.id)
    return project


def update(session: WriteSession, actor: Actor, project_id: UUID, body: shapes.ProjectUpdate) -> Project:
    """Change name, description or settings; raises `ProjectNameTaken`."""
    project = get(session, actor, project_id)
    if body.name and body.name != project.name:
        _check_name(session, body.name)
        project.name = body.name
    if body.description is not None:
        project.description = body.description
    if body.settings:
        project.settings = {**project.settings, **body.settings.model_dump(exclude_none=True)}
    session.flush()
    return project


def delete(session: WriteSession, actor: Actor, project_id: UUID) -> None:
    """Put a project away; `restore` brings it back."""
    project = get(session, actor, project_id)
    project.deleted_at = now()
    accounts.record(session, "project.deleted", actor_id=actor.user_id, project_id=project.id)


def restore(session: WriteSession, actor: Actor, project_id: UUID) -> Project:
    """Bring back a deleted project that one was a member of."""
    project = session.get(Project, project_id)
    is_member = session.get(ProjectMember, (project_id, actor.user_id)) is not None
    if project is None or not (is_member or actor.is_local):
        raise ProjectNotFound
    project.deleted_at = None
    return project


def add_member(session: WriteSession, actor: Actor, project_id: UUID, email: str) -> tuple[ProjectMember, User]:
    """Make somebody with an account a member; raises `UserNotFound`."""
    get(session, actor, project_id)
    user = accounts.user_by_email(session, email.strip().lower())
    if user is None:
        raise UserNotFound(f"Nobody here has the address {email!r}. Send an invitation link instead.")
    member = session.get(ProjectMember, (project_id, user.id))
    if member is None:
        member = ProjectMember(project_id=project_id, user_id=user.id)
        session.add(member)
        accounts.record(session, "member.added", actor_id=actor.user_id, project_id=project_id, user=user.email)
        session.flush()
    return member, user


def remove_member(session: WriteSession, actor: Actor, project_id: UUID, user_id: UUID) -> None:
    """Take somebody out of the project; raises `UserNotFound`, `LastMember`."""
    get(session, actor, project_id)
    query = select(ProjectMember).where(ProjectMember.project_id == project_id).with_for_update()
    present = {member.user_id: member for member in session.scalars(query)}
    if user_id not in present:
        raise UserNotFound("This person is not a member of the project.")
    if len(present) == 1:
        raise LastMember
    session.delete(present[user_id])
    accounts.record(session, "member.removed", actor_id=actor.user_id, project_id=project_id, user=str(user_id))


def _check_name(session: ReadSession, name: str) -> None:
    other = repository.by_name(session, name)
    if other is not None:
        hint = " It was deleted and can be restored." if other.deleted_at else ""
        raise ProjectNameTaken(f"There is a project {name!r} already.{hint} Choose another name.")
