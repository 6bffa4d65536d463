"""Images as cards: with their present answer, classes and suggestion, as far as whoever asks may know them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from modelyard.server.images import veil
from modelyard.server.images.schemas import CardAnswer, CardSuggestion, Display, ImageCard
from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import Annotation, Class, Image, Object, Suggestion

_THESE: BindParameter[Any] = bindparam("images", expanding=True)
_CARDS = (
    select(Image, Annotation, Suggestion)
    .outerjoin(Annotation, Annotation.image_id == Image.id)
    .outerjoin(Suggestion, Suggestion.image_id == Image.id)
    .where(Image.id.in_(_THESE))
)
_CLASSES = (
    select(Object.image_id, Object.class_id)
    .join(Class, Class.id == Object.class_id)
    .where(Object.image_id.in_(_THESE), Object.until_revision.is_(None), Object.type == "whole")
    .order_by(Class.position, Class.id)
)


def cards(session: ReadSession, image_ids: Sequence[UUID]) -> list[ImageCard]:
    """Return the cards of these images, in this order; unknown ones are left out."""
    classes = _classes(session, image_ids)
    found = {
        image.id: to_card(image, answer, guess, classes.get(image.id, []))
        for image, answer, guess in session.execute(_CARDS, {"images": list(image_ids)})
    }
    hidden = veil.hidden(session, image_ids=found)
    return [veil.over(found[image_id], hidden.get(image_id)) for image_id in image_ids if image_id in found]


def _classes(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for image_id, class_id in session.execute(_CLASSES, {"images": list(image_ids)}):
        found[image_id].append(class_id)
    return found


def to_card(
    image: Image, annotation: Annotation | None, suggestion: Suggestion | None, classes: Sequence[UUID]
) -> ImageCard:
    """Return one card; a withdrawn answer is no answer."""
    has_answer = annotation is not None and annotation.answer != "none"
    return ImageCard(
        id=image.id,
        name=image.name,
        width=image.width,
        height=image.height,
        answer=CardAnswer.model_validate(annotation, from_attributes=True) if has_answer else None,
        classes=list(classes),
        suggestion=CardSuggestion.model_validate(suggestion, from_attributes=True) if suggestion else None,
        split=image.split,
        twin_group=image.twin_group,
        is_reserved=image.is_reserved,
        display=Display.model_validate(image.display) if image.display else None,
    )
