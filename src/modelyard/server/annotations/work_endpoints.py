"""Seeing the work over HTTP: who did how much, how classes fare, who is where; as JSON and as CSV."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import Response

from modelyard.server.annotations import work_schemas as schemas
from modelyard.server.annotations.service import work
from modelyard.server.annotations.service.batches import BatchNotFound
from modelyard.server.dependencies import CurrentActor, Reading
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(tags=["work"])

BatchId = Annotated[UUID | None, Query(description="Of this batch alone; absent: of the whole project.")]
_PROBLEMS = problems(ProjectNotFound, BatchNotFound)


@router.get("/projects/{project_id}/work/people", operation_id="work.people", responses=_PROBLEMS)
def list_people(
    project_id: UUID, actor: CurrentActor, session: Reading, batch_id: BatchId = None
) -> list[schemas.PersonWork]:
    """Say what people did and how it went: to those who lead the work of everybody, to others their own."""
    return work.people(session, actor, project_id, batch_id)


@router.get(
    "/projects/{project_id}/work/people.csv",
    operation_id="work.people_csv",
    response_class=Response,
    responses=_PROBLEMS,
)
def list_people_csv(project_id: UUID, actor: CurrentActor, session: Reading, batch_id: BatchId = None) -> Response:
    """Return what people did as a table for spreadsheets."""
    return _csv(work.people_csv(work.people(session, actor, project_id, batch_id)), "people.csv")


@router.get("/projects/{project_id}/work/classes", operation_id="work.classes", responses=_PROBLEMS)
def list_classes(
    project_id: UUID, actor: CurrentActor, session: Reading, batch_id: BatchId = None
) -> list[schemas.ClassWork]:
    """Say how classes fare: how many there are, how far people agree, how often suggestions of them are put right."""
    return work.of_classes(session, actor, project_id, batch_id)


@router.get(
    "/projects/{project_id}/work/classes.csv",
    operation_id="work.classes_csv",
    response_class=Response,
    responses=_PROBLEMS,
)
def list_classes_csv(project_id: UUID, actor: CurrentActor, session: Reading, batch_id: BatchId = None) -> Response:
    """Return how classes fare as a table for spreadsheets."""
    return _csv(work.classes_csv(work.of_classes(session, actor, project_id, batch_id)), "classes.csv")


@router.get("/batches/{batch_id}/on-screens", operation_id="batches.on_screens", responses=problems(BatchNotFound))
def list_on_screens(batch_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.OnScreen]:
    """Say who has pictures of a batch on the screen just now, and to those who lead the work, which."""
    return work.on_screens(session, actor, batch_id)


def _csv(lines: Iterable[str], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("".join(lines), media_type="text/csv; charset=utf-8", headers=headers)
