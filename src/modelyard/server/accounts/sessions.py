"""The browsers that a person is signed in with: begun, listed and ended."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from modelyard.errors import NotFound
from modelyard.server.accounts import repository
from modelyard.server.accounts.actor import Actor
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.tokens import hash_token, new_token
from modelyard.server.tables import SignInSession, now

_BROWSER_LENGTH, _ADDRESS_LENGTH = 300, 64


class SessionNotFound(NotFound):
    """This sign-in has ended already."""


@dataclass(frozen=True)
class Arrival:
    """How somebody came in."""

    browser: str = ""
    address: str = ""
    via: str = "password"
    has_second_factor: bool = False
    id_token: str | None = None


def open_(session: WriteSession, user_id: UUID, arrival: Arrival, *, days: int) -> str:
    """Begin a sign-in and return the secret of its cookie."""
    token = new_token()
    how: dict[str, Any] = {"via": arrival.via, "address": arrival.address[:_ADDRESS_LENGTH]}
    repository.record(session, "session.opened", actor_id=user_id, subject_id=user_id, **how)
    session.add(
        SignInSession(
            user_id=user_id,
            token_hash=hash_token(token),
            expires_at=now() + timedelta(days=days),
            last_seen_at=now(),
            via=arrival.via,
            has_second_factor=arrival.has_second_factor,
            browser=arrival.browser[:_BROWSER_LENGTH].replace("\0", ""),
            address=arrival.address[:_ADDRESS_LENGTH],
            id_token=arrival.id_token,
        )
    )
    return token


def close(session: WriteSession, cookie: str) -> str | None:
    """End the sign-in of this cookie; return the provider's ID token that belongs to it, if any."""
    ended = delete(SignInSession).where(SignInSession.token_hash == hash_token(cookie))
    found = session.scalars(ended.returning(SignInSession)).first()
    if found:
        repository.record(session, "session.closed", actor_id=found.user_id, subject_id=found.user_id)
    return found.id_token if found else None


def list_(session: ReadSession, actor: Actor) -> list[SignInSession]:
    """Return where a person is signed in, last seen first."""
    mine = (SignInSession.user_id == actor.user_id, SignInSession.expires_at > now())
    return list(session.scalars(select(SignInSession).where(*mine).order_by(SignInSession.last_seen_at.desc())))


def end(session: WriteSession, actor: Actor, session_id: UUID) -> None:
    """Sign one of one's own browsers out; raises `SessionNotFound`."""
    found = session.get(SignInSession, session_id)
    if found is None or found.user_id != actor.user_id:
        raise SessionNotFound
    session.delete(found)
    repository.record(session, "session.ended", actor_id=actor.user_id, subject_id=actor.user_id)


def end_others(session: WriteSession, user_id: UUID, *, cookie: str | None) -> None:
    """Sign a person out everywhere but in the browser that has this cookie."""
    others = (SignInSession.user_id == user_id, SignInSession.token_hash != hash_token(cookie or ""))
    ended = session.scalars(delete(SignInSession).where(*others).returning(SignInSession.id)).all()
    if count := len(ended):
        repository.record(session, "session.others_ended", actor_id=user_id, subject_id=user_id, sessions=count)


def note_second_factor(session: WriteSession, cookie: str) -> None:
    """Remember that the person in this browser has shown their second factor."""
    shown = update(SignInSession).where(SignInSession.token_hash == hash_token(cookie))
    session.execute(shown.values(has_second_factor=True))
