"""The jobs that pack an export (streamed to disk, then stored; killed, it starts over) and delete it in time."""

import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from modelyard.formats import coco, csv_table, folders, jsonl
from modelyard.server.datasets import contents, exports, repository
from modelyard.server.datasets.contents import Contents
from modelyard.server.datasets.packing import EPOCH, Picture, pack, safe_name, unique_names
from modelyard.server.kit.jobs import JobContext, job
from modelyard.server.tables import Job, Project, now


@dataclass(frozen=True)
class Layout:
    """How a format lies in the archive: the pictures' paths, the file of labels, and what gets lost."""

    paths: Sequence[str]
    labels_file: str | None
    lines: Iterable[str]
    lost: dict[str, int]


@job("datasets.export", title="Export images and annotations")
def export(ctx: JobContext, *, format: str, version_id: str | None, with_metadata: bool) -> dict[str, Any]:
    """Pack a version, or everything as it is now, and store the archive."""
    with ctx.db.read() as session:
        project = session.get_one(Project, ctx.project_id)
        found = contents.collect(session, ctx.blobs, project.id, UUID(version_id) if version_id else None)
    layout = _LAYOUTS[format](found)
    with _folder(ctx) as folder:
        path = folder / "export.zip"
        _write(ctx, path, found, layout, with_metadata=with_metadata)
        blob, size_bytes = ctx.blobs.put_file(path), path.stat().st_size
    return {
        "images": len(found.entries),
        "annotations": found.annotations,
        "lost": layout.lost,
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


def _write(ctx: JobContext, path: Path, found: Contents, layout: Layout, *, with_metadata: bool) -> None:
    pictures = (
        Picture(ctx.blobs.local_path(content_hash), name)
        for content_hash, name in zip(found.blobs, layout.paths, strict=True)
    )
    total = len(found.entries)
    ctx.stage("Packing pictures")
    with zipfile.ZipFile(path, "w") as archive:
        if layout.labels_file:
            with archive.open(zipfile.ZipInfo(layout.labels_file, EPOCH), "w", force_zip64=True) as out:
                for line in layout.lines:
                    out.write(line.encode())
        done = pack(archive, pictures, with_metadata=with_metadata, pool=ctx.pool)
        for count, _ in enumerate(done, start=1):
            ctx.progress(count, total, stage="Packing pictures")


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


def _as_folders(found: Contents) -> Layout:
    lost = _common_losses(found) | folders.lost(found.entries)
    return Layout(paths=folders.write(found.entries), labels_file=None, lines=(), lost=lost)


def _as_csv(found: Contents) -> Layout:
    paths = _own_names(found, "labels.csv")
    entries = [replace(entry, name=path) for entry, path in zip(found.entries, paths, strict=True)]
    return Layout(paths, "labels.csv", csv_table.write(entries), _common_losses(found))


def _as_jsonl(found: Contents) -> Layout:
    paths = _own_names(found, "annotations.jsonl")
    entries = [replace(entry, name=path) for entry, path in zip(found.entries, paths, strict=True)]
    lost = {"earlier revisions": found.earlier_revisions} if found.earlier_revisions else {}
    return Layout(paths, "annotations.jsonl", jsonl.write(entries, found.classes), lost)


def _as_coco(found: Contents) -> Layout:
    paths = _own_names(found, "annotations.json")
    entries = [replace(entry, name=path) for entry, path in zip(found.entries, paths, strict=True)]
    lines = coco.write(entries, [str(entry["name"]) for entry in found.classes])
    lost = {kind: count for kind, count in _common_losses(found).items() if kind != "classes without pictures"}
    return Layout(paths, "annotations.json", lines, lost | coco.lost(entries))


def _own_names(found: Contents, labels_file: str) -> list[str]:
    """Return the names that the pictures were imported under, beside the file of labels."""
    return unique_names([labels_file, *(entry.name for entry in found.entries)])[1:]


def _common_losses(found: Contents) -> dict[str, int]:
    used = {entry.class_name for entry in found.entries}
    counts = {
        "authors, times and revisions": found.annotations,
        "earlier revisions": found.earlier_revisions,
        "class colours and descriptions": len(found.classes),
        "classes without pictures": sum(entry["name"] not in used for entry in found.classes),
        "near-duplicate groups": sum(entry.extra.get("twin_group") is not None for entry in found.entries),
    }
    return {kind: count for kind, count in counts.items() if count}


_LAYOUTS: dict[str, Callable[[Contents], Layout]] = {
    "folders": _as_folders,
    "csv": _as_csv,
    "jsonl": _as_jsonl,
    "coco": _as_coco,
}
