"""From images in which objects are drawn to the contents of a version: who goes to which split, and what stays out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row

from modelyard.engine.presence_splits import assign_splits_by_presence
from modelyard.server.datasets.drafting import VersionNotReady, groups_of, listed, may_test
from modelyard.server.datasets.manifest import Entry
from modelyard.server.tables import Class

_LEAST = 2  # pictures of a class
_ONLY_ONE = "Only one picture has it."
_ONLY_CHECKED = "Every picture that has it is kept for checking."
_NOTHING = {
    "multi_label": "No picture has a class yet: say of some pictures what is on them first.",
    "keypoints": "Nothing is marked yet in a picture that is done: mark things in some pictures first.",
}
_NOTHING_DRAWN = "Nothing is drawn yet in a picture that is done: draw into some pictures first."
_ADVICE = {
    _ONLY_ONE: "Only one picture each has {names}: label at least one more of each.",
    _ONLY_CHECKED: "Every picture that has {names} is kept for checking, so no model could learn it: label more.",
}
_NOUNS = ("picture", "object")

Pairs = NDArray[np.int64]


@dataclass(frozen=True)
class Drawn:
    """The images that are done, and what is drawn into them in numbers.

    Attributes:
        rows: The images, in the order of their hashes.
        counts: An image's place, the place of a class, and how many objects of it are there, shape (P, 3).
        helped: Whether a model had a hand in what is drawn into an image, shape (N,).
    """

    rows: Sequence[Row[Any]]
    counts: Pairs
    helped: NDArray[np.bool_]


@dataclass(frozen=True)
class Draft:
    """The contents of the next version, without the objects themselves.

    Attributes:
        rows: The images that belong to it, in the order of their hashes.
        splits: The split of each.
        counts: As those of `Drawn`, of these images and the classes of the version.
        classes: The classes of the version, in class_index order.
        left_out: Those that it does without, with the reason.
    """

    rows: Sequence[Row[Any]]
    splits: Sequence[str]
    counts: Pairs
    classes: Sequence[Class]
    left_out: list[dict[str, Any]]

    def entries(self, hidden: set[str]) -> Iterator[Entry]:
        """Yield the images as a manifest has them, without the values of `hidden` attributes."""
        ids = [str(entry.id) for entry in self.classes]
        edges = np.searchsorted(self.counts[:, 0], np.arange(len(self.rows) + 1)).tolist()
        pairs = self.counts[:, 1:].tolist()
        for at, (row, split) in enumerate(zip(self.rows, self.splits, strict=True)):
            found = {ids[class_at]: count for class_at, count in pairs[edges[at] : edges[at + 1]]}
            yield _entry(row, split, found, hidden)

    def count_classes(self) -> list[tuple[int, int]]:
        """Return in how many images each class is, and how many objects of it there are."""
        return _count(self.counts, len(self.classes))

    @property
    def nothing_here(self) -> int:
        """How many images hold no object."""
        return len(self.rows) - len(np.unique(self.counts[:, 0]))


def count(rows: Sequence[Row[Any]], counted: Iterable[Any], classes: Sequence[Class]) -> Drawn:
    """Return what is drawn in numbers; `counted` yields (image, class, how many, how many with help)."""
    place_of: dict[object, int] = {}
    for at, row in enumerate(rows):
        place_of[row.image_id] = place_of[row.image_id.hex] = at
    class_at: dict[object, int] = {}
    for at, entry in enumerate(classes):
        class_at[entry.id] = class_at[entry.id.hex] = at
    helped = np.zeros(len(rows), bool)
    found: list[tuple[int, int, int]] = []
    for image_id, class_id, number, by_model in counted:
        at = place_of[image_id]
        found.append((at, class_at[class_id], number))
        helped[at] |= by_model > 0
    counts = np.array(found, np.int64).reshape(-1, 3)
    return Drawn(rows, counts[np.lexsort((counts[:, 1], counts[:, 0]))], helped)


def draft(
    drawn: Drawn, classes: Sequence[Class], options: Mapping[str, Any], scenes: Mapping[UUID, int], *, task: str
) -> Draft:
    """Return the contents of the next version.

    A class that no model could learn yet is left out, with its objects; so is a picture that holds nothing else, for
    it would say that nothing is there.

    Args:
        drawn: The images that are done.
        classes: Every class of the project.
        options: What decides the splits: seed and shares.
        scenes: The scene of each image of which it is known; a scene goes to one split.
        task: The project's.

    Raises:
        VersionNotReady: No class can be learnt; with everything that stands in the way.
    """
    totals = _count(drawn.counts, len(classes))
    left_out = {at: _ONLY_ONE for at, (images, _) in enumerate(totals) if 0 < images < _LEAST}
    kept, counts = _without(drawn.counts, left_out, len(drawn.rows))
    rows = [drawn.rows[at] for at in kept.tolist()]
    splits = _splits(rows, counts, drawn.helped[kept], options, scenes)
    taught = set(counts[(splits == "train")[counts[:, 0]], 1].tolist())
    left_out |= {at: _ONLY_CHECKED for at in set(counts[:, 1].tolist()) - taught}
    again, counts = _without(counts, left_out, len(rows))
    used = [at for at, (images, _) in enumerate(totals) if images and at not in left_out]
    _check(task, classes, totals, left_out, used, has_others=len(np.unique(counts[:, 0])) < len(again))
    counts[:, 1] = np.searchsorted(used, counts[:, 1])
    return Draft(
        rows=[rows[at] for at in again.tolist()],
        splits=splits[again].tolist(),
        counts=counts,
        classes=[classes[at] for at in used],
        left_out=[
            {"id": str(classes[at].id), "name": classes[at].name, "images": totals[at][0], "objects": totals[at][1]}
            | {"reason": left_out[at]}
            for at in sorted(left_out)
        ],
    )


def _splits(
    rows: Sequence[Row[Any]],
    counts: Pairs,
    helped: NDArray[np.bool_],
    options: Mapping[str, Any],
    scenes: Mapping[UUID, int],
) -> NDArray[np.str_]:
    """Return the split of each image; what a model had a hand in can test none honestly."""
    allowed = [may_test(row) and not by_model for row, by_model in zip(rows, helped.tolist(), strict=True)]
    found = assign_splits_by_presence(
        counts[:, :2],
        groups=groups_of(rows, scenes, allowed),
        fixed=[row.split or row.given_split for row in rows],
        may_test=allowed,
        test_share=options["test_share"],
        val_share=options["val_share"],
        seed=options["seed"],
    )
    return np.array(found, dtype="<U5")


def _without(counts: Pairs, left_out: Mapping[int, str], images: int) -> tuple[Pairs, Pairs]:
    """Return which images stay without these classes, and what is in them; those that were empty before stay."""
    rest = counts[~np.isin(counts[:, 1], list(left_out))]
    stays = np.ones(images, bool)
    stays[counts[:, 0]] = False
    stays[rest[:, 0]] = True
    rest[:, 0] = (np.cumsum(stays) - 1)[rest[:, 0]]
    return np.flatnonzero(stays), rest


def _count(counts: Pairs, n_classes: int) -> list[tuple[int, int]]:
    images = np.bincount(counts[:, 1], minlength=n_classes).tolist()
    objects = np.bincount(counts[:, 1], weights=counts[:, 2], minlength=n_classes).tolist()
    return [(has, int(number)) for has, number in zip(images, objects, strict=True)]


def _check(
    task: str,
    classes: Sequence[Class],
    totals: Sequence[tuple[int, int]],
    left_out: Mapping[int, str],
    used: Sequence[int],
    *,
    has_others: bool,
) -> None:
    """Say everything that keeps a class from being learnt."""
    if used and (len(used) > 1 or has_others or task != "multi_label"):
        return
    reasons = []
    if not any(images for images, _ in totals):
        reasons.append(_NOTHING.get(task, _NOTHING_DRAWN))
    elif used:
        name = classes[used[0]].name
        reasons.append(f"Every picture has the class {name!r} and nothing else: label pictures without it, too.")
    for reason, advice in _ADVICE.items():
        names = [_told(classes[at].name, totals[at], task) for at in sorted(left_out) if left_out[at] == reason]
        if names:
            reasons.append(advice.format(names=listed(names)))
    raise VersionNotReady(" ".join(reasons), reasons=reasons)


def _told(name: str, total: tuple[int, int], task: str) -> str:
    parts = [f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in zip(total, _NOUNS, strict=True)]
    return f"{name!r} ({', '.join(parts[:1] if task == 'multi_label' else parts)})"


def _entry(row: Row[Any], split: str, objects: dict[str, int], hidden: set[str]) -> Entry:
    return Entry(
        hash=row.content_hash,
        image_id=str(row.image_id),
        name=row.name,
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        class_id=None,
        revision=row.revision,
        source=row.source,
        split=split,
        twin_group=str(row.twin_group) if row.twin_group else None,
        attributes={name: value for name, value in (row.attributes or {}).items() if name not in hidden},
        objects=objects,
    )
