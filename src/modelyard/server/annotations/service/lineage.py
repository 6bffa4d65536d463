"""Where drawn objects come from: a person, or a model's suggestion, as it was or put right."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from modelyard.server.annotations.repository import objects as repository
from modelyard.server.events import ObjectSuggestionsDecided
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.tables import Object, ObjectSuggestion

_SHAPE = ("class_id", "type", "x1", "y1", "x2", "y2", "shape")


def trace(
    session: WriteSession, image_id: UUID, wanted: Sequence[dict[str, Any]], present: Mapping[UUID, Object]
) -> None:
    """Say of each object that is to be written which suggestion it came from, and whether it still is as suggested.

    An object stays what it came from however it is changed. Of two objects from one suggestion the first is it; the
    other, and one whose suggestion nobody knows, is a person's own.
    """
    for row in wanted:
        before = present.get(row["object_id"])
        row["suggestion_id"] = row["suggestion_id"] or (before.suggestion_id if before else None)
    known = repository.suggestions(session, image_id, {row["suggestion_id"] for row in wanted} - {None})
    holders = {item.suggestion_id: item.object_id for item in present.values() if item.suggestion_id is not None}
    for row in wanted:
        found = known.get(row["suggestion_id"])
        is_own = found is None or holders.setdefault(found.id, row["object_id"]) != row["object_id"]
        row["source"] = "human" if is_own else "model" if _is_as_suggested(row, found) else "model-edited"
        row["suggestion_id"] = None if is_own else row["suggestion_id"]


def tell(
    session: WriteSession,
    owner: tuple[UUID, UUID, UUID | None],
    *,
    news: Sequence[Mapping[str, Any]],
    gone: Iterable[Object],
    reject: Sequence[UUID],
    reconsider: Sequence[UUID],
) -> None:
    """Tell what became of suggestions; `owner` is project, image and who decides. What is drawn is never rejected."""
    taken = {
        row["suggestion_id"]: (row["object_id"], "accepted" if row["source"] == "model" else "edited")
        for row in news
        if row["suggestion_id"] is not None
    }
    held = {item.suggestion_id for item in repository.present(session, [owner[1]])}
    rejected = [suggestion_id for suggestion_id in reject if suggestion_id not in held]
    left = {item.suggestion_id for item in gone if item.suggestion_id is not None} | set(reconsider)
    undecided = sorted(left - held - set(rejected))
    if taken or rejected or undecided:
        publish(session, ObjectSuggestionsDecided(*owner, taken=taken, rejected=rejected, undecided=undecided))


def _is_as_suggested(row: Mapping[str, Any], found: ObjectSuggestion | None) -> bool:
    return all(row[key] == getattr(found, key) for key in _SHAPE)
