"""One image's answer: give it, withdraw it, look at its history; and the project's statistics."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from modelyard.errors import Invalid, NotFound, PreconditionFailed
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import schemas
from modelyard.server.annotations.repository import answers as repository
from modelyard.server.annotations.repository import objects, waiting
from modelyard.server.annotations.service import attribute_checks, class_names
from modelyard.server.annotations.service.writing import Given, outcome, update_queue, write
from modelyard.server.images import veil
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Annotation, Project, now


class ImageNotFound(NotFound):
    """There is no such image in this project, or you may not see it."""


class AnnotationChanged(PreconditionFailed):
    """Somebody answered this image since you looked. `current` holds the present answer; decide again."""


class AnswerDoesNotFit(Invalid):
    """This project's task takes other answers: a class for a whole image, or objects drawn into it."""


class RevisionInvalid(Invalid):
    """`If-Match` must be the revision that was seen: a whole number, 0 for an image without an answer."""


def to_revision(if_match: str | None) -> int:
    """Read the revision from an `If-Match` header; absent means 0. Raises `RevisionInvalid`."""
    if if_match is None:
        return 0
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise RevisionInvalid
    return int(text)


def get(session: ReadSession, actor: Actor, image_id: UUID) -> schemas.Annotation:
    """Return an image's present answer; raises `ImageNotFound`."""
    project_of(session, actor, image_id)
    return show(image_id, repository.annotations(session, [image_id]).get(image_id))


def put(
    session: WriteSession,
    actor: Actor,
    image_id: UUID,
    body: schemas.AnnotationPut,
    *,
    expected: int,
    batch_id: UUID | None = None,
    action: str | None = None,
) -> schemas.Annotation:
    """Give or withdraw an image's answer; `action` names the step where it is a particular one.

    Raises `ImageNotFound`, `ClassUnknown`, `AnswerDoesNotFit`, `AttributeValueInvalid`, `AnnotationChanged`.
    """
    project_id = project_of(session, actor, image_id)
    check_fits(session, project_id, [body.answer])
    class_id = class_names.resolve(session, project_id, [body.class_id])[body.class_id]
    if not repository.lock_images(session, project_id, [image_id]):
        raise ImageNotFound
    row = repository.annotations(session, [image_id]).get(image_id)
    revision = row.revision if row else 0
    shown = body.suggestion
    given = Given(
        image_id=image_id,
        answer=body.answer,
        class_id=class_id,
        author_id=actor.user_id,
        outcome=outcome(body.answer, class_id, shown),
        suggestion=shown,
        active_s=body.active_s,
        attributes=described(session, project_id, body, row.attributes if row else None),
        batch_id=batch_id,
    )
    is_said = _is_said(row, given)
    if is_said and expected == revision - 1:
        return show(image_id, row)  # The same request again, its first answer got lost.
    if expected != revision:
        raise AnnotationChanged(current=show(image_id, row).model_dump(mode="json"))
    if is_said and (given.answer == "none" or not waiting.is_waiting(session, image_id)):
        update_queue(session, project_id, [given])
        return show(image_id, row)
    kind = _action(row, given)
    if kind == "describe" and row is not None:  # What became of a suggestion was said with the answer.
        given = replace(given, outcome=given.outcome or row.suggestion_outcome)
    present = {image_id: row} if row else {}
    written = write(
        session,
        project_id,
        [given],
        present=present,
        actor_id=actor.user_id,
        action=action or kind,
        changes_labels=kind not in ("confirm", "describe"),
    )
    return schemas.Annotation.model_validate(written[0])


def history(session: ReadSession, actor: Actor, image_id: UUID) -> list[schemas.AnnotationRevision]:
    """Return every revision of an image's answer, newest first; raises `ImageNotFound`."""
    project_of(session, actor, image_id)
    own = veil.hidden(session, image_ids=[image_id], actor=actor).get(image_id)
    if own is not None:
        return [schemas.AnnotationRevision.model_validate(entry) for entry in own.history()]
    return [_to_revision(row, name) for row, name in repository.history(session, image_id)]


def statistics(session: ReadSession, actor: Actor, project_id: UUID) -> schemas.Statistics:
    """Count what has been labelled and what it took."""
    projects.get(session, actor, project_id)
    hidden = veil.hidden(session, project_id=project_id, actor=actor)
    counts = repository.count_answers(session, project_id, but=hidden)
    by_answer, by_class = Counter[str](), Counter[UUID]()
    for answer, class_id, images in counts:
        by_answer[answer] += images
        by_class.update({class_id: images} if class_id else {})
    by_class.update(objects.images_by_class(session, project_id, but=hidden))
    for own in hidden.values():
        by_answer.update([own.answer] if own.answer != "none" else [])
        by_class.update(own.drawn if own.answer == "objects" else [own.class_id] if own.class_id else [])
    midnight = datetime.combine(now().date(), time(), tzinfo=UTC)
    single, bulk, active_s, accepted, corrected, today = repository.count_work(session, project_id, since=midnight)
    return schemas.Statistics(
        labelled=by_answer.total(),
        today=today,
        by_class=by_class,
        by_answer=by_answer,
        actions=single + bulk,
        active_s=round(active_s or 0.0, 3),
        accepted=accepted,
        corrected=corrected,
    )


def project_of(session: ReadSession, actor: Actor, image_id: UUID) -> UUID:
    """Return the project of an image that `actor` may see; raises `ImageNotFound`."""
    project_id = repository.image_project(session, image_id)
    if project_id is None:
        raise ImageNotFound
    try:
        projects.get(session, actor, project_id)
    except projects.ProjectNotFound as error:
        raise ImageNotFound from error
    return project_id


def check_fits(session: ReadSession, project_id: UUID, answers: Iterable[str]) -> None:
    """Raise `AnswerDoesNotFit` for a class where objects are drawn, and for objects where images have a class."""
    other = "objects" if session.get_one(Project, project_id).task == "classification" else "class"
    if other in answers:
        raise AnswerDoesNotFit


def show(image_id: UUID, row: Annotation | None) -> schemas.Annotation:
    """Return an annotation as the API shows it; revision 0 where there is none."""
    if row is not None:
        return schemas.Annotation.model_validate(row)
    empty: dict[str, Any] = dict.fromkeys(("class_id", "author_id", "source", "suggestion_outcome", "updated_at"))
    return schemas.Annotation(image_id=image_id, answer="none", revision=0, **empty)


def described(
    session: ReadSession, project_id: UUID, body: schemas.AnnotationPut, before: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Return the values of the image's attributes, or None where they stay; raises `AttributeValueInvalid`."""
    if body.attributes is None:
        return None
    asked = attribute_checks.load(session, project_id)
    attribute_checks.refuse(asked.image_faults(body.attributes, before))
    return asked.kept(body.attributes, before)


def _action(row: Annotation | None, given: Given) -> str:
    """Say what kind of step it is; one that changes nothing but values describes the image."""
    if _is_content(row, given):
        return "withdraw" if given.answer == "none" else "confirm"
    if _is_answer(row, given):
        return "describe"
    return "withdraw" if given.answer == "none" else "label"


def _is_content(row: Annotation | None, given: Given) -> bool:
    if given.attributes is not None and given.attributes != ((row.attributes if row else None) or {}):
        return False
    return _is_answer(row, given)


def _is_answer(row: Annotation | None, given: Given) -> bool:
    return (row.answer, row.class_id) == (given.answer, given.class_id) if row else given.answer == "none"


def _is_said(row: Annotation | None, given: Given) -> bool:
    """Say whether this person has given exactly this answer already; a withdrawal is nobody's in particular."""
    if not _is_content(row, given):
        return False
    return row is None or given.answer == "none" or (row.author_id, row.source) == (given.author_id, given.source)


def _to_revision(row: Any, name: str | None) -> schemas.AnnotationRevision:
    names = set(schemas.AnnotationRevision.model_fields) - {"at", "author_name", "action"}
    values = {key: getattr(row, key) for key in names}
    action = row.action.partition(":")[0]
    return schemas.AnnotationRevision(**values, at=row.created_at, author_name=name, action=action)
