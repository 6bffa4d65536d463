"""Shapes of splitting a class into several."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from modelyard.server.kit.inputs import Input
from modelyard.server.projects.schemas import ClassName

MOST_RULES = 50
MOST_IDS = 10_000


class SplitAttribute(Input):
    """A value of an attribute: of the object, or of the picture where whole pictures have a class."""

    name: str = Field(max_length=100)
    value: bool | float | Annotated[str, Field(max_length=1000)]


class SplitRule(Input):
    """What goes to one class; where several are said, all of them have to hold."""

    to: ClassName = Field(description="The class by name; it is made if there is none.")
    picture: str | None = Field(None, min_length=1, max_length=200, description="Part of the picture's name.")
    author_id: UUID | None = Field(None, description="Who labelled or drew it.")
    import_id: UUID | None = Field(None, description="The import that brought the picture.")
    attribute: SplitAttribute | None = None
    image_ids: list[UUID] | None = Field(None, min_length=1, max_length=MOST_IDS)
    object_ids: list[UUID] | None = Field(None, min_length=1, max_length=MOST_IDS)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set - {"to"}:
            raise ValueError("Say what goes to this class: part of a picture's name, a person, a value, or ids.")
        return self


class ClassSplit(Input):
    """How a class is split: the first rule that holds counts."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"rules": [{"to": "rye", "picture": "rye/"}], "rest": "keep"}}
    )

    rules: list[SplitRule] = Field(min_length=1, max_length=MOST_RULES)
    rest: Literal["keep", "relabel", "move"] = Field(
        "keep",
        description="What no rule holds for: it stays in the class; its pictures wait to be labelled again; or it goes "
        "to the class `rest_to`, and this one leaves the list.",
    )
    rest_to: ClassName | None = Field(None, description="Where the rest goes with “move”, by name.")

    @model_validator(mode="after")
    def _rest_has_a_place(self) -> Self:
        if (self.rest == "move") != (self.rest_to is not None):
            raise ValueError("Say in `rest_to` where the rest goes, with “move” and only then.")
        return self


class SplitShare(BaseModel):
    """What one class would get."""

    name: str
    is_new: bool
    images: int
    objects: int


class SplitImpact(BaseModel):
    """What a split would touch."""

    shares: list[SplitShare] = Field(description="In the order of the rules; a class named twice is there once.")
    rest: SplitShare = Field(description="What no rule holds for.")
    versions: int
    text: str
