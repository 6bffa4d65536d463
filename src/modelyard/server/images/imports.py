"""Imports: announced files, their bytes in chunks, and the job that looks at them."""

import glob
import shutil
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from modelyard.errors import Conflict, Forbidden, Invalid, NotFound
from modelyard.server.accounts.actor import Actor
from modelyard.server.images import repository
from modelyard.server.images.schemas import FileAnnounced, ImportCreate, LocalImportCreate
from modelyard.server.images.schemas import Import as ImportShape
from modelyard.server.kit import jobs
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.services import AppServices
from modelyard.server.tables import Import, ImportFile, Project, new_id

CHUNK_BYTES = 8 * 1024 * 1024


class ImportNotFound(NotFound):
    """There is no such import, or it belongs to a project that you are not a member of."""


class ImportFileNotFound(NotFound):
    """There is no such file in this import."""


class ImportClosed(Conflict):
    """This import has begun; start another one for more files."""


class ChunkMisplaced(Conflict):
    """This chunk does not continue what has arrived. Go on from `received_bytes`."""


class ChunkTooLarge(Invalid):
    """A chunk has at most 8 MiB."""


class OnlyOnThisMachine(Forbidden):
    """Paths are read only for the owner of a local data directory. Upload the files instead."""


class NothingToImport(Invalid):
    """No file was found there. Check the path."""


def create(session: WriteSession, actor: Actor, project: Project, body: ImportCreate) -> Import:
    """Begin an import with the first of its files."""
    row = Import(
        id=new_id(),
        project_id=project.id,
        created_by=actor.user_id,
        source=body.source,
        options=body.options.model_dump(),
    )
    session.add(row)
    session.flush()
    announce(session, row, body.files)
    return row


def get(session: ReadSession, actor: Actor, import_id: UUID) -> Import:
    """Return an import; raises `ImportNotFound`."""
    row = session.get(Import, import_id)
    if row is None:
        raise ImportNotFound
    try:
        projects.get(session, actor, row.project_id)
    except projects.ProjectNotFound as error:
        raise ImportNotFound from error
    return row


def announce(session: WriteSession, row: Import, files: Sequence[FileAnnounced]) -> list[ImportFile]:
    """Add files that are about to be sent; one that was announced before is returned as it is."""
    if row.state != "receiving":
        raise ImportClosed
    present = {
        file.name: file
        for file in session.query(ImportFile).filter(
            ImportFile.import_id == row.id, ImportFile.name.in_([file.name for file in files])
        )
    }
    for file in files:
        name = file.name.replace("\0", "").replace("\\", "/").lstrip("/")
        if name not in present:
            state = "received" if file.size_bytes == 0 else "receiving"
            present[name] = ImportFile(id=new_id(), import_id=row.id, name=name, size_bytes=file.size_bytes, state=state)
            session.add(present[name])
    session.flush()
    return list(present.values())


def staged(services: AppServices, import_id: UUID, file_id: UUID) -> Path:
    """Return where the bytes of a file that is being sent are put; names that people give are never paths."""
    return services.uploads / str(import_id) / str(file_id)


def receive(services: AppServices, actor: Actor, ids: tuple[UUID, UUID], *, offset: int, chunk: bytes) -> tuple[int, str]:
    """Append a chunk and return (bytes received so far, state); the same chunk twice is harmless.

    Raises:
        ChunkMisplaced: A gap; the context says how much has arrived.
        ChunkTooLarge: More than 8 MiB.
    """
    import_id, file_id = ids
    if len(chunk) > CHUNK_BYTES:
        raise ChunkTooLarge
    with services.db.write() as session:
        row = get(session, actor, import_id)
        file = repository.file_of(session, import_id, file_id)
        if file is None:
            raise ImportFileNotFound
        if row.state != "receiving" or file.state != "receiving":
            return file.received_bytes, file.state
        if offset > file.received_bytes:
            raise ChunkMisplaced(received_bytes=file.received_bytes)
        end = min(offset + len(chunk), file.size_bytes)
        path = staged(services, import_id, file_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.exists() else "wb") as out:
            out.seek(offset)
            out.write(chunk[: end - offset])
            out.truncate()
        file.received_bytes, file.path = max(end, offset), str(path)
        if file.received_bytes >= file.size_bytes:
            file.state = "received"
        return file.received_bytes, file.state


def finish(session: WriteSession, row: Import) -> Import:
    """Close the import and look at what has arrived; files that did not arrive whole are refused in the report."""
    if row.state == "receiving":
        row.state = "running"
        _start(session, row)
    return row


def start_local(session: WriteSession, actor: Actor, project: Project, body: LocalImportCreate) -> Import:
    """Import files that lie on this machine; raises `OnlyOnThisMachine`, `NothingToImport`."""
    if not actor.is_local:
        raise OnlyOnThisMachine
    found = _find(body.paths)
    if not found:
        raise NothingToImport(f"No file was found at {', '.join(body.paths[:3])}. Check the path.")
    shown = body.paths[0] if len(body.paths) == 1 else f"{len(body.paths)} paths"
    row = Import(
        id=new_id(),
        project_id=project.id,
        created_by=actor.user_id,
        source=shown[-300:],
        options=body.options.model_dump(),
        state="running",
    )
    session.add(row)
    session.flush()
    taken: set[str] = set()
    for name, path in found:
        name = _free(name, taken)
        size_bytes = path.stat().st_size
        session.add(
            ImportFile(
                id=new_id(),
                import_id=row.id,
                name=name,
                size_bytes=size_bytes,
                received_bytes=size_bytes,
                path=str(path),
                state="received",
            )
        )
    _start(session, row)
    return row


def show(session: ReadSession, rows: Sequence[Import]) -> list[ImportShape]:
    """Return imports as the API shows them."""
    waiting = repository.unfinished(session, [row.id for row in rows])
    names = [name for name in ImportShape.model_fields if name != "unfinished_files"]
    return [
        ImportShape(**{name: getattr(row, name) for name in names}, unfinished_files=waiting.get(row.id, 0))
        for row in rows
    ]


def clean_up(services: AppServices, import_id: UUID) -> None:
    """Forget the staged bytes of a finished import."""
    shutil.rmtree(services.uploads / str(import_id), ignore_errors=True)


def _start(session: WriteSession, row: Import) -> None:
    session.flush()
    job = jobs.enqueue(
        session,
        "images.import",
        params={"import_id": str(row.id)},
        project_id=row.project_id,
        created_by=row.created_by,
        title=f"Import {row.source}"[:200],
    )
    row.job_id = job.id


def _find(paths: Sequence[str]) -> list[tuple[str, Path]]:
    found: list[tuple[str, Path]] = []
    for text in paths:
        path = Path(text).expanduser()
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
            root = path.resolve()
            found += [
                (str(p.relative_to(path)), p.resolve())
                for p in inside
                if p.resolve().is_relative_to(root) and not any(part.startswith(".") for part in p.relative_to(path).parts)
            ]
        elif path.is_file():
            found.append((path.name, path.resolve()))
        else:
            found += [(Path(p).name, Path(p).resolve()) for p in sorted(glob.glob(str(path), recursive=True)) if Path(p).is_file()]
    return found


def _free(name: str, taken: set[str]) -> str:
    candidate, number = name[-1000:], 1
    while candidate in taken:
        number += 1
        plain = Path(name)
        candidate = str(plain.with_name(f"{plain.stem} ({number}){plain.suffix}"))[-1000:]
    taken.add(candidate)
    return candidate
