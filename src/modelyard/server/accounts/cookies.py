"""The cookies of sign-in, and what a request says about the browser that it comes from."""

from uuid import UUID

from fastapi import Request, Response

from modelyard.server.accounts import sessions
from modelyard.server.accounts.actor import COOKIE
from modelyard.server.accounts.sessions import Arrival
from modelyard.server.kit.database import WriteSession
from modelyard.server.services import AppServices

FLOW_COOKIE = "modelyard_sign_in"
FLOW_PATH = "/api/v1/session/provider"


def network_address(request: Request) -> str:
    """Return the network address that a request comes from."""
    return request.client.host if request.client else "unknown"


def let_in(
    response: Response,
    session: WriteSession,
    services: AppServices,
    request: Request,
    user_id: UUID,
    *,
    has_second_factor: bool = False,
    id_token: str | None = None,
) -> None:
    """Begin a sign-in of this browser, in place of the one that it had; with an ID token it came by the provider."""
    if old := request.cookies.get(COOKIE):
        sessions.close(session, old)
    arrival = Arrival(
        browser=request.headers.get("user-agent", ""),
        address=network_address(request),
        via="password" if id_token is None else "provider",
        has_second_factor=has_second_factor,
        id_token=id_token,
    )
    days = services.settings.session_days
    token = sessions.open_(session, user_id, arrival, days=days)
    _set(response, services, COOKIE, token, max_age=days * 86400, path="/")


def set_flow_cookie(response: Response, services: AppServices, secret: str, *, max_age_s: int) -> None:
    """Give the browser the secret that binds a way to the provider to it."""
    _set(response, services, FLOW_COOKIE, secret, max_age=max_age_s, path=FLOW_PATH)


def _set(response: Response, services: AppServices, name: str, value: str, *, max_age: int, path: str) -> None:
    is_tls = services.settings.effective_url.startswith("https://")
    response.set_cookie(name, value, max_age=max_age, path=path, httponly=True, samesite="lax", secure=is_tls)
