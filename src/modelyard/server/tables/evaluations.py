"""Evaluations of a model on a split of a dataset version."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified


class Evaluation(Identified, Base):
    __tablename__ = "evaluations"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    model_id: Mapped[UUID] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("dataset_versions.id"))
    split: Mapped[str] = mapped_column(String(8))
    report: Mapped[dict[str, Any]]  # see evaluations.schemas.Report
    predictions_blob: Mapped[str] = mapped_column(String(64))  # JSON lines: image_id, truth, predicted, probabilities
    looks: Mapped[int] = mapped_column(default=1)  # how often this split was looked at with this model

    __table_args__ = (UniqueConstraint("model_id", "version_id", "split"),)
