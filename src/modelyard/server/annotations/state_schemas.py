"""Shapes of the states that an image has been in."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from modelyard.server.annotations.object_schemas import Object
from modelyard.server.annotations.schemas import Answer
from modelyard.server.kit.inputs import Input


class StateObject(Object):
    """An object as it was in a state, and what became of it there."""

    change: Literal["kept", "added", "changed", "removed"] = Field(
        description="Since the state before; a removed object is shown as it was last, and is not in this state."
    )


class StateClass(BaseModel):
    """A class of a state, and what became of it since."""

    id: UUID
    name: str
    color: str
    fate: Literal["present", "merged", "deleted"] = Field(
        description="A merged one is restored as what it was merged into; with a deleted one nothing can be restored."
    )


class ImageState(BaseModel):
    """What an image said, and what was drawn into it, at one revision."""

    image_id: UUID
    revision: int
    latest: int = Field(description="The image's present revision, for `If-Match`.")
    at: datetime | None = Field(description="When it came about; empty for revision 0.")
    author_id: UUID | None = Field(description="Who made this state.")
    author_name: str | None
    action: str
    answer: Answer
    class_id: UUID | None
    attributes: dict[str, Any]
    objects: list[StateObject]
    classes: list[StateClass] = Field(description="Those of its answer and its objects, removed ones too.")


class StateRestore(Input):
    """Which state is to hold again."""

    model_config = ConfigDict(json_schema_extra={"example": {"revision": 1}})

    revision: int = Field(ge=0, lt=1_000_000_000, description="0 is the image before anybody said anything.")
