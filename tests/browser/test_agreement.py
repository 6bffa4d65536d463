"""People differ: how far is said on a page, the pictures are found from it, and somebody decides them by keyboard."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from modelyard.server.accounts import repository
from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.actor import ALL_SCOPES, Actor
from modelyard.server.accounts.schemas import Registration
from modelyard.server.annotations import object_schemas, schemas
from modelyard.server.annotations.service import labelling
from tests.browser.conftest import EMAIL, Installation

BO = {"email": "bo.agrees@example.org", "password": "correct horse battery"}
BOX = {"type": "box", "x1": 40.0, "y1": 30.0, "x2": 120.0, "y2": 110.0, "angle": 0.0}


@pytest.fixture
def people(installation: Installation) -> list[Actor]:
    """Return Anna and Bo as the server's own functions know them."""
    with installation.services.db.write() as session:
        if repository.user_by_email(session, BO["email"]) is None:
            accounts.register(session, Registration(name="Bo", **BO), is_admin=False)
        users = [repository.user_by_email(session, email) for email in (EMAIL, BO["email"])]
    return [
        Actor(user.id, user.name, is_admin=False, scopes=ALL_SCOPES, via="cookie", wants="label")
        for user in users
        if user
    ]


def batch_of(installation: Installation, project_id: str, count: int) -> str:
    installation.json("POST", f"/projects/{project_id}/members", json={"email": BO["email"], "role": "annotator"})
    body = {"name": "First three", "pictures": {"kind": "next", "count": count, "order": "upload"}, "overlap": 2}
    return str(installation.json("POST", f"/projects/{project_id}/batches", json=body)["batch"]["id"])


def look(page: Any, name: str) -> None:
    """Keep a picture of a page where MODELYARD_SHOTS names a folder for them."""
    if folder := os.environ.get("MODELYARD_SHOTS"):
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_classes_people_differ_in_are_found_decided_and_taken_back(
    page: Any, installation: Installation, people: list[Actor]
) -> None:
    project_id = installation.project("Agreement")
    pictures = list(installation.fill(project_id, 1))
    classes = installation.class_ids(project_id)
    batch_id = batch_of(installation, project_id, 3)
    page.goto(f"/projects/{project_id}/batches/agreement")
    page.get_by_test_id("empty").get_by_text("Nothing to compare yet").wait_for()
    with installation.services.db.write() as session:
        for actor, said in zip(people, (("bun", "bun", "bun"), ("bun", "leaf", "plum")), strict=True):
            for image_id, name in zip(pictures, said, strict=True):
                put = schemas.AnnotationPut(answer="class", class_id=UUID(classes[name]))
                labelling.put(session, actor, UUID(image_id), put, expected=0, batch_id=UUID(batch_id))

    page.goto(f"/projects/{project_id}/batches/{batch_id}")
    page.get_by_role("link", name="Agreement").click()
    page.get_by_text("Two people agree in 33 % of pictures").wait_for()
    look(page, "agreement")
    page.get_by_test_id("pairs").get_by_role("button", name="Anna and Bo agree in 33 %").click()
    drawer = page.get_by_test_id("differing")
    drawer.get_by_text("to decide").nth(1).wait_for()
    assert drawer.locator("img").count() == 2
    look(page, "differing")
    drawer.get_by_role("link").first.click()

    decide = page.get_by_test_id("decide")
    decide.get_by_text("2 pictures to decide").wait_for()
    first = page.locator("[data-testid=overlay][data-image-id]").get_attribute("data-image-id")
    said = page.get_by_test_id("opinions")
    said.get_by_text("Bo").wait_for()
    look(page, "decide")
    page.keyboard.press("2")
    page.locator(f"[data-testid=overlay][data-image-id]:not([data-image-id='{first}'])").wait_for()
    decide.get_by_text("1 picture to decide").wait_for()
    page.keyboard.press("Control+z")
    page.locator(f"[data-testid=overlay][data-image-id='{first}']").wait_for()
    decide.get_by_text("2 pictures to decide").wait_for()
    said.get_by_role("button", name="Take the answer of Anna").click()
    page.locator(f"[data-testid=overlay][data-image-id]:not([data-image-id='{first}'])").wait_for()
    said.get_by_text("Bo").wait_for()
    page.keyboard.press("x")
    page.get_by_text("Nothing left to decide").wait_for()
    look(page, "decided")
    found = [installation.json("GET", f"/images/{image_id}/annotation") for image_id in pictures]
    assert sorted(row["answer"] for row in found) == ["class", "class", "does_not_belong"]
    for image_id in pictures:
        assert len(installation.json("GET", f"/batches/{batch_id}/images/{image_id}/opinions")) == 2


def test_drawings_lie_over_each_other_and_one_is_corrected(
    page: Any, installation: Installation, people: list[Actor]
) -> None:
    body = {"name": "Drawn apart", "task": "detection", "classes": ["bun", "leaf", "plum"]}
    project_id = str(installation.json("POST", "/projects", json=body)["id"])
    (image_id, *_) = installation.fill(project_id, 1)
    classes = installation.class_ids(project_id)
    batch_id = batch_of(installation, project_id, 1)
    drawn = (("bun", BOX), ("plum", {**BOX, "x1": 60.0}))
    with installation.services.db.write() as session:
        for actor, (name, shape) in zip(people, drawn, strict=True):
            item = object_schemas.ObjectPut(id=uuid4(), class_id=UUID(classes[name]), shape=shape)
            change = object_schemas.ObjectsChange(put=[item], answer="objects")
            labelling.change_objects(session, actor, UUID(image_id), change, expected=0, batch_id=UUID(batch_id))

    page.goto(f"/projects/{project_id}/batches/{batch_id}")
    page.get_by_role("link", name="Decide").click()
    overlay = page.locator(f"[data-testid=overlay][data-image-id='{image_id}']")
    overlay.wait_for()
    said = page.get_by_test_id("opinions")
    said.get_by_text("1 object: 1 plum").wait_for()
    look(page, "decide-drawn")
    page.keyboard.press("Shift+Digit1")
    said.get_by_role("button", name="Show what Anna drew").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    page.locator(f"[data-testid=surface][data-image-id='{image_id}']").wait_for()
    page.get_by_test_id("objects").get_by_text("plum").wait_for()
    look(page, "decide-edit")
    page.keyboard.press("Control+a")
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Nothing left to decide").wait_for()
    shown = installation.json("GET", f"/images/{image_id}/objects")
    assert (shown["answer"], [item["class_id"] for item in shown["objects"]]) == ("objects", [classes["leaf"]])
    page.get_by_role("button", name="Undo").click()
    overlay.wait_for()
    page.get_by_text("1 picture to decide").wait_for()
    assert installation.json("GET", f"/images/{image_id}/objects")["answer"] == "none"
