"""Who belongs to a project and in which role: adding, changing, removing, leaving, handing over."""

from typing import cast
from uuid import UUID

from modelyard.errors import Conflict
from modelyard.server.accounts import membership
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.roles import Role
from modelyard.server.accounts.service import UserNotFound
from modelyard.server.kit.database import WriteSession
from modelyard.server.projects import service
from modelyard.server.tables import Project, ProjectMember, User


class LastOwner(Conflict):
    """This is the only owner of the project. Make somebody else an owner first, or delete the project."""


class AlreadyOwner(Conflict):
    """You own this project already."""


def add(session: WriteSession, actor: Actor, project_id: UUID, email: str, role: Role) -> tuple[ProjectMember, User]:
    """Make somebody with an account a member; who is one already keeps their role.

    Raises `UserNotFound`, `RoleTooHigh`.
    """
    service.get(session, actor, project_id)
    membership.check_rank(session, actor, project_id, role)
    user = accounts.user_by_email(session, email.strip().lower())
    if user is None:
        raise UserNotFound(f"Nobody here has the address {email!r}. Send an invitation link instead.")
    member = session.get(ProjectMember, (project_id, user.id))
    return member or membership.give(session, project_id, user.id, role, actor_id=actor.user_id), user


def change_role(
    session: WriteSession, actor: Actor, project_id: UUID, user_id: UUID, role: Role
) -> tuple[ProjectMember, User]:
    """Give a member another role; raises `UserNotFound`, `RoleTooHigh`, `LastOwner`."""
    service.get(session, actor, project_id)
    member = _member(session, project_id, user_id)
    membership.check_rank(session, actor, project_id, cast(Role, member.role), role)
    if role != "owner":
        _check_other_owner(session, member)
    return membership.give(session, project_id, user_id, role, actor_id=actor.user_id), session.get_one(User, user_id)


def remove(session: WriteSession, actor: Actor, project_id: UUID, user_id: UUID) -> None:
    """Take somebody out of the project; raises `UserNotFound`, `RoleTooHigh`, `LastOwner`."""
    service.get(session, actor, project_id)
    member = _member(session, project_id, user_id)
    membership.check_rank(session, actor, project_id, cast(Role, member.role))
    _check_other_owner(session, member)
    membership.take_out(session, member, actor_id=actor.user_id)


def leave(session: WriteSession, actor: Actor, project_id: UUID) -> None:
    """Leave a project oneself; raises `UserNotFound`, `LastOwner`."""
    service.get(session, actor, project_id)
    member = _member(session, project_id, actor.user_id)
    _check_other_owner(session, member)
    membership.take_out(session, member, actor_id=actor.user_id)


def hand_over(session: WriteSession, actor: Actor, project_id: UUID, user_id: UUID) -> None:
    """Make a member an owner in one's own place, and oneself a manager; raises `UserNotFound`, `AlreadyOwner`."""
    service.get(session, actor, project_id)
    _member(session, project_id, user_id)
    if user_id == actor.user_id:
        raise AlreadyOwner
    if session.get_one(User, user_id).disabled_at is not None:
        raise UserNotFound("The account of this person is closed.")
    membership.give(session, project_id, user_id, "owner", actor_id=actor.user_id)
    if session.get(ProjectMember, (project_id, actor.user_id)) is not None:
        membership.give(session, project_id, actor.user_id, "manager", actor_id=actor.user_id)


def take_over(session: WriteSession, actor: Actor, project_id: UUID, reason: str) -> Project:
    """Make an administrator an owner of a project, for a reason that the audit record keeps; raises `AlreadyOwner`."""
    project = session.get(Project, project_id)
    if project is None:
        raise service.ProjectNotFound
    present = membership.locked(session, project_id).get(actor.user_id)
    if present is not None and present.role == "owner":
        raise AlreadyOwner
    accounts.record(session, "project.taken_over", actor_id=actor.user_id, project_id=project_id, reason=reason)
    membership.give(session, project_id, actor.user_id, "owner", actor_id=actor.user_id)
    return project


def _member(session: WriteSession, project_id: UUID, user_id: UUID) -> ProjectMember:
    member = membership.locked(session, project_id).get(user_id)
    if member is None:
        raise UserNotFound("This person is not a member of the project.")
    return member


def _check_other_owner(session: WriteSession, member: ProjectMember) -> None:
    """Raise `LastOwner` if the project would be without an owner who can sign in."""
    if member.role == "owner":
        others = [user for user in membership.owners(session, member.project_id) if user.id != member.user_id]
        if not others:
            raise LastOwner
