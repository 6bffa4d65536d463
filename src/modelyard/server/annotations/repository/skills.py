"""Queries for how skilled people are, and the labels that it is measured from."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy import String, delete, select, type_coerce

from modelyard.server.annotations.repository import comparisons, opinions
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import NOTHING, Batch, Opinion, QueueItem, Skill

_LEAST = 0.004  # of what somebody says: less is not kept


class Measured(NamedTuple):
    """How likely somebody is right, from how many pictures it is known, and what they say for what."""

    skill: float
    compared: int
    confusion: dict[str, Any]


def all_(session: ReadSession, project_id: UUID) -> list[Skill]:
    """Return the skill of everybody for whom it was measured."""
    return list(session.scalars(select(Skill).where(Skill.project_id == project_id)))


def replace(session: WriteSession, project_id: UUID, measured: Mapping[UUID, Measured]) -> None:
    """Write what was measured in place of what was known before."""
    session.execute(delete(Skill).where(Skill.project_id == project_id))
    session.add_all(Skill(project_id=project_id, user_id=user_id, **one._asdict()) for user_id, one in measured.items())
    session.flush()


def class_skills(session: ReadSession, project_id: UUID) -> dict[UUID, Measured]:
    """Measure by Dawid and Skene how people err who gave classes to the same pictures."""
    from modelyard.engine.agreement.classes import Labels
    from modelyard.engine.agreement.consensus import dawid_skene

    present = {str(key): value for key, value in opinions.present_classes(session, project_id).items()}
    pictures: dict[tuple[str, str], int] = {}
    people: dict[str, int] = {}
    words: dict[str, int] = {}
    places: list[tuple[int, int, int]] = []
    for batch_id, image_id, author_id, answer, class_id in session.execute(_labels(project_id)):
        word = answer if answer != "class" else str(present.get(str(UUID(str(class_id)))))
        if word == "None":
            continue  # A class that was deleted.
        item = pictures.setdefault((str(batch_id), str(image_id)), len(pictures))
        person = people.setdefault(str(author_id), len(people))
        places.append((item, person, words.setdefault(word, len(words))))
    if not places:
        return {}
    table = np.array(places, np.int64)
    labels = Labels(table[:, 0], table[:, 1], table[:, 2], len(words))
    judged = dawid_skene(labels)
    counts = np.bincount(labels.people, minlength=len(people))
    skill, names = judged.skill(), list(words)
    return {
        UUID(key): Measured(float(skill[at]), int(counts[at]), _sparse(judged.confusions[at], names))
        for key, at in people.items()
    }


def _labels(project_id: UUID) -> Any:
    """Return the query of (batch, picture, person, answer, class) where all labels are in; ids as texts."""
    ids = (Opinion.batch_id, Opinion.image_id, Opinion.author_id, Opinion.answer, Opinion.class_id)
    query = select(*(type_coerce(column, String) for column in ids)).join(
        QueueItem,
        (QueueItem.batch_id == Opinion.batch_id)
        & (QueueItem.image_id == Opinion.image_id)
        & (QueueItem.user_id == Opinion.author_id),
    )
    within = select(Batch.id).where(Batch.project_id == project_id, Batch.overlap > 1)
    query = query.where(Opinion.batch_id.in_(within), Opinion.state == "submitted")
    return query.where(QueueItem.state.in_(("disputed", "done")), Opinion.answer.in_(("class", "does_not_belong")))


def _sparse(confusion: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return how likely somebody says a class (inner) where another (outer) is true, without what hardly happens."""
    return {
        names[true]: {
            names[said]: round(float(confusion[true, said]), 4) for said in np.flatnonzero(row > _LEAST).tolist()
        }
        for true, row in enumerate(confusion)
    }


def drawn_skills(session: ReadSession, project_id: UUID) -> dict[UUID, Measured]:
    """Measure how far people who drew into the same pictures agree with the others, the better ones counting more."""
    from modelyard.engine.agreement.comparing import skills

    within = comparisons.scope(project_id, None)
    pairs = comparisons.pairs(session, within)
    people = {id_: at for at, id_ in enumerate(sorted({id_ for row in pairs for id_ in (row.first_id, row.second_id)}))}
    agreed, said = np.zeros((2, len(people), len(people)))
    for at, rows in enumerate(comparisons.margins(session, within)):
        for row in rows:
            if row.said == NOTHING:
                continue
            one, other = people[row.first_id], people[row.second_id]
            said[[one, other], [other, one]] += row.times
            agreed[[one, other], [other, one]] += 2 * row.same * (at == 0)
    found = skills(agreed, said)
    compared: dict[UUID, int] = {}
    for pair in pairs:
        for id_ in (pair.first_id, pair.second_id):
            compared[id_] = compared.get(id_, 0) + pair.pictures
    return {id_: Measured(float(found[at]), compared[id_], {}) for id_, at in people.items()}
