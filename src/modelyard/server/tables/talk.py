"""What people say to each other about images: issues with their comments, and who takes part."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified, now


class Issue(Identified, Base):
    """A thread about an image, pinned to a place in it or to the image as a whole."""

    __tablename__ = "issues"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    x: Mapped[float | None]  # pixels of the upright image; None: the image as a whole
    y: Mapped[float | None]
    state: Mapped[str] = mapped_column(String(16), default="open")  # "open" | "resolved"
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    resolved_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(default=now)
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_issues_project_id_updated_at", "project_id", "updated_at", "id"),
        Index("ix_issues_project_id_state", "project_id", "state", "image_id"),
        Index("ix_issues_image_id", "image_id"),
    )


class IssueComment(Identified, Base):
    """One thing that somebody said in a thread; the first one says what the issue is."""

    __tablename__ = "issue_comments"

    issue_id: Mapped[UUID] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)  # plain; "" once deleted
    mentions: Mapped[list[str]]  # ids of people
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class IssuePerson(Base):
    """Somebody who takes part in a thread: who wrote in it, or was mentioned."""

    __tablename__ = "issue_people"

    issue_id: Mapped[UUID] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    wrote: Mapped[bool]
