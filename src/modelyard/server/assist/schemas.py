"""What the assist room answers over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from modelyard.server.images.schemas import ImageCard


class SuggestionStatus(BaseModel):
    """How the suggestions of a project stand."""

    version: str | None = Field(description="The quick model that made the newest suggestions, such as 'quick-17'.")
    labels: int = Field(description="How many labels it learnt from.")
    accuracy: float | None = Field(
        description="On labels it had not seen, by cross-validation; none below a few labels."
    )
    fresh: bool = Field(description="False while a refresh waits or runs.")
    seconds: float | None = Field(description="What the last refresh took.")
    updated_at: datetime | None
    needs: str | None = Field(description="What is still missing before there are suggestions, in plain words.")


class LabelError(BaseModel):
    """An image whose label looks wrong to the quick model."""

    image: ImageCard
    given_class_id: UUID
    suggested_class_id: UUID
    score: float = Field(description="Between 0 and 1; the higher, the more likely the label is wrong.")
