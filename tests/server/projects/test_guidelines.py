"""Guidelines: versions, examples, who changed what first, bringing back, and what a person has read."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from modelyard.server.services import AppServices
from tests.factories.images import add_images
from tests.server.members import Join, join


@pytest.fixture
def home(project: dict[str, Any]) -> str:
    return f"/api/v1/projects/{project['id']}"


@pytest.fixture
def member(app: FastAPI, services: AppServices, project: dict[str, Any]) -> Join:
    return partial(join, app, services, project["id"])


def save(client: TestClient, home: str, text: str, based_on: int = 0, **body: Any) -> Response:
    asked = {"class_id": None, "text": text, "based_on": based_on, **body}
    return client.post(f"{home}/guidelines", json=asked)


def problem(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def test_every_save_is_a_version_and_older_ones_come_back(owner: TestClient, home: str) -> None:
    assert owner.get(f"{home}/guidelines").json() == []
    first = save(owner, home, "Label **every** pastry.").json()
    second = save(owner, home, "Only whole ones.", 1, note="No crumbs").json()
    assert (first["number"], second["number"], second["author_name"], second["read_number"]) == (1, 2, "Ana", 2)
    assert save(owner, home, "Only whole ones.", 2, note="Again").json()["number"] == 2  # Nothing changed.
    versions = owner.get(f"{home}/guidelines/versions").json()
    assert [(row["number"], row["note"], row["text"]) for row in versions] == [
        (2, "No crumbs", "Only whole ones."),
        (1, "", "Label **every** pastry."),
    ]
    restored = owner.post(f"/api/v1/guideline-versions/{first['id']}/restore").json()
    assert (restored["number"], restored["restored_from"], restored["text"]) == (3, 1, "Label **every** pastry.")
    assert len(owner.get(f"{home}/guidelines/versions").json()) == 3


def test_nobody_overwrites_what_another_saved(owner: TestClient, home: str, member: Join) -> None:
    max_ = member("Max", "manager")
    save(owner, home, "One.")
    assert save(max_, home, "Two.", 1).status_code == 200
    refused = save(owner, home, "Mine.", 1)
    assert problem(refused) == (409, "guidelines-changed") and refused.json()["number"] == 2
    assert owner.get(f"{home}/guidelines").json()[0]["text"] == "Two."


def test_classes_have_their_own_with_examples(
    owner: TestClient, home: str, services: AppServices, project: dict[str, Any]
) -> None:
    bun, bagel = (row["id"] for row in owner.get(f"{home}/classes").json())
    with services.db.write() as session:
        good, bad = add_images(session, UUID(project["id"]), 2)
    examples = [
        {"image_id": str(good), "verdict": "good", "caption": "Layers are seen"},
        {"image_id": str(bad), "verdict": "bad"},
    ]
    save(owner, home, "Bagels have a hole.", class_id=bagel)
    save(owner, home, "Buns have none.", class_id=bun, examples=examples)
    save(owner, home, "Read this first.")
    found = owner.get(f"{home}/guidelines").json()
    assert [row["class_id"] for row in found] == [None, bun, bagel]
    assert [(e["verdict"], e["caption"], e["is_missing"]) for e in found[1]["examples"]] == [
        ("good", "Layers are seen", False),
        ("bad", "", False),
    ]
    owner.request("DELETE", f"{home}/images", json={"ids": [str(bad)]})
    assert [e["is_missing"] for e in owner.get(f"{home}/guidelines").json()[1]["examples"]] == [False, True]
    refused = save(owner, home, "x", 1, examples=[{"image_id": str(bad), "verdict": "good"}])
    assert problem(refused) == (422, "example-unknown")
    assert problem(save(owner, home, "x", class_id=str(uuid4()))) == (404, "class-not-found")
    assert problem(save(owner, home, "x" * 20_001)) == (422, "request-invalid")
    assert problem(save(owner, home, "x", 1, examples=examples[:1] * 25)) == (422, "request-invalid")
    owner.delete(f"{home}/classes/{bagel}")
    assert [row["class_id"] for row in owner.get(f"{home}/guidelines").json()] == [None, bun]


def test_a_person_sees_what_changed_since_they_read_it(owner: TestClient, home: str, member: Join) -> None:
    ben = member("Ben")
    save(owner, home, "One.")

    def read() -> int | None:
        number: int | None = ben.get(f"{home}/guidelines").json()[0]["read_number"]
        return number

    assert read() is None
    news = ben.get("/api/v1/me/notifications").json()["items"]
    assert [row["text"] for row in news] == ["Ana changed the guidelines of the project “Pastries”."]
    assert ben.post(f"{home}/guidelines/read", json={"class_id": None, "number": 1}).status_code == 204
    save(owner, home, "Two.", 1)
    assert read() == 1
    for number, expected in ((99, 2), (1, 2)):
        ben.post(f"{home}/guidelines/read", json={"class_id": None, "number": number})
        assert read() == expected
    assert problem(ben.post(f"{home}/guidelines/read", json={"class_id": str(uuid4()), "number": 1}))[0] == 404
    assert problem(save(ben, home, "Mine.", 2)) == (403, "role-missing")
