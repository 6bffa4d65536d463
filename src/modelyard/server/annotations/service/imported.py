"""Labels of an import that replace what images say, and how that is taken back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from modelyard.server.annotations.repository import answers as repository
from modelyard.server.annotations.repository import objects
from modelyard.server.annotations.service import object_classes
from modelyard.server.annotations.service.writing import Given, write
from modelyard.server.events import LabelsApplied, LabelsTakenBack
from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import Annotation, AnnotationRevision, new_id, now


def apply(session: WriteSession, event: LabelsApplied) -> None:
    """Write what an import says of images, as the next revision of each."""
    present = repository.annotations(session, [item.image_id for item in event.images])
    revisions = {image_id: row.revision + 1 for image_id, row in present.items()}
    by: dict[str, Any] = {"author_id": event.author_id, "source": "import"}
    given = [
        Given(item.image_id, item.answer, item.class_id, **by, attributes=item.attributes) for item in event.images
    ]
    drawn = [item.image_id for item in event.images if item.put or item.delete]
    touched = {(item.image_id, put["object_id"]) for item in event.images for put in item.put}
    touched |= {(item.image_id, object_id) for item in event.images for object_id in item.delete}
    ended = [row for row in objects.present(session, drawn) if (row.image_id, row.object_id) in touched]
    objects.end(session, ended, revisions)
    begun = [_row(event, item.image_id, put, revisions) for item in event.images for put in item.put]
    objects.begin(session, begun)
    action = f"import:{event.import_id}"
    write(session, event.project_id, given, present=present, actor_id=event.author_id, action=action)


def take_back(session: WriteSession, event: LabelsTakenBack) -> None:
    """Return images to what they said before an import; one that said nothing waits to be labelled again."""
    present = repository.annotations(session, event.image_ids)
    before = repository.before(session, present.values())
    object_classes.bring_back(session, list(present.values()))
    given = [_as_before(row, before.get(row.image_id)) for row in present.values()]
    action = f"import-undo:{event.import_id}"
    write(session, event.project_id, given, present=present, actor_id=event.actor_id, action=action)


def _row(event: LabelsApplied, image_id: UUID, put: Mapping[str, Any], revisions: Mapping[UUID, int]) -> dict[str, Any]:
    owner = {"project_id": event.project_id, "image_id": image_id, "author_id": event.author_id, "source": "import"}
    span = {"since_revision": revisions[image_id], "until_revision": None, "active_s": None}
    return {**put, **owner, **span, "id": new_id(), "created_at": now()}


def _as_before(row: Annotation, before: AnnotationRevision | None) -> Given:
    if before is None:
        return Given(row.image_id, "none", source="import", attributes={})
    return Given(
        row.image_id,
        before.answer,
        before.class_id,
        author_id=before.author_id,
        source=before.source,
        outcome=before.suggestion_outcome,
        attributes=before.attributes or {},
    )
