"""What people are told of: notifications, and whether they also go out by e-mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified, now


class Notification(Identified, Base):
    """One line in a person's list. What repeats before it is read is counted in the same line."""

    __tablename__ = "notifications"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))  # who caused it
    kind: Mapped[str] = mapped_column(String(32))  # see notifications.kinds
    text: Mapped[str] = mapped_column(String(500))  # one plain sentence
    path: Mapped[str] = mapped_column(String(300))  # where in the browser application: "/projects/…"
    count: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    mail_due_at: Mapped[datetime | None]  # None: not by e-mail, sent already, or given up
    mail_tries: Mapped[int] = mapped_column(default=0)
    mailed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_notifications_user_id_updated_at", "user_id", "updated_at", "id"),
        Index("ix_notifications_user_id_read_at", "user_id", "read_at"),
        Index("ix_notifications_mail_due_at", "mail_due_at"),
    )
