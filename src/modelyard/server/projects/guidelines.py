"""Guidelines: how a project and its classes are labelled. Every save is a version; older ones can be brought back."""

from collections.abc import Sequence
from uuid import UUID

from modelyard.errors import Conflict, Invalid, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.notifications.service import notify
from modelyard.server.projects import guideline_repository as repository
from modelyard.server.projects import guideline_schemas as schemas
from modelyard.server.projects import service as projects
from modelyard.server.projects.classes import ClassNotFound
from modelyard.server.tables import Class, GuidelineReading, GuidelineVersion, Project, now

_VERSIONS_SHOWN = 200


class GuidelineVersionNotFound(NotFound):
    """There is no such version of the guidelines, or you may not see it."""


class GuidelinesChanged(Conflict):
    """Somebody saved these guidelines after you opened them. Look at what they wrote, then save again."""


class ExampleUnknown(Invalid):
    """Some of these examples are not pictures of this project, or were deleted."""


def current(session: ReadSession, actor: Actor, project_id: UUID) -> list[schemas.Guideline]:
    """Return the guidelines that count: the project's first, then those of its classes."""
    projects.get(session, actor, project_id)
    read = repository.readings(session, project_id, actor.user_id)
    rows = repository.current(session, project_id)
    shown = _show(session, project_id, rows)
    return [
        schemas.Guideline(**version.model_dump(), read_number=read.get(row.subject))
        for row, version in zip(rows, shown, strict=True)
    ]


def versions(
    session: ReadSession, actor: Actor, project_id: UUID, class_id: UUID | None
) -> list[schemas.GuidelineVersion]:
    """Return the versions of a project's or a class's guidelines, newest first."""
    projects.get(session, actor, project_id)
    rows = repository.versions(session, project_id, subject_of(class_id), limit=_VERSIONS_SHOWN)
    return _show(session, project_id, rows)


def save(session: WriteSession, actor: Actor, project_id: UUID, body: schemas.GuidelineSave) -> schemas.Guideline:
    """Save the next version; one that changes nothing is none. Everybody in the project is told.

    Raises:
        GuidelinesChanged: It is based on a version that is not the newest.
        ExampleUnknown: An example is no picture of the project.
        ClassNotFound: There is no such class.
    """
    project = projects.get(session, actor, project_id)
    repository.lock(session, project_id)
    known = repository.present_images(session, project_id, [example.image_id for example in body.examples])
    if unknown := [str(example.image_id) for example in body.examples if example.image_id not in known]:
        raise ExampleUnknown(image_ids=unknown)
    before = repository.newest(session, project_id, subject_of(body.class_id))
    number = before.number if before else 0
    if body.based_on != number:
        raise GuidelinesChanged(number=number)
    examples = [example.model_dump(mode="json") for example in body.examples]
    if before is None or (before.text, before.examples) != (body.text, examples):
        named = _class(session, project_id, body.class_id)
        version = GuidelineVersion(text=body.text, examples=examples, note=body.note, number=number + 1)
        _add(session, actor, project, named, version)
    return _shown(session, actor, project_id, body.class_id)


def restore(session: WriteSession, actor: Actor, version_id: UUID) -> schemas.Guideline:
    """Make an older version the newest one; raises `GuidelineVersionNotFound`, `ClassNotFound`."""
    old = session.get(GuidelineVersion, version_id)
    if old is None:
        raise GuidelineVersionNotFound
    try:
        project = projects.get(session, actor, old.project_id)
    except projects.ProjectNotFound as error:
        raise GuidelineVersionNotFound from error
    repository.lock(session, project.id)
    newest = repository.newest(session, project.id, old.subject)
    if newest is not None and newest.id != old.id:
        facts = {"text": old.text, "examples": old.examples, "note": f"As version {old.number}"}
        named = _class(session, project.id, old.class_id)
        version = GuidelineVersion(**facts, number=newest.number + 1, restored_from=old.number)
        _add(session, actor, project, named, version)
    return _shown(session, actor, project.id, old.class_id)


def mark_read(session: WriteSession, actor: Actor, project_id: UUID, body: schemas.GuidelineRead) -> None:
    """Note that this person has read a version; an older one than they read before changes nothing."""
    projects.get(session, actor, project_id)
    subject = subject_of(body.class_id)
    newest = repository.newest(session, project_id, subject)
    if newest is None:
        raise GuidelineVersionNotFound
    _read(session, actor.user_id, project_id, subject, min(body.number, newest.number))


def subject_of(class_id: UUID | None) -> str:
    """Return what guidelines are about, as the table says it."""
    return "project" if class_id is None else str(class_id)


def _add(session: WriteSession, actor: Actor, project: Project, named: Class | None, version: GuidelineVersion) -> None:
    version.project_id, version.author_id = project.id, actor.user_id
    version.class_id, version.subject = named.id if named else None, subject_of(named.id if named else None)
    session.add(version)
    session.flush()
    _read(session, actor.user_id, project.id, version.subject, version.number)
    about = f"the class “{named.name}”" if named else f"the project “{project.name}”"
    after = {"about": named.name if named else project.name, "number": version.number, "note": version.note}
    accounts.record(session, "guidelines.changed", actor_id=actor.user_id, project_id=project.id, after=after)
    notify(
        session,
        "guidelines_changed",
        repository.member_ids(session, project.id),
        project_id=project.id,
        actor_id=actor.user_id,
        text=f"{actor.name} changed the guidelines of {about}{f': {version.note}' if version.note else '.'}",
        path=f"/projects/{project.id}/guidelines" + (f"?about={named.id}" if named else ""),
    )


def _read(session: WriteSession, user_id: UUID, project_id: UUID, subject: str, number: int) -> None:
    row = session.get(GuidelineReading, (user_id, project_id, subject), with_for_update=True)
    if row is None:
        session.add(GuidelineReading(user_id=user_id, project_id=project_id, subject=subject, number=number))
    elif row.number < number:
        row.number, row.read_at = number, now()
    session.flush()


def _class(session: ReadSession, project_id: UUID, class_id: UUID | None) -> Class | None:
    if class_id is None:
        return None
    found = session.get(Class, class_id)
    if found is None or found.project_id != project_id or found.deleted_at is not None:
        raise ClassNotFound
    return found


def _shown(session: ReadSession, actor: Actor, project_id: UUID, class_id: UUID | None) -> schemas.Guideline:
    found = [row for row in current(session, actor, project_id) if row.class_id == class_id]
    if not found:
        raise GuidelineVersionNotFound
    return found[0]


def _show(session: ReadSession, project_id: UUID, rows: Sequence[GuidelineVersion]) -> list[schemas.GuidelineVersion]:
    names = repository.names(session, [row.author_id for row in rows if row.author_id])
    ids = [UUID(example["image_id"]) for row in rows for example in row.examples]
    present = repository.present_images(session, project_id, ids)
    own = ("id", "class_id", "number", "text", "note", "restored_from", "created_at")
    return [
        schemas.GuidelineVersion(
            **{name: getattr(row, name) for name in own},
            author_name=names.get(row.author_id) if row.author_id else None,
            examples=[
                schemas.ShownExample(**example, is_missing=UUID(example["image_id"]) not in present)
                for example in row.examples
            ],
        )
        for row in rows
    ]
