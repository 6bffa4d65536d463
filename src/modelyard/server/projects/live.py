"""What changed in a project since the last look, for pages that stay fresh by themselves."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from modelyard.server.accounts.actor import Actor
from modelyard.server.jobs.schemas import Job as JobShape
from modelyard.server.kit.database import Database, ReadSession
from modelyard.server.projects import service
from modelyard.server.tables import (
    AnnotationRevision,
    AuditEntry,
    Batch,
    ClassChange,
    DatasetVersion,
    Deployment,
    GoldAnswer,
    GuidelineVersion,
    Image,
    Issue,
    Job,
    Model,
    Notification,
    Opinion,
    QueueItem,
    Run,
    SuggestionModel,
    now,
)

_NEWEST: dict[str, Any] = {
    "images": Image.id,
    "annotations": AnnotationRevision.id,
    "opinions": Opinion.updated_at,
    "batches": Batch.updated_at,
    "issues": Issue.updated_at,
    "guidelines": GuidelineVersion.id,
    "suggestions": SuggestionModel.id,
    "versions": DatasetVersion.id,
    "runs": Run.id,
    "models": Model.id,
    "deployments": Deployment.id,
    "classes": ClassChange.id,
}


def watcher(db: Database, actor: Actor, project_id: UUID) -> Callable[[], tuple[list[tuple[str, Any]], bool]]:
    """Return a function that tells what is new since it was last called: jobs, and topics to fetch again.

    It raises `ProjectNotFound` or `RoleMissing` once `actor` may not see the project any more.
    """
    seen: dict[str, Any] = {}

    def look() -> tuple[list[tuple[str, Any]], bool]:
        with db.read() as session:
            service.get(session, actor, project_id)
            jobs, marks = _jobs(session, project_id), _marks(session, project_id)
            marks["notifications"] = _news(session, actor)
        first = not seen
        events: list[tuple[str, Any]] = [
            ("job", job) for job in jobs if seen.get(job["id"]) != job and (not first or job["finished_at"] is None)
        ]
        topics = [topic for topic, mark in marks.items() if not first and seen.get(topic) != mark]
        if any(job["kind"] == "training.run" for _, job in events):
            topics.append("runs")
        seen.update({job["id"]: job for job in jobs} | marks | {"": True})
        if topics:
            events.append(("change", {"topics": sorted(set(topics))}))
        return events, False

    return look


def _jobs(session: ReadSession, project_id: UUID) -> list[dict[str, Any]]:
    query = select(Job).where(Job.project_id == project_id).order_by(Job.updated_at.desc().nulls_first()).limit(10)
    return [JobShape.model_validate(job).model_dump(mode="json") for job in session.scalars(query)]


def _news(session: ReadSession, actor: Actor) -> str:
    """Return what differs once this person is told something, or has read it."""
    mine = select(func.count(), func.max(Notification.updated_at)).where(Notification.user_id == actor.user_id)
    return str(tuple(session.execute(mine.where(Notification.read_at.is_(None))).one()))


def _on_screens(session: ReadSession, project_id: UUID) -> str:
    """Return a text that is another one when somebody else, or something else, is on a screen."""
    leases: list[str] = []
    for table in (QueueItem, GoldAnswer):
        query = select(table.lease_token).where(table.project_id == project_id, table.lease_token.is_not(None))
        leases += [str(token) for token in session.scalars(query.where(table.lease_expires_at > now()))]
    return " ".join(sorted(leases))


def _marks(session: ReadSession, project_id: UUID) -> dict[str, str]:
    def newest(column: Any) -> Any:  # PostgreSQL knows no max() of ids.
        query = select(column).where(column.class_.project_id == project_id)
        return session.scalar(query.order_by(column.desc()).limit(1))

    marks = {topic: str(newest(column)) for topic, column in _NEWEST.items()}
    # Told together: which of them changed would tell known pictures from others.
    known = str(newest(GoldAnswer.updated_at))
    marks["annotations"] = marks["opinions"] = f"{marks['annotations']} {marks['opinions']} {known}"
    told = select(AuditEntry.id).where(AuditEntry.project_id == project_id, AuditEntry.action.startswith("member."))
    marks["presence"] = _on_screens(session, project_id)
    return marks | {"members": str(session.scalar(told.order_by(AuditEntry.id.desc()).limit(1)))}
