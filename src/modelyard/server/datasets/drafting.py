"""From labelled images to the contents of a version: who goes to which split, and what stands in the way."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row

from modelyard.engine.splits import SPLITS, assign_splits
from modelyard.engine.twins import components
from modelyard.errors import Conflict
from modelyard.server.datasets.manifest import Entry, Manifest
from modelyard.server.tables import Class


class VersionNotReady(Conflict):
    """There is too little to freeze. Label more pictures, then try again."""


def draft(
    rows: Sequence[Row[Any]],
    classes: Sequence[Class],
    options: dict[str, Any],
    scenes: Mapping[UUID, int] | None = None,
) -> Manifest:
    """Return the contents of the next version.

    Args:
        rows: The labelled images.
        classes: Every class of the project.
        options: What decides the splits: seed and shares.
        scenes: The scene of each image of which it is known; a scene goes to one split.

    Raises:
        VersionNotReady: With everything that stands in the way.
    """
    rows = sorted(rows, key=lambda row: row.content_hash)
    counts = Counter(row.class_id for row in rows)
    used = [entry for entry in classes if counts[entry.id]]
    _check(used, counts, labelled=len(rows))
    splits = _splits(rows, used, options, scenes or {})
    _check_train(used, rows, splits)
    return Manifest(
        classes=[{"id": str(entry.id), "name": entry.name, "color": entry.color} for entry in used],
        options=dict(options),
        entries=[_entry(row, split) for row, split in zip(rows, splits, strict=True)],
    )


def count_splits(manifest: Manifest) -> dict[str, int]:
    """Return how many images each split holds."""
    counts = Counter(entry.split for entry in manifest.entries)
    return {split: counts[split] for split in SPLITS}


def count_classes(manifest: Manifest) -> list[dict[str, Any]]:
    """Return the classes with how many images each has."""
    counts = Counter(entry.class_id for entry in manifest.entries)
    return [{**entry, "images": counts[entry["id"]]} for entry in manifest.classes]


def _entry(row: Row[Any], split: str) -> Entry:
    return Entry(
        hash=row.content_hash,
        image_id=str(row.image_id),
        name=row.name,
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        class_id=str(row.class_id),
        revision=row.revision,
        source=row.source,
        split=split,
        twin_group=str(row.twin_group) if row.twin_group else None,
    )


def _check(used: Sequence[Class], counts: Mapping[UUID, int], *, labelled: int) -> None:
    reasons = []
    if not labelled:
        reasons.append("No picture has a class yet: label some pictures of each class first.")
    elif len(used) < 2:
        reasons.append(
            f"All {labelled} labelled pictures are {used[0].name!r}: label pictures of at least one other class."
        )
    single = [entry.name for entry in used if counts[entry.id] == 1]
    if single:
        reasons.append(
            f"{_names(single)} {'has' if len(single) == 1 else 'have'} only one labelled picture: "
            "label at least one more of each, or merge it into another class."
        )
    _raise(reasons)


def _check_train(used: Sequence[Class], rows: Sequence[Row[Any]], splits: Sequence[str]) -> None:
    """Refuse a class that no model could learn, because all its pictures were given to val or test."""
    learnt = {row.class_id for row, split in zip(rows, splits, strict=True) if split == "train"}
    missing = [entry.name for entry in used if entry.id not in learnt]
    if missing:
        _raise(
            [
                f"Every picture of {_names(missing)} is kept for checking, so no model could learn "
                f"{'it' if len(missing) == 1 else 'them'}: label more pictures of {_names(missing)}."
            ]
        )


def _raise(reasons: list[str]) -> None:
    if reasons:
        raise VersionNotReady(" ".join(reasons), reasons=reasons)


def _names(names: Sequence[str], *, most: int = 5) -> str:
    shown = ", ".join(repr(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _splits(
    rows: Sequence[Row[Any]], used: Sequence[Class], options: dict[str, Any], scenes: Mapping[UUID, int]
) -> list[str]:
    index = {entry.id: position for position, entry in enumerate(used)}
    return assign_splits(
        np.array([index[row.class_id] for row in rows]),
        groups=_groups(rows, scenes),
        fixed=[row.split or row.given_split for row in rows],
        may_test=np.array([_may_test(row) for row in rows]),
        test_share=options["test_share"],
        val_share=options["val_share"],
        seed=options["seed"],
    )


def _may_test(row: Row[Any]) -> bool:
    """Say whether no model had a hand in choosing or labelling this picture, so that it can test one honestly."""
    return bool(row.is_reserved or row.source == "import" or row.given_split == "test")


def _groups(rows: Sequence[Row[Any]], scenes: Mapping[UUID, int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return one number a group that is never torn apart, shape (N,): twins, and scenes.

    A scene of which some pictures may test and others may not counts as two, or the few that were labelled with a
    model's help would bar the rest.
    """
    numbers: dict[object, int] = defaultdict(lambda: len(numbers))
    twins = np.array([numbers[row.twin_group or row.image_id] for row in rows], np.int64)
    places: dict[object, int] = {}
    pairs = []
    for row, twin in zip(rows, twins.tolist(), strict=True):
        if row.image_id in scenes:
            pairs.append((places.setdefault((scenes[row.image_id], _may_test(row)), twin), twin))
    joined = components(len(numbers), np.array(pairs, np.int64).reshape(-1, 2))
    return joined[twins]
