"""What one step did, and what became of a detector's suggestions, are found without reading a project's whole history."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_DETECTOR = "ix_object_suggestions_detector_id"


def upgrade() -> None:
    op.create_index("ix_annotation_revisions_project_id_action", "annotation_revisions", ["project_id", "action"])
    op.drop_index("ix_annotation_revisions_project_id", "annotation_revisions")
    op.drop_index(_DETECTOR, "object_suggestions")
    op.create_index(_DETECTOR, "object_suggestions", ["detector_id", "class_id", "outcome"])


def downgrade() -> None:
    op.drop_index(_DETECTOR, "object_suggestions")
    op.create_index(_DETECTOR, "object_suggestions", ["detector_id"])
    op.create_index("ix_annotation_revisions_project_id", "annotation_revisions", ["project_id"])
    op.drop_index("ix_annotation_revisions_project_id_action", "annotation_revisions")
