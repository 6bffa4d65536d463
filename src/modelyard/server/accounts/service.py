"""First start, sign-in, invitations, tokens, and changes of accounts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from modelyard.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts import second_factor
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.passwords import hash_password, verify_password
from modelyard.server.accounts.schemas import KeyMap, MeUpdate, Registration, Setup, SignIn, TokenCreate
from modelyard.server.kit.database import Database, ReadSession, WriteSession
from modelyard.server.kit.tokens import hash_token, new_token
from modelyard.server.tables import ApiToken, Invitation, SignInAttempt, User, now

_WINDOW = timedelta(minutes=15)
_PER_ACCOUNT = 8
_PER_ADDRESS = 40
_CODES = 5


class SignInFailed(Unauthenticated):
    """This address and password do not belong together. Check both and try again."""


class TooManySignIns(TooMany):
    """Too many failed sign-ins. Wait a quarter of an hour, then try again."""


class LinkInvalid(NotFound):
    """This link is not valid: it was used, it has expired, or it was cut off when it was copied. Ask for a new one."""


class AddressTaken(Conflict):
    """There is an account with this address already. Sign in with it instead."""


class AlreadySetUp(Conflict):
    """This installation has its first account already. Sign in, or ask for an invitation."""


class AdminsOnly(Forbidden):
    """Only an administrator of this installation may do this."""


class UserNotFound(NotFound):
    """There is no such person."""


class TokenNotFound(NotFound):
    """There is no such token among yours."""


class PasswordWrong(Invalid):
    """The present password is not right."""


class NotOneself(Conflict):
    """This is for others. Remove your own second factor under Security, with a code."""


class BrowserOnly(Forbidden):
    """This is done in the browser by the person who is signed in, not by a program with a token."""


def make_setup_token(db: Database) -> str | None:
    """Return a fresh one-time token for the first account; None once there is one. Older ones stop working."""
    with db.write() as session:
        if accounts.has_users(session):
            return None
        for old in accounts.open_setup(session):
            session.delete(old)
        token = new_token("setup_")
        session.add(Invitation(token_hash=hash_token(token), kind="setup", expires_at=now() + timedelta(days=7)))
        return token


def set_up(session: WriteSession, body: Setup) -> User:
    """Make the first account, an administrator; raises `LinkInvalid`, `AlreadySetUp`.

    Where there is work on the data directory already, as after `modelyard demo`, the first account takes it over.
    """
    if accounts.has_users(session):
        raise AlreadySetUp
    link = accounts.invitation_by_hash(session, hash_token(body.token))
    if link is None or link.kind != "setup":
        raise LinkInvalid
    owner = accounts.local_owner(session)
    user = _take_over(session, owner, body) if owner else register(session, body, is_admin=True)
    link.used_at, link.used_by = now(), user.id
    return user


def register(session: WriteSession, body: Registration, *, is_admin: bool = False) -> User:
    """Make an account; raises `AddressTaken`, `PasswordTooWeak`."""
    if accounts.user_by_email(session, body.email):
        raise AddressTaken
    hashed = hash_password(body.password, email=body.email)
    user = User(email=body.email, name=body.name, password_hash=hashed, is_admin=is_admin)
    session.add(user)
    session.flush()
    accounts.record(session, "account.created", actor_id=user.id, subject_id=user.id, name=user.name, user=user.email)
    return user


def _take_over(session: WriteSession, owner: User, body: Registration) -> User:
    owner.password_hash = hash_password(body.password, email=body.email)
    owner.email, owner.name, owner.is_admin = body.email, body.name, True
    accounts.record(session, "account.created", actor_id=owner.id, subject_id=owner.id, name=owner.name)
    return owner


def ensure_local_owner(db: Database) -> None:
    """Make the owner of a local data directory an account without a password, if there is nobody yet."""
    with db.write() as session:
        if not accounts.users(session):
            session.add(User(email="owner@localhost", name="Owner", password_hash=None, is_admin=True))


def sign_in(db: Database, body: SignIn, *, address: str, needs_code: bool) -> tuple[User, bool]:
    """Return the person and whether a code was asked for; a failure is counted even so.

    Raises `SignInFailed`, `TooManySignIns`, and, where password and address are right but a code is due,
    `SecondFactorNeeded`, `SecondFactorSetupNeeded`, `CodeWrong` or `TooManyCodes`.
    """
    user = authenticate(db, body, address=address)
    with db.read() as reading:
        has_second_factor = second_factor.of(reading, user.id) is not None
    if not has_second_factor:
        if needs_code:
            raise second_factor.SecondFactorSetupNeeded
        return user, False
    if body.code is None:
        raise second_factor.SecondFactorNeeded
    use_code(db, user.id, body.code)
    return user, True


def authenticate(db: Database, body: SignIn, *, address: str) -> User:
    """Return whose address and password these are; raises `SignInFailed`, `TooManySignIns`."""
    keys = (f"account:{body.email}", f"address:{address}")
    with db.read() as reading:
        counts = [accounts.failures(reading, key, within=_WINDOW) for key in keys]
        user = accounts.user_by_email(reading, body.email)
    if counts[0] >= _PER_ACCOUNT or counts[1] >= _PER_ADDRESS:
        raise TooManySignIns(retry_after_s=int(_WINDOW.total_seconds()))
    right = verify_password(body.password, user.password_hash if user else None)
    with db.write() as session:
        if not right or user is None or user.disabled_at:
            session.add_all(SignInAttempt(key=key) for key in keys)
            accounts.forget_failures(session)
            whose = user.id if user else None
            accounts.record(
                session, "session.refused", actor_id=None, subject_id=whose, user=body.email, address=address
            )
        else:
            accounts.forget_failures(session, keys[0])
    if not right or user is None or user.disabled_at:
        raise SignInFailed
    return user


def use_code(db: Database, user_id: UUID, code: str) -> None:
    """Use up a code of somebody's second factor; raises `CodeWrong`, `TooManyCodes`. A failure is counted even so."""
    key = f"code:{user_id}"
    with db.write() as session:
        if accounts.failures(session, key, within=_WINDOW) >= _CODES:
            raise second_factor.TooManyCodes(retry_after_s=int(_WINDOW.total_seconds()))
        is_right = second_factor.use(session, user_id, code)
        if is_right:
            accounts.forget_failures(session, key)
        else:
            session.add(SignInAttempt(key=key))
    if not is_right:
        raise second_factor.CodeWrong


def prove(db: Database, actor: Actor, password: str) -> User:
    """Return the person who is signed in by browser if this is their password; raises `PasswordWrong`.

    It is asked for again before something that opens the account to whoever finds an unlocked computer.
    """
    require_browser(actor)
    key = f"proof:{actor.user_id}"
    with db.read() as reading:
        user = _user(reading, actor.user_id)
        tries = accounts.failures(reading, key, within=_WINDOW)
    if tries >= _PER_ACCOUNT:
        raise TooManySignIns(retry_after_s=int(_WINDOW.total_seconds()))
    if not verify_password(password, user.password_hash):
        with db.write() as session:
            session.add(SignInAttempt(key=key))
        raise PasswordWrong
    return user


def create_token(session: WriteSession, actor: Actor, body: TokenCreate) -> tuple[ApiToken, str]:
    """Make a token; its secret is returned this once and kept only as a hash."""
    secret = new_token("my_")
    token = ApiToken(
        user_id=actor.user_id,
        name=body.name,
        prefix=secret[:8],
        token_hash=hash_token(secret),
        scopes=sorted(set(body.scopes)),
        expires_at=now() + timedelta(days=body.expires_in_days) if body.expires_in_days else None,
    )
    session.add(token)
    accounts.record(session, "token.created", actor_id=actor.user_id, name=body.name)
    session.flush()
    return token, secret


def revoke_token(session: WriteSession, actor: Actor, token_id: UUID) -> None:
    """Stop a token of one's own; raises `TokenNotFound`."""
    token = session.get(ApiToken, token_id)
    if token is None or token.user_id != actor.user_id or token.revoked_at:
        raise TokenNotFound
    token.revoked_at = now()
    accounts.record(session, "token.revoked", actor_id=actor.user_id, name=token.name)


def update_me(session: WriteSession, actor: Actor, body: MeUpdate) -> User:
    """Change one's own name or password; a new password signs out everywhere else."""
    user = _user(session, actor.user_id)
    said: dict[str, Any] = {"actor_id": user.id, "subject_id": user.id}
    if body.name and body.name != user.name:
        accounts.record(session, "account.changed", before={"name": user.name}, after={"name": body.name}, **said)
        user.name = body.name
    if body.password:
        if not verify_password(body.password.current, user.password_hash):
            raise PasswordWrong
        user.password_hash = hash_password(body.password.new, email=user.email)
        accounts.end_sessions(session, user.id)
        accounts.record(session, "account.password_changed", name=user.name, **said)
    return user


def keys(session: ReadSession, actor: Actor) -> KeyMap:
    """Return which keys do what for this person; what was kept and is understood no more counts for nothing."""
    try:
        return KeyMap.model_validate(_user(session, actor.user_id).preferences.get("keys", {}))
    except ValidationError:
        return KeyMap()


def set_keys(session: WriteSession, actor: Actor, body: KeyMap) -> KeyMap:
    """Keep which keys do what for this person, on every computer that they sign in on."""
    user = _user(session, actor.user_id)
    user.preferences = user.preferences | {"keys": body.model_dump()}
    return body


def reset_second_factor(session: WriteSession, actor: Actor, user_id: UUID) -> None:
    """Take the second factor off somebody's account and sign them out; raises `NotOneself`, `NoSecondFactor`.

    Whoever has the data directory before them may do it for the last administrator too, who lost it.
    """
    user = _user(session, user_id)
    if user.id == actor.user_id and not actor.is_local:
        raise NotOneself
    if not second_factor.remove(session, user.id):
        raise second_factor.NoSecondFactor(f"{user.name} has no second factor.")
    accounts.end_sessions(session, user.id)
    accounts.record(session, "second_factor.reset", actor_id=actor.user_id, user=user.email)


def require_browser(actor: Actor) -> None:
    """Raise `BrowserOnly` for programs with a token."""
    if actor.via != "cookie":
        raise BrowserOnly


def require_admin(actor: Actor) -> None:
    """Raise `AdminsOnly` for everybody else."""
    if not actor.is_admin:
        raise AdminsOnly


def _user(session: ReadSession, user_id: UUID) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise UserNotFound
    return user
