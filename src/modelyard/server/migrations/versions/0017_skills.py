"""How a batch settles what people differ in, and how skilled everybody is."""

import sqlalchemy as sa
from alembic import op

import modelyard.server.tables.base

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TIME = modelyard.server.tables.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    consensus = sa.Column("consensus", sa.String(length=16), nullable=False, server_default="unanimous")
    op.add_column("batches", consensus)
    op.create_table(
        "skills",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.Double(), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("confusion", sa.JSON(), nullable=False),
        sa.Column("measured_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_skills_project_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_skills_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "user_id", name=op.f("pk_skills")),
    )


def downgrade() -> None:
    op.drop_table("skills")
    op.drop_column("batches", "consensus")
