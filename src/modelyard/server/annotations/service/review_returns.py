"""Labels that are sent back to be given again, and labels that are restored as they were before a decision."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from modelyard.errors import Conflict
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import may_label
from modelyard.server.annotations import schemas
from modelyard.server.annotations.repository import batches, objects, opinions, reviews, slots, waiting
from modelyard.server.annotations.service import lineage
from modelyard.server.annotations.service.writing import Given, write
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, Batch, Object, Opinion, QueueItem, Review, new_id, now

_REASON = 200  # characters that are shown with a picture in the queue


class BeingLabelledAgain(Conflict):
    """Somebody is labelling this picture again just now, so it cannot be taken back from them."""


def send_back(session: WriteSession, actor: Actor, row: Review, label: Annotation, *, to: str) -> None:
    """Take a label back, which stays in the history, and let it be given again: by its author, or by anybody."""
    before = slots.of_image(session, row.batch_id, row.image_id)
    said = opinions.of_image(session, row.batch_id, row.image_id)
    row.before = {"slots": [_kept_slot(item) for item in before], "opinions": [_kept_opinion(item) for item in said]}
    given = Given(row.image_id, "none", author_id=label.author_id, source=label.source, batch_id=row.batch_id)
    written = write(
        session,
        row.project_id,
        [given],
        present={row.image_id: label},
        actor_id=actor.user_id,
        action="review-reject",
    )
    row.result_revision = written[0]["revision"]
    reason = f"Sent back: {row.reason}"[:_REASON]
    batch = session.get_one(Batch, row.batch_id)
    if batch.state == "closed":  # It is in the open queue now.
        waiting.put_first(session, row.project_id, [row.image_id], reason=reason)
        row.returned_to = "pool"
        return
    row.returned_to = _return(session, row, before, to=to, source=label.source, reason=reason)


def _return(session: WriteSession, row: Review, items: list[QueueItem], *, to: str, source: str, reason: str) -> str:
    """Open the slots again; return whose they are now."""
    if len(items) > 1 and source != "consensus" and to == "author":
        return "dispute"  # People differed and somebody decided: somebody decides again.
    is_kept = to == "author"
    own = {item.id: item.user_id for item in items if item.user_id is not None}
    kept = {id_: who for id_, who in own.items() if is_kept and may_label(session, row.project_id, who)}
    for item in items:
        slots.return_to(session, [item.id], kept.get(item.id), reason=reason)
    opinions.reopen(session, row.batch_id, row.image_id)
    return "author" if kept else "pool"


def restore(session: WriteSession, actor: Actor, row: Review, label: Annotation) -> None:
    """Write the author's version again, as the next revision; raises `BeingLabelledAgain`."""
    if row.state == "rejected":
        _restore_slots(session, row)
    else:
        _restore_objects(session, row, label)
    past = reviews.revisions(session, row.image_id, [row.revision])[row.revision]
    given = Given(
        row.image_id,
        past.answer,
        past.class_id,
        author_id=row.author_id,
        source=past.source,
        outcome=past.suggestion_outcome,
        attributes=past.attributes or {},
        batch_id=row.batch_id,
    )
    row.state = "waiting"
    session.flush()
    known = {row.image_id: label}
    written = write(session, row.project_id, [given], present=known, actor_id=actor.user_id, action="review-undo")
    row.revision = written[0]["revision"]


def _restore_objects(session: WriteSession, row: Review, label: Annotation) -> None:
    """End what the correction drew, and draw again what it ended."""
    revision = label.revision + 1
    ended, begun = objects.changed_at(session, [label])
    objects.end(session, begun, {row.image_id: revision})
    span = {"since_revision": revision, "until_revision": None, "created_at": now()}
    names = [column.name for column in Object.__table__.columns]
    copies = [{name: getattr(item, name) for name in names} | span | {"id": new_id()} for item in ended]
    objects.begin(session, copies)
    whose = (row.project_id, row.image_id, row.author_id)
    lineage.tell(session, whose, news=copies, gone=begun, reject=(), reconsider=())


def _restore_slots(session: WriteSession, row: Review) -> None:
    """Give slots and opinions back to whom they belonged; raises `BeingLabelledAgain`."""
    at = now()
    items = {str(item.id): item for item in slots.of_image(session, row.batch_id, row.image_id)}
    if any(item.state == "given" for item in items.values()) or waiting.is_lent(session, row.image_id, at=at):
        raise BeingLabelledAgain
    kept: dict[str, list[dict[str, Any]]] = row.before or {}
    for facts in kept.get("slots", []):
        item = items.get(facts["id"])
        if item is not None and item.state != "done":
            item.user_id, item.reason, item.returned_to = _id(facts["user_id"]), facts["reason"], None
            item.state = "given" if item.user_id else "waiting"
    for facts in kept.get("opinions", []):
        opinion = session.get(Opinion, UUID(facts["id"]), populate_existing=True)
        if opinion is not None and opinion.state != facts["state"]:
            opinion.answer, opinion.class_id, opinion.state = facts["answer"], _id(facts["class_id"]), facts["state"]
            opinion.revision, opinion.submitted_at = opinion.revision + 1, at
    session.flush()


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def told(session: ReadSession, actor: Actor, batch: Batch, image_ids: Sequence[UUID]) -> dict[UUID, schemas.Returned]:
    """Return why those of these pictures that are labelled again were sent back; what was said only to its author."""
    last = reviews.newest(session, batch.id, image_ids)
    found: dict[UUID, schemas.Returned] = {}
    for image_id, row in last.items():
        if row.state != "rejected" or row.decided_at is None:
            continue
        is_own = row.author_id == actor.user_id
        past = reviews.revisions(session, image_id, [row.revision]).get(row.revision) if is_own else None
        found[image_id] = schemas.Returned(
            reason=row.reason,
            reviewer_name=batches.names(session, [row.reviewer_id]).get(row.reviewer_id) if row.reviewer_id else None,
            decided_at=row.decided_at,
            answer=past.answer if past else None,
            class_id=past.class_id if past else None,
        )
    return found


def _kept_slot(item: QueueItem) -> dict[str, Any]:
    return {"id": str(item.id), "user_id": str(item.user_id) if item.user_id else None, "reason": item.reason}


def _kept_opinion(row: Opinion) -> dict[str, Any]:
    facts = {"answer": row.answer, "state": row.state, "class_id": str(row.class_id) if row.class_id else None}
    return {"id": str(row.id), "author_id": str(row.author_id), **facts}
