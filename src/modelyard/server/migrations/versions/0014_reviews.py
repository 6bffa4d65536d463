"""Reviews of what was labelled in batches, the shares of a batch that are reviewed, and whom a label was sent back to."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import modelyard.server.tables.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TIME = modelyard.server.tables.base.UtcDateTime(timezone=True)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "reviews",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("project_id", "batch_id", "image_id")),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_again", sa.Boolean(), nullable=False),
        sa.Column("queued_at", _TIME, nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_expires_at", _TIME, nullable=True),
        sa.Column("decided_at", _TIME, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("returned_to", sa.String(length=8), nullable=True),
        sa.Column("result_revision", sa.Integer(), nullable=True),
        sa.Column("active_s", sa.Double(), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{of}_id"], [f"{table}.id"], name=op.f(f"fk_reviews_{of}_id"), ondelete="CASCADE")
            for of, table in (("project", "projects"), ("batch", "batches"), ("image", "images"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("batch_id", "image_id", "revision", name=op.f("uq_reviews_batch_id_image_id_revision")),
    )
    op.create_index(
        "ix_reviews_waiting", "reviews", ["project_id", "batch_id", "queued_at"], **_where("state = 'waiting'")
    )
    op.create_index("ix_reviews_batch_id_state", "reviews", ["batch_id", "state", "decided_at"])
    op.create_index("ix_reviews_project_id_author_id", "reviews", ["project_id", "author_id", "state"])
    op.create_index("ix_reviews_image_id", "reviews", ["image_id"])
    for name in ("review_by_class", "review_by_person"):
        op.add_column("batches", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("batches", sa.Column("review_differing", sa.Double(), nullable=False, server_default="0"))
    op.add_column("queue_items", sa.Column("returned_to", sa.Uuid(), nullable=True))
    op.create_index("ix_queue_items_returned", "queue_items", ["returned_to"], **_where("returned_to IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_queue_items_returned", "queue_items")
    op.drop_column("queue_items", "returned_to")
    for name in ("review_by_class", "review_by_person", "review_differing"):
        op.drop_column("batches", name)
    op.drop_table("reviews")
