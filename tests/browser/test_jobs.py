"""Jobs in a real browser: they appear and end by themselves."""

from typing import Any

from tests.browser.conftest import Installation, draw


def test_empty_page_says_what_comes_here(page: Any, installation: Installation) -> None:
    page.goto(f"/projects/{installation.project('No jobs')}/jobs")
    page.wait_for_selector("text=Nothing has run yet")


def test_jobs_appear_and_end_without_a_reload(page: Any, installation: Installation) -> None:
    project_id = installation.project("Some jobs")
    page.goto(f"/projects/{project_id}/jobs")
    page.wait_for_selector("text=Nothing has run yet")
    body = {"source": "1 file", "files": [{"name": "a.jpg", "size_bytes": len(draw("bun", 1))}]}
    begun = installation.json("POST", f"/projects/{project_id}/imports", json=body)
    file_id = begun["files"][0]["id"]
    installation.json("PUT", f"/imports/{begun['id']}/files/{file_id}/content?offset=0", content=draw("bun", 1))
    installation.json("POST", f"/imports/{begun['id']}/finish")
    page.wait_for_selector("[data-testid=ended-jobs] >> text=done", timeout=30_000)
