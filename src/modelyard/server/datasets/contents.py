"""What an export holds: a frozen version, or everything as it is now, in the terms of the interchange formats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from modelyard.formats.entries import Entry
from modelyard.server.datasets import drawn, repository, service
from modelyard.server.datasets.drawn import Entries
from modelyard.server.datasets.manifest import Entry as VersionEntry
from modelyard.server.datasets.manifest import Manifest
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession
from modelyard.server.projects import attribute_repository
from modelyard.server.projects import repository as project_repository
from modelyard.server.tables import Class, Project, now


@dataclass(frozen=True)
class Contents:
    """The images of an export with their classes; `blobs` holds the hash of each entry's original.

    What is drawn into the images can be looked at as long as the session is open.
    """

    title: str
    project: str
    project_id: UUID
    date: str  # on which it was frozen, YYYY-MM-DD; today for what there is now
    task: str
    entries: Entries
    blobs: Sequence[str]
    classes: Sequence[Mapping[str, object]]
    used: set[str]  # names of classes that some image has
    earlier_revisions: int
    unfinished: int = 0  # objects on images that nobody said are done; they stay here
    choices: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)  # of attributes, by subject and name
    undescribed: int = 0  # images that nobody answered, and that have attributes; those stay here too

    @property
    def annotations(self) -> int:
        """How many images have an answer."""
        return sum(entry.answer != "none" for entry in self.entries.heads)

    @property
    def class_names(self) -> list[str]:
        """The names of the classes in their order."""
        return [str(entry["name"]) for entry in self.classes]


def collect(
    session: ReadSession, blobs: BlobStore, project: Project, version_id: UUID | None, *, with_lineage: bool = True
) -> Contents:
    """Return what is to be exported, with where each object comes from if that is wanted."""
    if version_id is None:
        return _present(session, project, with_lineage=with_lineage)
    version = repository.get(session, version_id)
    if version is None:
        raise service.VersionNotFound
    found = _frozen(
        session, project, service.load(blobs, version), f"version-{version.number}", with_lineage=with_lineage
    )
    return replace(found, date=version.created_at.date().isoformat())


def _present(session: ReadSession, project: Project, *, with_lineage: bool) -> Contents:
    rows = repository.everything(session, project.id)
    classes = project_repository.classes(session, project.id)
    names = {row.id: row.name for row in classes}
    unseen = attribute_repository.hidden_names(session, project.id, "image")
    heads = [_entry(row, names, unseen) for row in rows]
    used = {head.class_name for head in heads if head.class_name}
    load = None
    if project.task != "classification":
        used |= {names[class_id] for class_id in repository.classes_drawn(session, project.id) if class_id in names}
        hidden = attribute_repository.hidden_names(session, project.id, "object")
        ids = [row.image_id for row in rows]
        load = drawn.present(session, ids, names, hidden=hidden, with_lineage=with_lineage)
    return Contents(
        title="current",
        project=project.name,
        project_id=project.id,
        date=now().date().isoformat(),
        task=project.task,
        entries=Entries(heads, load),
        blobs=[row.content_hash for row in rows],
        classes=[_described(row) for row in classes],
        used=used,
        earlier_revisions=repository.earlier_revisions(session, project.id),
        choices=attribute_repository.choices(session, project.id),
        unfinished=0 if load is None else repository.unfinished_objects(session, project.id),
        undescribed=sum(bool(_seen(row.attributes, unseen)) for row in rows if row.answer in (None, "none")),
    )


def _described(row: Class) -> dict[str, object]:
    said: dict[str, object] = {"name": row.name, "color": row.color, "description": row.description}
    return said | ({"skeleton": row.skeleton} if row.skeleton else {})


def _seen(values: Mapping[str, Any] | None, hidden: set[str]) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if name not in hidden}


def _entry(row: Row[Any], names: Mapping[UUID, str], unseen: set[str]) -> Entry:
    extra: dict[str, object] = {
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
        width=row.width,
        height=row.height,
        attributes=_seen(row.attributes, unseen) if answer != "none" else {},
    )


def _frozen(session: ReadSession, project: Project, manifest: Manifest, title: str, *, with_lineage: bool) -> Contents:
    names = {entry["id"]: entry["name"] for entry in manifest.classes}
    ordered = sorted(manifest.entries, key=lambda entry: (entry.name, entry.hash))
    return Contents(
        title=title,
        project=project.name,
        project_id=project.id,
        date="",
        task=manifest.task,
        entries=Entries(
            _frozen_heads(session, project, manifest, ordered),
            drawn.frozen(manifest, ordered, with_lineage=with_lineage),
        ),
        blobs=[entry.hash for entry in ordered],
        classes=_frozen_classes(session, manifest),
        used={names[class_id] for entry in ordered for class_id in (entry.class_id, *entry.objects) if class_id},
        choices=_frozen_choices(session, project, manifest),
        earlier_revisions=repository.earlier_revisions(session, project.id),
    )


def _frozen_heads(
    session: ReadSession, project: Project, manifest: Manifest, ordered: Sequence[VersionEntry]
) -> list[Entry]:
    """Return the images; what is said of one with one class stands not in the manifest, but at its revision."""
    names = {entry["id"]: entry["name"] for entry in manifest.classes}
    is_drawn = manifest.task != "classification"
    described = {} if is_drawn else repository.described_revisions(session, project.id)
    unseen = attribute_repository.hidden_names(session, project.id, "image")

    def attributes(entry: VersionEntry) -> Mapping[str, Any]:
        return entry.attributes if is_drawn else _seen(described.get((UUID(entry.image_id), entry.revision)), unseen)

    return [
        Entry(
            name=entry.name,
            class_name=names[entry.class_id] if entry.class_id else None,
            answer="objects" if is_drawn else "class",
            split=entry.split,
            content_hash=entry.hash,
            width=entry.width,
            height=entry.height,
            attributes=attributes(entry),
            extra={
                "size_bytes": entry.size_bytes,
                "twin_group": entry.twin_group,
                "revision": entry.revision,
                "source": entry.source,
            },
        )
        for entry in ordered
    ]


def _frozen_choices(
    session: ReadSession, project: Project, manifest: Manifest
) -> Mapping[tuple[str, str], Sequence[str]]:
    if manifest.task == "classification":
        return attribute_repository.choices(session, project.id)
    found: dict[tuple[str, str], dict[str, None]] = {}
    for row in manifest.attributes:
        if row["kind"] == "choice":
            found.setdefault((row["subject"], row["name"]), {}).update(dict.fromkeys(row["choices"]))
    return {key: list(words) for key, words in found.items()}


def _frozen_classes(session: ReadSession, manifest: Manifest) -> list[dict[str, object]]:
    details = repository.class_details(session, [UUID(entry["id"]) for entry in manifest.classes])
    return [
        {"name": entry["name"], "color": entry["color"], "description": details[UUID(entry["id"])].description}
        | ({"skeleton": entry["skeleton"]} if "skeleton" in entry else {})
        for entry in manifest.classes
        if UUID(entry["id"]) in details
    ]
