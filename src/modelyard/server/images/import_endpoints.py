"""Imports over HTTP: announce files, send them in chunks, finish, read the report."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.images import imports, repository, schemas
from modelyard.server.kit.idempotency import once
from modelyard.server.kit.pages import Page
from modelyard.server.kit.problems import problems
from modelyard.server.projects import service as projects
from modelyard.server.projects.service import ProjectNotFound
from modelyard.server.tables import Import

router = APIRouter(tags=["imports"])


@router.post(
    "/projects/{project_id}/imports", operation_id="imports.create", status_code=201, responses=problems(ProjectNotFound)
)
def create_import(
    project_id: UUID, body: schemas.ImportCreate, actor: CurrentActor, session: Writing, request: Request
) -> schemas.Import:
    """Begin an import and announce its first files (more with `imports.announce`)."""

    def work() -> dict[str, object]:
        row = imports.create(session, actor, projects.get(session, actor, project_id), body)
        return imports.show(session, [row])[0].model_dump(mode="json")

    answer = once(session, request, actor_id=actor.user_id, body=body.model_dump_json(), work=work)
    return schemas.Import.model_validate(answer)


@router.post(
    "/projects/{project_id}/imports/local",
    operation_id="imports.create_local",
    status_code=202,
    responses=problems(ProjectNotFound, imports.OnlyOnThisMachine, imports.NothingToImport),
)
def create_local_import(
    project_id: UUID, body: schemas.LocalImportCreate, actor: CurrentActor, session: Writing
) -> schemas.Import:
    """Import files, folders, globs or zips that lie on the server's machine; for its owner only."""
    row = imports.start_local(session, actor, projects.get(session, actor, project_id), body)
    return imports.show(session, [row])[0]


@router.get("/projects/{project_id}/imports", operation_id="imports.list", responses=problems(ProjectNotFound))
def list_imports(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.Import]:
    """List the imports, newest first."""
    projects.get(session, actor, project_id)
    return imports.show(session, repository.imports(session, project_id))


@router.get("/imports/{import_id}", operation_id="imports.get", responses=problems(imports.ImportNotFound))
def get_import(import_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Import:
    """Show an import and its report so far."""
    return imports.show(session, [imports.get(session, actor, import_id)])[0]


@router.get("/imports/{import_id}/files", operation_id="imports.files", responses=problems(imports.ImportNotFound))
def list_files(  # noqa: PLR0913 - filter and page are separate parameters of the address
    import_id: UUID,
    actor: CurrentActor,
    session: Reading,
    state: str | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
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
    import_id: UUID, body: list[schemas.FileAnnounced], actor: CurrentActor, session: Writing
) -> list[schemas.ImportFile]:
    """Announce files; those announced before come back with what has arrived of them, so that sending goes on."""
    rows = imports.announce(session, imports.get(session, actor, import_id), body[:1000])
    return [schemas.ImportFile.model_validate(row) for row in rows]


@router.put(
    "/imports/{import_id}/files/{file_id}/content",
    operation_id="imports.send",
    responses=problems(imports.ImportNotFound, imports.ChunkMisplaced, imports.ChunkTooLarge),
    openapi_extra={
        "requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def send_chunk(
    import_id: UUID,
    file_id: UUID,
    actor: CurrentActor,
    request: Request,
    services: Services,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> schemas.Received:
    """Send a part of a file: raw bytes that begin at `offset`, at most 8 MiB."""
    parts, size_bytes = [], 0
    async for part in request.stream():
        size_bytes += len(part)
        if size_bytes > imports.CHUNK_BYTES:
            raise imports.ChunkTooLarge
        parts.append(part)
    chunk = b"".join(parts)
    received, state = await run_in_threadpool(
        imports.receive, services, actor, (import_id, file_id), offset=offset, chunk=chunk
    )
    return schemas.Received(received_bytes=received, state=state)


@router.post(
    "/imports/{import_id}/finish",
    operation_id="imports.finish",
    status_code=202,
    responses=problems(imports.ImportNotFound),
)
def finish_import(import_id: UUID, actor: CurrentActor, session: Writing) -> schemas.Import:
    """Say that every file was sent; the job that checks and adds them begins."""
    row: Import = imports.finish(session, imports.get(session, actor, import_id))
    return imports.show(session, [row])[0]
