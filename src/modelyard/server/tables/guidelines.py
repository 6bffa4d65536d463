"""Guidelines: how a project, or one of its classes, is labelled; every save is a version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified, now


class GuidelineVersion(Identified, Base):
    """One version of the guidelines of a project or of a class, append-only; the one with the highest number counts."""

    __tablename__ = "guideline_versions"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    class_id: Mapped[UUID | None] = mapped_column(ForeignKey("classes.id"))  # None: of the project
    subject: Mapped[str] = mapped_column(String(36))  # "project", or the class's id
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)  # Markdown
    examples: Mapped[list[Any]]  # [{"image_id", "verdict": "good" | "bad", "caption"}]
    note: Mapped[str] = mapped_column(String(200), default="")  # what changed
    restored_from: Mapped[int | None]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("project_id", "subject", "number"),)


class GuidelineReading(Base):
    """The newest version of guidelines that a person has read."""

    __tablename__ = "guideline_readings"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int]
    read_at: Mapped[datetime] = mapped_column(default=now)
