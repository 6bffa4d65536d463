"""Passwords: what is accepted, how they are kept (argon2id), and a check that takes the same time for everybody."""

from functools import cache

from pwdlib import PasswordHash

from modelyard.errors import Invalid

MIN_LENGTH = 10
_COMMON = ("password", "1234567890", "qwertyuiop", "modelyard", "letmein", "iloveyou", "0123456789")


class PasswordTooWeak(Invalid):
    """Choose a longer password: at least ten characters, not your address, not a common one."""


_hasher = PasswordHash.recommended()


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def hash_password(password: str, *, email: str) -> str:
    """Return what is stored for `password`; raises `PasswordTooWeak`."""
    lowered = password.lower()
    is_common = any(lowered.startswith(word) and len(lowered) < len(word) + 5 for word in _COMMON)
    if len(password) < MIN_LENGTH or "\0" in password or lowered == email or is_common or len(set(password)) < 4:
        raise PasswordTooWeak
    return _hasher.hash(password)


def verify_password(password: str, stored: str | None) -> bool:
    """Say whether `password` is right; takes as long when there is no such account."""
    return _hasher.verify(password, stored or _nobody()) and stored is not None
