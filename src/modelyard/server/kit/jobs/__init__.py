"""Durable background work: a row a job, a lease a worker, checkpoints to go on from.

Verbs: `job` registers a handler, `enqueue` asks for work inside a transaction, `cancel` stops it, `Worker` runs it.
"""

from modelyard.server.kit.jobs.context import JobCancelled, JobContext, JobEnded, LeaseLost
from modelyard.server.kit.jobs.handlers import HANDLERS, Handler, job
from modelyard.server.kit.jobs.portions import Portion
from modelyard.server.kit.jobs.queue import cancel, enqueue, retry
from modelyard.server.kit.jobs.worker import Worker

__all__ = [
    "HANDLERS",
    "Handler",
    "JobCancelled",
    "JobContext",
    "JobEnded",
    "LeaseLost",
    "Portion",
    "Worker",
    "cancel",
    "enqueue",
    "job",
    "retry",
]
