"""People name the points of a class and set them, and say of objects and pictures what the project asks."""

from typing import Any

from tests.browser.conftest import Installation
from tests.browser.test_draw import Surface, project

SKELETON = {"points": ["top", "middle", "foot"], "edges": [[0, 1], [1, 2]]}


def test_a_known_skeleton_is_taken_named_anew_and_undone(page: Any, installation: Installation) -> None:
    project_id = project(installation, "skeleton editor", "keypoints")
    page.goto(f"/projects/{project_id}/settings?tab=classes")
    page.get_by_role("button", name="Name its points").first.click()
    page.get_by_role("button", name="Begin with").click()
    page.get_by_role("menuitem", name="Person").click()
    page.get_by_role("button", name="left_wrist", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("Name of point 1", exact=True).fill("snout")
    page.get_by_role("button", name="Take out right_ankle").click()
    page.get_by_role("button", name="Save points").click()
    page.get_by_role("button", name="16 points").wait_for()
    saved = installation.json("GET", f"/projects/{project_id}/classes")[0]["skeleton"]
    assert (saved["points"][0], len(saved["points"]), saved["layout"][9][0]) == ("snout", 16, 0.77)
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_role("button", name="16 points").wait_for(state="detached")


def test_points_are_set_one_by_one_and_values_beside_the_picture(page: Any, installation: Installation) -> None:
    project_id = project(installation, "points and values", "keypoints")
    address, bun = f"/projects/{project_id}", installation.class_ids(project_id)["bun"]
    installation.json("PUT", f"{address}/classes/{bun}/skeleton", json={"skeleton": SKELETON})
    for body in (
        {"name": "ripeness", "kind": "choice", "choices": ["unripe", "ripe"]},
        {"name": "grams", "kind": "number"},
        {"name": "light", "kind": "choice", "choices": ["day", "night"], "subject": "image"},
    ):
        installation.json("POST", f"{address}/attributes", json=body)
    desk = Surface(page, installation, project_id).open()
    desk.press("k")
    desk.click(60, 30)
    page.get_by_text("Next: middle (2 of 3)").wait_for()
    desk.click(80, 60)
    desk.press("Space")
    desk.expect(1)
    values = page.get_by_test_id("values")
    desk.press("i")
    values.get_by_label("ripeness").select_option("ripe")
    values.get_by_label("grams").fill("12,5")
    desk.press("Enter")
    values.get_by_label("light").select_option("night")
    (drawn,) = desk.saved()
    assert [point[2] for point in drawn["shape"]["points"]] == [2, 2, 0]
    assert drawn["attributes"] == {"ripeness": "ripe", "grams": 12.5}
    picture = f"/images/{desk.image_id}/objects"
    assert installation.json("GET", picture)["attributes"] == {"light": "night"}
    page.get_by_role("button", name="Undo", exact=True).click()
    page.locator('[data-testid=save-status][data-state="saved"]').wait_for()
    installation.wait_for(lambda: installation.json("GET", picture)["attributes"] == {})
