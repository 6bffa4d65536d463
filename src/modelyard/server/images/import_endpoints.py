"""Imports over HTTP: announce files, send them in chunks, finish, read the report."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool

from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.images import imports, repository, schemas
from modelyard.server.kit.bodies import BodyTooLarge, read_limited
from modelyard.server.kit.idempotency import once
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects import service as projects
from modelyard.server.projects.service import ProjectNotFound

router = Routes(tags=["imports"])

Limit = Annotated[int, Query(ge=1, le=1000)]
_CHUNK_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_SEND_PROBLEMS = problems(
    imports.ImportNotFound,
    imports.ImportFileNotFound,
    imports.ImportClosed,
    imports.ChunkMisplaced,
    imports.FileLongerThanSaid,
    BodyTooLarge,
)


@router.post(
    "/projects/{project_id}/imports",
    operation_id="imports.create",
    status_code=201,
    responses=problems(ProjectNotFound),
)
def create_import(
    project_id: UUID,
    body: schemas.ImportCreate,
    actor: CurrentActor,
    session: Writing,
    services: Services,
    request: Request,
) -> schemas.ImportWithFiles:
    """Begin an import and announce its first files; more can follow."""
    project = projects.get(session, actor, project_id)

    def work() -> dict[str, Any]:
        row, files = imports.create(session, services.settings, actor, project, body)
        shown = imports.show(session, [row])[0]
        listed = [schemas.ImportFile.model_validate(file) for file in files]
        return schemas.ImportWithFiles(**shown.model_dump(), files=listed).model_dump(mode="json")

    answer = once(session, request, actor_id=actor.user_id, body=body.model_dump_json(), work=work)
    return schemas.ImportWithFiles.model_validate(answer)


@router.post(
    "/projects/{project_id}/imports/local",
    operation_id="imports.create_local",
    status_code=202,
    responses=problems(ProjectNotFound, imports.OnlyOnThisMachine, imports.NothingToImport),
)
def create_local_import(
    project_id: UUID, body: schemas.LocalImportCreate, actor: CurrentActor, session: Writing
) -> schemas.Import:
    """Import files, folders, patterns or zips that lie on the server's machine; for its owner only."""
    return imports.show(session, [imports.start_local(session, actor, project_id, body)])[0]


@router.get(
    "/projects/{project_id}/imports", operation_id="imports.list", responses=problems(ProjectNotFound, CursorInvalid)
)
def list_imports(
    project_id: UUID, actor: CurrentActor, session: Reading, cursor: str | None = None, limit: Limit = 50
) -> Page[schemas.Import]:
    """List a project's imports, newest first."""
    projects.get(session, actor, project_id)
    rows, next_cursor = repository.imports(session, project_id, cursor=cursor, limit=limit)
    return Page(items=imports.show(session, rows), next_cursor=next_cursor)


@router.get("/imports/{import_id}", operation_id="imports.get", responses=problems(imports.ImportNotFound))
def get_import(import_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Import:
    """Show an import and its report so far."""
    return imports.show(session, [imports.get(session, actor, import_id)])[0]


@router.get(
    "/imports/{import_id}/files",
    operation_id="imports.files",
    responses=problems(imports.ImportNotFound, CursorInvalid),
)
def list_files(
    import_id: UUID,
    actor: CurrentActor,
    session: Reading,
    state: schemas.FileState | None = None,
    cursor: str | None = None,
    limit: Limit = 200,
) -> Page[schemas.ImportFile]:
    """List the files of an import and what became of each."""
    imports.get(session, actor, import_id)
    rows, next_cursor = repository.files(session, import_id, state=state, cursor=cursor, limit=limit)
    return Page(items=[schemas.ImportFile.model_validate(row) for row in rows], next_cursor=next_cursor)


@router.post(
    "/imports/{import_id}/files",
    operation_id="imports.announce",
    responses=problems(imports.ImportNotFound, imports.ImportClosed),
)
def announce_files(
    import_id: UUID, body: schemas.FilesAnnounce, actor: CurrentActor, session: Writing, services: Services
) -> list[schemas.ImportFile]:
    """Announce files, or ask what has arrived of them, in the same order; sending goes on from there."""
    row = imports.get(session, actor, import_id, lock=True)
    files = imports.announce(session, services.settings, row, body.files)
    return [schemas.ImportFile.model_validate(file) for file in files]


@router.put(
    "/imports/{import_id}/files/{file_id}/content",
    operation_id="imports.send",
    responses=_SEND_PROBLEMS,
    openapi_extra=_CHUNK_BODY,
)
async def send_chunk(
    import_id: UUID,
    file_id: UUID,
    actor: CurrentActor,
    request: Request,
    services: Services,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> schemas.FileReceived:
    """Send a part of a file: raw bytes that begin at `offset`, at most 8 MiB."""
    chunk = await read_limited(request, max_bytes=imports.CHUNK_BYTES)
    return await run_in_threadpool(imports.receive, services, actor, import_id, file_id, offset=offset, chunk=chunk)


@router.post(
    "/imports/{import_id}/finish",
    operation_id="imports.finish",
    status_code=202,
    responses=problems(imports.ImportNotFound),
)
def finish_import(import_id: UUID, actor: CurrentActor, session: Writing) -> schemas.Import:
    """Say that every file was sent; the job that checks and adds them begins."""
    row = imports.finish(session, actor, imports.get(session, actor, import_id, lock=True))
    return imports.show(session, [row])[0]
