"""What changed between two versions; pure, over their manifests."""

from uuid import UUID

from modelyard.server.datasets.manifest import Entry, Manifest
from modelyard.server.datasets.schemas import DiffCounts, DiffImage, Moved, Relabelled, VersionClass, VersionDiff

MOST = 1000


def diff(version_id: UUID, new: Manifest, against_id: UUID, old: Manifest) -> VersionDiff:
    """Return what changed from `old` to `new`; an image is the same if its bytes are."""
    before = {entry.hash: entry for entry in old.entries}
    after = {entry.hash: entry for entry in new.entries}
    added = [entry for entry in new.entries if entry.hash not in before]
    removed = [entry for entry in old.entries if entry.hash not in after]
    kept = [(before[entry.hash], entry) for entry in new.entries if entry.hash in before]
    relabelled = [(a, b) for a, b in kept if a.class_id != b.class_id]
    moved = [(a, b) for a, b in kept if a.split != b.split]
    names_before = {entry["id"]: entry["name"] for entry in old.classes}
    names_after = {entry["id"]: entry["name"] for entry in new.classes}
    return VersionDiff(
        version_id=version_id,
        against_id=against_id,
        counts=DiffCounts(
            added=len(added),
            removed=len(removed),
            relabelled=len(relabelled),
            moved=len(moved),
            unchanged=sum(a.class_id == b.class_id and a.split == b.split for a, b in kept),
        ),
        added=[_image(entry) for entry in added[:MOST]],
        removed=[_image(entry) for entry in removed[:MOST]],
        relabelled=[_relabelled(a, b) for a, b in relabelled[:MOST]],
        moved=[_moved(a, b) for a, b in moved[:MOST]],
        classes_added=_classes(new, without=names_before),
        classes_removed=_classes(old, without=names_after),
        classes_renamed={
            class_id: [names_before[class_id], name]
            for class_id, name in names_after.items()
            if class_id in names_before and names_before[class_id] != name
        },
    )


def _classes(manifest: Manifest, *, without: dict[str, str]) -> list[VersionClass]:
    counts: dict[str, int] = {}
    for entry in manifest.entries:
        counts[entry.class_id] = counts.get(entry.class_id, 0) + 1
    return [
        VersionClass.model_validate({**entry, "images": counts.get(entry["id"], 0)})
        for entry in manifest.classes
        if entry["id"] not in without
    ]


def _image(entry: Entry) -> DiffImage:
    return DiffImage.model_validate(entry, from_attributes=True)


def _relabelled(old: Entry, new: Entry) -> Relabelled:
    values = {"image_id": new.image_id, "name": new.name, "from_class_id": old.class_id, "to_class_id": new.class_id}
    return Relabelled.model_validate(values)


def _moved(old: Entry, new: Entry) -> Moved:
    values = {"image_id": new.image_id, "name": new.name, "from_split": old.split, "to_split": new.split}
    return Moved.model_validate(values)
