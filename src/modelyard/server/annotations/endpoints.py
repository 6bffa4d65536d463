"""Annotations over HTTP: one answer, many at once, taken back, and what it all took."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query, Request

from modelyard.server.annotations import schemas, service
from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.kit.idempotency import IdempotencyKeyReused, once
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(tags=["annotations"])

IfMatch = Annotated[str | None, Header(description="Revision that was seen; 0 or absent for a first answer.")]
InBatch = Annotated[
    UUID | None,
    Query(description="The batch that it is labelled in. Where that wants several labels, one's own is meant."),
]
BATCH_PROBLEMS = (service.BatchNotFound, service.BatchIsForOthers)

_CHANGE_PROBLEMS = (
    service.ImageNotFound,
    service.AnnotationChanged,
    service.ClassUnknown,
    service.AnswerDoesNotFit,
)


@router.put(
    "/images/{image_id}/annotation",
    operation_id="annotations.put",
    responses=problems(
        service.ImageNotFound,
        service.AnnotationChanged,
        service.ClassUnknown,
        service.AnswerDoesNotFit,
        service.AttributeValueInvalid,
        service.RevisionInvalid,
        service.EnoughLabels,
        service.PictureDecided,
        *BATCH_PROBLEMS,
    ),
)
def put_annotation(
    image_id: UUID,
    body: schemas.AnnotationPut,
    actor: CurrentActor,
    session: Writing,
    if_match: IfMatch = None,
    batch_id: InBatch = None,
) -> schemas.Annotation:
    """Say what an image shows; repeating the same request is harmless. "none" withdraws the answer."""
    expected = service.to_revision(if_match)
    return service.put(session, actor, image_id, body, expected=expected, batch_id=batch_id)


@router.get(
    "/images/{image_id}/annotation",
    operation_id="annotations.get",
    responses=problems(service.ImageNotFound, *BATCH_PROBLEMS),
)
def get_annotation(
    image_id: UUID, actor: CurrentActor, session: Reading, batch_id: InBatch = None
) -> schemas.Annotation:
    """Return the present answer for an image; revision 0 and "none" where there is none yet."""
    return service.get(session, actor, image_id, batch_id=batch_id)


@router.get(
    "/images/{image_id}/annotation/history",
    operation_id="annotations.history",
    responses=problems(service.ImageNotFound),
)
def get_history(image_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.AnnotationRevision]:
    """List every revision of an image's answer, newest first."""
    return service.history(session, actor, image_id)


@router.post(
    "/projects/{project_id}/annotations/bulk",
    operation_id="annotations.bulk",
    responses=problems(
        ProjectNotFound,
        service.ImageNotFound,
        service.AnnotationChanged,
        service.ClassUnknown,
        service.AnswerDoesNotFit,
        IdempotencyKeyReused,
    ),
)
def label_many(
    project_id: UUID, body: schemas.BulkLabel, actor: CurrentActor, session: Writing, request: Request
) -> schemas.Changed:
    """Give many images the same answer in one step."""

    def work() -> dict[str, Any]:
        changed = service.label_many(session, actor, project_id, body)
        return schemas.Changed(changed=changed).model_dump(mode="json")

    answer = once(session, request, actor_id=actor.user_id, body=body.model_dump_json(), work=work)
    return schemas.Changed.model_validate(answer)


@router.post(
    "/projects/{project_id}/annotations/restore",
    operation_id="annotations.restore",
    responses=problems(
        ProjectNotFound,
        service.ImageNotFound,
        service.AnnotationChanged,
        service.ClassUnknown,
        service.AnswerDoesNotFit,
        IdempotencyKeyReused,
    ),
)
def restore(
    project_id: UUID, body: schemas.Restore, actor: CurrentActor, session: Writing, request: Request
) -> schemas.Changed:
    """Undo or redo one step exactly; refused as a whole if any of its images moved on."""

    def work() -> dict[str, Any]:
        changed = service.restore(session, actor, project_id, body.items)
        return schemas.Changed(changed=changed).model_dump(mode="json")

    answer = once(session, request, actor_id=actor.user_id, body=body.model_dump_json(), work=work)
    return schemas.Changed.model_validate(answer)


@router.post(
    "/projects/{project_id}/annotations/classes",
    operation_id="annotations.change_class",
    responses=problems(ProjectNotFound, *_CHANGE_PROBLEMS, IdempotencyKeyReused),
)
def change_class(
    project_id: UUID, body: schemas.BulkClass, actor: CurrentActor, session: Writing, request: Request
) -> schemas.Changed:
    """Give many images a class as a whole, or take it from them, in one step; images that wait go on waiting."""

    def work() -> dict[str, Any]:
        changed = service.change_class(session, actor, project_id, body)
        return schemas.Changed(changed=changed).model_dump(mode="json")

    answer = once(session, request, actor_id=actor.user_id, body=body.model_dump_json(), work=work)
    return schemas.Changed.model_validate(answer)


@router.post(
    "/projects/{project_id}/annotations/classes/restore",
    operation_id="annotations.restore_classes",
    responses=problems(
        ProjectNotFound, service.ImageNotFound, service.AnnotationChanged, service.ClassUnknown, IdempotencyKeyReused
    ),
)
def restore_classes(
    project_id: UUID, body: schemas.BulkRestoreClasses, actor: CurrentActor, session: Writing, request: Request
) -> schemas.Changed:
    """Undo or redo steps that gave or took a class, exactly; refused as a whole if any image moved on."""

    def work() -> dict[str, Any]:
        changed = service.restore_classes(session, actor, project_id, body.items)
        return schemas.Changed(changed=changed).model_dump(mode="json")

    answer = once(session, request, actor_id=actor.user_id, body=body.model_dump_json(), work=work)
    return schemas.Changed.model_validate(answer)


@router.get(
    "/projects/{project_id}/annotations/statistics",
    operation_id="annotations.statistics",
    responses=problems(ProjectNotFound),
)
def get_statistics(project_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Statistics:
    """Say how much has been labelled and what it took."""
    return service.statistics(session, actor, project_id)
