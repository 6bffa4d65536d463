"""Answers and drawings of one person: as the picture's own where one label is wanted, apart where several are."""

from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import object_schemas, schemas
from modelyard.server.annotations.service import answers, batches, objects, opinions
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Batch


def get(session: ReadSession, actor: Actor, image_id: UUID, *, batch_id: UUID | None = None) -> schemas.Annotation:
    """Return a picture's answer, or this person's own; raises `ImageNotFound`, `BatchNotFound`, `BatchIsForOthers`."""
    batch = _apart(session, actor, image_id, batch_id)
    return opinions.get(session, actor, batch, image_id) if batch else answers.get(session, actor, image_id)


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
    batch = _apart(session, actor, image_id, batch_id)
    if batch:
        return opinions.put(session, actor, batch, image_id, body, expected=expected)
    return answers.put(session, actor, image_id, body, expected=expected, batch_id=batch_id)


def get_objects(
    session: ReadSession, actor: Actor, image_id: UUID, *, batch_id: UUID | None = None
) -> object_schemas.ImageObjects:
    """Return what is drawn into a picture, or what this person drew."""
    batch = _apart(session, actor, image_id, batch_id)
    return opinions.get_objects(session, actor, batch, image_id) if batch else objects.get(session, actor, image_id)


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
    batch = _apart(session, actor, image_id, batch_id)
    if batch:
        return opinions.change_objects(session, actor, batch, image_id, body, expected=expected)
    return objects.change(session, actor, image_id, body, expected=expected, batch_id=batch_id)


def _apart(session: ReadSession, actor: Actor, image_id: UUID, batch_id: UUID | None) -> Batch | None:
    """Return the batch that keeps everybody's labels apart, if the picture is labelled in one that does."""
    project_id = answers.project_of(session, actor, image_id)
    batch = batches.labelled_in(session, actor, project_id, image_id, batch_id)
    return batch if batch and batch.overlap > 1 else None
