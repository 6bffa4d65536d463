"""Labelling in a real browser: keys, undo, work that survives, conflicts, and the time from key to picture."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import PASSWORD, PATIENCE_MS, Installation, chromium_path, sync_api

PICTURE = "[data-testid=picture]"
STATUS = "[data-testid=save-status]"


@pytest.fixture
def project_id(installation: Installation, request: pytest.FixtureRequest) -> str:
    """Return a fresh project with a few pictures of three kinds."""
    project = installation.project(request.node.name[:100])
    installation.fill(project, 5)
    return project


def open_label(page: Any, project_id: str, view: str = "order=upload") -> None:
    """Open the labelling page and wait for its first picture."""
    page.goto(f"/projects/{project_id}/label?{view}")
    page.wait_for_selector(PICTURE)


def shown(page: Any) -> str:
    """Return the id of the picture on screen."""
    return str(page.get_attribute(PICTURE, "data-image-id"))


def press(page: Any, key: str) -> None:
    """Press a key and wait until another picture is on screen."""
    before = shown(page)
    page.keyboard.press(key)
    page.wait_for_function(f"document.querySelector('{PICTURE}')?.dataset.imageId !== '{before}'")


def saved(page: Any) -> None:
    """Wait until nothing is kept in the browser."""
    page.wait_for_selector(f"{STATUS}[data-kept='0']", state="attached")


def answer_of(installation: Installation, image_id: str) -> dict[str, Any]:
    """Return what the server holds for an image."""
    return dict(installation.json("GET", f"/images/{image_id}/annotation"))


def test_digits_answer_and_show_the_next_picture(page: Any, installation: Installation, project_id: str) -> None:
    open_label(page, project_id)
    image_id = shown(page)
    press(page, "Digit2")
    saved(page)
    assert answer_of(installation, image_id)["class_id"] == installation.class_ids(project_id)["leaf"]


def test_number_pad_answers_too(page: Any, installation: Installation, project_id: str) -> None:
    open_label(page, project_id)
    image_id = shown(page)
    press(page, "Numpad3")
    saved(page)
    assert answer_of(installation, image_id)["class_id"] == installation.class_ids(project_id)["plum"]


def test_undo_and_redo_reach_to_the_first_step(page: Any, installation: Installation, project_id: str) -> None:
    open_label(page, project_id)
    first = shown(page)
    for key in ("Digit1", "x", "n", "Digit3"):
        press(page, key)
    last = shown(page)
    for _ in range(4):
        press(page, "Control+z")
    assert shown(page) == first
    for _ in range(4):
        press(page, "Control+Shift+z")
    assert shown(page) == last
    saved(page)
    assert answer_of(installation, first)["class_id"] == installation.class_ids(project_id)["bun"]


def test_undo_of_a_second_look_puts_the_picture_back(page: Any, installation: Installation) -> None:
    project_id = installation.project("Second look")
    kinds = installation.fill(project_id, 1)
    installation.label(project_id, kinds)
    image_id = next(iter(kinds))
    body = {"image_ids": [image_id], "reason": "This label looks wrong"}
    installation.json("POST", f"/projects/{project_id}/queue/add", json=body)
    open_label(page, project_id)
    page.keyboard.press("x")
    page.wait_for_selector("text=Everything is labelled")
    saved(page)
    page.keyboard.press("Control+z")
    page.wait_for_selector(PICTURE)
    assert shown(page) == image_id
    saved(page)
    assert answer_of(installation, image_id)["class_id"] == installation.class_ids(project_id)[kinds[image_id]]
    open_label(page, project_id)
    assert shown(page) == image_id
    page.wait_for_selector("text=This label looks wrong")


def test_arrows_look_back_and_an_answer_can_be_changed(page: Any, installation: Installation, project_id: str) -> None:
    open_label(page, project_id)
    first = shown(page)
    press(page, "Digit1")
    press(page, "ArrowLeft")
    assert shown(page) == first
    assert page.inner_text("[data-testid=present-answer]") == "bun"
    press(page, "Digit2")
    saved(page)
    assert answer_of(installation, first)["class_id"] == installation.class_ids(project_id)["leaf"]


def test_search_finds_a_class_and_typing_answers_nothing(
    page: Any, installation: Installation, project_id: str
) -> None:
    open_label(page, project_id)
    image_id = shown(page)
    page.keyboard.press("/")
    page.keyboard.type("plu")
    assert shown(page) == image_id
    press(page, "Enter")
    saved(page)
    assert answer_of(installation, image_id)["class_id"] == installation.class_ids(project_id)["plum"]


def test_skipped_picture_comes_back(page: Any, project_id: str) -> None:
    open_label(page, project_id)
    skipped = shown(page)
    press(page, "Control+Space")
    seen = []
    for _ in range(14):
        seen.append(shown(page))
        press(page, "Digit1")
    assert skipped not in seen
    assert shown(page) == skipped


def test_work_is_kept_while_offline_and_sent_afterwards(page: Any, installation: Installation, project_id: str) -> None:
    open_label(page, project_id)
    image_ids = []
    page.context.set_offline(True)
    for key in ("Digit1", "Digit2", "Digit3"):
        image_ids.append(shown(page))
        press(page, key)
    page.wait_for_selector("text=Offline: 3 answers kept on this computer")
    page.context.set_offline(False)
    saved(page)
    assert [answer_of(installation, image_id)["answer"] for image_id in image_ids] == ["class"] * 3


def test_nothing_is_lost_when_the_browser_is_killed(
    installation: Installation, project_id: str, tmp_path: Path, sign_in: Callable[[Any], None], chromium: Any
) -> None:
    def start() -> Any:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=chromium_path(),
            args=["--no-sandbox", "--disable-gpu"],
            base_url=installation.url,
        )
        context.set_default_timeout(PATIENCE_MS)
        sign_in(context)
        return context

    context = start()
    page = context.new_page()
    open_label(page, project_id)
    context.set_offline(True)
    image_id = shown(page)
    press(page, "Digit3")
    page.wait_for_selector("text=Offline: 1 answer kept on this computer")
    session = context.new_cdp_session(page)
    with pytest.raises(sync_api.Error):
        session.send("Browser.crash")
    context = start()
    page = context.new_page()
    page.goto(f"/projects/{project_id}/label")
    page.wait_for_selector(PICTURE)
    saved(page)
    installation.wait_for(lambda: answer_of(installation, image_id)["answer"] == "class")
    page.keyboard.press("Control+z")
    installation.wait_for(lambda: answer_of(installation, image_id)["answer"] == "none")
    context.close()


def test_conflict_shows_both_and_the_person_decides(page: Any, installation: Installation, project_id: str) -> None:
    open_label(page, project_id)
    image_id = shown(page)
    installation.json("PUT", f"/images/{image_id}/annotation", json={"answer": "not_sure"})
    press(page, "Digit1")
    page.click("text=1 answer needs your decision")
    page.wait_for_selector("text=Somebody else answered this picture too")
    assert answer_of(installation, image_id)["answer"] == "not_sure"
    page.click("text=Keep mine")
    saved(page)
    assert answer_of(installation, image_id)["class_id"] == installation.class_ids(project_id)["bun"]


def test_session_that_ends_keeps_the_work(page: Any, installation: Installation, project_id: str) -> None:
    open_label(page, project_id)
    image_id = shown(page)
    page.context.clear_cookies()
    page.keyboard.press("Digit2")
    page.fill("input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    saved(page)
    assert answer_of(installation, image_id)["class_id"] == installation.class_ids(project_id)["leaf"]


def test_bulk_step_is_taken_back_as_a_whole(page: Any, installation: Installation, project_id: str) -> None:
    page.goto(f"/projects/{project_id}/label?view=grid")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Control+a")
    page.keyboard.press("Digit1")
    page.wait_for_selector("text=15 pictures: bun")
    saved(page)
    path = f"/projects/{project_id}/annotations/statistics"
    assert installation.json("GET", path)["labelled"] == 15
    page.keyboard.press("Control+z")
    page.wait_for_selector("[role=option]")
    saved(page)
    assert installation.json("GET", path)["labelled"] == 0


def test_classes_can_be_typed_where_there_are_none(page: Any, installation: Installation) -> None:
    project_id = installation.project("No classes yet", classes=False)
    installation.fill(project_id, 1)
    page.goto(f"/projects/{project_id}/label")
    page.fill("textarea", "bun\nleaf\nplum")
    page.click("text=Start labelling")
    page.wait_for_selector(PICTURE)


def test_page_without_pictures_says_what_to_do(page: Any, installation: Installation) -> None:
    page.goto(f"/projects/{installation.project('No pictures yet')}/label")
    page.wait_for_selector("text=No pictures yet")


def test_end_says_what_comes_next(page: Any, installation: Installation) -> None:
    project_id = installation.project("A short job")
    installation.fill(project_id, 1)
    open_label(page, project_id)
    for key in ("Digit1", "Digit2"):
        press(page, key)
    page.keyboard.press("Digit3")
    page.wait_for_selector("text=Everything is labelled")


def test_next_picture_shows_within_a_tenth_of_a_second(page: Any, installation: Installation) -> None:
    project_id = installation.project("Quick hands")
    installation.fill(project_id, 14)
    open_label(page, project_id)
    for _ in range(40):
        press(page, "Digit1")
        page.wait_for_timeout(60)
    times = sorted(page.evaluate("performance.getEntriesByName('label:key-to-picture').map((entry) => entry.duration)"))
    assert len(times) == 40
    assert times[len(times) // 2] < 100, f"median {times[len(times) // 2]:.0f} ms"


def test_help_sheet_lists_the_keys(page: Any, project_id: str) -> None:
    open_label(page, project_id)
    page.keyboard.press("?")
    page.wait_for_selector("text=Accept the second suggestion")
