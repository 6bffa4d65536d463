"""People decide about what a detector suggests: by key, by mouse, all at once; each decision is undone and saved."""

import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from PIL import Image as Picture

from modelyard.server.tables import Image, Object, ObjectSuggestion
from tests.browser.conftest import Installation
from tests.browser.test_draw import HEIGHT, WIDTH, Surface
from tests.factories.networks import draw_finder_of_red
from tests.serving.test_detector import COCO

CARD = {
    "classes": ["bun"],
    "input_width": 64,
    "input_height": 64,
    "layout": "yolox",
    "strides": [8],
    "resize": "stretch",
    "divide_by": 255,
    "score_threshold": 0.5,
}
PLACES = {(1, 1): 255, (5, 1): 220, (1, 5): 190, (5, 5): 160}  # the redder, the surer: cells of 25 x 20 pixels


def tray(shade: int = 0) -> bytes:
    """Return a dark picture with four red cells."""
    pixels = np.full((HEIGHT, WIDTH, 3), [0, 0, shade], np.uint8)
    for (column, row), red in PLACES.items():
        pixels[20 * row : 20 * row + 20, 25 * column : 25 * column + 25] = [red, 0, 0]
    stream = io.BytesIO()
    Picture.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


class Desk(Surface):
    """The drawing page with suggestions beside what is drawn."""

    def open_suggestions(self, count: int) -> None:
        """Wait until so many suggestions are shown."""
        self.page.locator(f'[data-testid=suggestions][data-count="{count}"]').wait_for()

    def outcomes(self) -> dict[str, int]:
        """Return what became of the suggestions, once everything is saved."""
        self.saved()
        found: dict[str, int] = self.installation.json("GET", f"/projects/{self.project_id}/detectors")[0]["outcomes"]
        return found

    def settle(self, **expected: int) -> None:
        """Wait until the server knows these outcomes."""
        wanted = {"undecided": 0, "accepted": 0, "edited": 0, "rejected": 0, **expected}
        self.installation.wait_for(lambda: self.outcomes() == wanted)


def bring(installation: Installation, project_id: str, network: bytes, card: Any, name: str) -> str:
    files = {"network": ("network.onnx", network), "card": ("card.json", json.dumps(card).encode())}
    path = f"/projects/{project_id}/detectors"
    return str(installation.json("POST", path, files=files, data={"name": name})["id"])


def look(installation: Installation, detector_id: str) -> dict[str, Any]:
    """Have the detector look at what is unlabelled and return the job when it is over."""
    job = installation.json("POST", f"/detectors/{detector_id}/suggest", json={})
    over = installation.wait_for(
        lambda: (found := installation.json("GET", f"/jobs/{job['id']}"))["finished_at"] and found
    )
    assert over["state"] == "succeeded", over
    return dict(over["result"])


@pytest.fixture
def desk(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Desk:
    body = {"name": request.node.name, "task": "detection", "classes": ["bun", "plum"]}
    project_id = installation.json("POST", "/projects", json=body)["id"]
    added = installation.json("POST", f"/projects/{project_id}/images", params={"name": "tray.png"}, content=tray())
    with installation.services.db.write() as session:  # drawn by lot otherwise
        session.get_one(Image, UUID(added["image"]["id"])).is_reserved = False
    return Desk(page, installation, project_id)


@pytest.fixture
def suggested(desk: Desk, installation: Installation) -> Desk:
    detector_id = bring(installation, desk.project_id, draw_finder_of_red().SerializeToString(), CARD, "Red")
    assert look(installation, detector_id)["suggested"] == 4
    desk.open()
    desk.open_suggestions(4)
    return desk


def test_a38_suggestions_are_verified_by_key(suggested: Desk) -> None:
    desk = suggested
    desk.page.locator("[data-testid=surface] [tabindex]").first.focus()
    desk.press("Tab", "Enter")  # the first from the top left; the next is selected
    desk.expect(1)
    desk.press("Enter")
    desk.expect(2)
    desk.press("Backspace")
    desk.open_suggestions(1)
    desk.settle(undecided=1, accepted=2, rejected=1)
    desk.press("Control+z", "Control+z")
    desk.open_suggestions(3)
    desk.settle(undecided=3, accepted=1)
    desk.press("Control+y", "Control+y")
    desk.settle(undecided=1, accepted=2, rejected=1)
    assert {item["source"] for item in desk.kept()} == {"model"}
    desk.page.reload()
    desk.wait()
    desk.open_suggestions(1)
    desk.expect(2)


def test_a38_the_sure_ones_are_accepted_at_once_and_the_rest_rejected(suggested: Desk) -> None:
    desk = suggested
    desk.page.get_by_label("Least score").focus()
    desk.press(*["ArrowRight"] * 40)  # from 40 % to 80 %
    desk.open_suggestions(2)
    desk.page.locator("[data-testid=surface] [tabindex]").first.focus()
    desk.press("Shift+Enter")
    desk.expect(2)
    desk.page.get_by_test_id("reject-rest").click()
    desk.settle(accepted=2, rejected=2)
    desk.press("Control+z")
    desk.settle(undecided=2, accepted=2)
    desk.page.reload()
    desk.wait()
    assert desk.page.get_by_test_id("suggestions").get_by_text("from 80").is_visible()  # kept for this project


def test_a38_a_suggestion_is_put_right_by_dragging_and_by_its_class(suggested: Desk) -> None:
    desk = suggested
    desk.press("v")
    desk.drag((37, 30), (41, 34))
    desk.expect(1)
    desk.click(137, 30)
    desk.press("2")
    desk.expect(2)
    desk.settle(undecided=2, edited=2)
    moved = next(item for item in desk.kept() if item["shape"]["x1"] < 60)
    assert moved["source"] == "model-edited" and abs(moved["shape"]["x1"] - 29) < 0.6
    desk.press("Control+z")
    desk.settle(undecided=3, edited=1)


def test_nothing_grabs_a_suggestion_while_somebody_draws(suggested: Desk) -> None:
    desk = suggested
    desk.press("r")
    desk.drag((30, 25), (60, 60))  # begins on a suggestion
    desk.expect(1)
    desk.open_suggestions(4)
    assert [item["source"] for item in desk.saved()] == ["human"]
    desk.press("m")
    desk.open_suggestions(0)
    desk.press("m")
    desk.open_suggestions(4)


def test_a36_a_look_at_the_picture_on_screen_stops_nobody(desk: Desk, installation: Installation) -> None:
    bring(installation, desk.project_id, draw_finder_of_red().SerializeToString(), CARD, "Red")
    desk.open()
    desk.page.get_by_text("Nothing is suggested here.").wait_for()
    desk.press("Shift+M", "r")
    desk.drag((100, 70), (120, 90))  # drawn while the detector looks
    desk.expect(1)
    desk.open_suggestions(4)
    assert len(desk.saved()) == 1


def test_seconds_of_work_are_kept_for_each_object(suggested: Desk) -> None:
    desk = suggested
    desk.press("r")
    desk.drag((70, 60), (95, 95))
    desk.press("Shift+Enter")
    desk.expect(5)
    desk.settle(accepted=4)
    with desk.installation.services.db.read() as session:
        rows = session.query(Object).filter_by(project_id=UUID(desk.project_id)).all()
        seconds = {row.source: row.active_s for row in rows if row.until_revision is None}
    assert seconds["human"] > 0 and 0 <= seconds["model"] < seconds["human"]


def test_a_real_detector_on_real_photographs(page: Any, installation: Installation, shared_data: Path) -> None:
    names = ["banana", "apple", "orange", "person"]
    body = {"name": "Fruit", "task": "detection", "classes": names}
    project_id = installation.json("POST", "/projects", json=body)["id"]
    fruit = shared_data / "grocery/dataset/train/Fruit"
    photographs = [path for kind in ("Banana", "Orange") for path in sorted((fruit / kind).rglob("*.jpg"))[:4]]
    for path in photographs:
        added = installation.json(
            "POST", f"/projects/{project_id}/images", params={"name": path.name}, content=path.read_bytes()
        )
        with installation.services.db.write() as session:
            session.get_one(Image, UUID(added["image"]["id"])).is_reserved = False
    card = {"classes": COCO, "input_width": 416, "input_height": 416, "layout": "yolox", "channels": "BGR"}
    network = (shared_data / "weights/yolox_nano.onnx").read_bytes()
    report = look(installation, bring(installation, project_id, network, card, "YOLOX nano"))
    assert (report["looked_at"], report["failed"]) == (len(photographs), 0) and report["suggested"] >= 4
    with installation.services.db.read() as session:
        best = session.query(ObjectSuggestion).filter_by(project_id=UUID(project_id))
        image_id = str(best.order_by(ObjectSuggestion.score.desc()).first().image_id)
    page.goto(f"/projects/{project_id}/label?image={image_id}")
    page.locator("[data-testid=surface][data-image-id]").wait_for()
    page.get_by_test_id("accept-all").click()
    page.locator('[data-testid=save-status][data-state="saved"]').wait_for()
    drawn = installation.wait_for(lambda: installation.json("GET", f"/images/{image_id}/objects")["objects"])
    assert {item["source"] for item in drawn} == {"model"}
