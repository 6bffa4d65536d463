"""Which object of a file is which object of an image: by id, by being equal, else by lying where the other lies.

It knows no database and no file. A box that was moved is a box that changed, not one deleted and another added.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from modelyard.geometry import boxes

SAME_PX = 0.01  # Formats round: coordinates that differ by less are the same.
_LEAST_IOU = 0.1
_OTHER_CLASS = 0.5  # So much better must an object of another class fit than one of the same class.
_LEAST_SIDE_PX = 8.0
_BLOCK = 4_000_000

Attributes = Mapping[str, str | float | bool]


@dataclass(frozen=True, slots=True)
class Thing:
    """An object: its class (the id, or the name of one that the project lacks) and its shape as it is stored."""

    object_id: UUID | None
    class_key: UUID | str
    type: str
    bounds: tuple[float, float, float, float]
    shape: Mapping[str, Any] | None  # None: the bounds are the shape
    attributes: Attributes
    z: int | None = None  # None: nothing is said of it


@dataclass(frozen=True)
class Difference:
    """What has to be done to come from what there is to what is said."""

    added: list[Thing] = field(default_factory=list)
    changed: list[tuple[Thing, Thing]] = field(default_factory=list)  # before and after
    deleted: list[Thing] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.deleted)


def compare(present: Sequence[Thing], said: Sequence[Thing], *, says_attributes: bool) -> Difference:
    """Return how what is said of an image differs from what is drawn into it.

    Args:
        present: What is drawn.
        said: What a file says.
        says_attributes: Whether the file knows of attributes; if not, those that there are stay.
    """
    free = {thing.object_id: thing for thing in present}
    pairs: list[tuple[Thing, Thing]] = []
    rest: list[Thing] = []
    for thing in said:
        if thing.object_id in free:
            pairs.append((free.pop(thing.object_id), thing))
        else:
            rest.append(thing)
    for with_attributes in (True, False):
        if free and rest:
            rest = _pair_equal(free, rest, pairs, with_attributes=with_attributes)
    if free and rest:
        rest = _pair_alike(free, rest, pairs)
    merged = [(before, _merged(before, thing, says_attributes)) for before, thing in pairs]
    changed = [(before, after) for before, after in merged if not _is_same(before, after)]
    return Difference(rest, changed, list(free.values()))


def _pair_equal(
    free: dict[UUID | None, Thing],
    said: Sequence[Thing],
    pairs: list[tuple[Thing, Thing]],
    *,
    with_attributes: bool,
) -> list[Thing]:
    """Pair what is equal and return what is left of what is said."""
    by_key: dict[Hashable, list[UUID | None]] = defaultdict(list)
    for object_id, thing in free.items():
        by_key[_key(thing, with_attributes)].append(object_id)
    rest = []
    for thing in said:
        if same := by_key.get(_key(thing, with_attributes)):
            pairs.append((free.pop(same.pop(0)), thing))
        else:
            rest.append(thing)
    return rest


def _key(thing: Thing, with_attributes: bool) -> Hashable:
    shape = None if thing.shape is None else str(thing.shape)
    more = tuple(sorted(thing.attributes.items())) if with_attributes and thing.attributes else ()
    return thing.class_key, thing.type, thing.bounds, shape, more


def _pair_alike(free: dict[UUID | None, Thing], said: Sequence[Thing], pairs: list[tuple[Thing, Thing]]) -> list[Thing]:
    """Pair what lies in about the same place, best first, and return what is left of what is said."""
    present = list(free.values())
    taken: set[int] = set()
    for at, other in _candidates(present, said):
        before = present[other]
        if at not in taken and before.object_id in free:
            taken.add(at)
            pairs.append((free.pop(before.object_id), said[at]))
    return [thing for at, thing in enumerate(said) if at not in taken]


def _candidates(present: Sequence[Thing], said: Sequence[Thing]) -> Iterator[tuple[int, int]]:
    """Yield (place in `said`, place in `present`) of all that overlap enough, best first."""
    number: dict[UUID | str, int] = {}
    kinds = np.array([number.setdefault(thing.class_key, len(number)) for thing in present])  # (M,)
    bounds = _roomy(present)
    found: list[np.ndarray[Any, Any]] = []
    step = max(1, _BLOCK // len(present))
    for start in range(0, len(said), step):
        part = said[start : start + step]
        own = np.array([number.get(thing.class_key, -1) for thing in part])
        score = boxes.iou(_roomy(part), bounds) - _OTHER_CLASS * (own[:, None] != kinds[None, :])  # (N, M)
        at, other = np.nonzero(score >= _LEAST_IOU)
        found.append(np.column_stack([score[at, other], at + start, other]))
    ranked = np.concatenate(found)
    for row in ranked[np.argsort(-ranked[:, 0], kind="stable")]:
        yield int(row[1]), int(row[2])


def _roomy(things: Sequence[Thing]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return bounds, shape (N, 4), with some room around points and thin lines, which overlap nothing."""
    bounds = np.array([thing.bounds for thing in things], np.float64)
    lack = np.clip(_LEAST_SIDE_PX - (bounds[:, 2:] - bounds[:, :2]), 0, None) / 2
    return np.hstack([bounds[:, :2] - lack, bounds[:, 2:] + lack]).astype(np.float32)


def _merged(before: Thing, said: Thing, says_attributes: bool) -> Thing:
    """Return what an object becomes; what is not said of it stays as it was."""
    attributes = said.attributes if says_attributes else before.attributes
    z = before.z if said.z is None else said.z
    return Thing(before.object_id, said.class_key, said.type, said.bounds, said.shape, attributes, z)


def _is_same(before: Thing, after: Thing) -> bool:
    if (before.class_key, before.type, before.z) != (after.class_key, after.type, after.z):
        return False
    if dict(before.attributes) != dict(after.attributes):
        return False
    if before.shape is None or after.shape is None:
        return before.shape is after.shape and _is_near(before.bounds, after.bounds)
    return _is_near(before.shape, after.shape)


def _is_near(a: Any, b: Any) -> bool:
    """Say whether two pieces of JSON are equal but for rounding."""
    if a == b:
        return True
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_is_near(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(_is_near, a, b))
    is_number = isinstance(a, int | float) and isinstance(b, int | float)
    return is_number and abs(a - b) <= SAME_PX
