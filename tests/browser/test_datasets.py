"""Dataset versions in a real browser: freeze with a preview, look inside, compare, export."""

from typing import Any

import pytest

from tests.browser.conftest import Installation


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
