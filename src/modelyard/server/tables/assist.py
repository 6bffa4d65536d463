"""What models suggest for images; never mixed with annotations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified, now


class SuggestionModel(Identified, Base):
    """One quick head, trained on the labels so far, whose predictions are the suggestions."""

    __tablename__ = "suggestion_models"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    version: Mapped[str] = mapped_column(String(64))  # "quick-17"
    labels: Mapped[int]  # how many labels it learnt from
    seconds: Mapped[float]
    accuracy: Mapped[float | None]  # out-of-fold, on the labels it learnt from
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Suggestion(Base):
    """The present suggestion for one image."""

    __tablename__ = "suggestions"

    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    class_id: Mapped[UUID] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"))
    score: Mapped[float]  # probability in [0, 1]
    margin: Mapped[float]  # first minus second probability
    runner_up_id: Mapped[UUID | None]
    version: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        Index("ix_suggestions_project_id_class_id", "project_id", "class_id", "score", "image_id"),
        Index("ix_suggestions_project_id_score", "project_id", "score", "image_id"),
    )


class Detector(Identified, Base):
    """A network that somebody brought as a file: it finds objects in images and suggests them."""

    __tablename__ = "detectors"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    blob: Mapped[str] = mapped_column(String(64))  # BLAKE3 of the ONNX file
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    card: Mapped[dict[str, Any]]  # its classes and pre-processing, as the JSON beside it says
    # What people chose for its class names: the id of a class, or None: not suggested. Other names go by themselves.
    mapping: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_by: Mapped[UUID | None]
    deleted_at: Mapped[datetime | None]


class ObjectSuggestion(Identified, Base):
    """One object that a detector suggests for an image, and what became of it."""

    __tablename__ = "object_suggestions"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    detector_id: Mapped[UUID] = mapped_column(ForeignKey("detectors.id", ondelete="CASCADE"))
    class_id: Mapped[UUID] = mapped_column(ForeignKey("classes.id"))
    score: Mapped[float]  # in [0, 1]
    type: Mapped[str] = mapped_column(String(16))
    x1: Mapped[float]
    y1: Mapped[float]
    x2: Mapped[float]
    y2: Mapped[float]
    shape: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None: the bounds are the shape
    # "accepted" | "edited" | "rejected" | None: undecided | "replaced": found otherwise since, before anybody decided
    outcome: Mapped[str | None] = mapped_column(String(16))
    object_id: Mapped[UUID | None]  # the object that it became
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_object_suggestions_image_id", "image_id", "outcome"),
        Index("ix_object_suggestions_project_id_score", "project_id", "outcome", "score"),
        Index("ix_object_suggestions_detector_id", "detector_id", "class_id", "outcome"),
    )
