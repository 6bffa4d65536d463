"""Two people in two browsers: one labels, the other reviews; what is sent back comes again with its reason."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from modelyard.server.tables import new_id
from tests.browser.conftest import PATIENCE_MS, Installation
from tests.browser.test_label import PICTURE, press, saved

PASSWORD = "correct horse battery"
BOX = {"type": "box", "x1": 20.0, "y1": 20.0, "x2": 120.0, "y2": 100.0, "angle": 0.0}


@pytest.fixture
def project_id(installation: Installation, request: pytest.FixtureRequest) -> str:
    made = installation.project(request.node.name)
    installation.fill(made, 1)
    return made


@pytest.fixture
def bo(chromium: Any, installation: Installation, project_id: str) -> Iterator[Any]:
    """Open a page of a second member, who labels."""
    told = {"email": f"bo.{project_id}@example.org", "password": PASSWORD}  # Another test's work is not this one's.
    with installation.services.db.write() as session:
        accounts.register(session, Registration(name="Bo", **told), is_admin=False)
    body = {"email": told["email"], "role": "annotator"}
    installation.json("POST", f"/projects/{project_id}/members", json=body)
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=installation.url)
    context.set_default_timeout(PATIENCE_MS)
    reply = context.request.post(f"{installation.url}/api/v1/session", data=told, headers={"Origin": installation.url})
    assert reply.ok, reply.text()
    yield context.new_page()
    context.close()


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Callable[[Any, str], None]:
    """Return a function that keeps pictures of a page, light and dark, where MODELYARD_SHOTS names a folder."""
    folder = os.environ.get("MODELYARD_SHOTS")

    def run(page: Any, name: str) -> None:
        for scheme in ("light", "dark") if folder else ():
            page.evaluate(
                "(scheme) => document.documentElement.setAttribute('data-mantine-color-scheme', scheme)", scheme
            )
            page.screenshot(path=Path(folder) / f"{name}-{scheme}.png")
        if folder:
            page.evaluate("document.documentElement.setAttribute('data-mantine-color-scheme', 'light')")

    return run


def batch_of(installation: Installation, project_id: str, **more: Any) -> dict[str, Any]:
    body = {"name": "First", "pictures": {"kind": "next", "count": 3}, "order": "upload", "review_share": 1, **more}
    return installation.json("POST", f"/projects/{project_id}/batches", json=body)["batch"]


def shown(page: Any, *, other_than: str = "") -> str:
    """Wait until a picture can be reviewed; return its review."""
    surface = page.locator(f'[data-testid=surface][data-review-id]:not([data-review-id="{other_than}"])')
    surface.wait_for()
    return surface.get_attribute("data-review-id")


def look_through_the_batch(page: Any, project_id: str, batch: dict[str, Any], look: Callable[[Any, str], None]) -> None:
    """Find on the batch's page what came of its labels, and look at the one that was sent back again."""
    page.goto(f"/projects/{project_id}/batches/{batch['id']}")
    page.get_by_text("3 accepted, 0 corrected, 1 sent back").wait_for()
    page.get_by_text("Finished").wait_for()
    cards = page.get_by_test_id("reviews").locator("a")
    assert cards.evaluate_all("(all) => all.map((one) => one.dataset.state).sort()") == ["accepted"] * 3 + ["rejected"]
    look(page, "batch")
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Sent back").click()
    page.wait_for_function("() => document.querySelectorAll('[data-testid=reviews] a').length === 1")
    cards.first.click()
    shown(page)
    page.get_by_text("Sent back by Anna").wait_for()


def test_a25_labels_are_accepted_corrected_and_sent_back_by_key(
    page: Any, bo: Any, installation: Installation, project_id: str, look: Callable[[Any, str], None]
) -> None:
    batch = batch_of(installation, project_id)
    bo.goto(f"/projects/{project_id}/label?batch={batch['id']}")
    bo.wait_for_selector(PICTURE)
    for key in "121":
        press(bo, key)
    saved(bo)

    page.goto(f"/projects/{project_id}")
    work = page.get_by_test_id("your-work")
    work.get_by_text("3 to review").wait_for()
    look(page, "start")
    work.get_by_role("link", name="Review").click()
    first = shown(page)
    page.get_by_test_id("author").get_by_text("Label by Bo").wait_for()
    look(page, "review")
    page.keyboard.press("Enter")
    second = shown(page, other_than=first)
    page.get_by_test_id("said").get_by_text("Accepted.").wait_for()

    page.keyboard.press("1")
    page.locator("[data-testid=accept][data-changed]").get_by_text("Accept with my changes").wait_for()
    look(page, "changed")
    page.keyboard.press("Enter")
    third = shown(page, other_than=second)
    page.keyboard.press("Control+Alt+z")
    assert shown(page, other_than=third) == second
    page.get_by_test_id("said").get_by_text("Taken back.").wait_for()
    page.keyboard.press("Backspace")
    page.get_by_role("textbox", name="What is wrong with it?").fill("It is green, so it is no leaf of bread.")
    look(page, "send-back")
    page.get_by_role("button", name="Send back", exact=True).click()
    assert shown(page, other_than=second) == third
    page.keyboard.press("Enter")
    page.get_by_text("Nothing to review here").wait_for()
    look(page, "done")

    bo.goto(f"/projects/{project_id}")
    bo.get_by_test_id("returned").get_by_text("It is green, so it is no leaf of bread.").wait_for()
    look(bo, "returned")
    bo.get_by_test_id("your-work").get_by_role("link", name="Continue labelling").click()
    bo.get_by_test_id("sent-back").get_by_text("You said: leaf").wait_for()
    look(bo, "sent-back")
    press(bo, "1")
    saved(bo)

    shown(page)  # The page looks by itself for what comes.
    page.get_by_test_id("past").get_by_text("It is green, so it is no leaf of bread.").wait_for()
    look(page, "again")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing to review here").wait_for()
    look_through_the_batch(page, project_id, batch, look)


def test_versions_of_a_drawing_are_layers_and_a_changed_object_is_a_correction(
    page: Any, bo: Any, installation: Installation, look: Callable[[Any, str], None]
) -> None:
    email = bo.request.get("/api/v1/session").json()["user"]["email"]
    body = {"name": "Trays to review", "task": "detection", "classes": ["bun", "leaf"]}
    project_id = installation.json("POST", "/projects", json=body)["id"]
    installation.fill(project_id, 1)
    installation.json("POST", f"/projects/{project_id}/members", json={"email": email, "role": "annotator"})
    batch = batch_of(installation, project_id)
    classes = installation.class_ids(project_id)
    queued = bo.request.get(f"/api/v1/projects/{project_id}/queue/next?batch_id={batch['id']}").json()
    image_id = queued["items"][0]["image"]["id"]
    own = {"id": str(new_id()), "class_id": classes["leaf"], "shape": BOX}
    address = f"/api/v1/images/{image_id}/objects?batch_id={batch['id']}"
    reply = bo.request.patch(address, data={"put": [own], "answer": "objects"}, headers={"Origin": installation.url})
    assert reply.ok, reply.text()

    page.goto(f"/projects/{project_id}/review?batch={batch['id']}")
    first = shown(page)
    versions = page.get_by_test_id("versions")
    versions.get_by_text("1 object", exact=True).wait_for()
    page.get_by_test_id("objects").get_by_text("leaf").click()
    page.keyboard.press("1")
    page.keyboard.press("Shift+ArrowRight")
    versions.get_by_text("1 changed").wait_for()
    page.keyboard.press("Alt+a")
    versions.locator("[data-layer=author][data-shown]").wait_for()
    look(page, "layers")
    page.keyboard.press("Alt+c")
    versions.locator("[data-layer=own]:not([data-shown])").wait_for()
    look(page, "author-alone")
    page.reload()
    shown(page)
    versions.get_by_text("1 changed").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Nothing to review here").wait_for()
    (row,) = installation.json("GET", f"/batches/{batch['id']}/reviews")["items"]
    assert (row["review"]["id"], row["review"]["state"]) == (first, "corrected")
    (drawn,) = installation.json("GET", f"/images/{image_id}/objects")["objects"]
    assert (drawn["class_id"], drawn["shape"]["x1"]) == (classes["bun"], BOX["x1"] + 10)
    page.goto(f"/projects/{project_id}/review?review={first}")
    shown(page)
    versions.get_by_text("1 changed").wait_for()
