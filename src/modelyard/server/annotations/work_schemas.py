"""What people do, and what classes fare, over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from modelyard.server.annotations.gold_schemas import GoldRate


class PersonWork(BaseModel):
    """What one person did. It says how work went, not how good somebody is: pictures differ in how hard they are."""

    user_id: UUID
    name: str
    pictures: int = Field(description="Pictures that they labelled.")
    objects: int = Field(description="Objects of theirs that stand; 0 where pictures have one class.")
    active_s: float = Field(description="Seconds of active work.")
    seconds_each: float | None = Field(description="Active seconds per object, or per picture where it has one class.")
    accepted: int = Field(description="Suggestions that they took as they were.")
    corrected: int = Field(description="Suggestions that they put right or answered otherwise.")
    reviewed: int = Field(description="Labels of theirs that a reviewer looked at.")
    review_accepted: int
    review_corrected: int
    review_rejected: int = Field(description="Those that were sent back.")
    gold: GoldRate = Field(
        description="On known pictures. One's own figures are those of the days before, UTC: a figure that moved with "
        "a label would say which picture was known."
    )
    agreed: float | None = Field(description="Share in which others said the same of the same pictures.")
    compared: int = Field(description="Pictures for which that is known.")
    last_at: datetime | None


class ClassWork(BaseModel):
    """How one class fares."""

    class_id: UUID
    name: str
    count: int = Field(description="Objects of the class, or pictures where they have one class.")
    agreed: float | None = Field(description="If one person says this class, how often another does; null: unknown.")
    suggested: int = Field(description="Suggestions of this class that people decided on.")
    corrected: int = Field(description="Those among them that were put right or answered otherwise.")
    corrected_share: float | None


class OnScreen(BaseModel):
    """Somebody who has pictures of a batch on the screen just now."""

    user_id: UUID
    name: str
    pictures: int = Field(description="How many, those fetched ahead too.")
    image_id: UUID | None = Field(description="The one that they got first; null if you may not know.")
    image_name: str | None
    until: datetime | None = Field(description="When it goes to others unless they go on.")
