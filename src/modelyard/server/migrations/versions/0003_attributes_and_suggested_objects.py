"""Attributes, skeletons, detectors and the objects that they suggest; values that are not plain bytes."""

import sqlalchemy as sa
from alembic import op

import modelyard.server.tables.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = modelyard.server.tables.base.UtcDateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True)
_ADDED = (
    ("classes", "skeleton", _JSON),
    ("annotations", "attributes", _JSON),
    ("annotation_revisions", "attributes", _JSON),
    ("objects", "suggestion_id", sa.Uuid()),
    ("images", "display", _JSON),
    ("imports", "changes", _JSON),
)


def upgrade() -> None:
    for table, name, kind in _ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_table(
        "attributes",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deleted_at", _TIME, nullable=True),
        *_identity(),
        _project_key("attributes"),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_attributes_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attributes")),
    )
    op.create_index("ix_attributes_project_id", "attributes", ["project_id", "position"])
    op.create_table(
        "detectors",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", _TIME, nullable=True),
        *_identity(),
        _project_key("detectors"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_detectors")),
    )
    op.create_index("ix_detectors_project_id", "detectors", ["project_id"])
    _object_suggestions()


def _object_suggestions() -> None:
    op.create_table(
        "object_suggestions",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("detector_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("score", "x1", "y1", "x2", "y2")),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("shape", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", _TIME, nullable=True),
        *_identity(),
        _project_key("object_suggestions"),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("fk_object_suggestions_image_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["detector_id"], ["detectors.id"], name=op.f("fk_object_suggestions_detector_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_object_suggestions_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_object_suggestions")),
    )
    op.create_index("ix_object_suggestions_image_id", "object_suggestions", ["image_id", "outcome"])
    op.create_index("ix_object_suggestions_project_id_score", "object_suggestions", ["project_id", "outcome", "score"])
    op.create_index("ix_object_suggestions_detector_id", "object_suggestions", ["detector_id"])


def _identity() -> list[sa.Column[object]]:
    return [sa.Column("id", sa.Uuid(), nullable=False), sa.Column("created_at", _TIME, nullable=False)]


def _project_key(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_project_id")
    return sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("object_suggestions", "detectors", "attributes"):
        op.drop_table(table)
    for table, name, _ in _ADDED:
        with op.batch_alter_table(table) as batch:
            batch.drop_column(name)
