"""Who is asking: found from a session cookie, an API token, or the owner of the local data directory."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request
from sqlalchemy import select, update

from modelyard.errors import Forbidden
from modelyard.server.kit.database import Database, ReadSession
from modelyard.server.kit.tokens import hash_token
from modelyard.server.tables import ApiToken, SignInSession, User, now

COOKIE = "modelyard_session"
ALL_SCOPES = frozenset({"read", "write", "predict"})
_TOUCH_EVERY = timedelta(minutes=5)


class ScopeMissing(Forbidden):
    """This API token may not do that."""


@dataclass(frozen=True)
class Actor:
    """A signed-in person, and what this sign-in may do."""

    user_id: UUID
    name: str
    is_admin: bool
    scopes: frozenset[str]
    via: str  # "cookie" | "token" | "local"
    wants: str = ""  # what the present request needs, as `roles.OPERATIONS` says; nobody has the permission ""

    @property
    def is_local(self) -> bool:
        """Whether this is the owner of the data directory, on the same machine, who sees every project."""
        return self.via == "local"

    def may(self, scope: str) -> bool:
        """Say whether this sign-in has `scope`; whoever may write may also predict."""
        return scope in self.scopes or (scope == "predict" and "write" in self.scopes)


def identify(db: Database, request: Request) -> Actor | None:
    """Return who sent this request, or None."""
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        return _by_token(db, request, header[7:].strip())
    if cookie := request.cookies.get(COOKIE):
        return _by_cookie(db, cookie, needs_code=request.app.state.services.settings.second_factor_required)
    return None


def _by_token(db: Database, request: Request, token: str) -> Actor | None:
    local: str | None = request.app.state.local_token
    if local and hmac.compare_digest(local.encode(), token.encode()):
        with db.read() as session:
            return local_actor(session)
    with db.read() as session:
        query = select(ApiToken, User).join(User, User.id == ApiToken.user_id)
        row = session.execute(query.where(ApiToken.token_hash == hash_token(token))).first()
    if row is None:
        return None
    found, user = row
    if found.revoked_at or user.disabled_at or (found.expires_at and found.expires_at < now()):
        return None
    if _is_stale(found.last_used_at):
        with db.write() as writing:
            writing.execute(update(ApiToken).where(ApiToken.id == found.id).values(last_used_at=now()))
    return _actor(user, frozenset(found.scopes), "token")


def _by_cookie(db: Database, cookie: str, *, needs_code: bool) -> Actor | None:
    with db.read() as session:
        query = select(SignInSession, User).join(User, User.id == SignInSession.user_id)
        row = session.execute(query.where(SignInSession.token_hash == hash_token(cookie))).first()
    if row is None or row[0].expires_at < now() or row[1].disabled_at:
        return None
    found, user = row
    if needs_code and found.via == "password" and not found.has_second_factor:
        return None  # The rule is newer than this sign-in.
    if _is_stale(found.last_seen_at):
        with db.write() as writing:
            writing.execute(update(SignInSession).where(SignInSession.id == found.id).values(last_seen_at=now()))
    return _actor(user, ALL_SCOPES, "cookie")


def local_actor(session: ReadSession) -> Actor | None:
    """Return the oldest administrator as the owner of the data directory; None before there is one."""
    query = select(User).where(User.is_admin, User.disabled_at.is_(None)).order_by(User.id).limit(1)
    user = session.scalars(query).first()
    return None if user is None else _actor(user, ALL_SCOPES, "local")


def _actor(user: User, scopes: frozenset[str], via: str) -> Actor:
    return Actor(user_id=user.id, name=user.name, is_admin=user.is_admin, scopes=scopes, via=via)


def _is_stale(moment: datetime | None) -> bool:
    return moment is None or now() - moment > _TOUCH_EVERY
