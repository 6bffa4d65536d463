"""The import job: unpack, read what is said, look at files in child processes, add them; every step can be repeated."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from modelyard.errors import Invalid
from modelyard.formats import spool
from modelyard.formats.recognise import plan as plan_labels
from modelyard.server.images import (
    archives,
    change_tasks,  # noqa: F401 - registers its jobs
    changes,
    imports,
    reading,
    repository,
    service,
)
from modelyard.server.images.looking import Errand, look_and_store
from modelyard.server.images.recording import Outcome, record
from modelyard.server.images.relabelling import relabel
from modelyard.server.images.verify import Facts
from modelyard.server.kit.bulk import insert_rows
from modelyard.server.kit.jobs import JobCancelled, JobContext, Portion, job
from modelyard.server.tables import Import, ImportFile, Project, new_id, now

_BATCH = 200
_PICTURE = 5  # A picture's own rows weigh as much as so many objects.
_GIVEN_UP = "The upload was never finished. Send this file again."
_STOPPED = "The import was stopped before this file was looked at."


class NothingMatched(Invalid):
    """No file name in the list of labels matched a picture. Check how the list writes names."""


class NothingRead(Invalid):
    """No picture and no label could be read from these files. Check that they are what the format says."""


@job("images.import", title="Import pictures")
def run_import(ctx: JobContext, import_id: str) -> dict[str, Any]:
    """Import what has arrived; ends in the report."""
    key = UUID(import_id)
    try:
        _settle(ctx, key, "receiving", "It did not arrive whole. Send it again.")
        _unpack_archives(ctx, key)
        said = _read_what_is_said(ctx, key)
        _add_pictures(ctx, key, said)
        outcome = relabel(ctx, key, said)
    except JobCancelled:
        with ctx.db.write() as session:
            changes.forget(session, key)
        _settle(ctx, key, "received", _STOPPED)
        _finish(ctx, key, ["The import was stopped."])
        raise
    report = _finish(ctx, key, [*said.notes, *outcome.notes], compared=outcome.compared)
    if said.listed and sum(map(len, outcome.missed.values())) == said.listed:
        raise NothingMatched(" ".join([*outcome.notes, *said.notes])[:2000])
    if said.notes and not said.listed and not report["added"] + report["duplicates"]:
        raise NothingRead(" ".join(said.notes)[:2000])
    return report


@job("images.clean", title="Give up uploads that were never finished")
def clean(ctx: JobContext) -> dict[str, Any]:
    """Close imports whose files never all came, bytes before rows, so that a repetition finds what is left."""
    days = ctx.settings.upload_days
    with ctx.db.write() as session:
        stale = repository.receiving(session, before=now() - timedelta(days=days))
        for row in stale:
            imports.clean_up(ctx.services, row.id)
            for file in repository.files_in(session, row.id, ["receiving", "received"]):
                file.state, file.reason = "refused", _GIVEN_UP
            row.refused = repository.count_states(session, row.id).get("refused", 0)
            row.notes = [f"The upload was not finished within {days:,} days and was given up. Send the files again."]
            row.state, row.finished_at = "finished", now()
    with ctx.db.write() as session:
        if repository.receiving(session):
            imports.ask_for_cleaning(session)
    return {"given_up": len(stale)}


def _settle(ctx: JobContext, import_id: UUID, state: str, reason: str) -> None:
    """Refuse every file that is still in this state."""
    with ctx.db.write() as session:
        for file in repository.files_in(session, import_id, [state]):
            file.state, file.reason = "refused", reason


def _unpack_archives(ctx: JobContext, import_id: UUID) -> None:
    with ctx.db.read() as session:
        waiting = repository.files_in(session, import_id, ["received"])
    found = [file for file in waiting if file.path and file.name.lower().endswith(".zip")]
    for file in found:
        if archives.is_zip(Path(file.path or "")):
            _unpack(ctx, file, prefix=f"{Path(file.name).stem}/" if len(waiting) > 1 else "")


def _unpack(ctx: JobContext, file: ImportFile, *, prefix: str) -> None:
    """Make a row of every entry and mark the archive as opened, in one transaction: all or nothing."""
    ctx.stage(f"Unpacking {file.name}"[:100])
    path = Path(file.path or "")
    folder = imports.staged(ctx.services, file.import_id, file.id).with_suffix(".unpacked")
    max_total = ctx.settings.max_archive_gb * 1_000_000_000
    entries: list[archives.Entry] = []
    reason = ""
    try:
        for entry in archives.unpack(path, folder, max_total=max_total, max_file=service.limits_of(ctx.settings).bytes):
            entries.append(entry)
            ctx.progress(len(entries))
    except archives.ArchiveRefused as error:
        entries, reason = [], error.detail
    with ctx.db.read() as session:
        taken = repository.names_in(session, file.import_id)
    rows = [_entry_row(file.import_id, entry, prefix, taken) for entry in entries]
    with ctx.db.write() as session:
        archive = session.get_one(ImportFile, file.id)
        archive.state, archive.reason = ("refused", reason) if reason else ("opened", f"{len(entries):,} files")
        insert_rows(session, ImportFile.__table__, rows)  # type: ignore[arg-type]
    if path.is_relative_to(ctx.services.uploads):
        path.unlink(missing_ok=True)


def _entry_row(import_id: UUID, entry: archives.Entry, prefix: str, taken: set[str]) -> dict[str, Any]:
    name, number = f"{prefix}{entry.name}"[:1000], 1
    while name in taken:
        number += 1
        name = f"{prefix}{entry.name}"[:1000] + f" ({number})"
    taken.add(name)
    return {
        "id": new_id(),
        "created_at": now(),
        "import_id": import_id,
        "name": name,
        "size_bytes": entry.size_bytes,
        "received_bytes": entry.size_bytes,
        "path": str(entry.path) if entry.path else None,
        "state": "refused" if entry.reason else "received",
        "reason": entry.reason,
    }


def _read_what_is_said(ctx: JobContext, import_id: UUID) -> reading.Said:
    with ctx.db.read() as session:
        row = session.get_one(Import, import_id)
        options, task = dict(row.options), session.get_one(Project, row.project_id).task
        rows = repository.files_in(session, import_id, ["received", "added", "duplicate", "opened"])
    files = {file.name: Path(file.path) for file in rows if file.path and Path(file.path).is_file()}
    plan = plan_labels(files, options.get("format", "auto"), task=task)
    held = {file.id for file in rows if plan.holds(file.name)}
    for part in repository.chunks(sorted(held)):
        with ctx.db.write() as session:
            repository.mark_opened(session, part, "Read for labels.")
    names = [file.name for file in rows if file.id not in held and file.state != "opened"]
    folder = imports.folder(ctx.services, import_id)
    folder.mkdir(parents=True, exist_ok=True)
    with spool.kept_in(folder):
        return reading.read(files, names, plan, options, task=task)


def _add_pictures(ctx: JobContext, import_id: UUID, said: reading.Said) -> None:
    with ctx.db.read() as session:
        states = repository.count_states(session, import_id)
    total, failed = sum(states.values()), states.get("refused", 0)
    done = total - states.get("received", 0)
    ctx.stage("Reading pictures")
    portion = Portion(ctx.db, first=500, least=100, most=2000)
    batch: list[Outcome] = []
    weight = 0
    for errand, found in ctx.pool.map_unordered(look_and_store, _errands(ctx, import_id)):
        batch.append(Outcome(errand, found))
        weight += _weight(said, errand)
        failed += not isinstance(found, Facts)
        if len(batch) >= _BATCH or weight >= portion.size:
            _write(ctx, portion, import_id, said, batch)
            done, batch, weight = done + len(batch), [], 0
        ctx.progress(done + len(batch), total, failed=failed, stage="Reading pictures")
    _write(ctx, portion, import_id, said, batch)


def _weight(said: reading.Said, errand: Errand) -> int:
    entry = said.entries.get(errand.name)
    return _PICTURE + (len(entry.items) if entry else 0)


def _write(ctx: JobContext, portion: Portion, import_id: UUID, said: reading.Said, batch: list[Outcome]) -> None:
    if not batch:
        return
    with portion.write(sum(_weight(said, outcome.errand) for outcome in batch)) as session:
        record(session, import_id, said, batch)
    for outcome in batch:
        path = Path(outcome.errand.path)
        if path.is_relative_to(ctx.services.uploads):
            path.unlink(missing_ok=True)


def _errands(ctx: JobContext, import_id: UUID) -> Iterator[Errand]:
    """Yield what is still to be looked at, page by page, so that memory stays flat."""
    limits, root, url = service.limits_of(ctx.settings), str(ctx.settings.data / "files"), ctx.settings.storage_url
    after: UUID | None = None
    while True:
        with ctx.db.read() as session:
            rows = repository.received_after(session, import_id, after)
        for row in rows:
            yield Errand(row.id, row.name, row.path or "", limits, root, url or None)
        if not rows:
            return
        after = rows[-1].id


def _finish(ctx: JobContext, import_id: UUID, notes: list[str], *, compared: int = 0) -> dict[str, Any]:
    with ctx.db.write() as session:
        row = session.get_one(Import, import_id)
        row.refused = repository.count_states(session, import_id).get("refused", 0)
        row.state, row.finished_at, row.notes = "finished", now(), notes
        changes.note_difference(session, row, compared=compared)
        if row.added:
            service.ask_for_features(session, row.project_id)
        report = {
            "import_id": str(import_id),
            "added": row.added,
            "duplicates": row.duplicates,
            "refused": row.refused,
            "annotations": row.annotations,
            "notes": notes,
            "changes": row.changes,
        }
    imports.clean_up(ctx.services, import_id)
    return report
