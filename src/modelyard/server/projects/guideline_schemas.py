"""Shapes of guidelines and their versions over the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from modelyard.server.kit.inputs import Input

Text = Annotated[str, StringConstraints(max_length=20_000)]
Caption = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class Example(Input):
    """A picture of the project that shows how it is meant, or how it is not."""

    image_id: UUID
    verdict: Literal["good", "bad"]
    caption: Caption = ""


class ShownExample(BaseModel):
    """An example as it is shown."""

    image_id: UUID
    verdict: Literal["good", "bad"]
    caption: str
    is_missing: bool = Field(description="Whether the picture was deleted since.")


class GuidelineVersion(BaseModel):
    """One version of the guidelines of a project or of a class."""

    id: UUID
    class_id: UUID | None = Field(description="None: of the project as a whole.")
    number: int
    text: str = Field(description="Markdown; HTML in it is text like any other.")
    examples: list[ShownExample]
    note: str = Field(description="What changed, as its author says.")
    restored_from: int | None = Field(description="The number of the older version that this one repeats.")
    author_name: str | None
    created_at: datetime


class Guideline(GuidelineVersion):
    """The version that counts, and whether one has read it."""

    read_number: int | None = Field(description="The newest version that one has read; none yet.")


class GuidelineSave(Input):
    """The next version."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "Label **every** pastry.", "based_on": 0}})

    class_id: UUID | None = Field(None, description="None: of the project as a whole.")
    text: Text
    examples: Annotated[list[Example], Field(max_length=24)] = Field(default_factory=list)
    note: Caption = Field("", description="What changed.")
    based_on: int = Field(ge=0, description="The number of the version that was changed; 0 where there was none.")


class GuidelineRead(Input):
    """What one has read."""

    model_config = ConfigDict(json_schema_extra={"example": {"number": 1}})

    class_id: UUID | None = None
    number: int = Field(ge=1, le=1_000_000)
