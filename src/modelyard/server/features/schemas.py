"""Shapes of similar images over the API."""

from pydantic import BaseModel

from modelyard.server.images.schemas import ImageCard


class SimilarImage(BaseModel):
    """An image and how much it is like the one asked about: cosine of their embeddings, at most 1."""

    image: ImageCard
    similarity: float
