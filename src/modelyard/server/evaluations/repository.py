"""Look-ups of models and evaluations."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import keyset
from modelyard.server.tables import DatasetVersion, Evaluation, Model, Project


def models() -> Select[*tuple[Any, ...]]:
    """Return the query of models with their version's number and their project."""
    return (
        select(Model, DatasetVersion.number, Project)
        .join(DatasetVersion, DatasetVersion.id == Model.version_id)
        .join(Project, Project.id == Model.project_id)
    )


def list_models(
    session: ReadSession, project_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Any], str | None]:
    """Return models as `models` has them, newest first, and the next cursor."""
    query = models().where(Model.project_id == project_id)
    return keyset(session, query, order=[(Model.number, "desc")], cursor=cursor, limit=limit)


def newest_model(session: ReadSession, project_id: UUID) -> Model | None:
    """Return the project's newest model."""
    query = select(Model).where(Model.project_id == project_id).order_by(Model.number.desc()).limit(1)
    return session.scalars(query).first()


def evaluation(session: ReadSession, model_id: UUID, version_id: UUID, split: str) -> Evaluation | None:
    """Return the evaluation of a model on a split of a version; locked when it is about to be written."""
    query = select(Evaluation).where(Evaluation.model_id == model_id, Evaluation.version_id == version_id)
    if isinstance(session, WriteSession):
        query = query.with_for_update()
    return session.scalars(query.where(Evaluation.split == split)).first()


def newest(session: ReadSession, model_id: UUID, split: str) -> Evaluation | None:
    """Return the evaluation of a model on this split, of the newest version if there are several."""
    query = select(Evaluation).join(DatasetVersion, DatasetVersion.id == Evaluation.version_id)
    query = query.where(Evaluation.model_id == model_id, Evaluation.split == split)
    return session.scalars(query.order_by(DatasetVersion.number.desc()).limit(1)).first()


def looks(session: ReadSession, project_id: UUID, split: str) -> int:
    """Return how often anybody in the project measured a model on this split; splits never change sides."""
    total = select(func.sum(Evaluation.looks)).where(Evaluation.project_id == project_id, Evaluation.split == split)
    return int(session.scalar(total) or 0)
