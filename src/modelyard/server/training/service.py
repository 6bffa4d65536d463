"""Starting, watching and cancelling runs."""

from typing import Any
from uuid import UUID

from modelyard.engine.recipes import choose, has_recipe
from modelyard.errors import Conflict, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.datasets import freezing
from modelyard.server.datasets import repository as dataset_repository
from modelyard.server.datasets import service as datasets
from modelyard.server.datasets.schemas import VersionCreate
from modelyard.server.jobs.schemas import Job as ShownJob
from modelyard.server.kit import jobs
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import Database, ReadSession, WriteSession
from modelyard.server.kit.jobs.queue import JobHasEnded
from modelyard.server.projects import service as projects
from modelyard.server.tables import DatasetVersion, Job, Project, Run
from modelyard.server.training import repository, schemas


class RunNotFound(NotFound):
    """There is no such run, or it belongs to a project that you are not a member of."""


class CannotTrain(Conflict):
    """Models can be trained on images with one class each so far. Export a version of this project for other tools."""


def version_for(db: Database, blobs: BlobStore, actor: Actor, project_id: UUID, wanted: UUID | str) -> DatasetVersion:
    """Return the version to train on; `latest` freezes one first if anything changed since the newest.

    Raises:
        CannotTrain: No recipe can learn from what this project is labelled with.
    """
    with db.read() as session:
        if not has_recipe(projects.get(session, actor, project_id).task):
            raise CannotTrain
        version = datasets.get(session, actor, wanted) if isinstance(wanted, UUID) else None
    if version is None:
        return freezing.freeze(db, blobs, actor, project_id, VersionCreate())[0]
    if version.project_id != project_id:
        raise datasets.VersionNotFound
    return version


def start(
    session: WriteSession, actor: Actor, project_id: UUID, version: DatasetVersion, body: schemas.RunCreate
) -> Run:
    """Ask for a run on this version; raises `UnknownName` for a recipe that there is not."""
    project = projects.get(session, actor, project_id)
    recipe = choose(body.recipe, task=project.task)
    dataset_repository.lock_project(session, project_id)
    run = Run(
        project_id=project_id,
        number=repository.next_run_number(session, project_id),
        version_id=version.id,
        created_by=actor.user_id,
        recipe=recipe,
        config=_config(project, version, body, recipe),
    )
    session.add(run)
    session.flush()
    job = jobs.enqueue(
        session,
        "training.run",
        params={"run_id": str(run.id)},
        project_id=project_id,
        created_by=actor.user_id,
        queueing_lock=f"training.run:{run.id}",
        title=f"Train model on version {version.number}",
    )
    run.job_id = job.id
    session.flush()
    _note(session, actor, run, "run.started", after=run.config)
    return run


def _note(session: WriteSession, actor: Actor, run: Run, action: str, **said: Any) -> None:
    where: dict[str, Any] = {"project_id": run.project_id, "subject_id": run.id, "name": f"Run {run.number}"}
    accounts.record(session, action, actor_id=actor.user_id, **where, **said)


def _config(project: Project, version: DatasetVersion, body: schemas.RunCreate, recipe: str) -> dict[str, Any]:
    """Return the frozen configuration: with the version's contents, all that is needed to repeat the run."""
    settings = projects.settings_of(project)
    return {
        "recipe": recipe,
        "asked_for": body.recipe,
        "seed": body.seed,
        "budget_s": body.budget_s,
        "backbone": settings.backbone,
        "flips": not settings.left_right_matters,
        "promise": settings.promise_accuracy,
        "version": version.number,
        "content_hash": version.content_hash,
    }


def get(session: ReadSession, actor: Actor, run_id: UUID) -> Run:
    """Return a run; raises `RunNotFound` also for those who are not members."""
    run = session.get(Run, run_id)
    if run is None:
        raise RunNotFound
    try:
        projects.get(session, actor, run.project_id)
    except projects.ProjectNotFound as error:
        raise RunNotFound from error
    return run


def cancel(session: WriteSession, actor: Actor, run_id: UUID) -> Run:
    """Stop a run; nothing of it is kept. Raises `RunNotFound`, `JobHasEnded`."""
    run = get(session, actor, run_id)
    job = session.get(Job, run.job_id, with_for_update=True) if run.job_id else None
    if job is None:
        raise JobHasEnded("This run has ended already.")
    jobs.cancel(session, job)
    _note(session, actor, run, "run.cancelled")
    if job.state == "cancelled":
        run.state, run.finished_at = "cancelled", job.finished_at
    session.flush()
    return run


def list_(
    session: ReadSession, actor: Actor, project_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[schemas.Run], str | None]:
    """Return runs, newest first, and the next cursor."""
    projects.get(session, actor, project_id)
    rows, next_cursor = repository.list_(session, project_id, cursor=cursor, limit=limit)
    return [_shown(*row) for row in rows], next_cursor


def show(session: ReadSession, run_id: UUID) -> schemas.Run:
    """Return a run as the API shows it."""
    row = session.execute(repository.shown().where(Run.id == run_id)).one()
    return _shown(*row)


def _shown(
    run: Run, version_number: int, job: Job | None, model_id: UUID | None, model_number: int | None
) -> schemas.Run:
    plain = {name: getattr(run, name) for name in schemas.Run.model_fields if hasattr(run, name)}
    extra = {
        "version_number": version_number,
        "model_id": model_id,
        "model_number": model_number,
        "job": ShownJob.model_validate(job) if job else None,
        "state": job.state if job else run.state,  # a job also ends where no handler runs: cancelled while it waited
    }
    return schemas.Run.model_validate({**plain, **extra})
