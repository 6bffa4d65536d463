"""Two people label a batch by themselves, in two browsers: they agree, they differ, and their leader sees both."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from tests.browser.conftest import PATIENCE_MS, Installation
from tests.browser.test_label import PICTURE, press, saved

PASSWORD = "correct horse battery"


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
    """Return a function that keeps a picture of a page where MODELYARD_SHOTS names a folder for them."""
    folder = os.environ.get("MODELYARD_SHOTS")

    def run(page: Any, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return run


def label(page: Any, *keys: str) -> None:
    """Answer picture after picture by digits, until all of it is saved."""
    page.wait_for_selector(PICTURE)
    for key in keys:
        press(page, key)
    saved(page)


def test_two_people_label_apart_and_what_they_differ_in_is_shown(
    page: Any, bo: Any, installation: Installation, project_id: str, look: Callable[[Any, str], None]
) -> None:
    page.goto(f"/projects/{project_id}/batches")
    page.get_by_test_id("empty").get_by_text("No batches yet").wait_for()
    look(page, "empty")
    page.get_by_role("button", name="New batch").click()
    page.get_by_role("textbox", name="Name").fill("First three")
    page.get_by_role("textbox", name="Labels of each picture").fill("2")
    page.get_by_role("textbox", name="What to know").fill("A bun is brown. Leaves are green.")
    page.get_by_role("combobox", name="Order").click()
    page.get_by_role("option", name="In order of upload").click()
    look(page, "new")
    page.get_by_role("button", name="Make it").click()
    card = page.get_by_test_id("batch")
    card.get_by_text("0 of 6 labels").wait_for()
    look(page, "list")

    bo.goto("/")
    work = bo.get_by_test_id("your-work")
    work.get_by_text("3 pictures left for you").wait_for()
    look(bo, "start")
    work.get_by_role("link", name="Start labelling").click()
    bo.get_by_test_id("batch-line").get_by_text("0 of 6 labels").wait_for()
    look(bo, "label")
    label(bo, "1", "1", "1")
    bo.get_by_text("You are done here").wait_for()
    look(bo, "done")

    card.get_by_role("link", name="Label").click()
    label(page, "1", "2", "2")
    page.get_by_text("You are done here").wait_for()
    page.get_by_role("link", name="First three").click()
    page.get_by_test_id("disputed").get_by_text("bun, leaf").first.wait_for()
    assert page.get_by_test_id("disputed").locator("img").count() == 2
    rows = page.get_by_test_id("batch-people").get_by_role("row")
    both = [["Anna", "3"], ["Bo", "3"]]
    installation.wait_for(lambda: sorted(row.split("\t")[:2] for row in rows.all_inner_texts()[1:]) == both)
    look(page, "detail")
    (batch,) = installation.json("GET", f"/projects/{project_id}/batches")
    assert (batch["given"], batch["finished"], batch["disputed"]) == (6, 1, 2)


def test_whoever_labels_sees_no_buttons_of_a_leader_and_hears_why_a_batch_is_paused(
    page: Any, bo: Any, installation: Installation, project_id: str, look: Callable[[Any, str], None]
) -> None:
    body = {"name": "Mine", "pictures": {"kind": "next", "count": 3}}
    batch = installation.json("POST", f"/projects/{project_id}/batches", json=body)["batch"]
    page.goto(f"/projects/{project_id}/batches/{batch['id']}")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Open again").wait_for()
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Edit").click()
    page.get_by_role("textbox", name="Name").fill("Ours")
    look(page, "edit")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Ours").wait_for()

    bo.goto(f"/projects/{project_id}/batches/{batch['id']}")
    bo.get_by_role("heading", name="Ours").wait_for()
    assert bo.get_by_role("button", name="Open again").count() == 0
    bo.goto(f"/projects/{project_id}/label?batch={batch['id']}")
    bo.get_by_text("This batch is paused.").wait_for()
    look(bo, "paused")
