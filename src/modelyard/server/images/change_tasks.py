"""The jobs that apply what an import's labels change, and take it back: in short steps that can be repeated."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from modelyard.geometry.shapes import from_json
from modelyard.server.accounts.actor import ALL_SCOPES, Actor
from modelyard.server.events import LabelsApplied, LabelsTakenBack, Relabelled
from modelyard.server.images import changes, definitions, repository
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.kit.jobs import JobCancelled, JobContext, Portion, job
from modelyard.server.projects import attribute_arrivals, classes
from modelyard.server.projects import repository as project_repository
from modelyard.server.tables import AnnotationRevision, Import, ImportChange, Project, shape_columns

_PAGE = 500
_IMAGE = 5  # An image's own rows weigh as much as so many objects.
_NOBODY = UUID(int=0)


@job("images.apply_labels", title="Apply labels that came again")
def apply_labels(ctx: JobContext, import_id: str, *, include_edited: bool) -> dict[str, Any]:
    """Apply the differences that still wait.

    Those of images that were changed meanwhile, or that speak of a class that is gone by now, are passed over.
    """
    key = UUID(import_id)
    with ctx.db.read() as session:
        counts = changes.count(session, key)
        said = session.get_one(Import, key).changes or {}
    if said.get("state") != "applying":  # The job was asked to go on after its import was taken back or done with.
        return {"import_id": import_id, "changes": said}
    total = counts["images"] if include_edited else counts["images"] - counts["edited"]
    done = counts["applied"] + counts["passed_over"]
    ctx.stage("Applying labels")
    try:
        portion = Portion(ctx.db, first=500, least=100, most=2000)
        for batch in portion.batches(_waiting(ctx, key, include_edited=include_edited), _weight):
            with portion.write(sum(map(_weight, batch))) as session:
                _apply(session, key, batch, actor_id=ctx.created_by)
            done += len(batch)
            ctx.progress(done, total, stage="Applying labels")
    except JobCancelled:
        _go_back(ctx, key)
        raise
    with ctx.db.write() as session:
        row = session.get_one(Import, key)
        changes.leave_out(session, row)
        return {"import_id": import_id, "changes": row.changes}


@job("images.take_back_labels", title="Take back the labels of an import")
def take_back_labels(ctx: JobContext, import_id: str) -> dict[str, Any]:
    """Return every image that an import spoke of to what it was; those that people changed since stay."""
    key = UUID(import_id)
    action = changes.action_of(key)
    with ctx.db.read() as session:
        project_id = session.get_one(Import, key).project_id
        said = select(AnnotationRevision.image_id).where(AnnotationRevision.project_id == project_id)
        image_ids = list(session.scalars(said.where(AnnotationRevision.action == action).distinct()))
    ctx.stage("Taking labels back")
    back = done = 0
    portion = Portion(ctx.db, first=25, least=5, most=200)
    for part in portion.batches(sorted(image_ids), lambda _: 1):
        with portion.write(len(part)) as session:
            repository.lock_images(session, part)
            states = changes.states_of(session, part)
            mine = [image_id for image_id in part if states.get(image_id, (0, ""))[1] == action]
            if mine:
                publish(session, LabelsTakenBack(project_id, key, ctx.created_by, mine))
        back, done = back + len(mine), done + len(part)
        ctx.progress(done, len(image_ids), stage="Taking labels back")
    with ctx.db.write() as session:
        return _note_taken_back(session, key, actor_id=ctx.created_by)


def _weight(change: ImportChange) -> int:
    return _IMAGE + change.added + change.changed + change.deleted


def _waiting(ctx: JobContext, import_id: UUID, *, include_edited: bool) -> Iterator[ImportChange]:
    """Yield what still waits."""
    after: UUID | None = None
    while True:
        with ctx.db.read() as session:
            query = select(ImportChange).where(ImportChange.import_id == import_id, ImportChange.state == "waiting")
            query = query if include_edited else query.where(ImportChange.is_edited.is_(False))
            query = query if after is None else query.where(ImportChange.id > after)
            rows = list(session.scalars(query.order_by(ImportChange.id).limit(_PAGE)))
        if not rows:
            return
        after = rows[-1].id
        yield from rows


def _apply(session: WriteSession, import_id: UUID, batch: Sequence[ImportChange], *, actor_id: UUID | None) -> None:
    row = session.get_one(Import, import_id)
    class_ids = _class_ids(session, row, batch, actor_id)
    if any(_attributes(batch)):
        repository.lock_project(session, row.project_id)  # before its images, as everywhere
    there = repository.lock_images(session, [change.image_id for change in batch])
    states = changes.states_of(session, [change.image_id for change in batch])
    live = {str(known.id) for known in project_repository.classes(session, row.project_id)}
    fit = [
        change
        for change in batch
        if change.image_id in there
        and states.get(change.image_id, (0, ""))[0] == change.revision
        and live.issuperset(entry["class_id"] for entry in _named(change) if entry["class_id"])
    ]
    _define(session, row, fit, actor_id)
    images = [_relabelled(change, class_ids) for change in fit]
    publish(session, LabelsApplied(row.project_id, import_id, actor_id, images))
    applied = {change.id for change in fit}
    states_now = [{"id": change.id, "state": "applied" if change.id in applied else "passed_over"} for change in batch]
    session.execute(update(ImportChange), states_now)


def _class_ids(
    session: WriteSession, row: Import, batch: Sequence[ImportChange], actor_id: UUID | None
) -> dict[str, UUID]:
    """Return the class of each id and name that the batch speaks of, adding those that are missing."""
    named = [entry for change in batch for entry in _named(change)]
    names = sorted({entry["class_name"] for entry in named if entry["class_name"]})
    found = {entry["class_id"]: UUID(entry["class_id"]) for entry in named if entry["class_id"]}
    if names:
        project = repository.lock_project(session, row.project_id)
        known = {known.id for known in project_repository.classes(session, project.id)}
        actor = Actor(actor_id or _NOBODY, "import", False, ALL_SCOPES, "token")
        made = classes.ensure(session, actor, project, names)
        found |= {name: made[name].id for name in names}
        definitions.note_classes(row, [made[name].id for name in names if made[name].id not in known])
    return found


def _named(change: ImportChange) -> list[dict[str, Any]]:
    """Return whatever in a difference names a class."""
    return [change.said, *change.said["put"]]


def _attributes(batch: Sequence[ImportChange]) -> tuple[definitions.Seen, definitions.Seen]:
    """Return the values of attributes of objects, and of images."""
    of_objects = attribute_arrivals.different(item["attributes"] for change in batch for item in change.said["put"])
    of_images = attribute_arrivals.different(change.said.get("attributes") or {} for change in batch)
    return of_objects, of_images


def _define(session: WriteSession, row: Import, batch: Sequence[ImportChange], actor_id: UUID | None) -> None:
    """Define the attributes that the batch speaks of and the project lacks, as an import of new pictures does."""
    project = session.get_one(Project, row.project_id)
    actor = Actor(actor_id or _NOBODY, "import", False, ALL_SCOPES, "token")
    definitions.define(session, actor, row, project, *_attributes(batch))


def _relabelled(change: ImportChange, class_ids: dict[str, UUID]) -> Relabelled:
    said = change.said
    put = [
        {
            "object_id": UUID(item["object_id"]),
            "class_id": class_ids[item["class_id"] or item["class_name"]],
            "attributes": item["attributes"],
            "z": item["z"],
            **shape_columns(from_json(item["shape"])),
        }
        for item in said["put"]
    ]
    named = said["class_id"] or said["class_name"]
    class_id = class_ids[named] if named else None
    gone = [UUID(object_id) for object_id in said["delete"]]
    return Relabelled(change.image_id, said["answer"], class_id, put, gone, said.get("attributes"))


def _go_back(ctx: JobContext, import_id: UUID) -> None:
    """See to it that nothing stays half applied."""
    with ctx.db.write() as session:
        row = session.get_one(Import, import_id)
        actor = Actor(ctx.created_by or _NOBODY, "import", False, ALL_SCOPES, "token")
        changes.start(session, actor, row, "taking_back", "images.take_back_labels")


def _note_taken_back(session: WriteSession, import_id: UUID, *, actor_id: UUID | None) -> dict[str, Any]:
    row = session.get_one(Import, import_id)
    project = session.get_one(Project, row.project_id)
    actor = Actor(actor_id or _NOBODY, "import", False, ALL_SCOPES, "token")
    used = project_repository.images_by_class(session, project.id)
    present = {known.id for known in project_repository.classes(session, project.id)}
    for class_id in map(UUID, (row.changes or {}).get("classes_made", [])):
        if class_id in present and not used.get(class_id):
            classes.delete(session, actor, project, class_id)
    definitions.undefine(session, actor, row, project)
    kept, names = changes.moved_on(session, row)
    row.changes = (row.changes or {}) | {"state": "taken_back", "kept": kept, "kept_names": names}
    return {"import_id": str(import_id), "changes": row.changes}
