"""Background work: one row a job, with its lease, progress and last checkpoint."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified


class Job(Identified, Base):
    __tablename__ = "jobs"

    kind: Mapped[str] = mapped_column(String(64))  # "images.import"
    lane: Mapped[str] = mapped_column(String(16), default="bulk")  # "quick" | "ahead" | "bulk"
    title: Mapped[str] = mapped_column(String(200))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    params: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default="queued")
    # "queued" | "running" | "succeeded" | "failed" | "cancelled"
    queueing_lock: Mapped[str | None] = mapped_column(String(200))  # at most one *queued* job holds it
    run_after: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(64))
    lease_expires_at: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[str] = mapped_column(String(100), default="")  # plain words: "Reading pictures"
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    rate: Mapped[float | None]  # items a second, over the last half minute
    checkpoint: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]  # {"code", "detail"}
    started_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_jobs_claim", "lane", "state", "id"),
        Index(
            "uq_jobs_queueing_lock",
            "queueing_lock",
            unique=True,
            sqlite_where=text("state = 'queued' AND queueing_lock IS NOT NULL"),
            postgresql_where=text("state = 'queued' AND queueing_lock IS NOT NULL"),
        ),
    )


class IdempotencyKey(Identified, Base):
    """The answer to a request that may be repeated, kept for a day."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(300), unique=True)  # user id + method + path + client's key
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]  # None while the first request is still running
    response: Mapped[dict[str, Any] | None]
