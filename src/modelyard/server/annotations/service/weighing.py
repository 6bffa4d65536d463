"""Pictures on which people differ, decided by what the more skilled say; who is how skilled is measured by a job."""

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from modelyard.geometry.shapes import from_json
from modelyard.server.annotations.repository import skills as repository
from modelyard.server.annotations.service.opinion_objects import present, shape_of
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.jobs import enqueue
from modelyard.server.tables import Batch, Opinion, now, shape_columns

SURE = 0.9  # From here on an answer counts without anybody who decides.
FEWEST = 3  # people: of two that differ, one would always overrule the other
ENOUGH = 10  # compared pictures, before which nobody's skill is known
_AFTER = timedelta(seconds=20)  # Labels come in one by one; skill is measured for many at once.

Classes = Mapping[UUID, UUID | None]
Size = tuple[int, int]


Weighed = tuple[Opinion, list[dict[str, Any]]]  # whose words the answer has, and the objects that are drawn


class Weights:
    """How skilled the people of a project are, as it was last measured."""

    def __init__(self, session: ReadSession, project_id: UUID) -> None:
        self._known = {row.user_id: row for row in repository.all_(session, project_id) if row.compared >= ENOUGH}

    def decide(self, rows: Sequence[Opinion], classes: Classes, size: Size) -> Weighed | None:
        """Return what is to be the answer of a picture on which these people differ; None where nobody can be sure."""
        if len(rows) < FEWEST or any(row.author_id not in self._known for row in rows):
            return None
        if any(row.answer == "class" for row in rows):
            return self._class(rows, classes)
        answer = self._answer(rows)
        spoke = [row for row in rows if row.answer == answer]
        if answer is None or answer == "objects":
            return self._objects(spoke, classes, size) if spoke else None
        return (self._best(spoke), [])

    def _class(self, rows: Sequence[Opinion], classes: Classes) -> Weighed | None:
        from modelyard.engine.agreement.consensus import believe

        said = {row.id: _said(row, classes) for row in rows}
        if None in said.values():
            return None  # A class that was deleted since.
        told: list[tuple[Any, Any]] = [(said[row.id], self._known[row.author_id].confusion) for row in rows]
        shares = believe(told)
        answer, share = max(shares.items(), key=lambda entry: entry[1])
        spoke = [row for row in rows if said[row.id] == answer]
        return (self._best(spoke), []) if share >= SURE and spoke else None

    def _answer(self, rows: Sequence[Opinion]) -> str | None:
        """Return what the picture is: drawn into, or not to be; None where it is unsure."""
        from modelyard.engine.agreement.consensus import weight

        votes: dict[str, float] = {}
        for row in rows:
            votes[row.answer] = votes.get(row.answer, 0.0) + weight(self._known[row.author_id].skill)
        best = max(votes, key=lambda answer: votes[answer])
        share = 1 / sum(math.exp(value - votes[best]) for value in votes.values())
        return best if share >= SURE else None

    def _objects(self, rows: Sequence[Opinion], classes: Classes, size: Size) -> Weighed | None:
        from modelyard.engine.agreement.consensus import fuse
        from modelyard.engine.agreement.drawings import Drawing

        found = [present(row, classes) for row in rows]
        drawings = [[Drawing(item["class_id"], from_json(shape_of(item))) for item in items] for items in found]
        joints = fuse(drawings, [self._known[row.author_id].skill for row in rows], size)
        if any(1 - SURE < joint.certainty < SURE for joint in joints):
            return None
        kept = [joint for joint in joints if joint.certainty >= SURE]
        drawn = [found[joint.members[0][0]][joint.members[0][1]] | shape_columns(joint.shape) for joint in kept]
        return self._best(rows), drawn

    def _best(self, rows: Sequence[Opinion]) -> Opinion:
        return max(rows, key=lambda row: self._known[row.author_id].skill)


def known(session: ReadSession, project_id: UUID) -> dict[UUID, float]:
    """Return how likely each person is right, of those of whom enough is known."""
    rows = repository.all_(session, project_id)
    return {row.user_id: row.skill for row in rows if row.compared >= ENOUGH}


def ask(session: WriteSession, batch: Batch, *, is_now: bool = False) -> None:
    """Have a job measure skill and settle what is disputed, soon: more labels may be on their way."""
    facts: dict[str, Any] = {"project_id": batch.project_id, "queueing_lock": f"weigh:{batch.project_id}"}
    run_after = None if is_now else now() + _AFTER
    enqueue(session, "annotations.weigh", **facts, run_after=run_after, title="Measure how far people can be trusted")


def _said(row: Opinion, classes: Classes) -> str | None:
    if row.answer != "class":
        return row.answer
    found = classes.get(row.class_id) if row.class_id else None
    return None if found is None else str(found)
