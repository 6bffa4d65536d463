"""What every request passes before the application sees it: host, origin, and headers for what goes back."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from modelyard.errors import Forbidden, Invalid, ProductError
from modelyard.server.kit.problems import problem_response

_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


class HostNotAllowed(Invalid):
    """This host name is not one of this server's. Add it to MODELYARD_ALLOWED_HOSTS."""


class CrossOrigin(Forbidden):
    """This request came from another site's page and was refused."""


class Guards:
    """ASGI middleware: Host allow-list, same-origin check of unsafe requests, security headers on every answer."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message))
            await send(message)

        if error := self._refusal(scope["method"], Headers(scope=scope)):
            await problem_response(Request(scope), error)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _refusal(self, method: str, headers: Headers) -> ProductError | None:
        host = headers.get("host", "")
        if "*" not in self._hosts and _hostname(f"//{host}") not in self._hosts:
            return HostNotAllowed()
        if method not in _UNSAFE or headers.get("authorization"):
            return None
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return None if site in ("same-origin", "none") else CrossOrigin()
        if origin is not None:
            return None if urlsplit(origin).netloc == host else CrossOrigin()
        return CrossOrigin() if headers.get("cookie") else None


def _hostname(netloc: str) -> str:
    try:
        return urlsplit(netloc).hostname or ""
    except ValueError:
        return ""


def _add_headers(headers: MutableHeaders) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
    headers.setdefault("Cache-Control", "no-store")
