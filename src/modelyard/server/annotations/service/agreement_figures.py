"""Sums of what two people said, made into the figures of agreement; it asks no database."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar
from uuid import UUID

import numpy as np

from modelyard.engine.agreement import comparing
from modelyard.engine.agreement.classes import Counts, cohen_kappa
from modelyard.server.annotations import agreement_schemas as schemas
from modelyard.server.annotations.repository.comparisons import DaySum, PairSum, Sum
from modelyard.server.tables import NOTHING

_MOST_DAYS = 60
_MOST_MIXED_UP = 20
Classes = Mapping[UUID, UUID | None]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class OfPerson:
    """How far one person agrees with the others."""

    pictures: int  # compared; one that two others labelled too counts twice
    agreed: float | None  # a share in [0, 1]


class Tables:
    """How often who said what where another said what: of classes as they are now, without those that were deleted."""

    def __init__(self, sums: Sequence[Sum], classes: Classes, *, is_drawn: bool = False) -> None:
        self.is_drawn = is_drawn
        rows = [(row, present(row.first_said, classes), present(row.second_said, classes)) for row in sums]
        self._rows = [(row, one, other) for row, one, other in rows if one is not None and other is not None]
        said = {name for _, *both in self._rows for name in both}
        self.said = [*sorted(said - {NOTHING}), NOTHING]
        self.people = sorted({user_id for row, *_ in self._rows for user_id in (row.first_id, row.second_id)})

    @cached_property
    def by_pair(self) -> dict[tuple[UUID, UUID], Counts]:
        """For each two people how often the one said the row and the other the column; the last is nothing."""
        return self._tables(lambda row: (row.first_id, row.second_id))

    @cached_property
    def by_labels(self) -> dict[int, Counts]:
        """The same of all people, by how many labels the pictures have."""
        return self._tables(lambda row: row.labels)

    @cached_property
    def all(self) -> Counts:
        """The same of everything."""
        size = len(self.said)
        return np.sum(list(self.by_labels.values()), axis=0) if self.by_labels else np.zeros((size, size), np.int64)

    @cached_property
    def overlaps(self) -> dict[tuple[UUID, UUID], float]:
        """The overlaps of the objects that both drew and gave the same class, summed, for each two people."""
        found: dict[tuple[UUID, UUID], float] = defaultdict(float)
        for row, one, other in self._rows:
            if one == other:
                found[row.first_id, row.second_id] += row.overlap
        return found

    @cached_property
    def class_overlaps(self) -> dict[str, float]:
        """The same for each class."""
        found: dict[str, float] = defaultdict(float)
        for row, one, other in self._rows:
            if one == other:
                found[one] += row.overlap
        return found

    def _tables(self, key: Callable[[Sum], Key]) -> dict[Key, Counts]:
        place = {name: at for at, name in enumerate(self.said)}
        size = len(self.said)
        found: dict[Key, Counts] = defaultdict(lambda: np.zeros((size, size), np.int64))
        for row, one, other in self._rows:
            found[key(row)][place[one], place[other]] += row.times
        return dict(found)


def present(said: str, classes: Classes) -> str | None:
    """Return what was said in classes as they are now; None for a class that was deleted."""
    if len(said) < 36:
        return said  # No class.
    found = classes.get(UUID(said))
    return None if found is None else str(found)


def overall(tables: Tables) -> dict[str, float | None]:
    """Return the figures of everybody together."""
    matched = int(np.trace(tables.all[:-1, :-1]))
    found: dict[str, float | None] = dict.fromkeys(("by_chance", "alpha", "fleiss_kappa", "mean_overlap"))
    found["agreed"] = comparing.shared(tables.all)
    if tables.is_drawn:
        found["mean_overlap"] = sum(tables.overlaps.values()) / matched if matched else None
        return found
    symmetric = tables.all + tables.all.T
    found["by_chance"] = comparing.by_chance(symmetric)
    found["alpha"] = comparing.alpha_of_pairs(tables.by_labels)
    found["fleiss_kappa"] = comparing.fleiss_of_pairs(tables.all) if len(tables.by_labels) == 1 else None
    return found


def pairs(tables: Tables, rows: Sequence[PairSum]) -> list[schemas.AgreementPair]:
    """Return the figures of each two people."""
    found = []
    for row in rows:
        table = tables.by_pair.get((row.first_id, row.second_id))
        if table is None:
            continue
        matched = int(np.trace(table[:-1, :-1]))
        overlap = tables.overlaps.get((row.first_id, row.second_id), 0.0)
        found.append(
            schemas.AgreementPair(
                **row._asdict(),
                agreed=comparing.shared(table),
                by_chance=None if tables.is_drawn else comparing.by_chance(table),
                kappa=None if tables.is_drawn else cohen_kappa(table),
                mean_overlap=overlap / matched if tables.is_drawn and matched else None,
            )
        )
    return found


def people(
    tables: Tables, pictures: Mapping[UUID, int], names: Mapping[UUID, str], skill: Mapping[UUID, float]
) -> list[schemas.AgreementPerson]:
    """Return how far each person agrees with the others, by name."""
    found = [
        schemas.AgreementPerson(
            user_id=id_, name=names.get(id_, ""), pictures=own.pictures, agreed=own.agreed, skill=skill.get(id_)
        )
        for id_, own in of_people(tables, pictures).items()
    ]
    return sorted(found, key=lambda person: (person.name.casefold(), person.user_id))


def of_people(tables: Tables, pictures: Mapping[UUID, int]) -> dict[UUID, OfPerson]:
    """Return how far each person agrees with the others, all of them together."""
    found = {}
    for user_id in tables.people:
        own = [table for pair, table in tables.by_pair.items() if user_id in pair]
        found[user_id] = OfPerson(pictures.get(user_id, 0), comparing.shared(np.sum(own, axis=0)))
    return found


def classes(tables: Tables, names: Mapping[str, str]) -> list[schemas.AgreementClass]:
    """Return how far people agree on each thing that somebody said, the most frequent first."""
    shares = comparing.shared_by_class(tables.all)
    found = []
    for at, said in enumerate(tables.said[:-1]):
        matched = int(tables.all[at, at])
        found.append(
            schemas.AgreementClass(
                said=said,
                name=names.get(said, ""),
                times=int(tables.all[at].sum() + tables.all[:, at].sum()),
                agreed=shares[at],
                mean_overlap=tables.class_overlaps.get(said, 0.0) / matched if tables.is_drawn and matched else None,
            )
        )
    return sorted(found, key=lambda row: (-row.times, row.name))


def mixed_up(tables: Tables, names: Mapping[str, str]) -> list[schemas.MixedUp]:
    """Return what is said for one another, the most frequent first."""
    both = np.triu(tables.all + tables.all.T, 1)
    rows = sorted(zip(*np.nonzero(both), strict=True), key=lambda place: -both[place])
    return [
        schemas.MixedUp(
            first_said=tables.said[one],
            second_said=tables.said[other],
            first_name=names.get(tables.said[one], ""),
            second_name=names.get(tables.said[other], ""),
            times=int(both[one, other]),
        )
        for one, other in rows[:_MOST_MIXED_UP]
    ]


def over_time(rows: Sequence[DaySum], present_classes: Classes) -> list[schemas.AgreementPeriod]:
    """Return how far people agreed day by day, or week by week (from Monday) where it took longer than two months."""
    if not rows:
        return []
    first, last = date.fromisoformat(rows[0].day), date.fromisoformat(rows[-1].day)
    length = 1 if (last - first).days < _MOST_DAYS else 7
    both, said = defaultdict[date, int](int), defaultdict[date, int](int)
    compared = defaultdict[date, int](int)
    for row in rows:
        one, other = (present(word, present_classes) for word in (row.first_said, row.second_said))
        day = date.fromisoformat(row.day)
        since = day if length == 1 else day - timedelta(days=day.weekday())
        if one is None or other is None or one == other == NOTHING:
            continue
        compared[since] += row.times
        both[since] += 2 * row.times * (one == other)
        said[since] += row.times * ((one != NOTHING) + (other != NOTHING))
    return [
        schemas.AgreementPeriod(
            since=since,
            until=since + timedelta(days=length - 1),
            comparisons=compared[since],
            agreed=both[since] / said[since],
        )
        for since in sorted(compared)
    ]
