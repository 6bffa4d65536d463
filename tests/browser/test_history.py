"""The history in a real browser: what happened is found, a picture's states are walked, and one is restored."""

from typing import Any

from tests.browser.conftest import Installation, draw

BOX = {"type": "box", "x1": 40.0, "y1": 30.0, "x2": 120.0, "y2": 110.0, "angle": 0.0}
OTHER = {"type": "box", "x1": 130.0, "y1": 20.0, "x2": 180.0, "y2": 80.0, "angle": 0.0}


def drawn(installation: Installation) -> tuple[str, str]:
    """Return a project and its picture, into which somebody drew in three steps."""
    body = {"name": "Walked", "task": "detection", "classes": ["bun", "roll"]}
    project_id = installation.json("POST", "/projects", json=body)["id"]
    sent = installation.json("POST", f"/projects/{project_id}/images", params={"name": "a.jpg"}, content=draw("bun", 1))
    image_id, classes = sent["image"]["id"], installation.class_ids(project_id)
    one = {"id": "01930000-0000-7000-8000-000000000001", "class_id": classes["bun"], "shape": BOX}
    two = {"id": "01930000-0000-7000-8000-000000000002", "class_id": classes["roll"], "shape": OTHER}
    steps: list[dict[str, Any]] = [
        {"put": [one, two]},
        {"put": [one | {"shape": OTHER}], "delete": [two["id"]]},
        {"answer": "objects"},
    ]
    for revision, step in enumerate(steps):
        headers = {"If-Match": str(revision)}
        installation.json("PATCH", f"/images/{image_id}/objects", json={"put": [], **step}, headers=headers)
    return project_id, image_id


def test_a25_the_history_is_searched_and_a_state_restored(page: Any, installation: Installation) -> None:
    project_id, image_id = drawn(installation)
    installation.json("PATCH", f"/projects/{project_id}", json={"description": "Buns of Monday"})
    page.goto(f"/projects/{project_id}")
    page.get_by_role("link", name="History").click()
    entries = page.get_by_test_id("history-entry")
    entries.first.get_by_text("Buns of Monday").wait_for()
    page.get_by_label("Search").fill("a.jpg")
    page.wait_for_url("**text=a.jpg*")
    entries.first.get_by_text("Labelled a.jpg").wait_for()
    entries.get_by_text("1 object changed, 1 object removed").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("menuitem", name="Table (CSV)").click()
    assert download.value.path().read_text().splitlines()[0].startswith("at,actor_name,kind")
    entries.first.get_by_role("link", name="Show").click()
    page.get_by_text("State 3 of 3").wait_for()
    page.get_by_test_id("state-said").get_by_text("Drawn and done").wait_for()
    page.keyboard.press("ArrowLeft")
    page.get_by_test_id("state-number").get_by_text("State 2 of 3").wait_for()
    page.get_by_test_id("state-said").get_by_text("~ 1 changed").wait_for()
    page.get_by_test_id("state-said").get_by_text("− 1 removed").wait_for()
    page.locator("[data-testid=state-picture][data-painted=true]").wait_for()
    page.get_by_role("button", name="Earlier").click()
    page.get_by_test_id("state-said").get_by_text("+ 2 added").wait_for()
    page.get_by_role("button", name="Restore this state").click()
    page.get_by_text("State 4 of 4").wait_for()
    page.get_by_test_id("revisions").get_by_text("Restored").wait_for()
    objects = installation.json("GET", f"/images/{image_id}/objects")
    assert (len(objects["objects"]), objects["answer"]) == (2, "none")
    page.locator(".mantine-Notification-root").get_by_role("button", name="Undo").click()
    page.get_by_text("State 5 of 5").wait_for()
    assert len(installation.json("GET", f"/images/{image_id}/objects")["objects"]) == 1


def test_the_installation_has_a_history_for_its_administrator(page: Any) -> None:
    page.goto("/people")
    page.get_by_role("link", name="History").click()
    page.get_by_test_id("history-entry").first.get_by_text("Signed in by password").wait_for()


def test_a40_a_class_is_split_after_a_look_and_that_is_undone(page: Any, installation: Installation) -> None:
    project_id = installation.project("Split up")
    installation.label(project_id, installation.fill(project_id, 2))
    page.goto(f"/projects/{project_id}/settings")
    page.get_by_role("button", name="More for bun").click()
    page.get_by_role("menuitem", name="Split…").click()
    page.get_by_label("To the class").first.fill("rye")
    page.get_by_label("Part of the name").fill("bun-0")
    page.get_by_test_id("split-impact").get_by_text("1 picture", exact=True).first.wait_for()
    page.get_by_role("button", name="Split", exact=True).click()
    page.get_by_text("“bun” is split.").wait_for()
    assert set(installation.class_ids(project_id)) == {"bun", "leaf", "plum", "rye"}
    page.locator(".mantine-Notification-root").get_by_role("button", name="Undo").click()
    installation.wait_for(lambda: set(installation.class_ids(project_id)) == {"bun", "leaf", "plum"})
