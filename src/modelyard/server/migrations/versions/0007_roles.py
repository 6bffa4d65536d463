"""A role for every member of a project: makers own it, everybody else manages it, so that nobody may do less."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OWNERS = """
UPDATE project_members SET role = 'owner' WHERE user_id = (
    SELECT projects.created_by FROM projects WHERE projects.id = project_members.project_id
)
"""
# Where whoever made a project is no member any more, the member of longest standing who can sign in owns it.
_ELDEST = """
UPDATE project_members SET role = 'owner' WHERE NOT EXISTS (
    SELECT 1 FROM project_members AS other JOIN users ON users.id = other.user_id
    WHERE other.project_id = project_members.project_id AND other.role = 'owner' AND users.disabled_at IS NULL
) AND user_id = (
    SELECT eldest.user_id FROM project_members AS eldest JOIN users ON users.id = eldest.user_id
    WHERE eldest.project_id = project_members.project_id AND users.disabled_at IS NULL
    ORDER BY eldest.created_at, eldest.user_id LIMIT 1
)
"""


def upgrade() -> None:
    with op.batch_alter_table("project_members") as batch:
        batch.add_column(sa.Column("role", sa.String(length=16), nullable=False, server_default="manager"))
    with op.batch_alter_table("project_members") as batch:
        batch.alter_column("role", server_default=None)
    op.execute(_OWNERS)
    op.execute(_ELDEST)
    op.add_column("invitations", sa.Column("role", sa.String(length=16), nullable=True))
    op.execute("UPDATE invitations SET role = 'manager' WHERE kind = 'member'")


def downgrade() -> None:
    op.drop_column("invitations", "role")
    with op.batch_alter_table("project_members") as batch:
        batch.drop_column("role")
