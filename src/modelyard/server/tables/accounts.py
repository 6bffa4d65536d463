"""People, their sign-in sessions, API tokens, invitations and the audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified


class User(Identified, Base):
    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_admin: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SignInSession(Identified, Base):
    __tablename__ = "sign_in_sessions"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    via: Mapped[str] = mapped_column(String(16), default="password", server_default="password")  # | "provider"
    has_second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    browser: Mapped[str] = mapped_column(String(300), default="", server_default="")  # what it said of itself
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    id_token: Mapped[str | None] = mapped_column(Text)  # what the provider wants back when its person signs out


class Identity(Identified, Base):
    """A person as a sign-in provider knows them: by issuer and subject, never by e-mail address."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(254))  # as the provider last said, "" for none
    last_sign_in_at: Mapped[datetime | None]
    given_roles: Mapped[dict[str, Any]] = mapped_column(default=dict)  # project to what its groups last gave


class SignInFlow(Identified, Base):
    """A sign-in on its way to the provider and back: used once, within minutes, by the browser that began it."""

    __tablename__ = "sign_in_flows"

    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    code_verifier: Mapped[str] = mapped_column(String(128))
    next: Mapped[str] = mapped_column(String(2000))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))  # who connects an account
    expires_at: Mapped[datetime]


class SecondFactor(Identified, Base):
    """The secret that a person's authenticator app shares with the server; it counts once a code has confirmed it."""

    __tablename__ = "second_factors"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    secret: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)  # of the last used code: none counts twice


class RecoveryCode(Identified, Base):
    """A code that stands in for the authenticator app, once."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class ApiToken(Identified, Base):
    __tablename__ = "api_tokens"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    prefix: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]  # "read", "write", "predict"
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Invitation(Identified, Base):
    """A link that is used once: the set-up link of the first start, or an invitation to a project."""

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(16))  # "setup" | "member"
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    role: Mapped[str | None] = mapped_column(String(16))  # in that project: see accounts.roles.Role
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class AuditEntry(Identified, Base):
    """Who did what to what: append-only, which triggers of the database see to.

    Changes of annotations are no entries: each is a row of `annotation_revisions`.
    """

    __tablename__ = "audit_entries"

    actor_id: Mapped[UUID | None]  # None: the server itself, or a group of the sign-in provider
    project_id: Mapped[UUID | None]  # None: it concerns the installation
    kind: Mapped[str] = mapped_column(String(32))  # what the action is of: the part before its dot
    action: Mapped[str] = mapped_column(String(64))  # "batch.updated" …
    subject_id: Mapped[UUID | None]  # the batch, class, image … that it was done to
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # what changed, as it was
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # and as it is since
    text: Mapped[str] = mapped_column(Text, default="")  # all that is said above, in small letters, to search in

    __table_args__ = (
        Index("ix_audit_entries_project_id", "project_id", "id"),
        Index("ix_audit_entries_project_id_kind", "project_id", "kind", "id"),
        Index("ix_audit_entries_project_id_actor_id", "project_id", "actor_id", "id"),
    )


class SignInAttempt(Identified, Base):
    """A failed sign-in, counted per account and per address, forgotten after an hour."""

    __tablename__ = "sign_in_attempts"

    key: Mapped[str] = mapped_column(String(300), index=True)
