"""What one person says of a picture that several are to label: unseen by the others until all have spoken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from uuid import UUID

from modelyard.errors import Conflict
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import object_schemas, schemas
from modelyard.server.annotations.repository import answers, comparisons, slots
from modelyard.server.annotations.repository import opinions as repository
from modelyard.server.annotations.service import attribute_checks, class_names, objects, opinion_objects, settling
from modelyard.server.annotations.service.answers import AnnotationChanged, ImageNotFound, check_fits, described
from modelyard.server.annotations.service.writing import outcome
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Batch, GoldAnswer, Opinion, now


class EnoughLabels(Conflict):
    """Enough other people have labelled this picture meanwhile. Yours is not needed; go on with the next one."""


class PictureDecided(Conflict):
    """Everybody has labelled this picture and it has its answer; what you said of it stays as it is."""


Row = Opinion | GoldAnswer


@dataclass(frozen=True)
class Own:
    """Where one person's label of a picture is kept, apart from everybody else's."""

    project_id: UUID
    image_id: UUID
    find: Callable[[], Row | None]  # what they said so far
    new: Callable[[], Row]  # at revision 0
    said: Callable[[Row, str], None]  # called when there is a next revision, with the state before it


def of_batch(session: ReadSession, actor: Actor, batch: Batch, image_id: UUID) -> Own:
    """Return where this person's label of a picture is kept in a batch that wants several."""
    return Own(
        batch.project_id,
        image_id,
        find=partial(repository.find, session, batch.id, image_id, actor.user_id),
        new=partial(_new, cast(WriteSession, session), actor, batch, image_id),
        said=partial(_said, cast(WriteSession, session), batch),
    )


def get(own: Own) -> schemas.Annotation:
    """Return what this person says of a picture; revision 0 where they have said nothing."""
    return _show(own.image_id, own.find())


def put(session: WriteSession, own: Own, body: schemas.AnnotationPut, *, expected: int) -> schemas.Annotation:
    """Say what a picture shows, or take that back.

    Raises `ImageNotFound`, `ClassUnknown`, `AnswerDoesNotFit`, `AttributeValueInvalid`, `AnnotationChanged`,
    `EnoughLabels`, `PictureDecided`.
    """
    check_fits(session, own.project_id, [body.answer])
    class_id = class_names.resolve(session, own.project_id, [body.class_id])[body.class_id]
    row = _lock(session, own)
    attributes = described(session, own.project_id, body, row.attributes if row else None)
    is_said = _content(row) == (body.answer, class_id) and attributes in (None, (row.attributes if row else None) or {})
    if is_said and (row is None or row.state == "submitted" or body.answer == "none"):
        return _show(own.image_id, row)
    if expected != (row.revision if row else 0):
        raise AnnotationChanged(current=_show(own.image_id, row).model_dump(mode="json"))
    shown = body.suggestion
    row = row or own.new()
    row.class_id = class_id
    row.attributes = attributes if attributes is not None else row.attributes
    row.suggestion = shown.model_dump(mode="json") | {"outcome": outcome(body.answer, class_id, shown)} if shown else {}
    _say(session, own, row, body.answer, body.active_s)
    return _show(own.image_id, row)


def get_objects(session: ReadSession, own: Own) -> object_schemas.ImageObjects:
    """Return what this person drew into a picture."""
    return _show_objects(session, own, own.find())


def change_objects(
    session: WriteSession, own: Own, body: object_schemas.ObjectsChange, *, expected: int
) -> object_schemas.ImageObjects:
    """Draw, change and delete objects, and say whether the picture is done.

    What is suggested stays open for the others, whatever this person thinks of it.
    Raises `ImageNotFound`, `ClassUnknown`, `AnswerDoesNotFit`, `ObjectInvalid`, `AttributeValueInvalid`,
    `ObjectsChanged`, `EnoughLabels`, `PictureDecided`.
    """
    check_fits(session, own.project_id, [body.answer or "objects"])
    class_ids = class_names.resolve(session, own.project_id, [item.class_id for item in body.put])
    row = _lock(session, own)
    step = objects.plan(
        session,
        own.project_id,
        own.image_id,
        body,
        class_ids=class_ids,
        present={item.object_id: item for item in _drawn(row)},
        answer=row.answer if row else "none",
        attributes=row.attributes if row else None,
    )
    if step.is_new:
        if expected != (row.revision if row else 0):
            raise objects.ObjectsChanged(current=_show_objects(session, own, row).model_dump(mode="json"))
        row = row or own.new()
        ended = {item.object_id for item in [*step.gone, *step.replaced]}
        kept = [item for item in row.objects if UUID(item["object_id"]) not in ended]
        row.objects = [*kept, *(opinion_objects.to_stored(item) for item in step.news)]
        row.attributes = step.attributes if step.attributes is not None else row.attributes
    if body.reject or body.reconsider:
        row = row or own.new()
        _judge(row, body.reject, body.reconsider)
    if step.is_new and row is not None:
        _say(session, own, row, step.answer, body.active_s)
    return _show_objects(session, own, row)


def decided(session: ReadSession, batch_id: UUID, image_id: UUID, author_id: UUID) -> set[UUID]:
    """Return the object suggestions that a person took over or rejected in a picture."""
    row = repository.find(session, batch_id, image_id, author_id)
    return judged(row) if row else set()


def judged(row: Row) -> set[UUID]:
    """Return the object suggestions that were taken over or rejected in somebody's own label."""
    taken = {item["suggestion_id"] for item in row.objects if item["suggestion_id"]}
    return {UUID(id_) for id_ in [*taken, *row.suggestion.get("rejected", [])]}


def _lock(session: WriteSession, own: Own) -> Row | None:
    """Return what this person said so far, kept from other writers; raises `ImageNotFound`."""
    if not answers.lock_images(session, own.project_id, [own.image_id]):
        raise ImageNotFound
    return own.find()


def _new(session: WriteSession, actor: Actor, batch: Batch, image_id: UUID) -> Opinion:
    row = Opinion(project_id=batch.project_id, batch_id=batch.id, image_id=image_id, author_id=actor.user_id)
    row.revision, row.answer, row.objects, row.suggestion = 0, "none", [], {}
    session.add(row)
    return row


def _say(session: WriteSession, own: Own, row: Row, answer: str, active_s: float | None) -> None:
    """Write the next revision."""
    at = now()
    was = row.state
    row.answer, row.revision, row.updated_at = answer, row.revision + 1, at
    row.active_s = (row.active_s or 0.0) + active_s if active_s is not None else row.active_s
    row.state = "draft" if answer == "none" else "submitted"
    row.submitted_at = None if answer == "none" else row.submitted_at or at
    session.flush()
    own.said(row, was)


def _said(session: WriteSession, batch: Batch, row: Opinion, was: str) -> None:
    """Fill a slot with a picture that is done; free it where one is not. Raises `PictureDecided`, `EnoughLabels`."""
    if "submitted" not in (was, row.state):
        return
    slot = slots.own(session, batch.id, row.image_id, row.author_id)
    if slot is not None and slot.state in ("done", "gone"):
        raise PictureDecided
    if row.answer == "none":
        slots.take_back(session, batch.id, row.image_id, row.author_id)
        comparisons.forget(session, batch.id, [row.image_id])
        return
    slots.reopen_disputed(session, batch.id, [row.image_id])
    if not slots.give(session, batch.id, row.image_id, row.author_id, at=row.updated_at):
        raise EnoughLabels
    settling.settle(session, batch, [row.image_id])


def _judge(row: Row, reject: Sequence[UUID], reconsider: Sequence[UUID]) -> None:
    rejected = set(row.suggestion.get("rejected", [])) | {str(id_) for id_ in reject}
    row.suggestion = {**row.suggestion, "rejected": sorted(rejected - {str(id_) for id_ in reconsider})}


def _content(row: Row | None) -> tuple[str, UUID | None]:
    return (row.answer, row.class_id) if row else ("none", None)


def _drawn(row: Row | None) -> list[Any]:
    return [opinion_objects.to_object(item, row.author_id) for item in row.objects] if row else []


def _show(image_id: UUID, row: Row | None) -> schemas.Annotation:
    row = row if row and row.revision else None
    return schemas.Annotation(
        image_id=image_id,
        answer=row.answer if row else "none",
        class_id=row.class_id if row else None,
        revision=row.revision if row else 0,
        author_id=row.author_id if row else None,
        source="human" if row else None,
        suggestion_outcome=row.suggestion.get("outcome") if row else None,
        attributes=(row.attributes or {}) if row else {},
        updated_at=row.updated_at if row else None,
    )


def _show_objects(session: ReadSession, own: Own, row: Row | None) -> object_schemas.ImageObjects:
    asked = attribute_checks.load(session, own.project_id)
    return object_schemas.ImageObjects(
        image_id=own.image_id,
        revision=row.revision if row else 0,
        answer=row.answer if row else "none",
        attributes=asked.shown(row.attributes) if row else {},
        objects=[objects.show_object(item, asked) for item in _drawn(row)],
    )
