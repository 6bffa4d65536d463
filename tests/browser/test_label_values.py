"""Whole pictures are described while they are labelled, and seen through a window that shows what is in them."""

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.browser.conftest import Installation, draw
from tests.browser.test_label import answer_of, open_label, press, saved, shown
from tests.factories.dicom import dicom
from tests.factories.pictures import encode

ATTRIBUTES = (
    {"name": "light", "kind": "choice", "choices": ["day", "night"], "subject": "image"},
    {"name": "grams", "kind": "number", "subject": "image"},
    {"name": "note", "kind": "text", "subject": "image"},
    {"name": "sharp", "kind": "flag", "subject": "image"},
)


def make(installation: Installation, name: str, *pictures: bytes, task: str = "classification") -> str:
    """Make a project of these pictures that asks what they are like."""
    body = {"name": name, "task": task, "classes": ["bun", "leaf"]}
    project_id = str(installation.json("POST", "/projects", json=body)["id"])
    for at, data in enumerate(pictures):
        installation.json("POST", f"/projects/{project_id}/images", params={"name": f"{at}"}, content=data)
    return project_id


@pytest.fixture
def project_id(installation: Installation, request: pytest.FixtureRequest) -> str:
    made = make(installation, request.node.name, *(draw("bun", seed) for seed in range(3)))
    for body in ATTRIBUTES:
        installation.json("POST", f"/projects/{made}/attributes", json=body)
    return made


def values_of(installation: Installation, page: Any, image_id: str) -> dict[str, Any]:
    """Return what is known of a picture, once everything is saved."""
    saved(page)
    return dict(answer_of(installation, image_id)["attributes"])


def screen(page: Any) -> NDArray[np.uint8]:
    """Return what the page shows of the picture, shape (H, W, 3)."""
    shot = page.get_by_test_id("stage").screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))


def test_values_are_given_before_the_answer_undone_and_there_when_one_looks_back(
    page: Any, installation: Installation, project_id: str
) -> None:
    open_label(page, project_id)
    first = shown(page)
    page.locator("[data-testid=values]:enabled").wait_for()
    page.keyboard.press("i")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "day"
    page.get_by_label("grams").fill("12,5")
    page.keyboard.press("Enter")
    page.get_by_label("sharp").select_option("yes")
    assert values_of(installation, page, first) == {"light": "day", "grams": 12.5, "sharp": True}
    assert answer_of(installation, first)["answer"] == "none"
    page.get_by_text("3 left").wait_for()
    page.keyboard.press("Control+z")
    assert values_of(installation, page, first) == {"light": "day", "grams": 12.5}
    page.keyboard.press("Control+y")
    assert values_of(installation, page, first) == {"light": "day", "grams": 12.5, "sharp": True}
    assert shown(page) == first
    press(page, "Digit1")
    page.locator("[data-testid=values]:enabled").wait_for()
    assert page.get_by_label("light", exact=True).input_value() == ""
    press(page, "ArrowLeft")
    assert (shown(page), page.get_by_label("light", exact=True).input_value()) == (first, "day")
    page.get_by_label("light", exact=True).select_option("night")
    assert values_of(installation, page, first)["light"] == "night"
    page.reload()
    page.wait_for_selector("[data-testid=picture]")
    press(page, "ArrowLeft")
    page.locator("[data-testid=values]:enabled").wait_for()
    assert page.get_by_label("light", exact=True).input_value() == "night"
    said = answer_of(installation, first)
    assert (said["class_id"], said["attributes"]["grams"]) == (installation.class_ids(project_id)["bun"], 12.5)


def test_two_people_who_describe_one_picture_see_both_and_decide(
    page: Any, installation: Installation, project_id: str
) -> None:
    open_label(page, project_id)
    first = shown(page)
    page.locator("[data-testid=values]:enabled").wait_for()
    body = {"answer": "none", "attributes": {"light": "day"}}
    installation.json("PUT", f"/images/{first}/annotation", json=body, headers={"If-Match": "0"})
    page.get_by_label("light", exact=True).select_option("night")
    page.get_by_role("button", name="1 answer needs your decision").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("light night").wait_for()
    dialog.get_by_text("light day").wait_for()
    dialog.get_by_role("button", name="Keep mine").click()
    assert values_of(installation, page, first) == {"light": "night"}


def test_a_project_that_asks_nothing_shows_no_panel(page: Any, installation: Installation) -> None:
    open_label(page, make(installation, "asks nothing", draw("bun", 1)))
    assert page.get_by_test_id("values").count() == 0


def test_values_of_pictures_with_any_number_of_classes_have_their_key(page: Any, installation: Installation) -> None:
    made = make(installation, "described tags", draw("bun", 1), draw("bun", 2), task="multi_label")
    installation.json("POST", f"/projects/{made}/attributes", json=ATTRIBUTES[0])
    page.goto(f"/projects/{made}/label?order=upload")
    page.locator("[data-testid=surface][data-image-id]").wait_for()
    page.keyboard.press("i")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    assert page.get_by_role("button", name="Light by dragging").get_attribute("aria-pressed") == "true"
    page.keyboard.press("1")
    page.locator('[data-testid=chosen][data-count="1"]').wait_for()
    image_id = page.get_by_test_id("surface").get_attribute("data-image-id")
    path = f"/images/{image_id}/objects"
    installation.wait_for(lambda: installation.json("GET", path)["attributes"] == {"light": "day"})


def test_a42_values_finer_than_bytes_are_seen_through_the_window_that_one_chooses(
    page: Any, installation: Installation
) -> None:
    values = np.add.outer(np.arange(256), np.arange(256)).astype(np.int16) - 200
    data = dicom(values, Modality="CT", WindowCenter=[40, 2000], WindowWidth=[400, 900])
    project_id = make(installation, "Scans to sort", data)
    open_label(page, project_id)
    own = installation.wait_for(lambda: (seen := screen(page).mean()) > 20 and seen)
    page.keyboard.press("w")
    box = page.get_by_test_id("stage").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] + 150, steps=8)
    page.mouse.up()
    installation.wait_for(lambda: abs(screen(page).mean() - own) > 8)
    page.get_by_role("button", name="Light and contrast").click()
    page.get_by_role("button", name="File 2").click()
    page.keyboard.press("Escape")
    installation.wait_for(lambda: screen(page).mean() < own / 2)  # Everything lies below that window.
    page.reload()
    page.wait_for_selector("[data-testid=picture]")
    installation.wait_for(lambda: screen(page).mean() < own / 2)
    page.keyboard.press("Shift+W")
    installation.wait_for(lambda: abs(screen(page).mean() - own) < 3)
    page.keyboard.press("z")
    assert page.get_by_test_id("stage").get_attribute("data-zoomed") == "true"


def test_dark_pictures_are_seen_brighter_and_stay_so_on_the_next(page: Any, installation: Installation) -> None:
    dark = np.full((200, 260, 3), 12, np.uint8)
    dark[60:140, 60:200] = 30
    other = dark.copy()
    other[0, 0] = 0
    project_id = make(installation, "Dark", encode(Image.fromarray(dark)), encode(Image.fromarray(other)))
    open_label(page, project_id)
    row, column = (size // 2 for size in screen(page).shape[:2])
    assert screen(page)[row, column].max() < 40
    page.keyboard.press("Alt+w")
    installation.wait_for(lambda: screen(page)[row, column].min() > 200)
    press(page, "Digit1")
    assert screen(page)[row, column].min() > 200
    page.keyboard.press("Shift+W")
    installation.wait_for(lambda: screen(page)[row, column].max() < 40)
