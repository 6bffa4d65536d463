"""Look-ups of runs and the models that they made."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import keyset
from modelyard.server.tables import DatasetVersion, Job, Model, Run


def shown() -> Select[*tuple[Any, ...]]:
    """Return the query of runs with their version's number, their job and their model."""
    return (
        select(Run, DatasetVersion.number, Job, Model.id, Model.number)
        .join(DatasetVersion, DatasetVersion.id == Run.version_id)
        .outerjoin(Job, Job.id == Run.job_id)
        .outerjoin(Model, Model.run_id == Run.id)
    )


def list_(session: ReadSession, project_id: UUID, *, cursor: str | None, limit: int) -> tuple[list[Any], str | None]:
    """Return runs as `shown` has them, newest first, and the next cursor."""
    query = shown().where(Run.project_id == project_id)
    return keyset(session, query, order=[(Run.number, "desc")], cursor=cursor, limit=limit)


def next_run_number(session: WriteSession, project_id: UUID) -> int:
    """Return the number of the project's next run; hold the project's lock."""
    return (session.scalar(select(func.max(Run.number)).where(Run.project_id == project_id)) or 0) + 1


def next_model_number(session: WriteSession, project_id: UUID) -> int:
    """Return the number of the project's next model; hold the project's lock."""
    return (session.scalar(select(func.max(Model.number)).where(Model.project_id == project_id)) or 0) + 1


def model_of(session: ReadSession, run_id: UUID) -> Model | None:
    """Return the model that a run made."""
    return session.scalars(select(Model).where(Model.run_id == run_id)).first()
