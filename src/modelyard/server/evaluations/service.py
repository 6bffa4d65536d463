"""Measuring models, looking into reports, and sending weak pictures back to people."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from modelyard.errors import NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import service as annotations
from modelyard.server.datasets import service as datasets
from modelyard.server.evaluations import models, repository, schemas
from modelyard.server.images import veil
from modelyard.server.images.cards import cards as image_cards
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import slice_page
from modelyard.server.projects import service as projects
from modelyard.server.services import AppServices
from modelyard.server.tables import DatasetVersion, Evaluation, Model, Project
from modelyard.server.training import gate, measuring, predictions
from modelyard.server.training.predictions import Prediction

_EVEN = 0.5


class EvaluationNotFound(NotFound):
    """There is no such evaluation, or it belongs to a project that you are not a member of."""


class NotMeasured(NotFound):
    """This model was not measured on this split yet. Measure it first."""


@dataclass(frozen=True)
class Filter:
    """Which predictions are wanted; None leaves a condition out."""

    truth: UUID | None = None
    predicted: UUID | None = None
    wrong: bool | None = None
    undecided: bool | None = None

    def takes(self, one: Prediction, threshold: float | None) -> bool:
        """Say whether a prediction is wanted."""
        return (
            (self.truth is None or one.truth == str(self.truth))
            and (self.predicted is None or one.predicted == str(self.predicted))
            and (self.wrong is None or self.wrong is not one.is_right)
            and (self.undecided is None or self.undecided is is_undecided(one, threshold))
        )


def is_undecided(one: Prediction, threshold: float | None) -> bool:
    """Say whether a prediction is left to a person."""
    return threshold is None or one.score < threshold


def evaluate(services: AppServices, actor: Actor, model_id: UUID, body: schemas.EvaluationCreate) -> UUID:
    """Measure a model on a split and return the evaluation's id; each time counts as a look.

    Raises `TooFewToMeasure` and `FeaturesMissing`.
    """
    with services.db.read() as session:
        model = models.get(session, actor, model_id)
        version = _version(session, actor, model, body.version_id)
        wish = projects.settings_of(session.get_one(Project, model.project_id)).wish_accuracy
        contents = datasets.load(services.blobs, version)
        measurement = measuring.measure(session, services.blobs, model, contents, split=body.split, wish=wish)
    blob = measuring.keep(services.blobs, measurement.predictions)
    with services.db.write() as session:
        session.get_one(Model, model.id, with_for_update=True)
        found = repository.evaluation(session, model.id, version.id, body.split)
        if found is None:
            found = Evaluation(
                project_id=model.project_id, model_id=model.id, version_id=version.id, split=body.split, looks=0
            )
            session.add(found)
        found.report, found.predictions_blob, found.looks = measurement.report, blob, found.looks + 1
        session.flush()
        said: dict[str, Any] = {
            "name": f"Model {model.number}",
            "split": body.split,
            "version": version.number,
            "looks": found.looks,
        }
        where: dict[str, Any] = {"project_id": model.project_id, "subject_id": found.id}
        accounts.record(session, "evaluation.made", actor_id=actor.user_id, **where, **said)
        return found.id


def _version(session: ReadSession, actor: Actor, model: Model, version_id: UUID | None) -> DatasetVersion:
    version = datasets.get(session, actor, version_id or model.version_id)
    if version.project_id != model.project_id:
        raise datasets.VersionNotFound
    return version


def get(session: ReadSession, actor: Actor, evaluation_id: UUID) -> Evaluation:
    """Return an evaluation; raises `EvaluationNotFound` also for those who are not members."""
    evaluation = session.get(Evaluation, evaluation_id)
    if evaluation is None:
        raise EvaluationNotFound
    try:
        projects.get(session, actor, evaluation.project_id)
    except projects.ProjectNotFound as error:
        raise EvaluationNotFound from error
    return evaluation


def newest(session: ReadSession, model: Model, split: str) -> Evaluation:
    """Return the evaluation on this split; where there is no test split, the cross-validation."""
    found = repository.newest(session, model.id, split)
    if found is None and split == "test":
        found = repository.newest(session, model.id, "cv")
    if found is None:
        raise NotMeasured(f"Model {model.number} was not measured on the {split} split yet. Measure it first.")
    return found


def show(session: ReadSession, evaluation_id: UUID) -> schemas.Evaluation:
    """Return an evaluation as the API shows it; the gate speaks of the project's present wish."""
    evaluation = session.get_one(Evaluation, evaluation_id)
    version = session.get_one(DatasetVersion, evaluation.version_id)
    project = session.get_one(Project, evaluation.project_id)
    wish = projects.settings_of(project).wish_accuracy
    report = {**evaluation.report, "gate": gate.judge(evaluation.report, split=evaluation.split, wish=wish)}
    plain = {name: getattr(evaluation, name) for name in schemas.Evaluation.model_fields if hasattr(evaluation, name)}
    looks = repository.looks(session, evaluation.project_id, evaluation.split)
    return schemas.Evaluation.model_validate(
        {**plain, "version_number": version.number, "looks": looks, "report": report}
    )


def images_of(
    session: ReadSession,
    blobs: BlobStore,
    evaluation: Evaluation,
    wanted: Filter,
    *,
    cursor: str | None,
    limit: int,
) -> tuple[list[schemas.EvaluatedImage], str | None]:
    """Return one page of the wanted pictures, the surest prediction first, and the next cursor."""
    threshold = session.get_one(Model, evaluation.model_id).threshold
    hidden = {str(image_id) for image_id in veil.hidden(session, project_id=evaluation.project_id)}
    found = [one for one in _predictions(blobs, evaluation) if wanted.takes(one, threshold)]
    found = [one for one in found if one.image_id not in hidden]
    found.sort(key=_place)
    page, next_cursor = slice_page(found, key=_place, cursor=cursor, limit=limit)
    cards = {card.id: card for card in image_cards(session, [UUID(one.image_id) for one in page])}
    return [
        schemas.EvaluatedImage.model_validate(
            {
                "image": cards[UUID(one.image_id)],
                "truth_id": one.truth,
                "predicted_id": one.predicted,
                "score": one.score,
                "undecided": is_undecided(one, threshold),
            }
        )
        for one in page
        if UUID(one.image_id) in cards
    ], next_cursor


def send_to_queue(session: WriteSession, blobs: BlobStore, actor: Actor, evaluation: Evaluation, *, what: str) -> int:
    """Put the wrong or undecided pictures back into the labelling queue; return how many.

    A model without a threshold is undecided about everything: then those go that it holds for more unlikely than not.
    """
    model = session.get_one(Model, evaluation.model_id)
    wanted = Filter(wrong=True) if what == "wrong" else Filter(undecided=True)
    threshold = _EVEN if model.threshold is None else model.threshold
    found = [one for one in _predictions(blobs, evaluation) if wanted.takes(one, threshold)]
    image_ids = [card.id for card in image_cards(session, [UUID(one.image_id) for one in found])]
    if not image_ids:
        return 0
    reason = f"Model {model.number} " + ("was wrong here" if what == "wrong" else "could not decide here")
    return annotations.add_images(session, actor, evaluation.project_id, image_ids, reason=reason)


def _predictions(blobs: BlobStore, evaluation: Evaluation) -> list[Prediction]:
    return predictions.from_bytes(blobs.get(evaluation.predictions_blob))


def _place(one: Prediction) -> tuple[float, str]:
    return -one.score, one.image_id
