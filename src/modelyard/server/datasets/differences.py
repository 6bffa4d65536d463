"""What changed between two versions; pure, over their manifests."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from modelyard.server.datasets.manifest import Entry, Manifest
from modelyard.server.datasets.objects import only_of
from modelyard.server.datasets.schemas import (
    Changed,
    DiffCounts,
    DiffImage,
    Moved,
    ObjectCounts,
    Relabelled,
    VersionClass,
    VersionDiff,
)

MOST = 1000

Pair = tuple[Entry, Entry]


def diff(version_id: UUID, new: Manifest, against_id: UUID, old: Manifest) -> VersionDiff:
    """Return what changed from `old` to `new`; an image is the same if its bytes are, an object if its id is."""
    before = {entry.hash: entry for entry in old.entries}
    after = {entry.hash for entry in new.entries}
    added = [entry for entry in new.entries if entry.hash not in before]
    removed = [entry for entry in old.entries if entry.hash not in after]
    kept = [(before[entry.hash], entry) for entry in new.entries if entry.hash in before]
    relabelled = [(a, b) for a, b in kept if a.class_id != b.class_id]
    changed = _changes(old, new, kept)
    moved = [(a, b) for a, b in kept if a.split != b.split]
    touched = {b.hash for pairs in (relabelled, moved) for _, b in pairs} | {b.hash for (_, b), _ in changed}
    names_before = {entry["id"]: entry["name"] for entry in old.classes}
    names_after = {entry["id"]: entry["name"] for entry in new.classes}
    return VersionDiff(
        version_id=version_id,
        against_id=against_id,
        counts=DiffCounts(
            added=len(added),
            removed=len(removed),
            relabelled=len(relabelled),
            changed=len(changed),
            moved=len(moved),
            unchanged=len(kept) - len(touched),
        ),
        objects=_count_objects(added, removed, kept, [found for _, found in changed]),
        added=[_image(entry) for entry in added[:MOST]],
        removed=[_image(entry) for entry in removed[:MOST]],
        relabelled=[_relabelled(a, b) for a, b in relabelled[:MOST]],
        changed=[found for _, found in changed[:MOST]],
        moved=[_moved(a, b) for a, b in moved[:MOST]],
        classes_added=_classes(new, without=names_before),
        classes_removed=_classes(old, without=names_after),
        classes_renamed={
            class_id: [names_before[class_id], name]
            for class_id, name in names_after.items()
            if class_id in names_before and names_before[class_id] != name
        },
    )


def _changes(old: Manifest, new: Manifest, kept: Sequence[Pair]) -> list[tuple[Pair, Changed]]:
    """Return the images in which something else is drawn; only lines that differ are taken apart."""
    lines = zip(old.lines(a for a, _ in kept), new.lines(b for _, b in kept), strict=True)
    other = [
        pair for pair, (a, b) in zip(kept, lines, strict=True) if a != b or pair[0].attributes != pair[1].attributes
    ]
    drawn = zip(only_of(old, (a for a, _ in other)), only_of(new, (b for _, b in other)), strict=True)
    found = [(pair, _changed(*pair, a, b)) for pair, (a, b) in zip(other, drawn, strict=True)]
    return [(pair, said) for pair, said in found if _differs(said)]


def _changed(old: Entry, new: Entry, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> Changed:
    was, now = ({row["id"]: row for row in rows} for rows in (before, after))
    return Changed(
        image_id=UUID(new.image_id),
        name=new.name,
        added=len(now.keys() - was.keys()),
        removed=len(was.keys() - now.keys()),
        changed=sum(now[key] != was[key] for key in now.keys() & was.keys()),
        is_described_otherwise=old.attributes != new.attributes,
    )


def _differs(said: Changed) -> bool:
    return bool(said.added or said.removed or said.changed or said.is_described_otherwise)


def _count_objects(
    added: Sequence[Entry], removed: Sequence[Entry], kept: Sequence[Pair], changes: Sequence[Changed]
) -> ObjectCounts:
    new_ones = sum(said.added for said in changes)
    changed = sum(said.changed for said in changes)
    return ObjectCounts(
        added=sum(map(_number, added)) + new_ones,
        removed=sum(map(_number, removed)) + sum(said.removed for said in changes),
        changed=changed,
        unchanged=sum(_number(b) for _, b in kept) - new_ones - changed,
    )


def _number(entry: Entry) -> int:
    return sum(entry.objects.values())


def _classes(manifest: Manifest, *, without: Mapping[str, str]) -> list[VersionClass]:
    wanted = [entry for entry in manifest.classes if entry["id"] not in without]
    is_drawn = manifest.task != "classification"
    return [
        VersionClass(
            id=entry["id"],
            name=entry["name"],
            color=entry["color"],
            images=sum(row.class_id == entry["id"] or entry["id"] in row.objects for row in manifest.entries),
            objects=sum(row.objects.get(entry["id"], 0) for row in manifest.entries) if is_drawn else None,
        )
        for entry in wanted
    ]


def _image(entry: Entry) -> DiffImage:
    return DiffImage.model_validate(
        {
            "image_id": entry.image_id,
            "name": entry.name,
            "class_id": entry.class_id,
            "objects": _number(entry),
            "split": entry.split,
        }
    )


def _relabelled(old: Entry, new: Entry) -> Relabelled:
    values = {"image_id": new.image_id, "name": new.name, "from_class_id": old.class_id, "to_class_id": new.class_id}
    return Relabelled.model_validate(values)


def _moved(old: Entry, new: Entry) -> Moved:
    values = {"image_id": new.image_id, "name": new.name, "from_split": old.split, "to_split": new.split}
    return Moved.model_validate(values)
