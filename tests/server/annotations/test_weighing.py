"""Pictures on which people differ, in batches that weigh people by their measured skill."""

from typing import Any
from uuid import uuid4

import pytest

from modelyard.server.annotations import object_schemas
from modelyard.server.annotations.batch_schemas import BatchUpdate
from modelyard.server.annotations.repository import answers, objects
from modelyard.server.annotations.service import batches, labelling
from modelyard.server.services import AppServices
from modelyard.server.worker import build_worker
from tests.server.annotations.test_agreement import Round, start

A = {"type": "box", "x1": 10.0, "y1": 10.0, "x2": 50.0, "y2": 50.0, "angle": 0.0}
B = {**A, "x1": 60.0, "x2": 100.0}


def weigh(round_: Round) -> None:
    """Have people weighed from now on, and wait until that is done."""
    with round_.services.db.write() as session:
        body = BatchUpdate(consensus="weighted")
        batches.update(session, round_.as_("manage_batches"), round_.batch.id, body, blobs=round_.services.blobs)
    worker = build_worker(round_.services, name="test-worker")
    worker.run_until_idle()
    worker.stop()


def answer(round_: Round, picture: int) -> tuple[str, int | None, str | None]:
    """Return the answer of a picture, the number of its class, and where it comes from."""
    image_id = round_.shop.images[picture]
    with round_.services.db.read() as session:
        row = answers.annotations(session, [image_id]).get(image_id)
        number = round_.shop.classes.index(row.class_id) if row and row.class_id else None
        return (row.answer, number, row.source) if row else ("none", None, None)


def draw(round_: Round, picture: int, person: int, *shapes: dict[str, Any]) -> None:
    """Let somebody draw these boxes, all of one class."""
    put = [object_schemas.ObjectPut(id=uuid4(), class_id=round_.shop.classes[0], shape=shape) for shape in shapes]
    with round_.services.db.write() as session:
        change = object_schemas.ObjectsChange(put=put, answer="objects")
        actor, image_id = round_.as_("label", person), round_.shop.images[picture]
        labelling.change_objects(session, actor, image_id, change, expected=0, batch_id=round_.batch.id)


def test_classes__the_skilled_decide_where_it_is_sure(services: AppServices) -> None:
    round_ = start(services, people=3, overlap=3, images=26)
    for picture in range(24):
        right = picture % 3
        round_.say(picture, right, right, right if picture % 2 else (right + 1) % 3)
    assert answer(round_, 0) == ("none", None, None)
    assert [person.skill for person in round_.look().people] == [None, None, None]
    weigh(round_)
    assert [answer(round_, picture) for picture in range(24)] == [("class", n % 3, "consensus") for n in range(24)]
    skill = {person.user_id: person.skill or 0 for person in round_.look().people}
    ana, bo, cy = (skill[person.user_id] for person in round_.shop.people)
    assert min(ana, bo) > 0.9
    assert cy < 0.6
    round_.say(24, 1, 1, 2)  # From here on at once,
    assert answer(round_, 24) == ("class", 1, "consensus")
    round_.say(25, 0, 1, 1)  # but the careful differ among themselves here.
    assert answer(round_, 25) == ("none", None, None)


def test_objects__what_the_skilled_drew_counts(services: AppServices) -> None:
    round_ = start(services, people=3, overlap=3, images=12, task="detection")
    for picture in range(11):
        draw(round_, picture, 0, A, B)
        draw(round_, picture, 1, A, {**B, "x2": 104.0})
        draw(round_, picture, 2, A)
    weigh(round_)
    image_id = round_.shop.images[0]
    with services.db.read() as session:
        first, second = sorted(objects.present(session, [image_id]), key=lambda row: row.x1)
    assert (first.x2, second.x2) == (50.0, pytest.approx(102.0))
    assert answer(round_, 0) == ("objects", None, "consensus")
    with services.db.read() as session:
        assert len(list(session.scalars(batches.batches.disputed(round_.batch.id)))) == 0


def test_two_people_never_overrule_each_other(services: AppServices) -> None:
    round_ = start(services, people=2, overlap=2, images=12)
    for picture in range(12):
        round_.say(picture, 0, 0 if picture else 1)
    weigh(round_)
    assert answer(round_, 0) == ("none", None, None)
