"""Which key does what: presets, own keys, clashes refused in words, and what never fires."""

from typing import Any

import pytest

from tests.browser.conftest import Installation
from tests.browser.test_draw import Surface, project


@pytest.fixture
def boxes(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Any:
    """Open a project for boxes; afterwards all keys are as they were."""
    yield Surface(page, installation, project(installation, request.node.name, "detection", 2)).open()
    installation.json("PUT", "/me/keys", json={"preset": "modelyard", "changes": {}})


class Keys:
    """The page on which keys are chosen."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.goto("/account")
        page.get_by_role("link", name="Change keys").click()
        page.get_by_role("heading", name="Keys", exact=True).wait_for()

    def row(self, action: str) -> Any:
        """Return the line of an action."""
        return self.page.locator(f'[data-action="{action}"]')

    def add(self, action: str, key: str) -> None:
        """Give an action another key."""
        self.row(action).get_by_role("button", name="Add a key").click()
        self.page.keyboard.press(key)

    def saved(self) -> dict[str, Any]:
        """Return what the server keeps, once it has been told."""
        self.page.wait_for_load_state("networkidle")
        found: dict[str, Any] = self.page.request.get("/api/v1/me/keys").json()
        return found


def pressed(boxes: Surface, tool: str) -> bool:
    """Say whether a tool is in hand."""
    return bool(boxes.page.get_by_role("button", name=tool, exact=True).get_attribute("aria-pressed") == "true")


def test_a28_keys_are_given_refused_reset_and_kept_with_the_account(boxes: Surface) -> None:
    keys = Keys(boxes.page)
    keys.add("draw.box", "p")
    keys.row("draw.box").get_by_text("P does “Polygon” already, under Drawing.").wait_for()
    assert keys.saved()["changes"] == {}
    keys.page.keyboard.press("q")
    keys.row("draw.box").get_by_role("button", name="Take Q away").wait_for()
    assert keys.saved()["changes"] == {"draw.box": ["R", "Q"]}
    keys.row("draw.box").get_by_role("button", name="Take R away").click()
    keys.add("draw.box", "F1")
    keys.row("draw.box").get_by_text("Show the keys").wait_for()
    boxes.open()
    boxes.press("v", "q")
    assert pressed(boxes, "Box")
    boxes.press("v", "r")
    assert pressed(boxes, "Select")
    boxes.press("F1")
    sheet = boxes.page.get_by_role("dialog")
    sheet.get_by_role("row", name="Box Q", exact=True).wait_for()
    boxes.press("F1")
    keys = Keys(boxes.page)
    keys.page.get_by_role("button", name="Reset all").click()
    assert keys.saved() == {"preset": "modelyard", "changes": {}}
    keys.page.get_by_role("button", name="Undo", exact=True).click()
    boxes.installation.wait_for(lambda: keys.saved()["changes"] == {"draw.box": ["Q"]})
    keys.row("draw.box").get_by_role("button", name="Reset Box").click()
    assert keys.saved()["changes"] == {}


def test_a28_tab_can_be_given_to_another_key_and_back(boxes: Surface) -> None:
    boxes.drag((10, 10), (30, 30))
    boxes.drag((60, 60), (90, 90))
    boxes.saved()
    keys = Keys(boxes.page)
    keys.row("draw.cycleNext").get_by_role("button", name="Take Tab away").click()
    keys.add("draw.cycleNext", "q")
    assert keys.saved()["changes"] == {"draw.cycleNext": ["Q"]}
    boxes.open()
    boxes.expect(2)
    selected = boxes.page.locator("[data-testid=objects] [data-selected]")
    boxes.press("q")
    selected.wait_for()
    boxes.press("Escape", "Tab")
    assert selected.count() == 0
    keys = Keys(boxes.page)
    keys.add("draw.cycleNext", "Tab")
    keys.row("draw.cycleNext").get_by_role("button", name="Take Q away").click()
    boxes.installation.wait_for(lambda: keys.saved()["changes"] == {})


def test_a28_presets_bring_the_keys_of_other_tools(boxes: Surface) -> None:
    first = boxes.image_id
    boxes.press("d", "f")
    assert boxes.image_id == first
    keys = Keys(boxes.page)
    keys.page.get_by_role("combobox", name="Start from the keys of").click()
    keys.page.get_by_role("option", name="CVAT").click()
    assert keys.saved()["preset"] == "cvat"
    boxes.open()
    boxes.press("Control+Enter")
    boxes.wait(first)
    second = boxes.image_id
    boxes.press("d")
    boxes.wait(second)
    assert boxes.image_id == first
    boxes.press("f")
    boxes.wait(first)


def test_a28_keys_go_by_place_digits_class_what_is_selected_and_nothing_fires_in_fields(boxes: Surface) -> None:
    page = boxes.page
    boxes.press("r")
    boxes.drag((20, 20), (80, 80))
    boxes.expect(1)
    names = {row["id"]: row["name"] for row in boxes.installation.json("GET", f"/projects/{boxes.project_id}/classes")}
    assert [names[row["class_id"]] for row in boxes.saved()] == ["bun"]
    boxes.press("v")
    boxes.click(22, 50)
    boxes.press("Numpad2")  # What is selected gets the class.
    page.wait_for_timeout(50)
    assert [names[row["class_id"]] for row in boxes.saved()] == ["plum"]
    boxes.press("Escape", "r", "1")  # Nothing is selected: the next box gets it.
    boxes.drag((100, 20), (150, 80))
    boxes.expect(2)
    assert sorted(names[row["class_id"]] for row in boxes.saved()) == ["bun", "plum"]
    # A key of a Cyrillic layout, by its place: V.
    page.evaluate("window.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyV', key: 'м', cancelable: true}))")
    assert pressed(boxes, "Select")
    page.get_by_label("Find a class").click()
    page.keyboard.type("r1?")
    assert pressed(boxes, "Select")
    assert page.get_by_role("dialog").count() == 0
    assert page.get_by_role("group", name="Classes").locator("kbd").count() in (0, 2)
    page.keyboard.press("Escape")
    assert page.get_by_role("group", name="Classes").locator("kbd").all_inner_texts() == ["1", "2"]
    boxes.press("x")


def test_a28_a_file_takes_the_keys_along_and_one_that_holds_none_is_refused(boxes: Surface) -> None:
    keys = Keys(boxes.page)
    keys.add("draw.box", "q")
    with keys.page.expect_download() as download:
        keys.page.get_by_role("button", name="To a file").click()
    path = download.value.path()
    keys.page.get_by_role("button", name="Reset all").click()
    assert keys.saved()["changes"] == {}
    chooser = keys.page.locator('input[type="file"]')
    chooser.set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"[1, 2]"})
    keys.page.get_by_text("This file holds no keys").wait_for()
    chooser.set_input_files({"name": "keys.json", "mimeType": "application/json", "buffer": path.read_bytes()})
    keys.row("draw.box").get_by_role("button", name="Take Q away").wait_for()
    assert keys.saved()["changes"] == {"draw.box": ["R", "Q"]}
