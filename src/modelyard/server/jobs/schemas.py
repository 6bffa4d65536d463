"""Shapes of jobs over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, computed_field


class JobProblem(BaseModel):
    """Why a job failed."""

    code: str
    detail: str


class Job(BaseModel):
    """A piece of background work and how far it is; `rate` in items a second, `eta_s` in seconds."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    title: str
    project_id: UUID | None
    state: str
    stage: str
    done: int
    failed: int
    total: int | None
    rate: float | None
    attempts: int
    cancel_requested: bool
    result: dict[str, Any] | None
    problem: JobProblem | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def eta_s(self) -> float | None:
        """Seconds until the present stage ends, by its present rate."""
        if self.state != "running" or not self.rate or self.total is None:
            return None
        return round(max(0, self.total - self.done) / self.rate, 1)
