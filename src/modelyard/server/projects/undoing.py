"""Taking back a change of classes, skeletons or attributes: the latest first."""

from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.events import ClassChangeUndone, ClassesChanged
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import attributes, classes, repository, skeletons, splitting
from modelyard.server.projects.classes import ClassChangeNotFound, ClassChangeTooOld
from modelyard.server.tables import Class, ClassChange, Project, now


def undo(session: WriteSession, actor: Actor, project: Project, change_id: UUID) -> ClassChange:
    """Take back a change; raises `ClassChangeNotFound`, `ClassChangeTooOld`."""
    change = session.get(ClassChange, change_id)
    if change is None or change.project_id != project.id or change.undone_at is not None:
        raise ClassChangeNotFound
    if repository.later_changes(session, change):
        raise ClassChangeTooOld
    if change.kind in attributes.KINDS_OF_CHANGE:
        attributes.take_back(session, project, change)
    else:
        _take_back_class(session, actor, project, change)
    change.undone_at = now()
    classes.note(session, actor, change, "class.undo")
    publish(session, ClassesChanged(project.id))
    return change


def _take_back_class(session: WriteSession, actor: Actor, project: Project, change: ClassChange) -> None:
    row = session.get(Class, UUID(change.inverse["class_id"]))
    if row is None:
        raise ClassChangeNotFound
    was = None
    if change.kind == "skeleton":
        skeletons.take_back(session, row, change)
        was = change.inverse["was"]
    else:
        classes.take_back(session, project, change, row)
    publish(session, ClassChangeUndone(project.id, change.id, actor.user_id, class_id=row.id, was=was))
    if change.kind == "split":
        splitting.take_away_unused(session, project, change.inverse["made"])
