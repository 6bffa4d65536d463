"""What every request passes first, and what every answer carries."""

from typing import Any

import pytest
from fastapi.testclient import TestClient


def test_cross_site_requests_are_refused(owner: TestClient) -> None:
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        answer = owner.post("/api/v1/projects", json={"name": "x"}, headers=headers)
        assert answer.json()["type"] == "/problems/cross-origin", headers
    del owner.headers["Origin"]
    assert owner.post("/api/v1/projects", json={"name": "x"}).json()["type"] == "/problems/cross-origin"
    assert owner.get("/api/v1/projects").json() == []


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "", "[::1", "testserver@evil.example"])
def test_unknown_hosts_are_refused(owner: TestClient, host: str) -> None:
    answer = owner.get("/api/v1/health", headers={"Host": host})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/host-not-allowed")


def test_no_other_site_is_ever_allowed_to_read_an_answer(owner: TestClient) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (owner.options("/api/v1/projects", headers=asked), owner.get("/api/v1/projects", headers=asked)):
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_every_answer_is_framed_and_sniffed_by_nobody(owner: TestClient, project: dict[str, Any]) -> None:
    for path in ("/", "/projects/x", "/api/v1/projects", "/api/v1/nothing", "/assets/nothing.js"):
        headers = owner.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy and "default-src 'self'" in policy, path
        assert "unsafe-eval" not in policy and "script-src" not in policy, path
        assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY"), path
        assert headers["Referrer-Policy"] == "same-origin", path


def test_a_text_with_a_nul_is_refused_on_every_database(owner: TestClient, project: dict[str, Any]) -> None:
    classes = f"/api/v1/projects/{project['id']}/classes"
    for address, body in (
        (classes, {"name": "bu\0n"}),
        ("/api/v1/projects", {"name": "Trays", "task": "detection", "classes": ["bun", "ro\0ll"]}),
        (f"/api/v1/projects/{project['id']}/attributes", {"name": "a", "kind": "choice", "choices": ["ra\0w"]}),
    ):
        refused = owner.post(address, json=body)
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/request-invalid")
        assert "NUL" in refused.json()["detail"]
