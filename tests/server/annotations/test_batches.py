"""Batches over HTTP: what they are made of, whom they go to, and what several labels make of a picture."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import update

from modelyard.server.services import AppServices
from modelyard.server.tables import QueueItem, Suggestion, now
from tests.server.annotations.boards import BOX, Board
from tests.server.annotations.conftest import Desk

Add = Callable[..., list[UUID]]
SignIn = Callable[[str], TestClient]


@pytest.fixture
def join(desk: Desk, sign_in: SignIn) -> Callable[[str], Desk]:
    """Return a function that makes somebody a member and returns their desk."""

    def join_(name: str) -> Desk:
        client = sign_in(name)
        assert desk.post("members", email=f"{name.lower()}@bakery.example").status_code == 201
        return Desk(client, desk.project_id, desk.classes)

    return join_


def make(desk: Desk, ids: list[UUID], **body: Any) -> dict[str, Any]:
    pictures = {"kind": "ids", "image_ids": [str(id_) for id_ in ids]}
    answer = desk.post("batches", **{"name": "First", "pictures": pictures, "order": "upload", **body})
    assert answer.status_code == 201, answer.text
    return answer.json()["batch"]


def show(desk: Desk, batch: dict[str, Any]) -> dict[str, Any]:
    return desk.client.get(f"/api/v1/batches/{batch['id']}").json()


def change(desk: Desk, batch: dict[str, Any], **body: Any) -> Response:
    return desk.client.patch(f"/api/v1/batches/{batch['id']}", json=body)


def say(desk: Desk, batch: dict[str, Any], image_id: object, name: str, revision: int = 0) -> Response:
    body = {"answer": name} if name not in desk.classes else {"answer": "class", "class_id": desk.classes[name]}
    address = f"/api/v1/images/{image_id}/annotation?batch_id={batch['id']}"
    return desk.client.put(address, json=body, headers={"If-Match": str(revision)})


def me(desk: Desk) -> str:
    return desk.client.get("/api/v1/session").json()["user"]["id"]


def test_pictures_of_a_batch_leave_the_open_queue_and_wait_in_it(desk: Desk, add: Add) -> None:
    ids = add(4)
    batch = make(desk, ids[:3])
    assert desk.drain(order="upload") == [str(ids[3])]
    assert desk.drain(batch_id=batch["id"]) == [str(id_) for id_ in ids[:3]]
    assert (batch["pictures"], batch["wanted"], batch["given"]) == (3, 3, 0)


def test_one_label_writes_the_answer_and_its_batch(desk: Desk, add: Add) -> None:
    ids = add(2)
    batch = make(desk, ids)
    assert say(desk, batch, ids[0], "bagel").status_code == 200
    assert desk.get(ids[0])["answer"] == "class"
    shown = show(desk, batch)
    assert (shown["given"], shown["finished"], shown["people"][0]["labels"]) == (1, 1, 1)
    assert say(desk, batch, ids[0], "none", revision=1).status_code == 200
    assert desk.drain(batch_id=batch["id"]) == [str(id_) for id_ in ids]


def test_a_picture_waits_in_one_queue_at_a_time(desk: Desk, add: Add) -> None:
    ids = add(3)
    make(desk, ids[:1])
    desk.next(order="upload")
    pictures = {"kind": "ids", "image_ids": [str(id_) for id_ in ids]}
    answer = desk.post("batches", name="Second", pictures=pictures).json()
    assert (answer["batch"]["pictures"], answer["in_other_batches"], answer["on_screens"]) == (1, 1, 1)
    refused = desk.post("batches", name="Third", pictures=pictures)
    assert refused.status_code == 422
    assert "wait in another batch" in refused.json()["detail"]


def test_pictures_come_from_filters_and_from_the_order(desk: Desk, add: Add, services: AppServices) -> None:
    ids = add(6)
    desk.put(ids[0], "bagel")
    unlabelled = {"kind": "filter", "filters": {"labelled": False, "name": str(ids[1])}}
    assert desk.post("batches", name="One", pictures=unlabelled).json()["batch"]["pictures"] == 1
    with services.db.write() as session:
        for id_, margin in ((ids[2], 0.9), (ids[3], 0.1)):
            facts: dict[str, Any] = {"project_id": UUID(desk.project_id), "class_id": UUID(desk.classes["bagel"])}
            session.add(Suggestion(image_id=id_, score=0.6, margin=margin, version="quick-1", **facts))
    doubtful = {"kind": "next", "count": 2, "order": "uncertainty"}
    batch = desk.post("batches", name="Two", pictures=doubtful, order="uncertainty", random_share=0).json()["batch"]
    assert desk.drain(batch_id=batch["id"]) == [str(ids[3]), str(ids[2])]
    assert batch["order_note"] == ""


def test_a39_an_order_without_data_says_so_and_a_new_order_holds_from_the_next_picture(desk: Desk, add: Add) -> None:
    ids = add(5)
    batch = make(desk, ids, order="uncertainty")
    assert "come by chance" in batch["order_note"]
    assert batch["random_share"] == 0.15
    assert change(desk, batch, order="upload", random_share=0).json()["order_note"] == ""
    assert desk.next(batch_id=batch["id"])["items"][0]["image"]["id"] == str(ids[0])
    given = make(desk, ids := add(4)[::-1], order="priority")
    assert desk.drain(batch_id=given["id"]) == [str(id_) for id_ in ids]


def test_a_batch_for_some_is_refused_to_others(desk: Desk, add: Add, join: Callable[[str], Desk]) -> None:
    bo = join("Bo")
    ids = add(2)
    batch = make(desk, ids, people=[me(bo)])
    address = f"/api/v1/projects/{desk.project_id}/queue/next?batch_id={batch['id']}"
    assert desk.client.get(address).status_code == 403
    assert say(desk, batch, ids[0], "bagel").json()["type"] == "/problems/batch-is-for-others"
    assert bo.next(batch_id=batch["id"])["items"][0]["image"]["id"] == str(ids[0])
    stranger = desk.post("batches", name="x", pictures={"kind": "next", "count": 1}, people=[str(uuid4())])
    assert stranger.status_code == 422


def test_my_work_is_what_names_me_first_then_by_deadline(desk: Desk, add: Add, join: Callable[[str], Desk]) -> None:
    bo = join("Bo")
    soon, later = (now() + timedelta(days=days) for days in (1, 9))
    make(desk, add(1), name="for all", deadline=soon.isoformat())
    make(desk, add(1), name="later", deadline=later.isoformat(), people=[me(bo)])
    make(desk, add(2), name="soon", deadline=soon.isoformat(), people=[me(bo), me(desk)])
    add(1)
    work = bo.client.get("/api/v1/me/work").json()
    assert [(row["name"], row["left"]) for row in work] == [("soon", 2), ("later", 1), ("for all", 1)]
    drawn = [bo.next(mine=True)["items"][0]["batch_id"] for _ in range(5)]
    assert drawn == [work[0]["batch_id"]] * 2 + [work[1]["batch_id"], work[2]["batch_id"], None]


def test_nobody_sees_what_others_say_until_all_have_spoken(desk: Desk, add: Add, join: Callable[[str], Desk]) -> None:
    bo, (image_id,) = join("Bo"), add(1)
    batch = make(desk, [image_id], overlap=2)
    assert say(desk, batch, image_id, "bagel").json()["revision"] == 1
    opinions = f"/api/v1/batches/{batch['id']}/images/{image_id}/opinions"
    assert desk.client.get(opinions).json()["type"] == "/problems/still-being-labelled"
    assert bo.client.get(opinions).status_code == 403  # Whoever labels sees no others.
    (item,) = bo.next(batch_id=batch["id"])["items"]
    assert item["image"]["answer"] is None
    assert bo.client.get(f"/api/v1/images/{image_id}/annotation?batch_id={batch['id']}").json()["revision"] == 0
    assert bo.get(image_id)["answer"] == "none"
    assert say(bo, batch, image_id, "bagel").status_code == 200
    present = desk.get(image_id)
    assert (present["source"], present["class_id"], present["author_id"]) == ("consensus", desk.classes["bagel"], None)
    assert len(desk.client.get(opinions).json()) == 2
    shown = show(desk, batch)
    assert (shown["finished"], shown["disputed"], shown["given"]) == (1, 0, 2)


def test_people_who_differ_leave_it_to_somebody_to_decide(desk: Desk, add: Add, join: Callable[[str], Desk]) -> None:
    bo, (image_id,) = join("Bo"), add(1)
    batch = make(desk, [image_id], overlap=2)
    say(desk, batch, image_id, "bagel")
    say(bo, batch, image_id, "croissant")
    (disputed,) = desk.client.get(f"/api/v1/batches/{batch['id']}/disputed").json()["items"]
    assert disputed["image"]["id"] == str(image_id)
    assert sorted(disputed["answers"]) == ["bagel", "croissant"]
    assert (desk.get(image_id)["answer"], show(desk, batch)["disputed"]) == ("none", 1)
    assert desk.drain(order="upload") == []
    assert desk.put(image_id, "bagel").status_code == 200  # Somebody decides, by giving the picture its answer.
    assert (show(desk, batch)["disputed"], show(desk, batch)["finished"]) == (0, 1)
    refused = say(bo, batch, image_id, "bagel", revision=1)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/picture-decided")


def test_whoever_thinks_again_before_the_decision_can_end_a_dispute(
    desk: Desk, add: Add, join: Callable[[str], Desk]
) -> None:
    bo, (image_id,) = join("Bo"), add(1)
    batch = make(desk, [image_id], overlap=2)
    say(desk, batch, image_id, "bagel")
    say(bo, batch, image_id, "croissant")
    assert say(bo, batch, image_id, "bagel", revision=0).status_code == 412
    assert say(bo, batch, image_id, "bagel", revision=1).status_code == 200
    assert desk.get(image_id)["source"] == "consensus"


def test_what_somebody_took_back_comes_to_them_again(desk: Desk, add: Add) -> None:
    (image_id,) = add(1)
    batch = make(desk, [image_id], overlap=2)
    say(desk, batch, image_id, "bagel")
    assert desk.next(batch_id=batch["id"])["items"] == []
    assert say(desk, batch, image_id, "none", revision=1).status_code == 200
    (item,) = desk.next(batch_id=batch["id"])["items"]
    assert (item["image"]["id"], item["image"]["answer"]) == (str(image_id), None)


def test_a21_a_late_label_is_refused_when_enough_are_in(
    desk: Desk, add: Add, join: Callable[[str], Desk], services: AppServices
) -> None:
    bo, cy, (image_id,) = join("Bo"), join("Cy"), add(1)
    batch = make(desk, [image_id], overlap=2)
    for person in (desk, bo):
        assert len(person.next(batch_id=batch["id"])["items"]) == 1
    assert cy.next(batch_id=batch["id"])["items"] == []
    with services.db.write() as session:  # Bo's laptop was closed.
        late = update(QueueItem).where(QueueItem.user_id == UUID(me(bo)))
        session.execute(late.values(lease_expires_at=now() - timedelta(seconds=1)))
    assert len(cy.next(batch_id=batch["id"])["items"]) == 1
    say(desk, batch, image_id, "bagel")
    refused = say(bo, batch, image_id, "bagel")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/enough-labels")
    assert say(cy, batch, image_id, "bagel").status_code == 200


def test_more_and_fewer_labels_are_wanted_of_what_is_undecided(
    desk: Desk, add: Add, join: Callable[[str], Desk]
) -> None:
    bo, ids = join("Bo"), add(3)
    batch = make(desk, ids, overlap=2)
    for person in (desk, bo):
        say(person, batch, ids[0], "bagel")
    say(desk, batch, ids[1], "croissant")
    more = change(desk, batch, overlap=3).json()
    assert (more["wanted"], more["finished"]) == (2 + 3 + 3, 1)
    fewer = change(desk, batch, overlap=1).json()
    assert (fewer["wanted"], fewer["given"], fewer["finished"]) == (2 + 1 + 1, 3, 2)
    present = desk.get(ids[1])
    assert (present["source"], present["author_id"]) == ("human", me(desk))


def test_a_paused_batch_hands_out_nothing_and_takes_what_is_under_way(desk: Desk, add: Add) -> None:
    ids = add(2)
    batch = make(desk, ids)
    desk.next(batch_id=batch["id"])
    change(desk, batch, state="paused")
    nothing = desk.next(batch_id=batch["id"])
    assert nothing["items"] == []
    assert "paused" in nothing["notice"]
    assert say(desk, batch, ids[0], "bagel").status_code == 200
    change(desk, batch, state="open")
    assert desk.drain(batch_id=batch["id"]) == [str(ids[1])]


def test_closing_counts_what_is_in_and_returns_the_rest(desk: Desk, add: Add, join: Callable[[str], Desk]) -> None:
    bo, ids = join("Bo"), add(4)
    batch = make(desk, ids, overlap=3)
    say(desk, batch, ids[0], "bagel")  # alone
    for person, name in ((desk, "bagel"), (bo, "bagel")):
        say(person, batch, ids[1], name)
    for person, name in ((desk, "bagel"), (bo, "croissant")):
        say(person, batch, ids[2], name)
    closed = change(desk, batch, state="closed").json()
    assert (closed["state"], closed["finished"], closed["disputed"]) == ("closed", 2, 1)
    assert [desk.get(id_)["source"] for id_ in ids] == ["human", "consensus", None, None]
    assert desk.drain(order="upload") == [str(ids[3])]
    assert change(desk, batch, state="open").json()["type"] == "/problems/batch-is-closed"
    assert change(desk, batch, name="Done").status_code == 200


def test_a_deleted_batch_gives_its_pictures_back_and_keeps_labels(
    desk: Desk, add: Add, join: Callable[[str], Desk]
) -> None:
    bo, ids = join("Bo"), add(3)
    batch = make(desk, ids, overlap=2)
    say(desk, batch, ids[0], "bagel")
    say(desk, batch, ids[1], "bagel")
    say(bo, batch, ids[1], "croissant")
    assert desk.client.delete(f"/api/v1/batches/{batch['id']}").status_code == 204
    assert desk.get(ids[0])["answer"] == "class"
    assert desk.drain(order="upload") == [str(ids[1]), str(ids[2])]
    assert show(desk, batch)["status"] == 404
    assert desk.client.get(f"/api/v1/projects/{desk.project_id}/batches").json() == []


def test_what_one_person_leaves_for_later_comes_to_others(desk: Desk, add: Add, join: Callable[[str], Desk]) -> None:
    bo, ids = join("Bo"), add(2)
    batch = make(desk, ids)
    desk.next(batch_id=batch["id"])
    desk.post("queue/skip", image_id=str(ids[0]))
    assert desk.next(batch_id=batch["id"])["items"][0]["image"]["id"] == str(ids[1])
    assert bo.next(batch_id=batch["id"])["items"][0]["image"]["id"] == str(ids[0])


def test_deleted_pictures_leave_a_batch_and_come_back_to_it(desk: Desk, add: Add) -> None:
    ids = add(2)
    batch = make(desk, ids, overlap=2)
    say(desk, batch, ids[0], "bagel")
    body = {"ids": [str(ids[0])]}
    images = f"/api/v1/projects/{desk.project_id}/images"
    assert desk.client.request("DELETE", images, json=body).status_code == 200
    assert (show(desk, batch)["pictures"], show(desk, batch)["wanted"]) == (1, 2)
    assert desk.client.post(f"{images}/restore", json=body).status_code == 200
    shown = show(desk, batch)
    assert (shown["pictures"], shown["wanted"], shown["given"]) == (2, 4, 1)


def test_unlabelled_pictures_are_counted_once_wherever_they_wait(desk: Desk, add: Add) -> None:
    ids = add(3)
    make(desk, ids[:2], overlap=3)
    status = desk.client.get(f"/api/v1/projects/{desk.project_id}/status").json()
    assert status["unlabelled"] == 3
    found = desk.client.get(f"/api/v1/projects/{desk.project_id}/images?labelled=false").json()
    assert sorted(row["id"] for row in found["items"]) == sorted(str(id_) for id_ in ids)


def test_drawings_that_agree_become_one_and_others_are_disputed(board: Board, sign_in: SignIn) -> None:
    bo = sign_in("Bo")
    board.send("POST", "members", json={"email": "bo@bakery.example"})
    pictures = {"kind": "next", "count": 1}
    batch = board.send("POST", "batches", json={"name": "x", "pictures": pictures, "overlap": 2}).json()["batch"]
    address = f"/api/v1/images/{board.image_id}/objects?batch_id={batch['id']}"
    own = board.object()
    drafted = board.client.patch(address, json={"put": [own]}, headers={"If-Match": "0"}).json()
    assert (drafted["answer"], drafted["revision"], len(drafted["objects"])) == ("none", 1, 1)
    assert bo.get(address).json()["objects"] == []
    done = board.client.patch(address, json={"answer": "objects"}, headers={"If-Match": "1"}).json()
    assert (done["answer"], done["revision"]) == ("objects", 2)
    other = board.object({**BOX, "x2": 130.5})
    stale = bo.patch(address, json={"put": [other], "answer": "objects"}, headers={"If-Match": "4"})
    assert stale.status_code == 412
    for _ in range(2):  # The same request again is the same submission.
        answer = bo.patch(address, json={"put": [other], "answer": "objects"}, headers={"If-Match": "0"})
        assert (answer.status_code, answer.json()["revision"]) == (200, 1)
    (joint,) = board.shown()["objects"]
    assert joint["shape"]["x2"] == pytest.approx(120.5)
    assert board.shown()["answer"] == "objects"


def test_drawings_of_other_things_are_disputed(board: Board, sign_in: SignIn) -> None:
    bo = sign_in("Bo")
    board.send("POST", "members", json={"email": "bo@bakery.example"})
    pictures = {"kind": "ids", "image_ids": [str(board.image_id)]}
    batch = board.send("POST", "batches", json={"name": "x", "pictures": pictures, "overlap": 2}).json()["batch"]
    address = f"/api/v1/images/{board.image_id}/objects?batch_id={batch['id']}"
    for client, name in ((board.client, "bun"), (bo, "roll")):
        body = {"put": [board.object(name=name)], "answer": "objects"}
        assert client.patch(address, json=body, headers={"If-Match": "0"}).status_code == 200
    (item,) = board.client.get(f"/api/v1/batches/{batch['id']}/disputed").json()["items"]
    assert item["answers"] == ["1 object (2)"]
    said = board.client.get(f"/api/v1/batches/{batch['id']}/images/{board.image_id}/opinions").json()
    assert sorted(row["objects"][0]["class_id"] for row in said) == sorted(board.classes.values())
    assert board.shown()["objects"] == []


def test_strangers_see_no_batch(desk: Desk, add: Add, stranger: TestClient) -> None:
    (image_id,) = add(1)
    batch = make(desk, [image_id])
    for path in ("", "/disputed", f"/images/{image_id}/opinions"):
        assert stranger.get(f"/api/v1/batches/{batch['id']}{path}").status_code == 404
    assert stranger.patch(f"/api/v1/batches/{batch['id']}", json={"state": "paused"}).status_code == 404
    assert stranger.delete(f"/api/v1/batches/{batch['id']}").status_code == 404
    assert stranger.get("/api/v1/me/work").json() == []
