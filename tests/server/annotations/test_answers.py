"""One image's answer over HTTP."""

from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from modelyard.server.services import AppServices
from modelyard.server.tables import AnnotationRevision, Image
from tests.server.annotations.conftest import Desk

Add = Callable[..., list[UUID]]


def test_first_answer_has_revision_1_and_leaves_the_queue(desk: Desk, add: Add) -> None:
    image_id, other = add(2)
    answer = desk.put(image_id, "bagel", active_s=0.8)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["revision"], body["answer"], body["class_id"]) == (1, "class", desk.classes["bagel"])
    assert (body["source"], body["suggestion_outcome"]) == ("human", None)
    assert desk.drain(order="upload") == [str(other)]


def test_absent_if_match_means_a_first_answer(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    assert desk.put(image_id, "bagel", revision=None).status_code == 200
    assert desk.put(image_id, "croissant", revision=None).status_code == 412


def test_stale_revision_is_refused_with_the_present_answer(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    desk.put(image_id, "bagel")
    desk.put(image_id, "croissant", revision=1)
    answer = desk.put(image_id, "not_sure", revision=1)
    assert answer.status_code == 412
    assert answer.json()["type"] == "/problems/annotation-changed"
    assert answer.json()["current"]["class_id"] == desk.classes["croissant"]
    assert desk.get(image_id)["revision"] == 2


def test_repeating_a_request_changes_nothing(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    first = desk.put(image_id, "bagel", active_s=1.0)
    again = desk.put(image_id, "bagel", active_s=1.0)
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(desk.client.get(f"/api/v1/images/{image_id}/annotation/history").json()) == 1


@pytest.mark.parametrize("header", ["one", "-1", "1.5", "*", ""])
def test_malformed_if_match_is_refused(desk: Desk, add: Add, header: str) -> None:
    (image_id,) = add(1)
    body = {"answer": "not_sure"}
    answer = desk.client.put(f"/api/v1/images/{image_id}/annotation", json=body, headers={"If-Match": header})
    assert answer.status_code == 422


def test_quoted_if_match_is_understood(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    desk.put(image_id, "bagel")
    body = {"answer": "not_sure"}
    answer = desk.client.put(f"/api/v1/images/{image_id}/annotation", json=body, headers={"If-Match": '"1"'})
    assert answer.json()["revision"] == 2


@pytest.mark.parametrize("body", [{"answer": "class"}, {"answer": "not_sure", "class_id": str(UUID(int=1))}])
def test_class_must_go_with_its_answer(desk: Desk, add: Add, body: dict[str, str]) -> None:
    (image_id,) = add(1)
    assert desk.client.put(f"/api/v1/images/{image_id}/annotation", json=body).status_code == 422


def test_class_of_nowhere_is_refused(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    body = {"answer": "class", "class_id": str(UUID(int=1))}
    answer = desk.client.put(f"/api/v1/images/{image_id}/annotation", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/class-unknown")


def test_withdrawn_image_waits_again(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    desk.put(image_id, "bagel")
    assert desk.next(order="upload")["items"] == []
    withdrawn = desk.put(image_id, "none", revision=1).json()
    assert (withdrawn["answer"], withdrawn["class_id"], withdrawn["revision"]) == ("none", None, 2)
    assert desk.drain(order="upload") == [str(image_id)]


def test_withdrawing_what_was_never_answered_is_harmless(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    assert desk.put(image_id, "none").json()["revision"] == 0


def test_suggestion_outcome_is_computed(desk: Desk, add: Add) -> None:
    first, second, third = add(3)
    suggestion = {"class_id": desk.classes["bagel"], "score": 0.9, "version": "quick-3"}
    assert desk.put(first, "bagel", suggestion=suggestion).json()["suggestion_outcome"] == "accepted"
    assert desk.put(second, "croissant", suggestion=suggestion).json()["suggestion_outcome"] == "corrected"
    assert desk.put(third, "does_not_belong", suggestion=suggestion).json()["suggestion_outcome"] == "corrected"
    statistics = desk.client.get(f"/api/v1/projects/{desk.project_id}/annotations/statistics").json()
    assert (statistics["accepted"], statistics["corrected"]) == (1, 2)


def test_history_keeps_every_revision_with_what_was_suggested(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    suggestion = {"class_id": desk.classes["bagel"], "score": 0.75, "version": "quick-3"}
    desk.put(image_id, "croissant", suggestion=suggestion, active_s=2.5)
    desk.put(image_id, "not_sure", revision=1)
    desk.put(image_id, "none", revision=2)
    steps = desk.client.get(f"/api/v1/images/{image_id}/annotation/history").json()
    assert [(step["revision"], step["answer"], step["action"]) for step in steps] == [
        (3, "none", "withdraw"),
        (2, "not_sure", "label"),
        (1, "class", "label"),
    ]
    assert (steps[2]["suggestion_score"], steps[2]["suggestion_version"], steps[2]["active_s"]) == (
        0.75,
        "quick-3",
        2.5,
    )
    assert steps[2]["author_name"] == "Ana"


def test_labels_of_an_import_are_answers_and_do_not_wait(desk: Desk, add: Add) -> None:
    ids = add(3, labels={0: UUID(desk.classes["bagel"])})
    first = desk.get(ids[0])
    assert (first["answer"], first["source"], first["revision"]) == ("class", "import", 1)
    assert set(desk.drain(order="random")) == {str(ids[1]), str(ids[2])}


def test_person_confirms_an_imported_label(desk: Desk, add: Add) -> None:
    (image_id,) = add(1, labels={0: UUID(desk.classes["bagel"])})
    body = desk.put(image_id, "bagel", revision=1).json()
    assert (body["source"], body["revision"]) == ("human", 2)


def test_statistics_count_people_and_not_imports(desk: Desk, add: Add) -> None:
    ids = add(6, labels={0: UUID(desk.classes["bagel"])})
    desk.put(ids[1], "bagel", active_s=1.0)
    desk.post("annotations/bulk", image_ids=[str(id_) for id_ in ids[2:5]], answer="not_sure", active_s=3.0)
    desk.put(ids[4], "none", revision=1)
    statistics = desk.client.get(f"/api/v1/projects/{desk.project_id}/annotations/statistics").json()
    assert statistics == {
        "labelled": 4,
        "today": 4,
        "by_class": {desk.classes["bagel"]: 2},
        "by_answer": {"class": 2, "not_sure": 2},
        "actions": 3,
        "active_s": 4.0,
        "accepted": 0,
        "corrected": 0,
    }


def test_strangers_see_no_image(desk: Desk, add: Add, stranger: TestClient) -> None:
    (image_id,) = add(1)
    for answer in (
        stranger.put(f"/api/v1/images/{image_id}/annotation", json={"answer": "not_sure"}),
        stranger.get(f"/api/v1/images/{image_id}/annotation"),
        stranger.get(f"/api/v1/images/{image_id}/annotation/history"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/image-not-found")


def test_deleted_images_take_no_answer(desk: Desk, add: Add, services: AppServices) -> None:
    (image_id,) = add(1)
    with services.db.write() as session:
        image = session.get(Image, image_id)
        assert image is not None
        image.deleted_at = image.created_at
    assert desk.put(image_id, "bagel").status_code == 404


def test_revisions_are_only_ever_added(desk: Desk, add: Add, services: AppServices) -> None:
    (image_id,) = add(1)
    for revision, answer in enumerate(["bagel", "croissant", "none", "bagel"]):
        desk.put(image_id, answer, revision=revision)
    with services.db.read() as session:
        rows = session.scalars(select(AnnotationRevision.revision).where(AnnotationRevision.image_id == image_id)).all()
    assert sorted(rows) == [1, 2, 3, 4]
