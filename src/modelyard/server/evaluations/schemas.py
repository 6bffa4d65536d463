"""Shapes of models, evaluations and comparisons over the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.inputs import Input

Interval = Annotated[list[float], Field(min_length=2, max_length=2, description="Low and high end, 95 % confidence.")]
Verdict = Literal["better", "no clear difference", "worse"]
Measured = Literal["test", "val", "cv"]


class ModelClass(BaseModel):
    """A class that a model knows; its place in the list is its index."""

    id: UUID
    name: str
    color: str


class ModelSummary(BaseModel):
    """The figures of a model for lists. `split` says on what: `cv` is cross-validation, when there is no test split."""

    split: Measured
    n: int
    accuracy: float
    accuracy_interval: Interval
    macro_f1: float
    promise: float
    answered_share: float | None


class Model(BaseModel):
    """A trained network, calibrated, exported and measured."""

    id: UUID
    project_id: UUID
    number: int
    run_id: UUID | None
    version_id: UUID
    version_number: int
    recipe: str
    backbone: str
    classes: list[ModelClass]
    threshold: float | None = Field(description="Below this score a prediction is undecided; null: always undecided.")
    temperature: float
    summary: ModelSummary
    meets_wish: bool
    created_at: datetime


class EvaluationCreate(Input):
    """On what to measure a model; the version is its own unless another is named."""

    model_config = ConfigDict(json_schema_extra={"example": {"split": "test"}})

    split: Literal["test", "val"] = "test"
    version_id: UUID | None = None


class ClassReport(BaseModel):
    """How good a model is at one class; n counts pictures that really show it."""

    class_id: UUID
    name: str
    n: int
    precision: float | None
    precision_interval: Interval
    recall: float | None
    recall_interval: Interval
    f1: float | None


class CalibrationBin(BaseModel):
    """When it says `confidence`, it is right in `accuracy` of `n` cases."""

    confidence: float
    accuracy: float
    n: int


class Calibration(BaseModel):
    """How far the model's scores can be believed; ECE is the mean gap between score and truth."""

    temperature: float
    ece_before: float
    ece_after: float
    bins: list[CalibrationBin]


class Selective(BaseModel):
    """What the model may answer by itself so that `promise` is kept."""

    promise: float
    threshold: float | None
    answered_share: float
    errors: int
    accepted: int
    sentence: str


class WeakClass(BaseModel):
    """A class that needs work."""

    class_id: UUID
    text: str
    more_labels: int | None


class ConfusedPair(BaseModel):
    """Pictures of one class that were taken for another."""

    truth: UUID
    predicted: UUID
    n: int
    image_ids: list[UUID]


class Words(BaseModel):
    """The report in plain words."""

    headline: str
    paragraph: str
    weak_classes: list[WeakClass]
    confused: list[ConfusedPair]
    suspect_labels: list[UUID]


class Gate(BaseModel):
    """Whether the model is as good as the project wishes."""

    meets_wish: bool
    text: str


class Report(BaseModel):
    """How good a model is, with intervals, and what to do next."""

    n: int
    accuracy: float
    accuracy_interval: Interval
    macro_f1: float
    macro_f1_interval: Interval
    classes: list[ClassReport]
    confusion: list[list[int]] = Field(description="Rows are the truth, columns what was predicted.")
    calibration: Calibration
    selective: Selective
    words: Words
    gate: Gate


class Evaluation(BaseModel):
    """A model measured on a split of a version."""

    id: UUID
    model_id: UUID
    version_id: UUID
    version_number: int
    split: Measured
    looks: int = Field(description="How often this project has looked at the split; the more, the less it proves.")
    report: Report
    created_at: datetime


class EvaluatedImage(BaseModel):
    """A picture, what it shows and what the model says."""

    image: ImageCard
    truth_id: UUID
    predicted_id: UUID
    score: float
    undecided: bool


class Comparison(BaseModel):
    """Two models on the same pictures; the verdict is about the first."""

    model_id: UUID
    other_id: UUID
    version_id: UUID
    version_number: int
    split: Measured
    n: int
    accuracy: list[float]
    both_right: int
    only_first: int
    only_second: int
    both_wrong: int
    p_value: float
    verdict: Verdict
    sentence: str
    examples: list[UUID] = Field(description="Pictures that only one of the two gets right.")


class SendToQueue(Input):
    """Which pictures are to be looked at again."""

    what: Literal["wrong", "undecided"]


class Queued(BaseModel):
    """How many pictures went into the labelling queue."""

    queued: int
