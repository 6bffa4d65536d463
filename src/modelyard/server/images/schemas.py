"""Shapes of images over the API."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel


class CardAnswer(BaseModel):
    """The present answer for an image, as a card shows it."""

    answer: Literal["class", "does_not_belong", "not_sure"]
    class_id: UUID | None
    revision: int
    author_id: UUID | None
    source: str


class CardSuggestion(BaseModel):
    """What the quick model suggests for an image."""

    class_id: UUID
    score: float
    version: str


class ImageCard(BaseModel):
    """An image as lists and the queue show it."""

    id: UUID
    name: str
    width: int
    height: int
    answer: CardAnswer | None
    suggestion: CardSuggestion | None
    split: str | None
    twin_group: UUID | None
    is_reserved: bool
