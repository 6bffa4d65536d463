"""Secrets that are shown once and kept only as hashes."""

import hashlib
import secrets


def new_token(prefix: str = "") -> str:
    """Return a random token of 256 bits, with a prefix that scanners can recognise."""
    return prefix + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token; enough, because tokens are random and long."""
    return hashlib.sha256(token.encode()).hexdigest()
