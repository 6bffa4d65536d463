"""Shapes of deployments and predictions over the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from modelyard.server.kit.inputs import Input

State = Literal["loading", "ready", "failed", "stopped"]
Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
        description="Part of its address: lower case, digits, hyphens; nobody else on this server has it.",
    ),
]
RetentionDays = Annotated[int, Field(ge=1, le=365, description="After that, kept pictures are deleted.")]


class DeploymentCreate(Input):
    """What to deploy, and whether to keep what it is asked."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "bakery", "model_id": "0192f0c8-5d5e-7c3a-9b1e-3f6a2c4d8e10"}}
    )

    name: Name
    model_id: UUID
    keep_predictions: bool = False
    retention_days: RetentionDays = 30
    accept_below_wish: bool = Field(False, description="Deploy it although the project wishes a better one.")


class DeploymentUpdate(Input):
    """What to change; a new model answers once it is loaded."""

    model_id: UUID | None = None
    is_active: bool | None = None
    keep_predictions: bool | None = None
    retention_days: RetentionDays | None = None
    accept_below_wish: bool = False


class Deployment(BaseModel):
    """A model made available at an address."""

    id: UUID
    project_id: UUID
    name: str
    url: str = Field(description="Where to send pictures.")
    model_id: UUID
    model_number: int
    is_active: bool
    state: State
    keep_predictions: bool
    retention_days: int
    below_wish: str = Field(description="What was said when the model was deployed below the project's wish, or empty.")
    predictions_kept: int
    doubtful: int = Field(description="Undecided pictures that were kept and not sent to the labelling queue yet.")
    created_at: datetime


class PredictedClass(BaseModel):
    """A class and its probability."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    class_name: str = Field(alias="class")
    class_id: UUID
    score: float


class PredictingModel(BaseModel):
    """Which model answered."""

    id: UUID
    number: int


class Prediction(BaseModel):
    """The answer for one picture, the likeliest class first."""

    model: PredictingModel
    predictions: list[PredictedClass]
    undecided: bool = Field(description="Nobody has promised that this is right: ask a person.")
    threshold: float | None
    milliseconds: float


class KeptPrediction(BaseModel):
    """A picture that was sent to a deployment, and what it answered."""

    id: UUID
    model_id: UUID
    name: str
    predictions: list[PredictedClass]
    undecided: bool
    milliseconds: float
    expires_at: datetime
    queued_image_id: UUID | None = Field(description="The image it became when it was sent to the labelling queue.")
    created_at: datetime


class Queued(BaseModel):
    """How many pictures were sent to the labelling queue."""

    queued: int


class SentBack(BaseModel):
    """How many pictures went to the labelling queue."""

    queued: int
