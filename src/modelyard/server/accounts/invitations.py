"""Links with which one person joins a project in a given role; e-mail is no business of this file."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import select

from modelyard.errors import NotFound
from modelyard.server.accounts import membership
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.roles import Role, rank, who_may
from modelyard.server.accounts.schemas import Registration
from modelyard.server.accounts.service import LinkInvalid, register
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.tokens import hash_token, new_token
from modelyard.server.tables import Invitation, ProjectMember, User, now

LASTS = timedelta(days=7)


class InvitationNotFound(NotFound):
    """There is no such invitation: it was used, it has expired, or somebody withdrew it."""


def invite(session: WriteSession, actor: Actor, project_id: UUID, role: Role) -> tuple[str, Invitation]:
    """Make a link that one person can use to join a project; raises `RoleTooHigh`. The caller has checked the rest."""
    membership.check_rank(session, actor, project_id, role)
    token = new_token("invite_")
    is_local = session.get(ProjectMember, (project_id, actor.user_id)) is None
    link = Invitation(
        token_hash=hash_token(token),
        kind="member",
        project_id=project_id,
        role=role,
        created_by=None if is_local else actor.user_id,
        expires_at=now() + LASTS,
    )
    session.add(link)
    accounts.record(session, "project.invited", actor_id=actor.user_id, project_id=project_id, role=role)
    session.flush()
    return token, link


def open_ones(session: ReadSession, project_id: UUID) -> list[tuple[Invitation, str | None]]:
    """Return a project's invitations that can still be used, with who made them, newest first."""
    query = select(Invitation, User.name).outerjoin(User, User.id == Invitation.created_by)
    query = query.where(Invitation.project_id == project_id, Invitation.kind == "member")
    query = query.where(Invitation.used_at.is_(None), Invitation.expires_at > now())
    return [(link, name) for link, name in session.execute(query.order_by(Invitation.id.desc()))]


def withdraw(session: WriteSession, actor: Actor, project_id: UUID, invitation_id: UUID) -> None:
    """Make a link worthless; raises `InvitationNotFound`."""
    link = session.get(Invitation, invitation_id)
    if link is None or link.project_id != project_id or link.used_at is not None:
        raise InvitationNotFound
    session.delete(link)
    accounts.record(session, "project.invitation_withdrawn", actor_id=actor.user_id, project_id=project_id)


def find(session: ReadSession, token: str) -> Invitation:
    """Return what this link is for; raises `LinkInvalid`.

    A link is worth what its author may give at this moment: nothing, once they are shut out or have a lower role.
    """
    link = accounts.invitation_by_hash(session, hash_token(token))
    if link is None or (link.kind == "member" and not _is_covered(session, link)):
        raise LinkInvalid
    return link


def is_open(session: ReadSession, token: str) -> bool:
    """Say whether a link still works."""
    try:
        find(session, token)
    except LinkInvalid:
        return False
    return True


def accept(session: WriteSession, token: str, body: Registration) -> User:
    """Make an account by invitation, and a member of its project."""
    link = find(session, token)
    if link.kind != "member":
        raise LinkInvalid
    user = register(session, body)
    _use(session, link, user.id)
    return user


def join(session: WriteSession, token: str, actor: Actor) -> UUID:
    """Make a person who is signed in a member; return the project's id. Nobody's role gets lower by it."""
    link = find(session, token)
    if link.kind != "member" or link.project_id is None:
        raise LinkInvalid
    _use(session, link, actor.user_id)
    return link.project_id


def _is_covered(session: ReadSession, link: Invitation) -> bool:
    if link.created_by is None:  # Made on the server's own machine, by somebody who is no member.
        return True
    author = session.get_one(User, link.created_by)
    member = session.get(ProjectMember, (link.project_id, author.id))
    if member is None or author.disabled_at is not None:
        return False
    return member.role in who_may("manage_members") and rank(_role(link)) <= rank(member.role)


def _use(session: WriteSession, link: Invitation, user_id: UUID) -> None:
    link.used_at, link.used_by = now(), user_id
    if link.project_id is None:
        return
    member = session.get(ProjectMember, (link.project_id, user_id))
    if member is None or rank(cast(Role, member.role)) < rank(_role(link)):
        membership.give(session, link.project_id, user_id, _role(link), actor_id=link.created_by)


def _role(link: Invitation) -> Role:
    return cast(Role, link.role or "viewer")
