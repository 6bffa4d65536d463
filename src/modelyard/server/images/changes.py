"""What labels that came again would change: counted, looked at, applied on a person's word, and taken back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from modelyard.errors import Conflict, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.images import change_schemas as schemas
from modelyard.server.images import comparing
from modelyard.server.images.cards import cards
from modelyard.server.images.matching import Thing
from modelyard.server.kit import jobs
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import keyset
from modelyard.server.projects import attribute_repository
from modelyard.server.tables import Annotation, AnnotationRevision, Image, Import, ImportChange, Job, shape_json

_NAMED = 100
_AT_WORK = ("applying", "taking_back")


class NothingToApply(Conflict):
    """This import has no differences that wait to be applied."""


class NothingToTakeBack(Conflict):
    """This import said nothing that could be taken back, or it was taken back already."""


class ChangesUnderWay(Conflict):
    """The labels of this import are being applied or taken back right now. Wait until that has ended."""


class ChangeNotFound(NotFound):
    """The labels of this import change nothing in this image."""


def action_of(import_id: UUID) -> str:
    """Return how the history names what an import said."""
    return f"import:{import_id}"


def undo_of(import_id: UUID) -> str:
    """Return how the history names that it was taken back."""
    return f"import-undo:{import_id}"


def note_difference(session: WriteSession, row: Import, *, compared: int) -> None:
    """Write down in the import what its labels would change."""
    counts = count(session, row.id)
    if not counts["images"] and not compared and row.changes is None:
        return
    state = "waiting" if counts["images"] else "none"
    counts |= {"state": state, "compared": compared, "classes": new_classes(session, row.id)}
    row.changes = (row.changes or {}) | counts


def count(session: ReadSession, import_id: UUID) -> dict[str, Any]:
    """Count the differences of an import, and what became of them."""
    change = ImportChange
    groups = (change.state, change.is_edited, change.is_answer_new)
    added, changed, deleted = (func.sum(column) for column in (change.added, change.changed, change.deleted))
    query = select(*groups, func.count(), added, changed, deleted).where(change.import_id == import_id)
    found = {"images": 0, "edited": 0, "answers": 0, "added": 0, "changed": 0, "deleted": 0}
    found |= {"applied": 0, "passed_over": 0, "left_out": 0}
    for state, is_edited, is_answer_new, images, *objects in session.execute(query.group_by(*groups)):
        found["images"] += images
        found["edited"] += images if is_edited else 0
        found["answers"] += images if is_answer_new else 0
        for key, number in zip(("added", "changed", "deleted"), objects, strict=True):
            found[key] += int(number)
        if state in found:
            found[state] += images
    return found


def new_classes(session: ReadSession, import_id: UUID) -> list[str]:
    """Return the classes that the project lacks, as the differences of an import name them."""
    names: dict[str, None] = {}
    query = select(ImportChange.said).where(ImportChange.import_id == import_id, ImportChange.state == "waiting")
    for said in session.scalars(query.execution_options(yield_per=500)):
        for entry in (said, *said["put"]):
            if entry["class_name"]:
                names[entry["class_name"]] = None
    return sorted(names)


def page(
    session: ReadSession, row: Import, query: schemas.ChangeQuery
) -> tuple[list[schemas.ImportChange], str | None]:
    """Return one page of an import's differences, image by image."""
    wanted = select(ImportChange).where(ImportChange.import_id == row.id)
    if query.kind:
        wanted = wanted.where(_KINDS[query.kind])
    if query.edited is not None:
        wanted = wanted.where(ImportChange.is_edited == query.edited)
    if query.state:
        wanted = wanted.where(ImportChange.state == query.state)
    rows, cursor = keyset(session, wanted, order=[(ImportChange.id, "asc")], cursor=query.cursor, limit=query.limit)
    images = {card.id: card for card in cards(session, [change.image_id for change in rows])}
    return [_shown(change, images[change.image_id]) for change in rows], cursor


def look(session: ReadSession, row: Import, image_id: UUID) -> schemas.ImportChangeDetail:
    """Return what an image says before and after; raises `ChangeNotFound`."""
    query = select(ImportChange).where(ImportChange.import_id == row.id, ImportChange.image_id == image_id)
    change = session.scalars(query).first()
    if change is None:
        raise ChangeNotFound
    past = select(AnnotationRevision).where(AnnotationRevision.image_id == image_id)
    before = session.scalars(past.where(AnnotationRevision.revision == change.revision)).first()
    things: list[Thing] = comparing.drawn(session, [image_id], at={image_id: change.revision}).get(image_id, [])
    objects = [_object(thing) for thing in things]
    put = {UUID(item["object_id"]): schemas.ChangeObject.model_validate(item) for item in change.said["put"]}
    gone = {UUID(object_id) for object_id in change.said["delete"]}
    kept = [put.get(item.object_id, item) for item in objects if item.object_id not in gone]
    there = {item.object_id for item in objects}
    image = cards(session, [image_id])[0]
    hidden = attribute_repository.hidden_names(session, row.project_id, "image")
    described = (before.attributes if before else None) or {}
    becomes = change.said.get("attributes")
    return schemas.ImportChangeDetail(
        **_shown(change, image).model_dump(exclude={"image"}),
        image=image,
        before=schemas.ChangeSide(
            answer=before.answer if before else "none",
            class_id=before.class_id if before else None,
            class_name=None,
            attributes={name: value for name, value in described.items() if name not in hidden},
            objects=objects,
        ),
        after=schemas.ChangeSide(
            answer=change.said["answer"],
            class_id=change.said["class_id"],
            class_name=change.said["class_name"],
            attributes={
                name: value for name, value in (described if becomes is None else becomes).items() if name not in hidden
            },
            objects=[*kept, *(item for item in put.values() if item.object_id not in there)],
        ),
    )


def apply(session: WriteSession, actor: Actor, row: Import, *, include_edited: bool) -> Import:
    """Begin to apply an import's differences; raises `NothingToApply`, `ChangesUnderWay`."""
    _check_rests(session, row)
    if state_of(session, row) != "waiting":
        raise NothingToApply
    return start(session, actor, row, "applying", "images.apply_labels", include_edited=include_edited)


def take_back(session: WriteSession, actor: Actor, row: Import) -> Import:
    """Begin to take back all that an import said; raises `NothingToTakeBack`, `ChangesUnderWay`."""
    _check_rests(session, row)
    if row.state != "finished" or state_of(session, row) == "taken_back" or not _has_said(session, row):
        raise NothingToTakeBack
    return start(session, actor, row, "taking_back", "images.take_back_labels")


def discard(session: WriteSession, actor: Actor, row: Import) -> Import:
    """Forget the differences of an import that wait, so that they change nothing.

    Where an application ended in its middle, what it applied stays, to be taken back or not.

    Raises:
        NothingToApply: None wait.
        ChangesUnderWay: They are being applied right now.
    """
    _check_rests(session, row)
    if state_of(session, row) != "waiting":
        raise NothingToApply
    if count(session, row.id)["applied"]:
        leave_out(session, row)
    else:
        forget(session, row.id)
        row.changes = (row.changes or {}) | {"state": "discarded"}
    note(session, actor, row, "import.labels_left_out")
    return row


def note(session: WriteSession, actor: Actor, row: Import, action: str) -> None:
    """Write what was done with an import into the history."""
    where: dict[str, Any] = {"project_id": row.project_id, "subject_id": row.id, "name": row.source}
    accounts.record(session, action, actor_id=actor.user_id, **where)


def leave_out(session: WriteSession, row: Import) -> None:
    """End an application: what still waits stays as it is."""
    rest = update(ImportChange).where(ImportChange.import_id == row.id, ImportChange.state == "waiting")
    session.execute(rest.values(state="left_out").execution_options(synchronize_session=False))
    row.changes = (row.changes or {}) | count(session, row.id) | {"state": "applied"}


def forget(session: WriteSession, import_id: UUID) -> None:
    """Delete the differences of an import."""
    session.execute(delete(ImportChange).where(ImportChange.import_id == import_id))


def moved_on(session: ReadSession, row: Import) -> tuple[int, list[str]]:
    """Return how many images an import spoke of that people changed afterwards, and the names of the first."""
    said, after = AnnotationRevision, aliased(AnnotationRevision)
    query = select(Image.name).join(said, said.image_id == Image.id)
    query = query.join(after, (after.annotation_id == said.annotation_id) & (after.revision == said.revision + 1))
    query = query.where(said.project_id == row.project_id, said.action == action_of(row.id))
    query = query.where(after.action != undo_of(row.id), Image.deleted_at.is_(None))
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return count, list(session.scalars(query.order_by(Image.name).limit(_NAMED)))


def state_of(session: ReadSession, row: Import) -> str:
    """Return how the differences of an import stand.

    An application that was stopped before it began, or failed, leaves them waiting for another word.
    """
    said = row.changes or {}
    state = str(said.get("state", "none"))
    if state not in _AT_WORK or _is_active(session, row):
        return state
    if state == "applying":
        return "waiting"
    return "applied" if said.get("applied") else "none"


def _check_rests(session: ReadSession, row: Import) -> None:
    if _is_active(session, row):
        raise ChangesUnderWay


def _is_active(session: ReadSession, row: Import) -> bool:
    job = session.get(Job, row.job_id) if row.job_id else None
    return job is not None and job.state in ("queued", "running")


def _has_said(session: ReadSession, row: Import) -> bool:
    said = select(AnnotationRevision.id).where(AnnotationRevision.project_id == row.project_id)
    return session.scalar(said.where(AnnotationRevision.action == action_of(row.id)).limit(1)) is not None


def start(session: WriteSession, actor: Actor, row: Import, state: str, kind: str, **params: Any) -> Import:
    """Ask for a job that applies or takes back, and say so in the import."""
    title = {"applying": "Apply the labels of", "taking_back": "Take back the labels of"}[state]
    job = jobs.enqueue(
        session,
        kind,
        params={"import_id": str(row.id), **params},
        project_id=row.project_id,
        created_by=actor.user_id,
        queueing_lock=f"import:{row.id}",
        title=f"{title} {row.source}"[:200],
    )
    row.changes = (row.changes or {}) | {"state": state}
    row.job_id = job.id
    done = {"applying": "import.labels_applied", "taking_back": "import.labels_taken_back"}[state]
    note(session, actor, row, done)
    return row


_KINDS = {
    "added": ImportChange.added > 0,
    "changed": ImportChange.changed > 0,
    "deleted": ImportChange.deleted > 0,
    "answer": ImportChange.is_answer_new.is_(True),
}


def _shown(change: ImportChange, image: Any) -> schemas.ImportChange:
    names = ("added", "changed", "deleted", "is_edited", "is_answer_new", "state", "revision")
    return schemas.ImportChange(image=image, **{name: getattr(change, name) for name in names})


def _object(thing: Thing) -> schemas.ChangeObject:
    return schemas.ChangeObject(
        object_id=thing.object_id,
        class_id=thing.class_key,
        class_name=None,
        shape=shape_json(comparing.Stored(*thing.bounds, thing.shape)),
        attributes=dict(thing.attributes),
        z=thing.z or 0,
    )


def states_of(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, tuple[int, str]]:
    """Return the present revision of each image's annotation, and what made it."""
    last = AnnotationRevision
    query = select(Annotation.image_id, Annotation.revision, last.action)
    query = query.join(last, (last.annotation_id == Annotation.id) & (last.revision == Annotation.revision))
    rows = session.execute(query.where(Annotation.image_id.in_(image_ids)))
    return {image_id: (revision, action) for image_id, revision, action in rows}
