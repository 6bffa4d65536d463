"""Steps over many images at once, and their exact undo."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import schemas
from modelyard.server.annotations.repository import answers as repository
from modelyard.server.annotations.service import class_names, gold_steps
from modelyard.server.annotations.service.answers import AnnotationChanged, ImageNotFound, check_fits, show
from modelyard.server.annotations.service.writing import Given, outcome, update_queue, write
from modelyard.server.images import veil
from modelyard.server.kit.database import WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Annotation, AnnotationRevision


def label_many(
    session: WriteSession, actor: Actor, project_id: UUID, body: schemas.BulkLabel
) -> list[schemas.ChangedAnnotation]:
    """Give many images one answer; raises `ImageNotFound`, `ClassUnknown`, `AnnotationChanged`."""
    projects.get(session, actor, project_id)
    check_fits(session, project_id, [body.answer])
    class_id = class_names.resolve(session, project_id, [body.class_id])[body.class_id]
    every = list(dict.fromkeys(body.image_ids))
    present = lock(session, project_id, every)
    hidden = veil.hidden(session, image_ids=every, actor=actor)
    present = gold_steps.seen(present, hidden)
    if body.revisions is not None:
        check_unmoved(body.revisions, present)
    image_ids = [image_id for image_id in every if image_id not in hidden]
    has_it = {image_id for image_id in image_ids if content_of(present.get(image_id)) == (body.answer, class_id)}
    shown = repository.shown_suggestions(session, image_ids) if body.answer != "none" else {}
    share_s = None if body.active_s is None else body.active_s / max(1, len(image_ids) - len(has_it))
    given = [
        Given(
            image_id=image_id,
            answer=body.answer,
            class_id=class_id,
            author_id=actor.user_id,
            suggestion=shown.get(image_id),
            outcome=outcome(body.answer, class_id, shown.get(image_id)),
            active_s=share_s,
        )
        for image_id in image_ids
        if image_id not in has_it
    ]
    update_queue(session, project_id, [Given(image_id, body.answer) for image_id in has_it])
    known = {image_id: (body.answer, body.class_id) for image_id in hidden}
    apart = gold_steps.say(session, actor, project_id, known, active_s=share_s)
    return step(session, actor, project_id, given, present=present, action="bulk") + apart


def restore(
    session: WriteSession, actor: Actor, project_id: UUID, items: Sequence[schemas.RestoreItem]
) -> list[schemas.ChangedAnnotation]:
    """Take images back to given answers, all or none.

    An answer that returns is its author's again, with its source and what became of the suggestion.
    Raises `ImageNotFound`, `ClassUnknown`, `AnnotationChanged`.
    """
    projects.get(session, actor, project_id)
    check_fits(session, project_id, [item.answer for item in items])
    resolved = class_names.resolve(session, project_id, [item.class_id for item in items])
    wanted = {item.image_id: item for item in items}
    present = lock(session, project_id, wanted)
    hidden = veil.hidden(session, image_ids=wanted, actor=actor)
    present = gold_steps.seen(present, hidden)
    check_unmoved({image_id: item.revision for image_id, item in wanted.items()}, present)
    earlier = repository.earlier_answers(session, [row.id for row in present.values()])
    given = []
    known = {image_id: (item.answer, item.class_id) for image_id, item in wanted.items() if image_id in hidden}
    apart = gold_steps.say(session, actor, project_id, known)
    for image_id, item in wanted.items():
        row, content = present.get(image_id), (item.answer, resolved[item.class_id])
        if image_id not in hidden and content_of(row) != content:
            past = next((old for old in earlier.get(row.id, []) if content_of(old) == content), None) if row else None
            given.append(_as_before(image_id, content, past, actor))
    return step(session, actor, project_id, given, present=present, action="restore") + apart


def _as_before(
    image_id: UUID, content: tuple[str, UUID | None], past: AnnotationRevision | None, actor: Actor
) -> Given:
    return Given(
        image_id=image_id,
        answer=content[0],
        class_id=content[1],
        author_id=past.author_id if past else actor.user_id,
        source=past.source if past else "human",
        outcome=past.suggestion_outcome if past else None,
    )


def lock(session: WriteSession, project_id: UUID, image_ids: Iterable[UUID]) -> dict[UUID, Annotation]:
    """Keep other writers from these images; return their annotations. Raises `ImageNotFound` if one is missing."""
    wanted = list(image_ids)
    missing = set(wanted) - repository.lock_images(session, project_id, wanted)
    if missing:
        text = f"{len(missing)} of these images are not in the project any more. Load the page again."
        raise ImageNotFound(text, image_ids=[str(image_id) for image_id in sorted(missing)[:20]])
    return repository.annotations(session, wanted)


def check_unmoved(expected: Mapping[UUID, int], present: Mapping[UUID, Annotation]) -> None:
    """Raise `AnnotationChanged` unless every image is still at the revision that was seen."""
    moved = []
    for image_id, revision in expected.items():
        row = present.get(image_id)
        if (row.revision if row else 0) != revision:
            moved.append(show(image_id, row).model_dump(mode="json"))
    if moved:
        text = f"{len(moved)} of these images were answered again since. Nothing was changed; look at them first."
        raise AnnotationChanged(text, current=moved[:100])


def step(
    session: WriteSession,
    actor: Actor,
    project_id: UUID,
    given: Sequence[Given],
    *,
    present: Mapping[UUID, Annotation],
    action: str,
) -> list[schemas.ChangedAnnotation]:
    """Write one step; return what it changed, as the API tells of it."""
    previous = {item.image_id: content_of(present.get(item.image_id)) for item in given}
    written = write(session, project_id, given, present=present, actor_id=actor.user_id, action=action)
    return [_changed(values, previous[values["image_id"]]) for values in written]


def _changed(values: Mapping[str, Any], previous: tuple[str, UUID | None]) -> schemas.ChangedAnnotation:
    before = schemas.PreviousAnswer.model_validate({"answer": previous[0], "class_id": previous[1]})
    return schemas.ChangedAnnotation(image_id=values["image_id"], revision=values["revision"], previous=before)


def content_of(row: Annotation | AnnotationRevision | None) -> tuple[str, UUID | None]:
    """Return (answer, class) of an annotation; what nobody has answered is ("none", None)."""
    return (row.answer, row.class_id) if row else ("none", None)
