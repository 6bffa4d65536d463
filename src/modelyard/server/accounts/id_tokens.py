"""The check of an ID token: signature, issuer, audience, times, nonce and at_hash; it asks nobody."""

from typing import Any

import structlog

from modelyard.errors import Unauthenticated
from modelyard.server.settings import Settings

log = structlog.get_logger()


class IdTokenInvalid(Unauthenticated):
    """What the sign-in provider said about you could not be trusted. Try again; if it stays, tell an administrator."""


class KeyUnknown(IdTokenInvalid):
    """The sign-in provider signed with a key that it does not publish."""


def checked_claims(token: dict[str, Any], *, keys: dict[str, Any], settings: Settings, nonce: str) -> dict[str, Any]:
    """Return what an ID token claims once all of it is as it must be (OpenID Connect Core, 3.1.3.7).

    Args:
        token: The answer of the token endpoint, with `id_token` and `access_token`.
        keys: The provider's JSON Web Key Set.
        settings: Issuer, client id, algorithms and clock skew.
        nonce: What this sign-in was begun with.

    Raises:
        KeyUnknown: The token names a key that is not among `keys`; they may have changed.
        IdTokenInvalid: Anything else; the log says what.
    """
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import InvalidKeyIdError, JoseError

    options = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "sub": {"essential": True},
    }
    params = {"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": token.get("access_token")}
    try:
        decoded = _decoded(token["id_token"], keys, settings.oidc_signatures)
        claims = CodeIDToken(decoded.claims, decoded.header, options, params)
        claims.validate(leeway=settings.oidc_clock_skew_s)
    except InvalidKeyIdError as error:
        raise KeyUnknown from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        log.warning("id_token_invalid", error=str(error) or type(error).__name__)
        raise IdTokenInvalid from error
    return dict(claims)


def _decoded(id_token: str, keys: dict[str, Any], algorithms: list[str]) -> Any:
    from joserfc import jwt
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    return jwt.decode(id_token, key=KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]
