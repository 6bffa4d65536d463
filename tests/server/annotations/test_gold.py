"""Pictures with known answers: mixed in unseen, told by nothing, measured for each person, and never changed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from modelyard.server.services import AppServices
from modelyard.server.tables import GoldAnswer, Suggestion
from tests.factories.images import add_images
from tests.server.annotations.conftest import Desk

Add = Callable[..., list[UUID]]
SignIn = Callable[[str], TestClient]


@pytest.fixture
def bo(desk: Desk, sign_in: SignIn) -> Desk:
    """Return the desk of somebody who labels."""
    client = sign_in("Bo")
    assert desk.post("members", email="bo@bakery.example").status_code == 201
    return Desk(client, desk.project_id, desk.classes)


def mark(desk: Desk, ids: list[UUID], answer: str = "bagel", *, is_onboarding: bool = False) -> None:
    for id_ in ids:
        assert desk.put(id_, answer).status_code == 200
    body = {"image_ids": [str(id_) for id_ in ids], "is_onboarding": is_onboarding}
    assert desk.post("gold", **body).json()["marked"] == len(ids)


def make(desk: Desk, ids: list[UUID], **body: Any) -> dict[str, Any]:
    pictures = {"kind": "ids", "image_ids": [str(id_) for id_ in ids]}
    answer = desk.post("batches", **{"name": "First", "pictures": pictures, **body})
    assert answer.status_code == 201, answer.text
    return answer.json()["batch"]


def label(desk: Desk, batch: dict[str, Any], image_id: object, name: str, revision: int = 0) -> dict[str, Any]:
    body: dict[str, Any] = {"answer": "class", "class_id": desk.classes[name], "active_s": 1.5}
    address = f"/api/v1/images/{image_id}/annotation?batch_id={batch['id']}"
    answer = desk.client.put(address, json=body, headers={"If-Match": str(revision)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def work(desk: Desk, batch: dict[str, Any], count: int, name: str = "bagel") -> list[UUID]:
    """Label what comes; return it in order."""
    found = []
    for _ in range(count):
        items = desk.next(batch_id=batch["id"])["items"]
        if not items:
            break
        found.append(UUID(items[0]["image"]["id"]))
        label(desk, batch, found[-1], name)
    return found


def people(desk: Desk) -> dict[str, Any]:
    return desk.client.get(f"/api/v1/projects/{desk.project_id}/gold/people").json()


def test_the_share_of_known_pictures_is_kept_and_none_comes_twice(desk: Desk, bo: Desk, add: Add) -> None:
    gold, ids = add(12), add(50)
    mark(desk, gold)
    batch = make(desk, ids, gold_share=0.25)
    seen = work(bo, batch, 40)
    known = [number for number, id_ in enumerate(seen) if id_ in gold]
    assert [sum(number < 20 for number in known), len(known)] == [5, 10]  # In each twenty as many.
    assert len(set(seen)) == 40
    shown = desk.client.get(f"/api/v1/batches/{batch['id']}").json()
    assert (shown["given"], shown["finished"], shown["wanted"]) == (30, 30, 50)
    assert people(desk)["people"][0]["all"]["known"] == 10
    assert not {UUID(id_) for id_ in desk.drain(batch_id=batch["id"])} & set(gold)  # Whoever leads knows them.


def test_an_onboarding_set_comes_before_all_else_to_each_new_person(desk: Desk, bo: Desk, add: Add) -> None:
    first, ids = add(3), add(6)
    mark(desk, first, is_onboarding=True)
    batch = make(desk, ids)
    assert set(work(bo, batch, 3)) == set(first)
    assert not set(work(bo, batch, 9)) & set(first)
    late = add(2)
    mark(desk, late, is_onboarding=True)
    assert not set(work(bo, make(desk, add(3)), 3)) & set(late)  # Not new any more.


@pytest.mark.parametrize("overlap", [1, 2])
def test_nothing_tells_a_known_picture_from_others(
    desk: Desk, bo: Desk, add: Add, services: AppServices, overlap: int
) -> None:
    gold, ids = add(6), add(14)
    mark(desk, gold)
    with services.db.write() as session:  # As the quick model does, that takes known pictures for unlabelled ones.
        facts: dict[str, Any] = {"project_id": UUID(desk.project_id), "class_id": UUID(desk.classes["bagel"])}
        session.add_all(Suggestion(image_id=id_, score=0.6, margin=0.2, version="q", **facts) for id_ in [*gold, *ids])
    batch = make(desk, ids, gold_share=0.5, overlap=overlap)
    kinds: dict[bool, list[Any]] = {True: [], False: []}
    for number in range(19):  # Where known ones come is drawn by lot: seldom none is among the first nine.
        if number >= 9 and kinds[True] and kinds[False]:
            break
        before = _view(bo, batch)
        answer = bo.next(batch_id=batch["id"])
        (item,) = answer["items"]
        image_id = item["image"]["id"]
        lists = [_listed(bo, image_id, labelled=is_so) for is_so in (True, False)]
        looked = [bo.client.get(f"/api/v1/images/{image_id}{path}").json() for path in _PATHS]
        said = label(bo, batch, image_id, "croissant")
        after = [bo.client.get(f"/api/v1/images/{image_id}{path}").json() for path in _PATHS]
        lists += [_listed(bo, image_id, labelled=is_so) for is_so in (True, False)]
        change = {name: value - before[name] for name, value in _view(bo, batch).items()}
        seen = [item, answer["remaining"] + number, lists, looked, said, after, change]
        if number:  # With the first one the known pictures of the first block are planned.
            kinds[UUID(image_id) in gold].append(_plain(seen))
    assert min(len(kinds[True]), len(kinds[False])) >= 1
    for part in zip(*kinds[True], *kinds[False], strict=True):
        for one in part:
            assert one == part[0]


_PATHS = ("", "/annotation", "/annotation/history", "/objects")


def _view(desk: Desk, batch: dict[str, Any]) -> dict[str, int]:
    """Return every number that whoever labels can see."""
    shown = desk.client.get(f"/api/v1/batches/{batch['id']}").json()
    found = {name: shown[name] for name in ("given", "wanted", "finished", "pictures")}
    found["mine"] = sum(person["labels"] for person in shown["people"])
    home = f"/api/v1/projects/{desk.project_id}"
    found["labelled"] = desk.client.get(f"{home}/annotations/statistics").json()["labelled"]
    found["status"] = desk.client.get(f"{home}/status").json()["labelled"]
    facets = desk.client.get(f"{home}/images/counts").json()["facets"]
    found["none"], found["class"] = (facets["answer"].get(name, 0) for name in ("none", "class"))
    found["croissant"] = facets["class"].get(desk.classes["croissant"], 0)
    return found


def _listed(desk: Desk, image_id: str, **filters: Any) -> bool:
    ids = desk.client.get(f"/api/v1/projects/{desk.project_id}/images/ids", params=filters).json()["items"]
    return image_id in ids


def _plain(value: Any) -> Any:
    """Return an answer without what differs between any two pictures."""
    if isinstance(value, dict):
        hide = ("id", "image_id", "name", "lease_token", "size_bytes", "brightness", "contrast", "sharpness")
        kept = {
            key: item for key, item in value.items() if key not in (*hide, "guess", "suggestion", "width", "height")
        }
        return {key: _plain(item) for key, item in kept.items() if not key.endswith("_at") and key != "at"}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def test_labels_of_known_pictures_change_neither_what_is_known_nor_the_dataset(
    desk: Desk, bo: Desk, add: Add, services: AppServices
) -> None:
    gold, ids = add(2), add(9)
    mark(desk, gold)
    batch = make(desk, ids, gold_share=0.5)
    seen = work(bo, batch, 3, "croissant")
    image_id = next(id_ for id_ in seen if id_ in gold) if set(seen) & set(gold) else work(bo, batch, 5)[0]
    for id_ in gold:  # However they label them: in many at once, without a batch, or taken back.
        body = {"image_ids": [str(id_)], "answer": "class", "class_id": bo.classes["croissant"]}
        assert bo.post("annotations/bulk", **body).status_code == 200
        revision = bo.get(id_)["revision"]
        assert bo.put(id_, "not_sure", revision=revision).json()["answer"] == "not_sure"
        assert bo.put(id_, "bagel", revision=revision).status_code == 412
        item = {"image_id": str(id_), "revision": revision + 1, "answer": "class", "class_id": bo.classes["croissant"]}
        assert bo.post("annotations/restore", items=[item]).json()["changed"][0]["revision"] == revision + 2
        assert desk.get(id_) | {"updated_at": ""} == {
            **desk.get(id_),
            "updated_at": "",
            "revision": 1,
            "author_id": desk.get(id_)["author_id"],
            "class_id": desk.classes["bagel"],
        }
    listed = desk.client.get(f"/api/v1/projects/{desk.project_id}/gold").json()
    assert [row["class_id"] for row in listed] == [desk.classes["bagel"]] * 2
    assert [(row["known"], row["right"], row["is_outdated"]) for row in listed] == [(1, 0, False)] * 2
    assert image_id is not None
    with services.db.read() as session:
        assert session.query(GoldAnswer).filter(GoldAnswer.answer != "none").count() == 2


def test_a_label_that_changes_leaves_the_known_answer_until_it_is_marked_again(desk: Desk, add: Add) -> None:
    gold = add(1)
    mark(desk, gold)
    desk.put(gold[0], "pretzel" if "pretzel" in desk.classes else "croissant", revision=1)
    (row,) = desk.client.get(f"/api/v1/projects/{desk.project_id}/gold").json()
    assert (row["is_outdated"], row["class_id"], row["version"]) == (True, desk.classes["bagel"], 1)
    body = {"image_ids": [str(gold[0])]}
    assert desk.post("gold", **body).json()["marked"] == 1
    assert desk.post("gold", **body).json()["unchanged"] == 1
    (row,) = desk.client.get(f"/api/v1/projects/{desk.project_id}/gold").json()
    assert (row["is_outdated"], row["version"]) == (False, 2)
    assert desk.post("gold/remove", **body).json() == {"removed": 1}
    assert desk.post("gold", image_ids=[str(add(1)[0])]).json() == {
        "marked": 0,
        "unchanged": 0,
        "without_label": 1,
        "in_queue": 0,
    }


def test_too_many_known_pictures_labelled_differently_pause_a_person_until_somebody_lets_them_go_on(
    desk: Desk, bo: Desk, add: Add
) -> None:
    gold, ids = add(12), add(40)
    mark(desk, gold)
    home = f"/api/v1/projects/{desk.project_id}"
    assert desk.client.patch(home, json={"settings": {"gold_window": 8}}).status_code == 200
    batch = make(desk, ids, gold_share=0.5)
    seen = work(bo, batch, 20, "croissant")
    assert sum(id_ in gold for id_ in seen) == 4  # Half of the eight are enough to begin with.
    answer = bo.next(batch_id=batch["id"])
    assert answer["items"] == []
    assert answer["notice"].startswith("4 of the last 4 known pictures were labelled differently; talk to ")
    (person,) = people(desk)["people"]
    assert (person["all"]["accuracy"], person["mean_score"]) == (0.0, 0.0)
    assert person["paused_because"] == "4 of the last 4 known pictures were labelled differently"
    said = desk.client.get(f"{home}/gold/people/{person['user_id']}/answers").json()["items"]
    assert [(row["is_right"], row["known_class_id"]) for row in said] == [(False, desk.classes["bagel"])] * 4
    address = f"{home}/gold/people/{person['user_id']}/resume"
    assert bo.client.post(address).status_code == 403
    assert desk.client.post(address).status_code == 204
    assert desk.client.post(address).status_code == 404
    assert len(bo.next(batch_id=batch["id"])["items"]) == 1


def test_known_pictures_hold_leases_are_left_for_later_and_come_back(desk: Desk, bo: Desk, add: Add) -> None:
    first, ids = add(1), add(2)
    mark(desk, first, is_onboarding=True)
    batch = make(desk, ids, order="upload")
    (item,) = bo.next(batch_id=batch["id"])["items"]
    assert item["image"]["id"] == str(first[0])
    tokens = [item["lease_token"]]
    assert bo.post("queue/heartbeat", lease_tokens=tokens).json()["lease_tokens"] == tokens
    assert bo.next(batch_id=batch["id"])["items"][0]["image"]["id"] == str(ids[0])  # A second tab gets another.
    assert bo.post("queue/skip", image_id=str(first[0])).status_code == 204
    assert bo.next(batch_id=batch["id"])["items"][0]["image"]["id"] == str(ids[1])
    assert bo.post("queue/skip", image_id=str(ids[1])).status_code == 204
    assert bo.next(batch_id=batch["id"])["items"][0]["image"]["id"] == str(first[0])


def test_classes_of_many_pictures_at_once_reach_known_ones_for_one_person_alone(
    owner: TestClient, sign_in: SignIn, services: AppServices
) -> None:
    body = {"name": "Trays", "task": "multi_label", "classes": ["bagel", "bun"]}
    project_id = owner.post("/api/v1/projects", json=body).json()["id"]
    rows = owner.get(f"/api/v1/projects/{project_id}/classes").json()
    ana = Desk(owner, project_id, {row["name"]: row["id"] for row in rows})
    bo = Desk(sign_in("Bo"), project_id, ana.classes)
    assert ana.post("members", email="bo@bakery.example").status_code == 201
    with services.db.write() as session:
        (image_id,) = add_images(session, UUID(project_id), 1)
    change = {"image_ids": [str(image_id)], "class_id": ana.classes["bagel"], "change": "add"}
    ana.post("annotations/classes", **change)
    address = f"/api/v1/images/{image_id}/objects"
    owner.patch(address, json={"answer": "objects"}, headers={"If-Match": str(ana.get(image_id)["revision"])})
    assert ana.post("gold", image_ids=[str(image_id)]).json()["marked"] == 1
    before = owner.get(address).json()
    (changed,) = bo.post("annotations/classes", **(change | {"class_id": bo.classes["bun"]})).json()["changed"]
    assert [item["class_id"] for item in bo.client.get(address).json()["objects"]] == [bo.classes["bun"]]
    item = {"image_id": str(image_id), "revision": changed["revision"], "to": changed["revision"] - 1}
    assert bo.post("annotations/classes/restore", items=[item]).status_code == 200
    assert bo.client.get(address).json()["objects"] == []
    assert owner.get(address).json() == before


def test_states_of_a_known_picture_show_whoever_is_measured_what_they_said(desk: Desk, bo: Desk, add: Add) -> None:
    (image_id,) = gold = add(1)
    mark(desk, gold)
    address = f"/api/v1/images/{image_id}/states"
    assert desk.client.get(f"{address}/1").json()["answer"] == "class"
    assert bo.client.get(f"{address}/1").status_code == 404
    assert (state := bo.client.get(f"{address}/0").json())["answer"] == "none"
    assert (state["latest"], state["author_name"]) == (0, None)
    assert bo.put(image_id, "not_sure").status_code == 200
    state = bo.client.get(f"{address}/1").json()
    assert (state["latest"], state["answer"], state["author_name"]) == (1, "not_sure", "Bo")
    restored = bo.client.post(f"{address}/restore", json={"revision": 0}, headers={"If-Match": "1"})
    assert restored.status_code == 404
    assert desk.client.get(f"{address}/1").json()["answer"] == "class"
