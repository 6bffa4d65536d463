"""People in a real browser: inviting, joining, removing, and tokens that are shown once."""

from typing import Any

from tests.browser.conftest import PASSWORD, Installation


def test_invited_person_joins_and_sees_the_project(page: Any, chromium: Any, installation: Installation) -> None:
    project_id = installation.project("Shared bench")
    page.goto(f"/projects/{project_id}/settings?tab=members")
    page.click("text=Make a link")
    link = page.get_by_label("Send this link").input_value()
    guest = chromium.new_context().new_page()
    guest.goto(link)
    guest.wait_for_selector("text=Join “Shared bench”")
    guest.fill("input[name=name]", "Carl")
    guest.fill("input[name=email]", "carl@example.org")
    guest.fill("input[name=password]", PASSWORD)
    guest.click("text=Make my account and join")
    guest.wait_for_url(f"**/projects/{project_id}")
    guest.wait_for_selector("[data-testid=next-step]")
    guest.context.close()
    page.reload()
    row = page.locator("[data-testid=members] tr", has_text="Carl")
    row.get_by_role("button", name="Remove").click()
    page.wait_for_selector("text=Carl is no longer a member")
    page.locator(".mantine-Notification-root >> text=Undo").click()
    row.wait_for()


def test_link_that_was_used_up_says_so(page: Any) -> None:
    page.goto("/invitation#token=invite_nonsense")
    page.wait_for_selector("[role=alert]")


def test_token_is_shown_once_and_works_until_revoked(page: Any, installation: Installation) -> None:
    page.goto("/account")
    page.fill("form input[name=name] >> nth=1", "Scale")
    page.get_by_role("button", name="Make token").click()
    token = page.locator("[data-testid=new-token] input").input_value()
    assert token
    page.reload()
    page.wait_for_selector("text=Scale")
    assert token not in page.content()
    page.get_by_role("button", name="Revoke").click()
    page.wait_for_selector("text=no longer works")
