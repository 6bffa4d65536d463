"""How one's own account is kept safe, over HTTP: second factor, recovery codes, open sessions."""

from uuid import UUID

from fastapi import Request, Response

from modelyard.server.accounts import by_provider, repository, second_factor, service, sessions
from modelyard.server.accounts import schemas as account_schemas
from modelyard.server.accounts import security_schemas as schemas
from modelyard.server.accounts.actor import COOKIE
from modelyard.server.accounts.cookies import let_in, network_address
from modelyard.server.dependencies import PUBLIC, CurrentActor, Reading, Services, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.kit.tokens import hash_token
from modelyard.server.tables import SignInSession, User

router = Routes(tags=["accounts"])

_APP_NAME = "Modelyard"
_PASSWORD_PROBLEMS = (service.PasswordWrong, service.TooManySignIns, service.BrowserOnly)
_CODE_PROBLEMS = (second_factor.CodeWrong, second_factor.TooManyCodes)
_DOOR_PROBLEMS = (service.SignInFailed, service.TooManySignIns, by_provider.PasswordSignInOff)


@router.get("/me/security", operation_id="me.security")
def get_security(actor: CurrentActor, session: Reading, services: Services) -> schemas.Security:
    """Say how one's own account is kept safe."""
    factor, provider = second_factor.of(session, actor.user_id), by_provider.provider_of(services)
    user = session.get_one(User, actor.user_id)
    return schemas.Security(
        has_password=user.password_hash is not None,
        second_factor_since=factor.confirmed_at if factor else None,
        recovery_codes_left=second_factor.codes_left(session, actor.user_id),
        is_second_factor_required=services.settings.second_factor_required,
        provider=provider.name if provider else None,
        identities=[schemas.Identity.model_validate(one) for one in repository.identities(session, actor.user_id)],
    )


@router.post(
    "/me/second-factor",
    operation_id="me.set_up_second_factor",
    responses=problems(*_PASSWORD_PROBLEMS, second_factor.SecondFactorExists),
)
def set_up(body: schemas.PasswordProof, actor: CurrentActor, services: Services) -> schemas.SecondFactorSetup:
    """Return what an authenticator app needs; it counts once a code of it was sent."""
    user = service.prove(services.db, actor, body.password)
    with services.db.write() as session:
        return second_factor.begin(session, user, issuer=_APP_NAME)


@router.post(
    "/me/second-factor/confirm",
    operation_id="me.confirm_second_factor",
    responses=problems(
        *(service.BrowserOnly, second_factor.NoSecondFactor, second_factor.SecondFactorExists),
        second_factor.SetupCodeWrong,
    ),
)
def confirm(
    body: schemas.SecondFactorCode, actor: CurrentActor, request: Request, session: Writing
) -> schemas.RecoveryCodes:
    """Make the app count that shows this code; other browsers are signed out. The answer has the recovery codes."""
    service.require_browser(actor)
    codes = second_factor.confirm(session, session.get_one(User, actor.user_id), body.code)
    cookie = request.cookies.get(COOKIE, "")
    sessions.end_others(session, actor.user_id, cookie=cookie)
    sessions.note_second_factor(session, cookie)
    return schemas.RecoveryCodes(recovery_codes=codes)


@router.post(
    "/me/second-factor/remove",
    operation_id="me.remove_second_factor",
    status_code=204,
    responses=problems(*_PASSWORD_PROBLEMS, *_CODE_PROBLEMS, second_factor.SecondFactorIsRule),
)
def remove(body: schemas.SecondFactorProof, actor: CurrentActor, services: Services) -> None:
    """Take the second factor off one's own account."""
    if services.settings.second_factor_required:
        raise second_factor.SecondFactorIsRule
    user = service.prove(services.db, actor, body.password)
    service.use_code(services.db, user.id, body.code)
    with services.db.write() as session:
        second_factor.remove(session, user.id)
        repository.record(session, "second_factor.removed", actor_id=user.id)


@router.post(
    "/me/recovery-codes",
    operation_id="me.renew_recovery_codes",
    responses=problems(*_PASSWORD_PROBLEMS, *_CODE_PROBLEMS),
)
def renew(body: schemas.SecondFactorProof, actor: CurrentActor, services: Services) -> schemas.RecoveryCodes:
    """Return fresh recovery codes; the old ones stop working."""
    user = service.prove(services.db, actor, body.password)
    service.use_code(services.db, user.id, body.code)
    with services.db.write() as session:
        repository.record(session, "second_factor.recovery_codes_renewed", actor_id=user.id)
        return schemas.RecoveryCodes(recovery_codes=second_factor.renew_codes(session, user.id))


@router.post(
    "/session/second-factor",
    operation_id="session.set_up_second_factor",
    openapi_extra=PUBLIC,
    responses=problems(*_DOOR_PROBLEMS, second_factor.SecondFactorExists),
)
def set_up_at_the_door(body: account_schemas.SignIn, request: Request, services: Services) -> schemas.SecondFactorSetup:
    """Return what an authenticator app needs to whoever must have one to sign in and has none yet."""
    by_provider.require_passwords(services)
    user = service.authenticate(services.db, body, address=network_address(request))
    with services.db.write() as session:
        return second_factor.begin(session, user, issuer=_APP_NAME)


@router.post(
    "/session/second-factor/confirm",
    operation_id="session.confirm_second_factor",
    openapi_extra=PUBLIC,
    responses=problems(
        *_DOOR_PROBLEMS,
        *(second_factor.NoSecondFactor, second_factor.SecondFactorExists, second_factor.SetupCodeWrong),
    ),
)
def confirm_at_the_door(
    body: schemas.FirstCode, request: Request, response: Response, services: Services
) -> schemas.RecoveryCodes:
    """Make the app count that shows this code, and sign in. The answer has the recovery codes."""
    by_provider.require_passwords(services)
    given = account_schemas.SignIn(email=body.email, password=body.password)
    user = service.authenticate(services.db, given, address=network_address(request))
    with services.db.write() as session:
        codes = second_factor.confirm(session, session.get_one(User, user.id), body.code)
        sessions.end_others(session, user.id, cookie=None)
        let_in(response, session, services, request, user.id, has_second_factor=True)
    return schemas.RecoveryCodes(recovery_codes=codes)


@router.get("/me/sessions", operation_id="me.sessions")
def list_sessions(actor: CurrentActor, request: Request, session: Reading) -> list[schemas.OpenSession]:
    """List where one is signed in, last seen first."""
    mine = hash_token(request.cookies.get(COOKIE, ""))
    return [_shown(found, is_current=found.token_hash == mine) for found in sessions.list_(session, actor)]


@router.delete("/me/sessions", operation_id="me.end_other_sessions", status_code=204)
def end_other_sessions(actor: CurrentActor, request: Request, session: Writing) -> None:
    """Sign out everywhere but here."""
    sessions.end_others(session, actor.user_id, cookie=request.cookies.get(COOKIE))


@router.delete(
    "/me/sessions/{session_id}",
    operation_id="me.end_session",
    status_code=204,
    responses=problems(sessions.SessionNotFound),
)
def end_session(session_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Sign one of one's own browsers out."""
    sessions.end(session, actor, session_id)


@router.delete(
    "/users/{user_id}/second-factor",
    operation_id="users.reset_second_factor",
    status_code=204,
    responses=problems(service.AdminsOnly, service.UserNotFound, second_factor.NoSecondFactor, service.NotOneself),
)
def reset(user_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Take the second factor off the account of somebody who lost it, and sign them out; for administrators."""
    service.reset_second_factor(session, actor, user_id)


def _shown(found: SignInSession, *, is_current: bool) -> schemas.OpenSession:
    names = schemas.OpenSession.model_fields.keys() - {"is_current"}
    return schemas.OpenSession(**{name: getattr(found, name) for name in names}, is_current=is_current)
