"""Attributes over the API: what else a project wants to know of each object, or of each image as a whole."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from modelyard.server.kit.inputs import Input

MAX_CHOICES = 200
Subject = Literal["object", "image"]
Kind = Literal["choice", "number", "text", "flag"]
# Names are keys in stored JSON, where a quotation mark or a backslash would end them.
AttributeName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r'^[^"\\\x00-\x1f]+$')
]
Choice = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Choices = Annotated[list[Choice], Field(max_length=MAX_CHOICES)]


class Attribute(BaseModel):
    """A question about every object, or about the image, and which answers it has."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    subject: Subject
    class_id: UUID | None = Field(description="Asked only of objects of this class; null: of all.")
    name: str
    kind: Kind = Field(description='"flag" is yes or no.')
    choices: list[str] = Field(description='The answers that there are, where the kind is "choice".')
    position: int


class AttributeCreate(Input):
    """A new attribute."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"subject": "object", "name": "state", "kind": "choice", "choices": ["raw", "baked", "burnt"]}
        }
    )

    subject: Subject = "object"
    class_id: UUID | None = None
    name: AttributeName
    kind: Kind
    choices: Choices = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_together(self) -> "AttributeCreate":
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("the kind 'choice' needs choices, and no other kind has any")
        if len(set(self.choices)) != len(self.choices):
            raise ValueError("a choice is named twice")
        if self.subject == "image" and self.class_id is not None:
            raise ValueError("an attribute of images has no class_id")
        return self


class AttributeUpdate(Input):
    """The fields to change. Values follow a new name and renamed choices."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"choices": ["raw", "baked", "black"], "renamed_choices": {"burnt": "black"}, "position": 1}
        }
    )

    name: AttributeName | None = None
    choices: Choices | None = None
    renamed_choices: dict[Choice, Choice] = Field(
        default_factory=dict, max_length=MAX_CHOICES, description="Old to new: values that are there get the new name."
    )
    position: int | None = Field(None, ge=1, description="Place among those of its subject, from 1.")


class AttributeImpact(BaseModel):
    """What the deletion of an attribute, or of one of its choices, would touch."""

    values: int = Field(description="Objects, or images, that have a value.")
    by_choice: dict[str, int]
    text: str
