"""Projects, members, classes and the next step, over HTTP."""

from typing import Any

from fastapi.testclient import TestClient


def test_a_project_is_seen_by_its_members_only(
    owner: TestClient, stranger: TestClient, project: dict[str, Any]
) -> None:
    path = f"/api/v1/projects/{project['id']}"
    assert owner.get(path).json()["members"] == 1
    assert stranger.get(path).status_code == 404
    assert owner.post(f"{path}/members", json={"email": "sam@bakery.example"}).status_code == 201
    assert stranger.get(path).status_code == 200


def test_a_name_is_taken_once(owner: TestClient, project: dict[str, Any]) -> None:
    answer = owner.post("/api/v1/projects", json={"name": "Pastries"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/project-name-taken")


def test_a_deleted_project_can_be_restored(owner: TestClient, project: dict[str, Any]) -> None:
    path = f"/api/v1/projects/{project['id']}"
    assert owner.delete(path).status_code == 204
    assert owner.get(path).status_code == 404
    assert owner.post(f"{path}/restore").json()["name"] == "Pastries"


def test_settings_change_one_by_one(owner: TestClient, project: dict[str, Any]) -> None:
    path = f"/api/v1/projects/{project['id']}"
    owner.patch(path, json={"settings": {"wish_accuracy": 0.8}})
    changed = owner.patch(path, json={"settings": {"left_right_matters": True}}).json()["settings"]
    assert (changed["wish_accuracy"], changed["left_right_matters"]) == (0.8, True)
    wrong = owner.patch(path, json={"settings": {"wish_accuracy": 3}})
    assert wrong.json()["errors"][0]["pointer"] == "/settings/wish_accuracy"


class TestClasses:
    def test_rename_move_and_undo(self, owner: TestClient, project: dict[str, Any]) -> None:
        path = f"/api/v1/projects/{project['id']}"
        bagel = owner.get(f"{path}/classes").json()[1]
        owner.patch(f"{path}/classes/{bagel['id']}", json={"name": "Bagel", "position": 1})
        assert [row["name"] for row in owner.get(f"{path}/classes").json()] == ["Bagel", "croissant"]
        change = owner.get(f"{path}/class-changes").json()[0]
        undone = owner.post(f"{path}/class-changes/{change['id']}/undo").json()
        assert [row["name"] for row in undone] == ["croissant", "bagel"]

    def test_names_are_unique_whatever_their_case(self, owner: TestClient, project: dict[str, Any]) -> None:
        answer = owner.post(f"/api/v1/projects/{project['id']}/classes", json={"name": "Croissant"})
        assert answer.json()["type"] == "/problems/class-name-taken"

    def test_delete_and_undo(self, owner: TestClient, project: dict[str, Any]) -> None:
        path = f"/api/v1/projects/{project['id']}"
        bagel = owner.get(f"{path}/classes").json()[1]
        assert "undo" in owner.get(f"{path}/classes/{bagel['id']}/impact?action=delete").json()["text"]
        change = owner.delete(f"{path}/classes/{bagel['id']}").json()
        assert len(owner.get(f"{path}/classes").json()) == 1
        assert len(owner.post(f"{path}/class-changes/{change['id']}/undo").json()) == 2

    def test_undo_goes_backwards(self, owner: TestClient, project: dict[str, Any]) -> None:
        path = f"/api/v1/projects/{project['id']}"
        first, second = owner.get(f"{path}/class-changes").json()[::-1][:2]
        assert owner.post(f"{path}/class-changes/{first['id']}/undo").json()["type"] == "/problems/class-change-too-old"
        assert owner.post(f"{path}/class-changes/{second['id']}/undo").status_code == 200

    def test_merge_needs_two(self, owner: TestClient, project: dict[str, Any]) -> None:
        path = f"/api/v1/projects/{project['id']}"
        one, two = owner.get(f"{path}/classes").json()
        assert owner.post(f"{path}/classes/{one['id']}/merge", json={"into": one["id"]}).status_code == 422
        assert len(owner.post(f"{path}/classes/{one['id']}/merge", json={"into": two["id"]}).json()) == 1


def test_an_empty_project_says_what_to_do(owner: TestClient, project: dict[str, Any]) -> None:
    status = owner.get(f"/api/v1/projects/{project['id']}/status").json()
    assert (status["images"], status["next_step"]["code"]) == (0, "import")
