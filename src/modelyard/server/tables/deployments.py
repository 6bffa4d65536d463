"""Deployments and the predictions that were kept, with leave."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified


class Deployment(Identified, Base):
    __tablename__ = "deployments"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)  # in its address; lower case, digits, hyphens
    model_id: Mapped[UUID] = mapped_column(ForeignKey("models.id"))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    is_active: Mapped[bool] = mapped_column(default=True)
    keep_predictions: Mapped[bool] = mapped_column(default=False)
    retention_days: Mapped[int] = mapped_column(default=30)
    below_wish: Mapped[str] = mapped_column(String(500), default="")  # what was said when the gate was passed over


class KeptPrediction(Identified, Base):
    __tablename__ = "kept_predictions"

    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployments.id", ondelete="CASCADE"))
    model_id: Mapped[UUID]
    content_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(300), default="")
    predictions: Mapped[list[Any]]
    undecided: Mapped[bool]
    milliseconds: Mapped[float]
    expires_at: Mapped[datetime]
    queued_image_id: Mapped[UUID | None]  # set when it was sent to the labelling queue

    __table_args__ = (Index("ix_kept_predictions_deployment_id_id", "deployment_id", "id"),)
