"""Objects drawn into images: changes by object, at a revision; every version is kept."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from modelyard.server.services import AppServices
from modelyard.server.tables import Object
from tests.factories.images import add_images
from tests.server.annotations.boards import BOX, TRIANGLE, Board

MASK = {"type": "mask", "x": 1, "y": 2, "width": 2, "height": 2, "counts": "04"}


def test_what_is_drawn_is_kept_and_the_image_waits_until_it_is_done(board: Board) -> None:
    assert board.shown() == {
        "image_id": str(board.image_id),
        "revision": 0,
        "answer": "none",
        "attributes": {},
        "objects": [],
    }
    for name, kind in {"burnt": "flag", "grams": "number", "note": "text"}.items():
        board.send("POST", "attributes", json={"name": name, "kind": kind})
    one = board.object(attributes={"burnt": True, "grams": 80.5, "note": "a"}, active_s=2.0)
    two = board.object(TRIANGLE, "roll", z=3)
    drawn = board.change(one, two).json()
    assert (drawn["revision"], drawn["answer"]) == (1, "none")
    assert [(item["id"], item["shape"], item["z"]) for item in drawn["objects"]] == [
        (one["id"], BOX, 0),
        (two["id"], TRIANGLE, 3),
    ]
    assert drawn["objects"][0]["attributes"] == one["attributes"]
    assert board.waits()
    assert board.change(revision=1, answer="objects").json()["answer"] == "objects"
    assert not board.waits()
    assert board.shown()["objects"] == drawn["objects"]


def test_nothing_here_is_an_answer(board: Board) -> None:
    assert board.change(answer="objects").json()["objects"] == []
    assert not board.waits()
    status = board.send("GET", "status").json()
    assert (status["labelled"], status["unlabelled"]) == (1, 0)


def test_a_change_names_only_what_changed_and_every_version_is_kept(board: Board, services: AppServices) -> None:
    one, two = board.object(), board.object(TRIANGLE)
    board.change(one, two)
    moved = one | {"shape": BOX | {"x1": 30.0}}
    board.change(moved, revision=1, delete=[two["id"]])
    assert [item["shape"] for item in board.shown()["objects"]] == [moved["shape"]]
    with services.db.read() as session:
        kept = {(str(row.object_id), row.since_revision, row.until_revision) for row in session.query(Object)}
    assert kept == {(one["id"], 1, 2), (two["id"], 1, 2), (one["id"], 2, None)}


def test_a_request_that_comes_twice_changes_nothing(board: Board) -> None:
    one = board.object()
    first, again = (board.change(one, answer="objects").json() for _ in range(2))
    assert first == again and again["revision"] == 1
    gone = [board.change(revision=1, delete=[one["id"]]).json() for _ in range(2)]
    assert gone[0] == gone[1] and gone[0]["objects"] == []


def test_whoever_saw_an_older_revision_gets_both_versions(board: Board) -> None:
    mine, theirs = board.object(), board.object(TRIANGLE)
    board.change(theirs)
    refused = board.change(mine)
    assert (refused.status_code, refused.json()["type"]) == (412, "/problems/objects-changed")
    assert [item["id"] for item in refused.json()["current"]["objects"]] == [theirs["id"]]
    assert [item["id"] for item in board.shown()["objects"]] == [theirs["id"]]


@pytest.mark.parametrize(
    ("shape", "word"),
    [
        ({"type": "star"}, "star"),
        ({}, "type"),
        (BOX | {"x1": "a"}, "x1"),
        (BOX | {"x1": None}, "x1"),
        (BOX | {"x1": 1e30, "x2": 2e30}, "x"),
        ({"type": "polygon", "rings": [[1, 2, 3]]}, "rings"),
        ({"type": "mask", "x": 0, "y": 0, "width": 2, "height": 2, "counts": "zzzz"}, "counts"),
        (BOX | {"x1": 700.0, "x2": 800.0}, "outside"),
    ],
)
def test_what_is_no_shape_is_refused_by_name_and_nothing_is_kept(
    board: Board, shape: dict[str, Any], word: str
) -> None:
    bad, good = board.object(shape), board.object()
    refused = board.change(good, bad)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/object-invalid")
    assert bad["id"] in refused.json()["detail"] and word in refused.json()["detail"]
    assert board.shown()["objects"] == []


def test_shapes_end_at_the_images_edge(board: Board) -> None:
    drawn = board.change(board.object(BOX | {"x1": -50.0, "x2": 5000.0})).json()
    assert (drawn["objects"][0]["shape"]["x1"], drawn["objects"][0]["shape"]["x2"]) == (0.0, 640.0)


def test_one_object_twice_in_a_request_is_refused(board: Board) -> None:
    one = board.object()
    assert board.change(one, one).status_code == 422
    assert board.change(one, delete=[one["id"]]).status_code == 422


def test_answers_of_the_other_task_are_refused(board: Board, project: dict[str, Any], services: AppServices) -> None:
    address = f"/api/v1/images/{board.image_id}/annotation"
    body = {"answer": "class", "class_id": board.classes["bun"]}
    assert board.client.put(address, json=body).json()["type"] == "/problems/answer-does-not-fit"
    with services.db.write() as session:
        (board.image_id,) = add_images(session, UUID(project["id"]), 1)
    assert board.change(answer="objects").json()["type"] == "/problems/answer-does-not-fit"


def test_strangers_see_and_draw_nothing(board: Board, stranger: TestClient) -> None:
    address = f"/api/v1/images/{board.image_id}/objects"
    assert stranger.get(address).status_code == stranger.patch(address, json={}).status_code == 404


@pytest.mark.parametrize("kind", ["merge", "delete"])
def test_merging_and_deleting_a_class_reaches_objects_and_can_be_undone(board: Board, kind: str) -> None:
    bun, roll = board.object(), board.object(TRIANGLE, "roll")
    board.change(bun, roll, answer="objects")
    before = board.shown()["objects"]
    address = f"classes/{board.classes['bun']}"
    impact = board.send("GET", f"{address}/impact", params={"action": kind}).json()
    assert impact["annotations"] == 1
    if kind == "merge":
        board.send("POST", f"{address}/merge", json={"into": board.classes["roll"]})
    else:
        board.send("DELETE", address)
    found = {item["id"]: item["class_id"] for item in board.shown()["objects"]}
    wanted = {bun["id"]: board.classes["roll"]} if kind == "merge" else {}
    assert found == wanted | {roll["id"]: board.classes["roll"]}
    assert board.shown()["answer"] == "objects"
    change_id = board.send("GET", "class-changes").json()[0]["id"]
    board.send("POST", f"class-changes/{change_id}/undo")
    assert board.shown()["objects"] == before


def test_the_grid_counts_and_finds_what_is_drawn(board: Board) -> None:
    board.change(board.object(), answer="objects")
    counts = board.send("GET", "images/counts").json()
    assert counts["facets"]["answer"] == {"objects": 1}
    found = board.send("GET", "images", params={"answer": "objects"}).json()["items"]
    assert [item["id"] for item in found] == [str(board.image_id)]
    images = {row["name"]: row["images"] for row in board.send("GET", "classes").json()}
    assert images == {"bun": 1, "roll": 0}


def test_many_images_are_looked_at_in_rough(board: Board, services: AppServices, stranger: TestClient) -> None:
    board.change(board.object(), board.object(TRIANGLE, "roll"), board.object(MASK))
    body = {"image_ids": [str(board.image_id), "0190b8a0-0000-7000-8000-000000000001"]}
    (found,) = board.send("POST", "objects/outlines", json=body).json()
    assert (found["image_id"], found["total"]) == (str(board.image_id), 3)
    forms = {
        tuple(outline[side] for side in ("x1", "y1", "x2", "y2")): outline["rings"] for outline in found["outlines"]
    }
    assert forms[tuple(BOX[side] for side in ("x1", "y1", "x2", "y2"))] == []
    assert TRIANGLE["rings"] in forms.values()
    assert forms[1, 2, 3, 4] == [[1, 2, 3, 2, 3, 4, 1, 4]]
    assert stranger.post(f"/api/v1/projects/{board.project['id']}/objects/outlines", json=body).status_code == 404
