"""What the notifications room hears from rooms that need not know it."""

from modelyard.server.events import ReviewDecided
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import subscribe
from modelyard.server.notifications.service import notify
from modelyard.server.tables import Batch, Image, Review, User


@subscribe(ReviewDecided)
def tell_sent_back(session: WriteSession, event: ReviewDecided) -> None:
    """Tell whoever labelled a picture that a reviewer sent it back, why, and whether it waits for them."""
    if event.verdict != "rejected":
        return
    review = session.get_one(Review, event.review_id)
    reviewer, image = session.get(User, event.actor_id), session.get_one(Image, review.image_id)
    batch = session.get_one(Batch, review.batch_id)
    is_theirs = review.returned_to == "author"
    where = f"/projects/{event.project_id}" + (f"/label?batch={batch.id}" if is_theirs else f"/batches/{batch.id}")
    who = reviewer.name if reviewer else "A reviewer"
    what = "sent back to you" if is_theirs else "sent back to be labelled anew"
    text = f"{who} {what}: “{image.name}” in the batch “{batch.name}”"
    notify(
        session,
        "sent_back",
        [review.author_id],
        project_id=event.project_id,
        actor_id=event.actor_id,
        text=f"{text}: {review.reason}" if review.reason else f"{text}.",
        path=where,
    )
