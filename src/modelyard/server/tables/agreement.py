"""What two people said of the same picture, side by side; the figures of agreement are sums over it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base

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

    __table_args__ = (Index("ix_comparisons_image_id", "image_id"),)
