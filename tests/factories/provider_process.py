"""A real OpenID Connect provider in a process of its own, which can be told to lie about whoever signs in.

The package oidc-provider-mock does the protocol. What it leaves out is added: PKCE is checked, and one fault at a time
(`PUT /fault?name=…`) is put into the tokens, which are signed anew with a key that is published here.
"""

import base64
import hashlib
import hmac
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # Loopback only.

import oidc_provider_mock
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response


def _changed(claims: dict[str, Any], fault: str) -> dict[str, Any]:
    now = int(time.time())
    changes: dict[str, dict[str, Any]] = {
        "nonce": {"nonce": "of another sign-in"},
        "audience": {"aud": "another application"},
        "second_audience": {"aud": [claims["aud"], "another application"]},
        "foreign_party": {"azp": "another application"},
        "issuer": {"iss": "https://evil.example"},
        "expired": {"exp": now - 3600, "iat": now - 7200},
        "just_expired": {"exp": now - 30},
        "from_the_future": {"iat": now + 3600},
        "at_hash": {"at_hash": "bm90IHRoZSBoYXNoIQ"},
    }
    left_out = {"userinfo": "email", "no_nonce": "nonce", "no_expiry": "exp", "no_subject": "sub"}.get(fault)
    return {name: value for name, value in (claims | changes.get(fault, {})).items() if name != left_out}


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _part(content: dict[str, Any]) -> str:
    return _base64(json.dumps(content).encode())


class Provider:
    """The WSGI application around the package's."""

    def __init__(self) -> None:
        self._inner = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
        self._keys = 0
        self._key = self._new_key()
        self._fault = ""
        self._challenges: dict[str, str] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        if request.path == "/fault":
            self._fault = request.args.get("name", "")
            if self._fault == "new_key":
                self._key = self._new_key()
            return Response(status=204)(environ, start_response)
        if request.path == "/jwks":
            public = {"keys": [self._key.as_dict(private=False)]}
            return Response(json.dumps(public), mimetype="application/json")(environ, start_response)
        return self._around(request)(environ, start_response)

    def _around(self, request: Request) -> Response:
        if request.path == "/oauth2/token" and not self._knows_verifier(request):
            return Response('{"error": "invalid_grant"}', status=400, mimetype="application/json")
        response = Response.from_app(self._inner, request.environ)
        if request.path == "/oauth2/authorize" and "location" in response.headers:
            code = parse_qs(urlsplit(response.headers["location"]).query).get("code", [""])[0]
            self._challenges[code] = request.args.get("code_challenge", "")
        if request.path == "/oauth2/token" and response.status_code == 200:
            answer = json.loads(response.get_data())
            response.set_data(json.dumps(answer | {"id_token": self._id_token(answer["id_token"])}))
        if request.path == "/userinfo" and self._fault == "userinfo":
            response.set_data(json.dumps(json.loads(response.get_data()) | {"sub": "somebody else"}))
        if request.path.startswith("/.well-known") and self._fault == "renamed":
            response.set_data(json.dumps(json.loads(response.get_data()) | {"issuer": "https://other.example"}))
        return response

    def _knows_verifier(self, request: Request) -> bool:
        body = request.get_data()
        request.environ["wsgi.input"] = io.BytesIO(body)  # for whoever reads it next
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        return _base64(digest) == self._challenges.get(form.get("code", ""))

    def _id_token(self, original: str) -> str:
        part = original.split(".")[1]
        claims = _changed(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))), self._fault)
        header = {"alg": "RS256", "kid": self._key.kid}
        if self._fault == "unsigned":
            return f"{_part(header | {'alg': 'none'})}.{_part(claims)}."
        if self._fault == "signed_with_public_key":  # What everybody knows, taken for a shared secret.
            text = f"{_part(header | {'alg': 'HS256'})}.{_part(claims)}"
            return f"{text}.{_base64(hmac.digest(self._key.as_pem(private=False), text.encode(), 'sha256'))}"
        key = RSAKey.generate_key(2048) if self._fault == "foreign_key" else self._key
        return jwt.encode(header, claims, key)

    def _new_key(self) -> RSAKey:
        self._keys += 1
        return RSAKey.generate_key(2048, {"kid": f"key-{self._keys}", "use": "sig", "alg": "RS256"})


def main() -> None:
    """Serve on a free port and print the address once it answers."""
    server = make_server("127.0.0.1", 0, Provider(), threaded=True)
    sys.stdout.write(f"http://127.0.0.1:{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
