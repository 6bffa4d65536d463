"""The history over HTTP: it is read, searched and written out; nothing here changes it."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import StreamingResponse

from modelyard.server.accounts.service import AdminsOnly
from modelyard.server.dependencies import CurrentActor, Reading, Services
from modelyard.server.history import exporting, repository, schemas, service
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects import service as projects
from modelyard.server.projects.service import ProjectNotFound
from modelyard.server.services import AppServices
from modelyard.server.tables import now

router = Routes(tags=["history"])

_FILE = {200: {"description": "The file.", "content": {kind: {} for kind in exporting.MEDIA_TYPES.values()}}}


@router.get(
    "/projects/{project_id}/history", operation_id="history.list", responses=problems(ProjectNotFound, CursorInvalid)
)
def list_history(
    project_id: UUID, asked: Annotated[schemas.HistoryQuery, Query()], actor: CurrentActor, session: Reading
) -> Page[schemas.HistoryEvent]:
    """List what happened in a project, newest first: every change, who made it, and what it was before and after.

    What an import or a change of classes said of pictures is one event; the states of each picture are
    `annotations.history`.
    """
    projects.get(session, actor, project_id)
    return _page(session, project_id, asked)


@router.get("/projects/{project_id}/history/kinds", operation_id="history.kinds", responses=problems(ProjectNotFound))
def list_kinds(project_id: UUID, actor: CurrentActor, session: Reading) -> list[str]:
    """List the kinds of events that a project's history can be narrowed to."""
    projects.get(session, actor, project_id)
    return sorted({schemas.ANNOTATION, *repository.kinds(session, project_id)})


@router.get("/projects/{project_id}/history/people", operation_id="history.people", responses=problems(ProjectNotFound))
def list_people(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.HistoryPerson]:
    """List everybody who was a member of a project or did something in it, by name."""
    projects.get(session, actor, project_id)
    return _people(session, project_id)


@router.get(
    "/projects/{project_id}/history/export",
    operation_id="history.export",
    responses=problems(ProjectNotFound) | _FILE,
    response_class=StreamingResponse,
)
def export_history(
    project_id: UUID, asked: Annotated[schemas.HistoryExportQuery, Query()], actor: CurrentActor, services: Services
) -> StreamingResponse:
    """Return the events that match as a file, newest first, however many they are: CSV or JSON Lines."""
    with services.db.read() as session:
        projects.get(session, actor, project_id)
    return _file(services, project_id, asked)


@router.get("/installation/history", operation_id="installation.history", responses=problems(AdminsOnly, CursorInvalid))
def list_installation(asked: Annotated[schemas.HistoryQuery, Query()], session: Reading) -> Page[schemas.HistoryEvent]:
    """List what happened beside projects, newest first: accounts, sign-ins, settings; for administrators."""
    return _page(session, None, asked)


@router.get("/installation/history/kinds", operation_id="installation.history_kinds", responses=problems(AdminsOnly))
def list_installation_kinds(session: Reading) -> list[str]:
    """List the kinds of events that the installation's history can be narrowed to; for administrators."""
    return repository.kinds(session, None)


@router.get("/installation/history/people", operation_id="installation.history_people", responses=problems(AdminsOnly))
def list_installation_people(session: Reading) -> list[schemas.HistoryPerson]:
    """List everybody who did something beside projects, by name; for administrators."""
    return _people(session, None)


@router.get(
    "/installation/history/export",
    operation_id="installation.export_history",
    responses=problems(AdminsOnly) | _FILE,
    response_class=StreamingResponse,
)
def export_installation(asked: Annotated[schemas.HistoryExportQuery, Query()], services: Services) -> StreamingResponse:
    """Return the events that match as a file, newest first: CSV or JSON Lines; for administrators."""
    return _file(services, None, asked)


def _page(session: Reading, project_id: UUID | None, asked: schemas.HistoryQuery) -> Page[schemas.HistoryEvent]:
    wanted = service.wanted(project_id, asked)
    items, next_cursor = service.page(session, wanted, cursor=asked.cursor, limit=asked.limit)
    return Page(items=items, next_cursor=next_cursor)


def _people(session: Reading, project_id: UUID | None) -> list[schemas.HistoryPerson]:
    return [schemas.HistoryPerson(id=id_, name=name) for id_, name in repository.people(session, project_id)]


def _file(services: AppServices, project_id: UUID | None, asked: schemas.HistoryExportQuery) -> StreamingResponse:
    entries = service.every(services.db, service.wanted(project_id, asked))
    lines = exporting.to_csv(entries) if asked.format == "csv" else exporting.to_jsonl(entries)
    name = f"history-{now().date().isoformat()}.{asked.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines, media_type=exporting.MEDIA_TYPES[asked.format], headers=headers)
