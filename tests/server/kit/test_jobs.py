"""Jobs: asked for in a transaction, claimed once, fenced by leases, gone on with from checkpoints."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from modelyard.errors import Conflict
from modelyard.server.kit import jobs
from modelyard.server.kit.compute import Pool
from modelyard.server.kit.jobs import HANDLERS, JobContext, Worker
from modelyard.server.kit.jobs.queue import SameJobWaits, claim
from modelyard.server.services import AppServices
from modelyard.server.tables import Job, now

LANES = ("quick", "bulk")


class NoFlourError(Conflict):
    """There is no flour left."""


@pytest.fixture
def kind() -> Iterator[str]:
    """Return a kind of job that counts to eight, and can be told to break."""

    def count(ctx: JobContext, fail: str = "") -> dict[str, Any]:
        for step in range(ctx.checkpoint.get("step", 0), 8):
            ctx.progress(step, 8, stage="Counting")
            if fail == "product" and step == 4:
                raise NoFlourError
            if fail == "bug" and step == 4:
                raise KeyError("flour")
            ctx.save({"step": step + 1, "seen": [*ctx.checkpoint.get("seen", []), step]})
        return {"seen": ctx.checkpoint["seen"]}

    name = "test.count"
    jobs.job(name)(count)
    yield name
    del HANDLERS._entries[name]


def ask(services: AppServices, kind: str, **options: Any) -> Any:
    with services.db.write() as session:
        return jobs.enqueue(session, kind, **options).id


def look(services: AppServices, job_id: Any) -> Job:
    with services.db.read() as session:
        return session.get_one(Job, job_id)


def test_a_job_runs_to_its_result(services: AppServices, kind: str) -> None:
    job_id = ask(services, kind)
    assert Worker(services, name="w").run_until_idle() == 1
    job = look(services, job_id)
    assert (job.state, job.result) == ("succeeded", {"seen": list(range(8))})


def test_a_rolled_back_transaction_asks_for_nothing(services: AppServices, kind: str) -> None:
    with pytest.raises(RuntimeError), services.db.write() as session:
        jobs.enqueue(session, kind)
        raise RuntimeError
    assert claim(services.db, worker="w", lanes=LANES) is None


def test_errors_become_problems(services: AppServices, kind: str) -> None:
    said, bug = ask(services, kind, params={"fail": "product"}), ask(services, kind, params={"fail": "bug"})
    Worker(services, name="w").run_until_idle()
    assert look(services, said).problem == {"code": "no-flour-error", "detail": "There is no flour left."}
    problem = look(services, bug).problem
    assert problem is not None
    assert "flour" not in problem["detail"]


def test_a_lock_lets_one_wait_and_one_run(services: AppServices, kind: str) -> None:
    first = ask(services, kind, queueing_lock="oven")
    assert ask(services, kind, queueing_lock="oven") == first
    assert claim(services.db, worker="a", lanes=LANES) is not None
    second = ask(services, kind, queueing_lock="oven")
    assert second != first
    assert claim(services.db, worker="b", lanes=LANES) is None


def test_no_job_is_claimed_twice(services: AppServices, kind: str) -> None:
    for _ in range(12):
        ask(services, kind)
    taken: list[Any] = []

    def take(name: str) -> None:
        while (found := claim(services.db, worker=name, lanes=LANES)) is not None:
            taken.append(found[0].id)

    threads = [threading.Thread(target=take, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 12


def test_whoever_lost_the_lease_writes_nothing(services: AppServices, kind: str) -> None:
    job_id = ask(services, kind)
    claimed = claim(services.db, worker="dead", lanes=LANES)
    assert claimed is not None
    with services.db.write() as session:
        session.execute(update(Job).values(lease_expires_at=now() - timedelta(seconds=1), checkpoint={"step": 5}))
    Worker(services, name="alive").run_until_idle()
    job = look(services, job_id)
    assert (job.state, job.attempts, job.worker) == ("succeeded", 2, "alive")
    assert job.result == {"seen": [5, 6, 7]}
    late = JobContext(services, claimed[0], claimed[1], Pool())
    assert not late.end("failed")
    with pytest.raises(jobs.LeaseLost):
        late.save({"step": 0})


def test_a_waiting_job_is_cancelled_at_once(services: AppServices, kind: str) -> None:
    job_id = ask(services, kind)
    with services.db.write() as session:
        jobs.cancel(session, session.get_one(Job, job_id))
    assert look(services, job_id).state == "cancelled"
    assert Worker(services, name="w").run_until_idle() == 0


def test_a_job_that_never_ends_is_given_up(services: AppServices, kind: str) -> None:
    job_id = ask(services, kind)
    with services.db.write() as session:
        session.execute(update(Job).values(attempts=5))
    Worker(services, name="w").run_until_idle()
    problem = look(services, job_id).problem
    assert problem is not None
    assert problem["code"] == "gave-up"


def test_a15_a_job_may_take_as_long_as_it_needs(services: AppServices) -> None:
    def long_ago(ctx: JobContext) -> dict[str, Any]:
        with ctx.db.write() as session:
            session.execute(update(Job).values(started_at=now() - timedelta(days=30)))
        ctx.progress(1, 2, stage="For a month")
        ctx.check()
        return {"done": True}

    jobs.job("test.long")(long_ago)
    try:
        job_id = ask(services, "test.long")
        Worker(services, name="w").run_until_idle()
        job = look(services, job_id)
        assert (job.state, job.result) == ("succeeded", {"done": True})
    finally:
        del HANDLERS._entries["test.long"]


def test_a_retry_goes_on_from_the_checkpoint(services: AppServices, kind: str) -> None:
    job_id = ask(services, kind, params={"fail": "product"})
    Worker(services, name="w").run_until_idle()
    with services.db.write() as session:
        job = session.get_one(Job, job_id)
        job.params = {}
        jobs.retry(session, job)
    Worker(services, name="w").run_until_idle()
    assert look(services, job_id).result == {"seen": list(range(8))}


def test_a_retry_beside_one_that_waits_under_the_same_lock_is_refused_in_words(
    services: AppServices, kind: str
) -> None:
    with services.db.write() as session:
        ended = jobs.enqueue(session, kind, queueing_lock="same", title="Look")
        ended.state = "failed"
    with services.db.write() as session:
        waiting = jobs.enqueue(session, kind, queueing_lock="same", title="Look")
    with services.db.write() as session, pytest.raises(SameJobWaits, match="Another job waits") as told:
        jobs.retry(session, session.get_one(Job, ended.id))
    assert told.value.context == {"job_id": str(waiting.id)}
    assert (look(services, ended.id).state, look(services, waiting.id).state) == ("failed", "queued")
    with services.db.write() as session:
        jobs.cancel(session, session.get_one(Job, waiting.id))
        assert jobs.retry(session, session.get_one(Job, ended.id)).state == "queued"
