"""Images as cards: with their present answer and suggestion, in one query."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from modelyard.server.images.schemas import CardAnswer, CardSuggestion, Display, ImageCard
from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import Annotation, Image, Suggestion


def cards(session: ReadSession, image_ids: Sequence[UUID]) -> list[ImageCard]:
    """Return the cards of these images, in this order; unknown ones are left out."""
    query = (
        select(Image, Annotation, Suggestion)
        .outerjoin(Annotation, Annotation.image_id == Image.id)
        .outerjoin(Suggestion, Suggestion.image_id == Image.id)
        .where(Image.id.in_(list(image_ids)))
    )
    found = {image.id: to_card(image, answer, guess) for image, answer, guess in session.execute(query)}
    return [found[image_id] for image_id in image_ids if image_id in found]


def to_card(image: Image, annotation: Annotation | None, suggestion: Suggestion | None) -> ImageCard:
    """Return one card; a withdrawn answer is no answer."""
    has_answer = annotation is not None and annotation.answer != "none"
    return ImageCard(
        id=image.id,
        name=image.name,
        width=image.width,
        height=image.height,
        answer=CardAnswer.model_validate(annotation, from_attributes=True) if has_answer else None,
        suggestion=CardSuggestion.model_validate(suggestion, from_attributes=True) if suggestion else None,
        split=image.split,
        twin_group=image.twin_group,
        is_reserved=image.is_reserved,
        display=Display.model_validate(image.display) if image.display else None,
    )
