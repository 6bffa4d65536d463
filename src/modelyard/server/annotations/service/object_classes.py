"""What a change of the class list does to drawn objects, and how that is taken back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from modelyard.server.annotations.repository import objects as repository
from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import Annotation, Object, new_id, now

_COPIED = [
    column.key
    for column in Object.__table__.columns
    if column.key not in ("id", "created_at", "since_revision", "until_revision")
]


def change_class(session: WriteSession, rows: Sequence[Annotation], source_id: UUID, target_id: UUID | None) -> None:
    """Give the objects of one class to another at the next revision of these annotations, or end them (None)."""
    revisions = {row.image_id: row.revision + 1 for row in rows}
    found = [item for item in repository.present(session, revisions) if item.class_id == source_id]
    repository.end(session, found, revisions)
    if target_id is not None:
        repository.begin(session, [_copy(item, revisions, class_id=target_id) for item in found])


def bring_back(session: WriteSession, rows: Sequence[Annotation]) -> None:
    """Undo, at the next revision of these annotations, what their present revision did to objects."""
    revisions = {row.image_id: row.revision + 1 for row in rows}
    ended, begun = repository.changed_at(session, rows)
    repository.end(session, begun, revisions)
    repository.begin(session, [_copy(item, revisions) for item in ended])


def _copy(item: Object, revisions: dict[UUID, int], **changes: Any) -> dict[str, Any]:
    kept = {key: getattr(item, key) for key in _COPIED}
    return kept | changes | {"id": new_id(), "created_at": now(), "since_revision": revisions[item.image_id]}
