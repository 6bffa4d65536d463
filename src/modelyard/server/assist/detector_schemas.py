"""What detectors and the objects that they suggest look like over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from modelyard.server.images.schemas import ImageFilters
from modelyard.server.kit.inputs import Input

DetectorName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
_ID = "0190b8a0-0000-7000-8000-00000000000"


class DetectorClass(BaseModel):
    """One class of a detector, and the class of the project that it means."""

    name: str
    class_id: UUID | None = Field(description="None: nothing of it is suggested.")
    is_chosen: bool = Field(description="Somebody chose it; otherwise the project's class of the same name is meant.")


class Outcomes(BaseModel):
    """How many suggested objects are still open, and what became of the others."""

    undecided: int = 0
    accepted: int = 0
    edited: int = 0
    rejected: int = 0


class Detector(BaseModel):
    """A network that somebody brought to find objects in images."""

    id: UUID
    project_id: UUID
    name: str
    shape: Literal["box", "mask"] = Field(description="What it finds.")
    input_width: int
    input_height: int
    score_threshold: float = Field(description="Objects of a lower score are never suggested.")
    size_bytes: int
    classes: list[DetectorClass]
    outcomes: Outcomes
    created_at: datetime


class DetectorUpdate(Input):
    """What to change of a detector. Classes that are not named stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "Rolls, night shift", "classes": {"roll": f"{_ID}1", "tray": None}}}
    )

    name: DetectorName | None = None
    classes: dict[Annotated[str, Field(max_length=100)], UUID | None] | None = Field(
        None, description="For its class names: a class of the project, or null: nothing of it is suggested."
    )


class SuggestObjects(Input):
    """The images that a detector is to look at."""

    model_config = ConfigDict(json_schema_extra={"example": {"images": "next", "count": 200}})

    images: Literal["unlabelled", "next", "filtered", "chosen"] = Field(
        "unlabelled",
        description="All without a label; the `count` next in the queue; those that match `filters`; `image_ids`.",
    )
    count: int = Field(100, ge=1, le=10_000)
    filters: ImageFilters | None = None
    image_ids: list[UUID] | None = Field(None, min_length=1, max_length=10_000)

    @model_validator(mode="after")
    def _says_which(self) -> "SuggestObjects":
        if (self.images == "filtered") != (self.filters is not None):
            raise ValueError("“filters” goes with the images “filtered”, and with no others")
        if (self.images == "chosen") != (self.image_ids is not None):
            raise ValueError("“image_ids” goes with the images “chosen”, and with no others")
        return self


class ObjectSuggestion(BaseModel):
    """One object that a detector suggests."""

    id: UUID
    detector_id: UUID
    class_id: UUID
    score: float = Field(ge=0, le=1)
    shape: dict[str, Any]


class ImageSuggestions(BaseModel):
    """The objects that are suggested for an image and undecided, the surest first."""

    image_id: UUID
    is_kept_back: bool = Field(description="The image is for testing: nothing is ever suggested for it.")
    suggestions: list[ObjectSuggestion]


class ClassOutcomes(Outcomes):
    """What became of suggested objects of one class."""

    class_id: UUID


class DetectorOutcomes(BaseModel):
    """What became of the objects that one detector suggested, class by class."""

    detector_id: UUID
    name: str
    classes: list[ClassOutcomes]


class ActiveTime(BaseModel):
    """How long people worked on an object, over the last few thousand objects whose time is known."""

    objects: int
    median_s: float | None


class DetectorStatistics(BaseModel):
    """Whether suggestions are worth it: how many were taken, and what an object costs with and without them."""

    detectors: list[DetectorOutcomes]
    drawn: ActiveTime = Field(description="Objects that people drew themselves.")
    accepted: ActiveTime = Field(description="Suggested objects that were taken as they were.")
    edited: ActiveTime = Field(description="Suggested objects that were put right.")
