"""Splitting a class by rules: what it would touch, what it does to answers and objects, and its undo as a whole."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.server.annotations.boards import Board
from tests.server.annotations.conftest import Desk

Add = Callable[..., list[UUID]]


def split(client: Any, project_id: str, class_id: str, **body: Any) -> list[dict[str, Any]]:
    """Split a class and return the class list, after looking at what that would touch."""
    home = f"/api/v1/projects/{project_id}/classes/{class_id}/split"
    impact = client.post(f"{home}/impact", json=body)
    assert impact.status_code == 200, impact.text
    answer = client.post(home, json=body)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


def undo(client: Any, project_id: str) -> None:
    """Take back the latest change of classes."""
    change = client.get(f"/api/v1/projects/{project_id}/class-changes").json()[0]
    assert change["kind"] == "split"
    answer = client.post(f"/api/v1/projects/{project_id}/class-changes/{change['id']}/undo")
    assert answer.status_code == 200, answer.text


def names(desk: Desk, ids: list[UUID]) -> list[str]:
    """Return what images are answered."""
    by_id = {row["id"]: row["name"] for row in desk.client.get(f"/api/v1/projects/{desk.project_id}/classes").json()}
    rows = [desk.get(id_) for id_ in ids]
    return [by_id.get(row["class_id"], row["answer"]) for row in rows]


def test_a40_a_class_is_split_by_picture_and_person_and_undone_as_a_whole(desk: Desk, add: Add, sign_in: Any) -> None:
    ids = add(4)
    ben = sign_in("Ben")
    desk.post("members", email="ben@bakery.example", role="annotator")
    Desk(ben, desk.project_id, desk.classes).put(ids[1], "bagel")
    for image_id in (ids[0], ids[2]):
        desk.put(image_id, "bagel")
    desk.put(ids[3], "croissant")
    author_id = desk.get(ids[1])["author_id"]
    rules = [{"to": "sesame", "picture": f"{ids[0]}".upper()}, {"to": "poppy", "author_id": author_id}]
    home = f"/api/v1/projects/{desk.project_id}/classes/{desk.classes['bagel']}/split"
    told = desk.client.post(f"{home}/impact", json={"rules": rules}).json()
    assert [(row["name"], row["is_new"], row["images"]) for row in told["shares"]] == [
        *(("sesame", True, 1), ("poppy", True, 1)),
    ]
    assert (told["rest"]["name"], told["rest"]["images"]) == ("bagel", 1)
    rows = split(desk.client, desk.project_id, desk.classes["bagel"], rules=rules)
    assert [(row["name"], row["images"]) for row in rows] == [
        *(("croissant", 1), ("bagel", 1), ("sesame", 1), ("poppy", 1)),
    ]
    assert names(desk, ids) == ["sesame", "poppy", "bagel", "croissant"]
    assert desk.get(ids[1])["author_id"] == author_id  # Whose label it is stays as it was.
    [event] = desk.client.get(f"/api/v1/projects/{desk.project_id}/history?text=sesame").json()["items"]
    assert (event["action"], event["text"]) == ("class.split", "Split bagel into sesame, poppy, bagel")
    desk.put(ids[2], "croissant", revision=1)  # Somebody labels on; that stays.
    undo(desk.client, desk.project_id)
    assert names(desk, ids) == ["bagel", "bagel", "croissant", "croissant"]
    assert [row["name"] for row in desk.client.get(f"/api/v1/projects/{desk.project_id}/classes").json()] == [
        *("croissant", "bagel"),
    ]


def test_a24_the_rest_moves_and_the_class_stands_for_where_it_went(desk: Desk, add: Add) -> None:
    ids = add(3)
    for image_id in ids[:2]:
        desk.put(image_id, "bagel")
    rules = [{"to": "sesame", "image_ids": [str(ids[0])]}]
    rows = split(desk.client, desk.project_id, desk.classes["bagel"], rules=rules, rest="move", rest_to="plain")
    assert [row["name"] for row in rows] == ["croissant", "sesame", "plain"]
    assert names(desk, ids[:2]) == ["sesame", "plain"]
    assert desk.put(ids[2], "bagel").status_code == 200  # From a page that has not heard of it.
    assert names(desk, ids) == ["sesame", "plain", "plain"]
    undo(desk.client, desk.project_id)
    assert names(desk, ids) == ["bagel", "bagel", "plain"]  # “plain” was used since, so it stays.


def test_the_rest_waits_to_be_labelled_again(desk: Desk, add: Add) -> None:
    ids = add(2)
    for image_id in ids:
        desk.put(image_id, "bagel")
    rules = [{"to": "sesame", "image_ids": [str(ids[0])]}]
    split(desk.client, desk.project_id, desk.classes["bagel"], rules=rules, rest="relabel")
    [item] = desk.next()["items"]
    assert (item["image"]["id"], item["reason"]) == (str(ids[1]), "Its class was split: say which it is")
    undo(desk.client, desk.project_id)
    assert names(desk, ids) == ["bagel", "bagel"]


def test_objects_go_by_their_values_and_shapes_stay(board: Board) -> None:
    board.send("POST", "attributes", json={"subject": "object", "name": "grain", "kind": "text"})
    rye, wheat = board.object(attributes={"grain": "rye"}), board.object(attributes={"grain": "wheat"})
    assert board.change(rye, wheat, answer="objects").status_code == 200
    before = board.shown()
    rules = [{"to": "roll", "attribute": {"name": "grain", "value": "rye"}}]
    split(board.client, board.project["id"], board.classes["bun"], rules=rules, rest="relabel")
    found = {item["id"]: item for item in board.shown()["objects"]}
    assert found[rye["id"]]["class_id"] == board.classes["roll"]
    assert found[wheat["id"]]["class_id"] == board.classes["bun"]
    assert (board.shown()["answer"], board.waits()) == ("none", True)
    assert [item["shape"] for item in found.values()] == [item["shape"] for item in before["objects"]]
    undo(board.client, board.project["id"])
    assert board.shown()["objects"] == before["objects"] and board.shown()["answer"] == "objects"


def test_what_makes_no_sense_is_refused(desk: Desk) -> None:
    home = f"/api/v1/projects/{desk.project_id}/classes/{desk.classes['bagel']}/split"
    for body in (
        {"rules": []},
        {"rules": [{"to": "sesame"}]},
        {"rules": [{"to": "Bagel", "picture": "x"}]},
        {"rules": [{"to": "sesame", "picture": "x"}], "rest": "move"},
        {"rules": [{"to": "sesame", "picture": "x"}], "rest_to": "plain"},
    ):
        assert desk.client.post(home, json=body).status_code == 422, body
    assert len(desk.client.get(f"/api/v1/projects/{desk.project_id}/classes").json()) == 2
