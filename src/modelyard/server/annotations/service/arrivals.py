"""Images that come and go: answers given at import, and a place in the queue for all others."""

from typing import Any

from modelyard.server.annotations.repository import answers as repository
from modelyard.server.annotations.repository import reviews, slots, waiting
from modelyard.server.annotations.service import objects
from modelyard.server.annotations.service.writing import Given, write
from modelyard.server.events import (
    AnnotationsChanged,
    ImagesAdded,
    ImagesDeleted,
    ImagesRestored,
    MemberChanged,
    PersonShutOut,
    ReservesChanged,
)
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish


def welcome(session: WriteSession, event: ImagesAdded) -> None:
    """Write the answers that came with new images, and queue the rest."""
    by: dict[str, Any] = {"author_id": event.author_id, "source": "import"}
    labelled = [
        Given(image_id, "class", class_id, **by, attributes=event.attributes.get(image_id))
        for image_id, class_id in event.labels.items()
    ]
    labelled += [
        Given(image_id, answer, None, **by, attributes=event.attributes.get(image_id))
        for image_id, answer in event.answers.items()
    ]
    answered = {given.image_id for given in labelled}
    present = repository.annotations(session, list(answered))
    new = [given for given in labelled if given.image_id not in present]
    action = f"import:{event.import_id}" if event.import_id else "import"
    write(session, event.project_id, new, present={}, actor_id=event.author_id, action=action)
    drawn = {image_id: event.objects.get(image_id, ()) for image_id in answered - set(present)}
    objects.bring(session, event.project_id, drawn, author_id=event.author_id)
    waiting.put_back(session, event.project_id, [id_ for id_ in event.image_ids if id_ not in answered])


def forget(session: WriteSession, event: ImagesDeleted) -> None:
    """Take deleted images out of the queues; their answers stay, for when they come back."""
    waiting.take_out(session, event.image_ids)
    slots.leave(session, event.image_ids)
    reviews.leave(session, event.image_ids, is_back=False)
    publish(session, AnnotationsChanged(event.project_id, event.image_ids))


def welcome_back(session: WriteSession, event: ImagesRestored) -> None:
    """Queue restored images that have no answer."""
    waiting.put_back(session, event.project_id, waiting.unanswered(session, event.image_ids))
    reviews.leave(session, event.image_ids, is_back=True)
    publish(session, AnnotationsChanged(event.project_id, event.image_ids))


def draw_lots_anew(session: WriteSession, event: ReservesChanged) -> None:
    """Show images that are kept for the test now without choosing them, and choose among those that are not."""
    waiting.draw_anew(session, event.project_id, event.image_ids)


def free_what_is_lent(session: WriteSession, event: PersonShutOut | MemberChanged) -> None:
    """Let others have the images that were lent to somebody who may label no more."""
    if isinstance(event, PersonShutOut):
        waiting.release_all(session, event.user_id)
        reviews.release_all(session, event.user_id)
    elif not event.may_label:
        waiting.release_all(session, event.user_id, project_id=event.project_id)
        reviews.release_all(session, event.user_id, project_id=event.project_id)
