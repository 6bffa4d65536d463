"""One class more or less for many pictures: by key, by menu, for all that match, and taken back as one step."""

from typing import Any

import pytest

from tests.browser.conftest import Installation, draw

CLASSES = ["sweet", "baked", "burnt"]


class Shelf:
    """The grid of a multi-label project."""

    def __init__(self, page: Any, installation: Installation, name: str, images: int = 5) -> None:
        self.page, self.installation = page, installation
        body = {"name": name, "task": "multi_label", "classes": CLASSES}
        self.home = f"/projects/{installation.json('POST', '/projects', json=body)['id']}"
        for seed in range(images):
            installation.json("POST", f"{self.home}/images", params={"name": f"{seed}.jpg"}, content=draw("bun", seed))
        page.goto(f"{self.home}/images?sort=name")
        page.wait_for_selector(f"[data-testid=grid][data-loaded='{images}']")

    def choose_all(self) -> None:
        """Choose every picture that matches."""
        self.page.get_by_test_id("grid").focus()
        self.page.keyboard.press("Control+a")
        self.page.get_by_test_id("bulk").get_by_text("chosen").wait_for()

    def said(self, text: str) -> None:
        """Wait for a toast."""
        self.page.locator(".mantine-Notification-root").get_by_text(text).first.wait_for()

    def having(self) -> dict[str, int]:
        """Return how many pictures have each class."""
        return {row["name"]: row["images"] for row in self.installation.json("GET", f"{self.home}/classes")}


@pytest.fixture
def shelf(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Shelf:
    return Shelf(page, installation, request.node.name)


def test_digits_give_and_take_a_class_and_undo_takes_the_whole_step_back(shelf: Shelf) -> None:
    shelf.choose_all()
    shelf.page.keyboard.press("2")
    shelf.said("“baked” added to 5 pictures. 5 are not done yet.")
    assert shelf.having() == {"sweet": 0, "baked": 5, "burnt": 0}
    shelf.page.keyboard.press("2")
    shelf.said("All of them have “baked” already.")
    shelf.page.keyboard.press("Shift+2")
    shelf.said("“baked” taken from 5 pictures.")
    assert shelf.having()["baked"] == 0
    shelf.page.keyboard.press("Control+z")
    shelf.said("Taken back.")
    assert shelf.having()["baked"] == 5
    shelf.page.keyboard.press("Control+z")
    shelf.installation.wait_for(lambda: shelf.having()["baked"] == 0)


def test_menus_find_a_class_by_name_and_what_is_done_is_said_in_one_step(shelf: Shelf) -> None:
    page = shelf.page
    shelf.choose_all()
    page.keyboard.press("+")
    page.get_by_label("Find a class").fill("bur")
    page.keyboard.press("Enter")
    shelf.said("“burnt” added to 5 pictures")
    page.get_by_role("button", name="Add class…").click()
    page.get_by_role("menuitem", name="sweet").click()
    shelf.said("“sweet” added to 5 pictures")
    page.get_by_role("button", name="Label as").click()
    page.get_by_role("menuitem", name="Done as they are").click()
    shelf.said("5 pictures: Labelled")
    assert shelf.installation.json("GET", f"{shelf.home}/status")["unlabelled"] == 0
    page.keyboard.press("-")
    page.get_by_role("menuitem", name="burnt").click()
    shelf.said("“burnt” taken from 5 pictures.")
    assert shelf.having() == {"sweet": 5, "baked": 0, "burnt": 0}
    assert shelf.installation.json("GET", f"{shelf.home}/status")["unlabelled"] == 0
    page.locator(".mantine-Notification-root").get_by_text("“burnt” taken").locator("..").get_by_role(
        "button", name="Undo"
    ).first.click()
    shelf.installation.wait_for(lambda: shelf.having()["burnt"] == 5)


def test_all_that_match_get_it_and_others_do_not(shelf: Shelf) -> None:
    page = shelf.page
    page.goto(f"{shelf.home}/images?name=3")
    page.wait_for_selector("[data-testid=grid][data-loaded='1']")
    shelf.choose_all()
    page.keyboard.press("1")
    shelf.said("“sweet” added to 1 picture. 1 is not done yet.")
    assert shelf.having()["sweet"] == 1
