"""Every route is closed unless it says otherwise: walked without a sign-in, and as a person who is no member."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from modelyard.server.services import AppServices
from tests.factories.pictures import picture

NOTHING = "0192f0c8-0000-7000-8000-000000000000"
# Open on purpose: sign-in, first start, invitations, life sign.
OPEN = {
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/session"),
    ("POST", "/api/v1/session"),
    ("DELETE", "/api/v1/session"),
    ("GET", "/api/v1/session/methods"),
    ("POST", "/api/v1/session/second-factor"),
    ("POST", "/api/v1/session/second-factor/confirm"),
    ("GET", "/api/v1/session/provider/start"),
    ("GET", "/api/v1/session/provider/callback"),
    ("POST", "/api/v1/setup"),
    ("GET", "/api/v1/invitations/{token}"),
    ("POST", "/api/v1/invitations/{token}/accept"),
}
# A person's own things and lists of what they may see: a stranger gets an answer, with nothing of others in it.
OWN = {
    ("GET", "/api/v1/jobs"),
    ("GET", "/api/v1/projects"),
    ("POST", "/api/v1/projects"),
    ("GET", "/api/v1/tokens"),
    ("POST", "/api/v1/tokens"),
    ("PATCH", "/api/v1/me"),
    ("GET", "/api/v1/me/keys"),
    ("PUT", "/api/v1/me/keys"),
    ("GET", "/api/v1/me/security"),
    ("POST", "/api/v1/me/second-factor"),
    ("POST", "/api/v1/me/second-factor/confirm"),
    ("POST", "/api/v1/me/second-factor/remove"),
    ("POST", "/api/v1/me/recovery-codes"),
    ("GET", "/api/v1/me/sessions"),
    ("GET", "/api/v1/me/work"),
    ("GET", "/api/v1/me/notifications"),
    ("GET", "/api/v1/me/notifications/count"),
    ("POST", "/api/v1/me/notifications/read"),
    ("GET", "/api/v1/me/notification-settings"),
    ("PUT", "/api/v1/me/notification-settings"),
    ("DELETE", "/api/v1/me/sessions"),
    ("GET", "/api/v1/roles"),
    ("GET", "/api/v1/webhook-types"),
}
# What a route asks for besides its path and body.
QUERIES = {
    ("POST", "/api/v1/smart/files"): {"name": "encoder.onnx"},
    ("GET", "/api/v1/versions/{version_id}/diff"): {"against": NOTHING},
    ("GET", "/api/v1/projects/{project_id}/classes/{class_id}/impact"): {"action": "delete"},
}


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Return every (method, path) of the API's own description."""
    document = app.openapi()
    return [(method.upper(), path) for path, methods in document["paths"].items() for method in methods]


def filled(path: str, ids: dict[str, str]) -> str:
    """Return the path with the project's real id and otherwise ids of nothing; tiles and states have numbers."""
    known = dict.fromkeys(("level", "column", "row", "revision"), "0") | ids
    return re.sub(r"\{(\w+)\}", lambda match: known.get(match[1], NOTHING), path)


def example_body(app: FastAPI, method: str, path: str) -> dict[str, Any]:
    """Return what a client sends with a body that the server would take, so that only the person is refused."""
    described = app.openapi()["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    if "application/json" in described:
        return {"json": described["application/json"]["example"]}
    return {"content": picture()} if described else {}


def test_every_route_is_closed_without_a_sign_in(app: FastAPI, anonymous: TestClient) -> None:
    wrong = []
    for method, path in routes(app):
        status = anonymous.request(method, filled(path, {}), json={}).status_code
        if (status == 401) == ((method, path) in OPEN):
            wrong.append((method, path, status))
    assert not wrong


def test_a_stranger_gets_nothing_of_a_project(
    app: FastAPI,
    stranger: TestClient,
    project: dict[str, Any],
) -> None:
    wrong = []
    for method, path in routes(app):
        if (method, path) in OPEN | OWN:
            continue
        address = filled(path, {"project_id": project["id"]})
        body = example_body(app, method, path)
        status = stranger.request(method, address, params=QUERIES.get((method, path)), **body).status_code
        if status not in (403, 404):
            wrong.append((method, path, status))
    assert not wrong


def test_lists_hold_nothing_of_others(stranger: TestClient, project: dict[str, Any]) -> None:
    assert stranger.get("/api/v1/projects").json() == []
    assert stranger.get("/api/v1/jobs").json()["items"] == []
    assert stranger.get("/api/v1/me/work").json() == []


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/projects/%2e%2e/x", "/api/v1/images/%00"])
def test_unknown_addresses_tell_nothing(owner: TestClient, path: str) -> None:
    answer = owner.get(path)
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_no_asset_lies_outside_the_static_folder(anonymous: TestClient, services: AppServices) -> None:
    for path in ("/..%2f..%2fsettings.py", "/%2e%2e/%2e%2e/app.py", "/assets/../../app.py", "/%00"):
        assert "create_app" not in anonymous.get(path).text
