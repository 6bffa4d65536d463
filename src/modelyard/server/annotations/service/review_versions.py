"""What a reviewer sees of a picture: its author's version, the reviewer's own, and what a model suggests."""

from collections.abc import Sequence
from uuid import UUID

from modelyard.server.annotations import object_schemas, schemas
from modelyard.server.annotations import review_schemas as shapes
from modelyard.server.annotations.repository import batches as batch_repository
from modelyard.server.annotations.repository import objects as object_repository
from modelyard.server.annotations.repository import review_facts
from modelyard.server.annotations.repository import reviews as repository
from modelyard.server.annotations.service import attribute_checks, objects
from modelyard.server.annotations.service.attribute_checks import Asked
from modelyard.server.annotations.service.queue import is_kept_back
from modelyard.server.images.cards import cards
from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import AnnotationRevision, Image, Review, Suggestion, shape_json


def show(session: ReadSession, rows: Sequence[Review]) -> list[shapes.Review]:
    """Return reviews as the API shows them, in this order."""
    authors = {row.id: _authors(session, row) for row in rows}
    people = {user_id for ids in authors.values() for user_id in ids}
    names = batch_repository.names(session, people | {row.reviewer_id for row in rows if row.reviewer_id})
    plain = set(shapes.Review.model_fields) - {"author_names", "reviewer_name"}
    return [
        shapes.Review(
            **{name: getattr(row, name) for name in plain},
            author_names=sorted(names[user_id] for user_id in authors[row.id] if user_id in names),
            reviewer_name=names.get(row.reviewer_id) if row.reviewer_id else None,
        )
        for row in rows
    ]


def details(session: ReadSession, rows: Sequence[Review]) -> list[shapes.ReviewDetail]:
    """Return reviews with everything that is known of their pictures, in this order."""
    shown = {card.id: card for card in cards(session, [row.image_id for row in rows])}
    return [
        _detail(session, row, review, shown[row.image_id])
        for row, review in zip(rows, show(session, rows), strict=True)
    ]


def _detail(session: ReadSession, row: Review, review: shapes.Review, card: ImageCard) -> shapes.ReviewDetail:
    batch = batch_repository.find(session, row.batch_id)
    image = session.get_one(Image, row.image_id)
    asked = attribute_checks.load(session, row.project_id)
    numbers = [row.revision, *([row.result_revision] if row.result_revision else [])]
    known = repository.revisions(session, row.image_id, numbers)
    corrected = known.get(row.result_revision or 0) if row.state == "corrected" else None
    is_hidden = is_kept_back(image)
    return shapes.ReviewDetail(
        review=review,
        image=card if not is_hidden else card.model_copy(update={"suggestion": None}),
        batch_name=batch.name if batch else "",
        author=_version(session, row.image_id, known[row.revision], asked),
        correction=_version(session, row.image_id, corrected, asked) if corrected else None,
        guess=None if is_hidden else _guess(session, known[row.revision]),
        suggested=[] if is_hidden else _suggested(session, row.image_id),
        past=_past(session, row),
    )


def _version(
    session: ReadSession, image_id: UUID, revision: AnnotationRevision, asked: Asked
) -> shapes.ReviewedVersion:
    rows = object_repository.at_revision(session, image_id, revision.revision)
    return shapes.ReviewedVersion(
        revision=revision.revision,
        answer=revision.answer,
        class_id=revision.class_id,
        attributes=asked.shown(revision.attributes),
        objects=[objects.show_object(item, asked) for item in rows],
    )


def _guess(session: ReadSession, label: AnnotationRevision) -> schemas.Guess | None:
    """Return what a model suggests now, or what the author was shown."""
    row = session.get(Suggestion, label.image_id)
    if row is not None:
        return schemas.Guess(class_id=row.class_id, score=row.score, version=row.version, runner_up_id=row.runner_up_id)
    if label.suggested_class_id is None:
        return None
    facts = {"score": label.suggestion_score or 0.0, "version": label.suggestion_version or ""}
    return schemas.Guess(class_id=label.suggested_class_id, runner_up_id=None, **facts)


def _suggested(session: ReadSession, image_id: UUID) -> list[object_schemas.Object]:
    return [
        object_schemas.Object(
            id=row.id,
            class_id=row.class_id,
            shape=shape_json(row),
            attributes={},
            z=0,
            source="model",
            suggestion_id=row.id,
            author_id=None,
        )
        for row in object_repository.all_suggestions(session, image_id)
    ]


def _past(session: ReadSession, row: Review) -> list[shapes.PastReview]:
    earlier = repository.earlier(session, row)
    names = batch_repository.names(session, {past.reviewer_id for past in earlier if past.reviewer_id})
    return [
        shapes.PastReview(
            state=past.state,
            reviewer_name=names.get(past.reviewer_id) if past.reviewer_id else None,
            decided_at=past.decided_at,
            reason=past.reason,
        )
        for past in earlier
    ]


def _authors(session: ReadSession, row: Review) -> set[UUID]:
    if row.author_id is not None:
        return {row.author_id}
    return review_facts.people(session, row.batch_id, [row.image_id]).get(row.image_id, set())
