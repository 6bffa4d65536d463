"""Shapes of similar images over the API."""

from pydantic import BaseModel, ConfigDict, Field

from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.inputs import Input


class BackboneChoice(Input):
    """The network that is to look at a project's pictures."""

    model_config = ConfigDict(json_schema_extra={"example": {"backbone": "efficientnet_lite0"}})

    backbone: str = Field(
        max_length=1000,
        description="A bundled one, one used before, or (administrators) the path of an exported .onnx file.",
    )


class SimilarImage(BaseModel):
    """An image and how much it is like the one asked about: cosine of their embeddings, at most 1."""

    image: ImageCard
    similarity: float
