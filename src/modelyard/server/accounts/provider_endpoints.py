"""Sign-in by the provider over HTTP: there, back, and out; problems on the way end at the sign-in page."""

from typing import Annotated
from urllib.parse import quote, urlsplit
from uuid import UUID

import structlog
from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import IntegrityError

from modelyard.errors import ProductError
from modelyard.server.accounts import by_provider, group_roles, repository, service, sessions
from modelyard.server.accounts import security_schemas as schemas
from modelyard.server.accounts.actor import COOKIE
from modelyard.server.accounts.cookies import FLOW_COOKIE, let_in, set_flow_cookie
from modelyard.server.accounts.discovery import ProviderUnavailable
from modelyard.server.accounts.groups import parse_rules
from modelyard.server.accounts.provider import ProviderRefused
from modelyard.server.dependencies import PUBLIC, CurrentActor, OptionalActor, Reading, Services, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.kit.tokens import new_token

log = structlog.get_logger()
router = Routes(tags=["accounts"])

_FLOW_S = 600
_SEE_OTHER = {303: {"description": "The browser goes on from here."}}
Text = Annotated[str, Query(max_length=4000)]


@router.get("/session/methods", operation_id="session.methods", openapi_extra=PUBLIC)
def get_methods(session: Reading, services: Services) -> schemas.SignInMethods:
    """Say how people can sign in here."""
    provider = by_provider.provider_of(services)
    return schemas.SignInMethods(
        password=by_provider.may_use_passwords(session, services.settings),
        provider=provider.name if provider else None,
    )


@router.delete("/session", operation_id="session.delete", openapi_extra=PUBLIC)
def sign_out(request: Request, response: Response, services: Services) -> schemas.SignedOut:
    """Sign out, also on the server, and say where to sign out at the provider if one came from there."""
    response.delete_cookie(COOKIE)
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return schemas.SignedOut(provider_url=None)
    with services.db.write() as session:
        id_token = sessions.close(session, cookie)
    provider = by_provider.provider_of(services)
    try:
        url = provider.sign_out_url(id_token) if provider and id_token else None
    except ProviderUnavailable as error:
        log.warning("provider_not_asked_to_sign_out", reason=error.detail)
        url = None
    return schemas.SignedOut(provider_url=url)


@router.get(
    "/session/provider/start",
    operation_id="session.start_at_provider",
    status_code=303,
    response_class=RedirectResponse,
    openapi_extra=PUBLIC,
    responses=_SEE_OTHER,
)
def start(request: Request, services: Services, next: Text = "/", moved: bool = False) -> RedirectResponse:
    """Send the browser to the provider to sign in, and to `next` afterwards."""
    own = services.settings.effective_url
    if (
        not moved and request.url.hostname != urlsplit(own).hostname
    ):  # The cookie must be there when the browser is back.
        return _go(f"{own}{request.url.path}?moved=true&next={quote(next, safe='')}")
    try:
        provider = by_provider.require_provider(services)
        browser = request.cookies.get(FLOW_COOKIE) or new_token()
        answer = _go(by_provider.begin(services.db, provider, browser=browser, next_path=next))
    except ProductError as error:
        return _refused(error, next)
    set_flow_cookie(answer, services, browser, max_age_s=_FLOW_S)
    return answer


@router.get(
    "/session/provider/callback",
    operation_id="session.return_from_provider",
    status_code=303,
    response_class=RedirectResponse,
    openapi_extra=PUBLIC,
    responses=_SEE_OTHER,
)
def come_back(
    request: Request,
    services: Services,
    actor: OptionalActor,
    state: Text = "",
    code: Text = "",
    error: Text = "",
    iss: Text | None = None,
) -> RedirectResponse:
    """Take the browser back from the provider, sign its person in, and go on where they wanted to."""
    next_path = "/"
    try:
        provider = by_provider.require_provider(services)
        browser = request.cookies.get(FLOW_COOKIE, "")
        flow = by_provider.take_flow(services.db, state=state, browser=browser)
        next_path = flow.next
        provider.check_answer(iss)
        if error or not code:
            log.info("provider_refused", error=error)
            raise ProviderRefused
        if flow.user_id is not None and (actor is None or actor.user_id != flow.user_id):
            raise by_provider.SignInInterrupted
        person = provider.person(code, nonce=flow.nonce, code_verifier=flow.code_verifier)
        answer = _go(next_path)
        with services.db.write() as session:
            if flow.user_id is not None:
                by_provider.connect(session, flow.user_id, person)
            else:
                user_id = by_provider.sign_in(session, services.settings, person, next_path=next_path)
                let_in(answer, session, services, request, user_id, id_token=person.id_token)
    except ProductError as problem:
        return _refused(problem, next_path)
    except IntegrityError:  # Two tabs came back at once with somebody new; the other one has made the account.
        return _refused(by_provider.SignInInterrupted(), next_path)
    return answer


@router.post(
    "/me/identities",
    operation_id="me.connect",
    responses=problems(
        *(by_provider.NoProvider, service.PasswordWrong, service.TooManySignIns, service.BrowserOnly),
        ProviderUnavailable,
    ),
)
def connect(
    body: schemas.PasswordProof, actor: CurrentActor, request: Request, response: Response, services: Services
) -> schemas.ProviderAddress:
    """Say where the browser goes so that the provider's person it finds there opens one's own account."""
    provider = by_provider.require_provider(services)
    service.prove(services.db, actor, body.password)
    browser = request.cookies.get(FLOW_COOKIE) or new_token()
    url = by_provider.begin(
        services.db, provider, browser=browser, next_path="/account/security", user_id=actor.user_id
    )
    set_flow_cookie(response, services, browser, max_age_s=_FLOW_S)
    return schemas.ProviderAddress(url=url)


@router.delete(
    "/me/identities/{identity_id}",
    operation_id="me.disconnect",
    status_code=204,
    responses=problems(by_provider.IdentityNotFound, by_provider.NoOtherWayIn),
)
def disconnect(identity_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Take a provider's person off one's own account."""
    by_provider.disconnect(session, actor, identity_id)


@router.get("/sign-in-settings", operation_id="sign_in_settings.get", responses=problems(service.AdminsOnly))
def get_settings(actor: CurrentActor, services: Services) -> schemas.ProviderSettings:
    """Say how people sign in here and what is wrong with the provider, which is asked anew; for administrators."""
    provider, settings = by_provider.provider_of(services), services.settings
    rules = parse_rules(settings.oidc_groups)
    with services.db.read() as session:
        is_accepted = by_provider.may_use_passwords(session, settings)
        people = repository.connected(session, settings.oidc_issuer)
        unknown = group_roles.unknown_projects(session, rules)
    return schemas.ProviderSettings(
        password_sign_in=settings.password_sign_in,
        is_password_accepted=is_accepted,
        second_factor_required=settings.second_factor_required,
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        has_client_secret=bool(settings.oidc_client_secret.get_secret_value()),
        name=settings.oidc_name,
        scopes=settings.oidc_scopes,
        algorithms=settings.oidc_signatures,
        clock_skew_s=settings.oidc_clock_skew_s,
        new_people=settings.oidc_new_people,
        trust_email=settings.oidc_trust_email,
        groups_claim=settings.oidc_groups_claim,
        groups=[str(rule) for rule in rules],
        unknown_projects=unknown,
        redirect_uri=f"{settings.effective_url}/api/v1/session/provider/callback",
        sign_out_uri=f"{settings.effective_url}/sign-in",
        fault=provider.fault() if provider else None,
        people=people,
    )


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)


def _refused(error: ProductError, next_path: str) -> RedirectResponse:
    """Send the browser to the page that shows what went wrong, by its code; the log has the details."""
    log.warning("sign_in_by_provider_failed", problem=error.code(), detail=error.detail)
    page = "/account/security" if next_path == "/account/security" else "/sign-in"
    onward = by_provider.path_within(next_path)
    more = f"&next={quote(onward, safe='')}" if page == "/sign-in" and onward != "/" else ""
    return _go(f"{page}?problem={error.code()}{more}")
