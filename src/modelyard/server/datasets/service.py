"""Looking at versions and at what is in them; `freezing.py` makes them."""

from dataclasses import replace
from uuid import UUID

from modelyard.errors import NotFound
from modelyard.server.accounts.actor import Actor
from modelyard.server.datasets import manifest, repository
from modelyard.server.datasets.manifest import Entry, Manifest
from modelyard.server.datasets.schemas import (
    ClassCount,
    FreezePreview,
    Split,
    SplitCounts,
    Version,
    VersionClass,
    VersionImage,
)
from modelyard.server.images import veil
from modelyard.server.images.cards import cards as image_cards
from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession
from modelyard.server.kit.pages import slice_page
from modelyard.server.projects import repository as project_repository
from modelyard.server.projects import service as projects
from modelyard.server.tables import DatasetVersion


class VersionNotFound(NotFound):
    """There is no such dataset version, or it belongs to a project that you are not a member of."""


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
    classes = [{"objects": None, **entry} for entry in version.classes]
    numbers = [entry["objects"] for entry in classes]
    return Version.model_validate(
        {
            **plain,
            "splits": SplitCounts(**{split: version.splits.get(split, 0) for split in SplitCounts.model_fields}),
            "classes": classes,
            "objects": None if None in numbers else sum(numbers),
            "nothing_here": version.options.get("nothing_here", 0),
            "left_out": [{"objects": None, **entry} for entry in version.options.get("left_out", [])],
            "created_by_name": author,
        }
    )


def preview(session: ReadSession, actor: Actor, project_id: UUID) -> FreezePreview:
    """Return what would go into a version now, class by class."""
    project = projects.get(session, actor, project_id)
    is_drawn = project.task != "classification"
    images = repository.answered(session, project_id, "objects" if is_drawn else "class")
    counts: dict[UUID, tuple[int, int | None]] = {**repository.counts_by_class(session, project_id)}
    if not is_drawn:
        counts = {key: (number, None) for key, number in repository.labelled_by_class(session, project_id).items()}
    rows = project_repository.classes(session, project_id)
    classes = [(row, *counts.get(row.id, (0, 0 if is_drawn else None))) for row in rows]
    return FreezePreview(
        images=images,
        objects=sum(number or 0 for _, _, number in classes) if is_drawn else None,
        nothing_here=images - repository.done_with_objects(session, project_id) if is_drawn else 0,
        classes=[
            VersionClass(id=row.id, name=row.name, color=row.color, images=held, objects=number)
            for row, held, number in classes
        ],
    )


def load(blobs: BlobStore, version: DatasetVersion) -> Manifest:
    """Return a version's manifest."""
    return manifest.read(blobs.local_path(version.content_hash))


def load_for(session: ReadSession, blobs: BlobStore, version: DatasetVersion) -> Manifest:
    """Return the contents of a version as far as whoever asks may know them."""
    contents = load(blobs, version)
    hidden = {str(image_id) for image_id in veil.hidden(session, project_id=version.project_id)}
    if not hidden:
        return contents
    return replace(contents, entries=[entry for entry in contents.entries if entry.image_id not in hidden])


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
        if (split is None or entry.split == split) and (class_id is None or _has(entry, str(class_id)))
    ]
    page, next_cursor = slice_page(wanted, key=lambda entry: (entry.hash,), cursor=cursor, limit=limit)
    cards = {card.id: card for card in image_cards(session, [UUID(entry.image_id) for entry in page])}
    return [_image(entry, cards) for entry in page if UUID(entry.image_id) in cards], next_cursor


def _has(entry: Entry, class_id: str) -> bool:
    return entry.class_id == class_id or class_id in entry.objects


def _image(entry: Entry, cards: dict[UUID, ImageCard]) -> VersionImage:
    counts = [ClassCount(class_id=UUID(class_id), objects=number) for class_id, number in entry.objects.items()]
    return VersionImage.model_validate(
        {
            "image": cards[UUID(entry.image_id)],
            "class_id": entry.class_id,
            "objects": counts,
            "revision": entry.revision,
            "split": entry.split,
        }
    )
