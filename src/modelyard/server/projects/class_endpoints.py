"""The class list over HTTP."""

from typing import Literal
from uuid import UUID

from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects import classes, repository, schemas, service, skeletons, splitting, undoing
from modelyard.server.projects.service import ProjectNotFound
from modelyard.server.projects.skeleton_schemas import SkeletonImpact, SkeletonPut
from modelyard.server.projects.split_schemas import ClassSplit, SplitImpact

router = Routes(prefix="/projects/{project_id}", tags=["classes"])


@router.get("/classes", operation_id="classes.list", responses=problems(ProjectNotFound))
def list_classes(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.Class]:
    """List the classes in their order on screen."""
    service.get(session, actor, project_id)
    return classes.show(session, project_id)


@router.post(
    "/classes",
    operation_id="classes.create",
    status_code=201,
    responses=problems(ProjectNotFound, classes.ClassNameTaken),
)
def create_class(
    project_id: UUID, body: schemas.ClassCreate, actor: CurrentActor, session: Writing
) -> list[schemas.Class]:
    """Add a class; answers with the whole list."""
    classes.add(session, actor, service.get(session, actor, project_id), body)
    return classes.show(session, project_id)


@router.patch(
    "/classes/{class_id}",
    operation_id="classes.update",
    responses=problems(ProjectNotFound, classes.ClassNotFound, classes.ClassNameTaken),
)
def update_class(
    project_id: UUID, class_id: UUID, body: schemas.ClassUpdate, actor: CurrentActor, session: Writing
) -> list[schemas.Class]:
    """Rename, recolour, move or describe a class; answers with the whole list."""
    classes.update(session, actor, service.get(session, actor, project_id), class_id, body)
    return classes.show(session, project_id)


@router.get(
    "/classes/{class_id}/impact",
    operation_id="classes.impact",
    responses=problems(ProjectNotFound, classes.ClassNotFound),
)
def class_impact(
    project_id: UUID, class_id: UUID, action: Literal["merge", "delete"], actor: CurrentActor, session: Reading
) -> schemas.ClassImpact:
    """Say beforehand what merging or deleting a class would touch."""
    return classes.impact(session, service.get(session, actor, project_id), class_id, action)


@router.post(
    "/classes/{class_id}/merge",
    operation_id="classes.merge",
    responses=problems(ProjectNotFound, classes.ClassNotFound, classes.ClassMergeInvalid),
)
def merge_class(
    project_id: UUID, class_id: UUID, body: schemas.ClassMerge, actor: CurrentActor, session: Writing
) -> list[schemas.Class]:
    """Give every annotation of this class to another; can be undone."""
    classes.merge(session, actor, service.get(session, actor, project_id), class_id, body.into)
    return classes.show(session, project_id)


@router.post(
    "/classes/{class_id}/split/impact",
    operation_id="classes.split_impact",
    responses=problems(ProjectNotFound, classes.ClassNotFound, splitting.ClassSplitInvalid),
)
def split_impact(
    project_id: UUID, class_id: UUID, body: ClassSplit, actor: CurrentActor, session: Reading
) -> SplitImpact:
    """Say beforehand which class would get how much of this one."""
    return splitting.impact(session, service.get(session, actor, project_id), class_id, body)


@router.post(
    "/classes/{class_id}/split",
    operation_id="classes.split",
    responses=problems(ProjectNotFound, classes.ClassNotFound, splitting.ClassSplitInvalid),
)
def split_class(
    project_id: UUID, class_id: UUID, body: ClassSplit, actor: CurrentActor, session: Writing
) -> list[schemas.Class]:
    """Give annotations of this class to others, by rules; can be undone as a whole. Answers with the whole list."""
    splitting.split(session, actor, service.get(session, actor, project_id), class_id, body)
    return classes.show(session, project_id)


@router.delete(
    "/classes/{class_id}",
    operation_id="classes.delete",
    responses=problems(ProjectNotFound, classes.ClassNotFound),
)
def delete_class(project_id: UUID, class_id: UUID, actor: CurrentActor, session: Writing) -> schemas.ClassChange:
    """Take a class off the list; its pictures go back to the queue. Can be undone."""
    change = classes.delete(session, actor, service.get(session, actor, project_id), class_id)
    return schemas.ClassChange.model_validate(change)


@router.put(
    "/classes/{class_id}/skeleton",
    operation_id="classes.set_skeleton",
    responses=problems(ProjectNotFound, classes.ClassNotFound, skeletons.SkeletonInvalid),
)
def set_skeleton(
    project_id: UUID, class_id: UUID, body: SkeletonPut, actor: CurrentActor, session: Writing
) -> list[schemas.Class]:
    """Name the points that a class's objects are marked by; objects follow, and it can be undone."""
    skeletons.put(session, actor, service.get(session, actor, project_id), class_id, body)
    return classes.show(session, project_id)


@router.post(
    "/classes/{class_id}/skeleton/impact",
    operation_id="classes.skeleton_impact",
    responses=problems(ProjectNotFound, classes.ClassNotFound, skeletons.SkeletonInvalid),
)
def skeleton_impact(
    project_id: UUID, class_id: UUID, body: SkeletonPut, actor: CurrentActor, session: Reading
) -> SkeletonImpact:
    """Say beforehand what a change of a skeleton would do to what is drawn."""
    return skeletons.impact(session, service.get(session, actor, project_id), class_id, body)


@router.get("/class-changes", operation_id="class_changes.list", responses=problems(ProjectNotFound))
def list_changes(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.ClassChange]:
    """List the latest changes of the class list."""
    service.get(session, actor, project_id)
    return [schemas.ClassChange.model_validate(change) for change in repository.changes(session, project_id)]


@router.post(
    "/class-changes/{change_id}/undo",
    operation_id="class_changes.undo",
    responses=problems(ProjectNotFound, classes.ClassChangeNotFound, classes.ClassChangeTooOld),
)
def undo_change(project_id: UUID, change_id: UUID, actor: CurrentActor, session: Writing) -> list[schemas.Class]:
    """Take back the latest change of classes, skeletons or attributes; answers with the list of classes."""
    undoing.undo(session, actor, service.get(session, actor, project_id), change_id)
    return classes.show(session, project_id)
