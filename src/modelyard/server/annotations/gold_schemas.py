"""Pictures with known answers over HTTP: what is marked and shown, and how people did on them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.inputs import Input

_IMAGE = "0190b8a0-0000-7000-8000-000000000001"


class GoldMark(Input):
    """Labelled pictures whose labels are to be known answers, as they are now."""

    model_config = ConfigDict(json_schema_extra={"example": {"image_ids": [_IMAGE], "is_onboarding": True}})

    image_ids: list[UUID] = Field(min_length=1, max_length=5000)
    is_onboarding: bool = Field(False, description="Each new person gets them before anything else.")


class GoldRemove(Input):
    """Pictures that are to be like any other again."""

    image_ids: list[UUID] = Field(min_length=1, max_length=5000)


class GoldMarked(BaseModel):
    """What became of the pictures."""

    marked: int = Field(description="Pictures whose answer is known from now on, or known anew.")
    unchanged: int = Field(description="Pictures whose known answer was this one already.")
    without_label: int = Field(description="Pictures without a label; only what is labelled can be known.")
    in_queue: int = Field(description="Pictures that wait to be labelled again; they can be marked once that is done.")


class GoldRemoved(BaseModel):
    """How many pictures are no longer known."""

    removed: int


class GoldPicture(BaseModel):
    """A picture with a known answer, and how people did on it."""

    image: ImageCard
    version: int = Field(description="From 1; a picture that is marked again after its label changed has the next.")
    answer: Literal["class", "objects", "does_not_belong", "not_sure"]
    class_id: UUID | None
    objects: int = Field(description="How many objects the known answer has.")
    is_onboarding: bool
    is_outdated: bool = Field(description="The picture's label changed since; what is known stays until marked again.")
    known: int = Field(description="People who labelled it.")
    right: int = Field(description="Those who labelled it as is known.")
    created_at: datetime


class GoldRate(BaseModel):
    """How often known pictures were labelled as is known."""

    known: int = Field(description="Known pictures that were labelled.")
    right: int
    accuracy: float | None = Field(description="Share of them that were right; null without any.")
    interval: list[float] | None = Field(description="95 % interval of it (Wilson), low and high.")


class GoldPerson(BaseModel):
    """How one person does on known pictures."""

    user_id: UUID
    name: str
    all: GoldRate
    with_suggestions: GoldRate = Field(description="On those for which something was suggested to them.")
    without_suggestions: GoldRate
    mean_score: float | None = Field(description="Mean of right (1) and wrong (0), or of F1 for what is drawn.")
    left: int = Field(description="Known pictures that this person can still get.")
    paused_at: datetime | None = Field(description="Since when nothing is handed to them.")
    paused_because: str | None


class GoldPeople(BaseModel):
    """How everybody does on known pictures."""

    all: GoldRate
    with_suggestions: GoldRate
    without_suggestions: GoldRate
    people: list[GoldPerson]


class GoldAnswer(BaseModel):
    """What somebody said of a known picture."""

    image: ImageCard
    answer: Literal["class", "objects", "does_not_belong", "not_sure"]
    class_id: UUID | None
    objects: int
    known_answer: Literal["class", "objects", "does_not_belong", "not_sure"]
    known_class_id: UUID | None
    known_objects: int
    score: Annotated[float, Field(ge=0, le=1)]
    is_right: bool
    had_suggestions: bool | None
    active_s: float | None
    submitted_at: datetime
