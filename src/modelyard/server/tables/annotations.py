"""What people say about images: annotations, and every revision of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified, now


class Annotation(Identified, Base):
    """The present answer for one image. A withdrawn one (undone) has answer "none" and keeps its revisions."""

    __tablename__ = "annotations"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    answer: Mapped[str] = mapped_column(String(16))  # "class" | "objects" | "does_not_belong" | "not_sure" | "none"
    class_id: Mapped[UUID | None] = mapped_column(ForeignKey("classes.id"))
    source: Mapped[str] = mapped_column(String(16))  # "human" | "import" | "consensus" (of several people)
    author_id: Mapped[UUID | None]
    # "accepted" | "corrected" | None: none was shown
    suggestion_outcome: Mapped[str | None] = mapped_column(String(16))
    attributes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # of the image as a whole
    updated_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        Index("ix_annotations_project_id_class_id", "project_id", "class_id", "image_id"),
        Index("ix_annotations_project_id_answer", "project_id", "answer", "image_id"),
    )


class AnnotationRevision(Identified, Base):
    """One revision, append-only: who said what, when, how long it took, what was suggested."""

    __tablename__ = "annotation_revisions"

    annotation_id: Mapped[UUID] = mapped_column(ForeignKey("annotations.id", ondelete="CASCADE"), index=True)
    step_id: Mapped[UUID]  # the same for all images that were changed in one step; later steps have greater ones
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    image_id: Mapped[UUID]
    batch_id: Mapped[UUID | None]  # the batch that it was labelled in
    revision: Mapped[int]
    answer: Mapped[str] = mapped_column(String(16))
    class_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(String(16))
    author_id: Mapped[UUID | None]
    suggested_class_id: Mapped[UUID | None]
    suggestion_score: Mapped[float | None]
    suggestion_version: Mapped[str | None] = mapped_column(String(64))
    suggestion_outcome: Mapped[str | None] = mapped_column(String(16))
    active_s: Mapped[float | None]  # seconds of active work
    attributes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # "label" | "bulk" | "undo" | "import" | "class-merge" …
    action: Mapped[str] = mapped_column(String(64), default="label")

    __table_args__ = (
        Index("ix_annotation_revisions_project_id_action", "project_id", "action"),
        Index("ix_annotation_revisions_project_id_step_id", "project_id", "step_id", "author_id", "action"),
    )
