"""Reviews: lent out one by one to reviewers, shown with everything that is known, and listed; decided elsewhere."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from modelyard.errors import NotFound
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import review_schemas as schemas
from modelyard.server.annotations.repository import reviews as repository
from modelyard.server.annotations.repository.waiting import Lease
from modelyard.server.annotations.schemas import HeldLeases
from modelyard.server.annotations.service import batches, review_versions
from modelyard.server.annotations.service.queue import LEASE
from modelyard.server.images.cards import cards
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import Page, keyset
from modelyard.server.projects import service as projects
from modelyard.server.tables import Review, new_id, now

_PAUSED = "This batch is paused. Whoever leads the work will open it again."
_OWN = "What is left is your own work, which somebody else reviews."


class ReviewNotFound(NotFound):
    """There is no such review any more, or you may not see it. The label may have been taken back meanwhile."""


def next_reviews(
    session: WriteSession,
    actor: Actor,
    project_id: UUID,
    *,
    batch_id: UUID | None,
    count: int,
    exclude: Sequence[UUID],
) -> schemas.ReviewNext:
    """Lend the next reviews to `actor`; fewer than `count` when no more are free. Raises `BatchNotFound`."""
    line = line_of(session, actor, project_id, batch_id)
    if batch_id is not None and batches.get(session, actor, batch_id).state == "paused":
        return schemas.ReviewNext(items=[], remaining=0, notice=_PAUSED)
    at = now()
    lent: list[tuple[Lease, UUID]] = []
    while len(lent) < count:
        lease = Lease(user_id=actor.user_id, token=new_id(), at=at, until=at + LEASE)
        review_id = repository.claim(session, line, lease, exclude=exclude)
        if review_id is None:
            break
        lent.append((lease, review_id))
    rows = [_found(session, review_id) for _, review_id in lent]
    details = review_versions.details(session, rows)
    items = [
        schemas.LentReview(detail=detail, lease_token=lease.token, lease_expires_at=lease.until)
        for (lease, _), detail in zip(lent, details, strict=True)
    ]
    remaining = repository.count(session, line)
    has_own = not lent and not remaining and repository.count(session, line._replace(with_own=True)) > 0
    return schemas.ReviewNext(items=items, remaining=remaining, notice=_OWN if has_own else None)


def line_of(session: ReadSession, actor: Actor, project_id: UUID, batch_id: UUID | None) -> repository.Line:
    """Return what a person may review in a project, or in one of its batches; raises `BatchNotFound`."""
    project = projects.get(session, actor, project_id)
    if batch_id is not None and batches.get(session, actor, batch_id).project_id != project_id:
        raise batches.BatchNotFound
    return repository.Line(project_id, batch_id, actor.user_id, projects.settings_of(project).self_review)


def keep_leases(session: WriteSession, actor: Actor, project_id: UUID, tokens: Sequence[UUID]) -> HeldLeases:
    """Extend leases; those that ran out and went to somebody else are missing in the answer."""
    projects.get(session, actor, project_id)
    until = now() + LEASE
    return HeldLeases(
        lease_tokens=repository.extend(session, actor.user_id, tokens, until=until), lease_expires_at=until
    )


def release_leases(session: WriteSession, actor: Actor, project_id: UUID, tokens: Sequence[UUID]) -> None:
    """End leases, so that other reviewers get these pictures at once."""
    projects.get(session, actor, project_id)
    repository.release(session, actor.user_id, tokens)


def skip(session: WriteSession, actor: Actor, review_id: UUID) -> None:
    """Let a picture come after all others that wait for review; raises `ReviewNotFound`."""
    row = find(session, actor, review_id)
    if row.reviewer_id in (None, actor.user_id) or (row.lease_expires_at or now()) <= now():
        repository.put_last(session, row.id, at=now())


def get(session: ReadSession, actor: Actor, review_id: UUID) -> schemas.ReviewDetail:
    """Return a review with its picture and every version of the label; raises `ReviewNotFound`."""
    return review_versions.details(session, [find(session, actor, review_id)])[0]


def find(session: ReadSession, actor: Actor, review_id: UUID) -> Review:
    """Return a review that `actor` may see; raises `ReviewNotFound`."""
    row = _found(session, review_id)
    try:
        projects.get(session, actor, row.project_id)
    except projects.ProjectNotFound as error:
        raise ReviewNotFound from error
    return row


def list_(
    session: ReadSession,
    actor: Actor,
    batch_id: UUID,
    *,
    states: Sequence[schemas.ReviewState],
    author_id: UUID | None,
    reviewer_id: UUID | None,
    cursor: str | None,
    limit: int,
) -> Page[schemas.ReviewedPicture]:
    """Return one page of a batch's reviews, newest first; raises `BatchNotFound`, `CursorInvalid`."""
    batch = batches.get(session, actor, batch_id)
    query = repository.listed(batch.id, states, author_id=author_id, reviewer_id=reviewer_id)
    rows, following = keyset(session, query, order=[(Review.id, "desc")], cursor=cursor, limit=limit)
    shown = {card.id: card for card in cards(session, [row.image_id for row in rows])}
    items = [
        schemas.ReviewedPicture(review=review, image=shown[review.image_id])
        for review in show(session, rows)
        if review.image_id in shown
    ]
    return Page(items=items, next_cursor=following)


def show(session: ReadSession, rows: Iterable[Review]) -> list[schemas.Review]:
    """Return reviews as the API shows them, in this order."""
    return review_versions.show(session, list(rows))


def _found(session: ReadSession, review_id: UUID) -> Review:
    row = repository.find(session, review_id)
    if row is None or row.state == "gone":
        raise ReviewNotFound
    return row
