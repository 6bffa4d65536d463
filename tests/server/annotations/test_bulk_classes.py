"""One class given to many images of a multi-label project, or taken from them, in one step that is undone exactly."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from modelyard.server.services import AppServices
from tests.server.annotations.test_multi_label import BOX, Table


@pytest.fixture
def table(owner: TestClient, services: AppServices) -> Table:
    return Table(owner, services)


def step(table: Table, change: str, name: str, images: list[UUID] | None = None, **body: Any) -> Response:
    ids = [str(image_id) for image_id in (table.images if images is None else images)]
    body |= {"image_ids": ids, "class_id": table.classes[name], "change": change}
    return table.send("POST", "annotations/classes", json=body)


def undo(table: Table, answer: Response) -> Response:
    return restore(
        table, *((row["image_id"], row["revision"], row["revision"] - 1) for row in answer.json()["changed"])
    )


def restore(table: Table, *items: tuple[Any, int, int]) -> Response:
    rows = [{"image_id": str(image_id), "revision": revision, "to": to} for image_id, revision, to in items]
    return table.send("POST", "annotations/classes/restore", json={"items": rows})


def objects(table: Table, at: int) -> list[tuple[str, str, str | None]]:
    """Return (object, source, author) of an image now."""
    shown = table.client.get(f"/api/v1/images/{table.images[at]}/objects").json()["objects"]
    return sorted((row["id"], row["source"], row["author_id"]) for row in shown)


def waiting(table: Table) -> int:
    return int(table.send("GET", "status").json()["unlabelled"])


def test_a_class_is_added_where_it_lacks_and_the_rest_stays(table: Table) -> None:
    table.choose(0, "sweet", "burnt")
    table.choose(1, "sweet")
    answer = step(table, "add", "burnt")
    assert answer.status_code == 200, answer.text
    assert [(row["image_id"], row["revision"], row["previous"]["answer"]) for row in answer.json()["changed"]] == [
        (str(table.images[1]), 2, "objects"),
        (str(table.images[2]), 1, "none"),
    ]
    assert [table.chosen(at) for at in range(3)] == [["burnt", "sweet"], ["burnt", "sweet"], ["burnt"]]
    assert (waiting(table), table.counts()["burnt"]) == (1, 3)  # Nobody said yet what else the third one shows.
    assert step(table, "add", "burnt").json()["changed"] == []


def test_a_class_is_taken_away_and_an_image_without_one_stays_done(table: Table) -> None:
    table.choose(0, "sweet", "burnt")
    table.choose(1, "sweet")
    changed = step(table, "remove", "sweet").json()["changed"]
    assert [row["image_id"] for row in changed] == [str(table.images[0]), str(table.images[1])]
    assert [table.chosen(at) for at in range(3)] == [["burnt"], [], []]
    assert waiting(table) == 1


@pytest.mark.parametrize("change", ["add", "remove"])
def test_undo_of_a_step_is_exact_and_undone_again_it_is_redone(table: Table, change: str) -> None:
    table.choose(0, "sweet", "burnt")
    before = [objects(table, at) for at in range(3)]
    done = step(table, change, "sweet", active_s=6.0)
    after = [objects(table, at) for at in range(3)]
    undone = undo(table, done)
    assert undone.status_code == 200, undone.text
    assert [objects(table, at) for at in range(3)] == before
    redone = undo(table, undone)
    assert redone.status_code == 200, redone.text
    assert [objects(table, at) for at in range(3)] == after
    history = table.client.get(f"/api/v1/images/{table.images[0 if change == 'remove' else 1]}/annotation/history")
    assert [row["action"] for row in history.json()][:3] == ["classes-undo", "classes-undo", "classes"]


def test_undo_is_refused_as_a_whole_when_one_image_moved_on(table: Table) -> None:
    done = step(table, "add", "baked")
    assert table.change(1, table.object("sweet"), revision=1).is_success
    refused = undo(table, done)
    assert refused.status_code == 412
    assert [row["image_id"] for row in refused.json()["current"]] == [str(table.images[1])]
    assert [table.chosen(at) for at in range(3)] == [["baked"], ["baked", "sweet"], ["baked"]]


def test_steps_are_taken_back_one_after_the_other(table: Table) -> None:
    image_id = table.images[0]
    table.choose(0, "sweet")
    for name in ("baked", "burnt"):
        assert step(table, "add", name, [image_id]).is_success
    assert restore(table, (image_id, 3, 2)).is_success
    assert table.chosen(0) == ["baked", "sweet"]
    assert restore(table, (image_id, 4, 1)).is_success
    assert table.chosen(0) == ["sweet"]
    assert restore(table, (image_id, 5, 1)).json()["changed"] == []
    assert restore(table, (image_id, 5, 3)).is_success
    assert table.chosen(0) == ["baked", "burnt", "sweet"]


def test_a_class_that_was_deleted_since_does_not_come_back(table: Table) -> None:
    taken = step(table, "add", "sweet")
    assert undo(table, taken).is_success
    assert table.send("DELETE", f"classes/{table.classes['sweet']}").is_success
    refused = restore(table, *((image_id, 2, 1) for image_id in table.images))
    assert refused.status_code == 422
    assert table.chosen(0) == []


def test_seen_revisions_overwrite_nobody(table: Table) -> None:
    table.choose(0, "sweet")
    refused = step(table, "add", "baked", revisions={str(image_id): 0 for image_id in table.images})
    assert refused.status_code == 412
    assert [table.chosen(at) for at in range(3)] == [["sweet"], [], []]


def test_whatever_does_not_fit_is_refused(table: Table, services: AppServices, stranger: TestClient) -> None:
    missing = step(table, "add", "sweet", [table.images[0], UUID(int=7)])
    assert (missing.status_code, missing.json()["image_ids"]) == (404, [str(UUID(int=7))])
    one_each = Table(table.client, services, "classification")
    assert step(one_each, "add", "sweet").status_code == 422
    url = f"/api/v1/projects/{table.project_id}/annotations/classes"
    body = {"image_ids": [str(table.images[0])], "class_id": table.classes["sweet"], "change": "add"}
    assert stranger.post(url, json=body).status_code == 404
    back = {"items": [{"image_id": str(table.images[0]), "revision": 1, "to": 0}]}
    assert stranger.post(f"{url}/restore", json=back).status_code == 404
    assert table.chosen(0) == []


def test_tags_go_beside_boxes_and_statistics_count_one_step(table: Table, services: AppServices) -> None:
    trays = Table(table.client, services, "detection")
    trays.change(0, trays.object("sweet", BOX))
    assert step(trays, "add", "sweet", active_s=3.0).is_success
    assert trays.chosen(0) == ["sweet", "sweet"]
    assert undo(trays, step(trays, "remove", "sweet")).is_success
    assert trays.chosen(0) == ["sweet", "sweet"]
    statistics = trays.send("GET", "annotations/statistics").json()
    assert (statistics["actions"], statistics["active_s"]) == (3, 3.0)


def test_a_repeated_step_with_its_key_gets_the_same_answer(table: Table) -> None:
    url = f"/api/v1/projects/{table.project_id}/annotations/classes"
    body = {"image_ids": [str(table.images[0])], "class_id": table.classes["sweet"], "change": "add"}
    answers = [table.client.post(url, json=body, headers={"Idempotency-Key": "step-1"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["changed"]
