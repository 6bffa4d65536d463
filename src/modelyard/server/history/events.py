"""What the history hears from the rooms before it: ends of jobs, and what the server itself makes."""

from typing import Any
from uuid import UUID

from modelyard.server.accounts.repository import record
from modelyard.server.events import ModelTrained, VersionFrozen
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import subscribe
from modelyard.server.kit.jobs import JobEnded
from modelyard.server.tables import DatasetVersion, Import, Model, Run


@subscribe(VersionFrozen)
def note_version(session: WriteSession, event: VersionFrozen) -> None:
    """Note a frozen version, by whoever froze it."""
    version = session.get_one(DatasetVersion, event.version_id)
    said: dict[str, Any] = {
        "number": version.number,
        "note": version.note,
        "images": version.images,
        "splits": version.splits,
    }
    where: dict[str, Any] = {"project_id": event.project_id, "subject_id": version.id}
    record(session, "version.frozen", actor_id=version.created_by, **where, after=said)


@subscribe(ModelTrained)
def note_model(session: WriteSession, event: ModelTrained) -> None:
    """Note a model that was added."""
    model = session.get_one(Model, event.model_id)
    said: dict[str, Any] = {"number": model.number, "summary": model.summary}
    where: dict[str, Any] = {"project_id": event.project_id, "subject_id": model.id}
    record(session, "model.registered", actor_id=None, **where, after=said)


@subscribe(JobEnded)
def note_end(session: WriteSession, event: JobEnded) -> None:
    """Note how an import, an export or a run ended."""
    if event.project_id is None:
        return
    by: dict[str, Any] = {"actor_id": None, "project_id": event.project_id}
    by |= {"state": event.state, "problem": event.problem}
    if event.kind == "images.import":
        row = session.get(Import, UUID(event.params["import_id"]))
        counts = ("added", "duplicates", "refused", "annotations")
        told: dict[str, Any] = {name: getattr(row, name) for name in counts} if row else {}
        told |= {"subject_id": row.id, "name": row.source} if row else {}
        record(session, "import.finished", **by, **told)
    elif event.kind == "datasets.export":
        told = {name: (event.result or {}).get(name) for name in ("images", "annotations", "size_bytes", "filename")}
        record(session, "export.finished", **by, subject_id=event.job_id, **told)
    elif event.kind == "training.run" and event.state == "failed":
        run = session.get(Run, UUID(event.params["run_id"]))
        told = {"subject_id": run.id, "name": f"Run {run.number}"} if run else {}
        record(session, "run.failed", **by, **told)
