"""What a running job sees: services, its checkpoint, and how it says where it is."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from modelyard.server.kit.compute import Pool
from modelyard.server.kit.database import Database
from modelyard.server.kit.events import publish
from modelyard.server.kit.jobs.queue import Lease, extend, write_held
from modelyard.server.tables import Job

_WRITE_EVERY_S = 0.3
_RATE_WINDOW_S = 30.0


@dataclass(frozen=True)
class JobEnded:
    """A worker wrote the end of a job: "succeeded", "failed" or "cancelled"."""

    job_id: UUID
    kind: str
    project_id: UUID | None
    params: dict[str, Any]
    state: str
    result: dict[str, Any] | None
    problem: dict[str, Any] | None


class JobCancelled(Exception):
    """Somebody asked this job to stop. Handlers let it pass, after putting away what is half done."""


class LeaseLost(Exception):
    """Another worker has taken this job over. Handlers let it pass."""


class JobContext:
    """Handed to a handler as its first argument."""

    def __init__(self, services: Any, job: Job, lease: Lease, pool: Pool) -> None:
        self.services = services
        self._db: Database = services.db
        # Nobody waits for a job of the other lanes as one waits for a save.
        self.db: Database = services.db if job.lane == "quick" else services.db.after_people()
        self.blobs = services.blobs
        self.settings = services.settings
        self.job_id: UUID = job.id
        self.project_id: UUID | None = job.project_id
        self.created_by: UUID | None = job.created_by
        self._kind, self._params = job.kind, job.params
        self.checkpoint: dict[str, Any] = dict(job.checkpoint)
        self.attempt = lease.attempt
        self.pool = pool
        self._lease = lease
        self._cancelled = threading.Event()
        self._lost = threading.Event()
        self._written_at = 0.0
        self._past: deque[tuple[float, int]] = deque()

    def progress(self, done: int, total: int | None = None, *, failed: int = 0, stage: str = "") -> None:
        """Say how far the job is; cheap, call it for every item. Raises `JobCancelled` or `LeaseLost`."""
        self.check()
        moment = time.monotonic()
        is_last = total is not None and done >= total
        if moment - self._written_at < _WRITE_EVERY_S and not is_last:
            return
        self._written_at = moment
        values: dict[str, Any] = {"done": done, "total": total, "failed": failed, "rate": self._rate(moment, done)}
        if stage:
            values["stage"] = stage
        self._write(**values)

    def stage(self, text: str) -> None:
        """Begin another stage, in plain words; the count starts again."""
        self.check()
        self._past.clear()
        self._write(stage=text, done=0, total=None, rate=None)

    def save(self, checkpoint: dict[str, Any]) -> None:
        """Keep `checkpoint`; the job goes on from it after a crash. Raises `JobCancelled` or `LeaseLost`."""
        self.check()
        self._write(checkpoint=checkpoint)
        self.checkpoint = dict(checkpoint)

    def check(self) -> None:
        """Raise `JobCancelled` or `LeaseLost` if this work should stop."""
        if self._lost.is_set():
            raise LeaseLost
        if self._cancelled.is_set():
            raise JobCancelled

    def beat(self) -> None:
        """Extend the lease and hear whether somebody asked to stop; the worker calls it every few seconds."""
        held, asked = extend(self._db, self._lease)
        if not held:
            self._lost.set()
        if asked:
            self._cancelled.set()

    def give_up(self) -> None:
        """Let the handler stop at its next step without an end; the job goes on elsewhere once the lease is over."""
        self._lost.set()

    def end(self, state: str, **values: Any) -> bool:
        """Write the end of the job, if the lease is still held."""
        with self._db.write() as session:
            held = write_held(session, self._lease, state=state, lease_expires_at=None, **values)
            if held:
                told = {"result": values.get("result"), "problem": values.get("problem")}
                publish(session, JobEnded(self.job_id, self._kind, self.project_id, self._params, state, **told))
            return held

    def _write(self, **values: Any) -> None:
        with self._db.write() as session:
            held = write_held(session, self._lease, **values)
        if not held:
            self._lost.set()
            raise LeaseLost

    def _rate(self, moment: float, done: int) -> float | None:
        if self._past and done < self._past[-1][1]:
            self._past.clear()
        self._past.append((moment, done))
        while moment - self._past[0][0] > _RATE_WINDOW_S:
            self._past.popleft()
        elapsed = moment - self._past[0][0]
        return (done - self._past[0][1]) / elapsed if elapsed > 0.2 else None
