"""What merging and deleting classes does to answers, and how it is taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.server.annotations.conftest import Desk

Add = Callable[..., list[UUID]]


def merge(desk: Desk, source: str, target: str) -> None:
    body = {"into": desk.classes[target]}
    answer = desk.client.post(f"/api/v1/projects/{desk.project_id}/classes/{desk.classes[source]}/merge", json=body)
    assert answer.status_code == 200, answer.text


def delete(desk: Desk, name: str) -> None:
    answer = desk.client.delete(f"/api/v1/projects/{desk.project_id}/classes/{desk.classes[name]}")
    assert answer.status_code in (200, 204), answer.text


def undo_last(desk: Desk) -> None:
    changes = desk.client.get(f"/api/v1/projects/{desk.project_id}/class-changes").json()
    rows = changes["items"] if isinstance(changes, dict) else changes
    answer = desk.post(f"class-changes/{rows[0]['id']}/undo")
    assert answer.status_code == 200, answer.text


def names(desk: Desk, ids: list[UUID]) -> list[Any]:
    by_id = {class_id: name for name, class_id in desk.classes.items()}
    rows = [desk.get(id_) for id_ in ids]
    return [by_id[row["class_id"]] if row["class_id"] else row["answer"] for row in rows]


def test_merge_carries_the_answers_over_and_undo_brings_them_back(desk: Desk, add: Add) -> None:
    ids = add(4, labels={0: UUID(desk.classes["bagel"])})
    desk.put(ids[1], "bagel")
    desk.put(ids[2], "croissant")
    merge(desk, "bagel", "croissant")
    assert names(desk, ids) == ["croissant", "croissant", "croissant", "none"]
    undo_last(desk)
    assert names(desk, ids) == ["bagel", "bagel", "croissant", "none"]
    assert [desk.get(id_)["source"] for id_ in ids[:2]] == ["import", "human"]
    steps = desk.client.get(f"/api/v1/images/{ids[1]}/annotation/history").json()
    assert [step["action"] for step in steps] == ["class-undo", "class-merge", "label"]


def test_deletion_sends_images_back_to_the_queue_and_undo_takes_them_out(desk: Desk, add: Add) -> None:
    ids = add(2)
    desk.put(ids[0], "bagel")
    desk.put(ids[1], "croissant")
    delete(desk, "bagel")
    assert names(desk, ids) == ["none", "croissant"]
    assert desk.next(order="upload")["remaining"] == 1
    undo_last(desk)
    assert names(desk, ids) == ["bagel", "croissant"]
    assert desk.next(order="upload")["remaining"] == 0


def test_undo_leaves_what_people_answered_since(desk: Desk, add: Add) -> None:
    ids = add(2)
    for id_ in ids:
        desk.put(id_, "bagel")
    delete(desk, "bagel")
    desk.put(ids[0], "croissant", revision=2)
    undo_last(desk)
    assert names(desk, ids) == ["croissant", "bagel"]


def test_answer_from_a_page_that_missed_the_merge_goes_to_the_target(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    merge(desk, "bagel", "croissant")
    assert desk.put(image_id, "bagel").json()["class_id"] == desk.classes["croissant"]


def test_answer_with_a_deleted_class_is_refused_by_name(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    delete(desk, "bagel")
    answer = desk.put(image_id, "bagel")
    assert answer.status_code == 422
    assert "'bagel' was deleted" in answer.json()["detail"]
