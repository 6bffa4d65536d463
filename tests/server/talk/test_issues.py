"""Issues over HTTP: pins, threads, mentions, settling, whose words are whose, lists, counts, webhooks and live news."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from modelyard.server.projects import live
from modelyard.server.services import AppServices
from modelyard.server.tables import AuditEntry, Image, WebhookDelivery
from tests.factories.images import add_images
from tests.server.members import Join, Member, join

NASTY = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) =HYPERLINK(0)"


@pytest.fixture
def member(app: FastAPI, services: AppServices, project: dict[str, Any]) -> Join:
    return partial(join, app, services, project["id"])


@pytest.fixture
def ben(member: Join) -> Member:
    return member("Ben")


@pytest.fixture
def images(services: AppServices, project: dict[str, Any]) -> list[UUID]:
    with services.db.write() as session:
        return add_images(session, UUID(project["id"]), 2)


@pytest.fixture
def pin(images: list[UUID]) -> Callable[..., Response]:
    """Return a function that opens an issue on the first image."""

    def pin_(client: TestClient, text: str = "Is this a bun?", **body: Any) -> Response:
        return client.post(f"/api/v1/images/{images[0]}/issues", json={"text": text, **body})

    return pin_


def problem(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def told(client: TestClient) -> list[tuple[str, str]]:
    rows = client.get("/api/v1/me/notifications").json()["items"]
    return [(row["kind"], row["text"]) for row in rows]


def test_a_thread_from_opening_to_resolving(
    ben: Member, member: Join, pin: Callable[..., Response], services: AppServices, project: dict[str, Any]
) -> None:
    eve, zoe = member("Eve"), member("Zoe", "viewer")
    issue = pin(ben, "Is this a bun? @Eve", x=3, y=2, mentions=[str(eve.user_id)]).json()
    assert (issue["x"], issue["y"], issue["state"], issue["author_name"]) == (3, 2, "open", "Ben")
    assert issue["comments"][0]["mentions"] == [{"user_id": str(eve.user_id), "name": "Eve"}]
    name = issue["image_name"]
    assert told(eve) == [("mention", f"Ben mentioned you on “{name}”: “Is this a bun? @Eve”")]
    address = f"/api/v1/issues/{issue['id']}"
    answered = eve.post(f"{address}/comments", json={"text": "Yes,\nwith sesame."}).json()
    assert [comment["text"] for comment in answered["comments"]] == ["Is this a bun? @Eve", "Yes,\nwith sesame."]
    assert told(ben) == [("reply", f"Eve wrote on “{name}”: “Yes, with sesame.”")]
    resolved = eve.patch(address, json={"state": "resolved"}).json()
    assert (resolved["state"], resolved["resolved_by_name"]) == ("resolved", "Eve")
    assert told(ben)[0] == ("issue_resolved", f"Eve resolved the issue on “{name}”.")
    assert eve.patch(address, json={"state": "resolved"}).json()["resolved_at"] == resolved["resolved_at"]
    assert ben.patch(address, json={"state": "open"}).json()["resolved_at"] is None
    assert zoe.get(address).json()["state"] == "open"
    assert problem(zoe.post(f"{address}/comments", json={"text": "No."})) == (403, "role-missing")
    with services.db.read() as session:
        actions = session.query(AuditEntry.action).filter(AuditEntry.action.startswith("issue.")).all()
    assert sorted(row[0] for row in actions) == ["issue.opened", "issue.reopened", "issue.resolved"]


def test_a_pin_lies_on_the_image(ben: Member, pin: Callable[..., Response], services: AppServices) -> None:
    with services.db.read() as session:
        image = session.query(Image).first()
        assert image is not None
        width, height = image.width, image.height
    assert pin(ben, x=0, y=0).status_code == pin(ben, x=width, y=height).status_code == 201
    refused = pin(ben, x=width + 0.5, y=1)
    assert problem(refused) == (422, "pin-outside") and f"{width} by {height}" in refused.json()["detail"]
    for place in ({"x": -1, "y": 0}, {"x": 1}, {"x": 1e300, "y": 1}, {"x": "NaN", "y": 1}):
        assert problem(pin(ben, **place)) == (422, "request-invalid")
    whole = pin(ben).json()
    assert (whole["x"], whole["y"]) == (None, None)


def test_texts_stay_as_they_are_and_have_an_end(ben: Member, pin: Callable[..., Response]) -> None:
    assert pin(ben, NASTY).json()["comments"][0]["text"] == NASTY
    assert pin(ben, "x" * 4000).status_code == 201
    for text in ("x" * 4001, "   ", "a\0b"):
        assert problem(pin(ben, text)) == (422, "request-invalid")


def test_only_members_are_mentioned(
    ben: Member, pin: Callable[..., Response], app: FastAPI, services: AppServices, owner: TestClient
) -> None:
    sam = join(app, services, None, "Sam")
    refused = pin(ben, mentions=[str(sam.user_id)])
    assert problem(refused) == (422, "mention-unknown") and told(sam) == []
    issue = pin(ben).json()
    assert problem(
        ben.post(f"/api/v1/issues/{issue['id']}/comments", json={"text": "x", "mentions": [issue["id"]]})
    ) == (
        422,
        "mention-unknown",
    )
    assert problem(sam.get(f"/api/v1/issues/{issue['id']}")) == (404, "issue-not-found")
    assert len(ben.get(f"/api/v1/issues/{issue['id']}").json()["comments"]) == 1


def test_what_one_said_is_ones_own(ben: Member, member: Join, pin: Callable[..., Response], owner: TestClient) -> None:
    eve = member("Eve")
    issue = pin(ben, "Bun?").json()
    answered = eve.post(f"/api/v1/issues/{issue['id']}/comments", json={"text": "Yes."}).json()
    first, second = (f"/api/v1/comments/{comment['id']}" for comment in answered["comments"])
    assert problem(eve.patch(first, json={"text": "No."})) == (403, "not-yours")
    assert problem(eve.delete(first)) == (403, "not-yours")
    assert problem(ben.delete(f"/api/v1/issues/{issue['id']}")) == (403, "not-yours")  # Eve wrote in it.
    edited = ben.patch(first, json={"text": "Bagel? @Eve", "mentions": [str(eve.user_id)]}).json()["comments"][0]
    assert edited["text"] == "Bagel? @Eve" and edited["edited_at"]
    assert [kind for kind, _ in told(eve)] == ["mention"]
    ben.patch(first, json={"text": "Bagel?? @Eve", "mentions": [str(eve.user_id)]})
    assert eve.get("/api/v1/me/notifications").json()["items"][0]["count"] == 1  # Told once of one mention.
    gone = eve.delete(second).json()["comments"][1]
    assert (gone["is_deleted"], gone["text"]) == (True, "")
    assert problem(eve.delete(second)) == (404, "comment-not-found")
    assert owner.delete(first).status_code == 200
    assert owner.delete(f"/api/v1/issues/{issue['id']}").status_code == 204
    assert problem(ben.get(f"/api/v1/issues/{issue['id']}")) == (404, "issue-not-found")
    own = pin(ben).json()
    assert ben.delete(f"/api/v1/issues/{own['id']}").status_code == 204


def test_lists_and_counts(
    ben: Member, member: Join, pin: Callable[..., Response], images: list[UUID], project: dict[str, Any]
) -> None:
    eve = member("Eve")
    home = f"/api/v1/projects/{project['id']}"
    first = pin(ben, "Burnt?", x=1, y=1).json()
    second = eve.post(f"/api/v1/images/{images[1]}/issues", json={"text": "100% bun"}).json()
    third = pin(eve, "Two of them @Ben", mentions=[str(ben.user_id)]).json()
    ben.patch(f"/api/v1/issues/{first['id']}", json={"state": "resolved"})

    def listed(**params: Any) -> list[str]:
        items = ben.get(f"{home}/issues", params=params).json()["items"]
        return [item["id"] for item in items]

    assert listed() == [third["id"], second["id"]]
    assert listed(state="all") == [first["id"], third["id"], second["id"]]
    assert listed(state="resolved") == [first["id"]]
    assert listed(mine=True, state="all") == [first["id"], third["id"]]
    assert listed(text="100%") == [second["id"]] and listed(text="%") == [second["id"]]
    page = ben.get(f"{home}/issues", params={"limit": 1}).json()
    assert (
        ben.get(f"{home}/issues", params={"limit": 1, "cursor": page["next_cursor"]}).json()["items"][0]["id"]
        == second["id"]
    )
    assert [row["id"] for row in ben.get(f"/api/v1/images/{images[0]}/issues").json()] == [first["id"], third["id"]]
    assert ben.get(f"{home}/status").json()["open_issues"] == 2
    assert ben.get(f"{home}/images/counts").json()["facets"]["open_issues"] == 2
    eve.patch(f"/api/v1/issues/{second['id']}", json={"state": "resolved"})
    for wanted, image_id in ((True, images[0]), (False, images[1])):
        found = ben.get(f"{home}/images", params={"has_open_issue": wanted}).json()["items"]
        assert [row["id"] for row in found] == [str(image_id)]


def test_issues_of_a_deleted_image_wait_with_it(
    owner: TestClient, pin: Callable[..., Response], images: list[UUID], project: dict[str, Any]
) -> None:
    home = f"/api/v1/projects/{project['id']}"
    pin(owner)
    owner.request("DELETE", f"{home}/images", json={"ids": [str(images[0])]})
    assert owner.get(f"{home}/issues").json()["items"] == []
    assert owner.get(f"{home}/status").json()["open_issues"] == 0
    owner.post(f"{home}/images/restore", json={"ids": [str(images[0])]})
    assert len(owner.get(f"{home}/issues").json()["items"]) == 1


def test_webhooks_and_open_pages_hear_of_it(
    owner: TestClient, pin: Callable[..., Response], services: AppServices, project: dict[str, Any], app: FastAPI
) -> None:
    from modelyard.server.accounts.actor import ALL_SCOPES, Actor

    user = owner.get("/api/v1/session").json()["user"]
    actor = Actor(UUID(user["id"]), user["name"], is_admin=True, scopes=ALL_SCOPES, via="cookie", wants="view")
    look = live.watcher(services.db, actor, UUID(project["id"]))
    look()
    hook = {"url": "https://a.example", "event_types": ["issue.opened", "issue.resolved"]}
    assert owner.post(f"/api/v1/projects/{project['id']}/webhooks", json=hook).status_code == 201
    issue = pin(owner, "Bun?", x=2, y=1).json()
    assert look()[0] == [("change", {"topics": ["issues"]})]
    owner.patch(f"/api/v1/issues/{issue['id']}", json={"state": "resolved"})
    assert look()[0] == [("change", {"topics": ["issues"]})]
    with services.db.read() as session:
        bodies = [row.body for row in session.query(WebhookDelivery).order_by(WebhookDelivery.id)]
    assert len(bodies) == 2 and '"issue.opened"' in bodies[0] and '"Bun?"' in bodies[0]
    assert '"issue.resolved"' in bodies[1] and issue["id"] in bodies[1]
