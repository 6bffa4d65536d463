"""An index in which everything lies that is summed up of comparisons."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_COLUMNS = ("batch_id", "first_id", "second_id", "first_said", "second_said")
_SUMMED = ("labels", "count", "overlap", "image_id", "at")


def upgrade() -> None:
    op.create_index("ix_comparisons_sums", "comparisons", [*_COLUMNS, *_SUMMED])


def downgrade() -> None:
    op.drop_index("ix_comparisons_sums", "comparisons")
