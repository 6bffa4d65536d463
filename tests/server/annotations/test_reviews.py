"""Reviews over HTTP: which pictures, to whom, what a decision makes of a label, and the way back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from modelyard.server.annotations.repository import reviews
from modelyard.server.annotations.service.review_sample import lot
from modelyard.server.services import AppServices
from modelyard.server.tables import AuditEntry, Suggestion
from tests.factories.images import add_images
from tests.server.annotations.boards import BOX

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Person:
    """One member of the project, and the requests of theirs."""

    def __init__(self, client: TestClient, project_id: str, classes: dict[str, str]) -> None:
        self.client, self.project_id, self.classes = client, project_id, classes
        self.id = client.get("/api/v1/session").json()["user"]["id"]

    def label(self, batch: dict[str, Any], image_id: object, name: str, revision: int = 0) -> Response:
        body = {"answer": name} if name not in self.classes else {"answer": "class", "class_id": self.classes[name]}
        address = f"/api/v1/images/{image_id}/annotation?batch_id={batch['id']}"
        return self.client.put(address, json=body, headers={"If-Match": str(revision)})

    def lent(self, **params: Any) -> dict[str, Any]:
        answer = self.client.get(f"/api/v1/projects/{self.project_id}/reviews/next", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def next(self, **params: Any) -> dict[str, Any]:
        (item,) = self.lent(**params)["items"]
        return item["detail"]

    def decide(self, review: dict[str, Any], verdict: str, **body: Any) -> Response:
        headers = {"If-Match": str(review["revision"])}
        address = f"/api/v1/reviews/{review['id']}/decision"
        return self.client.post(address, json={"verdict": verdict, **body}, headers=headers)

    def undo(self, review: dict[str, Any]) -> Response:
        return self.client.post(f"/api/v1/reviews/{review['id']}/undo")

    def queue(self, batch: dict[str, Any]) -> list[dict[str, Any]]:
        params = {"batch_id": batch["id"], "count": 8}
        return self.client.get(f"/api/v1/projects/{self.project_id}/queue/next", params=params).json()["items"]

    def annotation(self, image_id: object) -> dict[str, Any]:
        return self.client.get(f"/api/v1/images/{image_id}/annotation").json()

    def work(self) -> list[dict[str, Any]]:
        return self.client.get("/api/v1/me/work").json()


class Team:
    """A project with an owner, a reviewer and two who label; batches in it."""

    def __init__(self, services: AppServices, sign_in: Callable[..., TestClient], task: str = "classification") -> None:
        self.services = services
        owner = sign_in("Ana", is_admin=True)
        body = {"name": "Pastries", "task": task, "classes": ["croissant", "bagel"]}
        self.project = owner.post("/api/v1/projects", json=body).json()
        classes = owner.get(f"/api/v1/projects/{self.project['id']}/classes").json()
        named = {row["name"]: row["id"] for row in classes}
        self.ana = Person(owner, self.project["id"], named)
        self.rita, self.bo, self.cem = (
            self.join(sign_in(name), f"{name.lower()}@bakery.example", role, named)
            for name, role in (("Rita", "reviewer"), ("Bo", "annotator"), ("Cem", "annotator"))
        )

    def join(self, client: TestClient, email: str, role: str, classes: dict[str, str]) -> Person:
        body = {"email": email, "role": role}
        assert self.ana.client.post(f"/api/v1/projects/{self.project['id']}/members", json=body).status_code == 201
        return Person(client, self.project["id"], classes)

    def batch(self, count: int = 1, **body: Any) -> tuple[dict[str, Any], list[UUID]]:
        with self.services.db.write() as session:
            ids = add_images(session, UUID(self.project["id"]), count)
        pictures = {"kind": "ids", "image_ids": [str(id_) for id_ in ids]}
        body = {"name": "First", "pictures": pictures, "order": "upload", "review_share": 1, **body}
        answer = self.ana.client.post(f"/api/v1/projects/{self.project['id']}/batches", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["batch"], ids

    def change(self, batch: dict[str, Any], **body: Any) -> dict[str, Any]:
        return self.ana.client.patch(f"/api/v1/batches/{batch['id']}", json=body).json()


@pytest.fixture
def team(services: AppServices, sign_in: Callable[..., TestClient]) -> Team:
    return Team(services, sign_in)


def test_a25_a_label_is_accepted_sent_back_to_its_author_and_accepted_when_it_comes_again(team: Team) -> None:
    batch, (first, second) = team.batch(2)
    for image_id in (first, second):
        assert team.bo.label(batch, image_id, "bagel").status_code == 200
    assert [work["to_review"] for work in team.rita.work()] == [2]
    seen = team.rita.next()
    assert (seen["review"]["author_names"], seen["author"]["class_id"]) == (["Bo"], team.bo.classes["bagel"])
    assert team.rita.decide(seen["review"], "accepted", active_s=1.5).json()["state"] == "accepted"
    again = team.rita.decide(seen["review"], "accepted", active_s=1.5)
    assert again.status_code == 200, "The same request again is harmless."
    assert team.ana.decide(seen["review"], "rejected", reason="No").status_code == 409

    other = team.rita.next()["review"]
    assert team.rita.decide(other, "rejected", reason=" ").status_code == 422
    sent = team.rita.decide(other, "rejected", reason="It is round, but flaky.").json()
    assert (sent["state"], sent["returned_to"]) == ("rejected", "author")
    assert team.bo.annotation(second)["answer"] == "none"
    (work,) = team.bo.work()
    assert [(row["reason"], row["reviewer_name"]) for row in work["returned"]] == [("It is round, but flaky.", "Rita")]
    assert (work["left"], team.cem.work()) == (1, [])
    (told,) = team.bo.client.get("/api/v1/me/notifications").json()["items"]
    assert told["kind"] == "sent_back"
    assert "It is round" in told["text"]
    assert team.cem.queue(batch) == []
    (item,) = team.bo.queue(batch)
    assert item["reason"] == "Sent back: It is round, but flaky."
    assert (item["returned"]["class_id"], item["returned"]["reviewer_name"]) == (team.bo.classes["bagel"], "Rita")

    assert team.bo.label(batch, second, "croissant", revision=2).status_code == 200
    third = team.rita.next()
    assert third["review"]["is_again"]
    assert [past["reason"] for past in third["past"]] == ["It is round, but flaky."]
    assert team.rita.decide(third["review"], "accepted").status_code == 200
    shown = team.ana.client.get(f"/api/v1/batches/{batch['id']}").json()
    counts = {name: shown[name] for name in ("to_review", "accepted", "corrected", "rejected", "is_finished")}
    assert counts == {"to_review": 0, "accepted": 2, "corrected": 0, "rejected": 1, "is_finished": True}
    assert shown["reviewers"] == [{"user_id": team.rita.id, "name": "Rita", "decisions": 3}]
    with team.services.db.read() as session:
        entries = [row.action for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
        by_author = reviews.counts_by_author(session, UUID(team.project["id"]))
    assert [action for action in entries if action.startswith("review")] == [
        "review.accepted",
        "review.rejected",
        "review.accepted",
    ]
    assert by_author == {UUID(team.bo.id): reviews.ReviewCounts(waiting=0, accepted=2, corrected=0, rejected=1)}


def test_a_correction_keeps_the_authors_version_and_every_decision_can_be_taken_back(team: Team) -> None:
    batch, (image_id,) = team.batch()
    team.bo.label(batch, image_id, "bagel")
    review = team.rita.next()["review"]
    wrong = {"answer": "none"}
    assert team.rita.decide(review, "corrected", annotation=wrong).status_code == 422
    right = {"answer": "class", "class_id": team.rita.classes["croissant"]}
    assert team.rita.decide(review, "corrected", annotation=right).json()["state"] == "corrected"
    now_is = team.rita.annotation(image_id)
    assert (now_is["class_id"], now_is["author_id"]) == (team.rita.classes["croissant"], team.rita.id)
    shown = team.rita.client.get(f"/api/v1/reviews/{review['id']}").json()
    assert (shown["author"]["class_id"], shown["correction"]["class_id"]) == (
        team.rita.classes["bagel"],
        team.rita.classes["croissant"],
    )
    assert team.ana.undo(review).status_code == 409
    back = team.rita.undo(review).json()["detail"]["review"]
    assert (back["state"], team.rita.annotation(image_id)["author_id"]) == ("waiting", team.bo.id)
    assert team.rita.annotation(image_id)["class_id"] == team.rita.classes["bagel"]

    same = {"answer": "class", "class_id": team.rita.classes["bagel"]}
    assert team.rita.decide(back, "corrected", annotation=same).json()["state"] == "accepted"
    back = team.rita.undo(back).json()["detail"]["review"]
    assert team.rita.decide(back, "rejected", reason="Blurred", return_to="pool").json()["returned_to"] == "pool"
    assert team.rita.undo(back).json()["detail"]["review"]["state"] == "waiting"
    assert team.rita.annotation(image_id)["answer"] == "class"
    assert team.cem.queue(batch) == []
    back = team.rita.undo(back).json()["detail"]["review"]
    team.rita.decide(back, "rejected", reason="Blurred", return_to="pool")
    (item,) = team.cem.queue(batch)
    assert item["returned"]["class_id"] is None, "Only its author sees what was said before."
    late = team.rita.undo(back)
    assert late.status_code == 409
    assert "labelling this picture again" in late.json()["detail"]


def test_nobody_reviews_their_own_work_unless_the_project_says_so(team: Team) -> None:
    batch, (image_id,) = team.batch()
    team.rita.label(batch, image_id, "bagel")
    nothing = team.rita.lent()
    assert nothing["items"] == []
    assert "your own work" in nothing["notice"]
    assert team.rita.work() == []
    page = team.rita.client.get(f"/api/v1/batches/{batch['id']}/reviews", params={"state": "waiting"}).json()
    review = page["items"][0]["review"]
    refused = team.rita.decide(review, "accepted")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/own-work")
    for person in (team.bo, team.cem):
        assert person.client.get(f"/api/v1/reviews/{review['id']}").status_code == 403
    settings = {"settings": {"self_review": True}}
    team.ana.client.patch(f"/api/v1/projects/{team.project['id']}", json=settings)
    assert [work["to_review"] for work in team.rita.work()] == [1]
    assert team.rita.decide(team.rita.next()["review"], "accepted").status_code == 200


def test_a21_a22_two_reviewers_and_two_tabs_get_different_pictures_and_an_old_look_is_refused(team: Team) -> None:
    batch, ids = team.batch(3)
    for image_id in ids:
        team.bo.label(batch, image_id, "bagel")
    first, second, third = team.rita.next()["review"], team.rita.next()["review"], team.ana.next()["review"]
    assert {row["image_id"] for row in (first, second, third)} == {str(id_) for id_ in ids}
    assert team.ana.lent()["items"] == []
    assert team.ana.decide(first, "accepted").json()["type"] == "/problems/review-taken"
    team.bo.label(batch, ids[0], "croissant", revision=1)
    changed = team.rita.decide(first, "accepted")
    assert (changed.status_code, changed.json()["type"]) == (412, "/problems/label-changed")
    assert changed.json()["current"]["author"]["class_id"] == team.bo.classes["croissant"]
    assert team.rita.client.post(f"/api/v1/reviews/{second['id']}/skip").status_code == 204
    assert team.ana.next()["review"]["id"] == second["id"]


def test_shares_by_class_person_and_difference_can_be_changed_and_draw_the_same_lots(team: Team) -> None:
    batch, ids = team.batch(12, review_share=0)
    with team.services.db.write() as session:
        facts: dict[str, Any] = {"project_id": UUID(team.project["id"]), "class_id": UUID(team.bo.classes["croissant"])}
        session.add(Suggestion(image_id=ids[0], score=0.9, margin=0.8, version="quick-1", **facts))
    for place, image_id in enumerate(ids):
        person, name = (team.bo, "bagel") if place < 8 else (team.cem, "croissant")
        person.label(batch, image_id, name)

    def waiting(**changes: Any) -> set[str]:
        team.change(batch, **changes)
        address = f"/api/v1/batches/{batch['id']}/reviews"
        return {row["review"]["image_id"] for row in team.ana.client.get(address).json()["items"]}

    assert waiting() == set()
    for share in (0.5, 0.9, 0.5):
        drawn = {str(id_) for id_ in ids if lot(UUID(batch["id"]), id_) < share}
        assert waiting(review_share=share) == drawn, "A larger share only adds."
    assert waiting(review_share=0, review_by_class={team.bo.classes["croissant"]: 1}) == {str(id_) for id_ in ids[8:]}
    assert waiting(review_by_class={}, review_by_person={team.bo.id: 1}) == {str(id_) for id_ in ids[:8]}
    assert waiting(review_by_person={}, review_differing=1) == {str(ids[0])}
    assert team.change(batch)["review_differing"] == 1


def test_an_agreed_label_goes_back_to_all_its_authors(team: Team) -> None:
    batch, (image_id,) = team.batch(overlap=2)
    for person in (team.bo, team.cem):
        assert person.label(batch, image_id, "bagel").status_code == 200
    review = team.rita.next()["review"]
    assert (review["author_names"], review["author_id"]) == (["Bo", "Cem"], None)
    assert team.rita.decide(review, "rejected", reason="Neither.").json()["returned_to"] == "author"
    assert [len(person.queue(batch)) for person in (team.bo, team.cem, team.ana)] == [1, 1, 0]
    for person in (team.bo, team.cem):
        assert person.label(batch, image_id, "croissant", revision=2).status_code == 200
    assert team.rita.next()["author"]["class_id"] == team.bo.classes["croissant"]


def test_what_is_drawn_is_corrected_object_by_object(services: AppServices, sign_in: Callable[..., TestClient]) -> None:
    team = Team(services, sign_in, task="detection")
    batch, (image_id,) = team.batch()
    address = f"/api/v1/images/{image_id}/objects"
    own = {"id": "0190b8a0-0000-7000-8000-0000000000a1", "class_id": team.bo.classes["bagel"], "shape": BOX}
    body = {"put": [own], "answer": "objects"}
    assert team.bo.client.patch(f"{address}?batch_id={batch['id']}", json=body).status_code == 200
    review = team.rita.next()["review"]
    moved = {**own, "shape": {**BOX, "x2": 90.0}}
    more = {**own, "id": "0190b8a0-0000-7000-8000-0000000000a2", "class_id": team.bo.classes["croissant"]}
    done = team.rita.decide(review, "corrected", objects={"put": [moved, more]})
    assert done.json()["state"] == "corrected"
    shown = team.rita.client.get(f"/api/v1/reviews/{review['id']}").json()
    assert [item["shape"]["x2"] for item in shown["author"]["objects"]] == [BOX["x2"]]
    assert sorted(item["shape"]["x2"] for item in shown["correction"]["objects"]) == [90.0, BOX["x2"]]
    back = team.rita.undo(review).json()["detail"]
    assert [(item["shape"]["x2"], item["author_id"]) for item in back["author"]["objects"]] == [(BOX["x2"], team.bo.id)]
    assert team.rita.decide(back["review"], "rejected", reason="One is missing.").status_code == 200
    drawn = team.bo.client.get(address).json()
    assert (drawn["answer"], len(drawn["objects"])) == ("none", 1), "Its author goes on from what they drew."
    team.ana.client.post(f"/api/v1/projects/{team.project['id']}/images/delete", json={"image_ids": [str(image_id)]})
    assert team.rita.lent()["items"] == []
