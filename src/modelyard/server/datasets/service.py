"""Freezing what is labelled, looking at versions, and comparing two."""

from uuid import UUID

from modelyard.errors import Conflict, NotFound
from modelyard.server.accounts.actor import Actor
from modelyard.server.datasets import drafting, manifest, repository
from modelyard.server.datasets.manifest import Entry, Manifest
from modelyard.server.datasets.scenes import find_scenes
from modelyard.server.datasets.schemas import Split, SplitCounts, Version, VersionCreate, VersionImage
from modelyard.server.images.cards import cards as image_cards
from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import Database, ReadSession, WriteSession
from modelyard.server.kit.pages import slice_page
from modelyard.server.projects import repository as project_repository
from modelyard.server.projects import service as projects
from modelyard.server.tables import DatasetVersion, Project


class VersionNotFound(NotFound):
    """There is no such dataset version, or it belongs to a project that you are not a member of."""


class CannotFreezeObjects(Conflict):
    """Only images with one class each can be frozen and trained on so far. Export what there is as it is now."""


class FrozenMeanwhile(Conflict):
    """Somebody else froze a version at the same moment. Look at it, then try again."""


def freeze(
    db: Database, blobs: BlobStore, actor: Actor, project_id: UUID, body: VersionCreate
) -> tuple[DatasetVersion, bool]:
    """Freeze what is labelled now; return the version and whether it is new.

    Contents that were frozen before give the version that there is. The manifest is drawn from one consistent
    view of the data without keeping anybody from labelling; only the short end is a writing transaction.
    """
    with db.read() as session:
        project = projects.get(session, actor, project_id)
        if project.task != "classification":
            raise CannotFreezeObjects
        newest = repository.newest(session, project_id)
        options = _options(project, newest, body)
        classes = project_repository.classes(session, project_id)
        rows = repository.labelled(session, project_id)
        scenes = find_scenes(session, blobs, rows, backbone=projects.settings_of(project).backbone)
    drafted = drafting.draft(rows, classes, options, scenes)
    if newest is not None and not body.decides_splits and _holds_the_same(load(blobs, newest), drafted):
        return newest, False
    content_hash = blobs.put(manifest.to_bytes(drafted))
    with db.write() as session:
        repository.lock_project(session, project_id)
        found = repository.by_hash(session, project_id, content_hash)
        if found is not None:
            return found, False
        return _publish(session, actor, project_id, drafted, content_hash, body.note), True


def _publish(
    session: WriteSession, actor: Actor, project_id: UUID, drafted: Manifest, content_hash: str, note: str
) -> DatasetVersion:
    splits = {UUID(entry.image_id): entry.split for entry in drafted.entries}
    already = repository.splits_of(session, list(splits))
    if any(splits[image_id] != split for image_id, split in already.items()):
        raise FrozenMeanwhile
    repository.keep_splits(session, splits)
    version = DatasetVersion(
        project_id=project_id,
        number=repository.next_number(session, project_id),
        content_hash=content_hash,
        note=note,
        created_by=actor.user_id,
        images=len(drafted.entries),
        splits=drafting.count_splits(drafted),
        classes=drafting.count_classes(drafted),
        options=drafted.options,
    )
    session.add(version)
    session.flush()
    return version


def _holds_the_same(one: Manifest, other: Manifest) -> bool:
    return one.classes == other.classes and one.entries == other.entries


def _options(project: Project, newest: DatasetVersion | None, body: VersionCreate) -> dict[str, float | int]:
    """Return what decides the splits: what was asked for, else the last seed and the shares of the settings."""
    settings = projects.settings_of(project)
    seed = body.seed if body.seed is not None else (newest.options if newest else {}).get("seed", 0)
    test_share = body.test_share if body.test_share is not None else settings.test_share
    val_share = body.val_share if body.val_share is not None else settings.val_share
    return {"seed": int(seed), "test_share": float(test_share), "val_share": float(val_share)}


def get(session: ReadSession, actor: Actor, version_id: UUID) -> DatasetVersion:
    """Return a version; raises `VersionNotFound` also for those who are not members."""
    version = repository.get(session, version_id)
    if version is None:
        raise VersionNotFound
    try:
        projects.get(session, actor, version.project_id)
    except projects.ProjectNotFound as error:
        raise VersionNotFound from error
    return version


def list_(
    session: ReadSession, actor: Actor, project_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Version], str | None]:
    """Return versions, newest first, and the next cursor."""
    projects.get(session, actor, project_id)
    rows, next_cursor = repository.list_(session, project_id, cursor=cursor, limit=limit)
    return [_shown(version, name) for version, name in rows], next_cursor


def show(session: ReadSession, version: DatasetVersion) -> Version:
    """Return a version as the API shows it."""
    row = session.execute(repository.with_author().where(DatasetVersion.id == version.id)).one()
    return _shown(*row)


def _shown(version: DatasetVersion, author: str | None) -> Version:
    plain = {name: getattr(version, name) for name in Version.model_fields if hasattr(version, name)}
    splits = SplitCounts(**{split: version.splits.get(split, 0) for split in SplitCounts.model_fields})
    left_out = version.options.get("left_out", [])
    return Version.model_validate({**plain, "splits": splits, "left_out": left_out, "created_by_name": author})


def load(blobs: BlobStore, version: DatasetVersion) -> Manifest:
    """Return a version's manifest."""
    return manifest.from_bytes(blobs.get(version.content_hash))


def images_of(
    session: ReadSession,
    contents: Manifest,
    *,
    split: Split | None,
    class_id: UUID | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[VersionImage], str | None]:
    """Return one page of a version's images, in the manifest's order, and the next cursor."""
    wanted = [
        entry
        for entry in contents.entries
        if (split is None or entry.split == split) and (class_id is None or entry.class_id == str(class_id))
    ]
    page, next_cursor = slice_page(wanted, key=lambda entry: (entry.hash,), cursor=cursor, limit=limit)
    cards = {card.id: card for card in image_cards(session, [UUID(entry.image_id) for entry in page])}
    return [_image(entry, cards) for entry in page if UUID(entry.image_id) in cards], next_cursor


def _image(entry: Entry, cards: dict[UUID, ImageCard]) -> VersionImage:
    card = cards[UUID(entry.image_id)]
    return VersionImage.model_validate(
        {"image": card, "class_id": entry.class_id, "revision": entry.revision, "split": entry.split}
    )
