"""Pictures with known answers over HTTP, for whoever leads the work; nothing here is shown to those who label."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from modelyard.server.annotations import gold_schemas as schemas
from modelyard.server.annotations.service import gold, gold_pauses
from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound

router = Routes(prefix="/projects/{project_id}/gold", tags=["gold"])


@router.get("", operation_id="gold.list", responses=problems(ProjectNotFound))
def list_gold(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.GoldPicture]:
    """List the pictures with known answers, and how people did on each, newest first."""
    return gold.list_(session, actor, project_id)


@router.post("", operation_id="gold.mark", responses=problems(ProjectNotFound))
def mark_gold(project_id: UUID, body: schemas.GoldMark, actor: CurrentActor, session: Writing) -> schemas.GoldMarked:
    """Keep the present labels of pictures as known answers.

    They come unseen among the pictures of batches with a `gold_share`. To those who label they look unlabelled from
    now on, in every list; what they say of them measures them, and changes neither the known answer nor the dataset.
    """
    return gold.mark(session, actor, project_id, body.image_ids, is_onboarding=body.is_onboarding)


@router.post("/remove", operation_id="gold.remove", responses=problems(ProjectNotFound))
def remove_gold(
    project_id: UUID, body: schemas.GoldRemove, actor: CurrentActor, session: Writing
) -> schemas.GoldRemoved:
    """Let pictures be like any other again; what people said of them stays in their scores."""
    return schemas.GoldRemoved(removed=gold.remove(session, actor, project_id, body.image_ids))


@router.get("/people", operation_id="gold.people", responses=problems(ProjectNotFound))
def list_people(project_id: UUID, actor: CurrentActor, session: Reading) -> schemas.GoldPeople:
    """Say how people do on known pictures, with and without suggestions, and to whom nothing is handed out."""
    return gold.people(session, actor, project_id)


@router.get(
    "/people/{user_id}/answers", operation_id="gold.answers", responses=problems(ProjectNotFound, CursorInvalid)
)
def list_answers(
    project_id: UUID,
    user_id: UUID,
    actor: CurrentActor,
    session: Reading,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 60,
) -> Page[schemas.GoldAnswer]:
    """List what a person said of known pictures, the last first: to talk about it."""
    return gold.answers_of(session, actor, project_id, user_id, cursor=cursor, limit=limit)


@router.post(
    "/people/{user_id}/resume",
    operation_id="gold.resume",
    status_code=204,
    responses=problems(ProjectNotFound, gold_pauses.NobodyPaused),
)
def resume(project_id: UUID, user_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Hand out pictures again to somebody who was asked to stop; what they labelled so far counts no more."""
    gold_pauses.resume(session, actor, project_id, user_id)
