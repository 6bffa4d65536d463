"""Deciding about disputed pictures: an opinion taken, an answer of one's own, undo; opinions stay as they are."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from tests.server.annotations.boards import BOX, Board
from tests.server.annotations.conftest import Desk
from tests.server.annotations.test_batches import change, make, say, show

Add = Callable[..., list[UUID]]
SignIn = Callable[[str], TestClient]


def decide(client: TestClient, batch: dict[str, Any], image_id: object, revision: int = 0, **body: Any) -> Response:
    address = f"/api/v1/batches/{batch['id']}/images/{image_id}/decision"
    return client.put(address, json=body, headers={"If-Match": str(revision)})


def undo(client: TestClient, batch: dict[str, Any], image_id: object, revision: int) -> Response:
    address = f"/api/v1/batches/{batch['id']}/images/{image_id}/decision"
    return client.delete(address, headers={"If-Match": str(revision)})


def opinions(client: TestClient, batch: dict[str, Any], image_id: object) -> list[dict[str, Any]]:
    return client.get(f"/api/v1/batches/{batch['id']}/images/{image_id}/opinions").json()


def test_an_opinion_is_taken_and_no_opinion_changes(desk: Desk, add: Add, sign_in: SignIn) -> None:
    client = sign_in("Bo")
    desk.post("members", email="bo@bakery.example")
    bo, (image_id, other) = Desk(client, desk.project_id, desk.classes), add(2)
    batch = make(desk, [image_id, other], overlap=2)
    say(desk, batch, image_id, "bagel")
    assert decide(desk.client, batch, image_id, take=str(uuid4())).json()["type"] == "/problems/still-being-labelled"
    say(bo, batch, image_id, "croissant")
    before = opinions(desk.client, batch, image_id)
    author = next(row["author_id"] for row in before if row["class_id"] == desk.classes["croissant"])
    assert decide(bo.client, batch, image_id, take=author).status_code == 403  # Whoever labels decides nothing.
    assert decide(desk.client, batch, image_id, take=str(uuid4())).json()["type"] == "/problems/opinion-not-found"
    taken = decide(desk.client, batch, image_id, take=author).json()
    assert (taken["answer"], taken["class_id"], taken["revision"]) == ("class", desk.classes["croissant"], 1)
    assert opinions(desk.client, batch, image_id) == before
    assert (show(desk, batch)["disputed"], show(desk, batch)["finished"]) == (0, 1)
    late = decide(desk.client, batch, image_id, answer="not_sure")
    assert (late.status_code, late.json()["current"]["revision"]) == (412, 1)

    changed = decide(desk.client, batch, image_id, 1, answer="class", class_id=desk.classes["bagel"])
    assert changed.json()["revision"] == 2
    back = undo(desk.client, batch, image_id, 2).json()
    assert (back["class_id"], back["revision"]) == (desk.classes["croissant"], 3)
    history = desk.client.get(f"/api/v1/images/{image_id}/annotation/history").json()
    assert [row["action"] for row in history] == ["undo", "adjudicate", "adjudicate"]
    assert decide(desk.client, batch, other, take=author).json()["type"] == "/problems/still-being-labelled"
    assert decide(desk.client, batch, image_id, 3, answer="objects").json()["type"] == "/problems/answer-does-not-fit"


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_decision_that_is_taken_back_leaves_the_picture_disputed(
    desk: Desk, add: Add, sign_in: SignIn, is_closed: bool
) -> None:
    client = sign_in("Bo")
    desk.post("members", email="bo@bakery.example")
    bo, (image_id,) = Desk(client, desk.project_id, desk.classes), add(1)
    batch = make(desk, [image_id], overlap=2)
    say(desk, batch, image_id, "bagel")
    say(bo, batch, image_id, "croissant")
    if is_closed:
        change(desk, batch, state="closed")
    assert undo(desk.client, batch, image_id, 0).json()["type"] == "/problems/nothing-decided"
    assert decide(desk.client, batch, image_id, answer="does_not_belong").json()["answer"] == "does_not_belong"
    assert undo(desk.client, batch, image_id, 1).json()["answer"] == "none"
    assert (show(desk, batch)["disputed"], show(desk, batch)["finished"]) == (1, 0)
    assert desk.drain(order="upload") == []


def test_drawings_are_taken_corrected_and_drawn_anew(board: Board, sign_in: SignIn) -> None:
    bo, client = sign_in("Bo"), board.client
    board.send("POST", "members", json={"email": "bo@bakery.example"})
    pictures = {"kind": "ids", "image_ids": [str(board.image_id)]}
    batch = board.send("POST", "batches", json={"name": "x", "pictures": pictures, "overlap": 2}).json()["batch"]
    address = f"/api/v1/images/{board.image_id}/objects?batch_id={batch['id']}"
    drawn = [board.object(name="bun"), board.object({**BOX, "y1": 95.0, "y2": 130.0}, name="roll")]
    for person, items in ((client, drawn), (bo, [board.object(name="roll")])):
        body = {"put": items, "answer": "objects"}
        assert person.patch(address, json=body, headers={"If-Match": "0"}).status_code == 200
    before = opinions(client, batch, board.image_id)
    ana = next(row["author_id"] for row in before if len(row["objects"]) == 2)
    drafted = decide(client, batch, board.image_id, take=ana, is_draft=True).json()
    assert (drafted["answer"], len(board.shown()["objects"])) == ("none", 2)
    assert client.get(f"/api/v1/batches/{batch['id']}").json()["disputed"] == 1

    moved = {**drawn[1], "shape": {**BOX, "y1": 95.0, "y2": 120.0}}
    fresh = board.object({**BOX, "x1": 1.0, "x2": 9.0}, name="bun")
    own = decide(client, batch, board.image_id, 1, answer="objects", objects=[drawn[0], moved, fresh])
    assert (own.status_code, own.json()["answer"]) == (200, "objects")
    shown = {item["id"]: item for item in board.shown()["objects"]}
    assert shown.keys() == {drawn[0]["id"], drawn[1]["id"], fresh["id"]}
    assert shown[drawn[1]["id"]]["shape"]["y2"] == 120.0
    assert shown[drawn[0]["id"]]["author_id"] == ana
    assert opinions(client, batch, board.image_id) == before

    taken = decide(client, batch, board.image_id, 2, take=ana).json()
    assert len(board.shown()["objects"]) == 2
    assert undo(client, batch, board.image_id, taken["revision"]).json()["answer"] == "objects"
    assert {item["id"] for item in board.shown()["objects"]} == shown.keys()
    faulty = [board.object({**BOX, "x1": 5000.0, "x2": 6000.0})]
    assert decide(client, batch, board.image_id, 4, answer="objects", objects=faulty).status_code == 422
    assert decide(client, batch, board.image_id, 4, answer="objects").json()["answer"] == "objects"
    assert board.shown()["objects"] == []
