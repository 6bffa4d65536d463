"""The class list: add, change, merge, delete, each with a way back."""

import colorsys
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from modelyard.errors import Conflict, Invalid, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.events import ClassDeleted, ClassesChanged, ClassMerged
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import repository
from modelyard.server.projects import schemas as shapes
from modelyard.server.projects.skeleton_schemas import Skeleton
from modelyard.server.tables import Class, ClassChange, Project, now


class ClassNotFound(NotFound):
    """There is no such class in this project."""


class ClassNameTaken(Conflict):
    """There is a class of this name already. Merge the two, or choose another name."""


class ClassMergeInvalid(Invalid):
    """A class cannot be merged into itself, nor into one whose objects have other points."""


class ClassChangeNotFound(NotFound):
    """There is no such change of the class list."""


class ClassChangeTooOld(Conflict):
    """The class list was changed again since then. Take back the later changes first."""


def get(session: ReadSession, project: Project, class_id: UUID) -> Class:
    """Return a class of the project that is neither deleted nor merged; raises `ClassNotFound`."""
    found = session.get(Class, class_id)
    if found is None or found.project_id != project.id or found.deleted_at is not None:
        raise ClassNotFound
    return found


def show(session: ReadSession, project_id: UUID) -> list[shapes.Class]:
    """Return the classes as the API shows them."""
    counts = repository.images_by_class(session, project_id)
    return [
        shapes.Class(
            id=row.id,
            name=row.name,
            color=row.color,
            position=row.position,
            description=row.description,
            skeleton=Skeleton.model_validate(row.skeleton) if row.skeleton else None,
            images=counts.get(row.id, 0),
        )
        for row in repository.classes(session, project_id)
    ]


def color_of(position: int) -> str:
    """Return a colour that is easy to tell from its neighbours' (golden-angle steps round the colour wheel)."""
    hue = (position * 0.381966) % 1.0
    red, green, blue = colorsys.hls_to_rgb(hue, 0.47 if position % 2 else 0.58, 0.62)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def add(session: WriteSession, actor: Actor, project: Project, body: shapes.ClassCreate) -> Class:
    """Add a class at the end; raises `ClassNameTaken`."""
    if repository.class_by_name(session, project.id, body.name):
        raise ClassNameTaken(f"There is a class {body.name!r} already. Merge the two, or choose another name.")
    position = repository.next_position(session, project.id)
    color = body.color or color_of(position)
    row = Class(
        project_id=project.id,
        name=body.name,
        color=color,
        position=position,
        description=body.description,
        skeleton=body.skeleton.model_dump(mode="json") if body.skeleton else None,
    )
    session.add(row)
    session.flush()
    said: dict[str, Any] = {"name": row.name, "color": row.color}
    record(session, actor, project.id, "add", f"Added {row.name}", {"class_id": str(row.id)}, after=said)
    return row


def ensure(session: WriteSession, actor: Actor, project: Project, names: list[str]) -> dict[str, Class]:
    """Return a class for every name, adding those that are missing; names differ by more than case."""
    known = {row.name.lower(): row for row in repository.classes(session, project.id)}
    for name in names:
        if name.lower() not in known:
            known[name.lower()] = add(session, actor, project, shapes.ClassCreate(name=name))
    return {name: known[name.lower()] for name in names}


def update(session: WriteSession, actor: Actor, project: Project, class_id: UUID, body: shapes.ClassUpdate) -> Class:
    """Rename, recolour, move or describe a class; raises `ClassNotFound`, `ClassNameTaken`."""
    row = get(session, project, class_id)
    changes = body.model_dump(exclude_none=True)
    before = {key: getattr(row, key) for key in changes}
    if body.name and body.name.lower() != row.name.lower() and repository.class_by_name(session, project.id, body.name):
        raise ClassNameTaken(f"There is a class {body.name!r} already. Merge the two, or choose another name.")
    if body.position is not None:
        _move(session, project.id, row, changes.pop("position"))
    for key, value in changes.items():
        setattr(row, key, value)
    summary = f"Renamed {before['name']} to {row.name}" if "name" in before else f"Changed {row.name}"
    after = {key: getattr(row, key) for key in before}
    record(session, actor, project.id, "update", summary, {"class_id": str(row.id), "before": before}, before, after)
    return row


def impact(session: ReadSession, project: Project, class_id: UUID, action: str) -> shapes.ClassImpact:
    """Say what merging or deleting a class would touch."""
    row = get(session, project, class_id)
    annotations = repository.images_by_class(session, project.id).get(row.id, 0)
    versions = repository.versions_with(session, project.id, row.id)
    if action != "delete":
        fate = "get the other class"
    elif project.task == "classification":
        fate = "go back to the labelling queue"
    else:
        fate = "lose what they have of it and keep the rest"
    kept = f" {versions} frozen dataset versions keep it as it was." if versions else ""
    return shapes.ClassImpact(
        annotations=annotations,
        suggestions=repository.suggestions_of(session, row.id),
        versions=versions,
        text=f"{annotations} labelled pictures {fate}.{kept} You can undo this.",
    )


def merge(session: WriteSession, actor: Actor, project: Project, class_id: UUID, into: UUID) -> Class:
    """Give every annotation of one class to another; raises `ClassNotFound`, `ClassMergeInvalid`."""
    if class_id == into:
        raise ClassMergeInvalid
    source, target = get(session, project, class_id), get(session, project, into)
    if source.skeleton and target.skeleton and source.skeleton["points"] != target.skeleton["points"]:
        text = f"{source.name!r} and {target.name!r} have different points. Give both the same skeleton first."
        raise ClassMergeInvalid(text)
    source.deleted_at, source.merged_into_id = now(), target.id
    summary = f"Merged {source.name} into {target.name}"
    before, after = {"class": source.name}, {"class": target.name}
    change = record(session, actor, project.id, "merge", summary, {"class_id": str(source.id)}, before, after)
    publish(session, ClassMerged(project.id, source.id, target.id, change.id, actor.user_id))
    return target


def delete(session: WriteSession, actor: Actor, project: Project, class_id: UUID) -> ClassChange:
    """Take a class off the list; its images go back to the queue. Raises `ClassNotFound`."""
    row = get(session, project, class_id)
    row.deleted_at = now()
    inverse = {"class_id": str(row.id)}
    change = record(session, actor, project.id, "delete", f"Deleted {row.name}", inverse, {"name": row.name})
    publish(session, ClassDeleted(project.id, row.id, change.id, actor.user_id))
    return change


def take_back(session: WriteSession, project: Project, change: ClassChange, row: Class) -> None:
    """Take back what was added, changed, merged or deleted; raises `ClassChangeTooOld`."""
    if change.kind == "add":
        if repository.images_by_class(session, project.id).get(row.id, 0):
            raise ClassChangeTooOld(f"Pictures are labelled {row.name!r} by now. Delete the class instead.")
        row.deleted_at = now()
    elif change.kind == "update":
        before = dict(change.inverse["before"])
        if "position" in before:
            _move(session, project.id, row, before.pop("position"))
        for key, value in before.items():
            setattr(row, key, value)
    else:
        row.deleted_at = row.merged_into_id = None


def _move(session: WriteSession, project_id: UUID, row: Class, position: int) -> None:
    others = [other for other in repository.classes(session, project_id) if other.id != row.id]
    others.insert(max(0, min(position - 1, len(others))), row)
    for index, other in enumerate(others, start=1):
        other.position = index


def record(
    session: WriteSession,
    actor: Actor,
    project_id: UUID,
    kind: str,
    summary: str,
    inverse: dict[str, Any],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> ClassChange:
    """Write down a change with what is needed to take it back, and in the history."""
    change = ClassChange(project_id=project_id, author_id=actor.user_id, kind=kind, summary=summary, inverse=inverse)
    session.add(change)
    session.flush()
    what, _, verb = kind.partition("-") if "-" in kind else ("class", "", kind)
    note(session, actor, change, f"{what}.{verb}", before=before, after=after)
    publish(session, ClassesChanged(project_id))
    return change


def note(session: WriteSession, actor: Actor, change: ClassChange, action: str, **said: Any) -> None:
    """Write what was done to the classes, skeletons or attributes into the history."""
    subject = UUID(change.inverse.get("class_id") or change.inverse["attribute_id"])
    where: dict[str, Any] = {"project_id": change.project_id, "subject_id": subject, "summary": change.summary}
    accounts.record(session, action, actor_id=actor.user_id, **where, **said)
