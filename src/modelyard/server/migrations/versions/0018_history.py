"""What happened is found by project, kind and person, with what it changed, and nothing rewrites it."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ENTRIES, _REVISIONS = "audit_entries", "annotation_revisions"
_STEPS = "ix_annotation_revisions_project_id_step_id"
# What may be rewritten of a revision: the names of attributes, when they are renamed.
_KEPT = ("annotation_id", "project_id", "image_id", "revision", "answer", "class_id", "source", "author_id", "action")


def upgrade() -> None:
    _add(_ENTRIES, sa.Column("kind", sa.String(length=32), nullable=False, server_default=""))
    _add(_ENTRIES, sa.Column("text", sa.Text(), nullable=False, server_default=""))
    for column in (sa.Column("subject_id", sa.Uuid()), sa.Column("before", sa.JSON()), sa.Column("after", sa.JSON())):
        op.add_column(_ENTRIES, column)
    op.drop_column(_ENTRIES, "subject")
    dot = "strpos" if _is_postgres() else "instr"
    said = "lower(replace(replace(action, '.', ' '), '_', ' ') || ' ' || CAST(details AS TEXT))"
    kind = f"substr(action, 1, {dot}(action, '.') - 1)"
    op.execute(f"UPDATE audit_entries SET kind = {kind}, text = {said} WHERE action LIKE '%.%'")  # noqa: S608
    op.drop_index("ix_audit_entries_actor_id", _ENTRIES)
    op.drop_index("ix_audit_entries_project_id", _ENTRIES)
    op.create_index("ix_audit_entries_project_id", _ENTRIES, ["project_id", "id"])
    op.create_index("ix_audit_entries_project_id_kind", _ENTRIES, ["project_id", "kind", "id"])
    op.create_index("ix_audit_entries_project_id_actor_id", _ENTRIES, ["project_id", "actor_id", "id"])
    _add(_REVISIONS, sa.Column("step_id", sa.Uuid(), nullable=False, server_default=_nothing()))
    op.execute("UPDATE annotation_revisions SET step_id = id")
    op.create_index(_STEPS, _REVISIONS, ["project_id", "step_id", "author_id", "action"])
    (_guard_postgres if _is_postgres() else _guard_sqlite)()


def downgrade() -> None:
    for table, name in _guards():
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if _is_postgres() else ""))
    if _is_postgres():
        op.execute("DROP FUNCTION modelyard_append_only()")
    op.drop_index(_STEPS, _REVISIONS)
    op.drop_column(_REVISIONS, "step_id")
    op.drop_index("ix_audit_entries_project_id_actor_id", _ENTRIES)
    op.drop_index("ix_audit_entries_project_id_kind", _ENTRIES)
    op.drop_index("ix_audit_entries_project_id", _ENTRIES)
    op.create_index("ix_audit_entries_project_id", _ENTRIES, ["project_id"])
    op.create_index("ix_audit_entries_actor_id", _ENTRIES, ["actor_id"])
    _add(_ENTRIES, sa.Column("subject", sa.String(length=64), nullable=False, server_default=""))
    for name in ("after", "before", "subject_id", "text", "kind"):
        op.drop_column(_ENTRIES, name)


def _add(table: str, column: sa.Column[object]) -> None:
    """Add a column that is never empty; its default is for the rows that are there."""
    op.add_column(table, column)
    if _is_postgres():
        op.alter_column(table, column.name, server_default=None)


def _guards() -> list[tuple[str, str]]:
    return [
        (_ENTRIES, "audit_entries_stay"),
        (_ENTRIES, "audit_entries_are_kept"),
        (_REVISIONS, "annotation_revisions_stay"),
        (_REVISIONS, "annotation_revisions_are_kept"),
    ]


def _when(table: str, name: str) -> str:
    if name.endswith("kept"):
        return "BEFORE DELETE"
    return "BEFORE UPDATE" if table == _ENTRIES else f"BEFORE UPDATE OF {', '.join(_KEPT)}"


def _guard_sqlite() -> None:
    for table, name in _guards():
        op.execute(
            f"CREATE TRIGGER {name} {_when(table, name)} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'History is only ever added to.'); END"
        )


def _guard_postgres() -> None:
    op.execute(
        "CREATE FUNCTION modelyard_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'History is only ever added to.'; END $$"
    )
    for table, name in _guards():
        op.execute(
            f"CREATE TRIGGER {name} {_when(table, name)} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION modelyard_append_only()"
        )


def _nothing() -> str:
    nothing = UUID(int=0)
    return str(nothing) if _is_postgres() else nothing.hex


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
