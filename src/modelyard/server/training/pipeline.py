"""One run from its frozen version to a measured model; called again after a crash, it ends as if nothing had happened.

Features are cached, learning takes seconds and everything made is addressed by its content, so a run that was killed
starts over; only its last transaction makes anything visible.
"""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from modelyard.engine.recipes import TrainedHead
from modelyard.server.datasets import repository as dataset_repository
from modelyard.server.datasets import service as datasets
from modelyard.server.datasets.manifest import Manifest
from modelyard.server.events import ModelTrained
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.kit.jobs import JobContext
from modelyard.server.projects import service as projects
from modelyard.server.projects.schemas import ProjectSettings
from modelyard.server.tables import DatasetVersion, Model, Project, Run, now
from modelyard.server.training import environment, explaining, heads, inputs, looking, measuring, packing, repository
from modelyard.server.training.curve import Curve
from modelyard.server.training.inputs import Inputs


@dataclass(frozen=True)
class Plan:
    """What a run is to do."""

    run: Run
    project: Project
    version: DatasetVersion
    contents: Manifest
    settings: ProjectSettings

    @property
    def backbone(self) -> str:
        """The name of the network that looks at the pictures."""
        return str(self.run.config["backbone"])


@dataclass(frozen=True)
class Product:
    """What a run made, before anybody sees it."""

    trained: TrainedHead
    measured: measuring.Measurement
    predictions_blob: str
    artifacts: dict[str, Any]
    curve: list[dict[str, Any]]
    explanation: str


def begin(ctx: JobContext, run_id: UUID) -> Plan:
    """Mark the run as running, record where it runs, and return what it is to do."""
    with ctx.db.write() as session:
        run = session.get_one(Run, run_id)
        run.state, run.curve, run.environment = "running", [], environment.describe()
        version = session.get_one(DatasetVersion, run.version_id)
        project = session.get_one(Project, run.project_id)
    return Plan(run, project, version, datasets.load(ctx.blobs, version), projects.settings_of(project))


def train(ctx: JobContext, plan: Plan) -> dict[str, Any]:
    """Do what is planned and return the job's result."""
    began = time.monotonic()
    flips = bool(plan.run.config["flips"])
    looking.look(ctx, plan.project.id, plan.contents.image_ids(), backbone=plan.backbone, flips=flips)
    product = _make(ctx, plan)
    ctx.check()
    with ctx.db.write() as session:
        model = _finish(session, plan, product, seconds=time.monotonic() - began)
    return result(model, plan.run)


def result(model: Model, run: Run) -> dict[str, Any]:
    """Return what the job of a finished run answers."""
    return {
        "run_id": str(run.id),
        "run_number": run.number,
        "model_id": str(model.id),
        "model_number": model.number,
        "summary": model.summary,
    }


def _make(ctx: JobContext, plan: Plan) -> Product:
    ctx.stage("Learning")
    curve = Curve(ctx, plan.run.id)
    taught, classes = _inputs(ctx, plan, "train"), plan.contents.classes
    if taught is None:
        raise measuring.TooFewToMeasure("There is nothing to learn from: every picture is kept for checking.")
    trained = heads.train(plan.run.config, len(classes), taught, curve)
    ctx.stage("Checking")
    case = measuring.choose_case(trained, taught, _inputs(ctx, plan, "test"))
    decided, wish = heads.decisions(trained, taught), plan.settings.wish_accuracy
    measured = measuring.judge(case, classes, temperature=trained.temperature, decided=decided, wish=wish)
    ctx.stage("Packing")
    facts = packing.facts(plan.run, plan.project, plan.contents, measured)
    n_taught = len(taught.entries)
    return Product(
        trained=trained,
        measured=measured,
        predictions_blob=measuring.keep(ctx.blobs, measured.predictions),
        artifacts={**packing.pack(ctx, plan.run, plan.contents, trained, facts), "decisions": decided},
        curve=curve.points,
        explanation=explaining.tell(
            plan.project.task,
            n_taught,
            trained,
            measured.report,
            split=measured.split,
            left_out=plan.contents.options.get("left_out", []),
        ),
    )


def _inputs(ctx: JobContext, plan: Plan, split: str) -> Inputs | None:
    entries = plan.contents.of_split(split)
    if not entries:
        return None
    with ctx.db.read() as session:
        flips = split == "train" and bool(plan.run.config["flips"])
        return inputs.gather(
            session, ctx.blobs, plan.contents.class_index, entries, backbone=plan.backbone, flips=flips
        )


def _finish(session: WriteSession, plan: Plan, product: Product, *, seconds: float) -> Model:
    """Make the model visible with its report, and end the run; a second attempt finds what the first one made."""
    dataset_repository.lock_project(session, plan.project.id)
    run = session.get_one(Run, plan.run.id)
    model = repository.model_of(session, run.id)
    if model is not None:
        return model
    model = Model(
        project_id=run.project_id,
        number=repository.next_model_number(session, run.project_id),
        run_id=run.id,
        version_id=run.version_id,
        recipe=run.recipe,
        backbone=plan.backbone,
        classes=plan.contents.classes,
        artifacts=product.artifacts,
        threshold=product.trained.selective.threshold,
        temperature=product.trained.temperature,
        summary=measuring.summary(product.measured),
    )
    session.add(model)
    run.state, run.curve, run.explanation = "succeeded", product.curve, product.explanation
    run.seconds, run.finished_at = round(seconds, 2), now()
    session.flush()
    publish(
        session,
        ModelTrained(
            project_id=run.project_id,
            model_id=model.id,
            version_id=run.version_id,
            split=product.measured.split,
            report=product.measured.report,
            predictions_blob=product.predictions_blob,
        ),
    )
    return model
