"""What models suggest for images; never mixed with annotations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
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
