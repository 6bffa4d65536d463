"""Webhooks, their deliveries, and changes of annotations that wait to be told."""

import sqlalchemy as sa
from alembic import op

import modelyard.server.tables.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TIME = modelyard.server.tables.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("event_types", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("old_secret", sa.String(length=100), nullable=True),
        sa.Column("old_secret_until", _TIME, nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("failing_since", _TIME, nullable=True),
        sa.Column("stopped_at", _TIME, nullable=True),
        sa.Column("stopped_because", sa.String(length=300), nullable=False),
        *_identified("webhooks"),
        _belongs_to("webhooks", "project_id", "projects"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_webhooks_created_by"), ondelete="SET NULL"),
    )
    op.create_index("ix_webhooks_project_id", "webhooks", ["project_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", _TIME, nullable=True),
        sa.Column("sending_until", _TIME, nullable=True),
        sa.Column("attempts", sa.JSON(), nullable=False),
        sa.Column("finished_at", _TIME, nullable=True),
        *_identified("webhook_deliveries"),
        _belongs_to("webhook_deliveries", "webhook_id", "webhooks"),
    )
    op.create_index("ix_webhook_deliveries_webhook_id_id", "webhook_deliveries", ["webhook_id", "id"])
    op.create_index("ix_webhook_deliveries_next_try_at", "webhook_deliveries", ["next_try_at"])
    op.create_table(
        "webhook_changes",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("image_ids", sa.JSON(), nullable=False),
        *_identified("webhook_changes"),
        _belongs_to("webhook_changes", "project_id", "projects"),
    )
    op.create_index("ix_webhook_changes_project_id", "webhook_changes", ["project_id"])


def downgrade() -> None:
    for table in ("webhook_changes", "webhook_deliveries", "webhooks"):
        op.drop_table(table)


def _identified(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
