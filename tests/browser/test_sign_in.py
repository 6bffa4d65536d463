"""At the door in a real browser: by a real provider, with a second factor, and what an administrator sees of it."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from modelyard.server.accounts.second_factor import STEP_S
from modelyard.server.services import AppServices
from tests.factories.provider import ProviderProcess, running_provider

from .conftest import EMAIL, PASSWORD, PATIENCE_MS, running, sync_api

expect = sync_api.expect


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderProcess]:
    with running_provider() as found:
        yield found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, provider: ProviderProcess) -> Iterator[tuple[str, AppServices]]:
    """Start an installation with this provider."""
    with running(tmp_path_factory.mktemp("door")) as (url, services):
        with services.db.write() as session:
            accounts.register(session, Registration(email=EMAIL, name="Anna", password=PASSWORD), is_admin=True)
        known = provider.register(f"{url}/api/v1/session/provider/callback")
        update = {"oidc_issuer": provider.issuer, "oidc_name": "Bakery ID", "oidc_new_people": True}
        provider.person("bea", email="bea@bakery.example", email_verified=True, name="Bea Baker")
        base = services.settings.model_dump()
        services.settings = type(services.settings)(**base | known | update)
        yield url, services


@pytest.fixture
def page(chromium: Any, place: tuple[str, AppServices]) -> Iterator[Any]:
    """Open a page that nobody is signed in on; an uncaught error in it fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=place[0])
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(int(time.time()) // STEP_S + steps)


def by_password(page: Any, email: str = EMAIL) -> None:
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_whoever_the_provider_knows_comes_in_where_they_wanted_and_goes_out_there_too(page: Any) -> None:
    page.goto("/account/security")
    page.get_by_role("link", name="Sign in with Bakery ID").click()
    page.get_by_placeholder("sub").fill("bea")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url("**/account/security")
    expect(page.get_by_test_id("user-menu")).to_contain_text("Bea Baker")
    expect(page.get_by_text("This browser")).to_be_visible()
    page.get_by_test_id("user-menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url("**/oauth2/end_session**")
    page.get_by_role("button").first.click()
    page.wait_for_url("**/sign-in")
    expect(page.get_by_role("link", name="Sign in with Bakery ID")).to_be_visible()


def test_a_lie_is_told_at_the_door(page: Any, provider: ProviderProcess) -> None:
    provider.lie("audience")
    page.goto("/sign-in")
    page.get_by_role("link", name="Sign in with Bakery ID").click()
    page.get_by_placeholder("sub").fill("bea")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be trusted")
    provider.lie("")


def test_whoever_turns_back_is_told_so(page: Any) -> None:
    page.goto("/sign-in?next=%2Fpeople")
    page.get_by_role("link", name="Sign in with Bakery ID").click()
    page.goto(re.sub(r".*state=([^&]+).*", r"/api/v1/session/provider/callback?error=access_denied&state=\1", page.url))
    expect(page.get_by_role("alert")).to_contain_text("you turned back there")
    by_password(page)
    page.wait_for_url("**/people")


def test_an_administrator_sees_what_is_wrong(page: Any, provider: ProviderProcess) -> None:
    page.goto("/people")
    by_password(page)
    page.get_by_role("link", name="How people sign in").click()
    expect(page.get_by_text("answers as it should")).to_be_visible()
    provider.lie("renamed")
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_role("alert")).to_contain_text("calls itself")
    provider.lie("")


def test_a_second_factor_from_the_picture_to_the_recovery_code(page: Any) -> None:
    page.goto("/account/security")
    by_password(page)
    page.get_by_role("button", name="Set up").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_alt_text("QR code for the authenticator app")).to_be_visible()
    secret = page.get_by_test_id("secret").inner_text().replace(" ", "")
    page.get_by_label("Code of your authenticator app").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("alert")).to_contain_text("does not fit")
    page.get_by_label("Code of your authenticator app").fill(code(secret))
    page.get_by_role("button", name="Turn it on").click()
    shown = page.get_by_test_id("recovery-codes").locator("code")
    expect(shown).to_have_count(10)
    recovery = shown.all_inner_texts()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes are left")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/sign-in")
    by_password(page)
    page.get_by_label("Code of your authenticator app").fill(recovery[0])
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto("/account/security")
    expect(page.get_by_text("9 recovery codes are left")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Code of your authenticator app").fill(recovery[1])
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Off", exact=True)).to_be_visible()


def test_where_it_is_the_rule_it_is_set_up_at_the_door_and_an_administrator_resets_a_lost_one(
    page: Any, place: tuple[str, AppServices]
) -> None:
    _, services = place
    with services.db.write() as session:
        accounts.register(session, Registration(email="carl@example.org", name="Carl", password=PASSWORD))
    services.settings = services.settings.model_copy(update={"second_factor_required": True})
    page.goto("/sign-in")
    by_password(page, "carl@example.org")
    secret = page.get_by_test_id("secret").inner_text().replace(" ", "")
    page.get_by_label("Code of your authenticator app").fill(code(secret))
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_test_id("user-menu")).to_contain_text("Carl")
    services.settings = services.settings.model_copy(update={"second_factor_required": False})
    page.context.clear_cookies()
    page.goto("/people")
    by_password(page)
    page.get_by_role("row", name="Carl").get_by_role("button").click()
    page.get_by_role("menuitem", name="Reset second factor").click()
    expect(page.get_by_text("Carl signs in with the password alone")).to_be_visible()
