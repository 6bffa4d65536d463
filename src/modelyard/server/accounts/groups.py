"""What a provider's groups mean here: rules such as `leads = manager in Pastries`; it asks no database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from modelyard.server.accounts.roles import ROLES, Role, rank

_RULE = re.compile(r"^(?P<group>[^=]+?)\s*=\s*(?:(?P<admin>administrator)|(?P<role>\w+)\s+in\s+(?P<project>.+))$")


@dataclass(frozen=True)
class Rule:
    """Whoever is in `group` is an administrator, or has `role` in `project` (its name, its id, or * for every one)."""

    group: str
    role: str = ""
    project: str = ""

    @property
    def is_administrator(self) -> bool:
        """Whether this rule makes administrators."""
        return self.role == ""

    def __str__(self) -> str:
        return f"{self.group} = {f'{self.role} in {self.project}' if self.role else 'administrator'}"


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Read rules that are separated by semicolons; raises `ValueError` that says which one is not understood.

    Example:
        >>> [str(rule) for rule in parse_rules("it = administrator; leads = manager in Pastries")]
        ['it = administrator', 'leads = manager in Pastries']
    """
    return tuple(_parse(part.strip()) for part in text.split(";") if part.strip())


def _parse(text: str) -> Rule:
    found = _RULE.match(text)
    if found is None:
        raise ValueError(f"“{text}” is no rule; write “GROUP = administrator” or “GROUP = ROLE in PROJECT”")
    if found["admin"]:
        return Rule(found["group"])
    if found["role"] not in ROLES:
        raise ValueError(f"“{text}” gives the role “{found['role']}”; known are {', '.join(ROLES)}")
    return Rule(found["group"], found["role"], found["project"].strip())


def groups_in(claims: dict[str, object], path: str) -> frozenset[str]:
    """Return the groups that claims name below `path`: a list of names, or one name.

    The whole path is tried as a name first (`https://example.org/groups`), then its dots lead inside
    (`realm_access.roles`).

    Example:
        >>> sorted(groups_in({"realm_access": {"roles": ["it", "leads"]}}, "realm_access.roles"))
        ['it', 'leads']
    """
    value: object = claims.get(path)
    if value is None:
        value = claims
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(name for name in value if isinstance(name, str)) if isinstance(value, list) else frozenset()


def is_administrator(rules: Iterable[Rule], groups: frozenset[str]) -> bool:
    """Say whether these groups make an administrator."""
    return any(rule.is_administrator and rule.group in groups for rule in rules)


def roles_in_projects(rules: Iterable[Rule], groups: frozenset[str]) -> dict[str, Role]:
    """Return the highest role that these groups give, by project as the rules name it.

    Example:
        >>> roles_in_projects(parse_rules("a = viewer in X; b = manager in X"), frozenset({"a", "b"}))
        {'X': 'manager'}
    """
    given: dict[str, Role] = {}
    for rule in rules:
        if rule.role and rule.group in groups:
            given[rule.project] = max(given.get(rule.project, "viewer"), cast(Role, rule.role), key=rank)
    return given
