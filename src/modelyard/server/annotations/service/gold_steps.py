"""Steps over many images at once, for those among them whose known answer whoever takes the step may not see."""

from collections.abc import Mapping
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import schemas
from modelyard.server.annotations.object_schemas import ObjectsChange
from modelyard.server.annotations.service import gold_answers, opinions
from modelyard.server.images.veil import Own, Veil
from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import Annotation, new_id


def seen(present: Mapping[UUID, Annotation], hidden: Veil) -> dict[UUID, Annotation]:
    """Return annotations as a person sees them: of hidden images what they said themselves."""
    if not hidden:
        return dict(present)
    kept = {image_id: row for image_id, row in present.items() if image_id not in hidden}
    return kept | {image_id: _as_annotation(own) for image_id, own in hidden.items() if own.row and own.row.revision}


def say(
    session: WriteSession,
    actor: Actor,
    project_id: UUID,
    answers: Mapping[UUID, tuple[str, UUID | None]],
    *,
    active_s: float | None = None,
) -> list[schemas.ChangedAnnotation]:
    """Give hidden images these answers, for this person alone; return what that changed."""
    changed = []
    for image_id, (answer, class_id) in answers.items():
        own = gold_answers.own(session, actor, project_id, image_id)
        if own is None:
            continue
        before = opinions.get(own)
        body = schemas.AnnotationPut.model_validate({"answer": answer, "class_id": class_id, "active_s": active_s})
        after = opinions.put(session, own, body, expected=before.revision)
        if after.revision != before.revision:
            was = schemas.PreviousAnswer(answer=before.answer, class_id=before.class_id)
            changed.append(schemas.ChangedAnnotation(image_id=image_id, revision=after.revision, previous=was))
    return changed


def change_class(
    session: WriteSession, actor: Actor, project_id: UUID, hidden: Veil, class_id: UUID | None, *, is_added: bool
) -> list[schemas.ChangedAnnotation]:
    """Give hidden images a class as a whole, or take it from them, for this person alone."""
    found = []
    for image_id, own in hidden.items():
        before = set(own.classes)
        after = before | {class_id} if is_added else before - {class_id}
        found += _hold(session, actor, project_id, image_id, {id_ for id_ in after if id_ is not None})
    return found


def restore_classes(
    session: WriteSession, actor: Actor, project_id: UUID, hidden: Veil, to: Mapping[UUID, int]
) -> list[schemas.ChangedAnnotation]:
    """Return hidden images to the classes as a whole that this person had given them at earlier revisions."""
    found = []
    for image_id, own in hidden.items():
        texts = next((entry["whole"] for entry in own.history() if entry["revision"] == to[image_id]), ())
        found += _hold(session, actor, project_id, image_id, {UUID(text) for text in texts})
    return found


def _hold(
    session: WriteSession, actor: Actor, project_id: UUID, image_id: UUID, classes: set[UUID]
) -> list[schemas.ChangedAnnotation]:
    """Let a hidden image have just these classes as a whole in what this person says of it."""
    own = gold_answers.own(session, actor, project_id, image_id)
    if own is None:
        return []
    before, was = opinions.get_objects(session, own), opinions.get(own)
    held = {item.class_id: item.id for item in before.objects if item.shape["type"] == "whole"}
    put = [{"id": new_id(), "class_id": id_, "shape": {"type": "whole"}} for id_ in sorted(classes - set(held))]
    gone = [object_id for class_id, object_id in held.items() if class_id not in classes]
    if not put and not gone:
        return []
    body = ObjectsChange.model_validate({"put": put, "delete": gone})
    after = opinions.change_objects(session, own, body, expected=before.revision)
    previous = schemas.PreviousAnswer(answer=was.answer, class_id=was.class_id)
    return [schemas.ChangedAnnotation(image_id=image_id, revision=after.revision, previous=previous)]


def _as_annotation(own: Own) -> Annotation:
    """Return what somebody said as if it stood in the table of annotations; it belongs to no session."""
    names = ("id", "project_id", "image_id", "revision", "answer", "class_id", "author_id", "attributes", "updated_at")
    outcome = own.row.suggestion.get("outcome") if own.row else None
    return Annotation(**{name: getattr(own.row, name) for name in names}, source="human", suggestion_outcome=outcome)
