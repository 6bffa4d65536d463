"""Images with what is drawn into them, read a few hundred at a time, so that a million objects never lie in memory."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, overload
from uuid import UUID

from sqlalchemy import Row

from modelyard.formats import losses
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.kinds import Box, Shape
from modelyard.geometry.shapes import from_json
from modelyard.server.datasets import repository
from modelyard.server.datasets.manifest import Entry as VersionEntry
from modelyard.server.datasets.manifest import Manifest
from modelyard.server.datasets.objects import to_item
from modelyard.server.kit.database import ReadSession

_Any = TypeVar("_Any")
_BATCH = 400
_NONE: Mapping[str, Any] = {}

Load = Callable[[Sequence[int]], Mapping[int, Sequence[Item]]]
OnPass = Callable[[int, int], None]


@dataclass
class Tally:
    """What was counted while somebody went through entries, and who wants to hear how far that is."""

    losses: Counter[str] | None = None
    on_pass: OnPass | None = None  # told how many of how many entries were passed


@dataclass(frozen=True)
class Entries(Sequence[Entry]):
    """Entries whose items are looked up whenever somebody goes through them.

    Attributes:
        heads: The entries without their items.
        load: Returns the items of the entries at these places, by place.
        tally: What was counted on the way; the same for all names of these entries.
    """

    heads: Sequence[Entry]
    load: Load | None = None
    tally: Tally = field(default_factory=Tally)

    def __len__(self) -> int:
        return len(self.heads)

    def __iter__(self) -> Iterator[Entry]:
        counts: Counter[str] = Counter()
        for start in range(0, len(self.heads), _BATCH):
            part = range(start, min(start + _BATCH, len(self.heads)))
            if self.tally.on_pass:
                self.tally.on_pass(start, len(self.heads))
            wanted = [at for at in part if self.heads[at].answer == "objects"]
            items = self.load(wanted) if wanted and self.load else {}
            for at in part:
                entry = replace(self.heads[at], items=items[at]) if at in items else self.heads[at]
                if self.tally.losses is None:
                    losses.add(counts, entry)
                yield entry
        if self.tally.losses is None:
            self.tally.losses = counts

    def loss_counts(self) -> Counter[str]:
        """Count what formats may lose: what was counted when somebody went through all, else by going through."""
        for _ in self if self.tally.losses is None else ():
            pass
        return self.tally.losses or Counter()

    @overload
    def __getitem__(self, at: int) -> Entry: ...

    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...

    def __getitem__(self, at: int | slice) -> Entry | list[Entry]:
        if isinstance(at, slice):
            return list(self)[at]
        place = range(len(self.heads))[at]
        items = self.load([place]) if self.load else {}
        return replace(self.heads[place], items=items.get(place, ()))

    def where(self, condition: Callable[[Entry], bool]) -> "Entries":
        """Return those whose head fulfils a condition; what is lost is counted where somebody goes through all."""
        places = [at for at, head in enumerate(self.heads) if condition(head)]

        def load(wanted: Sequence[int]) -> Mapping[int, Sequence[Item]]:
            found = self.load([places[at] for at in wanted]) if self.load else {}
            return {at: found[places[at]] for at in wanted if places[at] in found}

        return Entries([self.heads[at] for at in places], load, Tally(Counter(), self.tally.on_pass))

    def renamed(self, names: Sequence[str]) -> "Entries":
        """Return the same under other names."""
        heads = [replace(head, name=name) for head, name in zip(self.heads, names, strict=True)]
        return Entries(heads, self.load, self.tally)


def present(
    session: ReadSession,
    image_ids: Sequence[UUID],
    class_names: Mapping[UUID, str],
    *,
    hidden: Collection[str] = (),
    with_lineage: bool = True,
) -> Load:
    """Return how to look up what is drawn into these images now.

    Values of `hidden` attributes are left out, and so is where an object comes from unless that is wanted.
    """

    def without(values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: value for name, value in values.items() if name not in hidden} if values else values

    name_of = dict(_either_way(class_names.items()))

    def load(places: Sequence[int]) -> Mapping[int, Sequence[Item]]:
        place_of = {image_ids[place]: place for place in places}
        found: dict[int, list[Item]] = defaultdict(list)
        if not with_lineage:
            rows = repository.shapes(session, list(place_of))
            place_of_any = dict(_either_way(place_of.items()))
            for image_id, class_id, x1, y1, x2, y2, stored, attributes in rows:
                drawn = stored_shape(x1, y1, x2, y2, stored)
                values = without(json.loads(attributes)) if attributes else _NONE
                item = Item(class_name=name_of[class_id], shape=drawn, attributes=values)
                found[place_of_any[image_id]].append(item)
            return found
        for row in repository.objects(session, list(place_of)):
            extra = {"id": str(row.object_id), "z": row.z, **lineage(row)}
            shape = stored_shape(row.x1, row.y1, row.x2, row.y2, row.shape)
            values = without(row.attributes)
            item = Item(class_name=class_names[row.class_id], shape=shape, attributes=values, extra=extra)
            found[place_of[row.image_id]].append(item)
        return found

    return load


def frozen(manifest: Manifest, ordered: Sequence[VersionEntry], *, with_lineage: bool) -> Load:
    """Return how to look up what is drawn into these images of a version."""
    names = {entry["id"]: entry["name"] for entry in manifest.classes}

    def load(places: Sequence[int]) -> Mapping[int, Sequence[Item]]:
        found = manifest.objects(ordered[place] for place in places)
        return {
            place: [to_item(said, names, with_lineage=with_lineage) for said in rows]
            for place, rows in zip(places, found, strict=True)
        }

    return load


def _either_way(pairs: Iterable[tuple[UUID, _Any]]) -> Iterator[tuple[UUID | str, _Any]]:
    """Yield each pair under its id and under the 32 digits of it, as which SQLite has ids."""
    for key, value in pairs:
        yield key, value
        yield key.hex, value


def lineage(row: Row[Any]) -> dict[str, Any]:
    """Return where an object comes from: a person, an import, or a detector's suggestion, and what work it took."""
    said: dict[str, Any] = {"source": row.source}
    if row.active_s is not None:
        said["active_s"] = row.active_s
    if row.suggestion_id is not None:
        said["suggestion"] = {"id": str(row.suggestion_id), "detector": row.detector, "score": row.score}
    return said


def stored_shape(x1: float, y1: float, x2: float, y2: float, shape: object) -> Shape:
    """Return the shape of a row: its bounds are a plain box where nothing else is said."""
    return Box.known(x1, y1, x2, y2) if shape is None else from_json(shape)
