"""Reviews over HTTP: lent out, kept, given back, looked at, decided and taken back."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from modelyard.server.annotations import review_schemas as schemas
from modelyard.server.annotations import service
from modelyard.server.annotations.endpoints import IfMatch
from modelyard.server.annotations.schemas import HeldLeases, LeaseTokens
from modelyard.server.annotations.service import (
    attribute_checks,
    objects,
    review_decisions,
    review_returns,
    reviews,
    skeletons,
)
from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(tags=["reviews"])

_ALL: tuple[schemas.ReviewState, ...] = ("waiting", "accepted", "corrected", "rejected")


@router.get(
    "/projects/{project_id}/reviews/next",
    operation_id="reviews.next",
    responses=problems(ProjectNotFound, service.BatchNotFound),
)
def next_reviews(
    project_id: UUID,
    actor: CurrentActor,
    session: Writing,
    batch_id: Annotated[UUID | None, Query(description="Of this batch; absent: of any.")] = None,
    count: Annotated[int, Query(ge=1, le=8)] = 1,
    exclude: Annotated[list[UUID] | None, Query(max_length=100, description="Pictures that are not meant.")] = None,
) -> schemas.ReviewNext:
    """Lend the next pictures to review to this person for five minutes; nobody else gets them meanwhile.

    What was sent back and labelled again comes first, then what was labelled first. One's own labels are left out,
    unless the project says otherwise.
    """
    return reviews.next_reviews(session, actor, project_id, batch_id=batch_id, count=count, exclude=exclude or [])


@router.post(
    "/projects/{project_id}/reviews/heartbeat", operation_id="reviews.heartbeat", responses=problems(ProjectNotFound)
)
def keep_leases(project_id: UUID, body: LeaseTokens, actor: CurrentActor, session: Writing) -> HeldLeases:
    """Keep pictures that are still on screen; call it about once a minute."""
    return reviews.keep_leases(session, actor, project_id, body.lease_tokens)


@router.post(
    "/projects/{project_id}/reviews/release",
    operation_id="reviews.release",
    status_code=204,
    responses=problems(ProjectNotFound),
)
def release_leases(project_id: UUID, body: LeaseTokens, actor: CurrentActor, session: Writing) -> None:
    """Give pictures back to the other reviewers, on leaving the page."""
    reviews.release_leases(session, actor, project_id, body.lease_tokens)


@router.get("/reviews/{review_id}", operation_id="reviews.get", responses=problems(reviews.ReviewNotFound))
def get_review(review_id: UUID, actor: CurrentActor, session: Reading) -> schemas.ReviewDetail:
    """Show a review: its author's version, the reviewer's correction, and what a model suggests."""
    return reviews.get(session, actor, review_id)


@router.post(
    "/reviews/{review_id}/skip",
    operation_id="reviews.skip",
    status_code=204,
    responses=problems(reviews.ReviewNotFound),
)
def skip_review(review_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Let a picture come after all others that wait for review."""
    reviews.skip(session, actor, review_id)


@router.post(
    "/reviews/{review_id}/decision",
    operation_id="reviews.decide",
    responses=problems(
        reviews.ReviewNotFound,
        review_decisions.OwnWork,
        review_decisions.ReviewTaken,
        review_decisions.AlreadyReviewed,
        review_decisions.LabelChanged,
        service.ImageNotFound,
        service.ClassUnknown,
        service.AnswerDoesNotFit,
        service.RevisionInvalid,
        skeletons.ObjectInvalid,
        attribute_checks.AttributeValueInvalid,
        objects.ObjectsChanged,
        service.AnnotationChanged,
    ),
)
def decide(
    review_id: UUID,
    body: schemas.ReviewDecision,
    actor: CurrentActor,
    session: Writing,
    if_match: IfMatch = None,
) -> schemas.Review:
    """Accept a label, send it back with a reason, or put it right and accept it; repeating a request is harmless.

    A corrected label is a new revision; the author's stays in the history. A label that is sent back is taken away, so
    that the picture is labelled again, and reviewed again then.
    """
    return review_decisions.decide(session, actor, review_id, body, expected=service.to_revision(if_match))


@router.post(
    "/reviews/{review_id}/undo",
    operation_id="reviews.undo",
    responses=problems(
        reviews.ReviewNotFound,
        service.ImageNotFound,
        review_decisions.ReviewTaken,
        review_decisions.AlreadyReviewed,
        review_decisions.UndoTooLate,
        review_returns.BeingLabelledAgain,
    ),
)
def undo(review_id: UUID, actor: CurrentActor, session: Writing) -> schemas.LentReview:
    """Take one's own decision back: the label is as it was, and the picture waits for one's review again."""
    return review_decisions.undo(session, actor, review_id)


@router.get(
    "/batches/{batch_id}/reviews",
    operation_id="reviews.list",
    responses=problems(service.BatchNotFound, CursorInvalid),
)
def list_reviews(
    batch_id: UUID,
    actor: CurrentActor,
    session: Reading,
    state: Annotated[list[schemas.ReviewState] | None, Query(description="Of these states; absent: of all.")] = None,
    author_id: Annotated[UUID | None, Query(description="Of what this person labelled.")] = None,
    reviewer_id: Annotated[UUID | None, Query(description="Of what this person has on screen, or decided.")] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 60,
) -> Page[schemas.ReviewedPicture]:
    """List what is, or was, reviewed in a batch, newest first."""
    who = {"author_id": author_id, "reviewer_id": reviewer_id}
    return reviews.list_(session, actor, batch_id, states=state or _ALL, **who, cursor=cursor, limit=limit)
