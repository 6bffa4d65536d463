"""Members and their roles: who may change whom, the last owner, handing over, invitations, and the audit trail."""

from collections.abc import Callable
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from modelyard.server.services import AppServices
from modelyard.server.tables import AuditEntry

from ..conftest import PASSWORD

Join = Callable[..., TestClient]


@pytest.fixture
def home(project: dict[str, Any]) -> str:
    return f"/api/v1/projects/{project['id']}"


@pytest.fixture
def join(owner: TestClient, home: str, sign_in: Callable[..., TestClient]) -> Join:
    """Return a function that makes a person a member in a role."""

    def make(name: str, role: str) -> TestClient:
        client = sign_in(name)
        body = {"email": f"{name.lower()}@bakery.example", "role": role}
        assert owner.post(f"{home}/members", json=body).status_code == 201
        return client

    return make


def me(client: TestClient) -> str:
    return str(client.get("/api/v1/session").json()["user"]["id"])


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def give(client: TestClient, home: str, user_id: str, role: str) -> Any:
    return client.patch(f"{home}/members/{user_id}", json={"role": role})


def test_whoever_makes_a_project_owns_it_and_sees_what_that_allows(owner: TestClient, home: str, join: Join) -> None:
    assert owner.get(home).json()["role"] == "owner"
    assert "delete_project" in owner.get(home).json()["may"]
    shown = join("Vera", "viewer").get(home).json()
    assert (shown["role"], shown["may"]) == ("viewer", ["view"])


def test_a_refusal_says_which_role_it_takes_and_whom_to_ask(home: str, join: Join) -> None:
    answer = join("Vera", "viewer").patch(home, json={"name": "Mine"})
    assert problem(answer) == (403, "role-missing")
    assert answer.json()["detail"] == (
        "You are a viewer of “Pastries”. To change the project's name, wishes and backbone, one must be a manager or "
        "more; an owner can give you that role: Ana."
    )
    assert (answer.json()["needed"], answer.json()["owners"]) == ("manager", ["Ana"])


def test_nobody_gives_takes_or_changes_a_role_above_their_own(owner: TestClient, home: str, join: Join) -> None:
    manager, annotator = join("Max", "manager"), join("Anna", "annotator")
    assert give(manager, home, me(annotator), "manager").json()["role"] == "manager"
    assert problem(give(manager, home, me(manager), "owner")) == (403, "role-too-high")
    assert problem(give(manager, home, me(annotator), "owner")) == (403, "role-too-high")
    assert problem(give(manager, home, me(owner), "viewer")) == (403, "role-too-high")
    assert problem(manager.delete(f"{home}/members/{me(owner)}")) == (403, "role-too-high")
    assert problem(manager.post(f"{home}/invitations", json={"role": "owner"})) == (403, "role-too-high")
    assert problem(manager.post(f"{home}/members", json={"email": "x@y.example", "role": "owner"}))[0] == 403
    assert give(manager, home, me(manager), "annotator").json()["role"] == "annotator"  # oneself, downwards
    assert problem(give(manager, home, me(manager), "manager")) == (403, "role-missing")


def test_the_last_owner_cannot_go_or_be_less(owner: TestClient, home: str, join: Join) -> None:
    manager = join("Max", "manager")
    for answer in (
        owner.post(f"{home}/leave"),
        owner.delete(f"{home}/members/{me(owner)}"),
        give(owner, home, me(owner), "manager"),
    ):
        assert problem(answer) == (409, "last-owner")
    assert give(owner, home, me(manager), "owner").status_code == 200
    assert owner.post(f"{home}/leave").status_code == 204
    assert owner.get(home).status_code == 404
    assert problem(manager.post(f"{home}/leave")) == (409, "last-owner")


def test_an_owner_who_cannot_sign_in_does_not_count(owner: TestClient, home: str, join: Join) -> None:
    second = join("Olga", "owner")
    assert owner.patch(f"/api/v1/users/{me(second)}", json={"disabled": True}).status_code == 200
    assert problem(owner.post(f"{home}/leave")) == (409, "last-owner")


def test_two_owners_who_demote_each_other_leave_one(owner: TestClient, home: str, join: Join) -> None:
    second = join("Olga", "owner")
    answers: list[int] = []
    pairs = [(owner, me(second)), (second, me(owner))]
    threads = [Thread(target=lambda c=c, i=i: answers.append(give(c, home, i, "viewer").status_code)) for c, i in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 403]
    roles = [row["role"] for client in (owner, second) for row in client.get(f"{home}/members").json()]
    assert sorted(set(roles)) == ["owner", "viewer"]


def test_ownership_is_handed_over_in_one_step(owner: TestClient, home: str, join: Join) -> None:
    annotator = join("Anna", "annotator")
    assert problem(join("Max", "manager").post(f"{home}/transfer", json={"user_id": me(annotator)}))[0] == 403
    assert problem(owner.post(f"{home}/transfer", json={"user_id": me(owner)})) == (409, "already-owner")
    shown = owner.post(f"{home}/transfer", json={"user_id": me(annotator)}).json()
    assert {row["name"]: row["role"] for row in shown} == {"Ana": "manager", "Anna": "owner", "Max": "manager"}
    assert owner.delete(home).status_code == 403


def test_anybody_leaves_in_whatever_role(home: str, join: Join) -> None:
    viewer = join("Vera", "viewer")
    assert viewer.post(f"{home}/leave").status_code == 204
    assert viewer.get(home).status_code == 404


class TestInvitations:
    def token(self, client: TestClient, home: str, role: str) -> str:
        made = client.post(f"{home}/invitations", json={"role": role}).json()
        assert made["role"] == role
        return str(made["url"].rpartition("token=")[2])

    def test_a_link_carries_the_role(
        self, owner: TestClient, anonymous: TestClient, stranger: TestClient, home: str
    ) -> None:
        token = self.token(owner, home, "reviewer")
        assert anonymous.get(f"/api/v1/invitations/{token}").json()["role"] == "reviewer"
        body = {"email": "ben@bakery.example", "name": "Ben", "password": PASSWORD}
        assert anonymous.post(f"/api/v1/invitations/{token}/accept", json=body).status_code == 200
        assert anonymous.get(home).json()["role"] == "reviewer"
        assert stranger.post(f"/api/v1/invitations/{self.token(owner, home, 'viewer')}/join").status_code == 200
        assert stranger.get(home).json()["role"] == "viewer"

    def test_joining_again_raises_a_role_and_never_lowers_it(self, owner: TestClient, home: str, join: Join) -> None:
        client = join("Anna", "annotator")
        client.post(f"/api/v1/invitations/{self.token(owner, home, 'viewer')}/join")
        assert client.get(home).json()["role"] == "annotator"
        client.post(f"/api/v1/invitations/{self.token(owner, home, 'manager')}/join")
        assert client.get(home).json()["role"] == "manager"

    @pytest.mark.parametrize("fate", ["annotator", "removed", "disabled"])
    def test_a_link_is_worth_what_its_author_may_give_now(
        self, owner: TestClient, stranger: TestClient, home: str, join: Join, fate: str
    ) -> None:
        manager = join("Max", "manager")
        token, user_id = self.token(manager, home, "manager"), me(manager)
        if fate == "removed":
            owner.delete(f"{home}/members/{user_id}")
        elif fate == "disabled":
            owner.patch(f"/api/v1/users/{user_id}", json={"disabled": True})
        else:
            give(owner, home, user_id, fate)
        assert problem(stranger.post(f"/api/v1/invitations/{token}/join")) == (404, "link-invalid")

    def test_an_open_one_is_listed_without_its_secret_and_can_be_withdrawn(
        self, owner: TestClient, stranger: TestClient, home: str
    ) -> None:
        token = self.token(owner, home, "annotator")
        (shown,) = owner.get(f"{home}/invitations").json()
        assert (shown["role"], shown["invited_by"]) == ("annotator", "Ana")
        assert token not in str(shown)
        assert owner.delete(f"{home}/invitations/{shown['id']}").status_code == 204
        assert owner.delete(f"{home}/invitations/{shown['id']}").status_code == 404
        assert stranger.post(f"/api/v1/invitations/{token}/join").status_code == 404


class TestAdministrators:
    @pytest.fixture
    def admin(self, owner: TestClient, sign_in: Callable[..., TestClient]) -> TestClient:
        return sign_in("Ada", is_admin=True)

    def test_they_see_whose_a_project_is_and_nothing_in_it(
        self, admin: TestClient, home: str, project: dict[str, Any]
    ) -> None:
        (shown,) = admin.get("/api/v1/installation/projects").json()
        assert (shown["name"], shown["owners"], shown["members"], shown["is_member"]) == ("Pastries", ["Ana"], 1, False)
        for path in ("", "/images", "/members", "/status", "/events", "/classes"):
            assert admin.get(f"{home}{path}").status_code == 404
        assert admin.get("/api/v1/projects").json() == []

    def test_they_become_owners_for_a_reason_that_is_kept(
        self, admin: TestClient, home: str, project: dict[str, Any], services: AppServices
    ) -> None:
        address = f"/api/v1/installation/projects/{project['id']}/take-over"
        assert admin.post(address, json={"reason": "  "}).status_code == 422
        assert admin.post(address, json={"reason": "Ana has left"}).status_code == 200
        assert admin.get(home).json()["role"] == "owner"
        assert problem(admin.post(address, json={"reason": "Ana has left"})) == (409, "already-owner")
        with services.db.read() as session:
            entry = session.query(AuditEntry).filter_by(action="project.taken_over").one()
        assert (str(entry.actor_id), entry.details) == (me(admin), {"reason": "Ana has left"})

    def test_nobody_else_may(self, stranger: TestClient, project: dict[str, Any], home: str, join: Join) -> None:
        address = f"/api/v1/installation/projects/{project['id']}/take-over"
        for client in (stranger, join("Olga", "owner")):
            assert problem(client.post(address, json={"reason": "I want to"})) == (403, "admins-only")
            assert problem(client.get("/api/v1/installation/projects")) == (403, "admins-only")


def test_every_change_of_a_role_is_in_the_audit_trail(
    owner: TestClient, home: str, project: dict[str, Any], join: Join, services: AppServices
) -> None:
    annotator = join("Anna", "annotator")
    give(owner, home, me(annotator), "reviewer")
    give(owner, home, me(annotator), "reviewer")  # No change: no entry.
    owner.delete(f"{home}/members/{me(annotator)}")
    with services.db.read() as session:
        query = session.query(AuditEntry).filter(AuditEntry.project_id == UUID(project["id"]))
        entries = query.filter(AuditEntry.action.like("member.%")).order_by(AuditEntry.id).all()
    told = [(entry.action, (entry.before or {}).get("role"), (entry.after or {}).get("role")) for entry in entries]
    assert told == [
        ("member.added", None, "owner"),
        ("member.added", None, "annotator"),
        ("member.role_changed", "annotator", "reviewer"),
        ("member.removed", "reviewer", None),
    ]
    assert {str(entry.actor_id) for entry in entries} == {me(owner)}
