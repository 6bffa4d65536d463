"""What is drawn into an image, over HTTP."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from modelyard.server.annotations.schemas import ActiveSeconds, Attributes
from modelyard.server.kit.inputs import Input

ObjectsAnswer = Literal["objects", "does_not_belong", "not_sure", "none"]
_ID = "0190b8a0-0000-7000-8000-00000000000"
_SHAPE: dict[str, Any] = {"type": "box", "x1": 12.0, "y1": 30.5, "x2": 88.0, "y2": 97.0, "angle": 0.0}


class ObjectPut(Input):
    """An object as it is to be: a new one, or the next version of one that is there."""

    id: UUID = Field(description="Chosen by whoever draws it; it stays the same for all versions.")
    class_id: UUID
    shape: dict[str, Any] = Field(
        description="`type` is box, polygon, ellipse, mask, keypoints, polyline, point; pixels of the upright image. "
        "Or whole: the class is said of the image as a whole, each class once.",
        examples=[_SHAPE],
    )
    attributes: Attributes = Field(default_factory=dict)
    z: int = Field(0, ge=-1_000_000, le=1_000_000, description="Higher lies above.")
    active_s: ActiveSeconds | None = None
    suggestion_id: UUID | None = Field(
        None, description="The object suggestion that it came from; absent: as before. It need not be said again."
    )


class Object(BaseModel):
    """An object as it is now."""

    id: UUID
    class_id: UUID
    shape: dict[str, Any]
    attributes: dict[str, Any]
    z: int
    source: Literal["human", "import", "model", "model-edited"] = Field(
        description="model: as a detector suggested it; model-edited: suggested, then put right by a person."
    )
    suggestion_id: UUID | None
    author_id: UUID | None


class ImageObjects(BaseModel):
    """What is drawn into an image, at a revision of its annotation."""

    image_id: UUID
    revision: int
    answer: Literal["class", "objects", "does_not_belong", "not_sure", "none"]
    attributes: dict[str, Any] = Field(description="What is known of the image as a whole.")
    objects: list[Object]


class ObjectsChange(Input):
    """The objects that changed, and those that are gone; all others stay as they are.

    Deleting an object that came from a suggestion leaves the suggestion undecided, unless it is in `reject`.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "put": [{"id": f"{_ID}7", "class_id": f"{_ID}1", "shape": _SHAPE, "active_s": 2.4}],
                "delete": [f"{_ID}8"],
                "answer": "objects",
            }
        }
    )

    put: list[ObjectPut] = Field(default_factory=list, max_length=10_000)
    delete: list[UUID] = Field(default_factory=list, max_length=10_000)
    answer: ObjectsAnswer | None = Field(
        None, description='"objects": the image is done (also with nothing in it); absent: as it was.'
    )
    attributes: Attributes | None = Field(None, description="Of the image as a whole, all of them; absent: as it was.")
    active_s: ActiveSeconds | None = None
    reject: list[UUID] = Field(
        default_factory=list, max_length=10_000, description="Object suggestions that are wrong, or not wanted."
    )
    reconsider: list[UUID] = Field(
        default_factory=list, max_length=10_000, description="Object suggestions that are open again, as after an undo."
    )

    @model_validator(mode="after")
    def _each_object_once(self) -> "ObjectsChange":
        named = [*(item.id for item in self.put), *self.delete]
        if len(named) != len(set(named)):
            raise ValueError("an object is named twice")
        return self


class OutlinesQuery(Input):
    """The images to be looked at."""

    image_ids: list[UUID] = Field(min_length=1, max_length=500)


class Outline(BaseModel):
    """Where an object lies: the upright box around it, and its form in rough where it is another."""

    class_id: UUID
    x1: float
    y1: float
    x2: float
    y2: float
    rings: list[list[float]] = Field(
        default=[], description="Outlines and holes as x, y, x, y …; none where the box says enough."
    )


class ImageOutlines(BaseModel):
    """What is drawn into one image, in rough."""

    image_id: UUID
    total: int = Field(description="How many objects there are.")
    outlines: list[Outline] = Field(description="Of the largest 200 of them.")
