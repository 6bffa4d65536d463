"""Where a project stands in the loop, and the one thing to do next."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from modelyard.server.kit.database import ReadSession
from modelyard.server.projects import veil
from modelyard.server.projects.schemas import BestModel, NextStep, ProjectStatus
from modelyard.server.projects.service import settings_of
from modelyard.server.tables import (
    Annotation,
    Batch,
    Class,
    DatasetVersion,
    Deployment,
    Image,
    Issue,
    Job,
    Model,
    Project,
    QueueItem,
    Run,
    Suggestion,
)

FEW_LABELS = 20


def status(session: ReadSession, project: Project) -> ProjectStatus:
    """Count what there is and choose the next step."""

    def count(table: Any, *where: Any) -> int:
        return (
            session.scalar(select(func.count()).select_from(table).where(table.project_id == project.id, *where)) or 0
        )

    alive = Image.deleted_at.is_(None)
    hidden = veil.hidden(session, project_id=project.id)
    is_labelled, is_open = Annotation.answer.in_(("class", "objects")), Annotation.image_id.not_in(list(hidden))
    said = sum(own.answer in ("class", "objects") for own in hidden.values())
    unsaid = sum(own.answer == "none" for own in hidden.values())
    counts = {
        "images": count(Image, alive),
        "labelled": count(Annotation, is_labelled, *([is_open] if hidden else [])) + said,
        "unlabelled": _count_waiting(session, project.id) + unsaid,
        "reserved": count(Image, alive, Image.is_reserved),
        "suggested": count(Suggestion),
        "classes": count(Class, Class.deleted_at.is_(None)),
        "versions": count(DatasetVersion),
        "runs": count(Run),
        "models": count(Model),
        "deployments": count(Deployment, Deployment.is_active),
        "open_issues": _count_open_issues(session, project.id),
        "jobs_active": count(Job, Job.state.in_(("queued", "running"))),
    }
    newest = select(Image.id).where(Image.project_id == project.id, alive).order_by(Image.id.desc()).limit(6)
    best = _best_model(session, project.id)
    return ProjectStatus(
        **counts,
        thumbnails=list(session.scalars(newest)),
        next_step=_next_step(project.task, counts, best, wish=settings_of(project).wish_accuracy),
        best_model=best,
    )


def _count_waiting(session: ReadSession, project_id: UUID) -> int:
    """Return how many images wait: in the open queue, and in batches, where one may have several slots."""
    open_ones = select(func.count()).where(QueueItem.project_id == project_id, QueueItem.batch_id.is_(None))
    count = session.scalar(open_ones) or 0
    mine = select(Batch.id).where(Batch.project_id == project_id, Batch.deleted_at.is_(None), Batch.kind == "labels")
    if session.scalar(mine.limit(1)) is None:
        return count
    batched = select(func.count(QueueItem.image_id.distinct())).where(QueueItem.batch_id.in_(mine))
    return count + (session.scalar(batched.where(QueueItem.state.in_(("waiting", "given", "disputed")))) or 0)


def _count_open_issues(session: ReadSession, project_id: UUID) -> int:
    """Return how many issues are open on images that are there."""
    query = select(func.count()).select_from(Issue).join(Image, Image.id == Issue.image_id)
    query = query.where(Issue.project_id == project_id, Issue.state == "open", Issue.deleted_at.is_(None))
    return session.scalar(query.where(Image.deleted_at.is_(None))) or 0


def _best_model(session: ReadSession, project_id: UUID) -> BestModel | None:
    rows = session.scalars(select(Model).where(Model.project_id == project_id).order_by(Model.id.desc()).limit(50))
    measured = [row for row in rows if row.summary.get("accuracy") is not None]
    if not measured:
        return None
    newest = [row for row in measured if row.version_id == measured[0].version_id]
    best = max(newest, key=lambda row: row.summary["accuracy"])
    interval = list(best.summary.get("accuracy_interval") or [0.0, 1.0])
    return BestModel(id=best.id, number=best.number, accuracy=best.summary["accuracy"], accuracy_interval=interval)


def _next_step(  # noqa: PLR0911 - one return a step of the loop
    task: str, counts: dict[str, int], best: BestModel | None, *, wish: float
) -> NextStep:
    if not counts["images"]:
        return NextStep(code="import", title="Add pictures", detail="Drop files, a folder or a zip.", to="images")
    if counts["classes"] < (2 if task == "classification" else 1):
        return NextStep(
            code="classes", title="Name the classes", detail="Two or more things to tell apart.", to="settings"
        )
    if task != "classification":
        return _next_drawing(task, counts)
    if counts["labelled"] < FEW_LABELS:
        detail = f"{counts['labelled']} of {counts['images']} pictures are labelled. Suggestions come after a handful."
        return NextStep(code="label", title="Label pictures", detail=detail, to="label")
    if not counts["models"]:
        detail = f"{counts['labelled']} labels are enough for a first model; it takes seconds."
        return NextStep(code="train", title="Train a model", detail=detail, to="runs")
    if best is not None and best.accuracy < wish:
        detail = f"The best model is right {100 * best.accuracy:.0f} % of the time; you wish for {100 * wish:.0f} %."
        return NextStep(code="label", title="Label more pictures", detail=detail, to="label")
    if not counts["deployments"]:
        detail = "The model is good enough for your wish. Make it available at an address."
        return NextStep(code="deploy", title="Deploy the model", detail=detail, to="deployments")
    if counts["unlabelled"]:
        detail = f"{counts['unlabelled']} pictures wait to be labelled; the doubtful ones help most."
        return NextStep(code="send_back", title="Label what is in doubt", detail=detail, to="label")
    return NextStep(code="done", title="All done for now", detail="New pictures keep the model honest.", to="images")


def _next_drawing(task: str, counts: dict[str, int]) -> NextStep:
    is_whole = task == "multi_label"
    if counts["unlabelled"]:
        detail = f"{counts['labelled']} of {counts['images']} pictures are done."
        title = "Choose the classes of each picture" if is_whole else "Draw what is there"
        return NextStep(code="label", title=title, detail=detail, to="label")
    return NextStep(
        code="done",
        title="All labelled" if is_whole else "All drawn",
        detail="Freeze it as a version, export it, or add more pictures.",
        to="versions",
    )
