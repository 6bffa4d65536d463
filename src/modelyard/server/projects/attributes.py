"""The attributes of a project: add, change, reorder, delete, each with a way back; values stay with their objects."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from modelyard.errors import Conflict, Invalid, NotFound
from modelyard.server.accounts.actor import Actor
from modelyard.server.events import AttributeRenamed
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import attribute_repository as repository
from modelyard.server.projects import classes
from modelyard.server.projects.attribute_schemas import (
    AttributeCreate,
    AttributeImpact,
    AttributeUpdate,
)
from modelyard.server.projects.attribute_values import Definition
from modelyard.server.tables import Attribute, ClassChange, Project, now

MAX_ATTRIBUTES = 200
KINDS_OF_CHANGE = ("attribute-add", "attribute-edit", "attribute-end")


class AttributeNotFound(NotFound):
    """There is no such attribute in this project."""


class AttributeNameTaken(Conflict):
    """There is an attribute of this name already. Choose another name."""


class AttributeInvalid(Invalid):
    """The attribute cannot be like this."""


def list_(session: ReadSession, project_id: UUID) -> list[Attribute]:
    """Return the attributes in their order: those of objects, then those of images."""
    return repository.present(session, project_id)


def get(session: ReadSession, project: Project, attribute_id: UUID) -> Attribute:
    """Return an attribute that is not deleted; raises `AttributeNotFound`."""
    row = session.get(Attribute, attribute_id)
    if row is None or row.project_id != project.id or row.deleted_at is not None:
        raise AttributeNotFound
    return row


def definitions(rows: Iterable[Attribute], subject: str, class_id: UUID | None = None) -> list[Definition]:
    """Return what objects of a class, or images, can have."""
    fitting = [row for row in rows if row.subject == subject and row.class_id in (None, class_id)]
    return [Definition(row.name, row.kind, row.choices) for row in fitting]


def add(session: WriteSession, actor: Actor, project: Project, body: AttributeCreate) -> Attribute:
    """Add an attribute at the end; raises `ClassNotFound`, `AttributeNameTaken`, `AttributeInvalid`."""
    if body.class_id is not None:
        classes.get(session, project, body.class_id)
    rows = repository.present(session, project.id)
    if len(rows) >= MAX_ATTRIBUTES:
        raise AttributeInvalid(f"A project has at most {MAX_ATTRIBUTES} attributes.")
    row = Attribute(project_id=project.id, position=_next_position(rows, body.subject), **body.model_dump())
    _check_name(rows, row, row.name)
    session.add(row)
    session.flush()
    _record(session, actor, row, "attribute-add", f"Added the attribute {row.name}", {}, after=_facts(row))
    return row


def update(
    session: WriteSession, actor: Actor, project: Project, attribute_id: UUID, body: AttributeUpdate
) -> Attribute:
    """Rename, reorder or give other choices; raises `AttributeNotFound`, `AttributeNameTaken`, `AttributeInvalid`."""
    row = get(session, project, attribute_id)
    rows = repository.present(session, project.id)
    before = _facts(row)
    if body.name is not None and body.name != row.name:
        _check_name(rows, row, body.name)
    new_choices = _new_choices(row, body)
    _become(session, row, body.name or row.name, new_choices, body.renamed_choices)
    if body.position is not None:
        _move(rows, row, body.position)
    renamed = before["name"] != row.name
    summary = (
        f"Renamed the attribute {before['name']} to {row.name}" if renamed else f"Changed the attribute {row.name}"
    )
    back = {"before": before, "renamed_choices": {new: old for old, new in body.renamed_choices.items()}}
    _record(session, actor, row, "attribute-edit", summary, back, before=before, after=_facts(row))
    return row


def impact(session: ReadSession, project: Project, attribute_id: UUID) -> AttributeImpact:
    """Say beforehand how many values a deletion would hide; raises `AttributeNotFound`."""
    row = get(session, project, attribute_id)
    count, by_value = repository.count_values(session, row)
    by_choice = {choice: by_value.get(choice, 0) for choice in row.choices}
    what = "objects have" if row.subject == "object" else "pictures have"
    text = f"{count:,} {what} a value. It is kept out of sight, and comes back when you undo this."
    return AttributeImpact(values=count, by_choice=by_choice, text=text if count else "Nothing has a value yet.")


def delete(session: WriteSession, actor: Actor, project: Project, attribute_id: UUID) -> ClassChange:
    """Take an attribute off the list; its values are kept out of sight. Raises `AttributeNotFound`."""
    row = get(session, project, attribute_id)
    row.deleted_at = now()
    return _record(session, actor, row, "attribute-end", f"Deleted the attribute {row.name}", {}, before=_facts(row))


def take_back(session: WriteSession, project: Project, change: ClassChange) -> None:
    """Take back a change of an attribute; raises `AttributeNotFound`, `AttributeNameTaken`, `ClassChangeTooOld`."""
    row = session.get(Attribute, UUID(change.inverse["attribute_id"]))
    if row is None:
        raise AttributeNotFound
    rows = repository.present(session, project.id)
    if change.kind == "attribute-add":
        if repository.count_values(session, row)[0]:
            raise classes.ClassChangeTooOld(f"{row.name!r} has values by now. Delete the attribute instead.")
        row.deleted_at = now()
    elif change.kind == "attribute-end":
        _check_name(rows, row, row.name)
        row.deleted_at = None
    else:
        before = change.inverse["before"]
        _become(session, row, before["name"], before["choices"], change.inverse["renamed_choices"])
        _move(rows, row, before["position"])


def _become(
    session: WriteSession, row: Attribute, name: str, choices: Sequence[str], renamed: Mapping[str, str]
) -> None:
    if name != row.name or renamed:
        publish(session, AttributeRenamed(row.project_id, row.subject, row.class_id, row.name, name, renamed))
    row.name, row.choices = name, list(choices)


def _new_choices(row: Attribute, body: AttributeUpdate) -> list[str]:
    if row.kind != "choice" and (body.choices is not None or body.renamed_choices):
        raise AttributeInvalid(f"{row.name!r} has no choices: it is of the kind {row.kind!r}.")
    strange = [choice for choice in body.renamed_choices if choice not in row.choices]
    if strange:
        raise AttributeInvalid(f"{strange[0]!r} is no choice of {row.name!r}, so it cannot be renamed.")
    renamed = [body.renamed_choices.get(choice, choice) for choice in row.choices]
    choices = renamed if body.choices is None else body.choices
    if row.kind == "choice" and not choices:
        raise AttributeInvalid(f"{row.name!r} needs a choice. Delete the attribute if there is none.")
    if len(set(choices)) != len(choices):
        raise AttributeInvalid(f"A choice of {row.name!r} is named twice.")
    return choices


def _check_name(rows: Sequence[Attribute], row: Attribute, name: str) -> None:
    """Raise `AttributeNameTaken` where one object, or one image, would have two attributes of this name."""
    for other in rows:
        meets = other.subject == row.subject and (
            None in (other.class_id, row.class_id) or other.class_id == row.class_id
        )
        if other is not row and meets and other.name.lower() == name.lower():
            raise AttributeNameTaken(f"There is an attribute {other.name!r} already. Choose another name.")


def _next_position(rows: Sequence[Attribute], subject: str) -> int:
    return max((row.position for row in rows if row.subject == subject), default=0) + 1


def _move(rows: Sequence[Attribute], row: Attribute, position: int) -> None:
    others = [other for other in rows if other.subject == row.subject and other is not row]
    others.insert(min(position - 1, len(others)), row)
    for index, other in enumerate(others, start=1):
        other.position = index


def _facts(row: Attribute) -> dict[str, Any]:
    return {"name": row.name, "choices": list(row.choices), "position": row.position}


def _record(
    session: WriteSession, actor: Actor, row: Attribute, kind: str, summary: str, inverse: dict[str, Any], **said: Any
) -> ClassChange:
    inverse = {"attribute_id": str(row.id), **inverse}
    return classes.record(session, actor, row.project_id, kind, summary, inverse, **said)
