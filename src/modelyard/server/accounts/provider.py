"""An OpenID Connect provider as a client sees it: the way there and back, and who came; it asks no database.

Authlib does the protocol and joserfc the signatures; both come with the extra `sso` and are loaded at the first use.
"""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from modelyard.errors import Unauthenticated
from modelyard.server.accounts.discovery import (
    ProviderUnavailable,
    address_of,
    check_description,
    check_keys,
    check_settings,
)
from modelyard.server.accounts.groups import groups_in
from modelyard.server.accounts.id_tokens import IdTokenInvalid, KeyUnknown, checked_claims
from modelyard.server.settings import Settings

log = structlog.get_logger()

_KEEP_S = 600.0
_TIMEOUT_S = 10.0
_ADDRESS = re.compile(r"[^@\s\0]+@[^@\s\0]+")
_ADDRESS_LENGTH, _NAME_LENGTH, _SUBJECT_LENGTH = 254, 100, 255
_WANTED = ("email", "name")
_MISSING = (
    "Sign-in by a provider needs the package Authlib, which is not installed. "
    "Run pip install 'modelyard[sso]' (in a checkout .venv/bin/uv pip install -p .venv/bin/python -e '.[sso]'), "
    "then start the server again."
)


class ProviderRefused(Unauthenticated):
    """The sign-in provider did not let you in, or you turned back there. Try again, or ask an administrator."""


@dataclass(frozen=True)
class ProvidedPerson:
    """Who came back from the provider, as its checked tokens say."""

    issuer: str
    subject: str
    email: str  # "" where the provider says none
    is_email_verified: bool
    name: str
    groups: frozenset[str]
    id_token: str


@dataclass(frozen=True)
class Journey:
    """The secrets of one way to the provider and back."""

    state: str
    nonce: str
    code_verifier: str


class Provider:
    """The one provider of an installation; its description and keys are kept for ten minutes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._until = 0.0

    @property
    def name(self) -> str:
        """What the button calls it."""
        return self._settings.oidc_name

    @property
    def issuer(self) -> str:
        """Its address, exactly as its tokens say it."""
        return self._settings.oidc_issuer

    @property
    def redirect_uri(self) -> str:
        """Where it sends people back to; it compares the whole text with what was registered."""
        return f"{self._settings.effective_url}/api/v1/session/provider/callback"

    def metadata(self, *, is_fresh: bool = False) -> dict[str, Any]:
        """Return its own description; raises `ProviderUnavailable` that says what is wrong with it."""
        with self._lock:
            if is_fresh or time.monotonic() > self._until:
                check_settings(self._settings)
                self._metadata = check_description(self._fetch(address_of(self.issuer)), self._settings)
                self._keys = check_keys(self._fetch(self._metadata["jwks_uri"]))
                self._until = time.monotonic() + _KEEP_S
            return self._metadata

    def authorization_url(self, journey: Journey) -> str:
        """Return where the browser goes to sign in there."""
        metadata = self.metadata()
        with self._client() as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=journey.state,
                code_verifier=journey.code_verifier,
                nonce=journey.nonce,
            )
            return str(url)

    def fault(self) -> str | None:
        """Say what is wrong with the provider now, in a sentence; None when it describes itself as it should."""
        try:
            self.metadata(is_fresh=True)
        except ProviderUnavailable as error:
            return error.detail
        return None

    def check_answer(self, issuer: str | None) -> None:
        """Refuse an answer that another provider gave (RFC 9207); raises `IdTokenInvalid`."""
        must_say = self.metadata().get("authorization_response_iss_parameter_supported") is True
        if issuer != self.issuer and (issuer is not None or must_say):
            log.warning("answer_of_another_provider", issuer=issuer)
            raise IdTokenInvalid

    def person(self, code: str, *, nonce: str, code_verifier: str) -> ProvidedPerson:
        """Give the code for tokens and return who they speak of; raises `ProviderUnavailable`, `IdTokenInvalid`."""
        metadata = self.metadata()
        token = self._tokens(metadata, code, code_verifier)
        if not isinstance(token.get("id_token"), str):
            raise IdTokenInvalid("The sign-in provider sent no ID token. Is the scope `openid` asked for?")
        claims = self._checked(token, nonce)
        claims = self._more(metadata, token, claims)
        name = claims.get("name") or claims.get("preferred_username") or claims.get("email") or ""
        email = str(claims.get("email") or "").strip().lower()
        subject = str(claims["sub"])
        if not subject or len(subject) > _SUBJECT_LENGTH or "\0" in subject:
            raise IdTokenInvalid
        return ProvidedPerson(
            issuer=self.issuer,
            subject=subject,
            email=email if _ADDRESS.fullmatch(email) and len(email) <= _ADDRESS_LENGTH else "",
            is_email_verified=claims.get("email_verified") in (True, "true"),
            name=_plain(str(name)),
            groups=groups_in(claims, self._settings.oidc_groups_claim),
            id_token=token["id_token"],
        )

    def sign_out_url(self, id_token: str) -> str | None:
        """Return where the browser goes to sign out there too; None when the provider offers no such place."""
        from authlib.common.urls import add_params_to_uri

        endpoint = self.metadata().get("end_session_endpoint")
        if not endpoint:
            return None
        back = f"{self._settings.effective_url}/sign-in"
        params = {
            "id_token_hint": id_token,
            "client_id": self._settings.oidc_client_id,
            "post_logout_redirect_uri": back,
        }
        return str(add_params_to_uri(endpoint, list(params.items())))

    def _fetch(self, address: str) -> dict[str, Any]:
        with self._client() as client, _translated(address):
            reply = client.request("GET", address, withhold_token=True)
            reply.raise_for_status()
            found = reply.json()
        if not isinstance(found, dict):
            raise ProviderUnavailable(f"{address} answers something other than a JSON object.")
        return found

    def _tokens(self, metadata: dict[str, Any], code: str, code_verifier: str) -> dict[str, Any]:
        from authlib.integrations.base_client import OAuthError

        address = metadata["token_endpoint"]
        with self._client(metadata) as client, _translated(address):
            try:
                token: dict[str, Any] = client.fetch_token(
                    address, grant_type="authorization_code", code=code, code_verifier=code_verifier
                )
            except OAuthError as error:
                log.warning("provider_refused_the_code", error=error.error, description=error.description)
                raise IdTokenInvalid(f"The sign-in provider refused the code it had given: {error.error}.") from error
        return token

    def _checked(self, token: dict[str, Any], nonce: str) -> dict[str, Any]:
        try:
            return checked_claims(token, keys=self._keys, settings=self._settings, nonce=nonce)
        except KeyUnknown:  # The provider has changed its keys since we looked.
            self.metadata(is_fresh=True)
        try:
            return checked_claims(token, keys=self._keys, settings=self._settings, nonce=nonce)
        except KeyUnknown as error:
            raise IdTokenInvalid from error

    def _more(self, metadata: dict[str, Any], token: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
        """Return the claims with those that the provider only says at its userinfo endpoint."""
        address = metadata.get("userinfo_endpoint")
        has_groups = not self._settings.oidc_groups or groups_in(claims, self._settings.oidc_groups_claim)
        if not address or not token.get("access_token") or (has_groups and all(claims.get(name) for name in _WANTED)):
            return claims
        with self._client() as client, _translated(address):
            client.token = token
            reply = client.get(address)
            reply.raise_for_status()
            more = reply.json()
        if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            log.warning("userinfo_of_somebody_else", subject=claims["sub"])
            raise IdTokenInvalid
        return more | claims

    def _client(self, metadata: dict[str, Any] | None = None) -> Any:
        try:
            from authlib.integrations.httpx_client import OAuth2Client
        except ModuleNotFoundError as error:
            raise ProviderUnavailable(_MISSING) from error
        secret = self._settings.oidc_client_secret.get_secret_value()
        methods = (metadata or {}).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        return OAuth2Client(
            client_id=self._settings.oidc_client_id,
            client_secret=secret or None,
            token_endpoint_auth_method=method if secret else "none",
            scope=self._settings.oidc_scopes,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
            follow_redirects=False,
        )


def _plain(name: str) -> str:
    """Return a name on one line, without what no text may hold."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:_NAME_LENGTH]


@contextmanager
def _translated(address: str) -> Iterator[None]:
    """Turn whatever goes wrong with the network or the answer into `ProviderUnavailable`."""
    import httpx2

    try:
        yield
    except httpx2.HTTPStatusError as error:
        text = f"The sign-in provider answers {error.response.status_code} at {address}."
        raise ProviderUnavailable(text) from error
    except httpx2.HTTPError as error:
        raise ProviderUnavailable(f"The sign-in provider does not answer at {address}.") from error
    except ValueError as error:
        raise ProviderUnavailable(f"The sign-in provider answers something other than JSON at {address}.") from error
