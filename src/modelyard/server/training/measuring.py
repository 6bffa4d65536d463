"""Measuring a trained head on a split of a version, from cached features."""

from dataclasses import dataclass
from typing import Any

from modelyard.errors import Conflict
from modelyard.server.datasets.manifest import Manifest
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession
from modelyard.server.projects.schemas import ProjectSettings
from modelyard.server.tables import Model
from modelyard.server.training.predictions import Prediction


class TooFewToMeasure(Conflict):
    """There are too few pictures to measure a model on. Label more pictures that are kept back for testing."""


class FeaturesMissing(Conflict):
    """Some pictures were not looked at by this model's backbone yet. Wait until that job has ended, then try again."""


@dataclass(frozen=True)
class Measurement:
    """The report of a model on a split, and what it said about each image."""

    report: dict[str, Any]
    predictions: list[Prediction]


def measure(
    session: ReadSession,
    blobs: BlobStore,
    model: Model,
    contents: Manifest,
    *,
    split: str,
    settings: ProjectSettings,
) -> Measurement:
    """Return how good `model` is on a split; raises `TooFewToMeasure`, `FeaturesMissing`."""
    raise TooFewToMeasure
