"""Steps over many images at once, for those among them whose known answer whoever takes the step may not see."""

from collections.abc import Mapping
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import schemas
from modelyard.server.annotations.service import gold_answers, opinions
from modelyard.server.images.veil import Own, Veil
from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import Annotation


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


def _as_annotation(own: Own) -> Annotation:
    """Return what somebody said as if it stood in the table of annotations; it belongs to no session."""
    names = ("id", "project_id", "image_id", "revision", "answer", "class_id", "author_id", "attributes", "updated_at")
    outcome = own.row.suggestion.get("outcome") if own.row else None
    return Annotation(**{name: getattr(own.row, name) for name in names}, source="human", suggestion_outcome=outcome)
