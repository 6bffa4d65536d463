"""Answers and drawings of one person: as the picture's own, or apart where several, or known ones, are wanted."""

from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import object_schemas, schemas
from modelyard.server.annotations.service import answers, batches, gold_answers, objects, opinions
from modelyard.server.kit.database import ReadSession, WriteSession


def get(session: ReadSession, actor: Actor, image_id: UUID, *, batch_id: UUID | None = None) -> schemas.Annotation:
    """Return a picture's answer, or this person's own; raises `ImageNotFound`, `BatchNotFound`, `BatchIsForOthers`."""
    own = _own(session, actor, image_id, batch_id)
    return opinions.get(own) if own else answers.get(session, actor, image_id)


def put(
    session: WriteSession,
    actor: Actor,
    image_id: UUID,
    body: schemas.AnnotationPut,
    *,
    expected: int,
    batch_id: UUID | None = None,
) -> schemas.Annotation:
    """Give or withdraw an answer; raises what `answers.put` and `opinions.put` raise."""
    own = _own(session, actor, image_id, batch_id)
    if own:
        return opinions.put(session, own, body, expected=expected)
    return answers.put(session, actor, image_id, body, expected=expected, batch_id=batch_id)


def get_objects(
    session: ReadSession, actor: Actor, image_id: UUID, *, batch_id: UUID | None = None
) -> object_schemas.ImageObjects:
    """Return what is drawn into a picture, or what this person drew."""
    own = _own(session, actor, image_id, batch_id)
    return opinions.get_objects(session, own) if own else objects.get(session, actor, image_id)


def change_objects(
    session: WriteSession,
    actor: Actor,
    image_id: UUID,
    body: object_schemas.ObjectsChange,
    *,
    expected: int,
    batch_id: UUID | None = None,
) -> object_schemas.ImageObjects:
    """Draw, change and delete objects; raises what `objects.change` and `opinions.change_objects` raise."""
    own = _own(session, actor, image_id, batch_id)
    if own:
        return opinions.change_objects(session, own, body, expected=expected)
    return objects.change(session, actor, image_id, body, expected=expected, batch_id=batch_id)


def _own(session: ReadSession, actor: Actor, image_id: UUID, batch_id: UUID | None) -> opinions.Own | None:
    """Return where this person's label is kept, if that is not as the picture's answer.

    It is so in batches that want several labels, and of pictures whose answer is known to whoever leads the work.
    """
    project_id = answers.project_of(session, actor, image_id)
    if own := gold_answers.own(session, actor, project_id, image_id, batch_id):
        return own
    batch = batches.labelled_in(session, actor, project_id, image_id, batch_id)
    return opinions.of_batch(session, actor, batch, image_id) if batch and batches.is_apart(batch) else None
