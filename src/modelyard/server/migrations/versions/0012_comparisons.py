"""What two people said of the same picture, side by side; what is there already is compared by a job."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import modelyard.server.tables.base
from modelyard.server.tables.base import new_id, now

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TIME = modelyard.server.tables.base.UtcDateTime(timezone=True)
_JOB: tuple[sa.ColumnClause[Any], ...] = (
    *(sa.column(name, sa.Uuid()) for name in ("id", "project_id")),
    *(sa.column(name, sa.String()) for name in ("kind", "lane", "title", "state", "queueing_lock", "stage")),
    *(sa.column(name, sa.JSON()) for name in ("params", "checkpoint")),
    *(sa.column(name, sa.Integer()) for name in ("attempts", "done", "failed")),
    sa.column("created_at", _TIME),
    sa.column("cancel_requested", sa.Boolean()),
)


def upgrade() -> None:
    owners = {"batch_id": "batches", "image_id": "images", "first_id": "users", "second_id": "users"}
    op.create_table(
        "comparisons",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in owners),
        sa.Column("first_said", sa.String(length=36), nullable=False),
        sa.Column("second_said", sa.String(length=36), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("overlap", sa.Double(), nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_comparisons_{name}"), ondelete="CASCADE")
            for name, table in owners.items()
        ),
        sa.PrimaryKeyConstraint(*owners, "first_said", "second_said", name=op.f("pk_comparisons")),
    )
    op.create_index("ix_comparisons_image_id", "comparisons", ["image_id"])
    _compare_what_is_there()


def downgrade() -> None:
    op.drop_table("comparisons")


def _compare_what_is_there() -> None:
    connection = op.get_bind()
    jobs, opinions = sa.table("jobs", *_JOB), sa.table("opinions", sa.column("project_id", sa.Uuid()))
    for project_id in connection.scalars(sa.select(opinions.c.project_id).distinct()).all():
        values = {"kind": "annotations.compare", "lane": "bulk", "title": "Compare what people said", "state": "queued"}
        whose = {"id": new_id(), "project_id": project_id, "queueing_lock": f"compare:{project_id}"}
        empty = {"params": {}, "checkpoint": {}, "stage": "", "cancel_requested": False}
        none = dict.fromkeys(("attempts", "done", "failed"), 0)
        connection.execute(jobs.insert().values(created_at=now(), **values, **whose, **empty, **none))
