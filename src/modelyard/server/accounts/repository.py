"""Look-ups of people, sessions, tokens and invitations."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from modelyard.server.accounts.history import differing, plain, searchable
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import (
    ApiToken,
    AuditEntry,
    Identity,
    Invitation,
    SignInAttempt,
    SignInFlow,
    SignInSession,
    User,
    now,
)


def user_by_email(session: ReadSession, email: str) -> User | None:
    """Return the account with this address."""
    return session.scalars(select(User).where(User.email == email)).first()


def has_users(session: ReadSession) -> bool:
    """Say whether anybody can sign in yet; the owner of a local data directory can't before the set-up."""
    return session.scalar(select(User.id).where(User.password_hash.is_not(None)).limit(1)) is not None


def local_owner(session: ReadSession) -> User | None:
    """Return the account without a password that work on a local data directory is done as."""
    return session.scalars(select(User).where(User.password_hash.is_(None)).order_by(User.id)).first()


def users(session: ReadSession) -> list[User]:
    """Return every account, oldest first."""
    return list(session.scalars(select(User).order_by(User.id)))


def lock_admins(session: WriteSession) -> list[UUID]:
    """Return the enabled administrators, and let nobody else change who they are until the transaction ends."""
    query = select(User.id).where(User.is_admin, User.disabled_at.is_(None)).order_by(User.id)
    return list(session.scalars(query.with_for_update()))


def invitation_by_hash(session: ReadSession, token_hash: str) -> Invitation | None:
    """Return the invitation of this token that is neither used nor over."""
    query = select(Invitation).where(Invitation.token_hash == token_hash)
    if isinstance(session, WriteSession):
        query = query.with_for_update()
    found = session.scalars(query).first()
    return found if found and found.used_at is None and found.expires_at > now() else None


def open_setup(session: ReadSession) -> list[Invitation]:
    """Return the set-up links that nobody has used."""
    return list(session.scalars(select(Invitation).where(Invitation.kind == "setup", Invitation.used_at.is_(None))))


def tokens(session: ReadSession, user_id: UUID) -> list[ApiToken]:
    """Return a person's tokens that are not revoked, newest first."""
    query = select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    return list(session.scalars(query.order_by(ApiToken.id.desc())))


def end_sessions(session: WriteSession, user_id: UUID) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(SignInSession).where(SignInSession.user_id == user_id))


def identity(session: ReadSession, issuer: str, subject: str) -> Identity | None:
    """Return the person of a provider who has an account here."""
    return session.scalars(select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)).first()


def identities(session: ReadSession, user_id: UUID) -> list[Identity]:
    """Return what a person's account is connected with, oldest first."""
    return list(session.scalars(select(Identity).where(Identity.user_id == user_id).order_by(Identity.id)))


def connected(session: ReadSession, issuer: str) -> int:
    """Return how many people are connected with this provider."""
    return session.scalar(select(func.count()).select_from(Identity).where(Identity.issuer == issuer)) or 0


def has_admin_by(session: ReadSession, issuer: str) -> bool:
    """Say whether an enabled administrator can come in by this provider."""
    query = select(User.id).join(Identity, Identity.user_id == User.id)
    query = query.where(User.is_admin, User.disabled_at.is_(None), Identity.issuer == issuer)
    return session.scalar(query.limit(1)) is not None


def take_flow(session: WriteSession, state_hash: str, browser_hash: str) -> SignInFlow | None:
    """Remove and return the sign-in that this browser began with this state; of two who come at once, one gets it."""
    mine = (SignInFlow.state_hash == state_hash, SignInFlow.browser_hash == browser_hash)
    return session.scalars(delete(SignInFlow).where(*mine).returning(SignInFlow)).first()


def forget_flows(session: WriteSession) -> None:
    """Forget sign-ins that were begun and never came back."""
    session.execute(delete(SignInFlow).where(SignInFlow.expires_at < now()))


def failures(session: ReadSession, key: str, *, within: timedelta) -> int:
    """Return how many sign-ins failed for `key` of late."""
    recent = (SignInAttempt.key == key, SignInAttempt.created_at > now() - within)
    return session.scalar(select(func.count()).select_from(SignInAttempt).where(*recent)) or 0


def forget_failures(session: WriteSession, key: str | None = None) -> None:
    """Forget failed sign-ins of `key`, or all that are older than an hour."""
    old = SignInAttempt.created_at < now() - timedelta(hours=1)
    session.execute(delete(SignInAttempt).where(SignInAttempt.key == key if key else old))


def record(
    session: WriteSession,
    action: str,
    *,
    actor_id: UUID | None,
    project_id: UUID | None = None,
    subject_id: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    **details: Any,
) -> None:
    """Write one entry of the history; where both are given, only what differs between before and after is kept.

    Args:
        session: The transaction that makes the change, so that neither is without the other.
        action: What was done: "batch.updated" is of the kind "batch".
        actor_id: Who did it; None for the server itself.
        project_id: Where; None for the installation.
        subject_id: What it was done to.
        before: What changed, as it was; None for what is new.
        after: What changed, as it is now; None for what is gone.
        details: What else there is to know, as plain values; `name` is what the subject is called.
    """
    was, is_now = differing(before, after)
    entry = AuditEntry(action=action, kind=action.partition(".")[0], actor_id=actor_id, project_id=project_id)
    entry.subject_id, entry.before, entry.after, entry.details = subject_id, was, is_now, plain(details)
    entry.text = searchable(action, entry.details, was, is_now)
    session.add(entry)
