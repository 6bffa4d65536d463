"""Frozen dataset versions."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified


class DatasetVersion(Identified, Base):
    """A numbered, immutable snapshot; its manifest in the blob store is the truth, this row the summary."""

    __tablename__ = "dataset_versions"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))  # BLAKE3 of the manifest
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    images: Mapped[int]
    splits: Mapped[dict[str, Any]]  # {"train": 800, "val": 100, "test": 100}
    classes: Mapped[list[Any]]  # [{"id", "name", "color", "images"}], in class_index order
    options: Mapped[dict[str, Any]]  # seed, shares

    __table_args__ = (UniqueConstraint("project_id", "number"),)
