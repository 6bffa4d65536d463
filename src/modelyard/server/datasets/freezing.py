"""Freezing what is labelled as a version: at once where there is little, as a job where there is much."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from modelyard.engine.splits import SPLITS
from modelyard.errors import Conflict
from modelyard.server.accounts.actor import Actor
from modelyard.server.datasets import drafting, drafting_objects, manifest, objects, repository
from modelyard.server.datasets.drafting_objects import Draft
from modelyard.server.datasets.drawn import lineage
from modelyard.server.datasets.scenes import find_scenes
from modelyard.server.datasets.schemas import VersionCreate
from modelyard.server.events import VersionFrozen
from modelyard.server.kit import jobs
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import Database, ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import attribute_repository
from modelyard.server.projects import repository as project_repository
from modelyard.server.projects import service as projects
from modelyard.server.tables import Class, DatasetVersion, Job, Project, shape_json

AT_ONCE = 20_000  # objects, and images: more take longer than a person waits for an answer
_BATCH = 400  # images whose objects are looked up together

Tell = Callable[[int, int, str], None]


class FrozenMeanwhile(Conflict):
    """Somebody else froze a version at the same moment. Look at it, then try again."""


@dataclass(frozen=True)
class Drawn:
    """A manifest that was written to disk, and what the version's row says of it."""

    splits: dict[UUID, str]
    classes: list[dict[str, Any]]
    options: dict[str, Any]
    nothing_here: int


def freeze(
    db: Database, blobs: BlobStore, actor: Actor, project_id: UUID, body: VersionCreate
) -> tuple[DatasetVersion, bool]:
    """Freeze what is labelled now, here; return the version and whether it is new.

    Contents that were frozen before give the version that there is. The manifest is drawn from one consistent
    view of the data without keeping anybody from labelling; only the short end is a writing transaction.
    """
    with db.read() as session:
        projects.get(session, actor, project_id)
    with tempfile.TemporaryDirectory() as folder:
        return draw(db, blobs, project_id, body, created_by=actor.user_id, folder=Path(folder))


def is_large(session: ReadSession, actor: Actor, project_id: UUID) -> bool:
    """Say whether there is so much to freeze that a job should do it; raises `ProjectNotFound`."""
    project = projects.get(session, actor, project_id)
    if project.task == "classification":
        return repository.answered(session, project_id, "class") > AT_ONCE
    images = repository.answered(session, project_id, "objects")
    return images > AT_ONCE or repository.count_objects(session, project_id) > AT_ONCE


def start(session: WriteSession, actor: Actor, project_id: UUID, body: VersionCreate) -> Job:
    """Ask a job to freeze what is labelled when it begins; its result says which version that is."""
    project = projects.get(session, actor, project_id)
    return jobs.enqueue(
        session,
        "datasets.freeze",
        params={"asked": body.model_dump(mode="json")},
        project_id=project_id,
        created_by=actor.user_id,
        title=f"Freeze a version of {project.name}"[:200],
    )


def draw(
    db: Database,
    blobs: BlobStore,
    project_id: UUID,
    body: VersionCreate,
    *,
    created_by: UUID | None,
    folder: Path,
    tell: Tell = lambda done, total, stage: None,
) -> tuple[DatasetVersion, bool]:
    """Write the manifest into a folder, store it and publish the version, as `freeze` says."""
    path = folder / "manifest.jsonl"
    with db.snapshot() as session:
        project = session.get_one(Project, project_id)
        newest = repository.newest(session, project_id)
        write = _write_classes if project.task == "classification" else _write_objects
        drawn = write(session, blobs, project, _options(project, newest, body), path, tell)
    may_be_same = newest is not None and not body.decides_splits
    if newest and may_be_same and objects.holds_the_same(path, blobs.local_path(newest.content_hash)):
        return newest, False
    content_hash = blobs.put_file(path)
    with db.write() as session:
        repository.lock_project(session, project_id)
        found = repository.by_hash(session, project_id, content_hash)
        if found is not None:
            return found, False
        return _publish(session, project_id, drawn, content_hash, note=body.note, created_by=created_by), True


def _write_classes(
    session: ReadSession, blobs: BlobStore, project: Project, options: dict[str, Any], path: Path, tell: Tell
) -> Drawn:
    """Write the manifest of images with one class each."""
    tell(0, 0, "Looking at labels")
    classes = project_repository.classes(session, project.id)
    rows = repository.labelled(session, project.id)
    backbone = projects.settings_of(project).backbone
    scenes = find_scenes(session, blobs, rows, backbone=backbone, class_of=lambda row: row.class_id)
    drafted = drafting.draft(rows, classes, options, scenes)
    path.write_bytes(manifest.to_bytes(drafted))
    splits = {UUID(entry.image_id): entry.split for entry in drafted.entries}
    return Drawn(splits, drafting.count_classes(drafted), drafted.options, nothing_here=0)


def _write_objects(
    session: ReadSession, blobs: BlobStore, project: Project, options: dict[str, Any], path: Path, tell: Tell
) -> Drawn:
    """Write the manifest of images in which objects are drawn."""
    tell(0, 0, "Looking at what is drawn")
    classes = project_repository.classes(session, project.id)
    rows = repository.drawn(session, project.id)
    found = drafting_objects.count(rows, repository.object_counts(session, project.id), classes)
    backbone = projects.settings_of(project).backbone
    scenes = find_scenes(session, blobs, rows, backbone=backbone, class_of=lambda row: None)
    tell(0, 0, "Sharing out pictures")
    draft = drafting_objects.draft(found, classes, options, scenes, task=project.task)
    options = {**options, "left_out": draft.left_out}
    hidden = {kind: attribute_repository.hidden_names(session, project.id, kind) for kind in ("image", "object")}
    header = objects.Header(
        task=project.task,
        classes=[_class(entry) for entry in draft.classes],
        attributes=_attributes(session, project.id),
        options=options,
    )
    lines = _objects(session, draft, hidden["object"], tell)
    objects.write(path, header, zip(draft.entries(hidden["image"]), lines, strict=True))
    splits = {row.image_id: split for row, split in zip(draft.rows, draft.splits, strict=True)}
    counted = zip(header.classes, draft.count_classes(), strict=True)
    summary = [{**entry, "images": images, "objects": number} for entry, (images, number) in counted]
    return Drawn(splits, summary, options, draft.nothing_here)


def _class(entry: Class) -> dict[str, Any]:
    said = {"id": str(entry.id), "name": entry.name, "color": entry.color}
    return said | ({"skeleton": entry.skeleton} if entry.skeleton else {})


def _attributes(session: ReadSession, project_id: UUID) -> list[dict[str, Any]]:
    return [
        {"subject": row.subject, "name": row.name, "kind": row.kind, "choices": list(row.choices)}
        | {"class_id": str(row.class_id) if row.class_id else None}
        for row in attribute_repository.present(session, project_id)
    ]


def _objects(session: ReadSession, draft: Draft, hidden: set[str], tell: Tell) -> Iterator[list[dict[str, Any]]]:
    """Yield what is drawn into each image, of classes that belong to the version."""
    class_ids = {entry.id: str(entry.id) for entry in draft.classes}
    total = len(draft.rows)
    for start in range(0, total, _BATCH):
        tell(start, total, "Writing what is drawn")
        part: Sequence[Row[Any]] = draft.rows[start : start + _BATCH]
        found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        for row in repository.objects(session, [image.image_id for image in part]):
            if row.class_id in class_ids:
                found[row.image_id].append(_object(row, class_ids[row.class_id], hidden))
        yield from (found.get(image.image_id, []) for image in part)
    tell(total, total, "Writing what is drawn")


def _object(row: Row[Any], class_id: str, hidden: set[str]) -> dict[str, Any]:
    attributes = {name: value for name, value in row.attributes.items() if name not in hidden} if hidden else None
    return objects.to_object(
        id=str(row.object_id),
        class_id=class_id,
        shape=shape_json(row),
        attributes=row.attributes if attributes is None else attributes,
        extra={"z": row.z, **lineage(row)},
    )


def _publish(
    session: WriteSession, project_id: UUID, drawn: Drawn, content_hash: str, *, note: str, created_by: UUID | None
) -> DatasetVersion:
    already = repository.splits_of(session, list(drawn.splits))
    if any(drawn.splits[image_id] != split for image_id, split in already.items()):
        raise FrozenMeanwhile
    repository.keep_splits(session, drawn.splits)
    splits = list(drawn.splits.values())
    version = DatasetVersion(
        project_id=project_id,
        number=repository.next_number(session, project_id),
        content_hash=content_hash,
        note=note,
        created_by=created_by,
        images=len(splits),
        splits={split: splits.count(split) for split in SPLITS},
        classes=drawn.classes,
        options={**drawn.options, "nothing_here": drawn.nothing_here},
    )
    session.add(version)
    session.flush()
    publish(session, VersionFrozen(project_id, version.id))
    return version


def _options(project: Project, newest: DatasetVersion | None, body: VersionCreate) -> dict[str, Any]:
    """Return what decides the splits: what was asked for, else the last seed and the shares of the settings."""
    settings = projects.settings_of(project)
    seed = body.seed if body.seed is not None else (newest.options if newest else {}).get("seed", 0)
    test_share = body.test_share if body.test_share is not None else settings.test_share
    val_share = body.val_share if body.val_share is not None else settings.val_share
    return {"seed": int(seed), "test_share": float(test_share), "val_share": float(val_share)}
