"""What an export holds: a frozen version, or everything as it is now, in the terms of the interchange formats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from modelyard.formats.entries import Entry
from modelyard.server.datasets import repository, service
from modelyard.server.datasets.manifest import Manifest
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession
from modelyard.server.projects import repository as project_repository


@dataclass(frozen=True)
class Contents:
    """The images of an export with their classes; `blobs` holds the hash of each entry's original."""

    title: str
    entries: Sequence[Entry]
    blobs: Sequence[str]
    classes: Sequence[Mapping[str, object]]
    earlier_revisions: int

    @property
    def annotations(self) -> int:
        """How many images have an answer."""
        return sum(entry.answer != "none" for entry in self.entries)


def collect(session: ReadSession, blobs: BlobStore, project_id: UUID, version_id: UUID | None) -> Contents:
    """Return what is to be exported."""
    earlier = repository.earlier_revisions(session, project_id)
    if version_id is None:
        return _present(session, project_id, earlier)
    version = repository.get(session, version_id)
    if version is None:
        raise service.VersionNotFound
    manifest = service.load(blobs, version)
    return _frozen(session, manifest, f"version-{version.number}", earlier)


def _present(session: ReadSession, project_id: UUID, earlier: int) -> Contents:
    rows = repository.everything(session, project_id)
    classes = project_repository.classes(session, project_id)
    names = {row.id: row.name for row in classes}
    return Contents(
        title="current",
        entries=[_entry(row, names) for row in rows],
        blobs=[row.content_hash for row in rows],
        classes=[{"name": row.name, "color": row.color, "description": row.description} for row in classes],
        earlier_revisions=earlier,
    )


def _entry(row: Row[Any], names: Mapping[UUID, str]) -> Entry:
    extra: dict[str, object] = {
        "width": row.width,
        "height": row.height,
        "size_bytes": row.size_bytes,
        "twin_group": str(row.twin_group) if row.twin_group else None,
        "is_reserved": row.is_reserved,
    }
    answer = row.answer or "none"
    if answer != "none":
        extra |= {"revision": row.revision, "source": row.source, "author": row.author}
        extra |= {"updated_at": row.updated_at.isoformat()}
    return Entry(
        name=row.name,
        class_name=names.get(row.class_id) if answer == "class" else None,
        answer=answer,
        split=row.split or row.given_split,
        content_hash=row.content_hash,
        extra=extra,
    )


def _frozen(session: ReadSession, manifest: Manifest, title: str, earlier: int) -> Contents:
    names = {entry["id"]: entry["name"] for entry in manifest.classes}
    details = repository.class_details(session, [UUID(class_id) for class_id in names])
    ordered = sorted(manifest.entries, key=lambda entry: (entry.name, entry.hash))
    entries = [
        Entry(
            name=entry.name,
            class_name=names[entry.class_id],
            answer="class",
            split=entry.split,
            content_hash=entry.hash,
            extra={
                "width": entry.width,
                "height": entry.height,
                "size_bytes": entry.size_bytes,
                "twin_group": entry.twin_group,
                "revision": entry.revision,
                "source": entry.source,
            },
        )
        for entry in ordered
    ]
    classes = [
        {"name": entry["name"], "color": entry["color"], "description": details[UUID(entry["id"])].description}
        for entry in manifest.classes
        if UUID(entry["id"]) in details
    ]
    return Contents(title, entries, [entry.hash for entry in ordered], classes, earlier)
