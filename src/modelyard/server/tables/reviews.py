"""What is looked at after it was labelled: one row per look that is wanted, or was taken, and what came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified, now

_WAITING: dict[str, Any] = {
    "sqlite_where": text("state = 'waiting'"),
    "postgresql_where": text("state = 'waiting'"),
}


class Review(Identified, Base):
    """One look of a reviewer at the label that a picture got in a batch.

    A picture that was sent back and labelled again is looked at again, in another row. No revision of an annotation is
    reviewed twice in a batch.
    """

    __tablename__ = "reviews"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    revision: Mapped[int]  # of the image's annotation that is looked at
    author_id: Mapped[UUID | None]  # whose label it is; None: of several people who agree, or of an import
    # "waiting" (lent out while its lease holds) | "accepted" | "corrected" (and accepted) | "rejected" | "gone" (the
    # image was deleted before anybody looked)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    is_again: Mapped[bool] = mapped_column(default=False)  # it was sent back before
    queued_at: Mapped[datetime] = mapped_column(default=now)  # first come, first looked at; later for what was skipped
    reviewer_id: Mapped[UUID | None]  # who has it, or decided
    lease_token: Mapped[UUID | None]
    lease_expires_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was sent back
    returned_to: Mapped[str | None] = mapped_column(String(8))  # "author" | "pool" | "dispute": opened again
    result_revision: Mapped[int | None]  # the revision of the annotation that the decision wrote
    active_s: Mapped[float | None]  # seconds of active work of the reviewer
    # Whose slots and opinions they were before they were sent back: {"slots": [...], "opinions": [...]}
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (
        UniqueConstraint("batch_id", "image_id", "revision"),
        Index("ix_reviews_waiting", "project_id", "batch_id", "queued_at", **_WAITING),
        Index("ix_reviews_batch_id_state", "batch_id", "state", "decided_at"),
        Index("ix_reviews_project_id_author_id", "project_id", "author_id", "state"),
        Index("ix_reviews_image_id", "image_id"),
    )
