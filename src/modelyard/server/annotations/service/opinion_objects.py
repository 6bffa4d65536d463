"""Objects as an opinion keeps them, and as their table has them; and what an opinion says, in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from modelyard.server.tables import Object, Opinion, shape_json

_COLUMNS = ("object_id", "class_id", "attributes", "z", "type", "x1", "y1", "x2", "y2", "shape")
_KEPT = (*_COLUMNS, "source", "suggestion_id", "active_s")
_IDS = ("object_id", "class_id", "suggestion_id")


def to_stored(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object's columns as an opinion keeps them: ids as texts."""
    return {name: str(item[name]) if name in _IDS and item[name] is not None else item[name] for name in _KEPT}


def stored(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object's columns as its table has them."""
    return {name: UUID(item[name]) if name in _IDS and item[name] is not None else item[name] for name in _KEPT}


def to_object(item: Mapping[str, Any], author_id: UUID | None) -> Object:
    """Return an object of an opinion as if it stood in its table; it belongs to no session."""
    return Object(**stored(item), author_id=author_id)


def present(row: Opinion, classes: Mapping[UUID, UUID | None]) -> list[dict[str, Any]]:
    """Return a person's objects as columns, of the classes that theirs stand for now; none of deleted classes."""
    kept = [item | {"class_id": classes.get(item["class_id"])} for item in map(stored, row.objects)]
    return [item for item in kept if item["class_id"] is not None]


def shape_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shape of an object's columns as JSON."""
    return shape_json(Object(**{name: item[name] for name in ("type", "x1", "y1", "x2", "y2", "shape")}))


def said_in_words(rows: Sequence[Opinion], names: Mapping[UUID, str]) -> list[str]:
    """Return what people said, the most frequent first: “bun (2)”."""
    counts = Counter(in_words(row, names) for row in rows)
    return [f"{text} ({count})" if count > 1 else text for text, count in counts.most_common()]


def in_words(row: Opinion, names: Mapping[UUID, str]) -> str:
    """Return what one person said."""
    if row.answer == "class" and row.class_id is not None:
        return names.get(row.class_id, "a deleted class")
    if row.answer == "objects":
        return f"{len(row.objects)} object{'' if len(row.objects) == 1 else 's'}"
    return {"does_not_belong": "does not belong", "not_sure": "not sure"}.get(row.answer, row.answer)
