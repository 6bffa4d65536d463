"""Shapes of issues and their comments over the API."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from modelyard.server.kit.inputs import Input

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Coordinate = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Mentions = Annotated[
    list[UUID], Field(max_length=50, description="Members whom the text names as @Name; they are told.")
]
State = Literal["open", "resolved"]


class Mentioned(BaseModel):
    """Somebody whom a comment names."""

    user_id: UUID
    name: str


class Comment(BaseModel):
    """One thing that somebody said; a deleted one keeps its place without its text."""

    id: UUID
    author_id: UUID | None
    author_name: str | None
    text: str = Field(description="Plain text, no markup.")
    mentions: list[Mentioned]
    is_deleted: bool
    created_at: datetime
    edited_at: datetime | None


class Issue(BaseModel):
    """A thread about an image."""

    id: UUID
    project_id: UUID
    image_id: UUID
    image_name: str
    image_width: int
    image_height: int
    x: float | None = Field(description="In pixels of the upright image; none: the image as a whole.")
    y: float | None
    state: State
    author_id: UUID | None
    author_name: str | None
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    resolved_by_name: str | None
    comments: list[Comment] = Field(description="Oldest first; the first one says what the issue is.")


class IssueCreate(Input):
    """A new issue; without a place it is about the image as a whole."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "Is this a bun?", "x": 120.5, "y": 80}})

    text: Text
    x: Coordinate | None = None
    y: Coordinate | None = None
    mentions: Mentions = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_a_whole_place(self) -> Self:
        if (self.x is None) != (self.y is None):
            raise ValueError("a pin needs both x and y; leave both out for the image as a whole")
        return self


class IssueUpdate(Input):
    """Whether it is settled."""

    model_config = ConfigDict(json_schema_extra={"example": {"state": "resolved"}})

    state: State


class CommentCreate(Input):
    """What to say."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "Yes, with sesame."}})

    text: Text
    mentions: Mentions = Field(default_factory=list)
