"""The states of one image: each can be looked at, and any can hold again as a new revision."""

from typing import Any

from tests.server.annotations.boards import TRIANGLE, Board
from tests.server.annotations.conftest import Desk


def state(board: Board, revision: int) -> dict[str, Any]:
    """Return the image's state at a revision."""
    answer = board.client.get(f"/api/v1/images/{board.image_id}/states/{revision}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def restore(board: Board, revision: int, *, at: int) -> Any:
    """Let a state hold again."""
    address = f"/api/v1/images/{board.image_id}/states/restore"
    return board.client.post(address, json={"revision": revision}, headers={"If-Match": str(at)})


def seen(found: dict[str, Any]) -> dict[str, str]:
    """Return what became of each object."""
    return {item["id"]: item["change"] for item in found["objects"]}


def plain(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is drawn in a state."""
    shown = [item for item in found["objects"] if item.get("change") != "removed"]
    return sorted(({**item, "change": ""} for item in shown), key=lambda item: item["id"])


def test_a25_every_state_shows_what_changed_and_any_holds_again(board: Board) -> None:
    bun, roll = board.object(), board.object(TRIANGLE, "roll")
    board.change(bun, roll)
    board.change(bun | {"shape": TRIANGLE}, delete=[roll["id"]], answer="objects", revision=1)
    assert seen(state(board, 0)) == {}
    assert seen(state(board, 1)) == {bun["id"]: "added", roll["id"]: "added"}
    assert seen(state(board, 2)) == {bun["id"]: "changed", roll["id"]: "removed"}
    assert (state(board, 1)["answer"], state(board, 2)["answer"], state(board, 1)["latest"]) == ("none", "objects", 2)
    back = restore(board, 1, at=2)
    assert back.status_code == 200, back.text
    assert (back.json()["revision"], back.json()["action"]) == (3, "restore-state")
    assert plain(back.json()) == plain(state(board, 1))
    assert board.waits()  # As it did then.
    assert restore(board, 2, at=3).status_code == 200  # Undone by restoring the state before.
    assert plain(state(board, 4)) == plain(state(board, 2))
    assert state(board, 1) | {"latest": 0} == state(board, 1) | {"latest": 0}
    assert restore(board, 0, at=4).json()["objects"][0]["change"] == "removed"
    assert board.shown()["objects"] == []


def test_it_is_refused_where_somebody_was_faster_and_where_there_was_no_such_state(board: Board) -> None:
    board.change(board.object())
    board.change(board.object(), revision=1)
    late = restore(board, 1, at=1)
    assert (late.status_code, late.json()["current"]["revision"]) == (412, 2)
    assert restore(board, 9, at=2).status_code == 404
    assert board.client.get(f"/api/v1/images/{board.image_id}/states/9").status_code == 404
    assert restore(board, 2, at=2).json()["revision"] == 2  # It holds already.


def test_a_class_that_is_gone_is_named_and_one_that_was_merged_is_followed(board: Board) -> None:
    bun = board.object()
    board.change(bun)
    board.send("DELETE", f"classes/{board.classes['bun']}")
    assert [(row["name"], row["fate"]) for row in state(board, 1)["classes"]] == [("bun", "deleted")]
    refused = restore(board, 1, at=2)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/state-class-gone")
    assert "“bun” was deleted" in refused.json()["detail"] and board.shown()["objects"] == []
    change = board.send("GET", "class-changes").json()[0]
    board.send("POST", f"class-changes/{change['id']}/undo")
    board.send("POST", f"classes/{board.classes['bun']}/merge", json={"into": board.classes["roll"]})
    assert [row["fate"] for row in state(board, 1)["classes"]] == ["merged"]
    latest = state(board, 1)["latest"]
    assert restore(board, 1, at=latest).status_code == 200
    assert [item["class_id"] for item in board.shown()["objects"]] == [board.classes["roll"]]


def test_an_answer_comes_back_as_whose_it_was(desk: Desk, add: Any, sign_in: Any) -> None:
    (image_id,) = add(1)
    ben = sign_in("Ben")
    desk.post("members", email="ben@bakery.example", role="annotator")
    Desk(ben, desk.project_id, desk.classes).put(image_id, "bagel")
    author = desk.get(image_id)["author_id"]
    desk.put(image_id, "croissant", revision=1)
    address = f"/api/v1/images/{image_id}/states/restore"
    assert desk.client.post(address, json={"revision": 1}, headers={"If-Match": "2"}).status_code == 200
    now = desk.get(image_id)
    assert (now["class_id"], now["author_id"], now["revision"]) == (desk.classes["bagel"], author, 3)
    newest = desk.client.get(f"/api/v1/images/{image_id}/annotation/history").json()[0]
    assert (newest["action"], newest["author_name"]) == ("restore-state", "Ana")
