"""Webhooks as managers see them: secrets shown once, changed with both valid, addresses refused, the log, tests."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from modelyard.server.events import MemberChanged
from modelyard.server.tables import AuditEntry, now
from modelyard.server.webhooks import repository
from modelyard.server.webhooks.types import EVENT_TYPES
from tests.server.receiver import Answer
from tests.server.webhooks.conftest import Post


def test_a_secret_is_shown_once(post: Post) -> None:
    hook = post.hook("version.frozen", "model.registered", description="The till")
    assert hook["secret"].startswith("whsec_") and len(hook["secret"]) == 50
    listed = post.client.get(f"/api/v1/projects/{post.project_id}/webhooks").text
    assert hook["secret"] not in listed and "The till" in listed
    assert [row["name"] for row in post.send("GET", "webhook-types")] == list(EVENT_TYPES)


def test_a_test_event_arrives_signed(post: Post) -> None:
    hook = post.hook()
    post.receiver.answers = [Answer(200, body=b"thank you")]
    asked = post.send("POST", f"webhooks/{hook['id']}/test")
    post.clock.at = now()
    assert post.deliver() == 1
    message = post.receiver.messages[0]
    body = Verifier(hook["secret"]).verify(message.body, message.headers)
    assert (body["type"], body["data"]["project"], message.path) == ("webhook.test", "Pastries", "/in?key=1")
    assert message.headers["content-type"] == "application/json"
    assert message.headers["webhook-id"] == asked["message_id"]
    with pytest.raises(WebhookVerificationError):
        Verifier(post.hook()["secret"]).verify(message.body, message.headers)
    (row,) = post.log(hook)
    attempt = row["attempts"][0]
    assert (row["state"], row["event_type"], attempt["status"]) == ("delivered", "webhook.test", 200)
    assert attempt["reply"] == "thank you" and attempt["duration_ms"] >= 0
    shown = post.send("GET", f"webhooks/{hook['id']}/deliveries/{row['id']}")
    assert shown["body"].encode() == message.body


def test_both_secrets_sign_for_a_day(post: Post) -> None:
    hook = post.hook()
    changed = post.send("POST", f"webhooks/{hook['id']}/rotate-secret")
    assert changed["secret"] != hook["secret"] and changed["old_secret_until"]
    for _ in range(2):
        post.send("POST", f"webhooks/{hook['id']}/test")
    post.clock.at = now()
    assert post.courier.step()
    first = post.receiver.messages[0]
    for secret in (hook["secret"], changed["secret"]):
        assert Verifier(secret).verify(first.body, first.headers)
    assert first.headers["webhook-signature"].count("v1,") == 2
    post.clock.move(hours=25)
    post.deliver()
    assert post.receiver.messages[1].headers["webhook-signature"].count("v1,") == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://10.0.0.1/", "inside the network"),
        ("http://[::ffff:169.254.169.254]/latest", "inside the network"),
        ("ftp://hooks.bakery.example", "must begin with"),
        ("https://a:b@hooks.bakery.example", "name and password"),
    ],
)
def test_addresses_inside_are_refused_when_they_are_entered(post: Post, url: str, said: str) -> None:
    hook = post.hook()
    body = {"url": url, "event_types": ["version.frozen"]}
    made = post.client.post(f"/api/v1/projects/{post.project_id}/webhooks", json=body)
    changed = post.client.patch(f"/api/v1/webhooks/{hook['id']}", json={"url": url})
    for answer in (made, changed):
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/address-refused")
        assert said in answer.json()["detail"]
    assert post.shown(hook)["url"] == post.receiver.url


def test_http_takes_leave_of_an_administrator(post: Post) -> None:
    post.services.settings.outgoing_http = False
    body = {"url": "http://hooks.bakery.example/", "event_types": ["version.frozen"]}
    answer = post.client.post(f"/api/v1/projects/{post.project_id}/webhooks", json=body)
    assert answer.status_code == 422 and "begin with https://" in answer.json()["detail"]


def test_an_address_that_turns_inside_later_is_refused_when_it_is_called(post: Post) -> None:
    hook = post.hook()
    post.services.settings.outgoing_allowed = ""
    post.send("POST", f"webhooks/{hook['id']}/test")
    assert post.deliver() == 0
    (row,) = post.log(hook)
    assert row["state"] == "failed" and "inside the network" in row["attempts"][0]["error"]


def test_what_nobody_knows_is_refused(post: Post) -> None:
    for event_types in ([], ["everything"], ["webhook.test"]):
        body = {"url": post.receiver.url, "event_types": event_types}
        assert post.client.post(f"/api/v1/projects/{post.project_id}/webhooks", json=body).status_code == 422


def test_only_managers_see_webhooks(post: Post, sign_in: Callable[..., TestClient]) -> None:
    hook = post.hook()
    ben, eve = sign_in("Ben"), sign_in("Eve")
    members = f"projects/{post.project_id}/members"
    post.send("POST", members, json={"email": "ben@bakery.example", "role": "reviewer"})
    post.send("POST", members, json={"email": "eve@bakery.example", "role": "manager"})
    for path in (f"projects/{post.project_id}/webhooks", f"webhooks/{hook['id']}/deliveries"):
        assert ben.get(f"/api/v1/{path}").status_code == 403
        assert eve.get(f"/api/v1/{path}").status_code == 200


def test_twenty_of_a_project(post: Post) -> None:
    for _ in range(20):
        post.hook()
    body = {"url": post.receiver.url, "event_types": ["version.frozen"]}
    answer = post.client.post(f"/api/v1/projects/{post.project_id}/webhooks", json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/too-many-webhooks")


def test_switched_off_it_is_told_nothing_and_gives_up_what_waits(post: Post) -> None:
    hook = post.hook("member.changed")
    event = MemberChanged(post.key, uuid4(), may_label=False)
    post.tell(event)
    assert not post.send("PATCH", f"webhooks/{hook['id']}", json={"is_active": False})["is_active"]
    post.tell(event)
    assert post.deliver() == 0
    assert [row["state"] for row in post.log(hook)] == ["failed"]
    post.send("PATCH", f"webhooks/{hook['id']}", json={"is_active": True, "event_types": ["version.frozen"]})
    post.tell(event)
    assert post.deliver() == 0
    post.send("POST", f"webhooks/{hook['id']}/deliveries/{post.log(hook)[0]['id']}/replay")
    assert post.deliver() == 1


def test_deleted_with_its_log_while_something_waits(post: Post) -> None:
    hook = post.hook()
    post.send("POST", f"webhooks/{hook['id']}/test")
    post.send("DELETE", f"webhooks/{hook['id']}")
    assert post.deliver() == 0
    assert post.client.get(f"/api/v1/webhooks/{hook['id']}/deliveries").status_code == 404


def test_the_log_keeps_the_newest(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "KEPT", 5)
    hook = post.hook("member.changed")
    for _ in range(8):
        post.tell(MemberChanged(post.key, uuid4(), may_label=False))
    assert post.deliver() <= 8
    rows = post.log(hook, limit=3)
    assert len(rows) == 3 and len(post.log(hook)) == 5
    assert len(post.log(hook, state=["failed", "waiting"])) == 0


def test_a_delivery_under_way_is_not_replayed(post: Post) -> None:
    hook = post.hook()
    asked = post.send("POST", f"webhooks/{hook['id']}/test")
    path = f"/api/v1/webhooks/{hook['id']}/deliveries/{asked['id']}"
    assert post.client.post(f"{path}/replay").json()["type"] == "/problems/delivery-under-way"
    assert post.client.get(f"/api/v1/webhooks/{post.hook()['id']}/deliveries/{asked['id']}").status_code == 404


def test_changes_stand_in_the_audit_trail(post: Post) -> None:
    hook = post.hook()
    post.send("PATCH", f"webhooks/{hook['id']}", json={"description": "Other"})
    post.send("POST", f"webhooks/{hook['id']}/rotate-secret")
    post.send("DELETE", f"webhooks/{hook['id']}")
    with post.services.db.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("webhook.")))
        entries = [(row.action, [row.details, row.before, row.after]) for row in rows]
    assert [action for action, _ in entries] == [
        *("webhook.created", "webhook.changed", "webhook.secret_changed", "webhook.deleted")
    ]
    assert entries[1][1][1:] == [{"description": ""}, {"description": "Other"}]
    assert "whsec_" not in json.dumps([details for _, details in entries])


def test_timestamps_are_of_the_attempt(post: Post) -> None:
    hook = post.hook()
    post.send("POST", f"webhooks/{hook['id']}/test")
    post.clock.move(days=400)
    post.deliver()
    sent = int(post.receiver.messages[0].headers["webhook-timestamp"])
    assert abs(sent - post.clock.at.timestamp()) < timedelta(seconds=2).total_seconds()
