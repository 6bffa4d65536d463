"""Dataset versions in a real browser: freeze with a preview, look inside, compare, export."""

from typing import Any
from uuid import uuid4

import pytest

from tests.browser.conftest import KINDS, Installation


@pytest.fixture
def project_id(installation: Installation, request: pytest.FixtureRequest) -> str:
    """Return a fresh project whose pictures are all labelled."""
    project = installation.project(request.node.name[:100])
    installation.label(project, installation.fill(project, 6))
    return project


def freeze(page: Any, project_id: str, note: str) -> None:
    """Freeze by the dialog and wait for the version's page."""
    page.goto(f"/projects/{project_id}/versions")
    page.click("text=Freeze a version >> nth=0")
    page.fill("[role=dialog] input >> nth=0", note)
    page.click("[role=dialog] button:has-text('Freeze')")
    page.wait_for_url("**/versions/*-*")
    page.wait_for_selector("text=Train on this version")


def test_version_is_frozen_after_a_preview(page: Any, installation: Installation, project_id: str) -> None:
    page.goto(f"/projects/{project_id}/versions")
    page.wait_for_selector("text=Nothing is frozen yet")
    page.click("text=Freeze a version >> nth=0")
    page.wait_for_selector("[role=dialog] >> text=18 pictures")
    page.keyboard.press("Escape")
    freeze(page, project_id, "First delivery")
    page.wait_for_selector("text=First delivery")
    [version] = installation.json("GET", f"/projects/{project_id}/versions")["items"]
    assert version["images"] == 18


def test_versions_are_compared_with_their_pictures(page: Any, installation: Installation, project_id: str) -> None:
    freeze(page, project_id, "")
    first = page.url.rsplit("/", 1)[1]
    image_id = installation.json("GET", f"/versions/{first}/images")["items"][0]["image"]["id"]
    now = installation.json("GET", f"/images/{image_id}/annotation")
    other = next(found for found in installation.class_ids(project_id).values() if found != now["class_id"])
    answer, headers = {"answer": "class", "class_id": other}, {"If-Match": str(now["revision"])}
    installation.json("PUT", f"/images/{image_id}/annotation", json=answer, headers=headers)
    freeze(page, project_id, "")
    page.goto(f"{page.url}?against={first}")
    page.wait_for_selector("text=Relabelled: 1")


def test_export_reports_and_downloads(page: Any, installation: Installation, project_id: str) -> None:
    freeze(page, project_id, "")
    page.click("main button:has-text('Export')")
    page.get_by_role("dialog").get_by_label("As", exact=True).click()
    page.get_by_role("option", name="Everything (JSONL)").click()
    page.click("text=Prepare the file")
    link = page.wait_for_selector("a:has-text('Download')", timeout=30_000)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".zip")


def test_freezing_nothing_says_what_is_missing(page: Any, installation: Installation) -> None:
    page.goto(f"/projects/{installation.project('Nothing to freeze')}/versions")
    page.click("text=Freeze a version >> nth=0")
    page.wait_for_selector("text=Label some pictures first")


@pytest.fixture
def drawn_id(installation: Installation, request: pytest.FixtureRequest) -> str:
    """Return a fresh project of six pictures with two boxes each, and one with nothing."""
    body = {"name": request.node.name[:100], "task": "detection", "classes": list(KINDS)}
    project_id = str(installation.json("POST", "/projects", json=body)["id"])
    classes = installation.class_ids(project_id)
    for number, image_id in enumerate(installation.fill(project_id, 2)):
        boxes = [{"type": "box", "x1": 10.0 + at, "y1": 10.0, "x2": 90.0, "y2": 80.0} for at in range(2)]
        put = [
            {"id": str(uuid4()), "class_id": classes["bun" if at else "leaf"], "shape": box}
            for at, box in enumerate(boxes)
        ]
        draw_into(installation, image_id, put if number else [])
    return project_id


def draw_into(installation: Installation, image_id: str, put: list[dict[str, Any]], revision: int = 0) -> None:
    """Draw objects, and say that the picture is done."""
    body, headers = {"put": put, "answer": "objects"}, {"If-Match": str(revision)}
    installation.json("PATCH", f"/images/{image_id}/objects", json=body, headers=headers)


def test_a44_what_is_drawn_is_frozen_compared_and_exported(
    page: Any, installation: Installation, drawn_id: str
) -> None:
    page.goto(f"/projects/{drawn_id}/versions")
    page.click("text=Freeze a version >> nth=0")
    page.wait_for_selector("[role=dialog] >> text=6 pictures, 10 objects")
    page.wait_for_selector("[role=dialog] >> text=In 1 picture there is nothing")
    page.fill("[role=dialog] input >> nth=0", "As drawn")
    page.click("[role=dialog] button:has-text('Freeze')")
    page.wait_for_url("**/versions/*-*")
    page.wait_for_selector("main >> text=6 pictures, 10 objects")
    page.wait_for_selector("main >> text=nothing here")
    assert page.locator("text=Train on this version").count() == 0
    first = page.url.rsplit("/", 1)[1]
    images = installation.json("GET", f"/versions/{first}/images")["items"]
    image_id = next(row["image"]["id"] for row in images if row["objects"])
    box = {"type": "box", "x1": 5.0, "y1": 5.0, "x2": 50.0, "y2": 50.0}
    draw_into(
        installation,
        image_id,
        [{"id": str(uuid4()), "class_id": installation.class_ids(drawn_id)["bun"], "shape": box}],
        1,
    )
    second = installation.json("POST", f"/projects/{drawn_id}/versions", json={})
    page.goto(f"/projects/{drawn_id}/versions/{second['id']}?against={first}")
    page.wait_for_selector("text=Changed: 1")
    page.wait_for_selector("text=Objects: 1 added; 10 as before.")
    page.click("main button:has-text('Export')")
    page.click("text=Prepare the file")
    link = page.wait_for_selector("a:has-text('Download')", timeout=30_000)
    with page.expect_download() as download:
        link.click()
    assert "version-2-coco" in download.value.suggested_filename
