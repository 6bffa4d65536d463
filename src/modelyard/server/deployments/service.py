"""Deploying models, swapping them, stopping them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from modelyard.errors import Conflict, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import refuse_member
from modelyard.server.deployments import metrics, repository, schemas
from modelyard.server.deployments.repository import Deployed
from modelyard.server.evaluations import models
from modelyard.server.events import DeploymentChanged
from modelyard.server.kit import jobs
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import service as projects
from modelyard.server.services import AppServices
from modelyard.server.tables import Deployment, Model, Project, now

CLEAN_EVERY = timedelta(days=1)
_IDS_PER_JOB = 1000


class DeploymentNotFound(NotFound):
    """There is no such deployment, or it belongs to a project that you are not a member of."""


class DeploymentNameTaken(Conflict):
    """There is a deployment of this name on this server already. Choose another name."""


class ModelBelowWish(Conflict):
    """The model is not as good as the project wishes. Improve it, or deploy it all the same and say so."""


def get(session: ReadSession, actor: Actor, name: str) -> Deployed:
    """Return a deployment; raises `RoleMissing`, and `DeploymentNotFound` for those who are not members."""
    found = repository.get(session, actor, name)
    if found is None:
        refuse_member(session, actor, repository.project_of(name))
        raise DeploymentNotFound
    return found


def list_(
    session: ReadSession, actor: Actor, project_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Deployed], str | None]:
    """Return a project's deployments, newest first, and the next cursor."""
    projects.get(session, actor, project_id)
    return repository.list_(session, project_id, cursor=cursor, limit=limit)


def create(
    session: WriteSession, services: AppServices, actor: Actor, project_id: UUID, body: schemas.DeploymentCreate
) -> Deployed:
    """Deploy a model; raises `DeploymentNameTaken`, `ModelNotFound`, `ModelBelowWish`."""
    project = projects.get(session, actor, project_id)
    if repository.is_name_taken(session, body.name):
        raise DeploymentNameTaken(f"There is a deployment {body.name!r} on this server already. Choose another name.")
    model = _model(session, actor, project, body.model_id)
    deployment = Deployment(
        project_id=project_id,
        name=body.name,
        model_id=model.id,
        created_by=actor.user_id,
        keep_predictions=body.keep_predictions,
        retention_days=body.retention_days,
        below_wish=_check_gate(model, project, is_accepted=body.accept_below_wish),
    )
    session.add(deployment)
    session.flush()
    _record(session, actor, deployment, "deployment.created", after=_facts(deployment, model))
    _after_change(session, services)
    return Deployed(deployment, model)


def update(
    session: WriteSession, services: AppServices, actor: Actor, name: str, body: schemas.DeploymentUpdate
) -> Deployed:
    """Swap the model, stop, start, or change what is kept; raises as `create` does."""
    deployment, model = get(session, actor, name)
    before = _facts(deployment, model)
    if body.model_id is not None and body.model_id != model.id:
        project = projects.get(session, actor, deployment.project_id)
        model = _model(session, actor, project, body.model_id)
        deployment.below_wish = _check_gate(model, project, is_accepted=body.accept_below_wish)
        deployment.model_id = model.id
        after = _facts(deployment, model)
        _record(session, actor, deployment, "deployment.model_changed", before=before, after=after)
    if body.is_active is not None and body.is_active != deployment.is_active:
        deployment.is_active = body.is_active
        _record(session, actor, deployment, "deployment.started" if body.is_active else "deployment.stopped")
    if body.keep_predictions is not None:
        deployment.keep_predictions = body.keep_predictions
    if body.retention_days is not None:
        deployment.retention_days = body.retention_days
    session.flush()
    kept = {name: _facts(deployment, model)[name] for name in ("keep_predictions", "retention_days")}
    if kept != {name: before[name] for name in kept}:
        _record(session, actor, deployment, "deployment.changed", before={n: before[n] for n in kept}, after=kept)
    _after_change(session, services)
    return Deployed(deployment, model)


def delete(session: WriteSession, services: AppServices, actor: Actor, name: str) -> None:
    """Take a deployment away, with everything it kept."""
    deployment, model = get(session, actor, name)
    kept = [str(prediction_id) for prediction_id in repository.kept_ids(session, deployment.id)]
    for start in range(0, len(kept), _IDS_PER_JOB):
        jobs.enqueue(
            session,
            "deployments.forget",
            params={"prediction_ids": kept[start : start + _IDS_PER_JOB]},
            project_id=deployment.project_id,
            created_by=actor.user_id,
            title=f"Delete the pictures that {name!r} kept",
        )
    _record(session, actor, deployment, "deployment.deleted", before=_facts(deployment, model))
    session.delete(deployment)
    session.flush()
    _after_change(session, services)
    session.after_commit(lambda: metrics.forget(name))


def show(session: ReadSession, services: AppServices, deployed: list[Deployed]) -> list[schemas.Deployment]:
    """Return deployments as the API shows them."""
    counts = repository.counts(session, [deployment.id for deployment, _ in deployed])
    return [_shown(services, *pair, *counts.get(pair.deployment.id, (0, 0))) for pair in deployed]


def ask_for_cleaning(session: WriteSession) -> None:
    """See to it that expired pictures are deleted, as long as any are kept."""
    if repository.is_anything_kept(session):
        title = "Delete pictures whose time is over"
        after = now() + CLEAN_EVERY
        jobs.enqueue(session, "deployments.clean", queueing_lock="deployments.clean", run_after=after, title=title)


def _model(session: ReadSession, actor: Actor, project: Project, model_id: UUID) -> Model:
    model = models.get(session, actor, model_id)
    if model.project_id != project.id:
        raise models.ModelNotFound
    return model


def _check_gate(model: Model, project: Project, *, is_accepted: bool) -> str:
    """Return what has to be remembered of the gate: nothing, or that it was passed over."""
    if models.meets_wish(model, project):
        return ""
    wish = projects.settings_of(project).wish_accuracy
    measured = (
        "never tested" if model.summary.get("split") == "cv" else f"right on {100 * model.summary['accuracy']:.1f} %"
    )
    text = f"Model {model.number} was {measured}; this project wishes {100 * wish:.0f} %."
    if not is_accepted:
        raise ModelBelowWish(f"{text} Improve it, or deploy it all the same and say so.", wish=wish)
    return text


def _facts(deployment: Deployment, model: Model) -> dict[str, Any]:
    names = ("is_active", "keep_predictions", "retention_days", "below_wish")
    return {"model": model.number, **{name: getattr(deployment, name) for name in names}}


def _record(session: WriteSession, actor: Actor, deployment: Deployment, action: str, **said: Any) -> None:
    project_id = deployment.project_id
    where: dict[str, Any] = {"project_id": project_id, "subject_id": deployment.id, "name": deployment.name}
    accounts.record(session, action, actor_id=actor.user_id, **where, **said)
    change = action.removeprefix("deployment.")
    publish(session, DeploymentChanged(project_id, deployment.name, change, deployment.model_id, actor.user_id))


def _after_change(session: WriteSession, services: AppServices) -> None:
    ask_for_cleaning(session)
    if services.predictors is not None:
        session.after_commit(services.predictors.refresh)


def _shown(services: AppServices, deployment: Deployment, model: Model, kept: int, doubtful: int) -> schemas.Deployment:
    plain = {name: getattr(deployment, name) for name in schemas.Deployment.model_fields if hasattr(deployment, name)}
    state: schemas.State = "stopped"
    if deployment.is_active:
        state = services.predictors.state(model.id) if services.predictors is not None else "loading"
    return schemas.Deployment.model_validate(
        {
            **plain,
            "url": f"{services.settings.effective_url}/api/v1/deployments/{deployment.name}/predict",
            "model_number": model.number,
            "state": state,
            "predictions_kept": kept,
            "doubtful": doubtful,
        }
    )
