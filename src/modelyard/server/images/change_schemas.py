"""What labels that came again would change, over the API."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.inputs import Input

ChangeState = Literal["waiting", "applied", "left_out", "passed_over"]
AnswerWord = Literal["class", "objects", "does_not_belong", "not_sure", "none"]


class ChangeQuery(Input):
    """Which of an import's differences."""

    kind: Literal["added", "changed", "deleted", "answer"] | None = Field(None, description="With one of this kind.")
    edited: bool | None = Field(
        None, description="Only pictures that people changed since labels came, or only others."
    )
    state: ChangeState | None = None
    cursor: str | None = None
    limit: int = Field(60, ge=1, le=500)


class ImportChange(BaseModel):
    """What the labels of an import would change in one picture, and what became of that."""

    image: ImageCard
    revision: int = Field(description="Of the picture's annotation, when the labels were compared with it.")
    added: int = Field(description="Objects that would be new.")
    changed: int
    deleted: int
    is_answer_new: bool = Field(description="Or what is known of the picture as a whole.")
    is_edited: bool = Field(description="A person spoke last of this picture, not an import.")
    state: ChangeState = Field(
        description="left_out: edited, and not asked for. passed_over: changed since it was compared."
    )


class ChangeObject(BaseModel):
    """An object before or after; `class_name` stands for a class that the project lacks as yet."""

    object_id: UUID
    class_id: UUID | None
    class_name: str | None
    shape: dict[str, Any]
    attributes: dict[str, Any]
    z: int


class ChangeSide(BaseModel):
    """What is said of a picture and drawn into it, before or after."""

    answer: AnswerWord
    class_id: UUID | None
    class_name: str | None
    attributes: dict[str, Any] = Field(description="What is known of the picture as a whole.")
    objects: list[ChangeObject]


class ImportChangeDetail(ImportChange):
    """A difference with both its sides, to be drawn beside each other."""

    before: ChangeSide
    after: ChangeSide


class ImportApply(Input):
    """Which of an import's differences are to be applied."""

    model_config = ConfigDict(json_schema_extra={"example": {"include_edited": False}})

    include_edited: bool = Field(False, description="Also those in pictures that people changed since labels came.")
