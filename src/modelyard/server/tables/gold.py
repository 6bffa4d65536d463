"""Pictures with known answers: what is known, what each person said of them, and who was asked to stop."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified, now


class GoldPicture(Identified, Base):
    """One version of a known answer: the label as it was when somebody marked the picture. It never changes.

    A later mark ends this version and begins the next; labels of the picture may change without touching it.
    """

    __tablename__ = "gold_pictures"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    answer: Mapped[str] = mapped_column(String(16))  # as in annotations, never "none"
    class_id: Mapped[UUID | None]  # a class that was merged since stands for its target
    objects: Mapped[list[Any]] = mapped_column(default=list)  # as opinions keep them
    revision: Mapped[int]  # of the annotation that it was taken from
    is_onboarding: Mapped[bool] = mapped_column(default=False)  # comes first to each new person
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None]  # when it was no longer gold, or its next version began

    __table_args__ = (
        Index(
            "ix_gold_pictures_present",
            "image_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_gold_pictures_project_id", "project_id", "ended_at"),
    )


class GoldAnswer(Identified, Base):
    """A known picture for one person: handed to them like any other, and what they said of it, kept apart."""

    __tablename__ = "gold_answers"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))  # None: on their own
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    gold_id: Mapped[UUID] = mapped_column(ForeignKey("gold_pictures.id", ondelete="CASCADE"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    turn: Mapped[int] = mapped_column(default=0)  # it comes as the so-manyeth picture of this person in the batch
    is_apart: Mapped[bool] = mapped_column(default=False)  # the batch keeps everybody's labels apart
    lease_token: Mapped[UUID | None]
    lease_expires_at: Mapped[datetime | None]
    # As in opinions; revision 0: nothing was said yet.
    revision: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    answer: Mapped[str] = mapped_column(String(16), default="none")
    class_id: Mapped[UUID | None]
    objects: Mapped[list[Any]] = mapped_column(default=list)
    attributes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    active_s: Mapped[float | None]
    suggestion: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]
    history: Mapped[list[Any]] = mapped_column(default=list)  # every revision, as the picture's history shows it
    score: Mapped[float | None]  # in [0, 1]: 1 or 0 for a class, the F1 at an overlap of one half for what is drawn
    is_right: Mapped[bool | None]
    had_suggestions: Mapped[bool | None]  # whether something was suggested to the person

    __table_args__ = (
        UniqueConstraint("image_id", "author_id"),
        Index("ix_gold_answers_batch_id", "batch_id", "author_id", "answer"),
        Index("ix_gold_answers_project_id", "project_id", "author_id", "submitted_at"),
        Index("ix_gold_answers_lease_token", "lease_token"),
    )


class GoldPause(Base):
    """Somebody who labelled too many known pictures differently, until whoever leads the work lets them go on."""

    __tablename__ = "gold_pauses"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    paused_at: Mapped[datetime | None]
    wrong: Mapped[int] = mapped_column(default=0)  # of
    known: Mapped[int] = mapped_column(default=0)  # pictures
    counted_since: Mapped[datetime | None]  # answers before it count no more
    resumed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
