"""Keypoints against the skeleton of their class: as many points as it has."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from modelyard.errors import Invalid
from modelyard.server.annotations.repository import objects as repository
from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import Object


class ObjectInvalid(Invalid):
    """An object cannot be kept as it is. Correct it and send it again."""


def fit(session: ReadSession, wanted: Sequence[dict[str, Any]], present: Mapping[UUID, Object]) -> None:
    """Give keypoints as many points as their class has, the rest not placed; raises `ObjectInvalid` for too many.

    An object whose class has none, or which had so many before, stays as it is.
    """
    keypoints = [item for item in wanted if item["type"] == "keypoints"]
    if not keypoints:
        return
    skeletons = repository.skeletons(session, {item["class_id"] for item in keypoints})
    for item in keypoints:
        name, skeleton = skeletons[item["class_id"]]
        before = present.get(item["object_id"])
        points = item["shape"]["points"]
        if skeleton is None or (before is not None and _size(before) == len(points)):
            continue
        missing = len(skeleton["points"]) - len(points)
        if missing < 0:
            raise ObjectInvalid(
                f"Object {item['object_id']} has {len(points)} points, and objects of the class “{name}” have "
                f"{len(skeleton['points'])}."
            )
        item["shape"] = item["shape"] | {"points": [*points, *([[0.0, 0.0, 0]] * missing)]}


def _size(row: Object) -> int:
    return len((row.shape or {}).get("points", ()))
