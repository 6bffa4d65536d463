"""Sign-in by a provider, second factors, and what is known of a session."""

import sqlalchemy as sa
from alembic import op

import modelyard.server.tables.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TIME = modelyard.server.tables.base.UtcDateTime(timezone=True)
_TABLES = ("recovery_codes", "second_factors", "sign_in_flows", "identities")


def upgrade() -> None:
    for column in (
        sa.Column("via", sa.String(length=16), nullable=False, server_default="password"),
        sa.Column("has_second_factor", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("browser", sa.String(length=300), nullable=False, server_default=""),
        sa.Column("address", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("id_token", sa.Text(), nullable=True),
    ):
        op.add_column("sign_in_sessions", column)
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("last_sign_in_at", _TIME, nullable=True),
        sa.Column("given_roles", sa.JSON(), nullable=False),
        *_of_a_person("identities"),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    op.create_index("ix_identities_user_id", "identities", ["user_id"])
    op.create_table(
        "sign_in_flows",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("code_verifier", sa.String(length=128), nullable=False),
        sa.Column("next", sa.String(length=2000), nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        *_of_a_person("sign_in_flows", is_optional=True),
        sa.UniqueConstraint("state_hash", name=op.f("uq_sign_in_flows_state_hash")),
    )
    op.create_table(
        "second_factors",
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        *_of_a_person("second_factors"),
        sa.UniqueConstraint("user_id", name=op.f("uq_second_factors_user_id")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", _TIME, nullable=True),
        *_of_a_person("recovery_codes"),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    for name in ("via", "has_second_factor", "browser", "address", "id_token"):
        op.drop_column("sign_in_sessions", name)


def _of_a_person(table: str, *, is_optional: bool = False) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("user_id", sa.Uuid(), nullable=is_optional),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
