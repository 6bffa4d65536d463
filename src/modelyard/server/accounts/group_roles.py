"""What a person's groups at the provider give here, applied at each sign-in; what people gave by hand stays."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from modelyard.server.accounts import membership
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.groups import Rule, is_administrator, roles_in_projects
from modelyard.server.accounts.roles import Role, rank
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Identity, Project, ProjectMember, User

EVERY = "*"


def unknown_projects(session: ReadSession, rules: Iterable[Rule]) -> list[str]:
    """Return the projects that rules name and that do not exist."""
    names = sorted({rule.project for rule in rules if rule.project not in ("", EVERY)})
    return [name for name in names if not _find(session, name)]


def apply(
    session: WriteSession, rules: tuple[Rule, ...], user: User, identity: Identity, groups: frozenset[str]
) -> None:
    """Give what the groups say now, and take back what they gave before and say no longer.

    A role that somebody gave by hand is only ever raised, and comes back when the groups give no more than it. The
    last administrator, and the last owner of a project, stay. What was given is remembered with the identity.
    """
    if any(rule.is_administrator for rule in rules):
        _apply_administrator(session, user, should_be=is_administrator(rules, groups))
    _apply_roles(session, rules, identity, groups)


def _apply_administrator(session: WriteSession, user: User, *, should_be: bool) -> None:
    if should_be == user.is_admin or (not should_be and len(accounts.lock_admins(session)) <= 1):
        return
    user.is_admin = should_be
    action = "account.admin_granted" if should_be else "account.admin_withdrawn"
    accounts.record(session, action, actor_id=user.id, user=user.email, by="groups of the sign-in provider")


def _apply_roles(session: WriteSession, rules: tuple[Rule, ...], identity: Identity, groups: frozenset[str]) -> None:
    wanted = _wanted(session, rules, groups)
    given: dict[str, Any] = dict(identity.given_roles)
    changed = False
    for project_id in sorted({*wanted, *map(UUID, given)}):
        entry = given.pop(str(project_id), None)
        kept, is_changed = _settle(session, identity.user_id, project_id, wanted.get(project_id), entry)
        changed = changed or is_changed
        if kept is not None:
            given[str(project_id)] = kept
    identity.given_roles = given
    if changed:
        named = ", ".join(sorted(groups))[:1000]
        accounts.record(session, "account.groups_applied", actor_id=identity.user_id, groups=named)


def _settle(
    session: WriteSession, user_id: UUID, project_id: UUID, role: Role | None, entry: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, bool]:
    """Bring one membership to what the groups say; return what to remember of it, and whether it changed."""
    if session.get(Project, project_id) is None:
        return None, False
    member = membership.locked(session, project_id).get(user_id)
    is_ours = member is not None and entry is not None and member.role == entry["role"]
    before = entry["before"] if is_ours and entry else (cast(Role, member.role) if member else None)
    target = _higher(role, before)
    if member is None and target is None:
        return None, False
    if member is not None and member.role == "owner" and target != "owner" and _is_alone(session, member):
        return entry, False
    remembered = None if role is None or target == before else {"role": target, "before": before}
    if target is None:
        membership.take_out(session, cast(ProjectMember, member), actor_id=None)
        return remembered, True
    is_changed = member is None or member.role != target
    if is_changed:
        membership.give(session, project_id, user_id, target, actor_id=None)
    return remembered, is_changed


def _higher(role: Role | None, other: Role | None) -> Role | None:
    if role is None or other is None:
        return role or other
    return max(role, other, key=rank)


def _is_alone(session: ReadSession, member: ProjectMember) -> bool:
    return not [user for user in membership.owners(session, member.project_id) if user.id != member.user_id]


def _wanted(session: ReadSession, rules: tuple[Rule, ...], groups: frozenset[str]) -> dict[UUID, Role]:
    wanted: dict[UUID, Role] = {}
    for name, role in roles_in_projects(rules, groups).items():
        for project_id in _find(session, name):
            wanted[project_id] = _higher(role, wanted.get(project_id)) or role
    return wanted


def _find(session: ReadSession, name: str) -> list[UUID]:
    """Return the projects that a rule means: by name, by id, or all."""
    query = select(Project.id).where(Project.deleted_at.is_(None))
    if name == EVERY:
        return list(session.scalars(query))
    found = list(session.scalars(query.where(Project.name == name)))
    return found or (list(session.scalars(query.where(Project.id == UUID(name)))) if _is_id(name) else [])


def _is_id(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True
