"""Random walks through a batch that is reviewed: no label reviewed twice, none lost, nobody reviews their own."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import batch_schemas, review_schemas, schemas, service
from modelyard.server.annotations.repository import review_facts
from modelyard.server.annotations.service import batches, review_decisions, review_returns, review_sample, reviews
from modelyard.server.app import load_events
from modelyard.server.services import AppServices
from modelyard.server.tables import Annotation, AnnotationRevision, Batch, ProjectMember, QueueItem, Review, now
from tests.server.annotations.people import Workshop, open_workshop

IMAGES, PEOPLE = 4, 4  # the first leads, the second reviews too, the others label
WHO, WHICH = st.integers(1, PEOPLE - 1), st.integers(0, IMAGES - 1)
REVIEWER = st.integers(0, 1)
SHARE = st.sampled_from([1.0, 0.5, 0.0])
REFUSED = (
    *(review_decisions.OwnWork, review_decisions.ReviewTaken, review_decisions.AlreadyReviewed),
    *(review_decisions.LabelChanged, review_decisions.UndoTooLate, review_returns.BeingLabelledAgain),
    reviews.ReviewNotFound,
)


class Reviewed(RuleBasedStateMachine):
    """Four people label four pictures, two of them review; `decided` holds what was acknowledged, by label."""

    services: AppServices

    @initialize(overlap=st.integers(1, 2), share=st.sampled_from([1.0, 0.7]))
    def open(self, overlap: int, share: float) -> None:
        self.shop: Workshop = open_workshop(self.services, images=IMAGES, people=PEOPLE)
        pictures = batch_schemas.TheseImages(kind="ids", image_ids=self.shop.images)
        body = batch_schemas.BatchCreate(name="Seen", overlap=overlap, review_share=share, pictures=pictures)
        with self.services.db.write() as session:
            member = session.get_one(ProjectMember, (self.shop.project_id, self.shop.people[1].user_id))
            member.role = "reviewer"
            made = batches.create(session, self.shop.people[0], self.shop.project_id, body, blobs=self.services.blobs)
        self.batch_id = made.batch.id
        self.decided: dict[UUID, str] = {}  # by review
        self.last: tuple[int, UUID] | None = None

    def reviewer(self, who: int) -> Actor:
        return replace(self.shop.people[who], wants="review")

    @rule(who=WHO, which=WHICH, choice=st.integers(0, 1))
    def label(self, who: int, which: int, choice: int) -> None:
        """Somebody answers a picture, whether it was handed to them or not."""
        person, image_id = self.shop.people[who], self.shop.images[which]
        body = schemas.AnnotationPut(answer="class", class_id=self.shop.classes[choice])
        try:
            with self.services.db.write() as session:
                seen = service.get(session, person, image_id, batch_id=self.batch_id)
                service.put(session, person, image_id, body, expected=seen.revision, batch_id=self.batch_id)
        except (service.EnoughLabels, service.PictureDecided):
            pass

    @rule(who=WHO)
    def take_and_label(self, who: int) -> None:
        """Somebody labels what comes next to them; what was sent back comes to its author alone."""
        person = self.shop.people[who]
        with self.services.db.write() as session:
            got = service.next_images(
                session, person, self.shop.project_id, order=None, count=1, exclude=[], source=self.batch_id
            )
        for item in got.items:
            for slot in self.slots(item.image.id):
                assert slot.user_id != person.user_id or slot.returned_to in (None, person.user_id)
            self.label(who, self.shop.images.index(item.image.id), 0)

    @rule(who=REVIEWER, times=st.integers(1, 2))
    def grab(self, who: int, times: int) -> None:
        """A reviewer asks for pictures, from a first tab or a second one."""
        at = now()
        held = {row.id for row in self.reviews() if row.state == "waiting" and (row.lease_expires_at or at) > at}
        for _ in range(times):
            with self.services.db.write() as session:
                got = reviews.next_reviews(
                    session, self.reviewer(who), self.shop.project_id, batch_id=self.batch_id, count=1, exclude=[]
                )
            for item in got.items:
                assert item.detail.review.id not in held, "It is on another screen."
                assert not self.is_own(item.detail.review.id, who)
                held.add(item.detail.review.id)

    @rule(which=WHICH)
    def close_a_laptop(self, which: int) -> None:
        with self.services.db.write() as session:
            query = update(Review).where(Review.image_id == self.shop.images[which], Review.lease_token.is_not(None))
            session.execute(query.values(lease_expires_at=now() - timedelta(seconds=1)))

    @rule(who=REVIEWER, which=WHICH)
    def accept(self, who: int, which: int) -> None:
        self.decide(who, which, verdict="accepted")

    @rule(who=REVIEWER, which=WHICH, to=st.sampled_from(["author", "pool"]))
    def send_back(self, who: int, which: int, to: str) -> None:
        self.decide(who, which, verdict="rejected", reason="Look again.", return_to=to)

    @rule(who=REVIEWER, which=WHICH)
    def correct(self, who: int, which: int) -> None:
        right = schemas.AnnotationPut(answer="class", class_id=self.shop.classes[2])
        self.decide(who, which, verdict="corrected", annotation=right)

    def decide(self, who: int, which: int, **said: Any) -> None:
        """A reviewer decides about a picture, and says it twice because the first answer got lost."""
        rows = [row for row in self.reviews() if row.image_id == self.shop.images[which]]
        if not rows:
            return
        row = rows[-1]
        body = review_schemas.ReviewDecision.model_validate(said)
        is_own = self.is_own(row.id, who)
        for _ in range(2):
            try:
                with self.services.db.write() as session:
                    done = review_decisions.decide(session, self.reviewer(who), row.id, body, expected=row.revision)
            except REFUSED:
                return
            assert not is_own, "Nobody reviews their own work."
            self.decided[done.id], self.last = done.state, (who, done.id)

    @rule()
    def undo(self) -> None:
        """The last decision is taken back, unless the picture moved on."""
        if self.last is None:
            return
        who, review_id = self.last
        try:
            with self.services.db.write() as session:
                back = review_decisions.undo(session, self.reviewer(who), review_id)
        except REFUSED:
            return
        assert back.detail.review.state == "waiting"
        self.decided.pop(review_id, None)
        self.last = None

    @rule(share=SHARE, by_person=SHARE)
    def want(self, share: float, by_person: float) -> None:
        body = batch_schemas.BatchUpdate(review_share=share, review_by_person={self.shop.people[2].user_id: by_person})
        with self.services.db.write() as session:
            batches.update(session, self.shop.people[0], self.batch_id, body, blobs=self.services.blobs)

    def reviews(self) -> list[Review]:
        with self.services.db.read() as session:
            return list(
                session.scalars(select(Review).where(Review.batch_id == self.batch_id).order_by(Review.revision))
            )

    def slots(self, image_id: UUID) -> list[QueueItem]:
        with self.services.db.read() as session:
            query = select(QueueItem).where(QueueItem.batch_id == self.batch_id, QueueItem.image_id == image_id)
            return list(session.scalars(query))

    def is_own(self, review_id: UUID, who: int) -> bool:
        with self.services.db.read() as session:
            row = session.get_one(Review, review_id)
            people = review_facts.people(session, self.batch_id, [row.image_id]).get(row.image_id, set())
            return self.shop.people[who].user_id in people | {row.author_id}

    @invariant()
    def what_was_decided_stays_decided(self) -> None:
        rows = self.reviews()
        assert {row.id: row.state for row in rows if row.state != "waiting"} == self.decided
        assert not [n for n in Counter((row.image_id, row.revision) for row in rows).values() if n > 1]
        waiting = Counter(row.image_id for row in rows if row.state == "waiting")
        assert not waiting or max(waiting.values()) == 1

    @invariant()
    def what_waits_looks_at_the_present_label(self) -> None:
        with self.services.db.read() as session:
            labels = {row.image_id: row for row in session.scalars(select(Annotation))}
            for row in self.reviews():
                if row.state == "waiting":
                    label = labels[row.image_id]
                    assert (label.answer, label.revision, label.author_id) == ("class", row.revision, row.author_id)
            query = select(AnnotationRevision.image_id, AnnotationRevision.revision)
            kept = {(image_id, revision) for image_id, revision in session.execute(query)}
            for image_id, label in labels.items():
                assert {(image_id, number + 1) for number in range(label.revision)} <= kept, "Every version stays."

    @invariant()
    def every_label_below_its_share_is_looked_at(self) -> None:
        with self.services.db.read() as session:
            batch = session.get_one(Batch, self.batch_id)
            looked_at = {row.image_id for row in self.reviews()}
            for image_id in review_facts.all_finished(session, self.batch_id):
                if review_sample.lot(batch.id, image_id) < batch.review_share:
                    assert image_id in looked_at
        assert all({slot.state for slot in self.slots(id_)} for id_ in self.shop.images), "A picture left its batch."


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
def test_a22_a25_labels_are_reviewed_once_and_by_others(services: AppServices) -> None:
    load_events()
    machine = type("Machine", (Reviewed,), {"services": services})
    slow = [HealthCheck.too_slow]
    run_state_machine_as_test(
        machine, settings=settings(max_examples=10, stateful_step_count=25, suppress_health_check=slow, deadline=None)
    )
