"""Two people talk about a picture in two browsers, and guidelines are written, read and changed; nothing of it runs."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from modelyard.server.accounts import repository
from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from tests.browser.conftest import PATIENCE_MS, Installation, draw
from tests.browser.test_draw import Surface

ZOE = {"email": "zoe@example.org", "password": "correct horse battery"}
NASTY = "<img src=x onerror=\"document.title='taken over'\"> [x](javascript:alert(1))"


@pytest.fixture
def project_id(installation: Installation, request: pytest.FixtureRequest) -> str:
    body = {"name": request.node.name, "task": "detection", "classes": ["bun", "leaf"]}
    made = str(installation.json("POST", "/projects", json=body)["id"])
    for kind in ("bun", "leaf"):
        path = f"/projects/{made}/images"
        installation.json("POST", path, params={"name": f"{kind}.jpg"}, content=draw(kind, 1))
    return made


@pytest.fixture
def zoe(chromium: Any, installation: Installation, project_id: str) -> Iterator[Any]:
    """Open a page of a second member, who labels."""
    with installation.services.db.write() as session:
        if repository.user_by_email(session, ZOE["email"]) is None:
            accounts.register(session, Registration(name="Zoe", **ZOE), is_admin=False)
    body = {"email": ZOE["email"], "role": "annotator"}
    installation.json("POST", f"/projects/{project_id}/members", json=body)
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=installation.url)
    context.set_default_timeout(PATIENCE_MS)
    reply = context.request.post(f"{installation.url}/api/v1/session", data=ZOE, headers={"Origin": installation.url})
    assert reply.ok, reply.text()
    yield context.new_page()
    context.close()


@pytest.fixture
def look() -> Callable[[Any, str], None]:
    """Return a function that keeps a page, light and dark, where MODELYARD_SHOTS names a folder for pictures."""
    folder = os.environ.get("MODELYARD_SHOTS")

    def run(page: Any, name: str) -> None:
        for scheme in ("dark", "light") if folder else ():
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(str(folder)) / f"{name}-{scheme}.png", animations="disabled")

    return run


def test_two_people_talk_about_a_picture(
    page: Any, zoe: Any, installation: Installation, project_id: str, look: Callable[[Any, str], None]
) -> None:
    page.goto(f"/projects/{project_id}/issues")
    page.get_by_text("No open issue").wait_for()
    images = installation.json("GET", f"/projects/{project_id}/images")["items"]
    surface = Surface(zoe, installation, project_id).open(images[0]["id"])
    zoe.mouse.move(*surface.place(50, 40))
    zoe.keyboard.press("c")
    box = zoe.get_by_test_id("new-issue").get_by_label("Comment")
    box.type("Is this a bun? @An")
    zoe.get_by_role("option", name="Anna").click()
    box.type(NASTY)
    look(zoe, "new-issue")
    zoe.keyboard.press("Control+Enter")
    pin = zoe.get_by_test_id("pins").get_by_role("button")
    pin.wait_for()
    (issue,) = installation.json("GET", f"/images/{images[0]['id']}/issues")
    assert abs(issue["x"] - 50) < 1 and abs(issue["y"] - 40) < 1
    assert [person["name"] for person in issue["comments"][0]["mentions"]] == ["Anna"]
    zoe.keyboard.press("Shift+C")
    pin.wait_for(state="detached")
    zoe.keyboard.press("Shift+C")
    pin.click()
    zoe.get_by_test_id("thread").wait_for()
    look(zoe, "drawing")

    page.get_by_test_id("issue").wait_for()  # Without loading anything anew.
    page.locator("[data-testid=bell][aria-label*='unread']").click()
    look(page, "bell")
    page.get_by_test_id("notification").filter(has_text="Zoe mentioned you on").first.click()
    view = page.get_by_test_id("issue-view")
    view.get_by_test_id("pin").wait_for()
    assert NASTY in view.inner_text() and page.title() != "taken over"
    view.get_by_label("Comment").fill("Yes, with sesame.")
    view.get_by_role("button", name="Send").click()
    view.get_by_text("Yes, with sesame.").wait_for()
    look(page, "issues")
    zoe.get_by_test_id("thread").get_by_text("Yes, with sesame.").wait_for()
    page.get_by_role("button", name="Resolve").click()
    page.get_by_role("button", name="Open again").wait_for()
    pin.wait_for(state="attached")  # It was chosen, and stays to be seen until another is.
    zoe.get_by_text("Resolved by Anna").wait_for()


def test_guidelines_are_written_and_read(
    page: Any, zoe: Any, installation: Installation, project_id: str, look: Callable[[Any, str], None]
) -> None:
    Surface(zoe, installation, project_id).open()
    page.goto(f"/projects/{project_id}/guidelines")
    page.get_by_role("button", name="bun").click()
    look(page, "guidelines-empty")
    page.get_by_role("button", name="Write").click()
    page.get_by_label("Text (Markdown)").fill(
        f"# Buns\n\n- Label **every** bun\n- {NASTY}\n\n![far](https://a.example/x.png)"
    )
    page.get_by_role("button", name="Choose pictures").click()
    picks = page.get_by_test_id("picks").get_by_role("button")
    for number in range(2):
        picks.nth(number).click()
    look(page, "examples")
    page.get_by_role("button", name="Take 2 pictures").click()
    page.get_by_test_id("example").nth(1).get_by_text("Not like this").click()
    page.get_by_test_id("example").nth(1).get_by_label("What it shows").fill("A leaf")
    look(page, "guidelines-editor")
    page.get_by_role("button", name="Save as next version").click()
    guide = page.get_by_test_id("guide")
    guide.get_by_role("heading", name="Buns").wait_for()
    look(page, "guidelines")
    assert guide.locator("strong").inner_text() == "every" and NASTY.split(" [", maxsplit=1)[0] in guide.inner_text()
    assert guide.locator("img[src^=http], script, a[href^=javascript]").count() == 0 and page.title() != "taken over"

    zoe.get_by_label("Guidelines changed since you read them").wait_for()  # Without loading anything anew.
    zoe.keyboard.press("Shift+G")
    beside = zoe.get_by_test_id("talk")
    beside.get_by_text("A leaf").wait_for()
    look(zoe, "drawing-guidelines")
    beside.get_by_role("button", name="I have read it").click()
    zoe.locator("[data-testid=guidelines-beside][aria-label=Guidelines]").wait_for()

    page.get_by_role("button", name="Change").click()
    page.get_by_label("Text (Markdown)").fill("Label only whole buns.")
    page.get_by_label("What changed").fill("No crumbs")
    page.get_by_role("button", name="Save as next version").click()
    beside.get_by_text("Label only whole buns.").wait_for()
    page.get_by_role("button", name="Versions").click()
    page.get_by_role("button", name="Version 1").click()
    page.get_by_role("button", name="Bring back").click()
    guide.get_by_role("heading", name="Buns").wait_for()
    page.goto("/account/notifications")
    page.get_by_label("In the list: Somebody mentions you").wait_for()
    look(page, "settings")
