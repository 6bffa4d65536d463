"""Which of two models is better, on the same pictures, and whether that is more than chance."""

from typing import cast
from uuid import UUID

import numpy as np

from modelyard.engine import metrics
from modelyard.errors import Conflict
from modelyard.server.accounts.actor import Actor
from modelyard.server.datasets import repository as dataset_repository
from modelyard.server.datasets import service as datasets
from modelyard.server.evaluations import models, repository, schemas
from modelyard.server.kit.database import ReadSession
from modelyard.server.projects import service as projects
from modelyard.server.services import AppServices
from modelyard.server.tables import DatasetVersion, Model, Project
from modelyard.server.training import measuring, predictions
from modelyard.server.training.predictions import Prediction

_EXAMPLES = 12


class NotComparable(Conflict):
    """These two models cannot be compared."""


def compare(
    services: AppServices, actor: Actor, model_id: UUID, other_id: UUID, *, split: schemas.Measured
) -> schemas.Comparison:
    """Return how the first model compares to the second on the newer of their versions.

    Splits never change sides, so no picture of the newer test split has taught the older model.
    Raises `NotComparable`, `FeaturesMissing`.
    """
    with services.db.read() as session:
        first, second = models.get(session, actor, model_id), models.get(session, actor, other_id)
        version = _common_version(session, first, second, split)
        one = _said(services, session, first, version, split)
        two = _said(services, session, second, version, split)
    shared = [(one[image_id], two[image_id]) for image_id in one if image_id in two]
    if not shared:
        raise NotComparable("There is no picture that both models were measured on. Evaluate both, then compare.")
    paired = metrics.compare(np.array([a.is_right for a, _ in shared]), np.array([b.is_right for _, b in shared]))
    return schemas.Comparison(
        model_id=first.id,
        other_id=second.id,
        version_id=version.id,
        version_number=version.number,
        split=split,
        n=paired.n,
        accuracy=[(paired.both_right + only) / paired.n for only in (paired.only_first, paired.only_second)],
        both_right=paired.both_right,
        only_first=paired.only_first,
        only_second=paired.only_second,
        both_wrong=paired.n - paired.both_right - paired.only_first - paired.only_second,
        p_value=paired.p_value,
        verdict=cast("schemas.Verdict", paired.verdict),
        sentence=_sentence(first, second, paired),
        examples=[UUID(a.image_id) for a, b in shared if a.is_right != b.is_right][:_EXAMPLES],
    )


def _common_version(session: ReadSession, first: Model, second: Model, split: str) -> DatasetVersion:
    if first.project_id != second.project_id:
        raise NotComparable("These models belong to different projects.")
    if split == "cv" and first.version_id != second.version_id:
        raise NotComparable("Cross-validations compare only within one version. Keep pictures back for testing.")
    found = [dataset_repository.get(session, model.version_id) for model in (first, second)]
    return max((version for version in found if version is not None), key=lambda version: version.number)


def _said(
    services: AppServices, session: ReadSession, model: Model, version: DatasetVersion, split: schemas.Measured
) -> dict[str, Prediction]:
    """Return what a model says about each image of the split: as stored, or worked out from cached features."""
    evaluation = repository.evaluation(session, model.id, version.id, split)
    if evaluation is not None:
        stored = predictions.from_bytes(services.blobs.get(evaluation.predictions_blob))
        return {one.image_id: one for one in stored}
    if split == "cv":
        raise NotComparable(f"Model {model.number} has no cross-validation: it was tested on untouched pictures.")
    wish = projects.settings_of(session.get_one(Project, model.project_id)).wish_accuracy
    contents = datasets.load(services.blobs, version)
    try:
        measured = measuring.measure(session, services.blobs, model, contents, split=split, wish=wish)
    except measuring.TooFewToMeasure as error:
        raise NotComparable(error.detail) from error
    return {one.image_id: one for one in measured.predictions}


def _sentence(first: Model, second: Model, paired: metrics.Paired) -> str:
    heads = {
        "better": f"Model {first.number} is better than model {second.number}",
        "worse": f"Model {first.number} is worse than model {second.number}",
        "no clear difference": f"There is no clear difference between models {first.number} and {second.number}",
    }
    detail = (
        f"of {paired.n} pictures, {paired.only_first} are right only with model {first.number} "
        f"and {paired.only_second} only with model {second.number}"
    )
    return f"{heads[paired.verdict]}: {detail}."
