"""Work that is handed out together: batches, who labels them, what each person says, and the slots of the queue."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified, now


def _where(condition: str) -> dict[str, Any]:
    """Return the options of an index that holds only the rows of this condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Batch(Identified, Base):
    """Pictures that are labelled together, under one set of rules. It is put away, never erased."""

    __tablename__ = "batches"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    # "labels", or "audit": labels that were suggestions, taken unchanged, are given again by others, and measured
    kind: Mapped[str] = mapped_column(String(8), default="labels", server_default="labels")
    state: Mapped[str] = mapped_column(String(8), default="open")  # "open" | "paused" | "closed", for good
    overlap: Mapped[int] = mapped_column(default=1)  # labels wanted of each picture, each by another person
    # "upload" | "random" | "priority" | "uncertainty" | "diversity" | "disagreement"
    order: Mapped[str] = mapped_column(String(16), default="random")
    random_share: Mapped[float] = mapped_column(default=0.0)  # of the pictures handed out, whatever the order
    # Where people differ: "unanimous" (somebody decides) | "weighted" (the more skilled do, where that is sure)
    consensus: Mapped[str] = mapped_column(String(16), default="unanimous", server_default="unanimous")
    gold_share: Mapped[float] = mapped_column(default=0.0, server_default="0")  # of what people get: known pictures
    # Shares of the pictures that somebody looks at afterwards; the largest that applies to a picture counts.
    review_share: Mapped[float] = mapped_column(default=0.0)  # of all
    review_by_class: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of those with a class: id → share
    review_by_person: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # of those that somebody labelled: id → share
    review_differing: Mapped[float] = mapped_column(default=0.0)  # of those in which people, or a model, differ
    deadline: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")  # what whoever labels it should know
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class BatchPerson(Base):
    """Somebody whom a batch is meant for; a batch that names nobody is for every member."""

    __tablename__ = "batch_people"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)


class AuditPicture(Base):
    """A label that was taken unchanged from a suggestion, and how it fared when somebody gave it again blind."""

    __tablename__ = "audit_pictures"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True)
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int]  # of the image's annotation that is audited
    judged: Mapped[int | None]  # labels, or objects, that were suggestions taken unchanged
    wrong: Mapped[int | None]  # those among them that the other person did not give


class QueueItem(Base):
    """One slot: one label that is wanted of one image, by whoever takes it.

    An image waits in one queue at a time. In the project's open queue (no batch) it has one slot, which goes when it is
    answered. In a batch it has as many as the overlap, and they stay, so that the batch knows what was done by whom.
    """

    __tablename__ = "queue_items"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    slot: Mapped[int] = mapped_column(default=0)  # from 0, below the overlap
    # "waiting" (lent out as long as its lease holds) | "given" (this label is in, others are not) | "disputed" (all are
    # in, and differ) | "done" (the image is answered) | "gone" (the image was deleted)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    user_id: Mapped[UUID | None]  # who has it, or had it last; who gave the label once it is in
    priority: Mapped[float] = mapped_column(default=0.0)  # higher comes sooner in orders that rank images
    shuffle: Mapped[float]  # fixed random number in [0, 1): the order "random"
    reason: Mapped[str] = mapped_column(String(200), default="")  # why it was chosen, in plain words
    returned_to: Mapped[UUID | None]  # who alone gets it, since a reviewer sent their label back
    lease_token: Mapped[UUID | None]
    lease_expires_at: Mapped[datetime | None]
    given_at: Mapped[datetime | None]  # when this label came in

    __table_args__ = (
        UniqueConstraint("image_id", "batch_id", "slot"),
        Index("ix_queue_items_open", "image_id", unique=True, **_where("batch_id IS NULL")),
        Index("ix_queue_items_person", "batch_id", "image_id", "user_id", unique=True, **_where("user_id IS NOT NULL")),
        Index("ix_queue_items_lease", "lease_token", **_where("lease_token IS NOT NULL")),
        Index("ix_queue_items_returned", "returned_to", **_where("returned_to IS NOT NULL")),
        Index("ix_queue_items_given", "batch_id", "state", "user_id", "given_at", **_where("state <> 'waiting'")),
        *(
            Index(f"ix_queue_items_{of}{name}", f"{of}_id", *columns, "image_id", **_where(condition))
            for of, condition in (("project", "batch_id IS NULL"), ("batch", "state = 'waiting'"))
            for name, columns in (("_priority", ["priority"]), ("_shuffle", ["shuffle"]), ("_upload", []))
        ),
    )


class Postponement(Base):
    """An image that one person left for later; to others it comes as before."""

    __tablename__ = "postponements"

    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Opinion(Identified, Base):
    """What one person says of one image of a batch that asks several, unseen by the others until all have spoken."""

    __tablename__ = "opinions"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(16), default="draft")  # "draft" | "submitted"
    answer: Mapped[str] = mapped_column(String(16))  # as in annotations; "none" while it is being drawn
    class_id: Mapped[UUID | None]  # a class that was merged since stands for its target
    # Objects as columns of their table say them, with "object_id" as a text: what holds now, no earlier versions.
    objects: Mapped[list[Any]] = mapped_column(default=list)
    attributes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # of the image as a whole
    active_s: Mapped[float | None]  # seconds of active work, over all revisions
    # The class that was suggested, and the object suggestions that were rejected: {"class_id", "score", "version",
    # "outcome", "rejected": [id, …]}
    suggestion: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("batch_id", "image_id", "author_id"),
        Index("ix_opinions_project_id", "project_id", "updated_at"),
        Index("ix_opinions_image_id", "image_id"),
        Index("ix_opinions_author_id", "author_id", "submitted_at"),
    )
