"""What an import adds to a project's classes and attributes: noted in it, so that what nobody uses goes with it."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.kit.database import WriteSession
from modelyard.server.projects import attribute_arrivals
from modelyard.server.projects.attribute_schemas import Subject
from modelyard.server.projects.attribute_values import Value
from modelyard.server.tables import Import, Project

Seen = Mapping[str, Collection[Value]]


def note_classes(row: Import, class_ids: Sequence[UUID]) -> None:
    """Keep which classes an import added, so that those that nobody uses go when it is taken back."""
    if class_ids:
        made = [*(row.changes or {}).get("classes_made", []), *map(str, class_ids)]
        row.changes = (row.changes or {}) | {"classes_made": list(dict.fromkeys(made))}


def define(
    session: WriteSession, actor: Actor, row: Import, project: Project, of_objects: Seen, of_images: Seen
) -> None:
    """Define the attributes of these values, and keep which an import added, so that they go with it."""
    subjects: tuple[tuple[Subject, Seen], ...] = (("object", of_objects), ("image", of_images))
    for subject, seen in subjects:
        if not seen:
            continue
        made = attribute_arrivals.ensure(session, actor, project, seen, subject=subject)
        noted = dict(row.changes or {})
        if made.attributes:
            noted["attributes_made"] = [*noted.get("attributes_made", []), *map(str, made.attributes)]
        if made.choices:
            before = noted.get("choices_made", {})
            new = {str(key): [*before.get(str(key), []), *choices] for key, choices in made.choices.items()}
            noted["choices_made"] = {**before, **new}
        if made.attributes or made.choices:
            row.changes = noted


def undefine(session: WriteSession, actor: Actor, row: Import, project: Project) -> None:
    """Delete what an import added to the attributes, where nothing has it as a value any more."""
    noted = row.changes or {}
    made = {UUID(key) for key in noted.get("attributes_made", [])}
    choices = {UUID(key): values for key, values in noted.get("choices_made", {}).items()}
    attribute_arrivals.withdraw(session, actor, project, made, choices)
