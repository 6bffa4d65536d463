"""Skeletons of classes: kept, checked, changed safely under objects that have points already, and undone."""

from typing import Any

import pytest

from tests.server.annotations.boards import Board

ARM = {"points": ["shoulder", "elbow", "wrist"], "edges": [[0, 1], [1, 2]]}
BENT = {"type": "keypoints", "points": [[10.0, 10.0, 2], [30.0, 10.0, 1], [30.0, 40.0, 2]]}


def put(board: Board, skeleton: dict[str, Any] | None, was: list[int | None] | None = None, name: str = "bun") -> Any:
    """Give a class a skeleton and return it as it is then."""
    body = {"skeleton": skeleton} | ({"was": was} if was is not None else {})
    answer = board.send("PUT", f"classes/{board.classes[name]}/skeleton", json=body)
    assert answer.status_code == 200, answer.text
    return next(row["skeleton"] for row in answer.json() if row["name"] == name)


def impact(board: Board, skeleton: dict[str, Any], was: list[int | None]) -> Any:
    """Ask what a change would touch."""
    body = {"skeleton": skeleton, "was": was}
    return board.send("POST", f"classes/{board.classes['bun']}/skeleton/impact", json=body).json()


def points(board: Board) -> list[Any]:
    """Return the points of every object."""
    return [item["shape"]["points"] for item in board.shown()["objects"]]


def undo_last(board: Board) -> None:
    """Take back the latest change."""
    change = next(row for row in board.send("GET", "class-changes").json() if row["undone_at"] is None)
    assert board.send("POST", f"class-changes/{change['id']}/undo").status_code == 200


def test_a_class_has_points_from_its_making_or_later_and_undo_takes_them(board: Board) -> None:
    made = board.send("POST", "classes", json={"name": "arm", "skeleton": ARM}).json()[-1]
    assert made["skeleton"] == {"pairs": [], "layout": [], **ARM}
    assert put(board, ARM) == made["skeleton"]
    undo_last(board)
    assert board.send("GET", "classes").json()[0]["skeleton"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": []}, "at least 1"),
        ({"points": ["a", "A"], "edges": []}, "two points named"),
        ({"points": [f"p{n}" for n in range(101)]}, "at most 100"),
        ({"edges": [[0, 3]]}, "points go from 0 to 2"),
        ({"edges": [[1, 1]]}, "joined to itself"),
        ({"edges": [[0, 1], [1, 0]]}, "one twice"),
        ({"pairs": [[0, 1], [1, 2]]}, "more than one of the pairs"),
        ({"layout": [[0, 0]]}, "1 places for 3 points"),
        ({"layout": [[0, 0], [0, 2], [0, 1]]}, "outside 0 to 1"),
    ],
)
def test_what_is_no_skeleton_is_refused_and_says_why(board: Board, change: dict[str, Any], said: str) -> None:
    answer = board.send("PUT", f"classes/{board.classes['bun']}/skeleton", json={"skeleton": {**ARM, **change}})
    assert answer.status_code == 422
    assert said in answer.text


def test_objects_get_as_many_points_as_their_class_has(board: Board) -> None:
    put(board, ARM)
    short = {"type": "keypoints", "points": BENT["points"][:2]}
    assert board.change(board.object(short)).json()["objects"][0]["shape"]["points"][2] == [0.0, 0.0, 0]
    long = {"type": "keypoints", "points": [*BENT["points"], [1.0, 1.0, 2]]}
    refused = board.change(board.object(long), revision=1).json()
    assert refused["type"] == "/problems/object-invalid"
    assert "4 points, and objects of the class “bun” have 3" in refused["detail"]


def test_a_changed_order_new_points_and_points_that_go_reach_objects_and_undo_brings_them_back(board: Board) -> None:
    put(board, ARM)
    board.change(board.object(BENT), answer="objects")
    new = {"points": ["hand", "elbow", "tip"]}
    told = impact(board, new, [2, 1, None])
    assert (told["objects"], told["images"], told["lost"]) == (1, 1, [{"name": "shoulder", "objects": 1}])
    assert "“shoulder” goes from 1 of them" in told["text"]
    put(board, new, [2, 1, None])
    assert points(board) == [[[30.0, 40.0, 2], [30.0, 10.0, 1], [0.0, 0.0, 0]]]
    assert board.shown()["answer"] == "objects"
    undo_last(board)
    assert points(board) == [BENT["points"]]


def test_renaming_and_joining_touches_no_object(board: Board) -> None:
    put(board, ARM)
    revision = board.change(board.object(BENT)).json()["revision"]
    new = {"points": ["Schulter", "Ellbogen", "Hand"], "edges": [[0, 2]]}
    assert impact(board, new, [0, 1, 2])["objects"] == 0
    put(board, new, [0, 1, 2])
    assert (board.shown()["revision"], points(board)) == (revision, [BENT["points"]])


def test_what_was_drawn_since_a_change_follows_its_undo(board: Board) -> None:
    put(board, ARM)
    one = board.object(BENT)
    board.change(one)
    put(board, {"points": ["wrist", "elbow"]})
    moved = {"type": "keypoints", "points": [[50.0, 50.0, 2], [5.0, 5.0, 2]]}
    board.change(one | {"shape": moved}, revision=2)
    undo_last(board)
    assert points(board) == [[[0.0, 0.0, 0], [5.0, 5.0, 2], [50.0, 50.0, 2]]]


def test_places_that_do_not_fit_are_refused(board: Board) -> None:
    put(board, ARM)
    for was in ([0, 1], [0, 0, 1], [0, 1, 3]):
        body = {"skeleton": ARM, "was": was}
        answer = board.send("PUT", f"classes/{board.classes['bun']}/skeleton", json=body)
        assert answer.json()["type"] == "/problems/skeleton-invalid"


def test_classes_with_different_points_are_not_merged(board: Board) -> None:
    put(board, ARM)
    put(board, {"points": ["tip"]}, name="roll")
    answer = board.send("POST", f"classes/{board.classes['bun']}/merge", json={"into": board.classes["roll"]})
    assert answer.json()["type"] == "/problems/class-merge-invalid"
