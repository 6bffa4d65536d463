"""Seeing the work: what people did, how classes fare, who is where; and audits of suggestions taken unchanged."""

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import update

from modelyard.server.services import AppServices
from modelyard.server.tables import User
from tests.server.annotations.conftest import Desk
from tests.server.annotations.test_gold import bo as bo  # noqa: PLC0414 - a fixture
from tests.server.annotations.test_gold import label, make, mark

Add = Callable[..., list[UUID]]


def get(desk: Desk, path: str) -> Any:
    answer = desk.client.get(f"/api/v1/projects/{desk.project_id}/work/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def guess(desk: Desk, name: str) -> dict[str, Any]:
    return {"class_id": desk.classes[name], "score": 0.9, "version": "quick-1"}


def test_people_and_classes_are_counted_and_each_person_sees_their_own(
    desk: Desk, bo: Desk, add: Add, services: AppServices
) -> None:
    ids = add(4)
    desk.put(ids[0], "bagel", active_s=2.0, suggestion=guess(desk, "bagel"))
    desk.put(ids[1], "croissant", active_s=4.0, suggestion=guess(desk, "bagel"))
    batch = make(desk, ids[2:])
    label(bo, batch, ids[2], "bagel")
    rows = {row["name"]: row for row in get(desk, "people")}
    mine = rows.pop("Ana")
    assert (mine["pictures"], mine["seconds_each"], mine["accepted"], mine["corrected"]) == (2, 3.0, 1, 1)
    assert [row["pictures"] for row in rows.values()] == [1]
    assert [row["name"] for row in get(bo, "people")] == ["Bo"]
    assert [row["pictures"] for row in get(desk, f"people?batch_id={batch['id']}")] == [1]
    (bagel,) = [row for row in get(desk, "classes") if row["name"] == "bagel"]
    assert (bagel["count"], bagel["suggested"], bagel["corrected"], bagel["corrected_share"]) == (2, 2, 1, 0.5)
    assert bo.client.get(f"/api/v1/projects/{desk.project_id}/work/classes").status_code == 403
    with services.db.write() as session:
        session.execute(update(User).where(User.name == "Bo").values(name="=HYPERLINK(1)"))
    table = desk.client.get(f"/api/v1/projects/{desk.project_id}/work/people.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert [row["name"] for row in csv.DictReader(io.StringIO(table.text))] == ["Ana", "'=HYPERLINK(1)"]
    assert "bagel,2," in desk.client.get(f"/api/v1/projects/{desk.project_id}/work/classes.csv").text


def test_known_pictures_are_work_like_any_other_to_whoever_labels_them(desk: Desk, bo: Desk, add: Add) -> None:
    gold = add(1)
    mark(desk, gold, is_onboarding=True)
    batch = make(desk, add(2))
    (item,) = bo.next(batch_id=batch["id"])["items"]
    label(bo, batch, item["image"]["id"], "bagel")
    (mine,) = get(bo, "people")
    assert (mine["pictures"], mine["gold"]["known"]) == (1, 0)  # Told from the next day on.
    assert [row["name"] for row in get(desk, "people") if row["pictures"]] == ["Ana"]


def test_who_has_what_on_the_screen_is_seen(desk: Desk, bo: Desk, add: Add) -> None:
    batch = make(desk, add(3), order="upload")
    (item,) = bo.next(batch_id=batch["id"])["items"]
    address = f"/api/v1/batches/{batch['id']}/on-screens"
    (here,) = desk.client.get(address).json()
    assert (here["name"], here["pictures"], here["image_id"]) == ("Bo", 1, item["image"]["id"])
    assert bo.client.get(address).json()[0]["image_id"] is None
    bo.post("queue/release", lease_tokens=[item["lease_token"]])
    assert desk.client.get(address).json() == []


def test_an_audit_measures_suggestions_that_were_taken_unchanged(desk: Desk, bo: Desk, add: Add) -> None:
    ids = add(6)
    for id_ in ids[:4]:
        desk.put(id_, "bagel", suggestion=guess(desk, "bagel"))
    desk.put(ids[4], "croissant", suggestion=guess(desk, "bagel"))
    made = desk.post("batches", name="Audit", pictures={"kind": "accepted", "count": 10}).json()["batch"]
    assert (made["kind"], made["pictures"]) == ("audit", 4)
    assert desk.next(batch_id=made["id"])["items"] == []  # They are her own labels.
    unlabelled = desk.client.get(f"/api/v1/projects/{desk.project_id}/images/ids", params={"labelled": False}).json()
    assert unlabelled["items"] == [str(ids[5])]
    for number in range(3):
        (item,) = bo.next(batch_id=made["id"])["items"]
        assert (item["image"]["answer"], item["guess"], item["image"]["suggestion"]) == (None, None, None)
        label(bo, made, item["image"]["id"], "croissant" if number == 0 else "bagel")
    left = next(id_ for id_ in ids[:4] if desk.get(id_)["revision"] and id_ not in _seen(bo, made, ids[:4]))
    assert desk.put(left, "croissant", revision=1).status_code == 200
    found = desk.client.get(f"/api/v1/batches/{made['id']}/audit").json()
    assert (found["drawn"], found["done"], found["left_out"], found["judged"], found["wrong"]) == (4, 3, 1, 3, 1)
    assert (found["error_rate"], found["interval"][0] < 1 / 3 < found["interval"][1]) == (0.3333, True)
    ((differs),) = found["differing"]
    assert (differs["accepted"], differs["said"]) == ("bagel", "croissant")
    assert desk.get(differs["image"]["id"])["class_id"] == desk.classes["bagel"]  # The dataset is as it was.


def _seen(desk: Desk, batch: dict[str, Any], ids: list[UUID]) -> set[UUID]:
    address = "/api/v1/images/{}/annotation?batch_id={}"
    return {id_ for id_ in ids if desk.client.get(address.format(id_, batch["id"])).json()["revision"]}
