"""What labels that came again would change, image by image."""

import sqlalchemy as sa
from alembic import op

import modelyard.server.tables.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_changes",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("added", "changed", "deleted")),
        sa.Column("is_answer_new", sa.Boolean(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", modelyard.server.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_changes_import_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("fk_import_changes_image_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
        sa.UniqueConstraint("import_id", "image_id", name=op.f("uq_import_changes_import_id_image_id")),
    )
    op.create_index("ix_import_changes_import_id_state", "import_changes", ["import_id", "state", "id"])
    op.create_index("ix_import_changes_image_id", "import_changes", ["image_id"])


def downgrade() -> None:
    op.drop_table("import_changes")
