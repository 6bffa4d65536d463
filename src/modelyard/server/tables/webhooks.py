"""Webhooks, what is to be sent to them and how that went, and changes of annotations that wait to be told together."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified


class Webhook(Identified, Base):
    """An address outside that is told of chosen events of a project."""

    __tablename__ = "webhooks"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    description: Mapped[str] = mapped_column(String(200), default="")
    url: Mapped[str] = mapped_column(String(2000))
    event_types: Mapped[list[str]]  # see webhooks.types
    secret: Mapped[str] = mapped_column(String(100))  # "whsec_…"
    old_secret: Mapped[str | None] = mapped_column(String(100))  # signs too, until `old_secret_until`
    old_secret_until: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    failing_since: Mapped[datetime | None]  # the first failure after the last success
    stopped_at: Mapped[datetime | None]  # when the server itself switched it off
    stopped_because: Mapped[str] = mapped_column(String(300), default="")


class WebhookDelivery(Identified, Base):
    """One event on its way to one webhook; its id is the message's, in every attempt and every replay."""

    __tablename__ = "webhook_deliveries"

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event_type: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)  # exactly what is sent
    state: Mapped[str] = mapped_column(String(16), default="waiting")  # "waiting" | "delivered" | "failed"
    tries: Mapped[int] = mapped_column(default=0)  # since it was made or last replayed
    next_try_at: Mapped[datetime | None]
    sending_until: Mapped[datetime | None]  # a worker is at it; afterwards another one may
    # [{"at", "status", "duration_ms", "reply", "error"}], the last ones
    attempts: Mapped[list[Any]] = mapped_column(default=list)
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_webhook_deliveries_webhook_id_id", "webhook_id", "id"),
        Index("ix_webhook_deliveries_next_try_at", "next_try_at"),
    )


class WebhookChange(Identified, Base):
    """Images whose annotations changed in one step; gathered into a delivery a few seconds later."""

    __tablename__ = "webhook_changes"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    image_ids: Mapped[list[str]]
