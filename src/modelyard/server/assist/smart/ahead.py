"""Having pictures ready before they are clicked: the one at hand, and the next ones of a person's queue."""

from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.assist import repository
from modelyard.server.assist.smart.host import cache_of, host_of
from modelyard.server.assist.smart.schemas import SmartReadiness
from modelyard.server.jobs.schemas import Job as ShownJob
from modelyard.server.kit import jobs
from modelyard.server.kit.database import WriteSession
from modelyard.server.services import AppServices
from modelyard.server.tables import Image, Job


def lock_of(user_id: UUID | None) -> str:
    """Return the lock of a person's job: one runs, one may wait, and the one that waits knows the newest wish."""
    return f"smart:{user_id}"


def prepare(services: AppServices, actor: Actor, image: Image, *, ask: bool = True) -> SmartReadiness:
    """Say whether the networks can answer for this picture; if they cannot yet, ask for it.

    Args:
        services: What the process shares.
        actor: Whose queue is looked at for the pictures after it.
        image: The picture at hand.
        ask: Whether to ask for what is missing.
    """
    state, problem, _, card = host_of(services).look()
    if state != "ready" or card is None:
        return SmartReadiness(state=state, problem=problem, job=None)
    encoder_hash, cache = str(card["encoder_hash"]), cache_of(services)
    if (reason := cache.failure(encoder_hash, image.content_hash)) is not None:
        return SmartReadiness(state="failed", problem=reason, job=None)
    is_ready = cache.has(encoder_hash, image.content_hash)
    with services.db.read() as session:
        wanted = [image.id, *repository.lent_to(session, actor.user_id, image.project_id, limit=20)]
        rows = repository.images_by_id(session, list(dict.fromkeys(wanted)))
        job: Job | None = repository.active_job(session, lock_of(actor.user_id))
    rows = rows[: 1 + services.settings.sam_ahead]
    missing = [row.id for row in rows if not cache.knows(encoder_hash, row.content_hash)]
    if ask and missing and not _asks_for(job, missing):
        with services.db.write() as session:
            job = _ask(session, actor, image.project_id, missing, encoder_hash)
    shown = ShownJob.model_validate(job) if job else None
    return SmartReadiness(state="ready" if is_ready else "preparing" if shown else "none", problem=None, job=shown)


def _asks_for(job: Job | None, image_ids: list[UUID]) -> bool:
    return job is not None and {str(image_id) for image_id in image_ids} <= set(job.params["image_ids"])


def _ask(session: WriteSession, actor: Actor, project_id: UUID, image_ids: list[UUID], encoder_hash: str) -> Job:
    params = {"image_ids": [str(image_id) for image_id in image_ids], "encoder_hash": encoder_hash}
    job = jobs.enqueue(
        session,
        "assist.embed",
        params=params,
        project_id=project_id,
        created_by=actor.user_id,
        queueing_lock=lock_of(actor.user_id),
        title="Prepare pictures for the smart tool",
    )
    job.params, job.project_id = params, project_id  # One that waited already waits for these now.
    session.flush()
    return job
