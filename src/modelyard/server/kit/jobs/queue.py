"""The job table as a queue: ask, claim under a lease, keep it alive, finish, cancel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from modelyard.errors import Conflict
from modelyard.server.kit.database import Database, ReadSession, WriteSession
from modelyard.server.kit.jobs.handlers import LANES
from modelyard.server.tables import Job, now

LEASE = timedelta(seconds=20)
ENDED = ("succeeded", "failed", "cancelled")
_TRIES = 5


class JobHasEnded(Conflict):
    """This job has ended already."""


class JobStillActive(Conflict):
    """This job is still waiting or running."""


class SameJobWaits(Conflict):
    """Another job of the same kind waits already, and does the same work."""


@dataclass(frozen=True)
class Lease:
    """The right of one worker to work on one job for a while; `attempt` fences off a worker that lost it."""

    job_id: UUID
    worker: str
    attempt: int
    length: timedelta = LEASE


def enqueue(
    session: WriteSession,
    kind: str,
    *,
    params: dict[str, Any] | None = None,
    project_id: UUID | None = None,
    created_by: UUID | None = None,
    queueing_lock: str | None = None,
    run_after: datetime | None = None,
    title: str = "",
) -> Job:
    """Ask for a job in this transaction; it exists once the transaction is committed.

    With a `queueing_lock`, the job that already waits under it is returned instead of a second one, and no two
    jobs of the same lock run at the same time.
    """
    values: dict[str, Any] = {
        "kind": kind,
        "lane": LANES.get(kind, "bulk"),
        "title": title or kind,
        "params": params or {},
        "project_id": project_id,
        "created_by": created_by,
        "queueing_lock": queueing_lock,
        "run_after": run_after,
    }
    session.flush()
    for _ in range(_TRIES if queueing_lock else 0):
        waiting = select(Job).where(Job.state == "queued", Job.queueing_lock == queueing_lock).with_for_update()
        if found := session.scalars(waiting).first():
            return found
        try:
            with session.begin_nested():  # Somebody may ask for the same job at the same moment.
                return _add(session, **values)
        except IntegrityError:
            continue
    return _add(session, **values)


def _add(session: WriteSession, **values: Any) -> Job:
    job = Job(**values)
    session.add(job)
    session.flush()
    return job


def claim(db: Database, *, worker: str, lanes: tuple[str, ...], length: timedelta = LEASE) -> tuple[Job, Lease] | None:
    """Take the oldest job that waits, or whose worker went silent; None if there is none."""
    with db.read() as reading:  # A look costs no writer's lock; most looks find nothing.
        if reading.scalar(_claimable(lanes).limit(1)) is None:
            return None
    with db.write() as session:
        chosen = _claimable(lanes).order_by(Job.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
        statement = (
            update(Job)
            .where(Job.id == chosen)
            .values(
                state="running",
                worker=worker,
                lease_expires_at=now() + length,
                attempts=Job.attempts + 1,
                started_at=now(),
                updated_at=now(),
            )
            .returning(Job)
            .execution_options(synchronize_session=False)
        )
        job = session.scalars(statement).first()
        if job is None:
            return None
        session.expunge(job)
        return job, Lease(job_id=job.id, worker=worker, attempt=job.attempts, length=length)


def _claimable(lanes: tuple[str, ...]) -> Any:
    other = aliased(Job)
    locked = exists().where(
        other.queueing_lock == Job.queueing_lock,
        other.state == "running",
        other.lease_expires_at >= now(),
        other.id != Job.id,
    )
    waits = and_(Job.state == "queued", or_(Job.run_after.is_(None), Job.run_after <= now()))
    orphan = and_(Job.state == "running", Job.lease_expires_at < now())
    return select(Job.id).where(Job.lane.in_(lanes), or_(waits, orphan), ~locked)


def write_held(session: WriteSession, lease: Lease, **values: Any) -> bool:
    """Change the job's row if this worker still holds the lease; say whether it does."""
    statement = update(Job).where(
        Job.id == lease.job_id, Job.worker == lease.worker, Job.attempts == lease.attempt, Job.state == "running"
    )
    values |= {"updated_at": now()}
    result = session.execute(statement.values(**values).execution_options(synchronize_session=False))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def extend(db: Database, lease: Lease) -> tuple[bool, bool]:
    """Keep the lease alive; return (still held, asked to cancel)."""
    with db.write() as session:
        held = write_held(session, lease, lease_expires_at=now() + lease.length)
        asked = session.scalar(select(Job.cancel_requested).where(Job.id == lease.job_id))
    return held, bool(asked)


def release_all(db: Database, *, worker: str) -> None:
    """Free what an earlier process of this worker's name held, so that it goes on at once."""
    with db.write() as session:
        session.execute(
            update(Job)
            .where(Job.state == "running", Job.worker == worker)
            .values(lease_expires_at=now() - timedelta(seconds=1))
            .execution_options(synchronize_session=False)
        )


def cancel(session: WriteSession, job: Job) -> Job:
    """End a waiting job at once; ask a running one to stop at its next step. Raises `JobHasEnded`."""
    if job.state in ENDED:
        raise JobHasEnded(f"{job.title!r} has ended already.")
    job.cancel_requested = True
    if job.state == "queued":
        job.state, job.finished_at = "cancelled", now()
    return job


def retry(session: WriteSession, job: Job) -> Job:
    """Queue an ended job again; it goes on from its last checkpoint.

    Raises:
        JobStillActive: It has not ended.
        SameJobWaits: Another of the same `queueing_lock` waits, and of those there is only one.
    """
    if job.state not in ENDED:
        raise JobStillActive(f"{job.title!r} is still {job.state}.")
    try:
        with session.begin_nested():
            job.state, job.attempts, job.cancel_requested = "queued", 0, False
            job.problem = job.result = job.finished_at = None
    except IntegrityError as error:
        waiting = select(Job.id).where(Job.state == "queued", Job.queueing_lock == job.queueing_lock)
        raise SameJobWaits(
            f"Another job waits that does the work of {job.title!r}. Follow that one, or cancel it first.",
            job_id=str(session.scalar(waiting) or ""),
        ) from error
    return job


def is_active(session: ReadSession, *, project_id: UUID, kind: str) -> bool:
    """Say whether a job of this kind waits or runs for the project."""
    active = Job.state.in_(("queued", "running"))
    return (
        session.scalar(select(Job.id).where(Job.project_id == project_id, Job.kind == kind, active).limit(1))
        is not None
    )
