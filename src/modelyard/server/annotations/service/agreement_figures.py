"""Sums of what two people said, made into the figures of agreement; it asks no database."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np

from modelyard.engine.agreement import comparing
from modelyard.engine.agreement.classes import Counts, kappa_of_margins
from modelyard.server.annotations import agreement_schemas as schemas
from modelyard.server.annotations.repository.comparisons import Cell, DaySum, Margin, PairSum
from modelyard.server.tables import NOTHING

_MOST_DAYS = 60
_MOST_MIXED_UP = 20
Classes = Mapping[UUID, UUID | None]


@dataclass(frozen=True)
class OfPerson:
    """How far one person agrees with the others."""

    pictures: int  # compared; one that two others labelled too counts twice
    agreed: float | None  # a share in [0, 1]


class Tables:
    """How often one person said this where another said that: of classes as they are now, without deleted ones."""

    def __init__(self, cells: Sequence[Cell], classes: Classes, *, is_drawn: bool = False) -> None:
        self.is_drawn = is_drawn
        rows = [(row, present(row.first_said, classes), present(row.second_said, classes)) for row in cells]
        known = [(row, one, other) for row, one, other in rows if one is not None and other is not None]
        self.said = [*sorted({name for _, *both in known for name in both} - {NOTHING}), NOTHING]
        place = {name: at for at, name in enumerate(self.said)}
        size = len(self.said)
        self.by_labels: dict[int, Counts] = defaultdict(lambda: np.zeros((size, size), np.int64))
        self.overlaps: dict[str, float] = defaultdict(float)  # of what both drew, summed for each class
        for row, one, other in known:
            self.by_labels[row.labels][place[one], place[other]] += row.times
            if one == other:
                self.overlaps[one] += row.overlap
        self.all: Counts = np.sum([np.zeros((size, size), np.int64), *self.by_labels.values()], axis=0)


class Pair:
    """What two people said, and how often both said the same; counted over classes as they are now."""

    def __init__(self) -> None:
        self.said: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self.same = 0
        self.overlap = 0.0

    @property
    def total(self) -> int:
        """How much both said in all, without what they did not draw."""
        return sum(counts.total() - counts[NOTHING] for counts in self.said)

    @property
    def agreed(self) -> float | None:
        """Of what one of them said, the share that the other said too."""
        return 2 * self.same / self.total if self.total else None

    def counts(self) -> tuple[Counts, Counts]:
        """Return how often each of them said each class, shape (K,) both."""
        names = sorted({*self.said[0], *self.said[1]})
        first, second = (np.array([counts[name] for name in names], np.int64) for counts in self.said)
        return first, second


def pairs_of(firsts: Sequence[Margin], seconds: Sequence[Margin], classes: Classes) -> dict[tuple[UUID, UUID], Pair]:
    """Return what each two people said, from what the first and what the second of them did."""
    found: dict[tuple[UUID, UUID], Pair] = defaultdict(Pair)
    for at, rows in enumerate((firsts, seconds)):
        for row in rows:
            said = present(row.said, classes)
            pair = found[row.first_id, row.second_id]
            if said is None:
                continue
            pair.said[at][said] += row.times
            if at == 0 and said != NOTHING:
                pair.same += row.same
                pair.overlap += row.overlap
    return dict(found)


def pictures_of(firsts: Sequence[Margin]) -> list[PairSum]:
    """Return how many pictures each two people both gave a class, and in how many they differ."""
    found: dict[tuple[UUID, UUID], list[int]] = defaultdict(lambda: [0, 0])
    for row in firsts:
        counts = found[row.first_id, row.second_id]
        counts[0] += row.times
        counts[1] += row.times - row.same
    return [PairSum(*pair, *counts) for pair, counts in found.items()]


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
    said = tables.all.sum(axis=0) + tables.all.sum(axis=1)
    found["by_chance"] = comparing.by_chance(said, said)
    found["alpha"] = comparing.alpha_of_pairs(tables.by_labels)
    found["fleiss_kappa"] = comparing.fleiss_of_pairs(tables.all) if len(tables.by_labels) == 1 else None
    return found


def pairs(
    said: Mapping[tuple[UUID, UUID], Pair], rows: Sequence[PairSum], *, is_drawn: bool
) -> list[schemas.AgreementPair]:
    """Return the figures of each two people."""
    found = []
    for row in rows:
        pair = said.get((row.first_id, row.second_id), Pair())
        first, second = pair.counts()
        found.append(
            schemas.AgreementPair(
                **row._asdict(),
                agreed=pair.agreed,
                by_chance=None if is_drawn else comparing.by_chance(first, second),
                kappa=None if is_drawn else kappa_of_margins(first, second, pair.same),
                mean_overlap=pair.overlap / pair.same if is_drawn and pair.same else None,
            )
        )
    return found


def people(
    said: Mapping[tuple[UUID, UUID], Pair],
    rows: Sequence[PairSum],
    names: Mapping[UUID, str],
    skill: Mapping[UUID, float],
) -> list[schemas.AgreementPerson]:
    """Return how far each person agrees with the others, by name."""
    found = [
        schemas.AgreementPerson(
            user_id=id_, name=names.get(id_, ""), pictures=own.pictures, agreed=own.agreed, skill=skill.get(id_)
        )
        for id_, own in of_people(said, rows).items()
    ]
    return sorted(found, key=lambda person: (person.name.casefold(), person.user_id))


def of_people(said: Mapping[tuple[UUID, UUID], Pair], rows: Sequence[PairSum]) -> dict[UUID, OfPerson]:
    """Return how far each person agrees with the others, all of them together."""
    pictures, same, total = Counter[UUID](), Counter[UUID](), Counter[UUID]()
    for row in rows:
        pair = said.get((row.first_id, row.second_id), Pair())
        for user_id in (row.first_id, row.second_id):
            pictures[user_id] += row.pictures
            same[user_id] += 2 * pair.same
            total[user_id] += pair.total
    return {id_: OfPerson(pictures[id_], same[id_] / total[id_] if total[id_] else None) for id_ in sorted(pictures)}


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
                mean_overlap=tables.overlaps.get(said, 0.0) / matched if tables.is_drawn and matched else None,
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
