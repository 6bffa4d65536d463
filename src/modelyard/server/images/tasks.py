"""The import job: unpack, read what is said, verify in child processes, store, add, in steps that can be repeated."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from modelyard.server.images import archives, imports, reading, repository, service
from modelyard.server.images.verify import Facts, Limits, Refusal, verify_file
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.jobs import JobContext, job
from modelyard.server.projects import classes
from modelyard.server.accounts.actor import ALL_SCOPES, Actor
from modelyard.server.tables import Import, ImportFile, Project, new_id, now

_BATCH = 100


@dataclass(frozen=True)
class Errand:
    """One file for a child process to look at and store."""

    file_id: UUID
    name: str
    path: str
    limits: Limits
    root: str
    url: str | None


def look_and_store(errand: Errand) -> Facts | Refusal:
    """Verify a file and store picture and thumbnail; runs in a child process."""
    found = verify_file(Path(errand.path), errand.limits)
    if isinstance(found, Refusal):
        return found
    facts, thumbnail, data = found
    blobs = BlobStore(Path(errand.root), errand.url)
    if not blobs.has(facts.content_hash):
        blobs.put_at(blobs.key(facts.content_hash), data)
    if not blobs.has_at(service.thumbnail_key(facts.content_hash)):
        blobs.put_at(service.thumbnail_key(facts.content_hash), thumbnail)
    return facts


@job("images.import", title="Import pictures")
def run_import(ctx: JobContext, import_id: str) -> dict[str, Any]:
    """Import what has arrived; ends in the report."""
    key = UUID(import_id)
    _refuse_unfinished(ctx, key)
    _unpack_archives(ctx, key)
    said = _read_what_is_said(ctx, key)
    _add_pictures(ctx, key, said)
    return _finish(ctx, key, said)


def _refuse_unfinished(ctx: JobContext, import_id: UUID) -> None:
    with ctx.db.write() as session:
        for file in session.scalars(_files(import_id, "receiving")):
            file.state, file.reason = "refused", "It did not arrive whole. Send it again."


def _unpack_archives(ctx: JobContext, import_id: UUID) -> None:
    with ctx.db.read() as session:
        rows = session.execute(
            select(ImportFile.id, ImportFile.name, ImportFile.path).where(
                ImportFile.import_id == import_id, ImportFile.state == "received", ImportFile.name.ilike("%.zip")
            )
        ).all()
    for file_id, name, path in rows:
        if path and archives.is_zip(Path(path)):
            ctx.stage(f"Unpacking {name}"[:100])
            _unpack(ctx, import_id, file_id, Path(path))


def _unpack(ctx: JobContext, import_id: UUID, file_id: UUID, path: Path) -> None:
    """Make a row of every entry and mark the archive as unpacked, in one transaction: all or nothing."""
    folder = imports.staged(ctx.services, import_id, file_id).with_suffix(".unpacked")
    most = ctx.settings.max_archive_gb * 1_000_000_000
    try:
        entries = []
        for entry in archives.unpack(path, folder, max_total=most, max_file=service.limits_of(ctx.settings).bytes):
            entries.append(entry)
            ctx.progress(len(entries))
        reason = ""
    except archives.ArchiveRefused as error:
        entries, reason = [], error.detail
    with ctx.db.write() as session:
        archive = session.get_one(ImportFile, file_id)
        archive.state, archive.reason = ("refused", reason) if reason else ("unpacked", f"{len(entries)} files")
        taken = set(session.scalars(select(ImportFile.name).where(ImportFile.import_id == import_id)))
        for entry in entries:
            name = entry.name if entry.name not in taken else f"{archive.name}/{entry.name}"[-1000:]
            if name in taken:
                continue
            taken.add(name)
            session.add(
                ImportFile(
                    id=new_id(),
                    import_id=import_id,
                    name=name,
                    size_bytes=entry.size_bytes,
                    received_bytes=entry.size_bytes,
                    path=str(entry.path) if entry.path else None,
                    state="refused" if entry.reason else "received",
                    reason=entry.reason,
                )
            )


def _read_what_is_said(ctx: JobContext, import_id: UUID) -> reading.Said:
    with ctx.db.write() as session:
        options = session.get_one(Import, import_id).options
        waiting = list(session.scalars(_files(import_id, "received", "read", "added", "duplicate")))
        tables = [(file.name, Path(file.path)) for file in waiting if file.path and reading.is_table(file.name)]
        for file in waiting:
            if reading.is_table(file.name):
                file.state = "read"
        names = [file.name for file in waiting if not reading.is_table(file.name)]
    return reading.read(names, [(name, path) for name, path in tables if path.is_file()], options)


def _add_pictures(ctx: JobContext, import_id: UUID, said: reading.Said) -> None:
    with ctx.db.read() as session:
        total = len(session.scalars(select(ImportFile.id).where(ImportFile.import_id == import_id)).all())
        done = total - len(session.scalars(_files(import_id, "received").with_only_columns(ImportFile.id)).all())
    ctx.stage("Checking pictures")
    batch: list[tuple[Errand, Facts | Refusal | BaseException]] = []
    failed = 0
    for result in ctx.pool.map_unordered(look_and_store, _errands(ctx, import_id)):
        batch.append(result)
        failed += not isinstance(result[1], Facts)
        if len(batch) >= _BATCH:
            _write(ctx, import_id, said, batch)
            done += len(batch)
            batch = []
        ctx.progress(done + len(batch), total, failed=failed, stage="Checking pictures")
    _write(ctx, import_id, said, batch)


def _errands(ctx: JobContext, import_id: UUID) -> Iterator[Errand]:
    """Yield what is still to be looked at, page by page, so that memory stays flat."""
    limits, root = service.limits_of(ctx.settings), str(ctx.settings.data / "files")
    after: UUID | None = None
    while True:
        query = _files(import_id, "received").order_by(ImportFile.id).limit(500)
        with ctx.db.read() as session:
            rows = list(session.scalars(query if after is None else query.where(ImportFile.id > after)))
        if not rows:
            return
        for row in rows:
            yield Errand(row.id, row.name, row.path or "", limits, root, ctx.settings.storage_url or None)
        after = rows[-1].id


def _write(
    ctx: JobContext, import_id: UUID, said: reading.Said, batch: list[tuple[Errand, Facts | Refusal | BaseException]]
) -> None:
    """Write a batch's results: images, labels and the files' states together, so that a repetition changes nothing."""
    if not batch:
        return
    with ctx.db.write() as session:
        row = session.get_one(Import, import_id)
        project = session.get_one(Project, row.project_id)
        files = {file.id: file for file in session.scalars(_files(import_id, "received").with_for_update())}
        good = [(e, facts) for e, facts in batch if isinstance(facts, Facts) and e.file_id in files]
        arrivals = _arrivals(session, project, row, said, good)
        results = service.add(session, project, arrivals, import_id=import_id, author_id=row.created_by)
        for (errand, _), (image, is_new) in zip(good, results, strict=True):
            file = files[errand.file_id]
            file.state, file.image_id = ("added" if is_new else "duplicate"), image.id
            file.reason = "" if is_new else f"The project holds the same picture as {image.name!r}."[:500]
        for errand, outcome in batch:
            if not isinstance(outcome, Facts) and errand.file_id in files:
                files[errand.file_id].state, files[errand.file_id].reason = "refused", _reason(outcome)[:500]
        row.annotations += sum(
            is_new and arrival.class_id is not None for arrival, (_, is_new) in zip(arrivals, results, strict=True)
        )


def _arrivals(
    session: WriteSession, project: Project, row: Import, said: reading.Said, good: list[tuple[Errand, Facts]]
) -> list[service.Arrival]:
    entries = [said.about(errand.name) for errand, _ in good]
    names = sorted({entry.class_name for entry in entries if entry and entry.class_name})
    actor = Actor(row.created_by or new_id(), "import", False, ALL_SCOPES, "token")
    found = classes.ensure(session, actor, project, names)
    given = row.options.get("split")
    return [
        service.Arrival(
            name=errand.name,
            facts=facts,
            split=given or (entry.split if entry else None),
            class_id=found[entry.class_name].id if entry and entry.class_name else None,
            answer=entry.answer if entry and entry.answer in ("does_not_belong", "not_sure") else None,
        )
        for (errand, facts), entry in zip(good, entries, strict=True)
    ]


def _reason(outcome: Refusal | BaseException) -> str:
    if isinstance(outcome, Refusal):
        return outcome.reason
    return "The picture could not be decoded: it needs too much memory or its decoder failed."


def _finish(ctx: JobContext, import_id: UUID, said: reading.Said) -> dict[str, Any]:
    with ctx.db.write() as session:
        row = session.get_one(Import, import_id)
        counts = repository.counts(session, import_id)
        row.added, row.duplicates = counts.get("added", 0), counts.get("duplicate", 0)
        row.refused = counts.get("refused", 0)
        row.state, row.finished_at = "finished", now()
        refused = session.scalars(_files(import_id, "refused").order_by(ImportFile.id).limit(1000))
        report = {
            "import": str(import_id),
            "added": row.added,
            "duplicates": row.duplicates,
            "refused": [{"name": file.name, "reason": file.reason} for file in refused],
            "annotations": row.annotations,
            "notes": said.notes,
        }
        if row.added:
            service.ask_for_features(session, row.project_id)
    imports.clean_up(ctx.services, import_id)
    return report


def _files(import_id: UUID, *states: str) -> Any:
    return select(ImportFile).where(ImportFile.import_id == import_id, ImportFile.state.in_(states))
