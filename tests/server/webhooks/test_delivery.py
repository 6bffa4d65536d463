"""Deliveries: in the transaction of what they tell, tried again by the schedule, gathered, replayed."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from modelyard.server.events import AnnotationsChanged, BatchClosed, MemberChanged
from modelyard.server.kit.events import publish
from modelyard.server.tables import Batch, Image, WebhookChange, WebhookDelivery, now
from modelyard.server.webhooks.courier import GATHER, IMAGES_TOLD, LEASE, Courier
from modelyard.server.webhooks.retries import DELAYS
from modelyard.server.webhooks.types import EVENT_TYPES
from tests.factories.images import add_images
from tests.factories.pictures import picture
from tests.server.receiver import Answer
from tests.server.webhooks.conftest import Post


def happen(post: Post) -> None:
    post.tell(MemberChanged(post.key, uuid4(), may_label=False))


class TestRetries:
    def test_by_the_schedule_until_it_succeeds(self, post: Post) -> None:
        hook = post.hook("member.changed")
        post.receiver.answers = [Answer(500, body=b"oh no"), Answer(503), Answer(302), Answer(200)]
        happen(post)
        for delay in DELAYS[:3]:
            assert post.deliver() == 1
            assert post.deliver() == 0
            (row,) = post.log(hook)
            assert row["state"] == "waiting" and post.shown(hook)["failing_since"]
            post.clock.move(seconds=delay.total_seconds() - 1)
            assert post.deliver() == 0
            post.clock.move(seconds=1)
        assert post.deliver() == 1
        (row,) = post.log(hook)
        assert (row["state"], row["tries"], row["next_try_at"]) == ("delivered", 4, None)
        assert [each["status"] for each in row["attempts"]] == [500, 503, 302, 200]
        assert row["attempts"][0]["reply"] == "oh no" and "Redirects" in row["attempts"][2]["error"]
        assert post.shown(hook)["failing_since"] is None
        assert len({message.headers["webhook-id"] for message in post.receiver.messages}) == 1
        assert len({message.headers["webhook-timestamp"] for message in post.receiver.messages}) == 4
        assert len({message.body for message in post.receiver.messages}) == 1

    def test_given_up_after_ten_attempts_and_replayed_under_the_same_id(self, post: Post) -> None:
        hook = post.hook("member.changed")
        post.receiver.answers = [Answer(500) for _ in range(10)]
        happen(post)
        for delay in (*DELAYS, timedelta(days=1)):
            assert post.deliver() == 1
            post.clock.move(seconds=delay.total_seconds())
        (row,) = post.log(hook)
        assert (row["state"], row["tries"], post.shown(hook)["is_active"]) == ("failed", 10, True)
        assert post.deliver() == 0
        replayed = post.send("POST", f"webhooks/{hook['id']}/deliveries/{row['id']}/replay")
        assert (replayed["state"], replayed["tries"]) == ("waiting", 0)
        assert post.deliver() == 1
        (row,) = post.log(hook)
        assert row["state"] == "delivered" and len(row["attempts"]) == 11
        assert len({message.headers["webhook-id"] for message in post.receiver.messages}) == 1

    def test_switched_off_with_a_reason_after_days_of_failure(self, post: Post) -> None:
        hook = post.hook("member.changed")
        post.receiver.answers = [Answer(500) for _ in range(20)]
        happen(post)
        post.deliver()
        post.clock.move(days=5)
        happen(post)
        post.deliver()
        shown = post.shown(hook)
        assert not shown["is_active"] and "5 days" in shown["stopped_because"] and shown["stopped_at"]
        assert {row["state"] for row in post.log(hook)} == {"failed"}
        happen(post)
        assert len(post.log(hook)) == 2 and post.deliver() == 0
        again = post.send("PATCH", f"webhooks/{hook['id']}", json={"is_active": True})
        assert (again["stopped_because"], again["stopped_at"], again["failing_since"]) == ("", None, None)

    def test_410_switches_off_at_once(self, post: Post) -> None:
        hook = post.hook("member.changed")
        post.receiver.answers = [Answer(410)]
        happen(post)
        happen(post)
        assert post.deliver() == 1
        assert not post.shown(hook)["is_active"] and "410" in post.shown(hook)["stopped_because"]
        assert [row["state"] for row in post.log(hook)] == ["failed", "failed"]

    def test_a_receiver_that_asks_for_time_gets_it(self, post: Post) -> None:
        post.hook("member.changed")
        post.receiver.answers = [Answer(429, {"Retry-After": "3600"})]
        happen(post)
        assert post.deliver() == 1
        post.clock.move(seconds=3599)
        assert post.deliver() == 0
        post.clock.move(seconds=1)
        assert post.deliver() == 1

    def test_a_worker_that_dies_in_the_middle_is_followed_by_another(self, post: Post) -> None:
        class Died(BaseException):
            pass

        class Dying(Courier):
            def _attempt(self, *_: Any) -> Any:
                raise Died

        hook = post.hook("member.changed")
        happen(post)
        with pytest.raises(Died):
            Dying(post.services, clock=post.clock).step()
        assert post.deliver() == 0
        post.clock.move(seconds=LEASE.total_seconds())
        assert post.deliver() == 1
        assert post.log(hook)[0]["state"] == "delivered"

    def test_one_that_does_not_answer_holds_up_no_other(self, post: Post) -> None:
        slow, quick = post.hook("member.changed"), post.hook("member.changed")
        for _ in range(3):
            happen(post)
        seen: list[str] = []

        class Watching(Courier):
            def _attempt(self, delivery: Any, hook: Any, at: Any) -> Any:
                seen.append(str(hook.id))
                if str(hook.id) == slow["id"]:
                    while post.courier.step():  # What another thread does while this one waits for an answer.
                        pass
                return super()._attempt(delivery, hook, at)

        assert Watching(post.services, clock=post.clock).step()
        states = [row["state"] for row in post.log(quick)]
        assert seen == [slow["id"]] and states == ["delivered"] * 3
        assert [row["state"] for row in post.log(slow)] == ["waiting", "waiting", "delivered"]


class TestTransactions:
    def test_what_is_rolled_back_is_not_told(self, post: Post) -> None:
        hook = post.hook("member.changed", "annotations.changed")
        with pytest.raises(ZeroDivisionError), post.services.db.write() as session:
            publish(session, MemberChanged(post.key, uuid4(), may_label=False))
            publish(session, AnnotationsChanged(post.key, [uuid4()]))
            raise ZeroDivisionError
        assert post.log(hook) == [] and post.deliver() == 0

    def test_every_listener_of_the_project_and_nobody_else(self, post: Post) -> None:
        first, second, third = post.hook("member.changed"), post.hook("member.changed"), post.hook()
        happen(post)
        assert post.deliver() == 2
        assert [len(post.log(hook)) for hook in (first, second, third)] == [1, 1, 0]
        other = post.send("POST", "projects", json={"name": "Other", "task": "classification", "classes": []})
        post.tell(MemberChanged(UUID(other["id"]), uuid4(), may_label=False))
        assert post.deliver() == 0


class TestAnnotations:
    @pytest.fixture
    def images(self, post: Post) -> list[UUID]:
        with post.services.db.write() as session:
            return add_images(session, post.key, 30)

    def label(self, post: Post, image_id: UUID, name: str = "croissant", revision: int = 0) -> None:
        classes = {row["name"]: row["id"] for row in post.send("GET", f"projects/{post.project_id}/classes")}
        body, headers = {"answer": "class", "class_id": classes[name]}, {"If-Match": str(revision)}
        post.send("PUT", f"images/{image_id}/annotation", json=body, headers=headers)

    def test_saves_of_ten_seconds_are_told_together(self, post: Post, images: list[UUID]) -> None:
        hook = post.hook("annotations.changed")
        post.clock.at = now()
        for image_id in images:
            self.label(post, image_id)
        self.label(post, images[0], "bagel", revision=1)
        assert post.deliver() == 0
        post.clock.move(seconds=60 + GATHER.total_seconds())
        assert post.deliver() == 1
        told = json.loads(post.receiver.messages[0].body)["data"]["annotations"]
        assert {row["image_id"] for row in told} == {str(image_id) for image_id in images} and len(told) == 30
        assert (told[0]["class"], told[0]["revision"], told[1]["class"]) == ("bagel", 2, "croissant")
        assert told[0]["author_id"] and told[0]["source"] == "human"
        assert post.deliver() == 0 and len(post.log(hook)) == 1

    def test_nobody_listens_nothing_is_written(self, post: Post, images: list[UUID]) -> None:
        post.hook("version.frozen")
        self.label(post, images[0])
        with post.services.db.read() as session:
            assert session.scalar(select(func.count()).select_from(WebhookChange)) == 0

    def test_what_nobody_wants_any_more_goes(self, post: Post, images: list[UUID]) -> None:
        hook = post.hook("annotations.changed")
        self.label(post, images[0])
        post.send("PATCH", f"webhooks/{hook['id']}", json={"is_active": False})
        assert post.deliver() == 0
        with post.services.db.read() as session:
            assert session.scalar(select(func.count()).select_from(WebhookChange)) == 0

    def test_a_large_step_is_told_in_portions(self, post: Post) -> None:
        post.hook("annotations.changed")
        with post.services.db.write() as session:
            ids = add_images(session, post.key, 2 * IMAGES_TOLD + 1)
        classes = post.send("GET", f"projects/{post.project_id}/classes")
        for start in range(0, len(ids), 1000):
            part = [str(image_id) for image_id in ids[start : start + 1000]]
            body = {"image_ids": part, "answer": "class", "class_id": classes[0]["id"]}
            post.send("POST", f"projects/{post.project_id}/annotations/bulk", json=body)
        assert post.deliver() == 3
        told = [json.loads(message.body)["data"]["annotations"] for message in post.receiver.messages]
        assert sorted(map(len, told)) == [1, IMAGES_TOLD, IMAGES_TOLD]


class TestWhatIsTold:
    def test_members(self, post: Post, sign_in: Callable[..., TestClient]) -> None:
        post.hook("member.changed")
        sign_in("Ben")
        path = f"projects/{post.project_id}/members"
        user = post.send("POST", path, json={"email": "ben@bakery.example", "role": "annotator"})["user_id"]
        post.send("PATCH", f"{path}/{user}", json={"role": "reviewer"})
        post.send("DELETE", f"{path}/{user}")
        post.deliver()
        told = [json.loads(message.body)["data"] for message in post.receiver.messages]
        assert [(row["name"], row["role"]) for row in told] == [
            ("Ben", "annotator"),
            ("Ben", "reviewer"),
            ("Ben", None),
        ]

    def test_batches(self, post: Post) -> None:
        post.hook("batch.closed")
        with post.services.db.write() as session:
            batch = Batch(project_id=post.key, name="Monday", closed_at=now())
            session.add(batch)
            session.flush()
            publish(session, BatchClosed(post.key, batch.id))
        assert post.deliver() == 1
        assert json.loads(post.receiver.messages[0].body)["data"]["name"] == "Monday"

    def test_exports(self, post: Post, run_jobs: Callable[[], int]) -> None:
        post.hook("export.finished")
        with post.services.db.write() as session:
            add_images(session, post.key, 2)
        job = post.send("POST", f"projects/{post.project_id}/exports", json={"format": "csv", "with_pictures": False})
        run_jobs()
        told = json.loads(post.receiver.messages[0].body)["data"]
        assert (told["job_id"], told["state"], told["format"]) == (job["id"], "succeeded", "csv")
        assert "blob" not in told

    def test_no_message_holds_bytes_of_a_picture(self, post: Post, run_jobs: Callable[[], int]) -> None:
        post.hook(*EVENT_TYPES)
        address = f"/api/v1/projects/{post.project_id}/images"
        post.client.post(address, params={"name": "one.jpg"}, content=picture())
        run_jobs()
        post.deliver()
        with post.services.db.read() as session:
            assert session.scalar(select(func.count()).select_from(Image)) == 1
            longest = session.scalar(select(func.max(func.length(WebhookDelivery.body)))) or 0
        assert longest < 2000
