"""How far people agree, and in which pictures they differ, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from modelyard.server.annotations import agreement_schemas as schemas
from modelyard.server.annotations.repository.comparisons import Difference
from modelyard.server.annotations.service import agreement
from modelyard.server.annotations.service.batches import BatchNotFound
from modelyard.server.dependencies import CurrentActor, Reading
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(prefix="/projects/{project_id}/agreement", tags=["agreement"])

BatchId = Annotated[UUID | None, Query(description="Of this batch alone; absent: of all batches.")]
People = Annotated[list[UUID], Query(max_length=2, description="In which these people differ; one: with anybody.")]
Said = Annotated[
    list[Annotated[str, Query(max_length=36)]],
    Query(
        max_length=2,
        description="Of which one said this and the other that, as in `mixed_up`; one: and another anything else.",
    ),
]


@router.get("", operation_id="agreement.get", responses=problems(ProjectNotFound, BatchNotFound))
def get_agreement(
    project_id: UUID, actor: CurrentActor, session: Reading, batch_id: BatchId = None
) -> schemas.Agreement:
    """Say how far people agree who labelled the same pictures: each two, on each class, over time.

    Pictures count once all labels that are wanted of them are in.
    """
    return agreement.get(session, actor, project_id, batch_id)


@router.get(
    "/images", operation_id="agreement.images", responses=problems(ProjectNotFound, BatchNotFound, CursorInvalid)
)
def list_differing(
    project_id: UUID,
    actor: CurrentActor,
    session: Reading,
    batch_id: BatchId = None,
    person: People = [],  # noqa: B006 - FastAPI copies it
    said: Said = [],  # noqa: B006
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 60,
) -> Page[schemas.DifferingPicture]:
    """List the pictures in which people differ, with what each of them said."""
    wanted = Difference(tuple(person), tuple(said))
    return agreement.differing(session, actor, project_id, batch_id, wanted, cursor=cursor, limit=limit)
