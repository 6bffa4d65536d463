"""Images as an import leaves them, without files: rows and the event that tells the other rooms."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from modelyard.server.events import ImagesAdded
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.tables import Image, new_id


def image_row(project_id: UUID, **values: Any) -> Image:
    """Return one image that has not been added to a session yet."""
    image_id = values.pop("id", None) or new_id()
    facts: dict[str, Any] = {"name": f"{image_id}.jpg", "content_hash": image_id.hex * 2, "format": "jpeg"}
    facts |= {"size_bytes": 1000, "width": 640, "height": 480, "dhash": 0}
    facts |= {"brightness": 0.5, "contrast": 0.2, "sharpness": 100.0}
    return Image(id=image_id, project_id=project_id, **(facts | values))


def add_images(
    session: WriteSession,
    project_id: UUID,
    count: int,
    *,
    labels: Mapping[int, UUID] | None = None,
    author_id: UUID | None = None,
    **values: Any,
) -> list[UUID]:
    """Add images and tell the other rooms; `labels` gives classes by position."""
    images = [image_row(project_id, **values) for _ in range(count)]
    session.add_all(images)
    session.flush()
    ids = [image.id for image in images]
    named = {ids[index]: class_id for index, class_id in (labels or {}).items()}
    publish(session, ImagesAdded(project_id, ids, labels=named, author_id=author_id))
    return ids
