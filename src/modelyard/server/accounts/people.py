"""Accounts as an administrator manages them: making, closing and opening them, and who else is an administrator."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from modelyard.errors import Conflict
from modelyard.server.accounts import membership
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.schemas import UserCreate, UserUpdate
from modelyard.server.accounts.service import UserNotFound, register
from modelyard.server.events import PersonShutOut
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.tables import Project, User, now


class LastAdmin(Conflict):
    """This is the last administrator. Make somebody else one first."""


class ProjectsLeftAlone(Conflict):
    """This person is the only owner of projects. Name who is to own them instead."""


class SuccessorInvalid(Conflict):
    """Who is to own the projects must be somebody else, and able to sign in."""


def create(session: WriteSession, actor: Actor, body: UserCreate) -> User:
    """Make an account for somebody."""
    user = register(session, body, is_admin=body.is_admin)
    if body.is_admin:
        _record(session, actor, "account.admin_granted", user)
    return user


def update(session: WriteSession, actor: Actor, user_id: UUID, body: UserUpdate) -> User:
    """Close or open an account, or change who is an administrator.

    Closing ends a person's sessions, tokens, jobs, leases and open pages at once. Raises `LastAdmin`,
    `ProjectsLeftAlone`, `SuccessorInvalid`, `UserNotFound`.
    """
    admins = set(accounts.lock_admins(session))
    user = session.get(User, user_id, populate_existing=True)
    if user is None:
        raise UserNotFound
    gives_up = body.disabled or body.is_admin is False
    if gives_up and admins == {user_id}:
        raise LastAdmin
    if body.is_admin is not None and body.is_admin != user.is_admin:
        user.is_admin = body.is_admin
        _record(session, actor, "account.admin_granted" if body.is_admin else "account.admin_withdrawn", user)
    if body.disabled is not None and body.disabled != (user.disabled_at is not None):
        if body.disabled:
            _shut_out(session, actor, user, body.successor_id)
        user.disabled_at = now() if body.disabled else None
        _record(session, actor, "account.disabled" if body.disabled else "account.enabled", user)
    session.flush()
    return user


def _shut_out(session: WriteSession, actor: Actor, user: User, successor_id: UUID | None) -> None:
    alone = membership.owned_alone(session, user.id)
    if alone:
        _pass_on(session, actor, user, alone, successor_id)
    accounts.end_sessions(session, user.id)
    for token in accounts.tokens(session, user.id):
        token.revoked_at = now()
    publish(session, PersonShutOut(user.id))


def _pass_on(
    session: WriteSession, actor: Actor, user: User, projects: Sequence[Project], successor_id: UUID | None
) -> None:
    if successor_id is None:
        names = ", ".join(f"“{project.name}”" for project in projects)
        shown = [{"id": str(project.id), "name": project.name} for project in projects]
        raise ProjectsLeftAlone(
            f"{user.name} is the only owner of {names}. Name who is to own them instead.", projects=shown
        )
    successor = session.scalars(select(User).where(User.id == successor_id, User.disabled_at.is_(None))).first()
    if successor is None or successor.id == user.id:
        raise SuccessorInvalid
    for project in projects:
        membership.give(session, project.id, successor.id, "owner", actor_id=actor.user_id)


def _record(session: WriteSession, actor: Actor, action: str, user: User) -> None:
    who: dict[str, Any] = {"user": user.email, "name": user.name}
    accounts.record(session, action, actor_id=actor.user_id, subject_id=user.id, **who)
