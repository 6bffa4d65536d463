"""The queue over HTTP: who gets which image, for how long, in which order."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import schemas, service
from modelyard.server.services import AppServices
from modelyard.server.tables import Image, QueueItem, Suggestion, User, now
from tests.server.annotations.conftest import Desk

Add = Callable[..., list[UUID]]


def change(services: AppServices, image_id: UUID, **values: Any) -> None:
    with services.db.write() as session:
        session.execute(update(QueueItem).where(QueueItem.image_id == image_id).values(**values))


def suggest(services: AppServices, desk: Desk, image_id: UUID) -> None:
    with services.db.write() as session:
        facts: dict[str, Any] = {"score": 0.9, "margin": 0.8, "version": "quick-1"}
        class_id = UUID(desk.classes["bagel"])
        session.add(Suggestion(image_id=image_id, project_id=UUID(desk.project_id), class_id=class_id, **facts))


class Chance(random.Random):
    """A random number generator that always says the same."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self._value = value

    def random(self) -> float:
        return self._value


def draw(services: AppServices, desk: Desk, *, chance: random.Random, count: int = 1) -> list[UUID]:
    return [item.image.id for item in draw_items(services, desk, chance=chance, count=count)]


def draw_items(
    services: AppServices, desk: Desk, *, chance: random.Random, count: int = 1
) -> list[schemas.QueuedImage]:
    with services.db.write() as session:
        user = session.scalars(select(User)).first()
        assert user is not None
        actor = Actor(user_id=user.id, name=user.name, is_admin=True, scopes=frozenset(), via="local")
        project_id = UUID(desk.project_id)
        shown = service.next_images(session, actor, project_id, order="helpful", count=count, exclude=[], chance=chance)
        return shown.items


HELPFUL, BY_CHANCE, BY_LOT = Chance(0.5), Chance(0.9), Chance(0.0)


def test_upload_order(desk: Desk, add: Add) -> None:
    ids = add(5)
    assert desk.drain(order="upload", count=2) == [str(id_) for id_ in ids]


def test_random_order_gives_every_image_and_not_in_order_of_upload(desk: Desk, add: Add) -> None:
    ids = [str(id_) for id_ in add(30)]
    drawn = desk.drain(order="random", count=8)
    assert sorted(drawn) == sorted(ids)
    assert drawn != ids


def test_no_two_requests_get_the_same_image(desk: Desk, add: Add) -> None:
    add(3)
    first, second = desk.next(count=2, order="upload"), desk.next(count=8, order="upload")
    assert (len(first["items"]), len(second["items"]), second["remaining"]) == (2, 1, 3)


def test_helpful_order_follows_priority(desk: Desk, add: Add, services: AppServices) -> None:
    ids = add(3)
    for id_, priority in zip(ids, (0.2, 0.9, 0.5), strict=True):
        change(services, id_, priority=priority)
    assert draw(services, desk, chance=HELPFUL, count=3) == [ids[1], ids[2], ids[0]]


def test_fixed_share_comes_by_chance(desk: Desk, add: Add, services: AppServices) -> None:
    ids = add(3)
    for id_, (priority, shuffle) in zip(ids, ((0.9, 0.8), (0.1, 0.2), (0.5, 0.5)), strict=True):
        change(services, id_, priority=priority, shuffle=shuffle)
    assert draw(services, desk, chance=Chance(0.851)) == [ids[1]]
    assert draw(services, desk, chance=Chance(0.849)) == [ids[0]]


def test_test_pictures_come_as_often_as_their_share(desk: Desk, add: Add, services: AppServices) -> None:
    reserved, others = set(add(100, is_reserved=True)), set(add(100))
    drawn = draw(services, desk, chance=random.Random(0), count=100)
    assert 6 <= len(reserved & set(drawn)) <= 38  # 20 are expected; four standard deviations
    assert draw(services, desk, chance=Chance(0.19))[0] in reserved
    assert draw(services, desk, chance=Chance(0.21))[0] in others


def test_helpful_images_come_where_no_test_picture_waits(desk: Desk, add: Add, services: AppServices) -> None:
    (other,) = add(1)
    assert draw(services, desk, chance=Chance(0.0)) == [other]


def test_reserved_images_come_only_by_lot_and_without_a_guess(desk: Desk, add: Add, services: AppServices) -> None:
    reserved, other = *add(1, is_reserved=True), *add(1)
    suggest(services, desk, reserved)
    suggest(services, desk, other)
    assert draw(services, desk, chance=HELPFUL) == [other]
    (item,) = desk.next(order="random")["items"]
    assert (item["image"]["id"], item["guess"], item["image"]["suggestion"]) == (str(reserved), None, None)


def test_images_of_the_test_split_are_shown_without_a_guess(desk: Desk, add: Add, services: AppServices) -> None:
    (image_id,) = add(1)
    suggest(services, desk, image_id)
    with services.db.write() as session:
        session.execute(update(Image).where(Image.id == image_id).values(split="test"))
    assert desk.next(order="upload")["items"][0]["guess"] is None


def test_guess_travels_with_its_version(desk: Desk, add: Add, services: AppServices) -> None:
    (image_id,) = add(1)
    suggest(services, desk, image_id)
    (item,) = desk.next(order="helpful")["items"]
    assert item["guess"] == {
        "class_id": desk.classes["bagel"],
        "score": 0.9,
        "version": "quick-1",
        "runner_up_id": None,
    }


def test_lease_that_ran_out_frees_the_image(desk: Desk, add: Add, services: AppServices) -> None:
    (image_id,) = add(1)
    first = desk.next()["items"][0]
    assert desk.next()["items"] == []
    change(services, image_id, lease_expires_at=now() - timedelta(seconds=1))
    second = desk.next()["items"][0]
    assert second["image"]["id"] == str(image_id)
    tokens = [first["lease_token"], second["lease_token"]]
    held = desk.post("queue/heartbeat", lease_tokens=tokens).json()["lease_tokens"]
    assert held == [second["lease_token"]]


def test_heartbeat_keeps_the_image(desk: Desk, add: Add, services: AppServices) -> None:
    (image_id,) = add(1)
    token = desk.next()["items"][0]["lease_token"]
    change(services, image_id, lease_expires_at=now() + timedelta(seconds=1))
    assert desk.post("queue/heartbeat", lease_tokens=[token]).json()["lease_tokens"] == [token]
    with services.db.read() as session:
        expires_at = session.scalars(select(QueueItem.lease_expires_at)).one()
    assert expires_at is not None
    assert expires_at > now() + timedelta(minutes=4)


def test_release_gives_the_image_back_at_once(desk: Desk, add: Add) -> None:
    add(2)
    tokens = [item["lease_token"] for item in desk.next(count=2)["items"]]
    assert desk.post("queue/release", lease_tokens=tokens[:1]).status_code == 204
    assert len(desk.next(count=2)["items"]) == 1


def test_nobody_releases_the_lease_of_somebody_else(desk: Desk, add: Add, sign_in: Callable[..., TestClient]) -> None:
    add(1)
    token = desk.next()["items"][0]["lease_token"]
    other = sign_in("Bo")
    assert desk.post("members", email="bo@bakery.example").status_code in (200, 201)
    url = f"/api/v1/projects/{desk.project_id}/queue"
    assert other.post(f"{url}/release", json={"lease_tokens": [token]}).status_code == 204
    assert other.get(f"{url}/next").json()["items"] == []


def test_skipped_image_comes_back_last(desk: Desk, add: Add) -> None:
    ids = add(3)
    desk.next(order="upload")
    assert desk.post("queue/skip", image_id=str(ids[0])).status_code == 204
    assert desk.drain(order="upload") == [str(ids[1]), str(ids[2]), str(ids[0])]


def test_excluded_images_are_passed_over(desk: Desk, add: Add) -> None:
    ids = add(2)
    assert desk.next(order="upload", exclude=[str(ids[0])])["items"][0]["image"]["id"] == str(ids[1])


def test_images_sent_back_come_first_with_their_reason(desk: Desk, add: Add, services: AppServices) -> None:
    ids = add(3)
    desk.put(ids[2], "bagel")
    change(services, ids[0], priority=1.0)
    added = desk.post("queue/add", image_ids=[str(ids[2]), str(ids[2])], reason="The model says croissant")
    assert added.json() == {"queued": 1}
    for chance in (HELPFUL, BY_CHANCE, BY_LOT):
        (item,) = draw_items(services, desk, chance=chance)
        assert (item.image.id, item.reason) == (ids[2], "The model says croissant")
        change(services, ids[2], lease_expires_at=None)


def test_sending_back_what_is_not_there_is_refused(desk: Desk, add: Add) -> None:
    add(1)
    assert desk.post("queue/add", image_ids=[str(UUID(int=7))]).status_code == 404


@pytest.mark.parametrize("address", ["next", "heartbeat", "release", "skip", "add"])
def test_strangers_get_nothing(desk: Desk, add: Add, stranger: TestClient, address: str) -> None:
    (image_id,) = add(1)
    url = f"/api/v1/projects/{desk.project_id}/queue/{address}"
    bodies: dict[str, dict[str, Any]] = {"skip": {"image_id": str(image_id)}, "add": {"image_ids": [str(image_id)]}}
    body = bodies.get(address, {"lease_tokens": []})
    answer = stranger.get(url) if address == "next" else stranger.post(url, json=body)
    assert answer.status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(3))
def test_unscored_image_is_reached_however_many_better_ones_keep_coming(
    desk: Desk, add: Add, services: AppServices, seed: int
) -> None:
    chance = random.Random(seed)
    (unscored,) = add(1)
    change(services, unscored, priority=0.0, shuffle=chance.random())
    for _ in range(1500):
        for id_ in add(1):
            change(services, id_, priority=1.0)
        if draw(services, desk, chance=chance) == [unscored]:
            return
    pytest.fail("The unscored image was never lent.")
