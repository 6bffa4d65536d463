"""The page on which detectors are brought, mapped, sent to look, stopped and taken away."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Installation
from tests.browser.test_suggestions import CARD, bring, look, tray
from tests.factories.networks import draw_finder_of_red

RED = draw_finder_of_red().SerializeToString()


class Models:
    """The Models page of a detection project with dark pictures on which red things lie."""

    def __init__(self, page: Any, installation: Installation, name: str, images: int = 1) -> None:
        self.page, self.installation = page, installation
        body = {"name": name, "task": "detection", "classes": ["bun", "plum"]}
        self.project_id = str(installation.json("POST", "/projects", json=body)["id"])
        for shade in range(images):
            params = {"name": f"{shade}.png"}
            installation.json("POST", f"/projects/{self.project_id}/images", params=params, content=tray(shade))

    def open(self) -> None:
        """Show the page."""
        self.page.goto(f"/projects/{self.project_id}/models")
        self.page.get_by_role("region", name="Detectors that you brought").wait_for()

    def choose(self, test_id: str, path: Path) -> None:
        """Choose a file as a person does."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_test_id(test_id).click()
        chooser.value.set_files(path)

    def known(self) -> list[dict[str, Any]]:
        """Return the project's detectors."""
        return list(self.installation.json("GET", f"/projects/{self.project_id}/detectors"))


@pytest.fixture
def models(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Models:
    return Models(page, installation, request.node.name)


def test_a36_a_detector_is_brought_by_two_files_and_a_wrong_card_is_refused_beside_them(
    models: Models, tmp_path: Path
) -> None:
    page = models.page
    (tmp_path / "red.onnx").write_bytes(RED)
    (tmp_path / "wrong.json").write_text(json.dumps({**CARD, "layout": "yolo99"}))
    (tmp_path / "red.json").write_text(json.dumps(CARD))
    models.open()
    page.get_by_role("button", name="Bring a detector").click()
    assert page.get_by_role("button", name="Bring it").is_disabled()
    models.choose("network", tmp_path / "red.onnx")
    models.choose("card", tmp_path / "wrong.json")
    page.get_by_role("button", name="Bring it").click()
    page.get_by_test_id("refused").get_by_text("layout").wait_for()
    assert models.known() == []
    models.choose("card", tmp_path / "red.json")
    page.get_by_label("Name").fill("Red things")
    page.get_by_role("button", name="Bring it").click()
    page.get_by_test_id("detector").get_by_text("Red things", exact=True).wait_for(timeout=30_000)
    (made,) = models.known()
    assert [entry["name"] for entry in made["classes"] if entry["class_id"]] == ["bun"]


def test_what_its_classes_mean_is_changed_and_a_class_that_is_missing_is_made(models: Models) -> None:
    page = models.page
    bring(models.installation, models.project_id, RED, {**CARD, "classes": ["tin"]}, "Red")
    models.open()
    page.get_by_text("0 of 1 classes mean a class of this project").click()
    dialog = page.get_by_role("dialog")
    assert dialog.get_by_role("button", name="Save").is_disabled()
    dialog.get_by_label("tin").click()
    page.get_by_role("option", name="plum").click()
    dialog.get_by_role("button", name="Save").click()
    page.get_by_text("1 of 1 classes mean a class of this project").click()
    classes = models.installation.class_ids(models.project_id)
    assert models.known()[0]["classes"][0]["class_id"] == classes["plum"]
    dialog.get_by_label("tin").click()
    page.get_by_role("option", name="New class “tin”").click()
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="detached")
    made = models.installation.class_ids(models.project_id)["tin"]
    assert models.known()[0]["classes"][0]["class_id"] == made


def test_a_detector_is_renamed_taken_away_and_brought_back(models: Models) -> None:
    page = models.page
    look(models.installation, bring(models.installation, models.project_id, RED, CARD, "Red"))
    models.open()
    page.get_by_role("button", name="Class by class").click()
    page.get_by_test_id("by-class").get_by_text("bun").wait_for()
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_label("Name").fill("Scarlet")
    page.keyboard.press("Enter")
    page.get_by_test_id("detector").get_by_text("Scarlet", exact=True).wait_for()
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Remove").click()
    page.get_by_text("Scarlet is gone").wait_for()
    page.get_by_text("Let a detector do the first draft").wait_for()
    assert models.known() == []
    page.get_by_role("button", name="Undo").click()
    page.get_by_test_id("detector").get_by_text("Scarlet", exact=True).wait_for()
    assert [entry["name"] for entry in models.known()] == ["Scarlet"]


def test_a_look_at_many_pictures_is_started_and_stopped_on_the_page(page: Any, installation: Installation) -> None:
    models = Models(page, installation, "stopped look", images=60)
    side = 1600  # So large that it takes its time.
    card = {**CARD, "input_width": side, "input_height": side}
    network = draw_finder_of_red(side=side).SerializeToString()
    bring(installation, models.project_id, network, card, "Slow")
    models.open()
    page.get_by_role("button", name="Suggest objects").click()
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_test_id("looking").get_by_role("button", name="Cancel").click()
    page.get_by_test_id("looking").wait_for(state="detached", timeout=60_000)
    (job,) = (
        found
        for found in installation.json("GET", "/jobs", params={"project_id": models.project_id})["items"]
        if found["kind"] == "assist.suggest_objects"
    )
    assert (job["state"], job["cancel_requested"]) == ("cancelled", True)
    assert job["done"] < 60
