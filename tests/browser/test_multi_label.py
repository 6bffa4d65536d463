"""Pictures with any number of classes: chosen by digits and by name, saved, undone, and said of the next one too."""

from typing import Any

import pytest

from tests.browser.conftest import Installation, draw

CLASSES = ["sweet", "baked", "burnt"]


class Choosing:
    """The labelling page of a multi-label project."""

    def __init__(self, page: Any, installation: Installation, name: str, images: int = 3) -> None:
        self.page, self.installation = page, installation
        body = {"name": name, "task": "multi_label", "classes": CLASSES}
        self.project_id = installation.json("POST", "/projects", json=body)["id"]
        for seed in range(images):
            path = f"/projects/{self.project_id}/images"
            installation.json("POST", path, params={"name": f"{seed}.jpg"}, content=draw("bun", seed))
        self.image_id = ""
        page.goto(f"/projects/{self.project_id}/label?order=upload")
        self.wait()

    def wait(self) -> None:
        """Wait for another picture than the last."""
        surface = self.page.locator(f'[data-testid=surface][data-image-id]:not([data-image-id="{self.image_id}"])')
        surface.wait_for()
        self.image_id = surface.get_attribute("data-image-id")

    def press(self, *keys: str) -> "Choosing":
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def chosen(self, count: int) -> list[str]:
        """Wait until so many classes are chosen; return their names."""
        self.page.locator(f'[data-testid=chosen][data-count="{count}"]').wait_for()
        return list(self.page.get_by_test_id("chosen").locator(".mantine-Badge-label").all_inner_texts())

    def kept(self, image_id: str) -> tuple[str, list[str]]:
        """Wait until all is saved; return what the server has of a picture."""
        self.page.locator('[data-testid=save-status][data-state="saved"]').wait_for()
        names = {
            row["id"]: row["name"] for row in self.installation.json("GET", f"/projects/{self.project_id}/classes")
        }
        shown = self.installation.json("GET", f"/images/{image_id}/objects")
        return shown["answer"], sorted(names[row["class_id"]] for row in shown["objects"])


@pytest.fixture
def choosing(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Choosing:
    return Choosing(page, installation, request.node.name)


def test_digits_choose_enter_goes_on_and_everything_is_kept(choosing: Choosing) -> None:
    first = choosing.image_id
    assert choosing.press("1", "Numpad3").chosen(2) == ["sweet", "burnt"]
    choosing.press("1").chosen(1)
    choosing.press("Control+z").chosen(2)
    choosing.press("Control+y").chosen(1)
    choosing.press("1", "Enter").wait()
    assert choosing.kept(first) == ("objects", ["burnt", "sweet"])
    assert choosing.chosen(0) == []
    second = choosing.image_id
    choosing.press("Control+Shift+V").chosen(2)
    choosing.press("/")
    choosing.page.keyboard.type("bak")
    choosing.press("Enter").chosen(3)
    choosing.press("Control+Enter").wait()
    assert choosing.kept(second) == ("objects", ["baked", "burnt", "sweet"])
    choosing.press("ArrowLeft").wait()
    assert choosing.image_id == second
    assert len(choosing.chosen(3)) == 3


def test_a48_none_of_these_is_an_answer_of_its_own(choosing: Choosing) -> None:
    first = choosing.image_id
    choosing.press("Enter")
    choosing.page.get_by_text("If none of the classes fits, press Shift+Enter").wait_for()
    assert choosing.kept(first)[0] == "none"
    choosing.press("2").chosen(1)
    choosing.press("Shift+Enter").wait()
    assert choosing.kept(first) == ("objects", [])
    second = choosing.image_id
    choosing.press("1").chosen(1)
    choosing.press("s").wait()
    assert choosing.kept(second) == ("none", ["sweet"])


def test_what_is_chosen_is_there_after_a_reload_and_the_grid_shows_and_finds_it(choosing: Choosing) -> None:
    first, page = choosing.image_id, choosing.page
    choosing.press("1", "2").chosen(2)
    choosing.kept(first)
    page.goto(f"/projects/{choosing.project_id}/label?image={first}")
    choosing.image_id = ""
    choosing.wait()
    assert choosing.chosen(2) == ["sweet", "baked"]
    choosing.press("Enter")
    page.goto(f"/projects/{choosing.project_id}/images")
    page.get_by_text("sweet, baked").wait_for()
    classes = choosing.installation.json("GET", f"/projects/{choosing.project_id}/classes")
    page.goto(f'/projects/{choosing.project_id}/images?class=["{classes[2]["id"]}"]')
    page.get_by_text("No picture matches").first.wait_for()
    page.goto(f'/projects/{choosing.project_id}/images?class=["{classes[1]["id"]}"]')
    page.get_by_text("sweet, baked").wait_for()


def test_whoever_makes_a_project_can_ask_for_any_number_of_classes(page: Any, installation: Installation) -> None:
    page.goto("/projects/new")
    page.locator("[data-task=multi_label]").click()
    page.get_by_label("Name").fill("What is on it")
    page.get_by_role("button", name="Make project").click()
    page.wait_for_url(lambda url: "/projects/" in url and not url.endswith("/new"))
    project_id = page.url.rsplit("/", 1)[-1]
    assert installation.json("GET", f"/projects/{project_id}")["task"] == "multi_label"
    for path in ("runs", "versions", "models", "deployments", "images", "label", "settings"):
        page.goto(f"/projects/{project_id}/{path}")
        page.get_by_role("heading").first.wait_for()
