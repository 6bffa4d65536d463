"""Cards and lists of images as those see them from whom known answers are hidden."""

from modelyard.server.images.schemas import CardAnswer, ImageCard, ImageFilters
from modelyard.server.projects.veil import VEILED, Own, Veil, hidden

__all__ = ["VEILED", "Own", "Veil", "hidden", "matches", "over"]


def over(card: ImageCard, own: Own | None) -> ImageCard:
    """Return a card as its reader may see it."""
    if own is None:
        return card
    said = None
    if own.row is not None and own.answer != "none":
        by = own.row.author_id
        said = CardAnswer(
            answer=own.answer, class_id=own.class_id, revision=own.row.revision, author_id=by, source="human"
        )
    return card.model_copy(update={"answer": said, "classes": list(own.classes), "split": None})


def matches(own: Own, filters: ImageFilters, *, is_drawn: bool) -> bool:
    """Say whether a hidden picture passes the filters that ask for answers, classes and splits."""
    held = own.drawn if is_drawn else {own.class_id}
    is_labelled = own.answer != "none"
    return (
        (not filters.class_id or bool(held & set(filters.class_id)))
        and (not filters.answer or own.answer in filters.answer)
        and (filters.labelled is None or filters.labelled is is_labelled)
        and (not filters.split or "none" in filters.split)
    )
