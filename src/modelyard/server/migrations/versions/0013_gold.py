"""Pictures with known answers, what people say of them, and the share of them in a batch."""

import sqlalchemy as sa
from alembic import op

import modelyard.server.tables.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TIME = modelyard.server.tables.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("batches", sa.Column("gold_share", sa.Float(), nullable=False, server_default="0"))
    op.create_table(
        "gold_pictures",
        *_identified("gold_pictures"),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=True),
        sa.Column("objects", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_onboarding", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", _TIME, nullable=True),
        _belongs_to("gold_pictures", "project_id", "projects"),
        _belongs_to("gold_pictures", "image_id", "images"),
        _belongs_to("gold_pictures", "created_by", "users", ondelete="SET NULL"),
    )
    present = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_gold_pictures_present",
        "gold_pictures",
        ["image_id"],
        unique=True,
        sqlite_where=present,
        postgresql_where=present,
    )
    op.create_index("ix_gold_pictures_project_id", "gold_pictures", ["project_id", "ended_at"])
    _create_answers()
    op.create_table(
        "gold_pauses",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("paused_at", _TIME, nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("counted_since", _TIME, nullable=True),
        sa.Column("resumed_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("project_id", "user_id", name=op.f("pk_gold_pauses")),
        _belongs_to("gold_pauses", "project_id", "projects"),
        _belongs_to("gold_pauses", "user_id", "users"),
        _belongs_to("gold_pauses", "resumed_by", "users", ondelete="SET NULL"),
    )


def _create_answers() -> None:
    op.create_table(
        "gold_answers",
        *_identified("gold_answers"),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("gold_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("is_apart", sa.Boolean(), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_expires_at", _TIME, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=True),
        sa.Column("objects", sa.JSON(), nullable=False),
        sa.Column("attributes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("active_s", sa.Float(), nullable=True),
        sa.Column("suggestion", sa.JSON(), nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("submitted_at", _TIME, nullable=True),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("is_right", sa.Boolean(), nullable=True),
        sa.Column("had_suggestions", sa.Boolean(), nullable=True),
        _belongs_to("gold_answers", "project_id", "projects"),
        _belongs_to("gold_answers", "batch_id", "batches"),
        _belongs_to("gold_answers", "image_id", "images"),
        _belongs_to("gold_answers", "gold_id", "gold_pictures"),
        _belongs_to("gold_answers", "author_id", "users"),
        sa.UniqueConstraint("image_id", "author_id", name=op.f("uq_gold_answers_image_id_author_id")),
    )
    op.create_index("ix_gold_answers_batch_id", "gold_answers", ["batch_id", "author_id", "answer"])
    op.create_index("ix_gold_answers_project_id", "gold_answers", ["project_id", "author_id", "submitted_at"])
    op.create_index("ix_gold_answers_lease_token", "gold_answers", ["lease_token"])


def downgrade() -> None:
    for table in ("gold_pauses", "gold_answers", "gold_pictures"):
        op.drop_table(table)
    op.drop_column("batches", "gold_share")


def _identified(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _belongs_to(table: str, column: str, other: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)
