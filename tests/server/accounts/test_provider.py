"""Sign-in by a real provider that runs in a process of its own: who comes in, who does not, and why."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from modelyard.server.accounts.by_provider import path_within
from modelyard.server.services import AppServices
from modelyard.server.settings import Settings, SettingsWrong
from modelyard.server.tables import AuditEntry, Identity, User
from tests.factories.provider import ProviderProcess, running_provider

from ..conftest import PASSWORD

pytestmark = pytest.mark.one_engine

START = "/api/v1/session/provider/start"
CALLBACK = "http://testserver/api/v1/session/provider/callback"
BEA = {"email": "bea@bakery.example", "email_verified": True, "name": "Bea Baker"}


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderProcess]:
    with running_provider() as found:
        yield found


@pytest.fixture
def settle(services: AppServices, provider: ProviderProcess) -> Callable[..., None]:
    """Return a function that sets the installation's provider, with further settings."""
    known = provider.register(CALLBACK)
    provider.person("bea", **BEA)
    provider.lie("")

    def change(**settings: Any) -> None:
        values = services.settings.model_dump() | {"public_url": "http://testserver", "oidc_name": "Bakery ID"}
        services.settings = Settings(**values | known | {"oidc_issuer": provider.issuer} | settings)
        services.extras.pop("provider", None)

    change(oidc_new_people=True)
    return change


@pytest.fixture
def browser(app: FastAPI, owner: TestClient, settle: Callable[..., None]) -> TestClient:
    """Return a browser that nobody is signed in with, on an installation that has its first account."""
    return visitor(app)


def visitor(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://testserver", headers={"Origin": "http://testserver"})


def go(client: TestClient, address: str) -> str:
    """Open an address and return where the browser is sent on to."""
    answer = client.get(address, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def come_in(client: TestClient, provider: ProviderProcess, subject: str = "bea", *, start: str = START) -> str:
    """Walk to the provider and back; return where the browser ends."""
    return go(client, provider.agree(go(client, start), subject))


def who(client: TestClient) -> str | None:
    user = client.get("/api/v1/session").json()["user"]
    return user["email"] if user else None


def test_whoever_the_provider_knows_comes_in_and_goes_where_they_wanted(
    browser: TestClient, provider: ProviderProcess
) -> None:
    assert browser.get("/api/v1/session/methods").json() == {"password": True, "provider": "Bakery ID"}
    address = go(browser, f"{START}?next=%2Fprojects%2Fnew%3Fa%3Db")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["redirect_uri"] == CALLBACK
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert go(browser, provider.agree(address, "bea")) == "/projects/new?a=b"
    user = browser.get("/api/v1/session").json()["user"]
    assert (user["email"], user["name"], user["is_admin"]) == ("bea@bakery.example", "Bea Baker", False)
    (session,) = browser.get("/api/v1/me/sessions").json()
    assert (session["via"], session["is_current"]) == ("provider", True)


def test_the_same_person_comes_back_to_the_same_account_under_another_address(
    browser: TestClient, app: FastAPI, provider: ProviderProcess
) -> None:
    come_in(browser, provider)
    first = browser.get("/api/v1/session").json()["user"]["id"]
    provider.person("bea", email="beatrice@bakery.example", email_verified=True)
    other = visitor(app)
    assert come_in(other, provider) == "/"
    assert other.get("/api/v1/session").json()["user"]["id"] == first


def test_new_people_stay_out_unless_that_is_allowed(
    browser: TestClient, provider: ProviderProcess, settle: Callable[..., None]
) -> None:
    settle(oidc_new_people=False)
    assert come_in(browser, provider) == "/sign-in?problem=no-account-here"
    assert who(browser) is None


def test_an_invitation_lets_new_people_in(
    browser: TestClient,
    owner: TestClient,
    project: dict[str, Any],
    provider: ProviderProcess,
    settle: Callable[..., None],
) -> None:
    settle(oidc_new_people=False)
    link = owner.post(f"/api/v1/projects/{project['id']}/invitations").json()["url"]
    token = link.rpartition("token=")[2]
    assert come_in(browser, provider, start=f"{START}?next=%2Finvitation%23token%3D{token}").endswith(token)
    assert browser.post(f"/api/v1/invitations/{token}/join").status_code == 200


def test_an_address_alone_opens_nobodys_account(
    browser: TestClient, provider: ProviderProcess, settle: Callable[..., None]
) -> None:
    provider.person("eve", email="ana@bakery.example", email_verified=False)
    assert come_in(browser, provider, "eve") == "/sign-in?problem=address-of-another"
    settle(oidc_new_people=True, oidc_trust_email=True)
    assert come_in(browser, provider, "eve") == "/sign-in?problem=address-of-another"
    provider.person("ana", email="Ana@Bakery.example", email_verified=True)
    assert come_in(browser, provider, "ana") == "/"
    assert who(browser) == "ana@bakery.example"


@pytest.mark.parametrize("email", ["", "no address", "a@b@c", "a" * 300 + "@bakery.example", "a\0@bakery.example", 7])
def test_whoever_has_no_address_gets_no_account(email: object, browser: TestClient, provider: ProviderProcess) -> None:
    provider.person("bea", email=email, email_verified=True, name="Bea")
    assert come_in(browser, provider) == "/sign-in?problem=address-missing"


def test_a_name_is_one_line_of_text(browser: TestClient, provider: ProviderProcess) -> None:
    provider.person("bea", **BEA | {"name": "Bea\0\n  <b>Baker</b>" + "x" * 300})
    come_in(browser, provider)
    name = browser.get("/api/v1/session").json()["user"]["name"]
    assert name.startswith("Bea <b>Baker</b>x") and len(name) == 100


LIES = [
    *("nonce", "no_nonce", "audience", "second_audience", "foreign_party", "issuer", "expired", "no_expiry"),
    *("no_subject", "from_the_future", "at_hash", "unsigned", "signed_with_public_key", "foreign_key", "userinfo"),
]


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_lets_nobody_in(lie: str, browser: TestClient, provider: ProviderProcess) -> None:
    provider.lie(lie)
    assert come_in(browser, provider) == "/sign-in?problem=id-token-invalid"
    assert who(browser) is None


@pytest.mark.parametrize("harmless", ["just_expired", "new_key"])
def test_clocks_may_differ_a_little_and_keys_may_change(
    harmless: str, browser: TestClient, provider: ProviderProcess
) -> None:
    address = go(browser, START)
    provider.lie(harmless)
    assert go(browser, provider.agree(address, "bea")) == "/"


def test_a_code_and_a_state_count_once(browser: TestClient, provider: ProviderProcess) -> None:
    back = provider.agree(go(browser, START), "bea")
    assert go(browser, back) == "/"
    browser.delete("/api/v1/session")
    assert go(browser, back) == "/sign-in?problem=sign-in-interrupted"
    fresh = parse_qs(urlsplit(go(browser, START)).query)["state"][0]
    used = parse_qs(urlsplit(back).query)["code"][0]
    assert go(browser, f"{CALLBACK}?code={used}&state={fresh}") == "/sign-in?problem=id-token-invalid"


def test_another_browser_or_state_gets_nothing(browser: TestClient, app: FastAPI, provider: ProviderProcess) -> None:
    back = provider.agree(go(browser, START), "bea")
    victim = visitor(app)
    assert go(victim, back) == "/sign-in?problem=sign-in-interrupted"
    go(victim, START)
    assert go(victim, back) == "/sign-in?problem=sign-in-interrupted"
    assert go(browser, back.replace("state=", "state=x")) == "/sign-in?problem=sign-in-interrupted"
    for broken in (f"{CALLBACK}", f"{CALLBACK}?code=x", f"{CALLBACK}?state=%00", f"{CALLBACK}?code=x&state="):
        assert go(visitor(app), broken) == "/sign-in?problem=sign-in-interrupted"
    assert go(browser, back) == "/"


def test_whoever_turns_back_at_the_provider_is_told_so(browser: TestClient, provider: ProviderProcess) -> None:
    address = go(browser, START)
    state = parse_qs(urlsplit(address).query)["state"][0]
    assert provider.deny(address).startswith(CALLBACK)
    assert go(browser, f"{CALLBACK}?error=access_denied&state={state}") == "/sign-in?problem=provider-refused"


def test_an_answer_of_another_provider_is_refused(browser: TestClient, provider: ProviderProcess) -> None:
    back = provider.agree(go(browser, START), "bea")
    assert go(browser, f"{back}&iss=https%3A%2F%2Fevil.example") == "/sign-in?problem=id-token-invalid"


def test_the_provider_takes_only_the_registered_address(browser: TestClient, provider: ProviderProcess) -> None:
    address = go(browser, START)
    assert provider.look(address) == 200
    registered = quote(CALLBACK, safe="")
    for other in ("http://evil.example/", f"{CALLBACK}/", CALLBACK.replace("http:", "https:")):
        tampered = address.replace(registered, quote(other, safe=""))
        assert tampered != address
        assert provider.look(tampered) == 400


def test_the_answer_goes_to_the_public_address_whatever_host_is_asked(
    browser: TestClient, services: AppServices
) -> None:
    answer = browser.get(START, headers={"Host": "localhost"}, follow_redirects=False)
    assert answer.headers["location"] == f"http://testserver{START}?moved=true&next=%2F"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\\b",
        "x",
        "/\n/evil.example",
        "",
        "/" + "a" * 3000,
    ],
)
def test_nobody_is_led_elsewhere(path: str) -> None:
    assert path_within(path) == "/"


def test_nobody_is_led_elsewhere_after_the_way(browser: TestClient, provider: ProviderProcess) -> None:
    assert come_in(browser, provider, start=f"{START}?next=%2F%2Fevil.example") == "/"


def test_a_closed_account_stays_closed(
    browser: TestClient, app: FastAPI, owner: TestClient, provider: ProviderProcess
) -> None:
    come_in(browser, provider)
    user_id = browser.get("/api/v1/session").json()["user"]["id"]
    owner.patch(f"/api/v1/users/{user_id}", json={"disabled": True})
    assert who(browser) is None
    assert come_in(visitor(app), provider) == "/sign-in?problem=account-closed"


def test_nobody_is_the_first_by_the_provider(
    app: FastAPI, provider: ProviderProcess, settle: Callable[..., None]
) -> None:
    assert come_in(visitor(app), provider) == "/sign-in?problem=nobody-yet"


def test_groups_make_administrators_and_take_it_back_at_each_sign_in(
    browser: TestClient, app: FastAPI, services: AppServices, provider: ProviderProcess, settle: Callable[..., None]
) -> None:
    settle(oidc_new_people=True, oidc_groups="it staff = administrator", oidc_groups_claim="realm.roles")
    provider.person("bea", **BEA, realm={"roles": ["bakers", "it staff"]})
    come_in(browser, provider)
    assert browser.get("/api/v1/session").json()["user"]["is_admin"] is True
    provider.person("bea", **BEA, realm={"roles": ["bakers"]})
    come_in(visitor(app), provider)
    assert browser.get("/api/v1/session").json()["user"]["is_admin"] is False
    with services.db.read() as session:
        asked = select(AuditEntry.action).where(AuditEntry.kind != "session").order_by(AuditEntry.id)
        actions = list(session.scalars(asked))
    assert actions[-4:] == [
        *("account.created", "identity.connected", "account.admin_granted", "account.admin_withdrawn"),
    ]


def test_groups_never_take_the_last_administrator(
    browser: TestClient, services: AppServices, provider: ProviderProcess, settle: Callable[..., None]
) -> None:
    settle(oidc_trust_email=True, oidc_groups="it = administrator")
    provider.person("ana", email="ana@bakery.example", email_verified=True)
    come_in(browser, provider, "ana")
    assert browser.get("/api/v1/session").json()["user"]["is_admin"] is True


def test_signing_out_goes_on_to_the_provider(browser: TestClient, owner: TestClient, provider: ProviderProcess) -> None:
    come_in(browser, provider)
    url = browser.delete("/api/v1/session").json()["provider_url"]
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{provider.issuer}/oauth2/end_session?")
    assert asked["post_logout_redirect_uri"] == ["http://testserver/sign-in"]
    assert len(asked["id_token_hint"][0].split(".")) == 3
    assert who(browser) is None
    assert owner.delete("/api/v1/session").json() == {"provider_url": None}


def test_an_account_with_a_password_is_connected_and_disconnected(
    browser: TestClient, owner: TestClient, services: AppServices, provider: ProviderProcess
) -> None:
    assert owner.post("/api/v1/me/identities", json={"password": "not it at all"}).status_code == 422
    url = owner.post("/api/v1/me/identities", json={"password": PASSWORD}).json()["url"]
    assert go(owner, provider.agree(url, "bea")) == "/account/security"
    (identity,) = owner.get("/api/v1/me/security").json()["identities"]
    assert (identity["issuer"], identity["email"]) == (provider.issuer, "bea@bakery.example")
    assert come_in(browser, provider) == "/"
    assert who(browser) == "ana@bakery.example"
    assert owner.delete(f"/api/v1/me/identities/{identity['id']}").status_code == 204
    assert owner.get("/api/v1/me/security").json()["identities"] == []


def test_nobody_connects_whom_somebody_else_has(
    browser: TestClient, owner: TestClient, stranger: TestClient, provider: ProviderProcess
) -> None:
    come_in(browser, provider)
    url = stranger.post("/api/v1/me/identities", json={"password": PASSWORD}).json()["url"]
    assert go(stranger, provider.agree(url, "bea")) == "/account/security?problem=identity-taken"
    own = browser.get("/api/v1/me/security").json()
    assert (own["has_password"], len(own["identities"])) == (False, 1)
    refused = browser.delete(f"/api/v1/me/identities/{own['identities'][0]['id']}")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-other-way-in")


def test_a_way_to_connect_is_of_no_use_to_somebody_else(
    owner: TestClient, stranger: TestClient, settle: Callable[..., None], provider: ProviderProcess
) -> None:
    url = owner.post("/api/v1/me/identities", json={"password": PASSWORD}).json()["url"]
    stranger.cookies.set("modelyard_sign_in", owner.cookies["modelyard_sign_in"], path="/api/v1/session/provider")
    assert go(stranger, provider.agree(url, "bea")) == "/account/security?problem=sign-in-interrupted"


def test_passwords_go_once_an_administrator_comes_in_otherwise(
    owner: TestClient, app: FastAPI, settle: Callable[..., None], provider: ProviderProcess
) -> None:
    settle(password_sign_in=False, oidc_new_people=True)
    body = {"email": "ana@bakery.example", "password": PASSWORD}
    assert visitor(app).post("/api/v1/session", json=body).status_code == 200
    url = owner.post("/api/v1/me/identities", json={"password": PASSWORD}).json()["url"]
    go(owner, provider.agree(url, "bea"))
    refused = visitor(app).post("/api/v1/session", json=body)
    assert (refused.status_code, refused.json()["detail"]) == (
        *(403, "Passwords are switched off here. Sign in with Bakery ID."),
    )
    assert visitor(app).get("/api/v1/session/methods").json() == {"password": False, "provider": "Bakery ID"}


def test_administrators_see_the_settings_and_what_is_wrong(
    owner: TestClient, stranger: TestClient, settle: Callable[..., None], provider: ProviderProcess
) -> None:
    settle(oidc_groups="it = administrator; leads = manager in Pastries")
    assert stranger.get("/api/v1/sign-in-settings").status_code == 403
    shown = owner.get("/api/v1/sign-in-settings")
    assert shown.json()["fault"] is None
    assert shown.json()["redirect_uri"] == CALLBACK
    assert shown.json()["groups"] == ["it = administrator", "leads = manager in Pastries"]
    assert "client_secret" not in shown.text.replace("has_client_secret", "")
    provider.lie("renamed")
    assert "calls itself 'https://other.example'" in owner.get("/api/v1/sign-in-settings").json()["fault"]


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"oidc_issuer": "http://127.0.0.1:9"}, "does not answer at http://127.0.0.1:9/.well-known"),
        ({"oidc_issuer": "http://id.example"}, "must be an https address"),
        ({"oidc_client_id": ""}, "MODELYARD_OIDC_CLIENT_ID is missing"),
        ({"oidc_scopes": "email"}, "lacks `openid`"),
        ({"oidc_algorithms": "ES256"}, "signs with RS256"),
    ],
)
def test_a_provider_that_is_not_there_is_said_to_be_so(
    settings: dict[str, Any], fault: str, owner: TestClient, app: FastAPI, settle: Callable[..., None]
) -> None:
    settle(**settings)
    assert fault in owner.get("/api/v1/sign-in-settings").json()["fault"]
    assert go(visitor(app), START) == "/sign-in?problem=provider-unavailable"


def test_without_the_package_the_settings_say_what_to_install() -> None:
    code = (
        "import sys; sys.modules['authlib'] = None\n"
        "from modelyard.server.accounts.provider import Provider\n"
        "from modelyard.server.settings import Settings\n"
        "print(Provider(Settings(oidc_issuer='https://id.example', oidc_client_id='x')).fault())"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "pip install 'modelyard[sso]'" in said


def test_without_a_provider_there_is_no_way_to_it(owner: TestClient, anonymous: TestClient) -> None:
    assert anonymous.get("/api/v1/session/methods").json() == {"password": True, "provider": None}
    assert go(anonymous, START) == "/sign-in?problem=no-provider"
    assert owner.post("/api/v1/me/identities", json={"password": PASSWORD}).status_code == 404
    assert owner.get("/api/v1/sign-in-settings").json()["fault"] is None


def test_settings_that_are_not_understood_are_refused_at_the_start() -> None:
    for text in ("it", "it = boss in Pastries", "= administrator", "it = manager"):
        with pytest.raises(SettingsWrong, match=r"MODELYARD_OIDC_GROUPS: “.*” (is no rule|gives the role)"):
            Settings(oidc_groups=text)
    with pytest.raises(SettingsWrong, match="MODELYARD_OIDC_ALGORITHMS: names none; known are"):
        Settings(oidc_algorithms="none")


def test_people_are_known_by_issuer_and_subject(
    browser: TestClient, services: AppServices, provider: ProviderProcess
) -> None:
    come_in(browser, provider)
    with services.db.read() as session:
        (identity,) = session.scalars(select(Identity))
        user = session.get_one(User, identity.user_id)
    assert (identity.issuer, identity.subject, user.password_hash) == (provider.issuer, "bea", None)


def members(owner: TestClient, project: dict[str, Any]) -> dict[str, str]:
    listed = owner.get(f"/api/v1/projects/{project['id']}/members").json()
    return {member["email"]: member["role"] for member in listed}


def test_groups_give_roles_in_projects_and_take_back_only_what_they_gave(
    browser: TestClient,
    app: FastAPI,
    owner: TestClient,
    project: dict[str, Any],
    provider: ProviderProcess,
    settle: Callable[..., None],
) -> None:
    settle(oidc_new_people=True, oidc_groups="all = viewer in *; leads = manager in Pastries; x = owner in Nothing")
    bea = "bea@bakery.example"

    def arrive(*groups: str) -> str | None:
        provider.person("bea", **BEA, groups=list(groups))
        assert come_in(visitor(app), provider) == "/"
        return members(owner, project).get(bea)

    assert [arrive("all"), arrive("all", "leads"), arrive("leads"), arrive("all"), arrive("others"), arrive()] == [
        *("viewer", "manager", "manager", "viewer", None, None),
    ]
    arrive("all")
    user_id = next(
        m["user_id"] for m in owner.get(f"/api/v1/projects/{project['id']}/members").json() if m["role"] == "viewer"
    )
    by_hand = owner.patch(f"/api/v1/projects/{project['id']}/members/{user_id}", json={"role": "reviewer"})
    assert by_hand.status_code == 200, by_hand.text
    assert [arrive("all"), arrive("leads"), arrive("all"), arrive()] == ["reviewer", "manager", "reviewer", "reviewer"]
    assert owner.get("/api/v1/sign-in-settings").json()["unknown_projects"] == ["Nothing"]


def test_groups_never_take_the_last_owner(
    browser: TestClient,
    owner: TestClient,
    app: FastAPI,
    provider: ProviderProcess,
    project: dict[str, Any],
    settle: Callable[..., None],
) -> None:
    settle(oidc_new_people=True, oidc_groups=f"bosses = owner in {project['id']}")
    provider.person("bea", **BEA, groups=["bosses"])
    come_in(browser, provider)
    ana = owner.get("/api/v1/session").json()["user"]["id"]
    assert owner.delete(f"/api/v1/projects/{project['id']}/members/{ana}").status_code == 204
    provider.person("bea", **BEA, groups=[])
    come_in(visitor(app), provider)
    assert members(browser, project) == {"bea@bakery.example": "owner"}
