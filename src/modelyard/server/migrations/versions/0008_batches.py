"""Batches, slots of the queue for as many labels as are wanted, and what each person says by themselves."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import modelyard.server.tables.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OPEN = "batch_id IS NULL"
_WAITING = "state = 'waiting'"


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, modelyard.server.tables.base.UtcDateTime(timezone=True), nullable=nullable)


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _key(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "batches",
        _uuid("project_id"),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("order", sa.String(length=16), nullable=False),
        sa.Column("random_share", sa.Double(), nullable=False),
        sa.Column("review_share", sa.Double(), nullable=False),
        _time("deadline"),
        sa.Column("note", sa.Text(), nullable=False),
        _uuid("created_by", nullable=True),
        _time("updated_at", nullable=False),
        _time("closed_at"),
        _time("deleted_at"),
        _uuid("id"),
        _time("created_at", nullable=False),
        _key("batches", "project_id", "projects"),
        _key("batches", "created_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index("ix_batches_project_id", "batches", ["project_id"])
    op.create_table(
        "batch_people",
        _uuid("batch_id"),
        _uuid("user_id"),
        _key("batch_people", "batch_id", "batches"),
        _key("batch_people", "user_id", "users"),
        sa.PrimaryKeyConstraint("batch_id", "user_id", name=op.f("pk_batch_people")),
    )
    op.create_index("ix_batch_people_user_id", "batch_people", ["user_id"])
    op.create_table(
        "postponements",
        _uuid("image_id"),
        _uuid("user_id"),
        _time("at", nullable=False),
        _key("postponements", "image_id", "images"),
        _key("postponements", "user_id", "users"),
        sa.PrimaryKeyConstraint("image_id", "user_id", name=op.f("pk_postponements")),
    )
    op.create_index("ix_postponements_user_id", "postponements", ["user_id"])
    _create_opinions()
    op.add_column("annotation_revisions", _uuid("batch_id", nullable=True))
    _rebuild_queue()


def _create_opinions() -> None:
    op.create_table(
        "opinions",
        *(_uuid(name) for name in ("project_id", "batch_id", "image_id", "author_id")),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        _uuid("class_id", nullable=True),
        sa.Column("objects", sa.JSON(), nullable=False),
        sa.Column("attributes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("active_s", sa.Double(), nullable=True),
        sa.Column("suggestion", sa.JSON(), nullable=False),
        _time("updated_at", nullable=False),
        _time("submitted_at"),
        _uuid("id"),
        _time("created_at", nullable=False),
        _key("opinions", "project_id", "projects"),
        _key("opinions", "batch_id", "batches"),
        _key("opinions", "image_id", "images"),
        _key("opinions", "author_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
        sa.UniqueConstraint("batch_id", "image_id", "author_id", name=op.f("uq_opinions_batch_id_image_id_author_id")),
    )
    op.create_index("ix_opinions_project_id", "opinions", ["project_id", "updated_at"])
    op.create_index("ix_opinions_image_id", "opinions", ["image_id"])
    op.create_index("ix_opinions_author_id", "opinions", ["author_id", "submitted_at"])


def _rebuild_queue() -> None:
    """Give the queue rows ids of their own: what waited keeps its image's, and is free again for whoever comes."""
    for name in ("priority", "shuffle", "upload"):
        op.drop_index(f"ix_queue_items_{name}", "queue_items")
    op.rename_table("queue_items", "queue_items_before")
    if op.get_bind().dialect.name == "postgresql":  # Names of constraints are the schema's there, not the table's.
        for kind in ("pk_queue_items", "fk_queue_items_image_id", "fk_queue_items_project_id"):
            op.execute(f"ALTER TABLE queue_items_before RENAME CONSTRAINT {kind} TO {kind}_before")
    op.create_table(
        "queue_items",
        _uuid("id"),
        _uuid("project_id"),
        _uuid("batch_id", nullable=True),
        _uuid("image_id"),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        _uuid("user_id", nullable=True),
        sa.Column("priority", sa.Double(), nullable=False),
        sa.Column("shuffle", sa.Double(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        _uuid("lease_token", nullable=True),
        _time("lease_expires_at"),
        _time("given_at"),
        _key("queue_items", "project_id", "projects"),
        _key("queue_items", "batch_id", "batches"),
        _key("queue_items", "image_id", "images"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_items")),
        sa.UniqueConstraint("image_id", "batch_id", "slot", name=op.f("uq_queue_items_image_id_batch_id_slot")),
    )
    op.execute(
        "INSERT INTO queue_items (id, slot, state, project_id, image_id, priority, shuffle, reason) "
        "SELECT image_id, 0, 'waiting', project_id, image_id, priority, shuffle, reason FROM queue_items_before"
    )
    op.drop_table("queue_items_before")
    index = "queue_items"
    op.create_index("ix_queue_items_open", index, ["image_id"], unique=True, **_where(_OPEN))
    person = ["batch_id", "image_id", "user_id"]
    op.create_index("ix_queue_items_person", index, person, unique=True, **_where("user_id IS NOT NULL"))
    op.create_index("ix_queue_items_lease", index, ["lease_token"], **_where("lease_token IS NOT NULL"))
    given = ["batch_id", "state", "user_id", "given_at"]
    op.create_index("ix_queue_items_given", index, given, **_where("state <> 'waiting'"))
    for of, condition in (("project", _OPEN), ("batch", _WAITING)):
        for name, columns in (("priority", ["priority"]), ("shuffle", ["shuffle"]), ("upload", [])):
            all_columns = [f"{of}_id", *columns, "image_id"]
            op.create_index(f"ix_queue_items_{of}_{name}", index, all_columns, **_where(condition))


def downgrade() -> None:
    with op.batch_alter_table("queue_items") as batch:
        for name in ("open", "person", "lease", "given"):
            batch.drop_index(f"ix_queue_items_{name}")
        for of in ("project", "batch"):
            for name in ("priority", "shuffle", "upload"):
                batch.drop_index(f"ix_queue_items_{of}_{name}")
    op.rename_table("queue_items", "queue_items_after")
    if op.get_bind().dialect.name == "postgresql":
        for kind in ("pk_queue_items", "fk_queue_items_image_id", "fk_queue_items_project_id"):
            op.execute(f"ALTER TABLE queue_items_after RENAME CONSTRAINT {kind} TO {kind}_after")
    op.create_table(
        "queue_items",
        _uuid("image_id"),
        _uuid("project_id"),
        sa.Column("priority", sa.Double(), nullable=False),
        sa.Column("shuffle", sa.Double(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        _uuid("lease_user_id", nullable=True),
        _uuid("lease_token", nullable=True),
        _time("lease_expires_at"),
        _time("skipped_at"),
        _key("queue_items", "image_id", "images"),
        _key("queue_items", "project_id", "projects"),
        sa.PrimaryKeyConstraint("image_id", name=op.f("pk_queue_items")),
    )
    op.execute(  # What a batch has not finished waits in the project's queue.
        "INSERT INTO queue_items (project_id, image_id, priority, shuffle, reason) "
        "SELECT project_id, image_id, max(priority), max(shuffle), max(reason) FROM queue_items_after "
        "WHERE state NOT IN ('done', 'gone') GROUP BY project_id, image_id"
    )
    op.drop_table("queue_items_after")
    op.create_index("ix_queue_items_priority", "queue_items", ["project_id", "priority", "image_id"])
    op.create_index("ix_queue_items_shuffle", "queue_items", ["project_id", "shuffle", "image_id"])
    op.create_index("ix_queue_items_upload", "queue_items", ["project_id", "image_id"])
    op.drop_column("annotation_revisions", "batch_id")
    for table in ("opinions", "postponements", "batch_people", "batches"):
        op.drop_table(table)
