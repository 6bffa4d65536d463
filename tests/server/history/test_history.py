"""The history of a project and of the installation: read, searched, written out, and never rewritten."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from modelyard.server.accounts.repository import record
from modelyard.server.services import AppServices
from modelyard.server.tables import AnnotationRevision, AuditEntry
from tests.server.annotations.conftest import Desk, add, board, desk

__all__ = ["add", "board", "desk"]

Add = Callable[..., list[UUID]]


def history(desk: Desk, **params: Any) -> list[dict[str, Any]]:
    """Return the newest events of the project."""
    answer = desk.client.get(f"/api/v1/projects/{desk.project_id}/history", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def pages(desk: Desk, **params: Any) -> Iterator[list[dict[str, Any]]]:
    """Walk the pages of the project's history."""
    cursor = None
    while True:
        query = {**params, **({"cursor": cursor} if cursor else {})}
        answer = desk.client.get(f"/api/v1/projects/{desk.project_id}/history", params=query).json()
        yield answer["items"]
        cursor = answer["next_cursor"]
        if cursor is None:
            return


def test_a25_changes_of_all_kinds_stand_in_one_list_with_before_and_after(desk: Desk, add: Add) -> None:
    first, second, third = add(3)
    desk.put(first, "bagel")
    desk.put(first, "croissant", revision=1)
    desk.post("annotations/bulk", image_ids=[str(second), str(third)], answer="not_sure")
    add(3)
    made = desk.post("batches", name="Monday", pictures={"kind": "next", "count": 3, "order": "random"}, overlap=2)
    assert made.status_code == 201, made.text
    desk.client.patch(f"/api/v1/batches/{made.json()['batch']['id']}", json={"overlap": 3})
    desk.client.patch(f"/api/v1/projects/{desk.project_id}", json={"name": "Cakes"})
    told = [(row["action"], row["before"], row["after"]) for row in history(desk)[:6]]
    assert told[0] == ("project.changed", {"name": "Pastries"}, {"name": "Cakes"})
    assert told[1] == ("batch.updated", {"overlap": 2}, {"overlap": 3})
    assert told[2][0] == "batch.created"
    assert told[3] == ("annotation.bulk", None, {"answer": "not_sure", "class": None})
    assert told[4] == ("annotation.label", {"class": "bagel"}, {"class": "croissant"})
    assert told[5] == ("annotation.label", {"answer": "none", "class": None}, {"answer": "class", "class": "bagel"})
    rows = history(desk)
    assert [row["text"] for row in rows[1:4]] == [
        *("changed the batch “Monday”", "made the batch “Monday” of 3 pictures", "labelled 2 pictures"),
    ]
    assert {row["actor_name"] for row in rows} == {"Ana"}
    assert (rows[3]["images"], rows[3]["image_id"], rows[4]["image_id"]) == (2, None, str(first))


def test_what_was_drawn_is_counted(board: Any) -> None:
    bun, roll = board.object(), board.object(name="roll")
    board.change(bun, roll)
    board.change(bun | {"class_id": board.classes["roll"]}, delete=[roll["id"]], revision=1)
    rows = board.send("GET", "history", params={"kind": "annotation"}).json()["items"]
    assert [row["details"]["objects"] for row in rows] == [
        {"added": 0, "changed": 1, "removed": 1},
        {"added": 2, "changed": 0, "removed": 0},
    ]


def test_pages_follow_each_other_without_a_gap_or_a_repetition(desk: Desk, add: Add) -> None:
    for number, image_id in enumerate(add(5)):
        desk.put(image_id, "bagel")
        desk.client.patch(f"/api/v1/projects/{desk.project_id}", json={"description": str(number)})
    whole = [row["id"] for row in history(desk, limit=500)]
    assert [row["id"] for page in pages(desk, limit=3) for row in page] == whole
    assert sorted(whole, reverse=True) == whole
    assert desk.client.get(f"/api/v1/projects/{desk.project_id}/history?cursor=x").status_code == 422


def test_it_is_narrowed_by_person_kind_time_and_text(desk: Desk, add: Add, sign_in: Callable[..., TestClient]) -> None:
    ben = sign_in("Ben")
    desk.post("members", email="ben@bakery.example", role="manager")
    (one, two) = add(2)
    Desk(ben, desk.project_id, desk.classes).put(one, "bagel")
    desk.put(two, "croissant")
    people = desk.client.get(f"/api/v1/projects/{desk.project_id}/history/people").json()
    assert [row["name"] for row in people] == ["Ana", "Ben"]
    assert [row["text"] for row in history(desk, person=people[1]["id"])] == [f"labelled {one}.jpg"]
    assert {row["kind"] for row in history(desk, kind=["class", "member"])} == {"class", "member"}
    assert "annotation" in desk.client.get(f"/api/v1/projects/{desk.project_id}/history/kinds").json()
    by_class = [row["action"] for row in history(desk, text="Bagel")]
    assert by_class == ["annotation.label", "class.add"]
    assert [row["text"] for row in history(desk, text=str(two).upper())] == [f"labelled {two}.jpg"]
    assert history(desk, text="100%_\\") == []
    moment = history(desk, text=str(two))[0]["at"]
    assert len(history(desk, since=moment)) == 1
    assert "annotation.label" in {row["action"] for row in history(desk, until=moment)}
    assert desk.client.get(f"/api/v1/projects/{desk.project_id}/history?since=2026-01-01T00:00:00").status_code == 422


def test_a_table_of_it_holds_no_formula_and_lines_hold_all(desk: Desk, add: Add) -> None:
    desk.client.patch(f"/api/v1/projects/{desk.project_id}", json={"name": "=SUM(A1)"})
    desk.put(add(1)[0], "bagel")
    home = f"/api/v1/projects/{desk.project_id}/history"
    table = desk.client.get(f"{home}/export")
    assert "attachment" in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.text)))
    lines = [json.loads(line) for line in desk.client.get(f"{home}/export?format=jsonl").text.splitlines()]
    assert [row["id"] for row in rows] == [line["id"] for line in lines] == [row["id"] for row in history(desk)]
    assert lines == history(desk)
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    gone = {"ids": [str(add(1)[0])]}
    deleted = desk.client.request("DELETE", f"/api/v1/projects/{desk.project_id}/images", json=gone)
    assert deleted.status_code == 200
    [line] = desk.client.get(f"{home}/export?format=jsonl&kind=image").text.splitlines()
    assert json.loads(line)["text"] == "deleted 1 picture"


def test_the_installation_has_a_history_of_its_own(owner: TestClient, sign_in: Callable[..., TestClient]) -> None:
    ben = sign_in("Ben")
    wrong = {"email": "ben@bakery.example", "password": "wrong"}
    assert ben.post("/api/v1/session", json=wrong).status_code == 401
    rows = owner.get("/api/v1/installation/history").json()["items"]
    assert [(row["action"], row["actor_name"]) for row in rows[:3]] == [
        *(("session.refused", None), ("session.opened", "Ben"), ("account.created", "Ben")),
    ]
    assert [row["name"] for row in owner.get("/api/v1/installation/history/people").json()] == ["Ana", "Ben"]
    assert owner.get("/api/v1/installation/history/kinds").json() == ["account", "session"]
    found = owner.get("/api/v1/installation/history/export", params={"kind": "session", "text": "BEN@"}).text
    assert len(found.splitlines()) == 2
    assert ben.get("/api/v1/installation/history").status_code == 403


def test_nothing_in_it_can_be_changed_or_deleted(services: AppServices, desk: Desk, add: Add) -> None:
    desk.put(add(1)[0], "bagel")
    row, entry = AnnotationRevision, AuditEntry
    for statement in (
        update(entry).values(action="nothing.happened"),
        delete(entry),
        update(row).values(answer="none"),
        update(row).values(author_id=None),
        delete(row),
    ):
        with pytest.raises(DatabaseError, match="only ever added to"), services.db.write() as session:
            session.execute(statement)


def test_an_action_that_nobody_has_words_for_is_shown_by_its_name(services: AppServices, desk: Desk) -> None:
    with services.db.write() as session:
        record(session, "oven.lit_again", actor_id=None, project_id=UUID(desk.project_id), degrees=230)
    [row] = history(desk, text="230")
    assert (row["text"], row["actor_name"], row["details"]) == ("oven: lit again", None, {"degrees": 230})
