"""Projects, who belongs to them, and their classes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified, now


class Project(Identified, Base):
    __tablename__ = "projects"

    name: Mapped[str] = mapped_column(String(100), unique=True)
    # "classification" | "multi_label" | "detection" | "segmentation" | "semantic" | "keypoints"
    task: Mapped[str] = mapped_column(String(32))
    description: Mapped[str] = mapped_column(Text, default="")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)  # see projects.schemas.ProjectSettings
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime | None]
    event_number: Mapped[int] = mapped_column(default=0)


class ProjectMember(Base):
    __tablename__ = "project_members"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16))  # see accounts.roles.Role
    created_at: Mapped[datetime] = mapped_column(default=now)


class Class(Identified, Base):
    """A named category with a stable id; merged and deleted classes keep their row."""

    __tablename__ = "classes"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    color: Mapped[str] = mapped_column(String(7))  # "#rrggbb"
    position: Mapped[int]  # order on screen; the first ten answer to the digits 1 to 9 and 0
    description: Mapped[str] = mapped_column(Text, default="")
    # {"points": [name, …], "edges": [[from, to], …]} where objects of this class are keypoints
    skeleton: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    deleted_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("classes.id"))

    __table_args__ = (Index("ix_classes_project_id_position", "project_id", "position"),)


class Attribute(Identified, Base):
    """What else a project wants to know of each object, or of each image as a whole."""

    __tablename__ = "attributes"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    class_id: Mapped[UUID | None] = mapped_column(ForeignKey("classes.id"))  # None: whatever the class
    subject: Mapped[str] = mapped_column(String(8))  # "object" | "image"
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(8))  # "choice" | "number" | "text" | "flag" (yes or no)
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_attributes_project_id", "project_id", "position"),)


class ClassChange(Identified, Base):
    """One change of the class list with what is needed to take it back."""

    __tablename__ = "class_changes"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(16))  # "add" | "update" | "merge" | "delete"
    summary: Mapped[str] = mapped_column(String(300))
    inverse: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
