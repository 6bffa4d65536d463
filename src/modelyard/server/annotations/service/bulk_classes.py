"""One class of the image as a whole, given to many images or taken from them in one step, and its exact undo."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from modelyard.geometry.shapes import Whole
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import schemas
from modelyard.server.annotations.repository import answers as repository
from modelyard.server.annotations.repository import objects
from modelyard.server.annotations.service import class_names, gold_steps, object_classes, steps
from modelyard.server.annotations.service.answers import check_fits
from modelyard.server.annotations.service.writing import Given
from modelyard.server.images import veil
from modelyard.server.kit.database import WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Annotation, AnnotationRevision, Object, new_id, now, shape_columns

DONE, UNDONE = "classes", "classes-undo"


def change_class(
    session: WriteSession, actor: Actor, project_id: UUID, body: schemas.BulkClass
) -> list[schemas.ChangedAnnotation]:
    """Give or take a class; images that have it, or lack it, already are passed over.

    Nothing is said of other classes: answers stay, and images that wait go on waiting, with the class chosen.
    Raises `ImageNotFound`, `ClassUnknown`, `AnswerDoesNotFit`, `AnnotationChanged`.
    """
    projects.get(session, actor, project_id)
    check_fits(session, project_id, ["objects"])
    class_id = class_names.resolve(session, project_id, [body.class_id])[body.class_id]
    every = list(dict.fromkeys(body.image_ids))
    hidden = veil.hidden(session, image_ids=every, actor=actor)
    present = gold_steps.seen(steps.lock(session, project_id, every), hidden)
    if body.revisions is not None:
        steps.check_unmoved(body.revisions, present)
    apart = gold_steps.change_class(session, actor, project_id, hidden, class_id, is_added=body.change == "add")
    image_ids = [image_id for image_id in every if image_id not in hidden]
    found = objects.with_class(session, image_ids, class_id)
    held = {row.image_id for row in found}
    touched = [image_id for image_id in image_ids if (image_id in held) == (body.change == "remove")]
    share_s = None if body.active_s is None else body.active_s / max(1, len(touched))
    given = [
        Given(image_id, steps.content_of(present.get(image_id))[0], author_id=actor.user_id, active_s=share_s)
        for image_id in touched
    ]
    changed = steps.step(session, actor, project_id, given, present=present, action=DONE)
    revisions = {row.image_id: row.revision for row in changed}
    if body.change == "remove":
        objects.end(session, found, revisions)
    elif class_id is not None:
        common = {"project_id": project_id, "class_id": class_id, "author_id": actor.user_id, "source": "human"}
        common |= {"attributes": {}, "z": 0, "active_s": None, "until_revision": None, "created_at": now()}
        common |= shape_columns(Whole())
        rows = [
            {"id": new_id(), "object_id": new_id(), "image_id": image_id, "since_revision": revision, **common}
            for image_id, revision in revisions.items()
        ]
        objects.begin(session, rows)
    return changed + apart


def restore_classes(
    session: WriteSession, actor: Actor, project_id: UUID, items: Sequence[schemas.RestoreClasses]
) -> list[schemas.ChangedAnnotation]:
    """Return images to the classes as a whole that they had at earlier revisions, all or none.

    What comes back is as it was, and whose it was; what is drawn, and answers, stay.
    Raises `ImageNotFound`, `ClassUnknown`, `AnnotationChanged`.
    """
    projects.get(session, actor, project_id)
    every = {item.image_id: item for item in items}
    hidden = veil.hidden(session, image_ids=every, actor=actor)
    wanted = {image_id: item for image_id, item in every.items() if image_id not in hidden}
    missing = [row.class_id for row in _difference(session, wanted).returning]
    meant = class_names.resolve(session, project_id, missing)
    present = gold_steps.seen(steps.lock(session, project_id, every), hidden)
    steps.check_unmoved({image_id: item.revision for image_id, item in every.items()}, present)
    apart = gold_steps.restore_classes(session, actor, project_id, hidden, {id_: every[id_].to for id_ in hidden})
    present = {image_id: row for image_id, row in present.items() if image_id in wanted}
    found = _difference(session, wanted)
    touched = {row.image_id for row in (*found.ended, *found.returning)}
    revisions = {item.image_id: item.to for item in items}
    earlier = repository.at_revisions(session, [row.id for row in present.values()], revisions)
    given = [_as_before(present[image_id], earlier.get(image_id), actor) for image_id in wanted if image_id in touched]
    changed = steps.step(session, actor, project_id, given, present=present, action=UNDONE)
    now_at = {row.image_id: row.revision for row in changed}
    object_classes.swap(session, now_at, ended=found.ended, returning=found.returning, meant=meant)
    return changed + apart


class _Difference(NamedTuple):
    ended: list[Object]
    returning: list[Object]


def _difference(session: WriteSession, wanted: Mapping[UUID, schemas.RestoreClasses]) -> _Difference:
    """Return what images have as a whole now and had not then, and what they had then and have not now."""
    found = _Difference([], [])
    for image_id, rows in objects.whole_by_image(session, wanted).items():
        present = {row.class_id: row for row in rows if row.until_revision is None}
        then = {row.class_id: row for row in rows if _held(row, wanted[image_id].to)}
        found.ended.extend(row for class_id, row in present.items() if class_id not in then)
        found.returning.extend(row for class_id, row in then.items() if class_id not in present)
    return found


def _held(row: Object, revision: int) -> bool:
    return row.since_revision <= revision and (row.until_revision is None or row.until_revision > revision)


def _as_before(row: Annotation, before: AnnotationRevision | None, actor: Actor) -> Given:
    is_same = before is not None and before.answer == row.answer
    return Given(
        row.image_id,
        row.answer,
        row.class_id,
        author_id=before.author_id if before and is_same else actor.user_id,
        source=before.source if before and is_same else "human",
        outcome=before.suggestion_outcome if before and is_same else None,
    )
