"""The worker: threads that claim jobs lane by lane, keep their leases alive, and write how they ended."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from modelyard.errors import ProductError
from modelyard.server.kit.compute import Pool
from modelyard.server.kit.jobs.context import JobCancelled, JobContext, LeaseLost
from modelyard.server.kit.jobs.handlers import HANDLERS
from modelyard.server.kit.jobs.queue import Lease, claim, release_all
from modelyard.server.tables import Job, now

log = structlog.get_logger()

_LOOK_EVERY_S = 0.15
_BEAT_EVERY_S = 1.0
_STANDING_EVERY_S = 0.5


class Worker:
    """Runs jobs until told to stop. One thread a lane, so that nobody who waits stands behind an import.

    Args:
        services: What the process shares.
        name: The same when this worker restarts.
        lanes: Which jobs it runs.
        standing: Work that is no job and never ends: each step, in a thread of its own, says whether it found any.
        pool: Child processes for heavy work that somebody else keeps; the worker keeps its own without.
    """

    def __init__(
        self,
        services: Any,
        *,
        name: str,
        lanes: tuple[str, ...] = ("quick", "ahead", "bulk"),
        standing: Sequence[Callable[[], bool]] = (),
        pool: Pool | None = None,
    ) -> None:
        self.services = services
        self.name = name
        self._lanes = lanes
        self._standing = standing
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._is_pool_own = pool is None
        self._pool = pool or Pool(memory_mb=services.settings.worker_memory_mb)

    def start(self) -> None:
        """Free what an earlier process of this name held, then begin."""
        release_all(self.services.db, worker=self.name)
        loops: list[tuple[str, Callable[[], bool], float]]
        loops = [(lane, partial(self._run_next, (lane,)), _LOOK_EVERY_S) for lane in self._lanes]
        loops += [(f"standing-{number}", step, _STANDING_EVERY_S) for number, step in enumerate(self._standing)]
        for name, step, every_s in loops:
            thread = threading.Thread(target=self._loop, args=(name, step, every_s), name=f"worker-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Finish nothing new; running jobs are given up at their next step and go on with the next worker."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=30)
        if self._is_pool_own:
            self._pool.close()

    def run_until_idle(self) -> int:
        """Run every job that waits, here and now; return how many. For tests and one-off scripts."""
        count = 0
        while self._run_next(self._lanes):
            count += 1
        while any(step() for step in self._standing):
            pass
        return count

    def _loop(self, name: str, step: Callable[[], bool], every_s: float) -> None:
        while not self._stop.is_set():
            try:
                worked = step()
            except Exception:
                log.exception("worker_loop", loop=name)
                worked = False
            if not worked:
                self._stop.wait(every_s)

    def _run_next(self, lanes: tuple[str, ...]) -> bool:
        length = timedelta(seconds=self.services.settings.lease_s)
        claimed = claim(self.services.db, worker=self.name, lanes=lanes, length=length)
        if claimed is None:
            return False
        self._run(*claimed)
        return True

    def _run(self, job: Job, lease: Lease) -> None:
        ctx = JobContext(self.services, job, lease, self._pool)
        ended = threading.Event()
        beats = threading.Thread(target=self._beat, args=(ctx, ended), daemon=True)
        beats.start()
        started = time.monotonic()
        try:
            self._call(ctx, job)
        except LeaseLost:
            log.warning("lease_lost", job=str(job.id), kind=job.kind)
        except Exception:
            log.exception("job_end", job=str(job.id), kind=job.kind)
        finally:
            ended.set()
            beats.join()
            log.info("job_ended", job=str(job.id), kind=job.kind, seconds=round(time.monotonic() - started, 2))

    def _call(self, ctx: JobContext, job: Job) -> None:
        try:
            handler = HANDLERS[job.kind]
            if job.attempts > handler.max_attempts:
                text = f"This job stopped {handler.max_attempts} times without an end. Look at the server's log."
                ctx.end("failed", problem={"code": "gave-up", "detail": text}, finished_at=now())
                return
            ctx.beat()
            ctx.check()
            result = handler.function(ctx, **job.params)
        except JobCancelled:
            ctx.end("cancelled", finished_at=now())
        except ProductError as error:
            ctx.end("failed", problem={"code": error.code(), "detail": error.detail}, finished_at=now())
        except LeaseLost:
            raise
        except Exception:
            log.exception("job_failed", job=str(job.id), kind=job.kind)
            text = f"Something went wrong on our side. Quote {job.id} when you report it."
            ctx.end("failed", problem={"code": "bug", "detail": text}, finished_at=now())
        else:
            ctx.end("succeeded", result=result or {}, finished_at=now())

    def _beat(self, ctx: JobContext, ended: threading.Event) -> None:
        while not ended.wait(_BEAT_EVERY_S):
            try:
                if self._stop.is_set():
                    ctx.give_up()
                ctx.beat()
            except Exception:
                log.exception("heartbeat", job=str(ctx.job_id))
