"""The models of a project."""

import re
from typing import Any
from uuid import UUID

from modelyard.errors import NotFound
from modelyard.server.accounts.actor import Actor
from modelyard.server.evaluations import repository, schemas
from modelyard.server.kit.database import ReadSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Model, Project


class ModelNotFound(NotFound):
    """There is no such model, or it belongs to a project that you are not a member of."""


class NoModel(NotFound):
    """This project has no model yet. Train one first."""


def get(session: ReadSession, actor: Actor, model_id: UUID) -> Model:
    """Return a model; raises `ModelNotFound` also for those who are not members."""
    model = session.get(Model, model_id)
    if model is None:
        raise ModelNotFound
    try:
        projects.get(session, actor, model.project_id)
    except projects.ProjectNotFound as error:
        raise ModelNotFound from error
    return model


def newest(session: ReadSession, project_id: UUID) -> Model:
    """Return the project's newest model; raises `NoModel`."""
    model = repository.newest_model(session, project_id)
    if model is None:
        raise NoModel
    return model


def list_(
    session: ReadSession, actor: Actor, project_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[schemas.Model], str | None]:
    """Return models, newest first, and the next cursor."""
    projects.get(session, actor, project_id)
    rows, next_cursor = repository.list_models(session, project_id, cursor=cursor, limit=limit)
    return [_shown(*row) for row in rows], next_cursor


def show(session: ReadSession, model: Model) -> schemas.Model:
    """Return a model as the API shows it."""
    row = session.execute(repository.models().where(Model.id == model.id)).one()
    return _shown(*row)


def meets_wish(model: Model, project: Project) -> bool:
    """Say whether the model is as accurate as the project wishes now; a model that was never tested is not."""
    summary = model.summary
    return summary.get("split") != "cv" and summary.get("accuracy", 0.0) >= projects.settings_of(project).wish_accuracy


def slug(session: ReadSession, model: Model) -> str:
    """Return the project's name fit for a file name."""
    project = session.get_one(Project, model.project_id)
    return re.sub(r"[^a-z0-9]+", "-", project.name.lower()).strip("-") or "project"


def _shown(model: Model, version_number: int, project: Project) -> schemas.Model:
    plain: dict[str, Any] = {name: getattr(model, name) for name in schemas.Model.model_fields if hasattr(model, name)}
    return schemas.Model.model_validate(
        {**plain, "version_number": version_number, "meets_wish": meets_wish(model, project)}
    )
