"""Many people at once, with real threads: no image is lent twice, no answer is overwritten."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from modelyard.server.annotations import schemas, service
from modelyard.server.app import load_events
from modelyard.server.services import AppServices
from tests.server.annotations.people import open_workshop

PEOPLE = 6


def together(work: Callable[[int], list[UUID]]) -> list[UUID]:
    """Run `work` for every person at the same moment and return everything they got."""
    start = threading.Barrier(PEOPLE)

    def begin(who: int) -> list[UUID]:
        start.wait()
        return work(who)

    with ThreadPoolExecutor(PEOPLE) as pool:
        return [item for part in pool.map(begin, range(PEOPLE)) for item in part]


def test_no_image_is_lent_twice(services: AppServices) -> None:
    load_events()
    shop = open_workshop(services, images=200, people=PEOPLE)
    orders: list[schemas.QueueOrder] = ["helpful", "random", "upload"]

    def borrow(who: int) -> list[UUID]:
        got: list[UUID] = []
        while True:
            with services.db.write() as session:
                shown = service.next_images(
                    session, shop.people[who], shop.project_id, order=orders[who % 3], count=1 + who % 3, exclude=[]
                )
            if not shown.items:
                return got
            got += [item.image.id for item in shown.items]

    got = together(borrow)
    assert Counter(got).most_common(1)[0][1] == 1
    assert set(got) == set(shop.images)


def test_one_of_many_first_answers_wins_and_the_others_hear_of_it(services: AppServices) -> None:
    load_events()
    shop = open_workshop(services, images=20, people=PEOPLE)

    def answer(who: int) -> list[UUID]:
        won = []
        for image_id in shop.images:
            body = schemas.AnnotationPut(answer="class", class_id=shop.classes[who % 3])
            try:
                with services.db.write() as session:
                    service.put(session, shop.people[who], image_id, body, expected=0)
                won.append(image_id)
            except service.AnnotationChanged as error:
                assert error.context["current"]["revision"] == 1
        return won

    won = together(answer)
    assert sorted(won) == sorted(shop.images)


def test_steps_over_the_same_images_stand_in_line(services: AppServices) -> None:
    load_events()
    shop = open_workshop(services, images=30, people=PEOPLE)

    def label(who: int) -> list[UUID]:
        image_ids = shop.images if who % 2 else shop.images[::-1]
        body = schemas.BulkLabel(answer="class", class_id=shop.classes[who % 3], image_ids=image_ids)
        with services.db.write() as session:
            service.label_many(session, shop.people[who], shop.project_id, body)
        return []

    together(label)
    with services.db.read() as session:
        answers = [service.get(session, shop.people[0], image_id) for image_id in shop.images]
    assert len({answer.class_id for answer in answers}) == 1
    assert len({answer.revision for answer in answers}) == 1
