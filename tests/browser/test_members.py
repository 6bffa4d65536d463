"""People in a real browser: roles, inviting, joining, leaving, closing accounts, and tokens that are shown once."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from tests.browser.conftest import PASSWORD, PATIENCE_MS, Installation

Guest = Callable[..., Any]


@pytest.fixture
def guest(chromium: Any, installation: Installation) -> Iterator[Guest]:
    """Return a function that makes a person, a member of projects in a role, and opens a page as them."""
    contexts = []

    def come(name: str, *, role: str = "annotator", projects: tuple[str, ...] = ()) -> Any:
        email = f"{name.lower()}@example.org"
        with installation.services.db.write() as session:
            accounts.register(session, Registration(email=email, name=name, password=PASSWORD))
        for project_id in projects:
            installation.json("POST", f"/projects/{project_id}/members", json={"email": email, "role": role})
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=installation.url)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        headers = {"Origin": installation.url}
        body = {"email": email, "password": PASSWORD}
        assert context.request.post(f"{installation.url}/api/v1/session", data=body, headers=headers).ok
        return context.new_page()

    yield come
    for context in contexts:
        context.close()


def choose(page: Any, label: str, option: str) -> None:
    """Choose an option of a select."""
    page.get_by_role("combobox", name=label).or_(page.get_by_role("textbox", name=label)).first.click()
    page.get_by_role("option", name=re.compile(f"^{option}")).click()


def test_an_invited_person_joins_in_the_role_of_the_link(page: Any, chromium: Any, installation: Installation) -> None:
    project_id = installation.project("Shared bench")
    page.goto(f"/projects/{project_id}/settings?tab=members")
    choose(page, "They become", "Reviewer")
    page.click("text=Make a link")
    link = page.get_by_label("Send this link").input_value()
    assert "a%20reviewer" in page.get_by_role("link", name="Write an e-mail").get_attribute("href")
    page.locator("[data-testid=invitations]", has_text="For a reviewer, by Anna").wait_for()
    guest = chromium.new_context().new_page()
    guest.goto(link)
    guest.wait_for_selector("text=Join “Shared bench”")
    guest.wait_for_selector("text=as a reviewer")
    guest.fill("input[name=name]", "Carl")
    guest.fill("input[name=email]", "carl@example.org")
    guest.fill("input[name=password]", PASSWORD)
    guest.click("text=Make my account and join")
    guest.wait_for_url(f"**/projects/{project_id}")
    guest.wait_for_selector("[data-testid=next-step]")
    row = page.locator("[data-testid=members] tr", has_text="Carl")  # by itself, without reloading
    row.wait_for()
    assert page.get_by_label("Role of Carl").first.input_value() == "Reviewer"
    row.get_by_role("button", name="More about Carl").click()
    page.get_by_role("menuitem", name="Remove from the project").click()
    page.wait_for_selector("text=Carl is no longer a member")
    guest.wait_for_selector("text=not a member")  # his open page notices, and shows nothing any more
    guest.context.close()
    page.locator(".mantine-Notification-root >> text=Undo").click()
    row.wait_for()
    assert page.get_by_label("Role of Carl").first.input_value() == "Reviewer"


def test_what_a_role_may_not_rests_with_its_reason(installation: Installation, guest: Guest) -> None:
    project_id = installation.project("Only looking")
    installation.fill(project_id, 1)
    viewer = guest("Vera", role="viewer", projects=(project_id,))
    viewer.goto(f"/projects/{project_id}/images")
    viewer.get_by_role("group", name="To import, delete and restore pictures").hover()
    assert viewer.locator("fieldset:disabled button").count() == 2
    viewer.wait_for_selector("[role=tooltip] >> text=one must be a manager or more")
    viewer.goto(f"/projects/{project_id}/label")
    viewer.wait_for_selector("text=Here others label")
    for tab in ("classes", "attributes", "wishes", "project"):
        viewer.goto(f"/projects/{project_id}/settings?tab={tab}")
        viewer.wait_for_selector("[data-testid=read-only]")
    viewer.goto(f"/projects/{project_id}/settings?tab=members")
    viewer.wait_for_selector("[data-testid=roles]")
    assert viewer.get_by_text("Invite somebody").count() == 0
    installation.json(
        "PATCH",
        f"/projects/{project_id}/members/{_id_of(installation, project_id, 'Vera')}",
        json={"role": "manager"},
    )
    viewer.get_by_text("Invite somebody").wait_for()  # by itself, as soon as the role is there


def test_ownership_is_handed_over_and_the_former_owner_leaves(installation: Installation, guest: Guest) -> None:
    project_id = installation.project("Handed on")
    olga = guest("Olga", role="owner", projects=(project_id,))
    paul = guest("Paul", role="annotator", projects=(project_id,))
    olga.goto(f"/projects/{project_id}/settings?tab=members")
    olga.get_by_role("button", name="More about Paul").click()
    olga.get_by_role("menuitem", name="Hand ownership over").click()
    olga.get_by_role("button", name="Hand over", exact=True).click()
    olga.wait_for_selector("text=Paul owns the project now")
    paul.goto(f"/projects/{project_id}/settings?tab=members")
    choose(paul, "Role of Olga", "Viewer")
    paul.wait_for_selector("text=Olga is now a viewer")
    olga.get_by_role("button", name="More about Olga").click()
    olga.get_by_role("menuitem", name="Leave the project").click()
    olga.get_by_role("button", name="Leave", exact=True).click()
    olga.wait_for_selector("text=You have left “Handed on”")
    olga.wait_for_url("**/")


def test_an_administrator_closes_an_account_and_its_open_page_ends(
    page: Any, installation: Installation, guest: Guest
) -> None:
    quentin = guest("Quentin")
    origin = {"Origin": installation.url}
    made = quentin.context.request.post(
        f"{installation.url}/api/v1/projects", data={"name": "Quentins"}, headers=origin
    )
    quentin.goto(f"/projects/{made.json()['id']}")
    quentin.wait_for_selector("[data-testid=next-step]")
    page.goto("/people")
    page.get_by_role("button", name="More about Quentin").click()
    page.get_by_role("menuitem", name="Close the account").click()
    page.wait_for_selector("text=“Quentins” would be without an owner")
    page.get_by_placeholder("Choose a person").click()
    page.get_by_role("option", name="Anna").click()
    page.get_by_role("button", name="Pass it on and close the account").click()
    page.locator("[data-testid=people] tr", has_text="Quentin").get_by_text("Closed").wait_for()
    quentin.wait_for_url("**/sign-in**")
    assert installation.json("GET", f"/projects/{made.json()['id']}")["role"] == "owner"


def test_an_administrator_becomes_an_owner_for_a_reason(page: Any, installation: Installation, guest: Guest) -> None:
    rosa = guest("Rosa")
    origin = {"Origin": installation.url}
    rosa.context.request.post(f"{installation.url}/api/v1/projects", data={"name": "Rosas"}, headers=origin)
    page.goto("/people")
    row = page.locator("[data-testid=installed] tr", has_text="Rosas")
    row.get_by_role("button", name="Become an owner").click()
    page.get_by_label("Why").fill("Rosa is away")
    page.get_by_role("button", name="Become an owner", exact=True).click()
    page.wait_for_selector("text=You own “Rosas” now")
    page.locator("[data-testid=installed] tr", has_text="Rosas").get_by_text("Rosa, Anna").wait_for()


def _id_of(installation: Installation, project_id: str, name: str) -> str:
    members = installation.json("GET", f"/projects/{project_id}/members")
    return next(str(member["user_id"]) for member in members if member["name"] == name)


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
