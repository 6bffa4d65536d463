"""Sign-in by a provider: the way there, the way back, and which account it opens."""

import re
from datetime import timedelta
from uuid import UUID

from modelyard.errors import Conflict, Forbidden, Invalid, NotFound
from modelyard.server.accounts import group_roles, invitations
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.groups import parse_rules
from modelyard.server.accounts.provider import Journey, ProvidedPerson, Provider
from modelyard.server.kit.database import Database, ReadSession, WriteSession
from modelyard.server.kit.tokens import hash_token, new_token
from modelyard.server.services import AppServices
from modelyard.server.settings import Settings
from modelyard.server.tables import Identity, SignInFlow, User, now

_MINUTES = 10
_LONGEST_PATH = 2000


class NoProvider(NotFound):
    """This installation has no sign-in provider. Sign in with your password."""


class SignInInterrupted(Invalid):
    """This sign-in was begun in another browser, took too long, or was used already. Begin it again."""


class NoAccountHere(Forbidden):
    """The provider knows you, but you have no account here. Ask an administrator or the owner of a project for one."""


class AccountClosed(Forbidden):
    """Your account here is closed. An administrator can open it again."""


class AddressMissing(Forbidden):
    """The provider did not say your e-mail address, which an account here needs. Tell an administrator."""


class AddressOfAnother(Conflict):
    """An account here has your e-mail address already. Sign in with its password and connect it under Security."""


class NobodyYet(Conflict):
    """This installation has nobody yet. Open the set-up link that the server printed when it started."""


class IdentityTaken(Conflict):
    """Somebody else's account here is connected with this person of the provider."""


class IdentityNotFound(NotFound):
    """Your account is not connected with that."""


class PasswordSignInOff(Forbidden):
    """Passwords are switched off here. Sign in by the provider."""


class NoOtherWayIn(Conflict):
    """This is your only way in. Ask an administrator for a password first."""


def path_within(next_path: str | None) -> str:
    """Return a path of this site to go on at; whatever could lead elsewhere becomes the home page.

    Example:
        >>> path_within("/projects?x=1"), path_within("//evil.example"), path_within("https://evil.example")
        ('/projects?x=1', '/', '/')
    """
    path = next_path or "/"
    is_within = re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", path) is not None and len(path) <= _LONGEST_PATH
    return path if is_within else "/"


def begin(db: Database, provider: Provider, *, browser: str, next_path: str, user_id: UUID | None = None) -> str:
    """Remember a way to the provider and return where it leads; raises `ProviderUnavailable`.

    Args:
        db: The database.
        provider: Where to.
        browser: A secret that only this browser has.
        next_path: Where to go on afterwards.
        user_id: Who is signed in and connects the account with the provider; None: somebody signs in.
    """
    journey = Journey(new_token(), new_token(), new_token())
    address = provider.authorization_url(journey)
    with db.write() as session:
        accounts.forget_flows(session)
        session.add(
            SignInFlow(
                state_hash=hash_token(journey.state),
                browser_hash=hash_token(browser),
                nonce=journey.nonce,
                code_verifier=journey.code_verifier,
                next=path_within(next_path),
                user_id=user_id,
                expires_at=now() + timedelta(minutes=_MINUTES),
            )
        )
    return address


def take_flow(db: Database, *, state: str, browser: str) -> SignInFlow:
    """Return the way that was begun with `state` in this browser, which is used up by it.

    Raises `SignInInterrupted`.
    """
    with db.write() as session:
        flow = accounts.take_flow(session, hash_token(state), hash_token(browser))
    if flow is None or flow.expires_at < now():
        raise SignInInterrupted
    return flow


def sign_in(session: WriteSession, settings: Settings, person: ProvidedPerson, *, next_path: str) -> UUID:
    """Return the account of who came back, found or made, with what their groups give."""
    if not accounts.has_users(session):
        raise NobodyYet
    identity = accounts.identity(session, person.issuer, person.subject)
    if identity is None:
        identity = _first_time(session, settings, person, next_path)
    user = session.get_one(User, identity.user_id)
    if user.disabled_at:
        raise AccountClosed
    identity.email, identity.last_sign_in_at = person.email, now()
    group_roles.apply(session, parse_rules(settings.oidc_groups), user, identity, person.groups)
    return user.id


def connect(session: WriteSession, user_id: UUID, person: ProvidedPerson) -> UUID:
    """Let a person of the provider open the account that is signed in; raises `IdentityTaken`."""
    identity = accounts.identity(session, person.issuer, person.subject)
    if identity is not None and identity.user_id != user_id:
        raise IdentityTaken
    if identity is None:
        _join(session, session.get_one(User, user_id), person)
    return user_id


def disconnect(session: WriteSession, actor: Actor, identity_id: UUID) -> None:
    """Take a provider's person off one's own account; raises `IdentityNotFound`, `NoOtherWayIn`."""
    identity = session.get(Identity, identity_id)
    if identity is None or identity.user_id != actor.user_id:
        raise IdentityNotFound
    if session.get_one(User, actor.user_id).password_hash is None:
        raise NoOtherWayIn
    session.delete(identity)
    accounts.record(session, "identity.disconnected", actor_id=actor.user_id, issuer=identity.issuer)


def may_use_passwords(session: ReadSession, settings: Settings) -> bool:
    """Say whether people may sign in with a password: always, until an administrator can come in by the provider."""
    if settings.password_sign_in or not settings.oidc_issuer:
        return True
    return not accounts.has_admin_by(session, settings.oidc_issuer)


def require_passwords(services: AppServices) -> None:
    """Raise `PasswordSignInOff` where people come in by the provider only."""
    with services.db.read() as session:
        if not may_use_passwords(session, services.settings):
            raise PasswordSignInOff(f"Passwords are switched off here. Sign in with {services.settings.oidc_name}.")


def provider_of(services: AppServices) -> Provider | None:
    """Return the installation's provider; None where the settings name none."""
    if not services.settings.oidc_issuer:
        return None
    found: Provider = services.extras.setdefault("provider", Provider(services.settings))
    return found


def require_provider(services: AppServices) -> Provider:
    """Return the installation's provider; raises `NoProvider`."""
    provider = provider_of(services)
    if provider is None:
        raise NoProvider
    return provider


def _first_time(session: WriteSession, settings: Settings, person: ProvidedPerson, next_path: str) -> Identity:
    same_address = accounts.user_by_email(session, person.email) if person.email else None
    if same_address is not None:
        if not (settings.oidc_trust_email and person.is_email_verified):
            raise AddressOfAnother
        return _join(session, same_address, person)
    if not settings.oidc_new_people and not _is_invited(session, next_path):
        raise NoAccountHere
    if not person.email:
        raise AddressMissing
    user = User(email=person.email, name=person.name or person.email.partition("@")[0], password_hash=None)
    session.add(user)
    session.flush()
    accounts.record(session, "account.created", actor_id=user.id, by="sign-in provider")
    return _join(session, user, person)


def _is_invited(session: ReadSession, next_path: str) -> bool:
    """Say whether somebody is on their way to an invitation that still works."""
    _, found, token = next_path.partition("/invitation#token=")
    return bool(found) and invitations.is_open(session, token)


def _join(session: WriteSession, user: User, person: ProvidedPerson) -> Identity:
    identity = Identity(user_id=user.id, issuer=person.issuer, subject=person.subject, email=person.email)
    session.add(identity)
    session.flush()
    accounts.record(session, "identity.connected", actor_id=user.id, issuer=person.issuer, email=person.email)
    return identity
