"""What a provider says of itself (OpenID Connect Discovery), and what is wrong with it, in sentences."""

from typing import Any
from urllib.parse import urlsplit

from modelyard.errors import Unavailable
from modelyard.server.settings import Settings

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_CALLED = (*_NEEDED, "userinfo_endpoint", "end_session_endpoint")


class ProviderUnavailable(Unavailable):
    """The sign-in provider does not answer as it should. Try again in a moment, or tell an administrator."""


def address_of(issuer: str) -> str:
    """Return where an issuer describes itself."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def check_settings(settings: Settings) -> None:
    """Raise `ProviderUnavailable` where the settings themselves are wrong, before anybody is asked."""
    if not _is_safe(settings.oidc_issuer):
        raise ProviderUnavailable(
            f"MODELYARD_OIDC_ISSUER must be an https address; it is {settings.oidc_issuer!r}. "
            "Only a provider on this machine may do without."
        )
    if not settings.oidc_client_id:
        raise ProviderUnavailable("MODELYARD_OIDC_CLIENT_ID is missing: the provider's name for this installation.")
    if "openid" not in settings.oidc_scopes.split():
        raise ProviderUnavailable("MODELYARD_OIDC_SCOPES lacks `openid`, without which nobody's identity is told.")


def check_description(found: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return a provider's description if everything that is needed here is in it; raises `ProviderUnavailable`."""
    address = address_of(settings.oidc_issuer)
    if found.get("issuer") != settings.oidc_issuer:
        own = found.get("issuer")
        raise ProviderUnavailable(f"The provider at {address} calls itself {own!r}. Set MODELYARD_OIDC_ISSUER to that.")
    for name in _NEEDED:
        if not found.get(name):
            raise ProviderUnavailable(f"The provider's description at {address} lacks {name!r}.")
    for name in _CALLED:
        if found.get(name) and not _is_safe(str(found[name])):
            raise ProviderUnavailable(f"The provider's {name!r} is no https address: {found[name]!r}.")
    _check_abilities(found, settings)
    return found


def check_keys(found: dict[str, Any]) -> dict[str, Any]:
    """Return a provider's keys if they are any; raises `ProviderUnavailable`."""
    if not isinstance(found.get("keys"), list) or not found["keys"]:
        raise ProviderUnavailable("The provider publishes no keys to check its signatures with.")
    return found


def _check_abilities(found: dict[str, Any], settings: Settings) -> None:
    offered = found.get("id_token_signing_alg_values_supported") or settings.oidc_signatures
    if not set(offered) & set(settings.oidc_signatures):
        raise ProviderUnavailable(
            f"The provider signs with {', '.join(offered)}; MODELYARD_OIDC_ALGORITHMS accepts none of these."
        )
    methods = found.get("code_challenge_methods_supported")
    if methods is not None and "S256" not in methods:
        raise ProviderUnavailable("The provider does not support PKCE with S256, which is needed here.")


def _is_safe(address: str) -> bool:
    """Say whether nobody between can read along: TLS, or a way that does not leave this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
