"""Sign-in by password, first start, invitations, tokens and accounts over HTTP."""

from typing import cast
from uuid import UUID

from fastapi import Request, Response

from modelyard.server.accounts import invitations, people, repository, schemas, second_factor, service
from modelyard.server.accounts.by_provider import PasswordSignInOff, require_passwords
from modelyard.server.accounts.cookies import let_in, network_address
from modelyard.server.accounts.passwords import PasswordTooWeak
from modelyard.server.accounts.roles import Role
from modelyard.server.dependencies import PUBLIC, CurrentActor, OptionalActor, Reading, Services, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.tables import Project, User

router = Routes(tags=["accounts"])


@router.get("/session", operation_id="session.get", openapi_extra=PUBLIC)
def get_session(actor: OptionalActor, session: Reading) -> schemas.Session:
    """Say who is signed in, and whether the first account is still to be made."""
    user = session.get(User, actor.user_id) if actor else None
    shown = schemas.User.model_validate(user) if user else None
    return schemas.Session(user=shown, needs_setup=not repository.has_users(session))


@router.post(
    "/session",
    operation_id="session.create",
    openapi_extra=PUBLIC,
    responses=problems(
        *(service.SignInFailed, service.TooManySignIns, PasswordSignInOff),
        *(second_factor.SecondFactorNeeded, second_factor.SecondFactorSetupNeeded),
        *(second_factor.CodeWrong, second_factor.TooManyCodes),
    ),
)
def sign_in(body: schemas.SignIn, request: Request, response: Response, services: Services) -> schemas.User:
    """Sign in with address and password, and a code where the account has a second factor."""
    require_passwords(services)
    needs_code = services.settings.second_factor_required
    user, has_code = service.sign_in(services.db, body, address=network_address(request), needs_code=needs_code)
    with services.db.write() as session:
        let_in(response, session, services, request, user.id, has_second_factor=has_code)
    return schemas.User.model_validate(user)


@router.post(
    "/setup",
    operation_id="setup.create",
    openapi_extra=PUBLIC,
    responses=problems(service.LinkInvalid, service.AlreadySetUp, PasswordTooWeak),
)
def set_up(
    body: schemas.Setup, request: Request, response: Response, session: Writing, services: Services
) -> schemas.User:
    """Make the first account with the link that the server printed, and sign in."""
    user = service.set_up(session, body)
    let_in(response, session, services, request, user.id)
    return schemas.User.model_validate(user)


@router.get(
    "/invitations/{token}",
    operation_id="invitations.get",
    openapi_extra=PUBLIC,
    responses=problems(service.LinkInvalid),
)
def get_invitation(token: str, session: Reading) -> schemas.Invitation:
    """Say what an invitation is for."""
    link = invitations.find(session, token)
    project = session.get(Project, link.project_id) if link.project_id else None
    inviter = session.get(User, link.created_by) if link.created_by else None
    return schemas.Invitation(
        kind=link.kind,
        project_id=link.project_id,
        project_name=project.name if project else None,
        role=cast(Role | None, link.role),
        invited_by=inviter.name if inviter else None,
        expires_at=link.expires_at,
    )


@router.post(
    "/invitations/{token}/accept",
    operation_id="invitations.accept",
    openapi_extra=PUBLIC,
    responses=problems(service.LinkInvalid, service.AddressTaken, PasswordTooWeak, PasswordSignInOff),
)
def accept_invitation(
    token: str, body: schemas.Registration, request: Request, response: Response, session: Writing, services: Services
) -> schemas.User:
    """Make an account by invitation, and sign in."""
    require_passwords(services)
    user = invitations.accept(session, token, body)
    let_in(response, session, services, request, user.id)
    return schemas.User.model_validate(user)


@router.post("/invitations/{token}/join", operation_id="invitations.join", responses=problems(service.LinkInvalid))
def join(token: str, actor: CurrentActor, session: Writing) -> dict[str, UUID]:
    """Join a project with the account that is signed in."""
    return {"project_id": invitations.join(session, token, actor)}


@router.get("/tokens", operation_id="tokens.list")
def list_tokens(actor: CurrentActor, session: Reading) -> list[schemas.Token]:
    """List one's own API tokens, without their secrets."""
    return [schemas.Token.model_validate(token) for token in repository.tokens(session, actor.user_id)]


@router.post("/tokens", operation_id="tokens.create", status_code=201)
def create_token(body: schemas.TokenCreate, actor: CurrentActor, session: Writing) -> schemas.NewToken:
    """Make an API token; its secret is in this answer and nowhere else."""
    token, secret = service.create_token(session, actor, body)
    return schemas.NewToken(**schemas.Token.model_validate(token).model_dump(), token=secret)


@router.delete(
    "/tokens/{token_id}", operation_id="tokens.delete", status_code=204, responses=problems(service.TokenNotFound)
)
def revoke_token(token_id: UUID, actor: CurrentActor, session: Writing, services: Services) -> None:
    """Stop one of one's own tokens."""
    service.revoke_token(session, actor, token_id)
    session.after_commit(services.senders.forget)


@router.patch("/me", operation_id="me.update", responses=problems(service.PasswordWrong, PasswordTooWeak))
def update_me(
    body: schemas.MeUpdate,
    actor: CurrentActor,
    request: Request,
    response: Response,
    session: Writing,
    services: Services,
) -> schemas.User:
    """Change one's own name or password."""
    user = service.update_me(session, actor, body)
    if body.password:
        has_code = second_factor.of(session, user.id) is not None
        let_in(response, session, services, request, user.id, has_second_factor=has_code)
    return schemas.User.model_validate(user)


@router.get("/me/keys", operation_id="me.keys", responses=problems(service.UserNotFound))
def get_keys(actor: CurrentActor, session: Reading) -> schemas.KeyMap:
    """Return which keys do what in the browser for oneself."""
    return service.keys(session, actor)


@router.put("/me/keys", operation_id="me.set_keys", responses=problems(service.UserNotFound))
def set_keys(body: schemas.KeyMap, actor: CurrentActor, session: Writing) -> schemas.KeyMap:
    """Choose which keys do what in the browser for oneself; the map is replaced as a whole."""
    return service.set_keys(session, actor, body)


@router.get("/users", operation_id="users.list", responses=problems(service.AdminsOnly))
def list_users(actor: CurrentActor, session: Reading) -> list[schemas.Person]:
    """List every account; for administrators."""
    protected = second_factor.owners(session)
    users = [(schemas.User.model_validate(user), user.id in protected) for user in repository.users(session)]
    return [schemas.Person(**user.model_dump(), has_second_factor=has_one) for user, has_one in users]


@router.post(
    "/users",
    operation_id="users.create",
    status_code=201,
    responses=problems(service.AdminsOnly, service.AddressTaken, PasswordTooWeak),
)
def create_user(body: schemas.UserCreate, actor: CurrentActor, session: Writing) -> schemas.User:
    """Make an account for somebody; for administrators."""
    return schemas.User.model_validate(people.create(session, actor, body))


@router.patch(
    "/users/{user_id}",
    operation_id="users.update",
    responses=problems(
        service.AdminsOnly,
        service.UserNotFound,
        people.LastAdmin,
        people.ProjectsLeftAlone,
        people.SuccessorInvalid,
    ),
)
def update_user(
    user_id: UUID, body: schemas.UserUpdate, actor: CurrentActor, session: Writing, services: Services
) -> schemas.User:
    """Close or open an account, or make somebody an administrator; for administrators."""
    session.after_commit(services.senders.forget)
    return schemas.User.model_validate(people.update(session, actor, user_id, body))
