"""Imports: announced files, their bytes in chunks, and the job that looks at them."""

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path, PurePosixPath
from uuid import UUID

from sqlalchemy import insert, select, update

from modelyard.errors import Conflict, Forbidden, Invalid, NotFound
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import refuse_member
from modelyard.server.images import changes, local, repository, schemas
from modelyard.server.images.names import NameRefused, clean, shown
from modelyard.server.kit import jobs
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.services import AppServices
from modelyard.server.settings import Settings
from modelyard.server.tables import Import, ImportFile, Project, new_id, now

CHUNK_BYTES = 8 * 1024 * 1024
CLEAN_EVERY = timedelta(days=1)


class ImportNotFound(NotFound):
    """There is no such import, or it belongs to a project that you are not a member of."""


class ImportFileNotFound(NotFound):
    """There is no such file in this import."""


class ImportClosed(Conflict):
    """This import takes no more files. Start another one."""


class ChunkMisplaced(Conflict):
    """This chunk does not continue what has arrived. Go on from `received_bytes`."""


class FileLongerThanSaid(Invalid):
    """This chunk goes beyond the size that was announced for the file. Announce it again with its true size."""


class OnlyOnThisMachine(Forbidden):
    """Paths are read only for the owner of a local data directory. Send the files instead."""


class NothingToImport(Invalid):
    """No file was found there. Check the path."""


def create(
    session: WriteSession, settings: Settings, actor: Actor, project: Project, body: schemas.ImportCreate
) -> tuple[Import, list[ImportFile]]:
    """Begin an import with the first of its files."""
    source = body.source or f"{len(body.files):,} files"
    row = _build(project, actor, source=source, options=body.options)
    session.add(row)
    session.flush()
    ask_for_cleaning(session)
    return row, announce(session, settings, row, body.files)


def get(session: ReadSession, actor: Actor, import_id: UUID, *, lock: bool = False) -> Import:
    """Return an import; raises `ImportNotFound`, `RoleMissing`."""
    row = repository.get_import(session, actor, import_id, lock=lock)
    if row is None:
        refuse_member(session, actor, select(Import.project_id).where(Import.id == import_id))
        raise ImportNotFound
    return row


def announce(
    session: WriteSession, settings: Settings, row: Import, files: Sequence[schemas.FileAnnounce]
) -> list[ImportFile]:
    """Add files that are about to be sent and return them in the same order.

    One that was announced before comes back with what has arrived of it, so that sending can go on. One that
    cannot be accepted is refused at once, with the reason. Raises `ImportClosed`.
    """
    if row.state != "receiving":
        raise ImportClosed
    present = repository.files_named(session, row.id, [_name(file.name)[0] for file in files])
    found = []
    for file in files:
        name, fault = _name(file.name)
        reason = fault or _size_fault(settings, name, file.size_bytes)
        known = present.get(name)
        if known is None:
            known = ImportFile(id=new_id(), import_id=row.id, name=name, size_bytes=file.size_bytes, received_bytes=0)
            known.state, known.reason = ("refused", reason) if reason else ("receiving", "")
            session.add(known)
            present[name] = known
        elif known.size_bytes != file.size_bytes and not reason:  # Another file by now: begin again.
            known.size_bytes, known.received_bytes, known.state, known.reason = file.size_bytes, 0, "receiving", ""
        found.append(known)
    session.flush()
    return found


def receive(
    services: AppServices, actor: Actor, import_id: UUID, file_id: UUID, *, offset: int, chunk: bytes
) -> schemas.FileReceived:
    """Append a chunk; one that has arrived already is harmless.

    Raises:
        ImportFileNotFound: No such file.
        ImportClosed: The import has begun.
        ChunkMisplaced: A gap, or an overlap; the context says how much has arrived.
        FileLongerThanSaid: More bytes than were announced.
    """
    with services.db.read() as session:
        row = get(session, actor, import_id)
        file = session.get(ImportFile, file_id)
        if file is None or file.import_id != row.id:
            raise ImportFileNotFound
    end = offset + len(chunk)
    if end <= file.received_bytes or file.state != "receiving":
        return schemas.FileReceived.model_validate(file, from_attributes=True)
    if row.state != "receiving":
        raise ImportClosed
    if end > file.size_bytes:
        raise FileLongerThanSaid
    if offset != file.received_bytes:
        raise ChunkMisplaced(received_bytes=file.received_bytes)
    path = staged(services, import_id, file_id)
    _write(path, offset, chunk)
    return _count_in(services, file, path, offset=offset, end=end)


def finish(session: WriteSession, actor: Actor, row: Import) -> Import:
    """Close the import and look at what has arrived; again is harmless."""
    if row.state == "receiving":
        row.state = "running"
        _start(session, row)
        changes.note(session, actor, row, "import.started")
    return row


def start_local(session: WriteSession, actor: Actor, project_id: UUID, body: schemas.LocalImportCreate) -> Import:
    """Import files that lie on this machine; raises `OnlyOnThisMachine`, `NothingToImport`."""
    if not actor.is_local:
        raise OnlyOnThisMachine
    found = local.find(body.paths)  # Before the transaction begins: this may take a while.
    if not found:
        raise NothingToImport(f"No file was found at {', '.join(body.paths[:3])}. Check the path.")
    project = projects.get(session, actor, project_id)
    source = body.paths[0] if len(body.paths) == 1 else f"{len(body.paths)} paths"
    row = _build(project, actor, source=source[-300:], options=body.options)
    row.state = "running"
    session.add(row)
    session.flush()
    rows = [{"id": new_id(), "import_id": row.id, **_local_row(file)} for file in found]
    for part in repository.chunks(rows):
        session.execute(insert(ImportFile), list(part))
    _start(session, row)
    changes.note(session, actor, row, "import.started")
    return row


def show(session: ReadSession, rows: Sequence[Import]) -> list[schemas.Import]:
    """Return imports as the API shows them."""
    waiting = repository.unfinished(session, [row.id for row in rows])
    names = [name for name in schemas.Import.model_fields if name not in ("unfinished_files", "changes")]
    return [
        schemas.Import(
            **{name: getattr(row, name) for name in names},
            changes=_changes(session, row),
            unfinished_files=waiting.get(row.id, 0),
        )
        for row in rows
    ]


def _changes(session: ReadSession, row: Import) -> schemas.ImportChanges | None:
    if row.changes is None or "state" not in row.changes:
        return None
    stored = row.changes | {"state": changes.state_of(session, row)}
    lists: dict[str, list[str]] = {"classes": [], "kept_names": []}
    return schemas.ImportChanges.model_validate(dict.fromkeys(schemas.ImportChanges.model_fields, 0) | lists | stored)


def staged(services: AppServices, import_id: UUID, file_id: UUID) -> Path:
    """Return where the bytes of a file that is being sent are put; names that people give are never paths."""
    return folder(services, import_id) / str(file_id)


def folder(services: AppServices, import_id: UUID) -> Path:
    """Return where an import keeps what it needs until it is finished."""
    return services.uploads / str(import_id)


def clean_up(services: AppServices, import_id: UUID) -> None:
    """Forget the bytes of a finished import that were sent or unpacked; what became an image is stored elsewhere."""
    shutil.rmtree(folder(services, import_id), ignore_errors=True)


def ask_for_cleaning(session: WriteSession) -> None:
    """See to it that uploads are given up if they are never finished."""
    title = "Give up uploads that were never finished"
    after = now() + CLEAN_EVERY
    jobs.enqueue(session, "images.clean", queueing_lock="images.clean", run_after=after, title=title)


def _build(project: Project, actor: Actor, *, source: str, options: schemas.ImportOptions) -> Import:
    return Import(
        id=new_id(),
        project_id=project.id,
        created_by=actor.user_id,
        source=source,
        options=options.model_dump(mode="json"),
        notes=[],
    )


def _start(session: WriteSession, row: Import) -> None:
    session.flush()
    job = jobs.enqueue(
        session,
        "images.import",
        params={"import_id": str(row.id)},
        project_id=row.project_id,
        created_by=row.created_by,
        queueing_lock=f"import:{row.id}",
        title=f"Import {row.source}"[:200],
    )
    row.job_id = job.id


def _name(name: str) -> tuple[str, str]:
    """Return the name as it is kept, and what is wrong with it."""
    try:
        return clean(name), ""
    except NameRefused as error:
        return shown(name), error.detail


def _size_fault(settings: Settings, name: str, size_bytes: int) -> str:
    if size_bytes == 0:
        return "The file is empty."
    is_archive = PurePosixPath(name).suffix.lower() == ".zip"
    most_mb = settings.max_archive_gb * 1000 if is_archive else settings.max_image_mb
    if size_bytes > most_mb * 1_000_000:
        return f"The file has {size_bytes / 1e6:,.0f} MB; at most {most_mb:,} MB are accepted."
    return ""


def _local_row(file: local.LocalFile) -> dict[str, object]:
    name, fault = _name(file.name)
    values: dict[str, object] = {"name": name, "path": str(file.path), "size_bytes": file.size_bytes}
    values |= {"received_bytes": file.size_bytes, "state": "refused" if fault else "received", "reason": fault}
    return values


def _write(path: Path, offset: int, chunk: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if offset else "wb") as out:
        out.seek(offset)
        out.write(chunk)


def _count_in(services: AppServices, file: ImportFile, path: Path, *, offset: int, end: int) -> schemas.FileReceived:
    """Write down that the file has arrived up to `end`, unless somebody else sent the same chunk meanwhile."""
    state = "received" if end == file.size_bytes else "receiving"
    with services.db.write() as session:
        mine = update(ImportFile).where(ImportFile.id == file.id, ImportFile.received_bytes == offset)
        session.execute(mine.values(received_bytes=end, state=state, path=str(path)))
        present = session.get_one(ImportFile, file.id)
        return schemas.FileReceived.model_validate(present, from_attributes=True)
