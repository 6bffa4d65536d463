"""Known pictures in the browser: marked, mixed into a batch, how whoever labels them does; and who is where, live."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import KINDS, Installation, draw
from tests.browser.test_batches import bo as bo  # noqa: PLC0414 - a fixture
from tests.browser.test_batches import label
from tests.browser.test_batches import look as look  # noqa: PLC0414 - a fixture


@pytest.fixture
def project_id(installation: Installation, request: pytest.FixtureRequest) -> str:
    made = installation.project(request.node.name)
    installation.label(made, installation.fill(made, 2))
    installation.json("PATCH", f"/projects/{made}", json={"settings": {"gold_window": 5}})
    return made


def test_known_pictures_are_marked_and_pause_whoever_misses_them_until_they_may_go_on(
    page: Any, bo: Any, installation: Installation, project_id: str, look: Callable[[Any, str], None]
) -> None:
    page.goto(f"/projects/{project_id}/images")
    page.wait_for_selector("[data-testid=grid] button")
    page.keyboard.press("Control+a")
    page.wait_for_selector("text=6 pictures chosen")
    page.get_by_role("button", name="Mark as gold").click()
    look(page, "gold-mark")
    page.get_by_role("menuitem", name="For onboarding").click()
    page.get_by_text("6 pictures marked as gold.").wait_for()

    for seed, kind in enumerate(KINDS, start=10):
        _add(installation, project_id, kind, seed)
    pictures = {"kind": "filter", "filters": {"labelled": False}}
    body = {"name": "First", "pictures": pictures, "gold_share": 0.2}
    batch = installation.json("POST", f"/projects/{project_id}/batches", json=body)["batch"]

    page.goto(f"/projects/{project_id}/batches/{batch['id']}")
    page.get_by_test_id("on-screens").get_by_text("Nobody has pictures").wait_for()
    bo.goto(f"/projects/{project_id}/label?batch={batch['id']}")
    page.get_by_test_id("on-screens").get_by_text("Bo", exact=True).wait_for()  # By itself, without reloading.
    look(page, "batch-live")
    label(bo, "1", "1", "1", "1")
    people = f"/projects/{project_id}/gold/people"
    installation.wait_for(lambda: installation.json("GET", people)["people"][0]["paused_at"])
    bo.reload()
    bo.get_by_text("known pictures were labelled differently; talk to").wait_for()
    look(bo, "paused")

    page.goto(f"/projects/{project_id}/batches/gold")
    page.get_by_text("Nothing is handed out to Bo").wait_for()
    look(page, "gold")
    page.get_by_test_id("gold-people").get_by_role("button", name="What they said").click()
    page.get_by_test_id("gold-said").get_by_text("differently").first.wait_for()
    look(page, "gold-said")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Let them go on").click()
    page.get_by_text("Nothing is handed out to Bo").wait_for(state="detached")

    page.goto(f"/projects/{project_id}/batches/work")
    page.get_by_test_id("work-people").get_by_text("Anna").wait_for()
    page.get_by_test_id("work-classes").get_by_text("bun").wait_for()
    look(page, "work")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as CSV").first.click()
    assert saved.value.suggested_filename == "people.csv"
    bo.goto(f"/projects/{project_id}/batches/work")
    bo.get_by_test_id("work-people").get_by_text("Bo", exact=True).wait_for()
    look(bo, "work-own")


def _add(installation: Installation, project_id: str, kind: str, seed: int) -> None:
    path = f"/projects/{project_id}/images"
    installation.json("POST", path, params={"name": f"{kind}-{seed}.jpg"}, content=draw(kind, seed))
