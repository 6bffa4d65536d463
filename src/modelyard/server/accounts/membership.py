"""Which projects a person may work on, and how somebody whose role is too low is told so."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from modelyard.errors import Forbidden
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.roles import Role, grant_of, rank, who_may
from modelyard.server.events import MemberChanged
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.tables import Project, ProjectMember, User

_OWNERS_NAMED = 5


class RoleMissing(Forbidden):
    """Your role in this project does not include this. Ask one of its owners."""


class RoleTooHigh(Forbidden):
    """Nobody gives a role above their own, and nobody changes or removes a person whose role is above their own."""


def projects_of(actor: Actor, *, wants: str | None = None) -> Select[UUID]:
    """Return the query of the projects in which `actor`'s role includes what they want.

    Args:
        actor: Who asks; the owner of the data directory is not meant, who needs no role.
        wants: A permission other than the one of the present request.
    """
    return projects_with(actor.wants if wants is None else wants).params(who=actor.user_id)


def projects_with(wants: str) -> Select[UUID]:
    """Return the query of the projects in which the role of the person `who`, a parameter, includes what they want."""
    mine = ProjectMember.user_id == bindparam("who")
    return select(ProjectMember.project_id).where(mine, ProjectMember.role.in_(who_may(wants)))


def role_in(session: ReadSession, actor: Actor, project_id: UUID) -> Role | None:
    """Return the role of `actor` in a project; None for those who are no members."""
    if actor.is_local:
        return "owner"
    member = session.get(ProjectMember, (project_id, actor.user_id))
    return None if member is None else cast(Role, member.role)


def may_label(session: ReadSession, project_id: UUID, user_id: UUID) -> bool:
    """Say whether a person can sign in and their role in a project includes labelling."""
    query = select(ProjectMember.role).join(User, User.id == ProjectMember.user_id)
    query = query.where(ProjectMember.project_id == project_id, ProjectMember.user_id == user_id)
    return session.scalar(query.where(User.disabled_at.is_(None))) in who_may("label")


def refuse_member(session: ReadSession, actor: Actor, project_id: Any, *, wants: str | None = None) -> None:
    """Raise `RoleMissing` for a member whose role is too low; strangers learn nothing, so it returns for them.

    Args:
        session: Where to look.
        actor: Who asks.
        project_id: A project's id, or a query of one.
        wants: A permission other than the one of the present request.
    """
    wanted = actor.wants if wants is None else wants
    query = select(Project, ProjectMember.role).join(ProjectMember, ProjectMember.project_id == Project.id)
    condition = Project.id == project_id if isinstance(project_id, UUID) else Project.id.in_(project_id)
    row = session.execute(query.where(condition, ProjectMember.user_id == actor.user_id)).first()
    if row is not None and not actor.is_local and row.role not in who_may(wanted):
        raise _missing(session, row.Project, row.role, wanted)


def owners(session: ReadSession, project_id: UUID) -> list[User]:
    """Return the owners of a project who can sign in, longest first."""
    query = select(User).join(ProjectMember, ProjectMember.user_id == User.id)
    query = query.where(ProjectMember.project_id == project_id, ProjectMember.role == "owner")
    return list(session.scalars(query.where(User.disabled_at.is_(None)).order_by(ProjectMember.created_at)))


def check_rank(session: ReadSession, actor: Actor, project_id: UUID, *roles: Role) -> None:
    """Raise `RoleTooHigh` if one of these roles is above the actor's own."""
    own = role_in(session, actor, project_id)
    if own is None or any(rank(role) > rank(own) for role in roles):
        highest = max(roles, key=rank)
        raise RoleTooHigh(
            f"You are {_article(own or 'viewer')} here, and this concerns {_article(highest)}. "
            "Roles above one's own are given, changed and taken by those who have them."
        )


def give(session: WriteSession, project_id: UUID, user_id: UUID, role: Role, *, actor_id: UUID | None) -> ProjectMember:
    """Make a person a member in this role, or give a member another role; written to the audit trail."""
    member = session.get(ProjectMember, (project_id, user_id))
    user = session.get_one(User, user_id)
    said: dict[str, Any] = {"user": user.email, "name": user.name, "subject_id": user_id, "after": {"role": role}}
    if member is None:
        member = ProjectMember(project_id=project_id, user_id=user_id, role=role)
        session.add(member)
        accounts.record(session, "member.added", actor_id=actor_id, project_id=project_id, **said)
    elif member.role != role:
        said["before"], member.role = {"role": member.role}, role
        accounts.record(session, "member.role_changed", actor_id=actor_id, project_id=project_id, **said)
    else:
        return member
    session.flush()
    publish(session, MemberChanged(project_id, user_id, may_label=role in who_may("label")))
    return member


def take_out(session: WriteSession, member: ProjectMember, *, actor_id: UUID | None) -> None:
    """Take a member out of the project; written to the audit trail."""
    user = session.get_one(User, member.user_id)
    said: dict[str, Any] = {"user": user.email, "name": user.name, "subject_id": user.id}
    said["before"] = {"role": member.role}
    accounts.record(session, "member.removed", actor_id=actor_id, project_id=member.project_id, **said)
    session.delete(member)
    session.flush()
    publish(session, MemberChanged(member.project_id, member.user_id, may_label=False))


def locked(session: WriteSession, project_id: UUID) -> dict[UUID, ProjectMember]:
    """Return the members of a project by person, and let nobody else change them until the transaction ends."""
    query = select(ProjectMember).where(ProjectMember.project_id == project_id).order_by(ProjectMember.user_id)
    rows = session.scalars(query.with_for_update(), execution_options={"populate_existing": True})
    return {member.user_id: member for member in rows}


def owned_alone(session: WriteSession, user_id: UUID) -> list[Project]:
    """Return the projects that nobody else who can sign in owns; their members stay as they are until the commit."""
    owned = select(ProjectMember.project_id).where(ProjectMember.user_id == user_id, ProjectMember.role == "owner")
    query = select(Project).where(Project.id.in_(owned), Project.deleted_at.is_(None)).order_by(Project.id)
    found = []
    for project in session.scalars(query).all():
        locked(session, project.id)
        if not [user for user in owners(session, project.id) if user.id != user_id]:
            found.append(project)
    return found


def _missing(session: ReadSession, project: Project, role: str, wanted: str) -> RoleMissing:
    grant = grant_of(wanted)
    names = [user.name for user in owners(session, project.id)][:_OWNERS_NAMED]
    who = f"an owner can give you that role: {', '.join(names)}." if names else "an administrator can help."
    if grant is None:
        return RoleMissing(role=role, owners=names)
    text = (
        f"You are {_article(role)} of “{project.name}”. To {grant.text}, one must be {_article(grant.role)}"
        f"{'' if grant.role == 'owner' else ' or more'}; {who}"
    )
    return RoleMissing(text, role=role, needed=grant.role, owners=names)


def _article(role: str) -> str:
    return f"an {role}" if role[0] in "ao" else f"a {role}"
