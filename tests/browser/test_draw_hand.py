"""Drawing by hand as people do: classes, corners, selections, fingers, pens, the picture's edge, the view."""

import re
from typing import Any

import pytest

from tests.browser.conftest import PATIENCE_MS, Installation
from tests.browser.test_draw import HEIGHT, WIDTH, Surface, project


@pytest.fixture
def boxes(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Surface:
    """Open a project for boxes."""
    return Surface(page, installation, project(installation, request.node.name, "detection", 2)).open()


@pytest.fixture
def outlines(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Surface:
    """Open a project for outlines."""
    return Surface(page, installation, project(installation, request.node.name, "segmentation")).open()


@pytest.fixture
def joints(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Surface:
    """Open a project for keypoints."""
    return Surface(page, installation, project(installation, request.node.name, "keypoints")).open()


def shapes(surface: Surface) -> list[dict[str, Any]]:
    """Return what the server has, without ids, with whole numbers, boxes from the left."""
    found = [rounded(entry["shape"]) for entry in surface.saved()]
    return sorted(found, key=lambda shape: (shape.get("x1", 0), shape["type"]))


def rounded(value: Any) -> Any:
    """Return the same with every number whole."""
    if isinstance(value, dict):
        return {name: rounded(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [rounded(entry) for entry in value]
    return round(value) if isinstance(value, float) else value


def box(x1: int, y1: int, x2: int, y2: int) -> dict[str, Any]:
    """Return an upright box."""
    return {"type": "box", "x1": x1, "y1": y1, "x2": x2, "y2": y2, "angle": 0}


def classes(surface: Surface) -> list[str]:
    """Return the names of the classes of what the server has, from the left."""
    names = {id_: name for name, id_ in surface.installation.class_ids(surface.project_id).items()}
    return [names[entry["class_id"]] for entry in sorted(surface.saved(), key=lambda entry: entry["shape"]["x1"])]


def test_a_tool_is_in_hand_at_once_and_stays_after_drawing_and_on_the_next_picture(boxes: Surface) -> None:
    boxes.drag((10, 10), (40, 30))
    boxes.drag((60, 10), (90, 30))
    boxes.expect(2)
    assert boxes.page.get_by_role("dialog").count() == 0
    first = boxes.image_id
    boxes.press("Control+Enter")
    boxes.wait(other_than=first)
    boxes.drag((10, 10), (40, 30))
    boxes.expect(1)


def test_a28_a_digit_is_the_class_of_what_comes_next_and_of_what_was_selected_by_hand(boxes: Surface) -> None:
    boxes.press("2")
    boxes.drag((10, 10), (40, 30))
    boxes.press("1")
    boxes.drag((60, 10), (90, 30))
    boxes.press("Numpad2")
    boxes.drag((110, 10), (140, 30))
    assert classes(boxes) == ["plum", "bun", "plum"]
    boxes.press("v")
    boxes.click(75, 20)
    boxes.press("2")
    assert classes(boxes) == ["plum", "plum", "plum"]
    boxes.press("Control+z")
    assert classes(boxes) == ["plum", "bun", "plum"]


def test_a_class_is_found_by_its_name(boxes: Surface) -> None:
    boxes.press("/")
    boxes.page.keyboard.type("plu")
    boxes.press("Enter")
    boxes.drag((10, 10), (40, 30))
    assert classes(boxes) == ["plum"]


def test_a_drag_may_go_any_way_and_begin_and_end_outside_the_picture(boxes: Surface) -> None:
    boxes.drag((90, 60), (40, 20))
    boxes.drag((-2, -2), (30, 15))
    boxes.drag((150, 120), (WIDTH + 8, HEIGHT + 6))
    assert shapes(boxes) == [box(0, 0, 30, 15), box(40, 20, 90, 60), box(150, 120, WIDTH, HEIGHT)]


def test_two_clicks_draw_a_box_and_escape_takes_the_first_one_back(boxes: Surface) -> None:
    boxes.click(10, 10)
    boxes.press("Escape")
    boxes.click(50, 50)
    boxes.click(80, 90)
    assert shapes(boxes) == [box(50, 50, 80, 90)]


def test_several_are_selected_by_shift_or_a_frame_and_moved_copied_and_deleted_together(boxes: Surface) -> None:
    for x in (10, 60, 110):
        boxes.drag((x, 10), (x + 30, 30))
    boxes.press("v")
    boxes.click(25, 20)
    boxes.page.keyboard.down("Shift")
    boxes.click(75, 20)
    boxes.page.keyboard.up("Shift")
    selected = boxes.page.locator("[data-testid=objects] [data-selected]")
    assert selected.count() == 2
    boxes.drag((75, 20), (75, 40))
    assert sorted(shape["y1"] for shape in shapes(boxes)) == [10, 30, 30]
    boxes.drag((195, 5), (5, 65))
    assert selected.count() == 3
    boxes.press("Control+d")
    boxes.expect(6)
    boxes.press("Delete")
    boxes.expect(3)
    boxes.press("Control+z")
    boxes.expect(6)
    boxes.press("Control+z", "Control+z")
    assert sorted(shape["y1"] for shape in shapes(boxes)) == [10, 10, 10]


def test_a_corner_an_edge_and_the_turn_of_a_box_are_dragged(boxes: Surface) -> None:
    boxes.drag((50, 50), (90, 80))
    boxes.press("v")
    boxes.drag((90, 80), (100, 100))
    boxes.drag((50, 75), (40, 75))
    assert shapes(boxes) == [box(40, 50, 100, 100)]
    boxes.drag((70, 38), (110, 75))
    (turned,) = boxes.saved()
    assert turned["shape"]["angle"] == pytest.approx(90, abs=2)


def test_what_is_copied_near_the_edge_stays_in_the_picture(boxes: Surface) -> None:
    boxes.drag((160, 120), (198, 158))
    boxes.press("Control+d", "Shift+ArrowRight", "Shift+ArrowDown")
    assert shapes(boxes) == [box(160, 120, 198, 158), box(162, 122, 200, 160)]


def test_arrows_nudge_by_one_and_by_ten(boxes: Surface) -> None:
    boxes.drag((50, 50), (90, 80))
    boxes.press("ArrowLeft", "ArrowUp", "Shift+ArrowRight")
    assert shapes(boxes) == [box(59, 49, 99, 79)]


def test_others_are_hidden_and_shown_again_and_hidden_ones_are_not_grabbed(boxes: Surface) -> None:
    boxes.drag((10, 10), (40, 30))
    boxes.drag((60, 10), (90, 30))
    hidden = boxes.page.locator("[data-testid=objects] [data-hidden]")
    boxes.press("v", "Alt+Shift+H")
    assert hidden.count() == 1
    boxes.drag((195, 5), (5, 65))
    assert boxes.page.locator("[data-testid=objects] [data-selected]").count() == 1
    boxes.press("Alt+Shift+H")
    assert hidden.count() == 0


def test_tab_goes_through_objects_and_brings_each_on_screen(boxes: Surface) -> None:
    boxes.drag((10, 10), (30, 30))
    boxes.drag((170, 130), (190, 150))
    boxes.page.mouse.move(*boxes.place(20, 20))
    for _ in range(6):
        boxes.page.mouse.wheel(0, -400)
    where = boxes.page.get_by_test_id("where")
    boxes.press("Tab")
    boxes.press("Tab")
    surface_box = boxes.page.get_by_test_id("surface").bounding_box()
    boxes.page.mouse.move(surface_box["x"] + surface_box["width"] / 2, surface_box["y"] + surface_box["height"] / 2)
    where.get_by_text(re.compile(r"at 1[78]\d, 1[34]\d")).wait_for()
    assert "object 20 × 20" in where.inner_text()


def test_a_polygon_ends_on_its_first_corner_and_its_corners_are_moved_added_and_taken_away(outlines: Surface) -> None:
    for point in [(20, 20), (100, 20), (150, 60), (100, 100), (20, 100), (20, 20)]:
        outlines.click(*point)
    outlines.expect(1)
    outlines.press("v")
    outlines.drag((100, 100), (110, 110))
    outlines.drag((20, 60), (10, 60))
    (polygon,) = shapes(outlines)
    assert polygon["rings"] == [[20, 20, 100, 20, 150, 60, 110, 110, 20, 100, 10, 60]]
    outlines.page.keyboard.down("Alt")
    outlines.click(150, 60)
    outlines.page.keyboard.up("Alt")
    (polygon,) = shapes(outlines)
    assert polygon["rings"] == [[20, 20, 100, 20, 110, 110, 20, 100, 10, 60]]


def test_undo_takes_back_the_last_corner_of_what_is_being_drawn(outlines: Surface) -> None:
    for point in [(20, 20), (100, 20), (150, 150)]:
        outlines.click(*point)
    outlines.press("Control+z")
    outlines.click(100, 90)
    outlines.press("Enter")
    assert shapes(outlines) == [{"type": "polygon", "rings": [[20, 20, 100, 20, 100, 90]]}]


def test_the_eraser_takes_the_mask_that_it_is_put_on(outlines: Surface) -> None:
    outlines.press("b")
    outlines.drag((40, 80), (160, 80))
    outlines.press("Escape", "e", "[", "[", "[")
    outlines.drag((100, 60), (100, 100))
    outlines.expect(1)
    (mask,) = shapes(outlines)
    assert outlines.page.locator("[data-testid=objects] [data-selected]").count() == 1
    assert mask["width"] > 100
    outlines.press("]", "]", "]", "]", "]", "]", "]", "]", "]", "]", "]", "]")
    outlines.drag((20, 80), (180, 80))
    outlines.expect(0)


def test_points_lines_and_boxes_of_a_keypoint_project_draw(joints: Surface) -> None:
    joints.press("j")
    joints.click(30, 30)
    joints.press("l")
    for point in [(50, 50), (80, 50), (80, 90)]:
        joints.click(*point)
    joints.press("Enter", "r")
    joints.drag((100, 100), (150, 150))
    assert shapes(joints) == [
        {"type": "point", "x": 30, "y": 30},
        {"type": "polyline", "points": [50, 50, 80, 50, 80, 90]},
        box(100, 100, 150, 150),
    ]


def test_what_is_on_top_and_whether_names_and_objects_are_seen_is_a_key_away(boxes: Surface) -> None:
    boxes.drag((10, 10), (60, 60))
    boxes.drag((30, 30), (90, 90))
    boxes.press("PageDown")
    low, high = sorted(boxes.saved(), key=lambda entry: int(entry["z"]))
    assert rounded(low["shape"]) == box(30, 30, 90, 90)
    assert low["z"] < high["z"]
    bare = picture_of(boxes, "x")
    assert picture_of(boxes, None) != bare
    assert picture_of(boxes, "x") == bare


def picture_of(surface: Surface, held: str | None) -> bytes:
    """Return what the surface looks like, perhaps while a key is held."""
    if held:
        surface.page.keyboard.down(held)
    surface.pass_frames()
    shot = surface.page.get_by_test_id("surface").screenshot()
    if held:
        surface.page.keyboard.up(held)
    return bytes(shot)


def test_size_and_place_are_shown_while_a_box_is_drawn(boxes: Surface) -> None:
    where = boxes.page.get_by_test_id("where")
    boxes.page.mouse.move(*boxes.place(10.5, 10.5))
    boxes.page.mouse.down()
    boxes.page.mouse.move(*boxes.place(50.5, 40.5), steps=3)
    where.get_by_text("object 40 × 30 · at 50, 40").wait_for()
    boxes.page.mouse.up()


def zoom_of(surface: Surface) -> int:
    """Return the zoom as the page says it, in percent."""
    surface.pass_frames(3)
    return int(surface.page.get_by_test_id("where").inner_text().split(" %")[0].rsplit("·", 1)[-1])


def test_the_wheel_a_trackpad_space_and_keys_move_the_view(boxes: Surface) -> None:
    page = boxes.page
    page.mouse.move(*boxes.place(100, 80))
    fitted = zoom_of(boxes)
    page.keyboard.down("Control")
    for _ in range(5):
        page.mouse.wheel(0, -10)
    page.keyboard.up("Control")
    assert zoom_of(boxes) > 1.4 * fitted
    boxes.press("Shift+F")
    assert zoom_of(boxes) == fitted
    page.keyboard.down("Space")
    boxes.drag((100, 80), (120, 80))
    page.keyboard.up("Space")
    boxes.expect(0)
    boxes.press("h")
    page.mouse.dblclick(*boxes.place(100, 80))
    boxes.press("r")
    boxes.drag((10, 10), (40, 30))
    assert shapes(boxes) == [box(10, 10, 40, 30)]


def test_a_double_click_beside_everything_shows_all_of_the_picture_and_on_something_does_not(boxes: Surface) -> None:
    boxes.drag((80, 60), (120, 100))
    fitted = zoom_of(boxes)
    boxes.press("v", "+", "+")
    larger = zoom_of(boxes)
    assert larger > fitted
    boxes.page.mouse.dblclick(*boxes.place(100, 80))  # The middle of the picture stays where it is: the box is there.
    assert zoom_of(boxes) == larger
    box_ = boxes.page.get_by_test_id("surface").bounding_box()
    boxes.page.mouse.dblclick(box_["x"] + 12, box_["y"] + 12)
    assert zoom_of(boxes) == fitted
    boxes.expect(1)
    assert shapes(boxes) == [box(80, 60, 120, 100)]


def touch(surface: Surface, session: Any, kind: str, *points: tuple[float, float]) -> None:
    """Put fingers on the picture, move or lift them."""
    at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(surface.place(*point) for point in points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})


def test_one_finger_draws_and_two_move_and_zoom_the_picture(boxes: Surface) -> None:
    session = boxes.page.context.new_cdp_session(boxes.page)
    touch(boxes, session, "touchStart", (40, 40))
    touch(boxes, session, "touchMove", (60, 60))
    touch(boxes, session, "touchMove", (90, 80))
    touch(boxes, session, "touchEnd")
    assert shapes(boxes) == [box(40, 40, 90, 80)]
    fitted = zoom_of(boxes)
    touch(boxes, session, "touchStart", (90, 80))
    touch(boxes, session, "touchStart", (90, 80), (110, 80))
    touch(boxes, session, "touchMove", (70, 80), (130, 80))
    touch(boxes, session, "touchMove", (60, 80), (140, 80))
    touch(boxes, session, "touchEnd")
    assert zoom_of(boxes) > 2 * fitted
    boxes.expect(1)


def test_a_pen_draws(boxes: Surface) -> None:
    session = boxes.page.context.new_cdp_session(boxes.page)
    for kind, point, held in [
        ("mousePressed", (40, 40), 1),
        ("mouseMoved", (60, 60), 1),
        ("mouseMoved", (90, 80), 1),
        ("mouseReleased", (90, 80), 0),
    ]:
        x, y = boxes.place(*point)
        about = {"type": kind, "x": x, "y": y, "buttons": held, "button": "left", "pointerType": "pen", "force": 0.5}
        session.send("Input.dispatchMouseEvent", {**about, "clickCount": 1})
    assert shapes(boxes) == [box(40, 40, 90, 80)]


def test_a_screen_with_more_pixels_draws_at_the_same_places(
    chromium: Any, installation: Installation, sign_in: Any, request: pytest.FixtureRequest
) -> None:
    context = chromium.new_context(
        viewport={"width": 1280, "height": 800}, device_scale_factor=2, base_url=installation.url
    )
    context.set_default_timeout(PATIENCE_MS)
    sign_in(context)
    surface = Surface(context.new_page(), installation, project(installation, request.node.name, "detection")).open()
    surface.drag((10, 10), (40, 30))
    assert shapes(surface) == [box(10, 10, 40, 30)]
    canvas = surface.page.locator("[data-testid=surface] canvas").first
    assert canvas.evaluate("(node) => node.width / node.clientWidth") == pytest.approx(2, abs=0.01)
    context.close()
