"""Labels that come again: the report says so, both sides are looked at, applied on a word, and taken back."""

import json
from typing import Any

from tests.browser.conftest import Installation
from tests.browser.test_draw import HEIGHT, WIDTH, project


def bring(installation: Installation, project_id: str, boxes: dict[str, list[list[float]]]) -> str:
    """Import a COCO file of buns and return the import's id once it has ended."""
    images = [{"id": at, "file_name": name, "width": WIDTH, "height": HEIGHT} for at, name in enumerate(boxes)]
    rows = [{"image_id": at, "category_id": 1, "bbox": box} for at, name in enumerate(boxes) for box in boxes[name]]
    data = json.dumps({"images": images, "categories": [{"id": 1, "name": "bun"}], "annotations": rows}).encode()
    body = {"source": "labels.json", "files": [{"name": "labels.json", "size_bytes": len(data)}]}
    started = installation.json("POST", f"/projects/{project_id}/imports", json=body)
    installation.json("PUT", f"/imports/{started['id']}/files/{started['files'][0]['id']}/content", content=data)
    installation.json("POST", f"/imports/{started['id']}/finish")
    installation.wait_for(lambda: show(installation, started["id"])["state"] == "finished")
    return str(started["id"])


def show(installation: Installation, import_id: str) -> dict[str, Any]:
    return dict(installation.json("GET", f"/imports/{import_id}"))


def drawn(installation: Installation, project_id: str) -> dict[str, list[float]]:
    """Return where the boxes of each picture begin."""
    cards = installation.json("GET", f"/projects/{project_id}/images")["items"]
    found = {card["name"]: installation.json("GET", f"/images/{card['id']}/objects")["objects"] for card in cards}
    return {name: sorted(item["shape"]["x1"] for item in objects) for name, objects in found.items()}


FIRST = {"0.jpg": [[20, 20, 60, 60]], "1.jpg": [[30, 30, 40, 40], [120, 60, 30, 30]]}


def test_looked_at_applied_and_taken_back(installation: Installation, page: Any) -> None:
    project_id = project(installation, "Again", "detection", images=2)
    bring(installation, project_id, FIRST)
    before = drawn(installation, project_id)
    bring(installation, project_id, {"0.jpg": [[25, 22, 60, 60]], "1.jpg": [[30, 30, 40, 40], [70, 90, 20, 20]]})
    page.goto(f"/projects/{project_id}/images")
    report = page.get_by_test_id("import-report")
    report.get_by_text("2 pictures would change: 1 object added, 1 object changed, 1 object deleted.").wait_for()
    report.get_by_role("button", name="Look at the changes").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Now: 1 object").wait_for()
    dialog.get_by_label("As the labels say: 1 object").wait_for()
    dialog.get_by_role("button", name="1.jpg").click()
    dialog.get_by_label("As the labels say: 2 objects").wait_for()
    dialog.get_by_role("button", name="Change 2 pictures").click()
    report.get_by_text("2 pictures changed").wait_for(timeout=30_000)
    assert drawn(installation, project_id) == {"0.jpg": [25.0], "1.jpg": [30.0, 70.0]}
    report.get_by_role("button", name="Take the labels back").click()
    report.get_by_text("Labels taken back").wait_for(timeout=30_000)
    assert drawn(installation, project_id) == before


def test_left_as_it_is_and_the_same_again(installation: Installation, page: Any) -> None:
    project_id = project(installation, "As it is", "detection", images=2)
    bring(installation, project_id, FIRST)
    before = drawn(installation, project_id)
    bring(installation, project_id, {"0.jpg": [[90, 90, 9, 9]]})
    page.goto(f"/projects/{project_id}/images")
    page.get_by_role("button", name="Look at the changes").click()
    page.get_by_role("button", name="Leave everything as it is").click()
    page.get_by_text("The differences were left out; nothing changed.").wait_for()
    assert drawn(installation, project_id) == before
    bring(installation, project_id, FIRST)
    page.reload()
    page.get_by_text("The labels of 2 pictures say what the project says already: nothing changed.").wait_for()


def test_a10_labels_that_match_nothing_say_so(installation: Installation, page: Any) -> None:
    project_id = project(installation, "Nowhere", "detection", images=2)
    bring(installation, project_id, {"0.png": [[20, 20, 60, 60]]})
    page.goto(f"/projects/{project_id}/images")
    problem = page.get_by_test_id("import-problem")
    problem.get_by_text("only the ending differs: “0.png” there, “0.jpg” here").wait_for()
