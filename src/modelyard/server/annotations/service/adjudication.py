"""A picture of which people say different things gets its answer from somebody who decides; no opinion is touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from modelyard.errors import Conflict, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import object_schemas, schemas
from modelyard.server.annotations.adjudication_schemas import Decision
from modelyard.server.annotations.repository import answers, objects, slots, waiting
from modelyard.server.annotations.repository import opinions as repository
from modelyard.server.annotations.service import batches, class_names, lineage
from modelyard.server.annotations.service import objects as drawing
from modelyard.server.annotations.service.answers import AnnotationChanged, ImageNotFound, check_fits, described, show
from modelyard.server.annotations.service.disputes import StillBeingLabelled
from modelyard.server.annotations.service.opinion_objects import present
from modelyard.server.annotations.service.writing import Given, write
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, Batch, Object, Opinion, new_id, now

ACTION = "adjudicate"


class OpinionNotFound(NotFound):
    """This person said nothing of the picture in that batch."""


class ClassIsGone(Conflict):
    """The class that this person gave was deleted since. Take another answer, or say one of your own."""


class NothingDecided(Conflict):
    """This picture has no answer that could be taken back."""


@dataclass(frozen=True)
class _Content:
    """What becomes of the picture: its answer, and everything that is drawn, as columns with whose they are."""

    answer: str
    class_id: UUID | None
    drawn: Sequence[dict[str, Any]]
    attributes: Mapping[str, Any] | None


def decide(
    session: WriteSession, actor: Actor, batch_id: UUID, image_id: UUID, body: Decision, *, expected: int
) -> schemas.Annotation:
    """Write the picture's annotation: one person's opinion, or an answer of one's own; all opinions stay.

    Raises `BatchNotFound`, `ImageNotFound`, `StillBeingLabelled`, `AnnotationChanged`, `OpinionNotFound`,
    `ClassIsGone`, `ClassUnknown`, `AnswerDoesNotFit`, `ObjectInvalid`, `AttributeValueInvalid`.
    """
    batch, row = _open(session, actor, batch_id, image_id, expected)
    said = repository.counted(session, batch.id, [image_id]).get(image_id, [])
    content = _taken(session, batch, said, body.take) if body.take else _own(session, batch, image_id, said, body, row)
    answer = "none" if body.is_draft else content.answer
    facts: dict[str, Any] = {"author_id": actor.user_id, "active_s": body.active_s, "batch_id": batch.id}
    class_id = None if body.is_draft else content.class_id
    given = Given(image_id, answer, class_id, **facts, attributes=content.attributes)
    written = _write(session, actor, batch, given, row, drawn=content.drawn)
    if not body.is_draft:
        _record(session, actor, batch, image_id, "batch.decided", taken_from=str(body.take or ""))
    return schemas.Annotation.model_validate(written)


def undo(session: WriteSession, actor: Actor, batch_id: UUID, image_id: UUID, *, expected: int) -> schemas.Annotation:
    """Take the picture's answer back: it is disputed again, or has the answer that it had before this one.

    Raises `BatchNotFound`, `ImageNotFound`, `StillBeingLabelled`, `AnnotationChanged`, `NothingDecided`.
    """
    batch, row = _open(session, actor, batch_id, image_id, expected)
    if row is None or row.answer == "none":
        raise NothingDecided
    before = answers.before(session, [row]).get(image_id)
    is_undecided = before is None or before.answer == "none"
    given = Given(image_id, "none", author_id=actor.user_id, batch_id=batch.id)
    if before is not None and not is_undecided:
        facts: dict[str, Any] = {"author_id": before.author_id, "source": before.source, "batch_id": before.batch_id}
        given = Given(image_id, before.answer, before.class_id, **facts, attributes=before.attributes or {})
    drawn = (
        [] if is_undecided else [_columns(item) for item in objects.at_revision(session, image_id, row.revision - 1)]
    )
    written = _write(session, actor, batch, given, row, drawn=drawn, action="undo")
    if is_undecided:  # A closed batch wants no labels: its picture would wait in the open queue.
        waiting.take_out(session, [image_id])
        slots.dispute_again(session, batch.id, image_id)
    _record(session, actor, batch, image_id, "batch.undecided")
    return schemas.Annotation.model_validate(written)


def _open(
    session: WriteSession, actor: Actor, batch_id: UUID, image_id: UUID, expected: int
) -> tuple[Batch, Annotation | None]:
    batch = batches.get(session, actor, batch_id)
    states = slots.states(session, batch.id, image_id)
    if not states or not answers.lock_images(session, batch.project_id, [image_id]):
        raise ImageNotFound("This picture is not in that batch.")
    if states - {"done", "disputed"}:
        raise StillBeingLabelled
    row = answers.annotations(session, [image_id]).get(image_id)
    if expected != (row.revision if row else 0):
        raise AnnotationChanged(current=show(image_id, row).model_dump(mode="json"))
    return batch, row


def _taken(session: ReadSession, batch: Batch, said: Sequence[Opinion], author_id: UUID) -> _Content:
    opinion = next((row for row in said if row.author_id == author_id), None)
    if opinion is None:
        raise OpinionNotFound
    classes = repository.present_classes(session, batch.project_id)
    class_id = classes.get(opinion.class_id) if opinion.class_id else None
    if opinion.answer == "class" and class_id is None:
        raise ClassIsGone
    drawn = [item | {"author_id": author_id} for item in present(opinion, classes)]
    return _Content(opinion.answer, class_id, drawn, opinion.attributes or {})


def _own(
    session: WriteSession,
    batch: Batch,
    image_id: UUID,
    said: Sequence[Opinion],
    body: Decision,
    row: Annotation | None,
) -> _Content:
    """Return what somebody says themselves; objects that are as one of the authors drew them stay that author's."""
    check_fits(session, batch.project_id, [str(body.answer)])
    before = row.attributes if row else None
    if body.answer != "objects":
        class_id = class_names.resolve(session, batch.project_id, [body.class_id])[body.class_id]
        put = schemas.AnnotationPut(answer=body.answer or "none", class_id=body.class_id, attributes=body.attributes)
        return _Content(put.answer, class_id, (), described(session, batch.project_id, put, before))
    classes = repository.present_classes(session, batch.project_id)
    originals = {
        item["object_id"]: item | {"author_id": opinion.author_id}
        for opinion in said
        for item in present(opinion, classes)
    }
    change = object_schemas.ObjectsChange(put=body.objects, answer="objects", attributes=body.attributes)
    step = drawing.plan(
        session,
        batch.project_id,
        image_id,
        change,
        class_ids=class_names.resolve(session, batch.project_id, [item.class_id for item in body.objects]),
        present={id_: Object(**item) for id_, item in originals.items()},
        answer="none",
        attributes=before,
    )
    changed = {item["object_id"] for item in step.news}
    kept = [originals[item.id] for item in body.objects if item.id not in changed]
    return _Content("objects", None, [*kept, *step.news], step.attributes)


def _columns(item: Any) -> dict[str, Any]:
    names = ("object_id", "class_id", "attributes", "z", "type", "x1", "y1", "x2", "y2", "shape")
    return {name: getattr(item, name) for name in (*names, "source", "suggestion_id", "active_s", "author_id")}


def _write(
    session: WriteSession,
    actor: Actor,
    batch: Batch,
    given: Given,
    row: Annotation | None,
    *,
    drawn: Sequence[dict[str, Any]],
    action: str = ACTION,
) -> dict[str, Any]:
    """Write the annotation, end what is drawn in the picture and begin what is decided."""
    image_id, revision = given.image_id, (row.revision if row else 0) + 1
    there = objects.present(session, [image_id])
    (written,) = write(
        session,
        batch.project_id,
        [given],
        present={image_id: row} if row else {},
        actor_id=actor.user_id,
        action=action if given.answer != "none" or action != ACTION else "draw",
    )
    objects.end(session, there, {image_id: revision})
    span = {"since_revision": revision, "until_revision": None, "created_at": now(), "image_id": image_id}
    span |= {"project_id": batch.project_id}
    news = [{"author_id": actor.user_id, **item, **span, "id": new_id()} for item in drawn]
    objects.begin(session, news)
    session.expire_all()
    again = {item["suggestion_id"] for item in news}
    gone = [item for item in there if item.suggestion_id not in again]
    owner = (batch.project_id, image_id, actor.user_id)
    lineage.tell(session, owner, news=news, gone=gone, reject=(), reconsider=())
    return written


def _record(session: WriteSession, actor: Actor, batch: Batch, image_id: UUID, action: str, **details: Any) -> None:
    where: dict[str, Any] = {"project_id": batch.project_id, "subject_id": image_id, "name": batch.name}
    accounts.record(session, action, actor_id=actor.user_id, **where, batch_id=batch.id, **details)
