"""Shapes of the history over the API."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from modelyard.server.kit.inputs import Input

ExportFormat = Literal["csv", "jsonl"]
ANNOTATION = "annotation"  # the kind of what is read from the revisions of annotations


class HistoryEvent(BaseModel):
    """One event: who did what, when, and what it changed."""

    id: UUID = Field(description="Later events have greater ids.")
    at: datetime
    kind: str = Field(description="What it is about: annotation, class, batch, member, project, run …")
    action: str = Field(description="What was done, as in `batch.updated`.")
    text: str = Field(description="What was done, in a sentence without the person.")
    actor_id: UUID | None
    actor_name: str | None = Field(description="None where the server itself did it.")
    subject_id: UUID | None = Field(description="What it was done to: the class, batch, person, picture …")
    image_id: UUID | None = Field(description="The picture, where it was a single one.")
    images: int = Field(description="How many pictures an annotation's step changed; 0 for other events.")
    before: dict[str, Any] | None = Field(description="What changed, as it was.")
    after: dict[str, Any] | None = Field(description="What changed, as it was from then on.")
    details: dict[str, Any]


class HistoryPerson(BaseModel):
    """Somebody who appears in the history, a member or not."""

    id: UUID
    name: str


class HistoryFilters(Input):
    """Which events are wanted; what is left out does not narrow."""

    person: UUID | None = Field(None, description="Only what this person did.")
    kind: list[str] = Field(default_factory=list, max_length=30, description="Only these kinds.")
    since: AwareDatetime | None = Field(None, description="From this moment on.")
    until: AwareDatetime | None = Field(None, description="Before this moment.")
    text: str = Field("", max_length=100, description="Part of what is said: a name, a value, a picture.")


class HistoryQuery(HistoryFilters):
    """One page of the history."""

    model_config = ConfigDict(json_schema_extra={"example": {"kind": ["batch"]}})

    cursor: str | None = None
    limit: int = Field(50, ge=1, le=500)


class HistoryExportQuery(HistoryFilters):
    """What of the history is written out, and how."""

    format: ExportFormat = "csv"
