"""Audits: labels that were suggestions, taken unchanged, are given again by others."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batches", sa.Column("kind", sa.String(length=8), nullable=False, server_default="labels"))
    op.create_table(
        "audit_pictures",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("batch_id", "image_id", name=op.f("pk_audit_pictures")),
        *(
            sa.ForeignKeyConstraint(
                [f"{of}_id"], [f"{table}.id"], name=op.f(f"fk_audit_pictures_{of}_id"), ondelete="CASCADE"
            )
            for of, table in (("batch", "batches"), ("image", "images"))
        ),
    )


def downgrade() -> None:
    op.drop_table("audit_pictures")
    op.drop_column("batches", "kind")
