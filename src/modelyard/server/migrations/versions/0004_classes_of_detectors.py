"""Which class of the project each class of a detector means."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("detectors", sa.Column("mapping", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("detectors", "mapping")
