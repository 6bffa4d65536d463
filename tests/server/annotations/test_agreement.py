"""How far people agree: figures from what they said, the pictures they differ in, and who may look."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import pytest

from modelyard.errors import Forbidden
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import schemas
from modelyard.server.annotations.agreement_schemas import Agreement
from modelyard.server.annotations.batch_schemas import BatchCreate, BatchUpdate, TheseImages
from modelyard.server.annotations.repository.comparisons import Difference
from modelyard.server.annotations.service import agreement, batches, labelling
from modelyard.server.app import load_events
from modelyard.server.projects import classes
from modelyard.server.services import AppServices
from modelyard.server.tables import Batch, Project
from modelyard.server.worker import build_worker
from tests.server.annotations.people import Workshop, open_workshop


@dataclass
class Round:
    """A batch that three people label by themselves."""

    shop: Workshop
    batch: Batch

    @property
    def services(self) -> AppServices:
        return self.shop.services

    def as_(self, wants: str, person: int = 0) -> Actor:
        return replace(self.shop.people[person], wants=wants)

    def say(self, picture: int, *said: int | str, first: int = 0) -> None:
        """Let one person after the other say a class (by number) or another answer."""
        for person, word in enumerate(said, start=first):
            body: dict[str, Any] = {"answer": word}
            if isinstance(word, int):
                body = {"answer": "class", "class_id": self.shop.classes[word]}
            with self.services.db.write() as session:
                actor, image_id = self.as_("label", person), self.shop.images[picture]
                put = schemas.AnnotationPut(**body)
                labelling.put(session, actor, image_id, put, expected=0, batch_id=self.batch.id)

    def look(self) -> Agreement:
        with self.services.db.read() as session:
            return agreement.get(session, self.as_("review"), self.shop.project_id, self.batch.id)

    def differing(self, **wanted: Any) -> list[Any]:
        with self.services.db.read() as session:
            asked = (self.as_("review"), self.shop.project_id, None, Difference(**wanted))
            return agreement.differing(session, *asked, cursor=None, limit=50).items


def start(
    services: AppServices,
    *,
    people: int,
    overlap: int,
    images: int = 6,
    task: Literal["classification", "detection"] = "classification",
) -> Round:
    shop = open_workshop(services, images=images, people=people, task=task)
    with services.db.write() as session:
        pictures = TheseImages(kind="ids", image_ids=shop.images)
        body = BatchCreate(name="First", pictures=pictures, overlap=overlap)
        actor = replace(shop.people[0], wants="manage_batches")
        batch = batches.create(session, actor, shop.project_id, body, blobs=services.blobs).batch
    return Round(shop, batch)


@pytest.fixture
def three(services: AppServices) -> Iterator[Round]:
    load_events()  # A merged class is heard of.
    return start(services, people=3, overlap=3)


def test_a25_agreement_is_counted_from_what_people_said_by_themselves(three: Round) -> None:
    three.say(0, 0, 0, 0)
    three.say(1, 0, 0, 1)
    three.say(2, 1, 1, "not_sure")
    three.say(3, 0, 0)  # Its third label is not in: nobody may know what these two said.
    found = three.look()
    assert (found.kind, found.pictures, found.differ) == ("classes", 3, 2)
    assert found.agreed == pytest.approx(5 / 9)  # All three pairs of the first picture, one of each other.
    by_people = {frozenset((pair.first_id, pair.second_id)): pair for pair in found.pairs}
    ids = [person.user_id for person in three.shop.people]
    same = by_people[frozenset(ids[:2])]
    assert (same.pictures, same.differ, same.agreed, same.kappa) == (3, 0, 1.0, 1.0)
    assert same.by_chance == pytest.approx((2 / 3) ** 2 + (1 / 3) ** 2)
    other = by_people[frozenset((ids[0], ids[2]))]
    assert (other.differ, other.agreed) == (2, pytest.approx(1 / 3))
    agreed = {row.name: row.agreed for row in found.classes}
    assert agreed == {"bagel": pytest.approx(8 / 10), "croissant": pytest.approx(2 / 6), "not sure": 0.0}
    assert [(row.times, {row.first_name, row.second_name}) for row in found.mixed_up] == [
        (2, {"bagel", "croissant"}),
        (2, {"croissant", "not sure"}),
    ]
    assert found.fleiss_kappa == pytest.approx(found.alpha, abs=0.1)
    (day,) = found.over_time
    assert (day.comparisons, day.agreed) == (9, pytest.approx(5 / 9))
    with three.services.db.read() as session:
        people = agreement.of_people(session, three.shop.project_id)
    assert people[ids[2]].agreed == pytest.approx(1 / 3)


def test_pictures_in_which_people_differ(three: Round) -> None:
    three.say(0, 0, 0, 1)
    three.say(1, 0, 1, 1)
    three.say(2, 2, 2, 2)
    ids = [person.user_id for person in three.shop.people]
    assert {row.image.id for row in three.differing()} == set(three.shop.images[:2])
    (row,) = three.differing(people=(ids[1], ids[0]))
    assert (row.image.id, row.is_decided, len(row.said)) == (three.shop.images[1], False, 3)
    assert three.differing(said=(str(three.shop.classes[2]),)) == []
    assert len(three.differing(said=(str(three.shop.classes[1]), str(three.shop.classes[0])))) == 2


def test_whoever_thinks_again_is_compared_anew(three: Round) -> None:
    three.say(0, 0, 0, 1)
    assert three.look().agreed == pytest.approx(1 / 3)
    with three.services.db.write() as session:
        actor, image_id = three.as_("label", 2), three.shop.images[0]
        none = schemas.AnnotationPut(answer="none")
        labelling.put(session, actor, image_id, none, expected=1, batch_id=three.batch.id)
    assert three.look().pictures == 0
    with three.services.db.write() as session:
        put = schemas.AnnotationPut(answer="class", class_id=three.shop.classes[0])
        labelling.put(session, actor, image_id, put, expected=2, batch_id=three.batch.id)
    assert three.look().agreed == 1
    with three.services.db.write() as session:  # More labels are wanted of what is undecided, and of that alone.
        actor = three.as_("manage_batches")
        batches.update(session, actor, three.batch.id, BatchUpdate(overlap=4), blobs=three.services.blobs)
    assert three.look().pictures == 1


def test_merged_classes_are_one_and_deleted_ones_none(three: Round) -> None:
    three.say(0, 0, 0, 1)
    three.say(1, 2, 2, 2)
    manage = three.as_("manage_classes")
    with three.services.db.write() as session:
        project = session.get_one(Project, three.shop.project_id)
        classes.merge(session, manage, project, three.shop.classes[1], three.shop.classes[0])
    assert three.look().agreed == 1  # At once,
    assert three.look().differ == 1
    worker = build_worker(three.services, name="test-worker")
    worker.run_until_idle()
    worker.stop()
    assert three.look().differ == 0  # and picture by picture once all are compared again.
    assert three.differing() == []
    with three.services.db.write() as session:
        classes.delete(session, manage, session.get_one(Project, project.id), three.shop.classes[2])
    assert [row.name for row in three.look().classes] == ["bagel"]


def test_whoever_labels_sees_no_others(three: Round) -> None:
    with three.services.db.read() as session, pytest.raises(Forbidden):
        agreement.get(session, three.as_("review", 1), three.shop.project_id)


def test_nothing_to_compare_is_no_fault(three: Round) -> None:
    found = three.look()
    assert (found.pictures, found.agreed, found.alpha, found.people, found.over_time) == (0, None, None, [], [])
    assert three.differing() == []
