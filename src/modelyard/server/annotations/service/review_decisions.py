"""What reviewers decide: a label is accepted, sent back, or put right; and the way back from each of these."""

from typing import Any
from uuid import UUID

from modelyard.errors import Conflict, Forbidden, PreconditionFailed
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import review_schemas as schemas
from modelyard.server.annotations.repository import answers, reviews
from modelyard.server.annotations.schemas import AnnotationPut
from modelyard.server.annotations.service import answers as labels
from modelyard.server.annotations.service import objects as drawing
from modelyard.server.annotations.service import review_returns, review_versions
from modelyard.server.annotations.service.answers import ImageNotFound
from modelyard.server.annotations.service.queue import LEASE
from modelyard.server.annotations.service.reviews import find
from modelyard.server.events import ReviewDecided
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import service as projects
from modelyard.server.tables import Annotation, Batch, Project, Review, new_id, now


class OwnWork(Forbidden):
    """In this project nobody reviews what they labelled themselves. Let another reviewer look at it."""


class ReviewTaken(Conflict):
    """Another reviewer has this picture on screen just now. Go on with the next one."""


class AlreadyReviewed(Conflict):
    """Somebody has decided about this label already. Undo their decision first, or go on with the next one."""


class LabelChanged(PreconditionFailed):
    """The label changed since you looked. `current` holds what it is now; look again and decide."""


class UndoTooLate(Conflict):
    """This decision cannot be taken back any more."""


def decide(
    session: WriteSession, actor: Actor, review_id: UUID, body: schemas.ReviewDecision, *, expected: int
) -> schemas.Review:
    """Accept a label, send it back, or put it right and accept it; the same decision again is harmless.

    A correction that changes nothing accepts. Raises `ReviewNotFound`, `OwnWork`, `ReviewTaken`, `AlreadyReviewed`,
    `LabelChanged`, and what corrections raise: `ClassUnknown`, `AnswerDoesNotFit`, `ObjectInvalid`,
    `AttributeValueInvalid`.
    """
    row, label = _lock(session, actor, review_id)
    if row.state != "waiting":
        if (row.reviewer_id, row.revision) == (actor.user_id, expected) and _is_as_decided(row, body):
            return review_versions.show(session, [row])[0]  # The same request again, its first answer got lost.
        raise AlreadyReviewed(current=_shown(session, row))
    project = session.get_one(Project, row.project_id)
    if not projects.settings_of(project).self_review and reviews.is_own(session, row.id, actor.user_id):
        raise OwnWork
    if row.reviewer_id not in (None, actor.user_id) and row.lease_expires_at and row.lease_expires_at > now():
        raise ReviewTaken
    if label is None or label.revision != expected or row.revision != expected:
        raise LabelChanged(current=review_versions.details(session, [row])[0].model_dump(mode="json"))
    _settle(row, actor, body)
    session.flush()
    if body.verdict == "rejected":
        review_returns.send_back(session, actor, row, label, to=body.return_to)
    elif body.verdict == "corrected":
        _correct(session, actor, row, label, body)
    session.flush()
    _tell(session, actor, row, row.state)
    return review_versions.show(session, [row])[0]


def undo(session: WriteSession, actor: Actor, review_id: UUID) -> schemas.LentReview:
    """Take one's own decision back: the label is as it was, and the review is on one's screen again.

    Raises `ReviewNotFound`, `AlreadyReviewed` for somebody else's decision, `UndoTooLate`.
    """
    row, label = _lock(session, actor, review_id)
    if row.state != "waiting":
        if row.reviewer_id != actor.user_id:
            raise AlreadyReviewed(current=_shown(session, row))
        was = row.state
        _take_back(session, actor, row, label)
        _tell(session, actor, row, f"{was}-undone")
    elif row.reviewer_id not in (None, actor.user_id) and row.lease_expires_at and row.lease_expires_at > now():
        raise ReviewTaken
    row.reviewer_id, row.lease_token, row.lease_expires_at = actor.user_id, new_id(), now() + LEASE
    session.flush()
    return schemas.LentReview(
        detail=review_versions.details(session, [row])[0],
        lease_token=row.lease_token,
        lease_expires_at=row.lease_expires_at,
    )


def _lock(session: WriteSession, actor: Actor, review_id: UUID) -> tuple[Review, Annotation | None]:
    """Return a review and the label it looks at, kept from other writers: pictures first, as everybody does."""
    seen = find(session, actor, review_id)
    if not answers.lock_images(session, seen.project_id, [seen.image_id]):
        raise ImageNotFound
    reviews.lock(session, review_id)
    row = find(session, actor, review_id)
    return row, answers.annotations(session, [row.image_id]).get(row.image_id)


def _settle(row: Review, actor: Actor, body: schemas.ReviewDecision) -> None:
    row.state, row.reviewer_id, row.decided_at = body.verdict, actor.user_id, now()
    row.reason, row.active_s = body.reason.strip(), body.active_s
    row.lease_token = row.lease_expires_at = row.returned_to = row.result_revision = row.before = None


def _correct(session: WriteSession, actor: Actor, row: Review, label: Annotation, body: schemas.ReviewDecision) -> None:
    """Write what is right over the author's version, which stays in the history; what is right already is accepted."""
    before = label.revision
    facts: dict[str, Any] = {"expected": before, "batch_id": row.batch_id, "action": "review-correct"}
    now_is = before
    if body.objects is not None:
        now_is = drawing.change(session, actor, row.image_id, body.objects, **facts).revision
    elif body.annotation is not None and not _is_same(label, body.annotation):
        now_is = labels.put(session, actor, row.image_id, body.annotation, **facts).revision
    row.state = "accepted" if now_is == before else "corrected"
    row.result_revision = None if now_is == before else now_is


def _is_same(label: Annotation, said: AnnotationPut) -> bool:
    has_same_values = said.attributes is None or said.attributes == (label.attributes or {})
    return (label.answer, label.class_id) == (said.answer, said.class_id) and has_same_values


def _is_as_decided(row: Review, body: schemas.ReviewDecision) -> bool:
    return row.state == body.verdict or (row.state, body.verdict) == ("accepted", "corrected")


def _take_back(session: WriteSession, actor: Actor, row: Review, label: Annotation | None) -> None:
    newest = reviews.newest(session, row.batch_id, [row.image_id]).get(row.image_id)
    if newest is None or newest.id != row.id:
        raise UndoTooLate("The picture was labelled again meanwhile, and waits for another review.")
    if row.state != "accepted":
        if label is None or label.revision != row.result_revision:
            raise UndoTooLate("The label was changed again meanwhile. Nothing was undone.")
        review_returns.restore(session, actor, row, label)
    row.state, row.decided_at, row.reason, row.active_s = "waiting", None, "", None
    row.returned_to = row.result_revision = row.before = None


def _tell(session: WriteSession, actor: Actor, row: Review, verdict: str) -> None:
    batch = session.get_one(Batch, row.batch_id)
    facts = {"review_id": row.id, "batch_id": row.batch_id, "image_id": row.image_id, "author_id": row.author_id}
    details: dict[str, Any] = {name: str(value) for name, value in facts.items() if value is not None}
    details |= {"batch": batch.name, "revision": str(row.revision)} | ({"reason": row.reason} if row.reason else {})
    where: dict[str, Any] = {"project_id": row.project_id, "subject_id": row.image_id}
    accounts.record(session, f"review.{verdict}", actor_id=actor.user_id, **where, **details)
    publish(session, ReviewDecided(row.project_id, row.id, verdict, actor.user_id))


def _shown(session: WriteSession, row: Review) -> dict[str, Any]:
    return review_versions.show(session, [row])[0].model_dump(mode="json")
