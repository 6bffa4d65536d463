"""Issues with their comments, and guidelines with their versions."""

import sqlalchemy as sa
from alembic import op

import modelyard.server.tables.base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TIME = modelyard.server.tables.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "issues",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", _TIME, nullable=True),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("deleted_at", _TIME, nullable=True),
        *_identified("issues"),
        _belongs_to("issues", "project_id", "projects"),
        _belongs_to("issues", "image_id", "images"),
        _names("issues", "author_id"),
        _names("issues", "resolved_by"),
    )
    op.create_index("ix_issues_project_id_updated_at", "issues", ["project_id", "updated_at", "id"])
    op.create_index("ix_issues_project_id_state", "issues", ["project_id", "state", "image_id"])
    op.create_index("ix_issues_image_id", "issues", ["image_id"])
    op.create_table(
        "issue_comments",
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("edited_at", _TIME, nullable=True),
        sa.Column("deleted_at", _TIME, nullable=True),
        *_identified("issue_comments"),
        _belongs_to("issue_comments", "issue_id", "issues"),
        _names("issue_comments", "author_id"),
    )
    op.create_index("ix_issue_comments_issue_id", "issue_comments", ["issue_id"])
    op.create_table(
        "issue_people",
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("wrote", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("issue_id", "user_id", name=op.f("pk_issue_people")),
        _belongs_to("issue_people", "issue_id", "issues"),
        _belongs_to("issue_people", "user_id", "users"),
    )
    op.create_index("ix_issue_people_user_id", "issue_people", ["user_id"])
    op.create_table(
        "guideline_versions",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        *_identified("guideline_versions"),
        _belongs_to("guideline_versions", "project_id", "projects"),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_guideline_versions_class_id")),
        _names("guideline_versions", "author_id"),
        sa.UniqueConstraint(
            "project_id", "subject", "number", name=op.f("uq_guideline_versions_project_id_subject_number")
        ),
    )
    op.create_table(
        "guideline_readings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("read_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "project_id", "subject", name=op.f("pk_guideline_readings")),
        _belongs_to("guideline_readings", "user_id", "users"),
        _belongs_to("guideline_readings", "project_id", "projects"),
    )


def downgrade() -> None:
    for table in ("guideline_readings", "guideline_versions", "issue_people", "issue_comments", "issues"):
        op.drop_table(table)


def _identified(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def _names(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_{table}_{column}"), ondelete="SET NULL")
