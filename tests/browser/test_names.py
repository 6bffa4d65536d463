"""Whatever people type is shown as they typed it, and never runs: names go through every screen."""

from typing import Any

import pytest

from tests.browser.conftest import KINDS, PASSWORD, Installation, draw, start_run, sync_api

EVIL = '"><img src=x onerror=window.ran=1><script>window.ran=1</script>{{7*7}}'
SCREENS = ["", "/images", "/label", "/versions", "/runs", "/models", "/deployments", "/jobs", "/settings"]
TABS = ["classes", "wishes", "members", "project"]


@pytest.fixture(scope="module")
def project_id(installation: Installation) -> str:
    """Return a trained project in which everything has a name that would like to be a script."""
    body = {"name": f"P{EVIL}", "description": f"D{EVIL}", "classes": [f"{kind}{EVIL}"[:100] for kind in KINDS]}
    project = str(installation.json("POST", "/projects", json=body)["id"])
    classes = list(installation.class_ids(project).values())
    for index, kind in enumerate(KINDS):
        ids = []
        for seed in range(500, 512):
            name = {"name": f"{EVIL}{kind}-{seed}.jpg"}
            added = installation.json("POST", f"/projects/{project}/images", params=name, content=draw(kind, seed))
            ids.append(added["image"]["id"])
        answer = {"image_ids": ids, "answer": "class", "class_id": classes[index]}
        installation.json("POST", f"/projects/{project}/annotations/bulk", json=answer)
    name = {"name": f"{EVIL}extra.jpg"}
    installation.json("POST", f"/projects/{project}/images", params=name, content=draw("bun", 600))
    installation.json("POST", f"/projects/{project}/versions", json={"note": f"N{EVIL}"})
    person = {"email": "evil@example.org", "name": f"U{EVIL}"[:100], "password": PASSWORD}
    installation.json("POST", "/users", json=person)
    installation.json("POST", f"/projects/{project}/members", json={"email": "evil@example.org"})
    run = start_run(installation, project)
    deployment = {"name": "names", "model_id": run["model_id"], "accept_below_wish": True}
    installation.json("POST", f"/projects/{project}/deployments", json=deployment)
    return project


def test_no_name_runs_on_any_screen(page: Any, installation: Installation, project_id: str) -> None:
    violations: list[str] = []
    page.on("console", lambda message: violations.append(message.text) if "Content Security" in message.text else None)
    addresses = [f"/projects/{project_id}{screen}" for screen in SCREENS]
    addresses += [f"/projects/{project_id}/settings?tab={tab}" for tab in TABS]
    addresses += [f"/projects/{project_id}/{path}" for path in details(installation, project_id)]
    for address in ["/", *addresses, "/people", "/account"]:
        page.goto(address)
        page.locator("main h1, main h2, [data-testid=picture]").first.wait_for()
        sync_api.expect(page.get_by_test_id("loading")).to_have_count(0)
        assert page.evaluate("window.ran") is None, address
        assert page.locator("img[src=x]").count() == 0, address
    assert violations == []
    page.goto(f"/projects/{project_id}")
    page.get_by_text(f"P{EVIL}").first.wait_for()


def details(installation: Installation, project_id: str) -> list[str]:
    """Return the addresses of single things below the project."""

    def newest(kind: str) -> str:
        found = installation.json("GET", f"/projects/{project_id}/{kind}")
        return str((found if isinstance(found, list) else found["items"])[0]["id"])

    below = [f"{kind}/{newest(kind)}" for kind in ("versions", "runs", "models")]
    return [*below, "deployments/names", f"images?image={newest('images')}"]
