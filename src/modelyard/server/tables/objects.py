"""What people draw into images: every version of every object, the present ones and those before."""

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.geometry.shapes import Box, Shape, to_json
from modelyard.server.tables.base import Base, Identified


class Object(Identified, Base):
    """One version of one object. It holds from one revision of the image's annotation until another.

    A change ends a version and begins the next, so that any revision can be read again and nothing is ever lost.
    """

    __tablename__ = "objects"

    object_id: Mapped[UUID]  # the same for all versions of one object
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    class_id: Mapped[UUID] = mapped_column(ForeignKey("classes.id"))
    since_revision: Mapped[int]  # of the image's annotation
    until_revision: Mapped[int | None]  # None: it holds now
    type: Mapped[str] = mapped_column(String(16))  # "box" | "polygon" | "mask" …, see modelyard.geometry.shapes
    x1: Mapped[float]
    y1: Mapped[float]
    x2: Mapped[float]
    y2: Mapped[float]
    shape: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None: the bounds are the shape
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    z: Mapped[int] = mapped_column(default=0)
    # "human" | "import" | "model" (a suggestion as it was) | "model-edited" (a suggestion put right)
    source: Mapped[str] = mapped_column(String(16))
    suggestion_id: Mapped[UUID | None]  # the object suggestion that it came from
    author_id: Mapped[UUID | None]
    active_s: Mapped[float | None]  # seconds of active work on this version

    __table_args__ = (
        Index("ix_objects_image_id", "image_id", "until_revision"),
        Index("ix_objects_project_id_class_id", "project_id", "class_id", "until_revision"),
    )


def shape_columns(shape: Shape) -> dict[str, Any]:
    """Return how a shape is stored: its kind, its bounds, and the rest where bounds do not say it all."""
    x1, y1, x2, y2 = shape.bounds()
    found = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    if isinstance(shape, Box) and not shape.angle:
        return {"type": "box", "shape": None, **found}
    said = to_json(shape)
    return {"type": said["type"], "shape": said, **found}


def shape_json(row: Any) -> dict[str, Any]:
    """Return a stored shape as JSON."""
    if row.shape is not None:
        return row.shape  # type: ignore[no-any-return]
    return {"type": "box", "x1": row.x1, "y1": row.y1, "x2": row.x2, "y2": row.y2, "angle": 0.0}
