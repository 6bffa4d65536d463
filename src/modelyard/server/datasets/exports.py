"""Asking for an export and fetching it; the work itself is a job (`tasks.py`)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from modelyard.errors import Conflict, Invalid, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.datasets import repository, service
from modelyard.server.datasets.layouts import fits
from modelyard.server.datasets.schemas import ExportCreate, ExportResult
from modelyard.server.kit import jobs
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Job, now

CLEAN_EVERY = timedelta(days=1)
_DRAWN = "“{}” carries one class an image, and in this project objects are drawn. Choose coco, yolo, voc or jsonl."
_WHY = {
    "classification": "“{}” carries objects, and this project's images have one class each. "
    "Choose folders, csv, jsonl or coco.",
    "multi_label": "“{}” cannot say that an image has several classes. Choose csv, jsonl, coco, cvat, label_studio, "
    "hf_imagefolder or datumaro.",
}


class ExportNotFound(NotFound):
    """There is no such export, or it belongs to a project that you are not a member of."""


class ExportNotReady(Conflict):
    """This export is not ready. Wait until its job has succeeded."""


class FormatDoesNotFit(Invalid):
    """This format cannot carry what this project is labelled with."""


def start(session: WriteSession, actor: Actor, project_id: UUID, body: ExportCreate) -> Job:
    """Ask for an export; raises `VersionNotFound`, `FormatDoesNotFit`."""
    project = projects.get(session, actor, project_id)
    says_by_place = body.format == "folders" or (body.format == "yolo" and project.task == "classification")
    if says_by_place and not body.with_pictures:
        raise FormatDoesNotFit("Here folders say it all by where pictures lie. Export with pictures, or choose csv.")
    if not fits(body.format, project.task):
        raise FormatDoesNotFit(_WHY.get(project.task, _DRAWN).format(body.format))
    ask_for_cleaning(session)
    asked = {
        "format": body.format,
        "version_id": _version_id(session, actor, project_id, body),
        "with_metadata": body.with_metadata,
        "with_pictures": body.with_pictures,
    }
    title = f"Export {project.name}"[:200]
    by: dict[str, Any] = {"project_id": project_id, "created_by": actor.user_id}
    job = jobs.enqueue(session, "datasets.export", params=asked, title=title, **by)
    where: dict[str, Any] = {"project_id": project_id, "subject_id": job.id}
    accounts.record(session, "export.started", actor_id=actor.user_id, **where, after=asked)
    return job


def result(session: ReadSession, actor: Actor, job_id: UUID) -> ExportResult:
    """Return what an export made; raises `ExportNotFound`, `ExportNotReady`."""
    job = repository.export_job(session, job_id)
    if job is None or job.project_id is None:
        raise ExportNotFound
    try:
        projects.get(session, actor, job.project_id)
    except projects.ProjectNotFound as error:
        raise ExportNotFound from error
    if job.state != "succeeded" or not job.result:
        raise ExportNotReady(f"This export is {job.state}. It can be downloaded once it has succeeded.")
    if "blob" not in job.result:
        raise ExportNotFound("This export was deleted because its time was over. Export again.")
    return ExportResult.model_validate(job.result)


def ask_for_cleaning(session: WriteSession) -> None:
    """See to it that archives are deleted when their time is over."""
    title = "Delete exports whose time is over"
    after = now() + CLEAN_EVERY
    jobs.enqueue(session, "datasets.clean", queueing_lock="datasets.clean", run_after=after, title=title)


def _version_id(session: WriteSession, actor: Actor, project_id: UUID, body: ExportCreate) -> str | None:
    if body.version == "current":
        return None
    if body.version == "latest":
        newest = repository.newest(session, project_id)
        return str(newest.id) if newest else None
    version = service.get(session, actor, body.version)
    if version.project_id != project_id:
        raise service.VersionNotFound
    return str(version.id)
