"""Training runs and the models they made."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified


class Run(Identified, Base):
    """One execution of training, with everything needed to repeat it."""

    __tablename__ = "runs"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    number: Mapped[int]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("dataset_versions.id"))
    job_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    recipe: Mapped[str] = mapped_column(String(64))
    config: Mapped[dict[str, Any]]  # the frozen configuration: seed, backbone, budget …
    environment: Mapped[dict[str, Any]] = mapped_column(default=dict)  # library versions, hardware
    state: Mapped[str] = mapped_column(String(16), default="queued")  # as the job's
    curve: Mapped[list[Any]] = mapped_column(default=list)  # [{"step", "train_loss", "val_accuracy" …}]
    explanation: Mapped[str] = mapped_column(default="")
    seconds: Mapped[float | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("project_id", "number"),)


class Model(Identified, Base):
    """A trained network with weights, calibrated, exported and measured."""

    __tablename__ = "models"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    number: Mapped[int]
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("dataset_versions.id"))
    recipe: Mapped[str] = mapped_column(String(64))
    backbone: Mapped[str] = mapped_column(String(100))
    classes: Mapped[list[Any]]  # [{"id", "name", "color"}], in class_index order
    artifacts: Mapped[dict[str, Any]]  # {"onnx": blob hash, "head": blob hash, "card": …}
    threshold: Mapped[float | None]  # below it a prediction is undecided
    temperature: Mapped[float] = mapped_column(default=1.0)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)  # accuracy and its interval, for lists

    __table_args__ = (UniqueConstraint("project_id", "number"),)
