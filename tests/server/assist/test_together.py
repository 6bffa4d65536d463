"""People label while suggestions are refreshed: nobody waits for a lock that never comes, nothing is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sqlalchemy import func, select

from modelyard.server.annotations import schemas
from modelyard.server.annotations import service as annotations
from modelyard.server.app import load_events
from modelyard.server.assist.service import refresh
from modelyard.server.kit import jobs
from modelyard.server.services import AppServices
from modelyard.server.tables import Job
from tests.server.annotations.people import Workshop, open_workshop
from tests.server.assist.conftest import write_features

PEOPLE = 4
IMAGES = 160


def label(shop: Workshop, who: int) -> None:
    """Answer one's share of the first eighty pictures singly; steps over the others overlap with everybody's."""
    mine = shop.images[who::PEOPLE]
    for number, image_id in enumerate(mine[:20]):
        body = schemas.AnnotationPut(answer="class", class_id=shop.classes[(who + number) % 2])
        with shop.services.db.write() as session:
            annotations.put(session, shop.people[who], image_id, body, expected=0)
        with shop.services.db.write() as session:
            annotations.next_images(session, shop.people[who], shop.project_id, order="helpful", count=2, exclude=[])
        if number % 5 == 4:
            some = shop.images[80 + number : 140 + number]
            step = schemas.BulkLabel(answer="not_sure", image_ids=some[::-1] if who % 2 else some)
            with shop.services.db.write() as session:
                annotations.label_many(session, shop.people[who], shop.project_id, step)


def test_labelling_goes_on_during_refreshes(services: AppServices) -> None:
    load_events()
    shop = open_workshop(services, images=IMAGES, people=PEOPLE)
    with services.db.write() as session:
        write_features(services, session, shop.project_id, shop.images, [number % 2 for number in range(IMAGES)])
    done = threading.Event()

    def keep_refreshing() -> int:
        rounds = 0
        while not done.is_set():
            refresh.run(services.db, services.blobs, shop.project_id, check=lambda: None)
            rounds += 1
        return rounds

    with ThreadPoolExecutor(PEOPLE + 1) as pool:
        rounds = pool.submit(keep_refreshing)
        people = [pool.submit(label, shop, who) for who in range(PEOPLE)]
        try:
            for person in people:
                person.result(timeout=120)
        finally:
            done.set()
        assert rounds.result() > 0
    with services.db.read() as session:
        waiting = session.scalar(select(func.count()).select_from(Job).where(Job.state == "queued"))
    assert waiting == 1


def test_two_people_asking_for_the_same_refresh_get_one(services: AppServices) -> None:
    load_events()
    shop = open_workshop(services, images=0, people=PEOPLE)
    start = threading.Barrier(PEOPLE)

    def ask(_: int) -> UUID:
        start.wait()
        with services.db.write() as session:
            return jobs.enqueue(session, "assist.refresh", project_id=shop.project_id, queueing_lock="one").id

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert len(set(pool.map(ask, range(PEOPLE)))) == 1
