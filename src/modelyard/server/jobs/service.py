"""Who may see and steer which job."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from modelyard.errors import NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import projects_of, refuse_member
from modelyard.server.accounts.roles import JOBS
from modelyard.server.events import PersonShutOut
from modelyard.server.kit import jobs
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.jobs.queue import ENDED
from modelyard.server.kit.pages import keyset
from modelyard.server.tables import Job


class JobNotFound(NotFound):
    """There is no such job, or it belongs to a project that you are not a member of."""


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for jobs that `actor` may see: those of their projects, and their own."""
    if actor.is_local:
        return Job.id.is_not(None)
    return or_(Job.project_id.in_(projects_of(actor)), (Job.project_id.is_(None)) & (Job.created_by == actor.user_id))


def get(session: ReadSession, actor: Actor, job_id: UUID) -> Job:
    """Return one job; raises `JobNotFound`."""
    query = select(Job).where(Job.id == job_id, visible(actor))
    if isinstance(session, WriteSession):
        query = query.with_for_update()
    job = session.scalars(query).first()
    if job is None:
        raise JobNotFound
    return job


def list_(
    session: ReadSession, actor: Actor, *, project_id: UUID | None, states: list[str], cursor: str | None, limit: int
) -> tuple[list[Job], str | None]:
    """Return jobs, newest first, and the next cursor."""
    query = select(Job).where(visible(actor))
    if project_id:
        query = query.where(Job.project_id == project_id)
    if states:
        query = query.where(Job.state.in_(states))
    return keyset(session, query, order=[(Job.id, "desc")], cursor=cursor, limit=limit)


def stop_work_of(session: WriteSession, event: PersonShutOut) -> None:
    """Stop what a person who was shut out had begun, waiting or running; what belongs to the project goes on."""
    personal = [kind for kind, work in JOBS.items() if work.is_personal]
    query = select(Job).where(Job.created_by == event.user_id, Job.kind.in_(personal), Job.state.not_in(ENDED))
    for job in session.scalars(query.with_for_update()):
        jobs.cancel(session, job)


def cancel(session: WriteSession, actor: Actor, job_id: UUID) -> Job:
    """Stop a job; raises `JobNotFound`, `RoleMissing`, `JobHasEnded`."""
    job = jobs.cancel(session, _steered(session, actor, job_id))
    _note(session, actor, job, "job.cancelled")
    return job


def retry(session: WriteSession, actor: Actor, job_id: UUID) -> Job:
    """Run an ended job again from its last checkpoint.

    Raises:
        JobNotFound, RoleMissing: It is not theirs to run.
        JobStillActive, SameJobWaits: It has not ended, or its like waits.
    """
    job = jobs.retry(session, _steered(session, actor, job_id))
    job.created_by = actor.user_id  # Who asks for work answers for it.
    _note(session, actor, job, "job.retried")
    return job


def _note(session: WriteSession, actor: Actor, job: Job, action: str) -> None:
    where: dict[str, Any] = {"project_id": job.project_id, "subject_id": job.id, "name": job.title}
    accounts.record(session, action, actor_id=actor.user_id, **where)


def _steered(session: WriteSession, actor: Actor, job_id: UUID) -> Job:
    """Return a job that `actor` might have begun; raises `JobNotFound`, `RoleMissing`."""
    job = get(session, actor, job_id)
    work = JOBS.get(job.kind)
    if job.project_id is not None:
        refuse_member(session, actor, job.project_id, wants=work.permission if work else "")
    return job
