"""Shapes of runs over the API."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from modelyard.server.jobs.schemas import Job
from modelyard.server.kit.inputs import Input


class RunCreate(Input):
    """What to train on, and how long it may take."""

    model_config = ConfigDict(json_schema_extra={"example": {"version_id": "latest", "recipe": "auto"}})

    version_id: UUID | Literal["latest"] = Field(
        "latest", description="A version's id; `latest` freezes one first if anything changed since the newest."
    )
    recipe: str = Field("auto", max_length=64, description="`auto` lets the engine choose.")
    budget_s: float = Field(600, ge=5, le=86400, description="Seconds that learning may take.")
    seed: int = Field(0, ge=0, le=2**31 - 1)


class CurvePoint(BaseModel):
    """One step of learning; fields that a recipe does not know are null."""

    step: int
    seconds: float
    stage: str
    train_loss: float | None
    val_accuracy: float | None
    val_loss: float | None


class Run(BaseModel):
    """One execution of training, with everything needed to repeat it."""

    id: UUID
    project_id: UUID
    number: int
    version_id: UUID
    version_number: int
    job_id: UUID | None
    recipe: str
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    config: dict[str, Any]
    environment: dict[str, Any]
    curve: list[CurvePoint]
    explanation: str
    seconds: float | None
    model_id: UUID | None
    model_number: int | None
    created_at: datetime
    finished_at: datetime | None
    job: Job | None


class Recipe(BaseModel):
    """A way to train, and when it is meant."""

    name: str
    title: str
    description: str
