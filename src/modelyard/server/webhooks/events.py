"""What the webhooks room hears from the rooms before it, and what it tells of it outside."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from modelyard.server.events import (
    AnnotationsChanged,
    BatchClosed,
    DeploymentChanged,
    IssueOpened,
    IssueResolved,
    MemberChanged,
    ModelTrained,
    ReviewDecided,
    VersionFrozen,
)
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import subscribe
from modelyard.server.kit.jobs import JobEnded
from modelyard.server.tables import (
    Batch,
    DatasetVersion,
    Image,
    Import,
    Issue,
    IssueComment,
    Model,
    ProjectMember,
    Review,
    Run,
    User,
)
from modelyard.server.webhooks.outbox import announce, note_changes


@subscribe(AnnotationsChanged)
def tell_annotations(session: WriteSession, event: AnnotationsChanged) -> None:
    """Remember it; a worker tells of all changes of a few seconds together."""
    note_changes(session, event.project_id, event.image_ids)


@subscribe(BatchClosed)
def tell_batch(session: WriteSession, event: BatchClosed) -> None:
    """Tell of a batch in which nobody labels any more."""
    batch = session.get_one(Batch, event.batch_id)
    told = {"batch_id": str(batch.id), "name": batch.name, "closed_at": batch.closed_at and batch.closed_at.isoformat()}
    announce(session, event.project_id, "batch.closed", told)


@subscribe(ReviewDecided)
def tell_review(session: WriteSession, event: ReviewDecided) -> None:
    """Tell what came of a label when a reviewer looked at it."""
    row = session.get_one(Review, event.review_id)
    told: dict[str, Any] = {"review_id": str(row.id), "batch_id": str(row.batch_id), "image_id": str(row.image_id)}
    told |= {"verdict": event.verdict, "reason": row.reason, "returned_to": row.returned_to}
    told |= {"author_id": _id(row.author_id), "by": str(event.actor_id), "revision": row.revision}
    announce(session, event.project_id, "review.decided", told)


@subscribe(IssueOpened)
def tell_issue(session: WriteSession, event: IssueOpened) -> None:
    """Tell of an issue, with what it says."""
    issue = session.get_one(Issue, event.issue_id)
    told = {"text": _first_comment(session, issue.id), "opened_by": _id(issue.author_id)}
    announce(session, event.project_id, "issue.opened", _issue(session, issue) | told)


@subscribe(IssueResolved)
def tell_resolved(session: WriteSession, event: IssueResolved) -> None:
    """Tell of an issue that is settled."""
    issue = session.get_one(Issue, event.issue_id)
    announce(session, event.project_id, "issue.resolved", _issue(session, issue) | {"resolved_by": _id(event.actor_id)})


@subscribe(VersionFrozen)
def tell_version(session: WriteSession, event: VersionFrozen) -> None:
    """Tell of a frozen version."""
    version = session.get_one(DatasetVersion, event.version_id)
    told = {"version_id": str(version.id), "number": version.number, "note": version.note, "images": version.images}
    told |= {"splits": version.splits, "content_hash": version.content_hash, "created_by": _id(version.created_by)}
    announce(session, event.project_id, "version.frozen", told)


@subscribe(ModelTrained)
def tell_model(session: WriteSession, event: ModelTrained) -> None:
    """Tell of a model that was added."""
    announce(session, event.project_id, "model.registered", _model(session.get_one(Model, event.model_id)))


@subscribe(DeploymentChanged)
def tell_deployment(session: WriteSession, event: DeploymentChanged) -> None:
    """Tell what became of a deployment."""
    told = {"name": event.name, "change": event.change, "model_id": str(event.model_id), "by": _id(event.actor_id)}
    announce(session, event.project_id, "deployment.changed", told)


@subscribe(MemberChanged)
def tell_member(session: WriteSession, event: MemberChanged) -> None:
    """Tell of somebody's role; whoever left has none."""
    member = session.get(ProjectMember, (event.project_id, event.user_id))
    user = session.get(User, event.user_id)
    told = {"user_id": str(event.user_id), "name": user.name if user else "", "role": member.role if member else None}
    announce(session, event.project_id, "member.changed", told)


@subscribe(JobEnded)
def tell_end(session: WriteSession, event: JobEnded) -> None:
    """Tell of imports, exports and runs that succeeded or failed."""
    if event.project_id is None or event.state not in ("succeeded", "failed"):
        return
    told: dict[str, Any] = {"job_id": str(event.job_id), "state": event.state, "problem": event.problem}
    if event.kind == "images.import":
        announce(session, event.project_id, "import.finished", told | _import(session, event))
    elif event.kind == "datasets.export":
        result = event.result or {}
        told |= {name: result.get(name) for name in ("images", "annotations", "size_bytes", "filename")}
        announce(session, event.project_id, "export.finished", told | {"format": event.params.get("format")})
    elif event.kind == "training.run":
        name = "training.finished" if event.state == "succeeded" else "training.failed"
        announce(session, event.project_id, name, told | _run(session, event))  # type: ignore[arg-type]


def _import(session: WriteSession, event: JobEnded) -> dict[str, Any]:
    row = session.get(Import, UUID(event.params["import_id"]))
    counts = ("added", "duplicates", "refused", "annotations", "source")
    return {"import_id": event.params["import_id"]} | ({name: getattr(row, name) for name in counts} if row else {})


def _run(session: WriteSession, event: JobEnded) -> dict[str, Any]:
    run = session.get(Run, UUID(event.params["run_id"]))
    if run is None:
        return {"run_id": event.params["run_id"]}
    model = session.scalars(select(Model).where(Model.run_id == run.id)).first()
    told = {"run_id": str(run.id), "run_number": run.number, "version_id": str(run.version_id), "recipe": run.recipe}
    return told | {"seconds": run.seconds, "model_id": _id(model.id if model else None)}


def _model(model: Model) -> dict[str, Any]:
    told = {"model_id": str(model.id), "number": model.number, "run_id": _id(model.run_id)}
    return told | {"version_id": str(model.version_id), "recipe": model.recipe, "summary": model.summary}


def _issue(session: WriteSession, issue: Issue) -> dict[str, Any]:
    image = session.get_one(Image, issue.image_id)
    return {"issue_id": str(issue.id), "image_id": str(image.id), "image": image.name, "x": issue.x, "y": issue.y}


def _first_comment(session: WriteSession, issue_id: UUID) -> str:
    query = select(IssueComment.text).where(IssueComment.issue_id == issue_id).order_by(IssueComment.id)
    return session.scalar(query.limit(1)) or ""


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)
