"""The card beside a detector's ONNX file: its classes, how it wants to be shown an image, how it answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from modelyard.errors import Invalid

MAX_CARD_BYTES = 2**20

Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Side = Annotated[int, Field(ge=32, le=4096, multiple_of=1)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class DetectorCardInvalid(Invalid):
    """The card does not describe a detector."""


class Outputs(BaseModel):
    """The names of the outputs of a network that answers with boxes, scores and labels (and masks) apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    boxes: Name = "boxes"
    scores: Name = "scores"
    labels: Name = "labels"
    masks: Name | None = None


class DetectorCard(BaseModel):
    """What has to be known of a detector beside its network.

    The network sees `(pixels / divide_by - mean) / std`, channel by channel in the order of `channels`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    classes: Annotated[tuple[Name, ...], Field(min_length=1, max_length=2000)]
    input_width: Side
    input_height: Side
    layout: Literal["yolox", "yolov8", "boxes_scores_labels"]
    resize: Literal["letterbox", "letterbox-centred", "stretch"] = "letterbox"
    padding: Annotated[int, Field(ge=0, le=255)] = 114
    channels: Literal["RGB", "BGR"] = "RGB"
    divide_by: Positive = 1.0
    mean: tuple[Finite, Finite, Finite] = (0.0, 0.0, 0.0)
    std: tuple[Positive, Positive, Positive] = (1.0, 1.0, 1.0)
    strides: Annotated[tuple[Annotated[int, Field(ge=1, le=256)], ...], Field(min_length=1, max_length=8)] = (8, 16, 32)
    outputs: Outputs = Outputs()
    box_format: Literal["xyxy", "cxcywh"] = "xyxy"
    box_units: Literal["pixels", "fractions"] = "pixels"
    first_label: Literal[0, 1] = 0
    score_threshold: Share = 0.25
    iou_threshold: Share = 0.45
    max_objects: Annotated[int, Field(ge=1, le=1000)] = 300

    @model_validator(mode="after")
    def _check(self) -> "DetectorCard":
        if len(set(self.classes)) != len(self.classes):
            raise ValueError("the names in “classes” must differ from one another")
        if self.layout == "yolox" and any(side % step for step in self.strides for side in self._sides()):
            raise ValueError("“input_width” and “input_height” must be multiples of every number in “strides”")
        return self

    def _sides(self) -> tuple[int, int]:
        return self.input_width, self.input_height


def read_card(content: bytes) -> DetectorCard:
    """Read the card that stands in a JSON file.

    Raises:
        DetectorCardInvalid: It is no card; `fields` in the context says what is wrong with which field.

    Example:
        >>> read_card(b'{"classes": ["roll"], "input_width": 416, "input_height": 416, "layout": "yolox"}').strides
        (8, 16, 32)
    """
    if len(content) > MAX_CARD_BYTES:
        raise DetectorCardInvalid(f"The card has {len(content):,} bytes; at most {MAX_CARD_BYTES:,} are read.")
    try:
        return DetectorCard.model_validate_json(content)
    except ValidationError as error:
        fields = {
            ".".join(str(part) for part in found["loc"]) or "card": found["msg"].removeprefix("Value error, ")
            for found in error.errors(include_url=False, include_context=False, include_input=False)[:20]
        }
        said = "; ".join(f"{name}: {reason}" for name, reason in fields.items())
        raise DetectorCardInvalid(f"The card does not describe a detector. {said}.", fields=fields) from None
