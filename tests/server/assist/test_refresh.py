"""From labels to suggestions, and to an order that helps."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from modelyard.server.assist.service import refresh
from modelyard.server.services import AppServices
from modelyard.server.tables import Image, Job, QueueItem, Suggestion, SuggestionModel
from tests.server.assist.conftest import Bench

RunJobs = Callable[[], int]


def suggestions(services: AppServices) -> dict[UUID, Suggestion]:
    with services.db.read() as session:
        return {row.image_id: row for row in session.scalars(select(Suggestion))}


def test_suggestions_begin_with_four_labels_of_two_classes(bench: Bench, run_jobs: RunJobs) -> None:
    ids = bench.add([0, 1] * 10)
    assert bench.get("suggestions/status")["needs"].startswith("Label 4 more pictures")
    for number, id_ in enumerate(ids[:3]):
        bench.label(id_, number % 2)
    run_jobs()
    assert bench.get("suggestions/status")["version"] is None
    bench.label(ids[3], 1)
    assert bench.get("suggestions/status")["fresh"] is False
    run_jobs()
    status = bench.get("suggestions/status")
    assert (status["version"], status["labels"], status["fresh"], status["needs"]) == ("quick-1", 4, True, None)


def test_every_waiting_picture_gets_the_right_suggestion(
    bench: Bench, learnt: list[UUID], services: AppServices
) -> None:
    found = suggestions(services)
    assert set(found) == set(learnt[8:])
    assert [str(found[id_].class_id) for id_ in learnt[8:]] == [bench.classes[n % 2] for n in range(32)]
    assert all(0 < row.margin <= row.score <= 1 for row in found.values())


def test_pictures_for_testing_are_neither_learnt_from_nor_scored_nor_chosen(
    bench: Bench, run_jobs: RunJobs, services: AppServices
) -> None:
    ids = bench.add([0, 1] * 4)
    kept = [
        *bench.add([0, 1], is_reserved=True),
        *bench.add([0, 1], split="test"),
        *bench.add([0, 1], given_split="test"),
    ]
    for number, id_ in enumerate(ids[:4]):
        bench.label(id_, number % 2)
    for id_ in kept[::2]:
        bench.label(id_, 1)  # Wrong on purpose: whoever learnt from them would err.
    run_jobs()
    found = suggestions(services)
    assert set(found) == set(ids[4:])
    assert [str(found[id_].class_id) for id_ in ids[4:]] == [bench.classes[n % 2] for n in range(4)]
    assert bench.get("suggestions/status")["labels"] == 4
    with services.db.read() as session:
        priorities = session.scalars(select(QueueItem.priority).where(QueueItem.image_id.in_(kept))).all()
    assert set(priorities) == {-1.0}
    assert bench.get("label-errors") == []


def test_suggestion_goes_when_a_picture_is_put_aside_for_testing(
    bench: Bench, learnt: list[UUID], run_jobs: RunJobs, services: AppServices
) -> None:
    with services.db.write() as session:
        session.execute(update(Image).where(Image.id == learnt[20]).values(split="test"))
    bench.label(learnt[8], 0)
    run_jobs()
    assert learnt[20] not in suggestions(services)


def test_suggestion_of_a_labelled_picture_stays_for_comparison(
    bench: Bench, learnt: list[UUID], run_jobs: RunJobs, services: AppServices
) -> None:
    bench.label(learnt[10], 1)
    run_jobs()
    assert learnt[10] in suggestions(services)


def test_what_did_not_change_is_not_written_again(
    bench: Bench, learnt: list[UUID], run_jobs: RunJobs, services: AppServices
) -> None:
    before = {id_: row.updated_at for id_, row in suggestions(services).items()}
    bench.client.post(f"/api/v1/projects/{bench.project_id}/suggestions/refresh")
    run_jobs()
    assert {id_: row.updated_at for id_, row in suggestions(services).items()} == before
    assert bench.get("suggestions/status")["version"] == "quick-2"


def test_many_labels_ask_for_one_refresh(bench: Bench, services: AppServices) -> None:
    ids = bench.add([0, 1] * 10)
    for number, id_ in enumerate(ids[:10]):
        bench.label(id_, number % 2)
    with services.db.read() as session:
        waiting = session.scalar(select(func.count()).select_from(Job).where(Job.kind == "assist.refresh"))
    assert waiting == 1


def test_helpful_order_has_reasons_in_plain_words(bench: Bench, learnt: list[UUID], services: AppServices) -> None:
    with services.db.read() as session:
        rows = session.scalars(select(QueueItem)).all()
    assert all(0 < row.priority <= 1 and row.reason for row in rows)


def test_picture_that_a_person_sent_stays_first(
    bench: Bench, learnt: list[UUID], run_jobs: RunJobs, services: AppServices
) -> None:
    body = {"image_ids": [str(learnt[30])], "reason": "Look again"}
    assert bench.client.post(f"/api/v1/projects/{bench.project_id}/queue/add", json=body).status_code == 200
    bench.label(learnt[8], 0)
    run_jobs()
    with services.db.read() as session:
        item = session.scalars(select(QueueItem).where(QueueItem.image_id == learnt[30])).one()
    assert (item.priority, item.reason) == (2.0, "Look again")


def test_withdrawn_labels_take_the_suggestions_with_them(
    bench: Bench, learnt: list[UUID], run_jobs: RunJobs, services: AppServices
) -> None:
    body = {"image_ids": [str(id_) for id_ in learnt[:6]], "answer": "none"}
    assert bench.client.post(f"/api/v1/projects/{bench.project_id}/annotations/bulk", json=body).status_code == 200
    run_jobs()
    assert suggestions(services) == {}
    assert bench.get("suggestions/status")["needs"].startswith("Label 2 more")


def test_merge_and_deletion_of_classes_reach_the_suggestions(
    bench: Bench, learnt: list[UUID], services: AppServices
) -> None:
    url = f"/api/v1/projects/{bench.project_id}/classes"
    answer = bench.client.post(f"{url}/{bench.classes[0]}/merge", json={"into": bench.classes[1]})
    assert answer.status_code == 200
    assert {str(row.class_id) for row in suggestions(services).values()} == {bench.classes[1]}
    assert bench.client.delete(f"{url}/{bench.classes[1]}").status_code in (200, 204)
    assert suggestions(services) == {}


def test_wrong_labels_are_named_until_they_are_corrected(bench: Bench, run_jobs: RunJobs) -> None:
    ids = bench.add([0, 1] * 40)
    wrong = {ids[number] for number in (10, 20, 30, 40)}  # Of kind 0, labelled as kind 1.
    for number, id_ in enumerate(ids[:60]):
        bench.label(id_, 1 if id_ in wrong else number % 2)
    run_jobs()
    errors = bench.get("label-errors")
    assert errors
    assert {UUID(error["image"]["id"]) for error in errors} <= wrong
    first = errors[0]
    assert (first["given_class_id"], first["suggested_class_id"]) == (bench.classes[1], bench.classes[0])
    body = {"answer": "class", "class_id": bench.classes[0]}
    url = f"/api/v1/images/{first['image']['id']}/annotation"
    assert bench.client.put(url, json=body, headers={"If-Match": "1"}).status_code == 200
    assert bench.get("label-errors") == errors[1:]


def test_only_the_newest_quick_model_keeps_its_details(
    bench: Bench, learnt: list[UUID], run_jobs: RunJobs, services: AppServices
) -> None:
    bench.label(learnt[8], 0)
    run_jobs()
    with services.db.read() as session:
        models = session.scalars(select(SuggestionModel).order_by(SuggestionModel.id)).all()
    assert [model.version for model in models] == ["quick-1", "quick-2"]
    assert (models[0].details, bool(models[1].details)) == ({}, True)


@pytest.mark.parametrize("address", ["suggestions/status", "label-errors"])
def test_strangers_see_nothing(bench: Bench, stranger: TestClient, address: str) -> None:
    assert stranger.get(f"/api/v1/projects/{bench.project_id}/{address}").status_code == 404
    body: dict[str, Any] = {}
    assert stranger.post(f"/api/v1/projects/{bench.project_id}/suggestions/refresh", json=body).status_code == 404


def test_what_does_not_fit_into_one_refresh_is_written_by_the_next(
    bench: Bench, run_jobs: RunJobs, services: AppServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "_WRITING_S", 0.0)
    monkeypatch.setattr(refresh, "_CHUNK", 8)
    ids = bench.add([0, 1] * 20)
    for number, id_ in enumerate(ids[:8]):
        bench.label(id_, number % 2)
    result = refresh.run(services.db, services.blobs, bench.project_id, check=lambda: None)
    assert result["left"] > 0
    monkeypatch.undo()
    run_jobs()
    assert set(suggestions(services)) == set(ids[8:])
