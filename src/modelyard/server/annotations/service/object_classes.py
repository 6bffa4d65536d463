"""What a change of the class list does to drawn objects, and how that is taken back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from modelyard.geometry.shapes import from_json
from modelyard.server.annotations.repository import objects as repository
from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import Annotation, Object, new_id, now, shape_columns

WHOLE = "whole"
_COPIED = [
    column.key
    for column in Object.__table__.columns
    if column.key not in ("id", "created_at", "since_revision", "until_revision")
]


def change_class(session: WriteSession, rows: Sequence[Annotation], source_id: UUID, target_id: UUID | None) -> None:
    """Give the objects of one class to another at the next revision of these annotations, or end them (None).

    An image that has the other class as a whole already gets it no second time.
    """
    revisions = {row.image_id: row.revision + 1 for row in rows}
    present = repository.present(session, revisions)
    found = [item for item in present if item.class_id == source_id]
    repository.end(session, found, revisions)
    if target_id is not None:
        has_it = {item.image_id for item in present if item.class_id == target_id and item.type == WHOLE}
        moved = [item for item in found if not (item.type == WHOLE and item.image_id in has_it)]
        repository.begin(session, [_copy(item, revisions, class_id=target_id) for item in moved])


def give(
    session: WriteSession, rows: Sequence[Annotation], moved: Sequence[Object], meant: Mapping[UUID, UUID | None]
) -> None:
    """Give objects the classes that are meant for each, by the id of its version, at their images' next revision.

    An image that has such a class as a whole already gets it no second time.
    """
    revisions = {row.image_id: row.revision + 1 for row in rows}
    repository.end(session, moved, revisions)
    has_it = {(item.image_id, item.class_id) for item in repository.present(session, revisions) if item.type == WHOLE}
    kept = [item for item in moved if item.type != WHOLE or (item.image_id, meant[item.id]) not in has_it]
    repository.begin(session, [_copy(item, revisions, class_id=meant[item.id]) for item in kept])


def bring_back(session: WriteSession, rows: Sequence[Annotation]) -> None:
    """Undo, at the next revision of these annotations, what their present revision did to objects."""
    revisions = {row.image_id: row.revision + 1 for row in rows}
    ended, begun = repository.changed_at(session, rows)
    repository.end(session, begun, revisions)
    repository.begin(session, [_copy(item, revisions) for item in ended])


def swap(
    session: WriteSession,
    revisions: dict[UUID, int],
    *,
    ended: Sequence[Object],
    returning: Sequence[Object],
    meant: Mapping[UUID | None, UUID | None],
) -> None:
    """End some objects at these revisions of their images, and let others hold again, of the classes meant now.

    An image that has such a class as a whole already, since classes were merged, gets it no second time.
    """
    repository.end(session, ended, revisions)
    present = repository.present(session, revisions)
    has_it = {(item.image_id, item.class_id) for item in present if item.type == WHOLE}
    back = [item for item in returning if (item.image_id, meant[item.class_id]) not in has_it]
    repository.begin(session, [_copy(item, revisions, class_id=meant[item.class_id]) for item in back])


def reorder_points(
    session: WriteSession, rows: Sequence[Annotation], class_id: UUID, was: Sequence[int | None]
) -> list[Annotation]:
    """Give objects of a class their points in another order, at the next revision; return the annotations touched.

    `was` says where each point was; a new one is not placed, and an object of which no point is left ends.
    """
    revisions = {row.image_id: row.revision + 1 for row in rows}
    present = repository.present(session, revisions)
    found = [item for item in present if item.class_id == class_id and item.type == "keypoints"]
    repository.end(session, found, revisions)
    repository.begin(session, [_copy(item, revisions, **said) for item in found if (said := reordered(item, was))])
    touched = {item.image_id for item in found}
    return [row for row in rows if row.image_id in touched]


def reordered(item: Object, was: Sequence[int | None]) -> dict[str, Any] | None:
    """Return the columns of keypoints whose points were each at the place that `was` says; None if none is left."""
    before = (item.shape or {})["points"]
    points = [before[at] if at is not None and at < len(before) else [0.0, 0.0, 0] for at in was]
    if not any(point[2] for point in points):
        return None
    return shape_columns(from_json({"type": "keypoints", "points": points}))


def _copy(item: Object, revisions: dict[UUID, int], **changes: Any) -> dict[str, Any]:
    kept = {key: getattr(item, key) for key in _COPIED}
    return kept | changes | {"id": new_id(), "created_at": now(), "since_revision": revisions[item.image_id]}
