"""People draw on pictures: every tool, undo, saving, two windows, two people, lost connections and sessions."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from modelyard.server.tables import new_id
from tests.browser.conftest import PASSWORD, PATIENCE_MS, Installation, draw

WIDTH, HEIGHT = 200, 160
MARGIN = 12


FRAMES = """(count) => new Promise((done) => {
  const tick = (left) => left > 0 ? requestAnimationFrame(() => tick(left - 1)) : done()
  tick(count)
})"""


class Surface:
    """The drawing page of one project, in points of the picture."""

    def __init__(self, page: Any, installation: Installation, project_id: str) -> None:
        self.page, self.installation, self.project_id = page, installation, project_id
        self.image_id = ""

    def open(self, image_id: str | None = None) -> "Surface":
        """Go to the page and wait for the picture."""
        query = f"?image={image_id}" if image_id else ""
        self.page.goto(f"/projects/{self.project_id}/label{query}")
        self.wait()
        return self

    def wait(self, other_than: str = "") -> None:
        """Wait until a picture can be drawn on."""
        surface = self.page.locator(f'[data-testid=surface][data-image-id]:not([data-image-id="{other_than}"])')
        surface.wait_for()
        self.image_id = surface.get_attribute("data-image-id")

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the picture lies on the page while all of it is shown."""
        box = self.page.get_by_test_id("surface").bounding_box()
        scale = min((box["width"] - 2 * MARGIN) / WIDTH, (box["height"] - 2 * MARGIN) / HEIGHT)
        left, top = (box["width"] - WIDTH * scale) / 2, (box["height"] - HEIGHT * scale) / 2
        return box["x"] + left + x * scale, box["y"] + top + y * scale

    def click(self, x: float, y: float, **options: Any) -> None:
        """Click on the picture."""
        self.page.mouse.click(*self.place(x, y), **options)

    def drag(self, *points: tuple[float, float]) -> None:
        """Press at the first point, move over the others, let go at the last."""
        self.page.mouse.move(*self.place(*points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.place(*point), steps=2)
        self.page.mouse.up()

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def expect(self, count: int) -> None:
        """Wait until so many objects are listed."""
        self.page.locator(f'[data-testid=objects][data-count="{count}"]').wait_for()

    def fill_with(self, shapes: list[dict[str, Any]]) -> None:
        """Put these on the picture behind the page's back."""
        class_id = self.installation.class_ids(self.project_id)["bun"]
        put = [{"id": str(new_id()), "class_id": class_id, "shape": shape} for shape in shapes]
        path = f"/images/{self.image_id}/objects"
        revision = self.installation.json("GET", path)["revision"]
        self.installation.json("PATCH", path, json={"put": put}, headers={"If-Match": str(revision)})

    def pass_frames(self, count: int = 20) -> None:
        """Wait until the browser has painted so many frames: the view has come to rest by then."""
        self.page.evaluate(FRAMES, count)

    def saved(self) -> list[dict[str, Any]]:
        """Wait until everything is on the server, and return what it has."""
        self.page.locator('[data-testid=save-status][data-state="saved"]').wait_for()
        return self.kept()

    def kept(self) -> list[dict[str, Any]]:
        """Return the objects that the server has."""
        return list(self.installation.json("GET", f"/images/{self.image_id}/objects")["objects"])


def project(installation: Installation, name: str, task: str, images: int = 1) -> str:
    """Create a project of pictures on which nothing is drawn."""
    project_id = installation.json("POST", "/projects", json={"name": name, "task": task, "classes": ["bun", "plum"]})[
        "id"
    ]
    for seed in range(images):
        path = f"/projects/{project_id}/images"
        installation.json("POST", path, params={"name": f"{seed}.jpg"}, content=draw("bun", seed))
    return str(project_id)


@pytest.fixture
def boxes(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Surface:
    """Open a project for boxes."""
    return Surface(page, installation, project(installation, request.node.name, "detection", 2)).open()


@pytest.fixture
def outlines(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Surface:
    """Open a project for outlines."""
    return Surface(page, installation, project(installation, request.node.name, "segmentation")).open()


@pytest.fixture
def second_page(chromium: Any, installation: Installation, sign_in: Any) -> Iterator[Any]:
    """Open a page of another browser, signed in as the same person."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=installation.url)
    context.set_default_timeout(PATIENCE_MS)
    sign_in(context)
    yield context.new_page()
    context.close()


def test_a19_a_hundred_boxes_are_drawn_undone_redone_saved_and_there_again_to_the_pixel(boxes: Surface) -> None:
    boxes.press("r")
    for at in range(100):
        x, y = 4 + 19 * (at % 10), 4 + 15 * (at // 10)
        boxes.drag((x, y), (x + 11, y + 8))
    boxes.expect(100)
    for _ in range(100):
        boxes.press("Control+z")
    boxes.expect(0)
    for _ in range(100):
        boxes.press("Control+y")
    boxes.expect(100)
    before = {entry["id"]: entry for entry in boxes.saved()}
    assert len(before) == 100
    boxes.open(boxes.image_id).expect(100)
    assert {entry["id"]: entry for entry in boxes.saved()} == before
    first = min(before.values(), key=lambda entry: (entry["shape"]["y1"], entry["shape"]["x1"]))["shape"]
    assert [round(first[name]) for name in ("x1", "y1", "x2", "y2")] == [4, 4, 15, 12]


def test_every_tool_of_a_detection_project_draws(boxes: Surface) -> None:
    boxes.press("r")
    boxes.drag((10, 10), (40, 30))
    boxes.press("Shift+R")
    for point in [(60, 60), (80, 80), (70, 90)]:
        boxes.click(*point)
    boxes.press("r")
    boxes.page.get_by_text("Four outermost points").click()
    for point in [(150, 20), (170, 40), (150, 60), (130, 40)]:
        boxes.click(*point)
    boxes.expect(3)
    plain, turned, outermost = sorted((entry["shape"] for entry in boxes.saved()), key=lambda shape: shape["x1"])
    assert [plain["angle"], outermost["angle"]] == [0, 0]
    assert turned["angle"] == pytest.approx(45, abs=1)
    assert [round(outermost[name]) for name in ("x1", "y1", "x2", "y2")] == [130, 20, 170, 60]


def test_every_tool_of_a_segmentation_project_draws(outlines: Surface) -> None:
    page = outlines.page
    outlines.press("p")
    for point in [(10, 10), (60, 10), (60, 60), (10, 60)]:
        outlines.click(*point)
    outlines.press("Enter")
    page.keyboard.down("Alt")
    for point in [(20, 20), (40, 20), (40, 40)]:
        outlines.click(*point)
    page.keyboard.up("Alt")
    outlines.press("Enter", "o")
    outlines.drag((80, 10), (110, 40))
    outlines.press("Escape", "b")
    outlines.drag((20, 120), (60, 120))
    outlines.press("e")
    outlines.drag((38, 100), (40, 140))
    outlines.press("Escape", "g")
    outlines.click(190, 150)
    outlines.expect(4)
    drawn = [entry["shape"] for entry in outlines.saved()]
    (polygon,) = [shape for shape in drawn if shape["type"] == "polygon"]
    (ellipse,) = [shape for shape in drawn if shape["type"] == "ellipse"]
    brushed, filled = sorted((shape for shape in drawn if shape["type"] == "mask"), key=lambda shape: shape["width"])
    assert [len(ring) for ring in polygon["rings"]] == [8, 6]
    assert round(ellipse["rx"]) == 15
    assert brushed["width"] > 40
    assert filled["width"] == WIDTH


def test_a_mask_becomes_a_polygon_and_back_and_each_step_can_be_undone(outlines: Surface) -> None:
    outlines.press("b")
    outlines.drag((60, 60), (120, 90))
    outlines.press("v")
    outlines.page.get_by_role("button", name="Make a polygon of it").click()
    outlines.page.get_by_role("button", name="Make a mask of it").wait_for()
    (made,) = [entry["shape"] for entry in outlines.saved()]
    assert made["type"] == "polygon"
    assert 8 <= len(made["rings"][0]) < 200
    outlines.press("Control+z")
    outlines.page.get_by_role("button", name="Make a polygon of it").wait_for()


def test_keys_reclass_copy_paste_duplicate_nudge_lock_hide_and_delete_together(boxes: Surface) -> None:
    boxes.press("r")
    boxes.drag((10, 10), (40, 30))
    boxes.press("v", "2", "Control+c", "Control+v", "Control+d")
    boxes.expect(3)
    boxes.press("Control+a", "ArrowRight", "Shift+ArrowDown")
    kept = boxes.saved()
    classes = boxes.installation.class_ids(boxes.project_id)
    assert {entry["class_id"] for entry in kept} == {classes["plum"]}
    assert min(round(entry["shape"]["x1"]) for entry in kept) == 11
    assert min(round(entry["shape"]["y1"]) for entry in kept) == 20
    boxes.press("Control+a", "Alt+l", "Delete")
    boxes.expect(3)
    boxes.press("Alt+l", "Alt+h")
    assert boxes.page.locator("[data-testid=objects] [data-hidden]").count() == 3
    boxes.press("Delete")
    boxes.expect(0)
    boxes.press("Control+z")
    boxes.expect(3)


def test_nothing_is_grabbed_while_a_box_is_drawn_over_another(boxes: Surface) -> None:
    boxes.press("r")
    boxes.drag((10, 10), (100, 100))
    boxes.drag((20, 20), (60, 60))
    boxes.expect(2)


COUNT_STROKES = """
window.strokes = 0
const stroke = CanvasRenderingContext2D.prototype.stroke
CanvasRenderingContext2D.prototype.stroke = function (...args) { window.strokes += 1; return stroke.apply(this, args) }
"""


def test_a4_what_is_off_the_screen_or_did_not_change_is_not_painted(boxes: Surface) -> None:
    page = boxes.page
    page.add_init_script(COUNT_STROKES)
    boxes.open(boxes.image_id).fill_with(boxes_in_rows(400))
    boxes.open(boxes.image_id).expect(400)
    page.wait_for_function("() => performance.getEntriesByName('drawing-painted').length > 0")
    boxes.press("v")  # No guides follow the pointer.
    assert painted_by(boxes, lambda: boxes.press("+")) >= 300
    page.mouse.move(*boxes.place(10, 10))
    assert painted_by(boxes, lambda: boxes.page.mouse.move(*boxes.place(60, 60), steps=5)) == 0
    for _ in range(8):
        boxes.press("+")
    assert 0 < painted_by(boxes, lambda: boxes.press("+")) <= 60


def painted_by(surface: Surface, act: Callable[[], None]) -> int:
    """Return how many outlines are painted because of something that is done."""
    surface.pass_frames()
    surface.page.evaluate("() => { window.strokes = 0 }")
    act()
    surface.pass_frames()
    return int(surface.page.evaluate("() => window.strokes"))


def boxes_in_rows(count: int) -> list[dict[str, Any]]:
    """Return so many small boxes that lie beside each other all over the picture."""
    corners = [(2 + 9.8 * (at % 20), 2 + 7.8 * (at // 20)) for at in range(count)]
    return [{"type": "box", "x1": x, "y1": y, "x2": x + 6, "y2": y + 5, "angle": 0} for x, y in corners]


def test_a18_a_save_sends_only_what_changed_and_masks_as_a_crop(outlines: Surface) -> None:
    outlines.fill_with(
        [{"type": "polygon", "rings": [[9, 9, 50 + at / 9, 9, 50, 50 - at / 9, 9, 50]]} for at in range(99)]
    )
    outlines.open(outlines.image_id).expect(99)
    sent: list[str] = []

    def note(request: Any) -> None:
        if request.method == "PATCH":
            sent.append(request.post_data)

    outlines.page.on("request", note)
    outlines.press("b")
    outlines.drag((100, 100), (120, 110))
    outlines.expect(100)
    outlines.installation.wait_for(lambda: len(outlines.saved()) == 100)
    (body,) = sent
    (mask,) = [entry["shape"] for entry in json.loads(body)["put"]]
    assert mask["type"] == "mask"
    assert mask["x"] > 70
    assert mask["width"] < 60
    assert len(body) < 1000


def test_copying_all_from_the_previous_picture(boxes: Surface) -> None:
    boxes.press("r")
    boxes.drag((10, 10), (40, 30))
    first = boxes.image_id
    boxes.press("Control+Enter")
    boxes.wait(other_than=first)
    boxes.expect(0)
    boxes.press("Control+Shift+V")
    boxes.expect(1)
    assert [round(entry["shape"]["x2"]) for entry in boxes.saved()] == [40]


def test_a19_what_was_drawn_offline_is_sent_after_the_browser_was_closed(boxes: Surface) -> None:
    context = boxes.page.context
    boxes.press("r")
    boxes.drag((10, 10), (40, 30))
    boxes.saved()
    context.set_offline(True)
    boxes.drag((50, 50), (90, 90))
    boxes.page.locator('[data-testid=save-status][data-state="offline"]').wait_for()
    boxes.page.close()
    context.set_offline(False)
    assert len(boxes.kept()) == 1
    boxes.page = context.new_page()
    boxes.open(boxes.image_id).expect(2)
    assert len(boxes.saved()) == 2


def test_a20_two_people_on_one_picture_see_both_drawings_and_lose_nothing(boxes: Surface, second_page: Any) -> None:
    other = Surface(second_page, boxes.installation, boxes.project_id).open(boxes.image_id)
    boxes.open(boxes.image_id)
    boxes.press("r")
    boxes.drag((10, 10), (40, 30))
    boxes.saved()
    other.press("r")
    other.drag((100, 100), (150, 140))
    dialog = other.page.get_by_role("dialog", name="Somebody else changed this picture")
    dialog.get_by_text("Theirs, saved already: 1 object").wait_for()
    dialog.get_by_text("Yours: 1 object").wait_for()
    assert len(boxes.kept()) == 1
    dialog.get_by_role("button", name="Keep both").click()
    other.expect(2)
    assert len(other.saved()) == 2


def test_a22_two_windows_of_one_person_keep_their_drawings_apart(boxes: Surface) -> None:
    boxes.open(boxes.image_id)

    def hold(route: Any) -> None:
        if route.request.method == "PATCH":
            route.abort()
        else:
            route.continue_()

    boxes.page.route("**/objects", hold)
    boxes.press("r")
    boxes.drag((10, 10), (40, 30))
    boxes.page.locator('[data-testid=save-status][data-state="offline"]').wait_for()
    second = Surface(boxes.page.context.new_page(), boxes.installation, boxes.project_id).open(boxes.image_id)
    second.expect(0)
    second.press("r")
    second.drag((100, 100), (150, 140))
    assert len(second.saved()) == 1
    boxes.page.unroute("**/objects")
    boxes.page.get_by_role("button", name="Keep both").click()
    boxes.expect(2)
    assert len(boxes.saved()) == 2


def test_a23_an_expired_session_keeps_the_drawing_and_goes_on_after_signing_in(boxes: Surface) -> None:
    boxes.press("r")
    boxes.page.context.clear_cookies()
    boxes.drag((10, 10), (40, 30))
    boxes.page.get_by_role("button", name="Sign in").click()
    boxes.expect(1)
    dialog = boxes.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    assert len(boxes.saved()) == 1


def test_the_overview_appears_when_a_part_is_shown_and_leads_elsewhere(boxes: Surface) -> None:
    page = boxes.page
    overview = page.get_by_test_id("overview")
    assert not overview.is_visible()
    page.mouse.move(*boxes.place(100, 80))
    for _ in range(4):
        page.mouse.wheel(0, -400)
    overview.wait_for()
    where = page.get_by_test_id("where")
    page.mouse.move(*boxes.place(100, 80))
    before = where.inner_text()
    overview.click(position={"x": 3, "y": 3})
    page.mouse.move(*boxes.place(100, 80))
    page.wait_for_function("before => document.querySelector('[data-testid=where]').innerText !== before", arg=before)
    boxes.press("Shift+F")
    overview.wait_for(state="hidden")
