"""How much of a job one transaction takes."""

import threading
from pathlib import Path

import pytest

from modelyard.server.kit.database import Database
from modelyard.server.kit.jobs import Portion
from modelyard.server.kit.jobs.portions import BESIDE_PEOPLE_S, LONGEST_S
from modelyard.server.services import AppServices


@pytest.fixture
def portion(services: AppServices) -> Portion:
    return Portion(services.db, first=400, least=50, most=2000)


def test_what_takes_too_long_becomes_smaller_and_what_is_quick_larger(portion: Portion):
    portion.learn(400, LONGEST_S * 1.25)
    assert portion.size == 320
    portion.learn(320, LONGEST_S / 1.5)
    assert portion.size == 480


def test_it_changes_by_no_more_than_two_at_a_time_and_within_its_bounds(portion: Portion):
    sizes = []
    for taken_s in [LONGEST_S * 10] * 4 + [LONGEST_S / 100] * 7:
        portion.learn(portion.size, taken_s)
        sizes.append(portion.size)
    assert sizes == [200, 100, 50, 50, 100, 200, 400, 800, 1600, 2000, 2000]


def test_a_small_rest_that_was_quick_says_nothing_of_a_whole_portion(portion: Portion):
    portion.learn(3, 0.0001)
    assert portion.size == 400


def test_batches_are_as_heavy_as_the_size_at_that_moment(portion: Portion):
    seen = []
    for batch in portion.batches([150, 150, 150, 900, 10, 10], lambda weight: weight):
        seen.append(batch)
        portion.size = 200
    assert seen == [[150, 150], [150], [900], [10, 10]]


def test_it_writes_and_learns(portion: Portion, services: AppServices):
    with portion.write(400) as session:
        assert session.connection().in_transaction()
    assert portion.size != 400


def test_it_takes_less_while_somebody_waits_to_save(tmp_path: Path):
    db = Database(f"sqlite:///{tmp_path / 'notes.db'}")
    portion = Portion(db.after_people(), first=400, least=50, most=2000)
    assert portion.longest_s == LONGEST_S
    person = threading.Thread(target=save_nothing, args=(db,))
    with portion.write(400):
        person.start()
        while not db.is_awaited():
            pass
    person.join()
    assert portion.longest_s == BESIDE_PEOPLE_S


def save_nothing(db: Database) -> None:
    with db.write() as session:
        session.connection()
