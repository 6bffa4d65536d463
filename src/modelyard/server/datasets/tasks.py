"""The jobs that freeze much, pack an export (written to disk, then stored; killed, they start over) and tidy up."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from modelyard.server.datasets import contents, exports, freezing, repository
from modelyard.server.datasets.contents import Contents
from modelyard.server.datasets.layouts import Layout, Pieces, lay_out
from modelyard.server.datasets.packing import EPOCH, Picture, pack, safe_name
from modelyard.server.datasets.schemas import VersionCreate
from modelyard.server.kit.jobs import JobContext, job
from modelyard.server.tables import Job, Project, now

_PIECE = 2**16  # bytes


@job("datasets.freeze", title="Freeze a version")
def freeze(ctx: JobContext, *, asked: dict[str, Any]) -> dict[str, Any]:
    """Freeze what is labelled when the job begins; a second attempt finds what the first one published."""
    if ctx.project_id is None:
        raise ValueError("A version belongs to a project.")

    def tell(done: int, total: int, stage: str) -> None:
        ctx.progress(done, total or None, stage=stage)

    with _folder(ctx) as folder:
        body = VersionCreate.model_validate(asked)
        version, is_new = freezing.draw(
            ctx.db, ctx.blobs, ctx.project_id, body, created_by=ctx.created_by, folder=folder, tell=tell
        )
    return {"version_id": str(version.id), "number": version.number, "is_new": is_new, "images": version.images}


@job("datasets.export", title="Export images and annotations")
def export(
    ctx: JobContext, *, format: str, version_id: str | None, with_metadata: bool, with_pictures: bool = True
) -> dict[str, Any]:
    """Pack a version, or everything as it is now, and store the archive."""
    with _folder(ctx) as folder:
        path = folder / "export.zip"
        with zipfile.ZipFile(path, "w") as archive:
            with ctx.db.snapshot() as session:
                project = session.get_one(Project, ctx.project_id)
                wanted = UUID(version_id) if version_id else None
                is_ours = format == "jsonl"  # The others do not say where an object comes from.
                found = contents.collect(session, ctx.blobs, project, wanted, with_lineage=is_ours)
                found.entries.tally.on_pass = partial(ctx.progress, stage="Writing labels")
                layout = lay_out(format, found)
                _write_labels(ctx, archive, layout.files)
                lost = layout.lost()
            if with_pictures:
                _write_pictures(ctx, archive, found, layout, with_metadata=with_metadata)
            _write_labels(ctx, archive, layout.closing(partial(_checksum, archive)))
        blob, size_bytes = ctx.blobs.put_file(path), path.stat().st_size
    return {
        "images": sum(path is not None for path in layout.paths) if with_pictures else 0,
        "annotations": found.annotations,
        "lost": lost,
        "blob": blob,
        "size_bytes": size_bytes,
        "filename": f"{safe_name(project.name).replace('/', '_')}-{found.title}-{format}.zip",
    }


@job("datasets.clean", title="Delete exports whose time is over")
def clean(ctx: JobContext) -> dict[str, Any]:
    """Delete old archives, bytes before rows; one that a younger export shares stays as long as that."""
    limit = now() - timedelta(days=ctx.settings.export_days)
    with ctx.db.write() as session:
        stored = repository.stored_exports(session)
        # Whoever packs right now may count on an archive of the same bytes: then another day will do.
        is_free = not repository.is_exporting(session)
        old = [done for done in stored if is_free and (done.finished_at or now()) < limit]
        young = [done for done in stored if done not in old]  # or spared this time
        kept = {_result(done)["blob"] for done in young}
        for blob in {_result(done)["blob"] for done in old} - kept:
            ctx.blobs.delete_at(ctx.blobs.key(blob))
        for done in old:
            done.result = {key: value for key, value in _result(done).items() if key != "blob"}
        if young:
            exports.ask_for_cleaning(session)
    return {"deleted": len(old)}


def _result(done: Job) -> dict[str, Any]:
    return done.result or {}


def _checksum(archive: zipfile.ZipFile, name: str) -> str:
    """Return the SHA-256 of a file that was written into the archive; nothing for a picture that was left out."""
    if name not in archive.NameToInfo:
        return ""
    with archive.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _write_labels(ctx: JobContext, archive: zipfile.ZipFile, files: Iterable[tuple[str, Pieces]]) -> None:
    ctx.stage("Writing labels")
    for name, pieces in files:
        ctx.check()
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as out:
            for piece in _gathered(pieces):
                out.write(piece)


def _gathered(pieces: Pieces) -> Iterator[bytes]:
    """Yield many small pieces as few large ones: packing each on its own costs more than making it."""
    held, size = [], 0
    for piece in pieces:
        data = piece.encode() if isinstance(piece, str) else piece
        held.append(data)
        size += len(data)
        if size >= _PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _write_pictures(
    ctx: JobContext, archive: zipfile.ZipFile, found: Contents, layout: Layout, *, with_metadata: bool
) -> None:
    placed = [(blob, place) for blob, place in zip(found.blobs, layout.paths, strict=True) if place is not None]
    ctx.stage("Packing pictures")
    pictures = (Picture(ctx.blobs.local_path(blob), place) for blob, place in placed)
    done = pack(archive, pictures, with_metadata=with_metadata, pool=ctx.pool)
    for count, _ in enumerate(done, start=1):
        ctx.progress(count, len(placed), stage="Packing pictures")


@contextmanager
def _folder(ctx: JobContext) -> Iterator[Path]:
    """Open an empty folder of this job's own; one left behind by a killed attempt goes first."""
    folder = ctx.settings.data / "exports" / str(ctx.job_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
