"""What two people said of the same picture, side by side, and how skilled everybody is by what all say together."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, now

NOTHING = "nothing"  # what somebody said who drew no such object


class Comparison(Base):
    """How often one of two people said the one thing of a picture where the other said the other.

    A picture of which all labels are in has rows for every two people who labelled it: one where images have a class,
    as many as they differ in where objects are drawn. What is said is a class's id, "does_not_belong", "not_sure", or
    "nothing" for an object that only the other drew (of both: they agree that there is none).
    """

    __tablename__ = "comparisons"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True)
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    first_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    second_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    first_said: Mapped[str] = mapped_column(String(36), primary_key=True)
    second_said: Mapped[str] = mapped_column(String(36), primary_key=True)
    count: Mapped[int]
    overlap: Mapped[float]  # IoU or OKS, summed over these objects
    labels: Mapped[int]  # how many people labelled the picture
    at: Mapped[datetime]  # when the later of the two labels came in

    # Everything that is summed up lies in the index, in the order in which it is summed: a million labels in seconds.
    __table_args__ = (
        Index("ix_comparisons_image_id", "image_id"),
        Index(
            "ix_comparisons_sums",
            *("batch_id", "first_id", "second_id", "first_said", "second_said"),
            *("labels", "count", "overlap", "image_id", "at"),
        ),
    )


class Skill(Base):
    """How likely one person of a project is right, and what they say for what; measured now and then, by a job."""

    __tablename__ = "skills"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    skill: Mapped[float]  # a share: of classes as frequent as they are; where objects are drawn, the F1
    compared: Mapped[int]  # from how many pictures it is known
    # {class that is true: {class that this person says: how likely}}; empty where objects are drawn
    confusion: Mapped[dict[str, Any]] = mapped_column(default=dict)
    measured_at: Mapped[datetime] = mapped_column(default=now)
