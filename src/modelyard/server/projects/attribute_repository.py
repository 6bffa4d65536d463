"""Look-ups of attributes, and of the values that objects and images have."""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import Annotation, Attribute, Object

_ALL = (  # Written down once: every save of what is drawn asks it.
    select(Attribute)
    .where(Attribute.project_id == bindparam("project"))
    .order_by(Attribute.subject.desc(), Attribute.position, Attribute.id)
)


def present(session: ReadSession, project_id: UUID) -> list[Attribute]:
    """Return the attributes in their order, those of objects first, without deleted ones."""
    query = select(Attribute).where(Attribute.project_id == project_id, Attribute.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Attribute.subject.desc(), Attribute.position, Attribute.id)))


def all_(session: ReadSession, project_id: UUID) -> tuple[list[Attribute], list[Attribute]]:
    """Return the attributes that are there, as `present` does, and those that were deleted."""
    rows = list(session.scalars(_ALL, {"project": project_id}))
    return [row for row in rows if row.deleted_at is None], [row for row in rows if row.deleted_at is not None]


def choices(session: ReadSession, project_id: UUID) -> dict[tuple[str, str], list[str]]:
    """Return the words that attributes are chosen from, by subject ("image" or "object") and name."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in present(session, project_id):
        if row.kind == "choice":
            known = found.setdefault((row.subject, row.name), [])
            known += [choice for choice in row.choices if choice not in known]
    return found


def hidden(session: ReadSession, project_id: UUID) -> list[Attribute]:
    """Return the attributes that were deleted: their values are kept, and not shown."""
    query = select(Attribute).where(Attribute.project_id == project_id, Attribute.deleted_at.is_not(None))
    return list(session.scalars(query))


def hidden_names(session: ReadSession, project_id: UUID, subject: str) -> set[str]:
    """Return the names of attributes, of objects or of images, of which only deleted ones are called so."""
    gone = {row.name for row in hidden(session, project_id) if row.subject == subject}
    return gone - {row.name for row in present(session, project_id) if row.subject == subject}


def count_values(session: ReadSession, row: Attribute) -> tuple[int, Counter[str]]:
    """Return how many objects, or images, have a value of an attribute, and how often each text occurs."""
    count, by_value = 0, Counter[str]()
    for (values,) in session.execute(_values(row).execution_options(yield_per=1000)):
        if row.name in values:
            count += 1
            by_value[str(values[row.name])] += 1
    return count, by_value


def _values(row: Attribute) -> Select[Any]:
    if row.subject == "image":
        query = select(Annotation.attributes).where(Annotation.project_id == row.project_id)
        return query.where(Annotation.attributes.is_not(None))
    query = select(Object.attributes).where(Object.project_id == row.project_id, Object.until_revision.is_(None))
    query = query.where(Object.attributes[row.name].as_string().is_not(None))
    return query if row.class_id is None else query.where(Object.class_id == row.class_id)
