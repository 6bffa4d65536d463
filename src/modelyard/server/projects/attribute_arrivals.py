"""Attributes that labels bring: defined when an import needs them, and gone again with it where nobody uses them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pydantic import ValidationError

from modelyard.server.accounts.actor import Actor
from modelyard.server.kit.database import WriteSession
from modelyard.server.projects import attribute_repository as repository
from modelyard.server.projects import attributes
from modelyard.server.projects.attribute_schemas import MAX_CHOICES, AttributeCreate, Subject
from modelyard.server.projects.attribute_values import Value, infer
from modelyard.server.tables import Attribute, Project


@dataclass
class Made:
    """What an import added to a project's attributes: new ones, and choices of those that were there."""

    attributes: list[UUID] = field(default_factory=list)
    choices: dict[UUID, list[str]] = field(default_factory=dict)


def different(described: Iterable[Mapping[str, Value]]) -> dict[str, dict[Value, None]]:
    """Return the different values of each attribute, no more of each than tell its kind.

    Example:
        >>> different([{"color": "red"}, {"color": "red", "is_new": True}])
        {'color': {'red': None}, 'is_new': {True: None}}
    """
    found: dict[str, dict[Value, None]] = {}
    for attributes_ in described:
        for name, value in attributes_.items():
            values = found.setdefault(name, {})
            if len(values) <= MAX_CHOICES:
                values[value] = None
    return found


def ensure(
    session: WriteSession,
    actor: Actor,
    project: Project,
    seen: Mapping[str, Collection[Value]],
    *,
    subject: Subject = "object",
) -> Made:
    """Define what objects or images that come in have values of, by name; new choices are added to an attribute.

    A name that no attribute can have, or one too many, gets no definition; its values stay with their objects.
    """
    made = Made()
    rows = [row for row in repository.present(session, project.id) if row.subject == subject]
    known = {row.name for row in rows}
    for name, values in seen.items():
        if name in known:
            _widen(rows, name, values, made)
            continue
        kind, choices = infer(values)
        try:
            body = AttributeCreate.model_validate({"subject": subject, "name": name, "kind": kind, "choices": choices})
            made.attributes.append(attributes.add(session, actor, project, body).id)
        except (ValidationError, attributes.AttributeInvalid, attributes.AttributeNameTaken):
            continue
    return made


def withdraw(
    session: WriteSession,
    actor: Actor,
    project: Project,
    made: Collection[UUID],
    choices: Mapping[UUID, Collection[str]],
) -> None:
    """Delete those of these attributes, and of these choices, that nothing has as a value."""
    for row in repository.present(session, project.id):
        if row.id not in made and row.id not in choices:
            continue
        count, by_value = repository.count_values(session, row)
        if row.id in made and not count:
            attributes.delete(session, actor, project, row.id)
        elif row.id in choices:
            gone = {choice for choice in choices[row.id] if not by_value.get(choice)}
            row.choices = [choice for choice in row.choices if choice not in gone] or row.choices


def _widen(rows: Sequence[Attribute], name: str, values: Collection[Value], made: Made) -> None:
    for row in rows:
        if row.name == name and row.kind == "choice":
            before = list(row.choices)
            new = [value for value in values if isinstance(value, str) and value not in before]
            row.choices = [*before, *new][:MAX_CHOICES]
            if len(row.choices) > len(before):
                made.choices[row.id] = row.choices[len(before) :]
