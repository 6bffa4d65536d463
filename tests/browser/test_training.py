"""Training in a real browser: start a run, watch it, end in its model."""

from typing import Any

from tests.browser.conftest import Installation, Trained


def test_run_is_started_and_ends_in_its_model(page: Any, installation: Installation) -> None:
    project_id = installation.project("Trained by hand")
    installation.label(project_id, installation.fill(project_id, 12))
    page.goto(f"/projects/{project_id}/runs")
    page.wait_for_selector("text=Nothing has been trained yet")
    page.click("text=Train a model >> nth=0")
    page.click("[role=dialog] button:has-text('Start')")
    page.wait_for_url("**/runs/*-*")
    page.click("text=See how good it is", timeout=120_000)
    page.wait_for_selector("[data-testid=headline]")


def test_finished_run_shows_curve_reason_and_record(page: Any, trained: Trained) -> None:
    page.goto(f"/projects/{trained.project_id}/runs/{trained.run['id']}")
    page.wait_for_selector("svg[role=img]")
    page.wait_for_selector("text=What was done, and why")
    page.click("text=To repeat it")
    page.wait_for_selector("text=efficientnet_lite0")


def test_list_leads_to_run_and_model(page: Any, trained: Trained) -> None:
    page.goto(f"/projects/{trained.project_id}/runs")
    page.click("text=Model 1")
    page.wait_for_url(f"**/models/{trained.model_id}")
