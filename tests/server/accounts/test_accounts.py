"""First start, sign-in, tokens and invitations, over HTTP."""

import subprocess
import sys
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from modelyard.server.accounts import repository
from modelyard.server.accounts.service import ensure_local_owner, make_setup_token
from modelyard.server.services import AppServices
from modelyard.server.tables import User
from modelyard.server.tables.base import Base

from ..conftest import PASSWORD


def test_first_start_needs_the_printed_link(anonymous: TestClient, services: AppServices) -> None:
    assert anonymous.get("/api/v1/session").json() == {"user": None, "needs_setup": True}
    token = make_setup_token(services.db)
    body = {"email": "Ana@Bakery.example", "name": "Ana", "password": PASSWORD}
    assert anonymous.post("/api/v1/setup", json=body | {"token": "setup_wrong"}).status_code == 404
    assert anonymous.post("/api/v1/setup", json=body | {"token": token}).status_code == 200
    assert anonymous.get("/api/v1/session").json()["user"]["email"] == "ana@bakery.example"
    assert make_setup_token(services.db) is None
    assert anonymous.post("/api/v1/setup", json=body | {"token": token}).status_code == 409


def test_the_first_account_takes_over_what_was_made_on_the_data_directory(
    anonymous: TestClient, services: AppServices
) -> None:
    ensure_local_owner(services.db)
    with services.db.read() as session:
        owner_id = repository.local_owner(session).id  # type: ignore[union-attr]
    assert anonymous.get("/api/v1/session").json()["needs_setup"] is True
    body = {"email": "ana@bakery.example", "name": "Ana", "password": PASSWORD}
    made = anonymous.post("/api/v1/setup", json=body | {"token": make_setup_token(services.db)}).json()
    assert (made["id"], made["email"], made["is_admin"]) == (str(owner_id), "ana@bakery.example", True)
    assert make_setup_token(services.db) is None


def test_a_newer_setup_link_replaces_the_older(anonymous: TestClient, services: AppServices) -> None:
    old, new = make_setup_token(services.db), make_setup_token(services.db)
    body = {"email": "ana@bakery.example", "name": "Ana", "password": PASSWORD}
    assert anonymous.post("/api/v1/setup", json=body | {"token": old}).status_code == 404
    assert anonymous.post("/api/v1/setup", json=body | {"token": new}).status_code == 200


def test_weak_passwords_are_refused(anonymous: TestClient, services: AppServices) -> None:
    token = make_setup_token(services.db)
    for weak in ("short", "password123", "aaaaaaaaaaaaaaa", "ana@bakery.example"):
        body = {"email": "ana@bakery.example", "name": "Ana", "password": weak, "token": token}
        answer = anonymous.post("/api/v1/setup", json=body)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/password-too-weak")
    nul = anonymous.post("/api/v1/setup", json=body | {"password": "with\0nul-character"})
    assert (nul.status_code, nul.json()["type"]) == (422, "/problems/request-invalid")


def test_signing_out_ends_the_session_on_the_server(owner: TestClient) -> None:
    cookie = owner.cookies["modelyard_session"]
    assert owner.delete("/api/v1/session").json() == {"provider_url": None}
    owner.cookies.set("modelyard_session", cookie)
    assert owner.get("/api/v1/projects").status_code == 401


def test_sign_in_failures_sound_alike_and_are_limited(owner: TestClient, anonymous: TestClient) -> None:
    wrong = {"email": "ana@bakery.example", "password": "not it at all"}
    nobody = {"email": "nobody@bakery.example", "password": "not it at all"}
    details = {anonymous.post("/api/v1/session", json=body).json()["detail"] for body in (wrong, nobody)}
    assert len(details) == 1
    answers = [anonymous.post("/api/v1/session", json=wrong).status_code for _ in range(10)]
    assert answers[-1] == 429
    right = {"email": "ana@bakery.example", "password": PASSWORD}
    assert anonymous.post("/api/v1/session", json=right).status_code == 429


def test_tokens_are_shown_once_scoped_and_revocable(owner: TestClient, anonymous: TestClient) -> None:
    made = owner.post("/api/v1/tokens", json={"name": "till", "scopes": ["read"]}).json()
    assert made["token"].startswith("my_")
    assert "token" not in owner.get("/api/v1/tokens").json()[0]
    bearer = {"Authorization": f"Bearer {made['token']}"}
    assert anonymous.get("/api/v1/projects", headers=bearer).status_code == 200
    refused = anonymous.post("/api/v1/projects", json={"name": "x"}, headers=bearer)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/scope-missing")
    assert anonymous.get(f"/api/v1/projects?token={made['token']}").status_code == 401
    assert owner.delete(f"/api/v1/tokens/{made['id']}").status_code == 204
    assert anonymous.get("/api/v1/projects", headers=bearer).status_code == 401


def test_an_invitation_works_once(owner: TestClient, anonymous: TestClient, project: dict[str, Any]) -> None:
    link = owner.post(f"/api/v1/projects/{project['id']}/invitations").json()["url"]
    token = link.rpartition("token=")[2]
    assert anonymous.get(f"/api/v1/invitations/{token}").json()["project_name"] == "Pastries"
    body = {"email": "ben@bakery.example", "name": "Ben", "password": PASSWORD}
    assert anonymous.post(f"/api/v1/invitations/{token}/accept", json=body).status_code == 200
    assert [entry["id"] for entry in anonymous.get("/api/v1/projects").json()] == [project["id"]]
    again = anonymous.post(f"/api/v1/invitations/{token}/accept", json=body | {"email": "eve@bakery.example"})
    assert again.status_code == 404


def test_a_disabled_person_is_out_at_once(owner: TestClient, stranger: TestClient) -> None:
    user_id = next(user["id"] for user in owner.get("/api/v1/users").json() if user["name"] == "Sam")
    assert owner.patch(f"/api/v1/users/{user_id}", json={"disabled": True}).status_code == 200
    assert stranger.get("/api/v1/projects").status_code == 401


def test_the_last_admin_cannot_be_disabled(owner: TestClient) -> None:
    me = owner.get("/api/v1/session").json()["user"]["id"]
    answer = owner.patch(f"/api/v1/users/{me}", json={"disabled": True})
    assert answer.json()["type"] == "/problems/last-admin"


def test_only_admins_see_accounts(stranger: TestClient) -> None:
    assert stranger.get("/api/v1/users").status_code == 403


def test_changing_the_password_signs_out_elsewhere(owner: TestClient, app: FastAPI) -> None:
    other = TestClient(app, base_url="http://testserver", headers={"Origin": "http://testserver"})
    assert other.post("/api/v1/session", json={"email": "ana@bakery.example", "password": PASSWORD}).status_code == 200
    change = {"password": {"current": PASSWORD, "new": "another long password"}}
    assert owner.patch("/api/v1/me", json=change).status_code == 200
    assert other.get("/api/v1/projects").status_code == 401
    assert owner.get("/api/v1/projects").status_code == 200


def test_the_session_is_a_new_secret_each_time_that_no_script_reads(owner: TestClient, services: AppServices) -> None:
    old = owner.cookies["modelyard_session"]
    answer = owner.post("/api/v1/session", json={"email": "ana@bakery.example", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie.replace(PASSWORD, "")
    assert owner.cookies["modelyard_session"] != old


def test_a_forged_session_is_nobodys(anonymous: TestClient) -> None:
    for forged in ("", "x", "1", "a" * 5000, "%00", "' OR 1=1 --"):
        anonymous.cookies.set("modelyard_session", forged)
        assert anonymous.get("/api/v1/projects").status_code == 401


def test_secrets_are_stored_as_hashes_only(owner: TestClient, services: AppServices, project: dict[str, Any]) -> None:
    token = owner.post("/api/v1/tokens", json={"name": "till", "scopes": ["read"]}).json()["token"]
    invitation = owner.post(f"/api/v1/projects/{project['id']}/invitations").json()["url"].rpartition("token=")[2]
    session_secret = owner.cookies["modelyard_session"]
    with services.db.read() as session:
        stored = [
            str(row) for table in Base.metadata.sorted_tables for row in session.connection().execute(table.select())
        ]
    assert len(stored) > 5
    for secret in (token, invitation, session_secret, PASSWORD):
        assert not [row for row in stored if secret in row]


def test_endless_passwords_are_refused_before_they_are_hashed(anonymous: TestClient, services: AppServices) -> None:
    body = {"email": "ana@bakery.example", "name": "Ana", "password": "x y" * 400_000}
    refused = anonymous.post("/api/v1/setup", json=body | {"token": make_setup_token(services.db)})
    assert refused.status_code == 422
    assert anonymous.post("/api/v1/session", json={k: body[k] for k in ("email", "password")}).status_code == 422


def test_nobody_makes_themselves_more_than_they_are(stranger: TestClient) -> None:
    for claimed in ({"is_admin": True}, {"id": "0192f0c8-0000-7000-8000-000000000000"}, {"disabled": False}):
        assert stranger.patch("/api/v1/me", json={"name": "Sam"} | claimed).status_code == 422
    assert stranger.get("/api/v1/session").json()["user"]["is_admin"] is False


def test_passwords_are_hashed_at_the_cost_that_is_recommended() -> None:
    script = (
        "from modelyard.server.accounts.passwords import hash_password as h; print(h('a long enough word', email=''))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_keys_are_kept_with_the_account(owner: TestClient) -> None:
    assert owner.get("/api/v1/me/keys").json() == {"preset": "modelyard", "changes": {}}
    chosen = {"preset": "cvat", "changes": {"draw.box": ["R", "Q"], "draw.hand": []}}
    assert owner.put("/api/v1/me/keys", json=chosen).json() == chosen
    assert owner.get("/api/v1/me/keys").json() == chosen
    for bad in ({"preset": "emacs"}, {"changes": {"x": ["Q"]}}, {"changes": {"draw.box": [""]}}):
        assert owner.put("/api/v1/me/keys", json=bad).status_code == 422
    assert owner.get("/api/v1/me/keys").json() == chosen


@pytest.mark.parametrize("kept", [{"preset": "of another version", "changes": {}}, {"changes": 7}, "nothing", None])
def test_keys_that_are_understood_no_more_count_for_nothing(
    owner: TestClient, services: AppServices, kept: object
) -> None:
    with services.db.write() as session:
        session.query(User).one().preferences = {"keys": kept}
    assert owner.get("/api/v1/me/keys").json() == {"preset": "modelyard", "changes": {}}
