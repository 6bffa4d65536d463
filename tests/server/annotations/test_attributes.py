"""Attributes: defined in the project, checked when values are saved, hidden and back when deleted and undone."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.server.annotations.boards import TRIANGLE, Board

STATE = {"name": "state", "kind": "choice", "choices": ["raw", "baked"]}


def add(board: Board, body: dict[str, Any]) -> dict[str, Any]:
    """Add an attribute and return it."""
    answer = board.send("POST", "attributes", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = next(
        row for row in answer.json() if (row["name"], row["subject"]) == (body["name"], body.get("subject", "object"))
    )
    return found


def undo_last(board: Board) -> int:
    """Take back the latest change of the project's list."""
    change = next(row for row in board.send("GET", "class-changes").json() if row["undone_at"] is None)
    return board.send("POST", f"class-changes/{change['id']}/undo").status_code


def values(board: Board) -> list[dict[str, Any]]:
    """Return the values of every object, from below."""
    return [item["attributes"] for item in board.shown()["objects"]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"stade": "raw"}, "There is no attribute “stade” for objects of the class “bun”; known: “state”, “burnt”"),
        ({"state": "black"}, "“state” must be one of “raw”, “baked”, not “black”"),
        ({"burnt": "yes"}, "“burnt” must be yes or no (true or false), not “yes”"),
        ({"grams": "12"}, "“grams” must be a number between -1e15 and 1e15, not “12”"),
        ({"grams": 1e300}, "“grams” must be a number"),
        ({"note": 5}, "“note” must be text"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_object_attribute_and_what_it_takes(
    board: Board, given: dict[str, Any], said: str
) -> None:
    add(board, STATE)
    for name, kind in {"burnt": "flag", "grams": "number", "note": "text"}.items():
        add(board, {"name": name, "kind": kind})
    good, bad = board.object(attributes={"state": "raw", "grams": 2.5}), board.object(attributes=given)
    refused = board.change(good, bad)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/attribute-value-invalid")
    assert refused.json()["detail"].startswith(f"Object {bad['id']}: {said}")
    assert refused.json()["errors"][0]["detail"].startswith(f"Object {bad['id']}")
    assert board.shown()["objects"] == []


def test_what_is_no_number_at_all_is_refused_and_nothing_is_kept(board: Board) -> None:
    add(board, {"name": "grams", "kind": "number"})
    one = board.object(attributes={"grams": float("nan")})
    address = f"/api/v1/images/{board.image_id}/objects"
    headers = {"Content-Type": "application/json"}
    refused = board.client.patch(address, content=json.dumps({"put": [one]}), headers=headers)
    assert refused.status_code == 422
    assert board.shown()["objects"] == []


def test_an_attribute_of_one_class_is_asked_of_no_other(board: Board) -> None:
    add(board, {"name": "seeds", "kind": "number", "class_id": board.classes["bun"]})
    assert board.change(board.object(attributes={"seeds": 3.0})).status_code == 200
    refused = board.change(board.object(TRIANGLE, "roll", attributes={"seeds": 3.0}), revision=1)
    assert "for objects of the class “roll”" in refused.json()["detail"]


def test_two_attributes_that_one_object_could_have_never_share_a_name(board: Board) -> None:
    add(board, {"name": "size", "kind": "number", "class_id": board.classes["bun"]})
    add(board, {"name": "size", "kind": "text", "class_id": board.classes["roll"]})
    add(board, {"name": "size", "kind": "text", "subject": "image"})
    for more in ({}, {"class_id": board.classes["bun"]}, {"subject": "image"}):
        answer = board.send("POST", "attributes", json={"name": "SIZE", "kind": "text", **more})
        assert answer.json()["type"] == "/problems/attribute-name-taken"


def test_the_image_has_values_of_its_own_at_a_revision(board: Board) -> None:
    add(board, {"name": "light", "kind": "choice", "choices": ["day", "night"], "subject": "image"})
    said = board.change(attributes={"light": "day"}).json()
    assert (said["revision"], said["answer"], said["attributes"]) == (1, "none", {"light": "day"})
    assert board.change(attributes={"light": "day"}).json()["revision"] == 1
    moved = board.change(board.object(), answer="objects", revision=1).json()
    assert moved["attributes"] == {"light": "day"}
    refused = board.change(attributes={"light": "night"}, revision=1)
    assert (refused.status_code, refused.json()["current"]["attributes"]) == (412, {"light": "day"})
    wrong = board.change(attributes={"light": "dusk"}, revision=2).json()
    assert wrong["detail"] == "The image: “light” must be one of “day”, “night”, not “dusk”."


def test_values_follow_a_new_name_and_renamed_choices_and_undo(board: Board) -> None:
    state = add(board, STATE)
    add(board, {"name": "light", "kind": "text", "subject": "image"})
    board.change(board.object(attributes={"state": "raw"}), attributes={"light": "dim"})
    body = {"name": "baking", "renamed_choices": {"raw": "dough"}}
    answer = board.send("PATCH", f"attributes/{state['id']}", json=body)
    assert answer.json()[0]["choices"] == ["dough", "baked"]
    assert values(board) == [{"baking": "dough"}]
    assert undo_last(board) == 200
    assert values(board) == [{"state": "raw"}]
    light = board.send("GET", "attributes").json()[1]
    board.send("PATCH", f"attributes/{light['id']}", json={"name": "brightness"})
    assert board.shown()["attributes"] == {"brightness": "dim"}


def test_deleting_says_what_it_hides_and_undo_brings_values_back_though_the_object_was_changed(board: Board) -> None:
    state = add(board, STATE)
    one = board.object(attributes={"state": "raw"})
    board.change(one)
    impact = board.send("GET", f"attributes/{state['id']}/impact").json()
    assert (impact["values"], impact["by_choice"]) == (1, {"raw": 1, "baked": 0})
    assert board.send("DELETE", f"attributes/{state['id']}").status_code == 200
    assert values(board) == [{}]
    board.change(one | {"z": 4, "attributes": {}}, revision=1)
    assert undo_last(board) == 200
    assert values(board) == [{"state": "raw"}]


def test_what_was_there_before_a_choice_went_may_stay(board: Board) -> None:
    state = add(board, STATE)
    one = board.object(attributes={"state": "raw"})
    board.change(one)
    board.send("PATCH", f"attributes/{state['id']}", json={"choices": ["baked"]})
    assert board.change(one | {"z": 1}, revision=1).status_code == 200
    assert board.change(board.object(attributes={"state": "raw"}), revision=2).status_code == 422


def test_attributes_are_reordered_and_added_ones_taken_back_unless_they_have_values(board: Board) -> None:
    first, second = add(board, STATE), add(board, {"name": "burnt", "kind": "flag"})
    listed = board.send("PATCH", f"attributes/{second['id']}", json={"position": 1}).json()
    assert [row["name"] for row in listed] == ["burnt", "state"]
    assert undo_last(board) == 200
    board.change(board.object(attributes={"burnt": True}))
    assert undo_last(board) == 409
    assert [row["id"] for row in board.send("GET", "attributes").json()] == [first["id"], second["id"]]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "a", "kind": "choice"},
        {"name": "a", "kind": "text", "choices": ["b"]},
        {"name": "a", "kind": "choice", "choices": ["b", "b"]},
        {"name": 'a"b', "kind": "text"},
        {"name": " ", "kind": "text"},
    ],
)
def test_what_is_no_attribute_is_refused(board: Board, body: dict[str, Any]) -> None:
    assert board.send("POST", "attributes", json=body).status_code == 422


def test_images_of_a_classification_project_have_values_too(owner: TestClient, project: dict[str, Any]) -> None:
    from tests.factories.pictures import picture

    path = f"/api/v1/projects/{project['id']}"
    image_id = owner.post(f"{path}/images", params={"name": "a.jpg"}, content=picture()).json()["image"]["id"]
    owner.post(f"{path}/attributes", json={"name": "sharp", "kind": "flag", "subject": "image"})
    address = f"/api/v1/images/{image_id}/annotation"
    said = owner.put(address, json={"answer": "not_sure", "attributes": {"sharp": True}}).json()
    assert (said["answer"], said["attributes"], said["revision"]) == ("not_sure", {"sharp": True}, 1)
    body = {"answer": "does_not_belong"}
    assert owner.put(address, json=body, headers={"If-Match": "1"}).json()["attributes"] == {"sharp": True}
    wrong = owner.put(address, json=body | {"attributes": {"sharp": "so"}}, headers={"If-Match": "2"})
    assert wrong.json()["type"] == "/problems/attribute-value-invalid"


def test_describing_an_image_is_no_answer_and_keeps_what_became_of_the_suggestion(
    owner: TestClient, project: dict[str, Any]
) -> None:
    from tests.factories.pictures import picture

    path = f"/api/v1/projects/{project['id']}"
    image_id = owner.post(f"{path}/images", params={"name": "a.jpg"}, content=picture()).json()["image"]["id"]
    owner.post(f"{path}/attributes", json={"name": "sharp", "kind": "flag", "subject": "image"})
    address = f"/api/v1/images/{image_id}/annotation"

    def put(revision: int, **body: Any) -> dict[str, Any]:
        answer = owner.put(address, json=body, headers={"If-Match": str(revision)})
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    described = put(0, answer="none", attributes={"sharp": True})
    assert (described["answer"], described["attributes"], described["revision"]) == ("none", {"sharp": True}, 1)
    assert owner.get(f"{path}/status").json()["unlabelled"] == 1
    class_id = owner.get(f"{path}/classes").json()[0]["id"]
    shown = {"class_id": class_id, "score": 0.9, "version": "quick-1"}
    put(1, answer="class", class_id=class_id, suggestion=shown)
    said = put(2, answer="class", class_id=class_id, attributes={"sharp": False})
    assert (said["suggestion_outcome"], said["attributes"]) == ("accepted", {"sharp": False})
    history = owner.get(f"{address}/history").json()
    assert [row["action"] for row in history] == ["describe", "label", "describe"]
    assert owner.get(f"{path}/annotations/statistics").json()["accepted"] == 1
    assert put(2, answer="class", class_id=class_id, attributes={"sharp": False})["revision"] == 3
