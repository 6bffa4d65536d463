"""The door in a real browser: first start, sign-in, sign-out, colours, keys."""

from pathlib import Path
from typing import Any

from modelyard.server.accounts import service as accounts
from tests.browser.conftest import EMAIL, PASSWORD, Installation, running


def test_first_start_makes_the_first_account_once(chromium: Any, tmp_path: Path) -> None:
    with running(tmp_path) as (url, services):
        token = accounts.make_setup_token(services.db)
        page = chromium.new_context(base_url=url).new_page()
        page.goto("/")
        page.wait_for_url("**/sign-in*")
        page.wait_for_selector("text=This installation has nobody yet")
        page.goto(f"/setup#token={token}")
        page.fill("input[name=name]", "Bea")
        page.fill("input[name=email]", "bea@example.org")
        page.fill("input[name=password]", "short")
        page.click("text=Make my account")
        page.wait_for_selector("[role=alert]")
        page.fill("input[name=password]", PASSWORD)
        page.click("text=Make my account")
        page.wait_for_selector("text=Start with a question")
        page.goto("/sign-in")
        page.goto(f"/setup#token={token}")
        page.wait_for_selector("text=This installation is already set up")
        page.context.close()


def test_sign_in_leads_to_where_one_wanted_to_go(chromium: Any, installation: Installation) -> None:
    project_id = installation.project("Wanted")
    page = chromium.new_context(base_url=installation.url).new_page()
    page.goto(f"/projects/{project_id}/jobs")
    page.wait_for_url("**/sign-in*")
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password]", "not the password")
    page.click("button:has-text('Sign in')")
    page.wait_for_selector("[role=alert]")
    page.fill("input[name=password]", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.wait_for_url(f"**/projects/{project_id}/jobs")
    page.click("[data-testid=user-menu]")
    page.click("text=Sign out")
    page.wait_for_url("**/sign-in")
    page.goto(f"/projects/{project_id}")
    page.wait_for_url("**/sign-in*")
    page.context.close()


def test_nothing_is_asked_of_other_hosts_and_the_policy_is_kept(page: Any, installation: Installation) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto("/")
    page.wait_for_selector("h1")
    assert [url for url in asked if not url.startswith((installation.url, "data:", "blob:"))] == []
    assert said == []


def test_question_mark_shows_the_keys_but_not_while_typing(page: Any) -> None:
    page.goto("/projects/new")
    page.click("input[name=name]")
    page.keyboard.type("Why?")
    assert page.locator("[role=dialog]").count() == 0
    page.locator("h1").click()
    page.locator("input[name=name]").blur()
    page.keyboard.press("?")
    page.wait_for_selector("[role=dialog] >> text=Show the keys")


def test_dark_colours_are_remembered(page: Any) -> None:
    page.goto("/")
    page.click("[data-testid=user-menu]")
    page.click("[role=menuitem]:has-text('Dark')")
    page.reload()
    page.wait_for_selector("h1")
    assert page.evaluate("document.documentElement.dataset.mantineColorScheme") == "dark"
