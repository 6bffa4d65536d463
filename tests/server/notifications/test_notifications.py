"""Notifications: who is told and who is not, the list and its count, reading, settings, and whoever leaves."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from modelyard.server.notifications.kinds import KIND_TABLE, KINDS
from modelyard.server.notifications.service import notify
from modelyard.server.services import AppServices
from tests.server.members import Join, Member, join

Tell = Callable[..., list[UUID]]


@pytest.fixture
def member(app: FastAPI, services: AppServices, project: dict[str, Any]) -> Join:
    return partial(join, app, services, project["id"])


@pytest.fixture
def tell(services: AppServices, project: dict[str, Any]) -> Tell:
    """Return a function that tells people something."""

    def tell_(
        *people: Any, kind: Any = "mention", text: str = "Look here.", path: str = "/projects", **more: Any
    ) -> Any:
        with services.db.write() as session:
            ids = [person.user_id if isinstance(person, Member) else person for person in people]
            return notify(session, kind, ids, project_id=UUID(project["id"]), text=text, path=path, **more)

    return tell_


def listed(client: TestClient, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/api/v1/me/notifications", params=params).json()["items"]
    return items


def unread(client: TestClient) -> int:
    return int(client.get("/api/v1/me/notifications/count").json()["unread"])


def test_members_are_told_and_nobody_else(member: Join, tell: Tell, app: FastAPI, services: AppServices) -> None:
    ben, eve = member("Ben"), member("Eve", "viewer")
    outside = join(app, services, None, "Sam")
    gone = member("Gus")
    with services.db.write() as session:
        session.execute(_close(gone.user_id))
    told = tell(ben, ben, eve, outside, gone, None, actor_id=eve.user_id)
    assert told == [ben.user_id]
    (row,) = listed(ben)
    assert (row["text"], row["actor_name"], row["project"], row["read_at"]) == ("Look here.", "Eve", "Pastries", None)
    assert (unread(ben), unread(eve), listed(outside)) == (1, 0, [])


def test_what_repeats_before_it_is_read_is_counted(member: Join, tell: Tell) -> None:
    ben = member("Ben")
    for text in ("First.", "Second."):
        tell(ben, text=text, path="/projects/1")
    tell(ben, path="/projects/2")
    rows = listed(ben)
    assert [(row["path"], row["count"]) for row in rows] == [("/projects/2", 1), ("/projects/1", 2)]
    assert rows[1]["text"] == "Second."
    answer = ben.post("/api/v1/me/notifications/read", json={"ids": [rows[1]["id"]]})
    assert answer.json() == {"unread": 1}
    tell(ben, path="/projects/1")
    assert (listed(ben)[0]["path"], listed(ben)[0]["count"]) == ("/projects/1", 1)
    assert len(listed(ben, unread=True)) == 2
    again = {"ids": [rows[1]["id"]], "is_read": False}
    assert ben.post("/api/v1/me/notifications/read", json=again).json() == {"unread": 3}
    assert ben.post("/api/v1/me/notifications/read", json={}).json() == {"unread": 0}
    assert ben.post("/api/v1/me/notifications/read", json={"is_read": False}).status_code == 422


def test_pages_and_the_notifications_of_others(member: Join, tell: Tell) -> None:
    ben, eve = member("Ben"), member("Eve")
    for number in range(5):
        tell(ben, path=f"/projects/{number}")
    page = ben.get("/api/v1/me/notifications", params={"limit": 3}).json()
    rest = ben.get("/api/v1/me/notifications", params={"limit": 3, "cursor": page["next_cursor"]}).json()
    paths = [row["path"] for row in page["items"] + rest["items"]]
    assert paths == [f"/projects/{number}" for number in (4, 3, 2, 1, 0)] and rest["next_cursor"] is None
    eve.post("/api/v1/me/notifications/read", json={"ids": [row["id"] for row in page["items"]]})
    assert unread(ben) == 5


def test_texts_become_one_plain_line(member: Join, tell: Tell) -> None:
    ben = member("Ben")
    tell(ben, text="One\r\nBcc: all@bakery.example\x1b[31m\u202e  two " + "x" * 900)
    (row,) = listed(ben)
    assert row["text"].startswith("One Bcc: all@bakery.example [31m two xxx") and len(row["text"]) == 500


def test_a_kind_can_be_switched_off(member: Join, tell: Tell) -> None:
    ben = member("Ben")
    settings = ben.get("/api/v1/me/notification-settings").json()
    assert [row["kind"] for row in settings["kinds"]] == list(KINDS)
    assert all(row["bell"] and row["mail"] == KIND_TABLE[row["kind"]].mails for row in settings["kinds"])
    assert (settings["sends_mail"], settings["address"]) == (False, "ben@bakery.example")
    body = {"kinds": [{"kind": "mention", "bell": False, "mail": False}]}
    changed = ben.put("/api/v1/me/notification-settings", json=body).json()
    assert [row["kind"] for row in changed["kinds"] if not row["bell"]] == ["mention"]
    assert tell(ben) == [] and tell(ben, kind="reply") == [ben.user_id]
    assert ben.put("/api/v1/me/notification-settings", json={"kinds": [{"kind": "x"}]}).status_code == 422


def test_whoever_leaves_a_project_sees_nothing_of_it(
    member: Join, tell: Tell, owner: TestClient, project: dict[str, Any]
) -> None:
    ben = member("Ben")
    tell(ben)
    assert owner.delete(f"/api/v1/projects/{project['id']}/members/{ben.user_id}").is_success
    assert (unread(ben), listed(ben)) == (0, [])


def test_whoever_a_batch_is_meant_for_is_told(
    member: Join, owner: TestClient, project: dict[str, Any], services: AppServices
) -> None:
    from tests.factories.images import add_images

    ben, eve = member("Ben"), member("Eve")
    with services.db.write() as session:
        ids = add_images(session, UUID(project["id"]), 2)
    pictures = {"kind": "ids", "image_ids": [str(id_) for id_ in ids]}
    body = {"name": "First", "pictures": pictures, "people": [str(ben.user_id)], "deadline": "2030-01-31T12:00:00Z"}
    made = owner.post(f"/api/v1/projects/{project['id']}/batches", json=body).json()["batch"]
    (row,) = listed(ben)
    assert (row["kind"], row["actor_name"]) == ("batch_assigned", "Ana")
    assert row["text"] == "The batch “First” waits for you, to be done by 31 January 2030."
    assert row["path"] == f"/projects/{project['id']}/batches/{made['id']}"
    owner.patch(f"/api/v1/batches/{made['id']}", json={"people": [str(ben.user_id), str(eve.user_id)]})
    assert (unread(ben), unread(eve)) == (1, 1)


def test_whose_work_is_sent_back_is_told_why(member: Join, project: dict[str, Any], services: AppServices) -> None:
    from modelyard.server.events import ReviewDecided
    from modelyard.server.kit.events import publish
    from modelyard.server.tables import Batch, Review
    from tests.factories.images import add_images

    ben, eve = member("Ben"), member("Eve", "reviewer")
    project_id = UUID(project["id"])
    with services.db.write() as session:
        (image_id,) = add_images(session, project_id, 1, name="bun.jpg")
        batch = Batch(project_id=project_id, name="First")
        session.add(batch)
        session.flush()
        facts = {"project_id": project_id, "batch_id": batch.id, "image_id": image_id, "author_id": ben.user_id}
        review = Review(**facts, revision=1, reason="The crumbs are missing.", returned_to="author")
        session.add(review)
        session.flush()
        for verdict in ("accepted", "rejected", "rejected-undone"):
            publish(session, ReviewDecided(project_id, review.id, verdict, eve.user_id))
    (row,) = listed(ben)
    assert row["text"] == "Eve sent back to you: “bun.jpg” in the batch “First”: The crumbs are missing."
    assert (row["kind"], row["path"]) == ("sent_back", f"/projects/{project_id}/label?batch={batch.id}")
    assert listed(eve) == []


def _close(user_id: UUID) -> Any:
    from sqlalchemy import update

    from modelyard.server.tables import User, now

    return update(User).where(User.id == user_id).values(disabled_at=now())
