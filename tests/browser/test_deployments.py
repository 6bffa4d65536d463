"""Deployments in a real browser: the gate, trying a picture, snippets, what is kept, and the way back."""

from typing import Any

import pytest

from tests.browser.conftest import Installation, Trained, draw


@pytest.fixture
def deployment(page: Any, installation: Installation, trained: Trained, request: pytest.FixtureRequest) -> Any:
    """Open the page of a fresh deployment, ready to answer."""
    name = request.node.name.removeprefix("test_").replace("_", "-")[:60].strip("-")
    body = {"name": name, "model_id": trained.model_id, "accept_below_wish": True, "keep_predictions": False}
    installation.json("POST", f"/projects/{trained.project_id}/deployments", json=body)
    page.goto(f"/projects/{trained.project_id}/deployments/{name}")
    page.wait_for_selector("[data-testid=state] >> text=Ready", timeout=30_000)
    return page


def test_model_is_deployed_by_name(page: Any, trained: Trained) -> None:
    page.goto(f"/projects/{trained.project_id}/models/{trained.model_id}")
    page.click("main button:has-text('Deploy'), main a:has-text('Deploy')")
    page.wait_for_selector("[role=dialog]")
    page.locator("[role=dialog] input[type=text]:not([readonly]), [role=dialog] input:not([type])").last.fill("counter")
    if page.locator("[data-testid=gate]").count():
        assert page.is_disabled("[role=dialog] button:has-text('Deploy')")
        page.click("text=I know, and deploy it anyway")
    page.click("[role=dialog] button:has-text('Deploy')")
    page.wait_for_url("**/deployments/counter")


def test_picture_is_tried(deployment: Any) -> None:
    picture = {"name": "plum.jpg", "mimeType": "image/jpeg", "buffer": draw("plum", 900)}
    deployment.set_input_files("input[type=file]", picture)
    deployment.wait_for_selector("[data-testid=answer]")
    text = deployment.inner_text("[data-testid=answer]")
    assert text.startswith("plum")
    assert "ms" in text


def test_snippets_name_the_real_address(deployment: Any, installation: Installation) -> None:
    code = deployment.inner_text("[data-testid=snippets] pre")
    assert f"{installation.url}/api/v1/deployments/" in code
    deployment.click("[data-testid=snippets] >> text=Python")
    assert "httpx.post" in deployment.inner_text("[data-testid=snippets] pre")


def test_nothing_is_kept_until_asked_for(deployment: Any) -> None:
    deployment.wait_for_selector("text=Switch keeping on")
    deployment.click("[data-testid=keep] input[role=switch]")
    deployment.wait_for_selector("text=Delete after")
    picture = {"name": "bun.jpg", "mimeType": "image/jpeg", "buffer": draw("bun", 901)}
    deployment.set_input_files("input[type=file]", picture)
    deployment.wait_for_selector("[data-testid=keep] >> text=1 picture kept")


def test_deployment_is_stopped_and_started(deployment: Any) -> None:
    deployment.click("button:has-text('Stop')")
    deployment.wait_for_selector("[data-testid=state] >> text=Stopped")
    deployment.click("button:has-text('Start')")
    deployment.wait_for_selector("[data-testid=state] >> text=Ready", timeout=30_000)
