"""Look-ups of deployments and kept predictions, with permission inside the query."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select

from modelyard.server.accounts.actor import Actor
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import keyset
from modelyard.server.projects import repository as projects
from modelyard.server.tables import Deployment, KeptPrediction, Model, Project


class Deployed(NamedTuple):
    """A deployment with the model it serves."""

    deployment: Deployment
    model: Model


def _with_models() -> Select[*tuple[Any, ...]]:
    return select(Deployment, Model).join(Model, Model.id == Deployment.model_id)


def _mine(actor: Actor) -> Select[*tuple[Any, ...]]:
    return projects.visible(actor).with_only_columns(Project.id)


def get(session: ReadSession, actor: Actor, name: str) -> Deployed | None:
    """Return the deployment of this name if `actor` may see its project."""
    query = _with_models().where(Deployment.name == name, Deployment.project_id.in_(_mine(actor)))
    row = session.execute(query).first()
    return None if row is None else Deployed(row[0], row[1])


def project_of(name: str) -> Select[UUID]:
    """Return the query of the project that a deployment belongs to, whoever may see it."""
    return select(Deployment.project_id).where(Deployment.name == name)


class Address(NamedTuple):
    """What answering a picture needs to know of a deployment: a few columns, for this is asked for every picture."""

    deployment_id: UUID
    is_active: bool
    keep_predictions: bool
    retention_days: int
    model_id: UUID
    model_number: int


def address(session: ReadSession, actor: Actor, name: str) -> Address | None:
    """Return what is behind an address if `actor` may see its project."""
    columns = (Deployment.id, Deployment.is_active, Deployment.keep_predictions, Deployment.retention_days)
    query = select(*columns, Model.id, Model.number).join(Model, Model.id == Deployment.model_id)
    mine = Deployment.project_id.in_(_mine(actor))
    row = session.execute(query.where(Deployment.name == name, mine)).first()
    return None if row is None else Address._make(row)


def list_(
    session: ReadSession, project_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Deployed], str | None]:
    """Return a project's deployments, newest first, and the next cursor."""
    query = _with_models().where(Deployment.project_id == project_id)
    rows, next_cursor = keyset(session, query, order=[(Deployment.id, "desc")], cursor=cursor, limit=limit)
    return [Deployed(*row) for row in rows], next_cursor


def is_name_taken(session: ReadSession, name: str) -> bool:
    """Say whether any project has a deployment of this name."""
    return session.scalar(select(Deployment.id).where(Deployment.name == name)) is not None


def wanted_models(session: ReadSession) -> dict[UUID, Model]:
    """Return every model that an active deployment of a living project serves, by id."""
    query = select(Model).join(Deployment, Deployment.model_id == Model.id)
    query = query.join(Project, Project.id == Deployment.project_id)
    query = query.where(Deployment.is_active, Project.deleted_at.is_(None))
    return {model.id: model for model in session.scalars(query)}


def counts(session: ReadSession, deployment_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return (kept, doubtful) of each deployment that keeps any; retention bounds what is counted."""
    doubtful = func.count().filter(KeptPrediction.undecided, KeptPrediction.queued_image_id.is_(None))
    query = select(KeptPrediction.deployment_id, func.count(), doubtful)
    query = query.where(KeptPrediction.deployment_id.in_(deployment_ids)).group_by(KeptPrediction.deployment_id)
    return {deployment_id: (kept, open_) for deployment_id, kept, open_ in session.execute(query)}


def kept(
    session: ReadSession, deployment_id: UUID, *, undecided: bool | None, cursor: str | None, limit: int
) -> tuple[list[KeptPrediction], str | None]:
    """Return kept predictions, newest first, and the next cursor."""
    query = select(KeptPrediction).where(KeptPrediction.deployment_id == deployment_id)
    if undecided is not None:
        query = query.where(KeptPrediction.undecided.is_(undecided))
    return keyset(session, query, order=[(KeptPrediction.id, "desc")], cursor=cursor, limit=limit)


def kept_ids(session: ReadSession, deployment_id: UUID) -> list[UUID]:
    """Return every kept prediction of a deployment."""
    return list(session.scalars(select(KeptPrediction.id).where(KeptPrediction.deployment_id == deployment_id)))


def doubtful(session: ReadSession, deployment_id: UUID, *, most: int) -> list[KeptPrediction]:
    """Return undecided ones that were not sent to the queue yet, oldest first."""
    query = select(KeptPrediction).where(
        KeptPrediction.deployment_id == deployment_id,
        KeptPrediction.undecided,
        KeptPrediction.queued_image_id.is_(None),
    )
    return list(session.scalars(query.order_by(KeptPrediction.id).limit(most)))


def expired(session: WriteSession, *, at: datetime, most: int) -> list[KeptPrediction]:
    """Return predictions whose time is over."""
    query = select(KeptPrediction).where(KeptPrediction.expires_at <= at)
    return list(session.scalars(query.order_by(KeptPrediction.id).limit(most)))


def is_anything_kept(session: ReadSession) -> bool:
    """Say whether any deployment keeps predictions or has kept some."""
    return (
        session.scalar(select(Deployment.id).where(Deployment.keep_predictions).limit(1)) is not None
        or session.scalar(select(KeptPrediction.id).limit(1)) is not None
    )
