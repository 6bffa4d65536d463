"""Values of attributes on their way in and out: checked when they come, without deleted ones when they are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import update

from modelyard.errors import Invalid
from modelyard.server.annotations.repository import objects as repository
from modelyard.server.events import AttributeRenamed
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.projects import attribute_repository, attributes
from modelyard.server.projects import repository as projects
from modelyard.server.projects.attribute_values import faults
from modelyard.server.tables import Annotation, AnnotationRevision, Attribute, Object

Values = Mapping[str, Any]


class AttributeValueInvalid(Invalid):
    """A value does not fit its attribute. `errors` names every object, attribute and what it takes."""


@dataclass(frozen=True)
class Asked:
    """What a project asks of its objects and images."""

    rows: list[Attribute]
    hidden: frozenset[str]  # names of deleted attributes: values are kept, and nobody sees them
    class_name: Callable[[UUID], str]  # asked for when something is wrong

    def shown(self, values: Values | None) -> dict[str, Any]:
        """Return values without those of deleted attributes."""
        return {name: value for name, value in (values or {}).items() if name not in self.hidden}

    def kept(self, values: Values, before: Values | None) -> dict[str, Any]:
        """Return new values, with those before that whoever sent them could not see."""
        unseen = {name: value for name, value in (before or {}).items() if name in self.hidden}
        return unseen | dict(values)

    def object_faults(self, object_id: UUID, class_id: UUID, values: Values, before: Values | None) -> list[str]:
        """Return what is wrong with an object's values."""
        if not values:
            return []
        whose = f"objects of the class “{self.class_name(class_id)}”"
        known = attributes.definitions(self.rows, "object", class_id)
        return [f"Object {object_id}: {fault}" for fault in faults(values, known, kept=before or {}, whose=whose)]

    def image_faults(self, values: Values, before: Values | None) -> list[str]:
        """Return what is wrong with the values of an image as a whole."""
        known = attributes.definitions(self.rows, "image")
        return [f"The image: {fault}" for fault in faults(values, known, kept=before or {}, whose="images")]


def load(session: ReadSession, project_id: UUID) -> Asked:
    """Return what a project asks of its objects and images."""
    rows, gone = attribute_repository.all_(session, project_id)
    hidden = {row.name for row in gone} - {row.name for row in rows}
    return Asked(rows, frozenset(hidden), lambda class_id: projects.class_name(session, class_id))


def refuse(found: list[str]) -> None:
    """Raise `AttributeValueInvalid` if there is a fault; every one of them is in it."""
    if found:
        more = f" There are {len(found) - 1} more." if len(found) > 1 else ""
        raise AttributeValueInvalid(found[0] + more, errors=[{"detail": fault} for fault in found[:100]])


def follow_rename(session: WriteSession, event: AttributeRenamed) -> None:
    """Keep values under an attribute's new name, and under the new names of its choices, in all versions."""
    if event.subject == "image":
        for table in (Annotation, AnnotationRevision):
            _rewrite(session, table, repository.described_images(session, table, event.project_id), event)
    else:
        _rewrite(session, Object, repository.described(session, event.project_id, event.name, event.class_id), event)


def _rewrite(session: WriteSession, table: Any, rows: Any, event: AttributeRenamed) -> None:
    changed = [{"id": id_, "attributes": renamed(values, event)} for id_, values in rows if event.name in values]
    if changed:
        session.execute(update(table), changed)


def renamed(values: Values, event: AttributeRenamed) -> dict[str, Any]:
    """Return values under an attribute's new name, and under the new names of its choices."""
    value = values[event.name]
    new = event.choices.get(value, value) if isinstance(value, str) else value
    return {
        event.new_name if name == event.name else name: new if name == event.name else other
        for name, other in values.items()
    }
