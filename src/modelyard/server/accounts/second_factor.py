"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes that stand in for it once."""

import hmac
import re
import secrets
import time
from uuid import UUID

import pyotp
import segno
from sqlalchemy import delete, func, select, update

from modelyard.errors import Conflict, Invalid, TooMany, Unauthenticated
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.security_schemas import SecondFactorSetup
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.tokens import hash_token
from modelyard.server.tables import RecoveryCode, SecondFactor, User, now

STEP_S = 30
RECOVERY_CODES = 10
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without what looks alike
_GROUPS, _GROUP_LENGTH = 4, 4


class SecondFactorNeeded(Unauthenticated):
    """Enter the code that your authenticator app shows, or one of your recovery codes."""


class SecondFactorSetupNeeded(Unauthenticated):
    """This installation asks everybody for a code of an authenticator app. Set one up to sign in."""


class CodeWrong(Invalid):
    """This code is not right, or was used already. Wait for the next one in your authenticator app and try again."""


class TooManyCodes(TooMany):
    """Too many wrong codes. Wait a quarter of an hour, then try again."""


class SecondFactorExists(Conflict):
    """You have a second factor already. Remove it first to set up another."""


class NoSecondFactor(Conflict):
    """There is no second factor to do this with. Set one up first."""


class SecondFactorIsRule(Conflict):
    """This installation asks everybody for a second factor. Set up another one instead of removing it."""


class SetupCodeWrong(Invalid):
    """This code does not fit the picture. Scan it again, check the clock of your phone, and enter the next code."""


def of(session: ReadSession, user_id: UUID) -> SecondFactor | None:
    """Return a person's second factor, once it counts."""
    found = _any(session, user_id)
    return found if found is not None and found.confirmed_at else None


def owners(session: ReadSession) -> set[UUID]:
    """Return who has a second factor that counts."""
    return set(session.scalars(select(SecondFactor.user_id).where(SecondFactor.confirmed_at.is_not(None))))


def codes_left(session: ReadSession, user_id: UUID) -> int:
    """Return how many recovery codes a person has left."""
    unused = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def begin(session: WriteSession, user: User, *, issuer: str) -> SecondFactorSetup:
    """Make a fresh secret that counts once a code confirms it; raises `SecondFactorExists`."""
    if of(session, user.id) is not None:
        raise SecondFactorExists
    remove(session, user.id)
    secret = pyotp.random_base32()
    session.add(SecondFactor(user_id=user.id, secret=secret))
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=issuer)
    picture = segno.make(uri, error="m").svg_data_uri(scale=5, border=3, light="#fff")
    return SecondFactorSetup(secret=secret, uri=uri, picture=picture)


def confirm(session: WriteSession, user: User, code: str) -> list[str]:
    """Make the secret count and return the recovery codes, which are shown this once; raises `SetupCodeWrong`."""
    found = _any(session, user.id)
    if found is None:
        raise NoSecondFactor
    if found.confirmed_at:
        raise SecondFactorExists
    if not _use_code(session, found, code):
        raise SetupCodeWrong
    found.confirmed_at = now()
    accounts.record(session, "second_factor.set_up", actor_id=user.id)
    return renew_codes(session, user.id)


def use(session: WriteSession, user_id: UUID, code: str) -> bool:
    """Say whether `code` is right, of the app or a recovery code; it is used up by that."""
    found = of(session, user_id)
    return found is not None and (_use_code(session, found, code) or _use_recovery_code(session, user_id, code))


def renew_codes(session: WriteSession, user_id: UUID) -> list[str]:
    """Return fresh recovery codes; the old ones stop working."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["-".join(_random_group() for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=hash_token(_plain(code))) for code in codes)
    return codes


def remove(session: WriteSession, user_id: UUID) -> bool:
    """Forget a person's second factor with its recovery codes; say whether there was one that counted."""
    counted = of(session, user_id) is not None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
    return counted


def _any(session: ReadSession, user_id: UUID) -> SecondFactor | None:
    return session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id)).first()


def _use_code(session: WriteSession, factor: SecondFactor, code: str) -> bool:
    """Say whether the app shows this code now, or did or will within half a minute; none counts twice."""
    digits, present = re.sub(r"\s", "", code), int(time.time()) // STEP_S
    totp = pyotp.TOTP(factor.secret)
    near = (present, present - 1, present + 1) if digits.isascii() else ()
    steps = [step for step in near if hmac.compare_digest(totp.generate_otp(step), digits)]
    if not steps:
        return False
    fresh = update(SecondFactor).where(SecondFactor.id == factor.id, SecondFactor.last_step < steps[0])
    return session.scalar(fresh.values(last_step=steps[0]).returning(SecondFactor.id)) is not None


def _use_recovery_code(session: WriteSession, user_id: UUID, code: str) -> bool:
    mine = (RecoveryCode.user_id == user_id, RecoveryCode.code_hash == hash_token(_plain(code)))
    unused = update(RecoveryCode).where(*mine, RecoveryCode.used_at.is_(None)).values(used_at=now())
    if session.scalar(unused.returning(RecoveryCode.id)) is None:
        return False
    accounts.record(session, "second_factor.recovery_code_used", actor_id=user_id)
    return True


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code).lower()


def _random_group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH))
