"""From labelled images to the contents of a version: who goes to which split, and what stands in the way."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row

from modelyard.engine.splits import assign_splits
from modelyard.engine.twins import components
from modelyard.errors import Conflict
from modelyard.server.datasets.manifest import Entry, Manifest
from modelyard.server.tables import Class

_LEAST = 2  # pictures of a class, and classes of a version
_ONLY_ONE = "Only one picture is labelled."
_ONLY_CHECKED = "Every picture is kept for checking."
_ADVICE = {
    _ONLY_ONE: "{names} {have} only one labelled picture: label at least one more of each.",
    _ONLY_CHECKED: "Every picture of {names} is kept for checking, so no model could learn it: label more of them.",
}


class VersionNotReady(Conflict):
    """There is too little to freeze. Label more pictures, then try again."""


def draft(
    rows: Sequence[Row[Any]],
    classes: Sequence[Class],
    options: dict[str, Any],
    scenes: Mapping[UUID, int] | None = None,
) -> Manifest:
    """Return the contents of the next version.

    Classes that no model could learn yet are left out, with the reason in the options: two hundred labels of forty
    classes leave some with a single picture, and that must not keep the others from being tried.

    Args:
        rows: The labelled images.
        classes: Every class of the project.
        options: What decides the splits: seed and shares.
        scenes: The scene of each image of which it is known; a scene goes to one split.

    Raises:
        VersionNotReady: Fewer than two classes can be learnt; with everything that stands in the way.
    """
    rows = sorted(rows, key=lambda row: row.content_hash)
    counts = Counter(row.class_id for row in rows)
    labelled = [entry for entry in classes if counts[entry.id]]
    left_out = {entry.id: _ONLY_ONE for entry in labelled if counts[entry.id] < _LEAST}
    rows, present = _without(rows, left_out), len(rows)
    splits = _splits(rows, [entry for entry in labelled if entry.id not in left_out], options, scenes or {})
    taught = {row.class_id for row, split in zip(rows, splits, strict=True) if split == "train"}
    left_out |= {entry.id: _ONLY_CHECKED for entry in labelled if entry.id not in taught | left_out.keys()}
    used = [entry for entry in labelled if entry.id not in left_out]
    if len(used) < _LEAST:
        _refuse(labelled, left_out, present)
    return Manifest(
        classes=[{"id": str(entry.id), "name": entry.name, "color": entry.color} for entry in used],
        options={
            **options,
            "left_out": [_left_out(entry, counts, left_out) for entry in labelled if entry.id in left_out],
        },
        entries=[_entry(row, split) for row, split in zip(rows, splits, strict=True) if row.class_id not in left_out],
    )


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


def _without(rows: Sequence[Row[Any]], left_out: Mapping[UUID, str]) -> Sequence[Row[Any]]:
    return [row for row in rows if row.class_id not in left_out]


def _left_out(entry: Class, counts: Mapping[UUID, int], reasons: Mapping[UUID, str]) -> dict[str, Any]:
    return {"id": str(entry.id), "name": entry.name, "images": counts[entry.id], "reason": reasons[entry.id]}


def _refuse(labelled: Sequence[Class], left_out: Mapping[UUID, str], images: int) -> None:
    """Say everything that keeps two classes from being learnt."""
    reasons = []
    if not labelled:
        reasons.append("No picture has a class yet: label some pictures of each class first.")
    elif len(labelled) == 1:
        reasons.append(
            f"All {images} labelled pictures are {labelled[0].name!r}: label pictures of at least one other class."
        )
    for reason, advice in _ADVICE.items():
        names = [repr(entry.name) for entry in labelled if left_out.get(entry.id) == reason]
        if names:
            reasons.append(advice.format(names=listed(names), have="has" if len(names) == 1 else "have"))
    raise VersionNotReady(" ".join(reasons), reasons=reasons)


def listed(names: Sequence[str], *, most: int = 5) -> str:
    """Return the first few names as a sentence has them.

    Example:
        >>> listed(["bun", "roll", "tart"], most=2)
        'bun, roll and 1 more'
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _splits(
    rows: Sequence[Row[Any]], used: Sequence[Class], options: dict[str, Any], scenes: Mapping[UUID, int]
) -> list[str]:
    index = {entry.id: position for position, entry in enumerate(used)}
    allowed = [may_test(row) for row in rows]
    return assign_splits(
        np.array([index[row.class_id] for row in rows]),
        groups=groups_of(rows, scenes, allowed),
        fixed=[row.split or row.given_split for row in rows],
        may_test=np.array(allowed),
        test_share=options["test_share"],
        val_share=options["val_share"],
        seed=options["seed"],
    )


def may_test(row: Row[Any]) -> bool:
    """Say whether no model had a hand in choosing or labelling this picture, so that it can test one honestly."""
    return bool(row.is_reserved or row.source == "import" or row.given_split == "test")


def groups_of(
    rows: Sequence[Row[Any]], scenes: Mapping[UUID, int], allowed: Sequence[bool]
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return one number a group that is never torn apart, shape (N,): twins, and scenes; `allowed` says who may test.

    A scene of which some pictures may test and others may not counts as two, or the few that were labelled with a
    model's help would bar the rest.
    """
    numbers: dict[object, int] = defaultdict(lambda: len(numbers))
    twins = np.array([numbers[row.twin_group or row.image_id] for row in rows], np.int64)
    places: dict[object, int] = {}
    pairs = []
    for row, may, twin in zip(rows, allowed, twins.tolist(), strict=True):
        if row.image_id in scenes:
            pairs.append((places.setdefault((scenes[row.image_id], may), twin), twin))
    joined = components(len(numbers), np.array(pairs, np.int64).reshape(-1, 2))
    return joined[twins]
