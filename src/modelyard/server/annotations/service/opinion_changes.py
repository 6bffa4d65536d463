"""What changed attributes and skeletons do to opinions; merged and deleted classes are followed when they count."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import update

from modelyard.server.annotations.repository import opinions as repository
from modelyard.server.annotations.service.attribute_checks import renamed
from modelyard.server.annotations.service.object_classes import reordered
from modelyard.server.annotations.service.opinion_objects import to_object
from modelyard.server.events import AttributeRenamed, ClassChangeUndone, SkeletonChanged
from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import GoldAnswer, GoldPicture, Opinion

Change = Callable[[dict[str, Any]], dict[str, Any] | None]


def follow_rename(session: WriteSession, event: AttributeRenamed) -> None:
    """Keep values under an attribute's new name, and under the new names of its choices."""

    def rename(item: dict[str, Any]) -> dict[str, Any]:
        is_meant = event.class_id is None or UUID(item["class_id"]) == event.class_id
        if not is_meant or event.name not in item["attributes"]:
            return item
        return item | {"attributes": renamed(item["attributes"], event)}

    if event.subject == "object":
        _change_objects(session, event.project_id, rename)
        return
    for table in (Opinion, GoldAnswer):
        rows = repository.described(session, event.project_id, table)
        changed = [{"id": id_, "attributes": renamed(values, event)} for id_, values in rows if event.name in values]
        if changed:
            session.execute(update(table), changed)


def follow_skeleton(session: WriteSession, event: SkeletonChanged | ClassChangeUndone) -> None:
    """Give every object of the class its points in their new order; one of which no point is left goes."""
    was = event.was
    if was is None:
        return

    def reorder(item: dict[str, Any]) -> dict[str, Any] | None:
        if item["type"] != "keypoints" or UUID(item["class_id"]) != event.class_id:
            return item
        columns = reordered(to_object(item, None), was)
        return None if columns is None else item | columns

    _change_objects(session, event.project_id, reorder)


def _change_objects(session: WriteSession, project_id: UUID, change: Change) -> None:
    for table in (Opinion, GoldPicture, GoldAnswer):
        changed = []
        for id_, items in repository.drawn(session, project_id, table):
            new = [after for item in items if (after := change(item)) is not None]
            if new != items:
                changed.append({"id": id_, "objects": new})
        if changed:
            session.execute(update(table), changed)
