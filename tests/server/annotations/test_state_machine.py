"""Random walks through labelling: whatever people do, in whatever order, nothing is lost and nothing is lent twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from modelyard.server.annotations import schemas, service
from modelyard.server.app import load_events
from modelyard.server.services import AppServices
from modelyard.server.tables import Annotation, AnnotationRevision, QueueItem, now
from tests.server.annotations.people import Workshop, open_workshop

IMAGES = 8
Content = tuple[str, UUID | None]
NOTHING: Content = ("none", None)


class Labelling(RuleBasedStateMachine):
    """Two people label eight images; `contents`, `revisions`, `waiting` and `leases` say what must be so."""

    services: AppServices

    @initialize()
    def open(self) -> None:
        self.shop: Workshop = open_workshop(self.services, images=IMAGES)
        self.contents: dict[UUID, Content] = dict.fromkeys(self.shop.images, NOTHING)
        self.revisions: dict[UUID, int] = dict.fromkeys(self.shop.images, 0)
        self.waiting = set(self.shop.images)
        self.leases: dict[UUID, tuple[int, UUID]] = {}
        self.done: list[list[schemas.ChangedAnnotation]] = []
        self.undone: list[list[schemas.ChangedAnnotation]] = []

    def content(self, choice: int) -> Content:
        return [("class", self.shop.classes[0]), ("class", self.shop.classes[1]), ("not_sure", None), NOTHING][choice]

    def say(self, image_id: UUID, content: Content) -> None:
        """Note in the model that an image has this answer now."""
        self.contents[image_id] = content
        self.revisions[image_id] += 1
        self.settle(image_id)

    def settle(self, image_id: UUID) -> None:
        if self.contents[image_id] == NOTHING:
            self.waiting.add(image_id)
        else:
            self.waiting.discard(image_id)
            self.leases.pop(image_id, None)

    @rule(index=st.integers(0, IMAGES - 1), choice=st.integers(0, 3), who=st.integers(0, 1), behind=st.integers(0, 2))
    def put(self, index: int, choice: int, who: int, behind: int) -> None:
        image_id, content = self.shop.images[index], self.content(choice)
        expected = max(0, self.revisions[image_id] - behind)
        body = schemas.AnnotationPut(answer=content[0], class_id=content[1])  # type: ignore[arg-type]
        try:
            with self.services.db.write() as session:
                result = service.put(session, self.shop.people[who], image_id, body, expected=expected)
        except service.AnnotationChanged as error:
            assert expected != self.revisions[image_id]
            current = error.context["current"]
            assert current["revision"] == self.revisions[image_id]
            return
        if result.revision == self.revisions[image_id]:  # It said so already.
            assert self.contents[image_id] == content
            self.settle(image_id) if expected == result.revision else None
            return
        assert expected == self.revisions[image_id]
        assert result.revision == expected + 1
        self.say(image_id, content)
        self.undone.clear()

    @rule(chosen=st.sets(st.integers(0, IMAGES - 1), min_size=1), choice=st.integers(0, 3), who=st.integers(0, 1))
    def bulk(self, chosen: set[int], choice: int, who: int) -> None:
        content = self.content(choice)
        image_ids = [self.shop.images[index] for index in chosen]
        body = schemas.BulkLabel(answer=content[0], class_id=content[1], image_ids=image_ids)  # type: ignore[arg-type]
        with self.services.db.write() as session:
            changed = service.label_many(session, self.shop.people[who], self.shop.project_id, body)
        expected = {image_id for image_id in image_ids if self.contents[image_id] != content}
        assert {row.image_id for row in changed} == expected
        for row in changed:
            assert (row.previous.answer, row.previous.class_id) == self.contents[row.image_id]
            self.say(row.image_id, content)
        for image_id in image_ids:
            self.settle(image_id)
        self.done.append(changed)
        self.undone.clear()

    @precondition(lambda self: self.done)
    @rule(who=st.integers(0, 1))
    def undo(self, who: int) -> None:
        self.take_back(self.done, self.undone, who)

    @precondition(lambda self: self.undone)
    @rule(who=st.integers(0, 1))
    def redo(self, who: int) -> None:
        self.take_back(self.undone, self.done, who)

    def take_back(self, source: list[Any], target: list[Any], who: int) -> None:
        step = source.pop()
        items = [
            schemas.RestoreItem(image_id=row.image_id, revision=row.revision, **row.previous.model_dump())
            for row in step
        ]
        if not items:
            return
        is_stale = any(self.revisions[item.image_id] != item.revision for item in items)
        try:
            with self.services.db.write() as session:
                changed = service.restore(session, self.shop.people[who], self.shop.project_id, items)
        except service.AnnotationChanged:
            assert is_stale
            return
        assert not is_stale
        for item in items:
            self.say(item.image_id, (item.answer, item.class_id))
        target.append(changed)

    @rule(who=st.integers(0, 1), count=st.integers(1, 4), order=st.sampled_from(["helpful", "random", "upload"]))
    def borrow(self, who: int, count: int, order: Any) -> None:
        with self.services.db.write() as session:
            shown = service.next_images(
                session, self.shop.people[who], self.shop.project_id, order=order, count=count, exclude=[]
            )
        free = self.waiting - set(self.leases)
        assert len(shown.items) == min(count, len(free))
        assert {item.image.id for item in shown.items} <= free
        assert shown.remaining == len(self.waiting)
        if order == "upload":
            self.leases |= {item.image.id: (who, item.lease_token) for item in shown.items}
            return
        with self.services.db.write() as session:  # Which images chance gave must not decide how the walk goes on.
            tokens = [item.lease_token for item in shown.items]
            service.release_leases(session, self.shop.people[who], self.shop.project_id, tokens)

    @precondition(lambda self: self.leases)
    @rule(index=st.integers(0, 99), who=st.integers(0, 1))
    def release(self, index: int, who: int) -> None:
        image_id = sorted(self.leases, key=self.shop.images.index)[index % len(self.leases)]
        holder, token = self.leases[image_id]
        with self.services.db.write() as session:
            service.release_leases(session, self.shop.people[who], self.shop.project_id, [token])
        if holder == who:
            del self.leases[image_id]

    @precondition(lambda self: self.leases)
    @rule(index=st.integers(0, 99))
    def run_out(self, index: int) -> None:
        image_id = sorted(self.leases, key=self.shop.images.index)[index % len(self.leases)]
        with self.services.db.write() as session:
            past = now() - timedelta(seconds=1)
            session.execute(update(QueueItem).where(QueueItem.image_id == image_id).values(lease_expires_at=past))
        del self.leases[image_id]

    @rule(index=st.integers(0, IMAGES - 1), who=st.integers(0, 1))
    def skip(self, index: int, who: int) -> None:
        with self.services.db.write() as session:
            service.skip(session, self.shop.people[who], self.shop.project_id, self.shop.images[index])
        if self.leases.get(self.shop.images[index], (None,))[0] == who:
            del self.leases[self.shop.images[index]]

    @rule(chosen=st.sets(st.integers(0, IMAGES - 1), min_size=1), who=st.integers(0, 1))
    def send_back(self, chosen: set[int], who: int) -> None:
        image_ids = [self.shop.images[index] for index in chosen]
        with self.services.db.write() as session:
            service.add_images(session, self.shop.people[who], self.shop.project_id, image_ids, reason="Look again")
        self.waiting.update(image_ids)

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        with self.services.db.read() as session:
            rows = session.scalars(select(Annotation).where(Annotation.project_id == self.shop.project_id)).all()
            steps = session.scalars(
                select(AnnotationRevision).where(AnnotationRevision.project_id == self.shop.project_id)
            ).all()
            queue = session.scalars(select(QueueItem).where(QueueItem.project_id == self.shop.project_id)).all()
        stored = {row.image_id: row for row in rows}
        for image_id, content in self.contents.items():
            row = stored.get(image_id)
            assert ((row.answer, row.class_id) if row else NOTHING) == content
            assert (row.revision if row else 0) == self.revisions[image_id]
            numbers = sorted(step.revision for step in steps if step.image_id == image_id)
            assert numbers == list(range(1, self.revisions[image_id] + 1))
        assert {item.image_id for item in queue} == self.waiting
        unanswered = {image_id for image_id, content in self.contents.items() if content == NOTHING}
        assert unanswered <= self.waiting


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_lost_whatever_people_do(services: AppServices) -> None:
    load_events()
    machine = type("Machine", (Labelling,), {"services": services})
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    quick = settings(max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(machine, settings=quick)
