"""Random walks through a batch: never more people than labels wanted, nothing lost, nothing starved."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update

from modelyard.server.annotations import batch_schemas, schemas, service
from modelyard.server.annotations.service import batches
from modelyard.server.app import load_events
from modelyard.server.services import AppServices
from modelyard.server.tables import Annotation, Opinion, QueueItem, now
from tests.server.annotations.people import Workshop, open_workshop

IMAGES, PEOPLE = 5, 4
WHO = st.integers(0, PEOPLE - 1)
WHICH = st.integers(0, IMAGES - 1)
IS_IN = ("given", "disputed", "done")


class Together(RuleBasedStateMachine):
    """Four people label five pictures; `said` holds what was acknowledged, `held` what is on whose screens."""

    services: AppServices

    @initialize(overlap=st.integers(1, 3), order=st.sampled_from(["random", "upload", "uncertainty", "priority"]))
    def open(self, overlap: int, order: batch_schemas.BatchOrder) -> None:
        self.shop: Workshop = open_workshop(self.services, images=IMAGES, people=PEOPLE)
        body = batch_schemas.BatchCreate(
            name="Together",
            overlap=overlap,
            order=order,
            random_share=0.3,
            pictures=batch_schemas.TheseImages(kind="ids", image_ids=self.shop.images),
        )
        with self.services.db.write() as session:
            made = batches.create(session, self.shop.people[0], self.shop.project_id, body, blobs=self.services.blobs)
        self.batch_id, self.overlap, self.is_open = made.batch.id, overlap, True
        self.said: dict[tuple[UUID, UUID], UUID] = {}
        self.held: dict[UUID, tuple[int, UUID]] = {}  # by token

    def slots(self) -> list[QueueItem]:
        with self.services.db.read() as session:
            return list(session.scalars(select(QueueItem).where(QueueItem.batch_id == self.batch_id)))

    @rule(who=WHO, count=st.integers(1, 3))
    def grab(self, who: int, count: int) -> None:
        """Somebody asks for pictures, from a first tab or a second one."""
        person = self.shop.people[who]
        before = {(row.image_id, row.user_id) for row in self.slots() if self.is_taken(row)}
        with self.services.db.write() as session:
            got = service.next_images(
                session, person, self.shop.project_id, order=None, count=count, exclude=[], source=self.batch_id
            )
        assert self.is_open or got.items == []
        for item in got.items:
            assert (item.image.id, person.user_id) not in before
            assert item.batch_id == self.batch_id
            self.held[item.lease_token] = (who, item.image.id)
        assert len({item.image.id for item in got.items}) == len(got.items)

    @rule(which=WHICH)
    def close_a_laptop(self, which: int) -> None:
        """Leases of a picture run out."""
        with self.services.db.write() as session:
            query = update(QueueItem).where(QueueItem.image_id == self.shop.images[which])
            query = query.where(QueueItem.lease_expires_at.is_not(None))
            session.execute(query.values(lease_expires_at=now() - timedelta(seconds=1)))

    @rule(who=WHO, which=WHICH)
    def skip(self, who: int, which: int) -> None:
        with self.services.db.write() as session:
            service.skip(session, self.shop.people[who], self.shop.project_id, self.shop.images[which])

    @rule(who=WHO)
    def leave(self, who: int) -> None:
        with self.services.db.write() as session:
            service.release_leases(session, self.shop.people[who], self.shop.project_id, [*self.held])

    @rule(who=WHO, which=WHICH, choice=st.integers(0, 1), times=st.integers(1, 2))
    def submit(self, who: int, which: int, choice: int, times: int) -> None:
        for _ in range(times):  # A second time is the same submission.
            self.put(who, self.shop.images[which], self.shop.classes[choice])

    @rule(who=WHO, which=WHICH)
    def withdraw(self, who: int, which: int) -> None:
        self.put(who, self.shop.images[which], None)

    def put(self, who: int, image_id: UUID, class_id: UUID | None) -> bool:
        person = self.shop.people[who]
        body = schemas.AnnotationPut(answer="class" if class_id else "none", class_id=class_id)
        before = self.own(image_id, person.user_id)
        try:
            with self.services.db.write() as session:
                seen = service.get(session, person, image_id, batch_id=self.batch_id)
                put = service.put(session, person, image_id, body, expected=seen.revision, batch_id=self.batch_id)
        except (service.EnoughLabels, service.PictureDecided):
            assert self.own(image_id, person.user_id) == before  # Refused as a whole.
            return False
        assert put.class_id == class_id
        return True

    def own(self, image_id: UUID, user_id: UUID) -> tuple[str, int, UUID | None] | None:
        with self.services.db.read() as session:
            query = select(Opinion).where(Opinion.image_id == image_id, Opinion.author_id == user_id)
            row = session.scalars(query).first()
            return (row.state, row.revision, row.class_id) if row else None

    @rule()
    def pause_or_open(self) -> None:
        self.is_open = not self.is_open
        self.change(state="open" if self.is_open else "paused")

    @rule(overlap=st.integers(1, 4))
    def want(self, overlap: int) -> None:
        self.overlap = overlap
        self.change(overlap=overlap)

    @rule(order=st.sampled_from(["upload", "random", "disagreement"]))
    def reorder(self, order: str) -> None:
        self.change(order=order)

    def change(self, **values: object) -> None:
        body = batch_schemas.BatchUpdate.model_validate(values)
        with self.services.db.write() as session:
            batches.update(session, self.shop.people[0], self.batch_id, body, blobs=self.services.blobs)

    def is_taken(self, row: QueueItem) -> bool:
        is_lent = row.lease_expires_at is not None and row.lease_expires_at > now()
        return row.state in IS_IN or is_lent

    @invariant()
    def nobody_is_beyond_the_overlap_and_nothing_is_lost(self) -> None:
        rows = self.slots()
        people = Counter((row.image_id, row.user_id) for row in rows if row.user_id)
        assert not people or max(people.values()) == 1
        for image_id in self.shop.images:
            mine = [row for row in rows if row.image_id == image_id]
            states = {row.state for row in mine}
            is_in = [row for row in mine if row.state in IS_IN]
            assert mine, "A picture left its batch."
            if states <= {"done"}:
                with self.services.db.read() as session:
                    query = select(Annotation.answer).where(Annotation.image_id == image_id)
                    assert session.scalar(query) == "class"
                continue
            assert len(mine) == max(self.overlap, len(is_in)), "As many are wanted as the overlap says."
            assert sum(self.is_taken(row) for row in mine) <= max(self.overlap, len(is_in))
            assert (states == {"disputed"}) is ("waiting" not in states), "All are in: somebody decides."
        self.every_label_counts(rows)

    def every_label_counts(self, rows: list[QueueItem]) -> None:
        with self.services.db.read() as session:
            submitted = select(Opinion.image_id, Opinion.author_id).where(Opinion.state == "submitted")
            found = session.execute(submitted.where(Opinion.batch_id == self.batch_id))
            said = {(image_id, author_id) for image_id, author_id in found}
        given = {(row.image_id, row.user_id) for row in rows if row.state in ("given", "disputed")}
        assert given <= said

    def teardown(self) -> None:
        """Everybody goes on until nothing is handed out: then every picture has all its labels."""
        if not hasattr(self, "batch_id"):
            return
        self.change(state="open")
        for which in range(IMAGES):
            self.close_a_laptop(which)
        for who in range(PEOPLE):
            while True:
                with self.services.db.write() as session:
                    got = service.next_images(
                        session,
                        self.shop.people[who],
                        self.shop.project_id,
                        order=None,
                        count=1,
                        exclude=[],
                        source=self.batch_id,
                    )
                if not got.items:
                    break
                assert self.put(who, got.items[0].image.id, self.shop.classes[0])
        assert {row.state for row in self.slots()} <= {"done", "disputed"}, "Something starved."


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
def test_a21_a22_a_batch_hands_out_each_picture_as_often_as_it_says(services: AppServices) -> None:
    load_events()
    machine = type("Machine", (Together,), {"services": services})
    slow = [HealthCheck.too_slow]
    run_state_machine_as_test(
        machine, settings=settings(max_examples=12, stateful_step_count=25, suppress_health_check=slow, deadline=None)
    )
