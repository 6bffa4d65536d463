"""What the smart tool is asked, and answers, over HTTP."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from modelyard.server.jobs.schemas import Job
from modelyard.server.kit.inputs import Input

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
State = Literal["none", "checking", "preparing", "ready", "failed"]
Backend = Literal["sam", "grabcut"]
_HERE: dict[str, Any] = {"x": 120.0, "y": 80.5}


class SmartPoint(Input):
    """A place in the picture, in pixels of the upright image."""

    x: Coordinate
    y: Coordinate


class SmartClick(SmartPoint):
    """A click on the thing, or beside it."""

    positive: bool = Field(True, description="False: this does not belong to the thing.")


class SmartPrompt(Input):
    """What shows the thing that is meant: a box around it, clicks, or both. Other objects play no part."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"box": [40.0, 30.0, 210.0, 160.0], "clicks": [{**_HERE, "positive": True}]}}
    )

    box: Annotated[list[Coordinate], Field(min_length=4, max_length=4)] | None = Field(
        None, description="x1, y1, x2, y2 in pixels of the upright image."
    )
    clicks: list[SmartClick] = Field(default_factory=list, max_length=64)
    prepare: bool = Field(True, description="Ask the encoder to look at this picture, if it has not.")

    @model_validator(mode="after")
    def _shows_something(self) -> "SmartPrompt":
        if self.box is None and not any(click.positive for click in self.clicks):
            raise ValueError("give a box, or a click on the thing")
        return self


class SmartReadiness(BaseModel):
    """Whether the networks can answer for a picture. `none`: there are no networks; colours decide, at once."""

    state: State
    problem: str | None = Field(description="Why they cannot, in plain words.")
    job: Job | None = Field(description="The job in which the encoder looks at this person's next pictures.")


class SmartAnswer(BaseModel):
    """What was found. Without anything that stands out, `shape` is null."""

    shape: dict[str, Any] | None = Field(description="A mask, cut to what is on: COCO's compressed run lengths.")
    score: float = Field(description="How sure, in [0, 1].")
    backend: Backend
    readiness: SmartReadiness
    milliseconds: float


class SmartPathRequest(Input):
    """Where the path along the edge begins, and where it leads."""

    model_config = ConfigDict(json_schema_extra={"example": {"anchor": _HERE, "target": {"x": 180.0, "y": 96.0}}})

    anchor: SmartPoint
    target: SmartPoint


class SmartPath(BaseModel):
    """A path along the edge, from the anchor to the target."""

    points: list[float] = Field(description="x, y, x, y, … in pixels of the upright image.")
    milliseconds: float


class SmartNetworks(BaseModel):
    """The networks of the smart tool, and what they saw beforehand."""

    state: State
    problem: str | None
    source: Literal["settings", "page"] | None = Field(description="Who named the files: the server's settings win.")
    kind: Literal["sam", "sam2", "efficient-sam"] | None
    encoder: str | None
    decoder: str | None
    size_bytes: int | None
    uploaded: list[str] = Field(description="Files that were sent and are not in use yet.")
    ahead: int = Field(description="Pictures of each person's queue that the encoder sees beforehand.")
    cached_pictures: int
    cached_bytes: int
    cache_limit_bytes: int


class SmartNetworksChoice(Input):
    """The two files: names of files that were sent, or paths on the server's machine."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"encoder": "mobile_sam.encoder.onnx", "decoder": "sam_vit_h_4b8939.decoder.onnx"}
        }
    )

    encoder: str = Field(min_length=1, max_length=1000)
    decoder: str = Field(min_length=1, max_length=1000)


class SmartFile(BaseModel):
    """A file that was sent."""

    name: str
    size_bytes: int
