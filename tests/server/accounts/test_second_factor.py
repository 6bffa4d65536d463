"""The second factor over HTTP: set up, asked for, used up, lost, required of everybody; and the open sessions."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from modelyard.server.accounts.second_factor import STEP_S
from modelyard.server.services import AppServices
from modelyard.server.tables import AuditEntry, RecoveryCode

from ..conftest import PASSWORD

ANA = {"email": "ana@bakery.example", "password": PASSWORD}


def code(secret: str, *, steps: int = 0) -> str:
    """Return what the app shows, `steps` half minutes from now."""
    return pyotp.TOTP(secret).generate_otp(int(time.time()) // STEP_S + steps)


def set_up(client: TestClient) -> tuple[str, list[str]]:
    """Set the second factor up; return its secret and the recovery codes."""
    made = client.post("/api/v1/me/second-factor", json={"password": PASSWORD})
    assert made.status_code == 200, made.text
    secret = made.json()["secret"]
    confirmed = client.post("/api/v1/me/second-factor/confirm", json={"code": code(secret)})
    assert confirmed.status_code == 200, confirmed.text
    return secret, confirmed.json()["recovery_codes"]


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def test_an_app_is_set_up_with_a_picture_and_counts_once_confirmed(owner: TestClient, anonymous: TestClient) -> None:
    made = owner.post("/api/v1/me/second-factor", json={"password": PASSWORD}).json()
    assert made["uri"].startswith("otpauth://totp/Modelyard:ana%40bakery.example?secret=")
    assert made["picture"].startswith("data:image/svg+xml")
    assert anonymous.post("/api/v1/session", json=ANA).status_code == 200
    wrong = owner.post("/api/v1/me/second-factor/confirm", json={"code": "000000"})
    assert problem(wrong) == (422, "setup-code-wrong")
    right = owner.post("/api/v1/me/second-factor/confirm", json={"code": code(made["secret"])})
    assert len(set(right.json()["recovery_codes"])) == 10
    shown = owner.get("/api/v1/me/security").json()
    assert shown["second_factor_since"] is not None and shown["recovery_codes_left"] == 10
    again = owner.post("/api/v1/me/second-factor", json={"password": PASSWORD})
    assert problem(again) == (409, "second-factor-exists")


def test_signing_in_needs_a_code_and_none_counts_twice(owner: TestClient, anonymous: TestClient) -> None:
    secret, _ = set_up(owner)
    assert problem(anonymous.post("/api/v1/session", json=ANA)) == (401, "second-factor-needed")
    assert problem(anonymous.post("/api/v1/session", json=ANA | {"code": "000000"})) == (422, "code-wrong")
    fresh = code(secret, steps=1)
    assert anonymous.post("/api/v1/session", json=ANA | {"code": f" {fresh[:3]} {fresh[3:]}"}).status_code == 200
    assert problem(anonymous.post("/api/v1/session", json=ANA | {"code": fresh})) == (422, "code-wrong")
    older = code(secret)
    assert problem(anonymous.post("/api/v1/session", json=ANA | {"code": older})) == (422, "code-wrong")


def test_a_wrong_password_tells_nothing_of_the_second_factor(owner: TestClient, anonymous: TestClient) -> None:
    secret, _ = set_up(owner)
    wrong = anonymous.post("/api/v1/session", json=ANA | {"password": "not it at all", "code": code(secret)})
    assert problem(wrong) == (401, "sign-in-failed")


def test_wrong_codes_are_limited_even_with_the_right_one_at_the_end(owner: TestClient, anonymous: TestClient) -> None:
    secret, recovery = set_up(owner)
    answers = [problem(anonymous.post("/api/v1/session", json=ANA | {"code": f"00000{n}"})) for n in range(6)]
    assert answers[4:] == [(422, "code-wrong"), (429, "too-many-codes")]
    for right in (code(secret, steps=1), recovery[0]):
        assert problem(anonymous.post("/api/v1/session", json=ANA | {"code": right})) == (429, "too-many-codes")


def test_two_at_once_with_one_code_are_one(owner: TestClient, app: FastAPI) -> None:
    secret, _ = set_up(owner)
    body = ANA | {"code": code(secret, steps=1)}

    def attempt(_: int) -> int:
        client = TestClient(app, base_url="http://testserver", headers={"Origin": "http://testserver"})
        return client.post("/api/v1/session", json=body).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [200, 422, 422, 422]


def test_a_recovery_code_stands_in_once(owner: TestClient, anonymous: TestClient, services: AppServices) -> None:
    _, recovery = set_up(owner)
    typed = recovery[0].upper().replace("-", " ")
    assert anonymous.post("/api/v1/session", json=ANA | {"code": typed}).status_code == 200
    assert problem(anonymous.post("/api/v1/session", json=ANA | {"code": recovery[0]})) == (422, "code-wrong")
    assert owner.get("/api/v1/me/security").json()["recovery_codes_left"] == 9
    renewed = owner.post("/api/v1/me/recovery-codes", json={"password": PASSWORD, "code": recovery[1]}).json()
    assert problem(anonymous.post("/api/v1/session", json=ANA | {"code": recovery[2]})) == (422, "code-wrong")
    assert anonymous.post("/api/v1/session", json=ANA | {"code": renewed["recovery_codes"][2]}).status_code == 200
    with services.db.read() as session:
        hashes = list(session.scalars(select(RecoveryCode.code_hash)))
        actions = list(session.scalars(select(AuditEntry.action)))
    assert not set(recovery + renewed["recovery_codes"]) & set(hashes)
    assert {"second_factor.set_up", "second_factor.recovery_code_used"} < set(actions)


def test_removing_it_takes_password_and_code(owner: TestClient, anonymous: TestClient) -> None:
    secret, _ = set_up(owner)
    remove = "/api/v1/me/second-factor/remove"
    assert problem(owner.post(remove, json={"password": "not it at all", "code": code(secret)}))[0] == 422
    assert problem(owner.post(remove, json={"password": PASSWORD, "code": "000000"})) == (422, "code-wrong")
    assert owner.post(remove, json={"password": PASSWORD, "code": code(secret, steps=1)}).status_code == 204
    assert anonymous.post("/api/v1/session", json=ANA).status_code == 200
    assert owner.get("/api/v1/me/security").json()["recovery_codes_left"] == 0


def test_setting_it_up_signs_out_other_browsers(owner: TestClient, anonymous: TestClient) -> None:
    anonymous.post("/api/v1/session", json=ANA)
    set_up(owner)
    assert anonymous.get("/api/v1/projects").status_code == 401
    assert owner.get("/api/v1/projects").status_code == 200


def test_no_program_changes_it(owner: TestClient, anonymous: TestClient) -> None:
    token = owner.post("/api/v1/tokens", json={"name": "till", "scopes": ["write"]}).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    for path, body in (
        ("/me/second-factor", {"password": PASSWORD}),
        ("/me/second-factor/confirm", {"code": "1"}),
        ("/me/second-factor/remove", {"password": PASSWORD, "code": "1"}),
        ("/me/recovery-codes", {"password": PASSWORD, "code": "1"}),
    ):
        assert problem(anonymous.post(f"/api/v1{path}", json=body, headers=bearer)) == (403, "browser-only")


def test_guessing_the_password_of_an_open_browser_is_limited(owner: TestClient) -> None:
    answers = [owner.post("/api/v1/me/second-factor", json={"password": f"not it {n}"}).status_code for n in range(9)]
    assert answers[-2:] == [422, 429]


def test_an_administrator_resets_it_for_somebody_else(
    owner: TestClient, stranger: TestClient, anonymous: TestClient, services: AppServices
) -> None:
    set_up(stranger)
    sam = stranger.get("/api/v1/session").json()["user"]["id"]
    ana = owner.get("/api/v1/session").json()["user"]["id"]
    assert stranger.delete(f"/api/v1/users/{ana}/second-factor").status_code == 403
    assert problem(owner.delete(f"/api/v1/users/{ana}/second-factor")) == (409, "not-oneself")
    assert owner.delete(f"/api/v1/users/{sam}/second-factor").status_code == 204
    assert problem(owner.delete(f"/api/v1/users/{sam}/second-factor")) == (409, "no-second-factor")
    assert stranger.get("/api/v1/projects").status_code == 401
    assert anonymous.post("/api/v1/session", json=ANA | {"email": "sam@bakery.example"}).status_code == 200
    with services.db.read() as session:
        reset = session.scalars(select(AuditEntry).where(AuditEntry.action == "second_factor.reset")).one()
    assert (str(reset.actor_id), reset.details) == (ana, {"user": "sam@bakery.example"})


@pytest.fixture
def required(services: AppServices) -> Callable[[], None]:
    """Return a function that makes a second factor the rule."""

    def change() -> None:
        services.settings = services.settings.model_copy(update={"second_factor_required": True})

    return change


def test_where_it_is_the_rule_everybody_sets_one_up_at_the_door(
    owner: TestClient, anonymous: TestClient, required: Callable[[], None]
) -> None:
    required()
    assert owner.get("/api/v1/projects").status_code == 401
    assert problem(anonymous.post("/api/v1/session", json=ANA)) == (401, "second-factor-setup-needed")
    wrong = anonymous.post("/api/v1/session/second-factor", json=ANA | {"password": "not it at all"})
    assert problem(wrong) == (401, "sign-in-failed")
    secret = anonymous.post("/api/v1/session/second-factor", json=ANA).json()["secret"]
    confirm = "/api/v1/session/second-factor/confirm"
    assert problem(anonymous.post(confirm, json=ANA | {"code": "000000"})) == (422, "setup-code-wrong")
    assert anonymous.get("/api/v1/projects").status_code == 401
    codes = anonymous.post(confirm, json=ANA | {"code": code(secret)}).json()["recovery_codes"]
    assert anonymous.get("/api/v1/projects").status_code == 200
    assert problem(anonymous.post(confirm, json=ANA | {"code": code(secret, steps=1)})) == (409, "second-factor-exists")
    refused = anonymous.post("/api/v1/me/second-factor/remove", json={"password": PASSWORD, "code": codes[0]})
    assert problem(refused) == (409, "second-factor-is-rule")


def test_changing_the_password_keeps_the_second_factor_shown(owner: TestClient, required: Callable[[], None]) -> None:
    set_up(owner)
    required()
    change = {"password": {"current": PASSWORD, "new": "another long password"}}
    assert owner.patch("/api/v1/me", json=change).status_code == 200
    assert owner.get("/api/v1/projects").status_code == 200


def test_sessions_are_listed_and_ended(owner: TestClient, app: FastAPI, stranger: TestClient) -> None:
    others = [TestClient(app, base_url="http://testserver", headers={"Origin": "http://testserver"}) for _ in range(2)]
    for number, other in enumerate(others):
        other.post("/api/v1/session", json=ANA, headers={"User-Agent": f"Browser {number}"})
    listed = owner.get("/api/v1/me/sessions").json()
    assert [session["is_current"] for session in listed].count(True) == 1
    assert {"Browser 0", "Browser 1"} < {session["browser"] for session in listed}
    first = next(session["id"] for session in listed if session["browser"] == "Browser 0")
    assert stranger.delete(f"/api/v1/me/sessions/{first}").status_code == 404
    assert owner.delete(f"/api/v1/me/sessions/{first}").status_code == 204
    assert [other.get("/api/v1/projects").status_code for other in others] == [401, 200]
    assert owner.delete("/api/v1/me/sessions").status_code == 204
    assert others[1].get("/api/v1/projects").status_code == 401
    assert len(owner.get("/api/v1/me/sessions").json()) == 1


def test_signing_in_again_replaces_the_session_of_this_browser(owner: TestClient) -> None:
    owner.post("/api/v1/session", json=ANA)
    assert len(owner.get("/api/v1/me/sessions").json()) == 1
