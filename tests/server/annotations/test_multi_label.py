"""Images with any number of classes: each is an object whose shape is the whole image, at most once a class."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from modelyard.server.services import AppServices
from tests.factories.images import add_images

WHOLE = {"type": "whole"}
BOX = {"type": "box", "x1": 10.0, "y1": 20.0, "x2": 60.0, "y2": 50.0, "angle": 0.0}


class Table:
    """Images of a multi-label project, and a person who chooses their classes."""

    def __init__(self, client: TestClient, services: AppServices, task: str = "multi_label") -> None:
        self.client = client
        body = {"name": task, "task": task, "classes": ["sweet", "baked", "burnt"]}
        self.project_id = client.post("/api/v1/projects", json=body).json()["id"]
        self.classes = {row["name"]: row["id"] for row in self.send("GET", "classes").json()}
        with services.db.write() as session:
            self.images = add_images(session, UUID(self.project_id), 3)

    def send(self, method: str, path: str, **options: Any) -> Response:
        """Ask below the project."""
        return self.client.request(method, f"/api/v1/projects/{self.project_id}/{path}", **options)

    def object(self, name: str, shape: dict[str, Any] = WHOLE) -> dict[str, Any]:
        """Return a class of the whole image, to be put."""
        return {"id": str(uuid4()), "class_id": self.classes[name], "shape": shape}

    def change(self, at: int, *put: dict[str, Any], revision: int = 0, **body: Any) -> Response:
        """Change an image at this revision."""
        address = f"/api/v1/images/{self.images[at]}/objects"
        return self.client.patch(address, json={"put": list(put), **body}, headers={"If-Match": str(revision)})

    def choose(self, at: int, *names: str) -> None:
        """Say for the first time which classes an image has."""
        answer = self.change(at, *(self.object(name) for name in names), answer="objects")
        assert answer.status_code == 200, answer.text

    def chosen(self, at: int) -> list[str]:
        """Return the names of an image's classes now."""
        names = {id_: name for name, id_ in self.classes.items()}
        shown = self.client.get(f"/api/v1/images/{self.images[at]}/objects").json()
        return sorted(names[row["class_id"]] for row in shown["objects"])

    def counts(self) -> dict[str, int]:
        """Return how many images each class has."""
        return {row["name"]: row["images"] for row in self.send("GET", "classes").json()}


@pytest.fixture
def table(owner: TestClient, services: AppServices) -> Table:
    return Table(owner, services)


def test_classes_are_chosen_withdrawn_and_none_is_an_answer(table: Table) -> None:
    sweet, baked = table.object("sweet"), table.object("baked")
    shown = table.change(0, sweet, baked).json()
    assert (shown["answer"], [row["shape"] for row in shown["objects"]]) == ("none", [WHOLE, WHOLE])
    assert table.change(0, revision=1, delete=[sweet["id"]], answer="objects").json()["revision"] == 2
    assert table.chosen(0) == ["baked"]
    assert table.change(1, answer="objects").json()["objects"] == []
    assert table.change(0, answer="objects", revision=1).status_code in (200, 412)
    status = table.send("GET", "status").json()
    assert (status["labelled"], status["unlabelled"]) == (2, 1)
    assert status["next_step"]["title"] == "Choose the classes of each picture"


def test_an_image_has_a_class_once(table: Table) -> None:
    first, again = table.object("sweet"), table.object("sweet")
    table.change(0, first)
    shown = table.change(0, again, revision=1).json()
    assert [row["id"] for row in shown["objects"]] == [again["id"]]
    other = {**table.object("baked"), "id": first["id"]}
    table.change(0, other, revision=2)
    shown = table.change(0, {**other, "class_id": table.classes["sweet"]}, revision=3).json()
    assert [row["id"] for row in shown["objects"]] == [first["id"]]
    refused = table.change(1, table.object("sweet"), table.object("sweet"))
    assert refused.status_code == 422
    assert "the same class" in refused.json()["detail"]
    assert table.chosen(1) == []


def test_nothing_is_drawn_here_and_tags_go_beside_boxes_elsewhere(table: Table, services: AppServices) -> None:
    refused = table.change(0, table.object("sweet", BOX))
    assert refused.status_code == 422
    assert "have classes as a whole" in refused.json()["detail"]
    elsewhere = Table(table.client, services, "detection")
    elsewhere.change(0, elsewhere.object("sweet", BOX), elsewhere.object("sweet"), elsewhere.object("baked"))
    assert elsewhere.chosen(0) == ["baked", "sweet", "sweet"]
    whole = table.client.patch(
        f"/api/v1/images/{table.images[0]}/objects", json={"put": [], "answer": "class"}, headers={"If-Match": "0"}
    )
    assert whole.status_code == 422


def test_the_later_of_two_people_sees_both(table: Table) -> None:
    table.choose(0, "sweet")
    refused = table.change(0, table.object("baked"))
    assert refused.status_code == 412
    assert [row["class_id"] for row in refused.json()["current"]["objects"]] == [table.classes["sweet"]]


def test_images_are_counted_filtered_and_shown_with_their_classes(table: Table) -> None:
    table.choose(0, "sweet", "baked")
    table.choose(1, "sweet")
    assert table.counts() == {"sweet": 2, "baked": 1, "burnt": 0}
    found = table.send("GET", "images", params={"class_id": table.classes["baked"]}).json()["items"]
    assert [card["id"] for card in found] == [str(table.images[0])]
    assert found[0]["classes"] == [table.classes["sweet"], table.classes["baked"]]
    facets = table.send("GET", "images/counts").json()["facets"]
    assert facets["class"] == {table.classes["sweet"]: 2, table.classes["baked"]: 1}
    assert facets["answer"] == {"objects": 2, "none": 1}
    statistics = table.send("GET", "annotations/statistics").json()
    assert statistics["by_class"] == {table.classes["sweet"]: 2, table.classes["baked"]: 1}


def test_merging_leaves_no_class_twice_and_undo_brings_all_back(table: Table) -> None:
    table.choose(0, "sweet", "baked")
    table.choose(1, "sweet")
    impact = table.send("GET", f"classes/{table.classes['sweet']}/impact", params={"action": "merge"}).json()
    assert impact["annotations"] == 2
    assert table.send(
        "POST", f"classes/{table.classes['sweet']}/merge", json={"into": table.classes["baked"]}
    ).is_success
    assert [table.chosen(at) for at in (0, 1)] == [["baked"], ["baked"]]
    change = table.send("GET", "class-changes").json()
    rows = change["items"] if isinstance(change, dict) else change
    assert table.send("POST", f"class-changes/{rows[0]['id']}/undo").is_success
    assert [table.chosen(at) for at in (0, 1)] == [["baked", "sweet"], ["sweet"]]


def test_a_deleted_class_is_taken_away_and_the_rest_stays(table: Table) -> None:
    table.choose(0, "sweet", "baked")
    impact = table.send("GET", f"classes/{table.classes['sweet']}/impact", params={"action": "delete"}).json()
    assert "keep the rest" in impact["text"]
    assert table.send("DELETE", f"classes/{table.classes['sweet']}").is_success
    assert table.client.get(f"/api/v1/images/{table.images[0]}/objects").json()["answer"] == "objects"
    assert table.counts() == {"baked": 1, "burnt": 0}


def test_what_needs_one_class_an_image_says_so(table: Table) -> None:
    table.choose(0, "sweet")
    assert "several" in table.send("GET", "suggestions/status").json()["needs"]
    assert table.send("POST", "suggestions/refresh").is_success
    assert table.send("POST", "runs", json={}).status_code in (404, 409, 422)
    assert table.send("GET", "models").json()["items"] == []
    answer = table.send(
        "POST",
        "annotations/bulk",
        json={"image_ids": [str(table.images[0])], "answer": "class", "class_id": table.classes["sweet"]},
    )
    assert answer.status_code == 422
