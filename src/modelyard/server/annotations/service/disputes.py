"""Pictures that several people labelled differently, and what each of them said."""

from uuid import UUID

from modelyard.errors import Conflict
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import batch_schemas as schemas
from modelyard.server.annotations.repository import batches as batch_repository
from modelyard.server.annotations.repository import opinions as repository
from modelyard.server.annotations.repository import slots
from modelyard.server.annotations.service import attribute_checks, batches, gold_answers, objects
from modelyard.server.annotations.service.answers import ImageNotFound
from modelyard.server.annotations.service.opinion_objects import said_in_words, to_object
from modelyard.server.images.cards import cards
from modelyard.server.kit.database import ReadSession
from modelyard.server.kit.pages import Page, keyset
from modelyard.server.tables import QueueItem


class StillBeingLabelled(Conflict):
    """Labels of this picture are still wanted, and nobody may see the others' before. Look again when all are in."""


def list_(
    session: ReadSession, actor: Actor, batch_id: UUID, *, cursor: str | None, limit: int
) -> Page[schemas.DisputedPicture]:
    """Return one page of a batch's disputed pictures; raises `BatchNotFound`, `CursorInvalid`."""
    batch = batches.get(session, actor, batch_id)
    query = batch_repository.disputed(batch.id)
    image_ids, following = keyset(session, query, order=[(QueueItem.image_id, "asc")], cursor=cursor, limit=limit)
    said = repository.counted(session, batch.id, image_ids)
    names = batch_repository.class_names(session, batch.project_id)
    shown = {card.id: card for card in cards(session, image_ids)}
    items = [
        schemas.DisputedPicture(image=shown[image_id], answers=said_in_words(said.get(image_id, []), names))
        for image_id in image_ids
        if image_id in shown
    ]
    return Page(items=items, next_cursor=following)


def opinions_of(session: ReadSession, actor: Actor, batch_id: UUID, image_id: UUID) -> list[schemas.Opinion]:
    """Return what each person said of a picture; raises `BatchNotFound`, `ImageNotFound`, `StillBeingLabelled`."""
    batch = batches.get(session, actor, batch_id)
    states = slots.states(session, batch.id, image_id)
    if gold_answers.is_among(session, actor, batch.id, image_id):
        raise StillBeingLabelled
    if not states:
        raise ImageNotFound("This picture is not in that batch.")
    if states - {"done", "disputed"}:
        raise StillBeingLabelled
    rows = repository.counted(session, batch.id, [image_id]).get(image_id, [])
    names = batch_repository.names(session, [row.author_id for row in rows])
    asked = attribute_checks.load(session, batch.project_id)
    return [
        schemas.Opinion(
            author_id=row.author_id,
            author_name=names.get(row.author_id, ""),
            answer=row.answer,
            class_id=row.class_id,
            objects=[objects.show_object(to_object(item, row.author_id), asked) for item in row.objects],
            attributes=asked.shown(row.attributes),
            active_s=row.active_s,
            submitted_at=row.submitted_at,
        )
        for row in rows
    ]
