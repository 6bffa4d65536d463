"""Many images in one step, undone and done again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient

from modelyard.server.services import AppServices
from modelyard.server.tables import Suggestion
from tests.server.annotations.conftest import Desk

Add = Callable[..., list[UUID]]


def bulk(desk: Desk, ids: list[UUID], answer: str, **body: Any) -> list[dict[str, Any]]:
    body |= {"image_ids": [str(id_) for id_ in ids]}
    named = answer in desk.classes
    body |= {"answer": "class", "class_id": desk.classes[answer]} if named else {"answer": answer}
    answer_ = desk.post("annotations/bulk", **body)
    assert answer_.status_code == 200, answer_.text
    return answer_.json()["changed"]


def undo(changed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"image_id": row["image_id"], "revision": row["revision"], **row["previous"]} for row in changed]


def state(desk: Desk, ids: list[UUID]) -> list[tuple[str, Any, Any, Any]]:
    rows = [desk.get(id_) for id_ in ids]
    return [(row["answer"], row["class_id"], row["author_id"], row["source"]) for row in rows]


def test_bulk_names_what_it_changed_and_what_was_before(desk: Desk, add: Add) -> None:
    ids = add(3)
    desk.put(ids[0], "bagel")
    desk.put(ids[1], "croissant")
    changed = bulk(desk, ids, "bagel")
    assert [(row["image_id"], row["revision"], row["previous"]) for row in changed] == [
        (str(ids[1]), 2, {"answer": "class", "class_id": desk.classes["croissant"]}),
        (str(ids[2]), 1, {"answer": "none", "class_id": None}),
    ]
    assert desk.drain(order="upload") == []


def test_undo_of_a_step_is_exact(desk: Desk, add: Add) -> None:
    ids = add(4, labels={0: UUID(desk.classes["bagel"])})
    desk.put(ids[1], "not_sure")
    before = state(desk, ids[:2])
    changed = bulk(desk, ids, "croissant")
    restored = desk.post("annotations/restore", items=undo(changed))
    assert restored.status_code == 200, restored.text
    assert state(desk, ids[:2]) == before  # Also the imported one is an imported one again.
    assert [row[0] for row in state(desk, ids[2:])] == ["none", "none"]
    assert desk.drain(order="upload") == [str(ids[2]), str(ids[3])]


def test_redo_follows_undo(desk: Desk, add: Add) -> None:
    ids = add(3)
    changed = bulk(desk, ids, "bagel")
    undone = desk.post("annotations/restore", items=undo(changed)).json()["changed"]
    redone = desk.post("annotations/restore", items=undo(undone))
    assert redone.status_code == 200
    assert {row[1] for row in state(desk, ids)} == {desk.classes["bagel"]}


def test_undo_is_refused_as_a_whole_when_one_image_moved_on(desk: Desk, add: Add) -> None:
    ids = add(3)
    changed = bulk(desk, ids, "bagel")
    desk.put(ids[1], "croissant", revision=1)
    refused = desk.post("annotations/restore", items=undo(changed))
    assert refused.status_code == 412
    assert [row["image_id"] for row in refused.json()["current"]] == [str(ids[1])]
    assert [desk.get(id_)["revision"] for id_ in ids] == [1, 2, 1]


def test_bulk_with_seen_revisions_overwrites_nobody(desk: Desk, add: Add) -> None:
    ids = add(2)
    desk.put(ids[0], "croissant")
    body = {"image_ids": [str(id_) for id_ in ids], "answer": "not_sure", "revisions": {str(id_): 0 for id_ in ids}}
    refused = desk.post("annotations/bulk", **body)
    assert refused.status_code == 412
    assert desk.get(ids[1])["revision"] == 0


def test_bulk_withdraws(desk: Desk, add: Add) -> None:
    ids = add(2)
    bulk(desk, ids, "bagel")
    bulk(desk, ids, "none")
    assert sorted(desk.drain(order="upload")) == sorted(map(str, ids))


def test_bulk_shares_its_seconds_and_knows_the_suggestions(desk: Desk, add: Add, services: AppServices) -> None:
    ids = add(2)
    with services.db.write() as session:
        for id_ in ids:
            facts: dict[str, Any] = {"score": 0.9, "margin": 0.8, "version": "quick-1"}
            class_id = UUID(desk.classes["bagel"])
            session.add(Suggestion(image_id=id_, project_id=UUID(desk.project_id), class_id=class_id, **facts))
    bulk(desk, ids, "bagel", active_s=5.0)
    (step,) = desk.client.get(f"/api/v1/images/{ids[0]}/annotation/history").json()
    assert (step["active_s"], step["suggestion_outcome"], step["action"]) == (2.5, "accepted", "bulk")


def test_bulk_names_missing_images(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    answer = desk.post("annotations/bulk", image_ids=[str(image_id), str(UUID(int=7))], answer="not_sure")
    assert (answer.status_code, answer.json()["image_ids"]) == (404, [str(UUID(int=7))])
    assert desk.get(image_id)["revision"] == 0


def test_repeated_step_with_its_key_gets_the_same_answer(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    url = f"/api/v1/projects/{desk.project_id}/annotations/bulk"
    body = {"image_ids": [str(image_id)], "answer": "not_sure"}
    answers = [desk.client.post(url, json=body, headers={"Idempotency-Key": "step-1"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["changed"]


def test_strangers_change_nothing(desk: Desk, add: Add, stranger: TestClient) -> None:
    (image_id,) = add(1)
    url = f"/api/v1/projects/{desk.project_id}/annotations"
    body = {"image_ids": [str(image_id)], "answer": "not_sure"}
    assert stranger.post(f"{url}/bulk", json=body).status_code == 404
    items = [{"image_id": str(image_id), "revision": 0, "answer": "not_sure"}]
    assert stranger.post(f"{url}/restore", json={"items": items}).status_code == 404
    assert stranger.get(f"{url}/statistics").status_code == 404
