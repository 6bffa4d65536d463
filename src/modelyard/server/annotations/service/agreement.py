"""How far people agree, in a batch or in all of a project: the figures, and the pictures in which people differ."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import agreement_schemas as schemas
from modelyard.server.annotations.repository import batches as batch_repository
from modelyard.server.annotations.repository import comparisons as repository
from modelyard.server.annotations.repository import opinions
from modelyard.server.annotations.service import agreement_figures as figures
from modelyard.server.annotations.service import batches, weighing
from modelyard.server.annotations.service.opinion_objects import in_words
from modelyard.server.images.cards import cards
from modelyard.server.kit.database import ReadSession
from modelyard.server.kit.pages import Page, keyset
from modelyard.server.projects import service as projects
from modelyard.server.tables import NOTHING, Comparison, Opinion, Project

_OTHER_NAMES = {"does_not_belong": "does not belong", "not_sure": "not sure", NOTHING: "nothing"}


def get(session: ReadSession, actor: Actor, project_id: UUID, batch_id: UUID | None = None) -> schemas.Agreement:
    """Return how far people agree in a batch, or in all batches; raises `ProjectNotFound`, `BatchNotFound`."""
    project = projects.get(session, actor, project_id)
    within = repository.scope(project_id, _batch(session, actor, project_id, batch_id))
    classes = opinions.present_classes(session, project_id)
    names = _names(session, project_id)
    tables = figures.Tables(repository.cells(session, within), classes, is_drawn=project.task != "classification")
    pairs, said = _pairs(session, project, within, classes)
    pictures, differ = repository.pictures(session, within)
    people = batch_repository.names(session, {user_id for pair in said for user_id in pair})
    return schemas.Agreement(
        kind="objects" if tables.is_drawn else "classes",
        pictures=pictures,
        differ=differ,
        **figures.overall(tables),
        people=figures.people(said, pairs, people, weighing.known(session, project_id)),
        pairs=figures.pairs(said, pairs, is_drawn=tables.is_drawn),
        classes=figures.classes(tables, names),
        mixed_up=figures.mixed_up(tables, names),
        over_time=figures.over_time(repository.by_day(session, within), classes),
    )


def of_people(session: ReadSession, project_id: UUID, batch_id: UUID | None = None) -> dict[UUID, figures.OfPerson]:
    """Return, for everybody who labelled what others labelled too, how far they agree with them."""
    within, project = repository.scope(project_id, batch_id), session.get_one(Project, project_id)
    pairs, said = _pairs(session, project, within, opinions.present_classes(session, project_id))
    return figures.of_people(said, pairs)


def _pairs(
    session: ReadSession, project: Project, within: Any, classes: figures.Classes
) -> tuple[list[repository.PairSum], dict[tuple[UUID, UUID], figures.Pair]]:
    """Return how many pictures each two people share, and what they said; a class is said once for each picture."""
    firsts, seconds = repository.margins(session, within)
    is_drawn = project.task != "classification"
    pairs = repository.pairs(session, within) if is_drawn else figures.pictures_of(firsts)
    return pairs, figures.pairs_of(firsts, seconds, classes)


def of_classes(session: ReadSession, project_id: UUID, batch_id: UUID | None = None) -> dict[UUID, float | None]:
    """Return how far people agree on each class that somebody said: if one says it, does another?"""
    within = repository.scope(project_id, batch_id)
    tables = figures.Tables(repository.cells(session, within), opinions.present_classes(session, project_id))
    found = {row.said: row.agreed for row in figures.classes(tables, {})}
    return {UUID(said): agreed for said, agreed in found.items() if said not in _OTHER_NAMES}


def differing(
    session: ReadSession,
    actor: Actor,
    project_id: UUID,
    batch_id: UUID | None,
    wanted: repository.Difference,
    *,
    cursor: str | None,
    limit: int,
) -> Page[schemas.DifferingPicture]:
    """Return one page of the pictures in which people differ; raises what `get` raises, and `CursorInvalid`."""
    projects.get(session, actor, project_id)
    query = repository.differing(repository.scope(project_id, _batch(session, actor, project_id, batch_id)), wanted)
    order = [(Comparison.image_id, "asc"), (Comparison.batch_id, "asc")]
    found, following = keyset(session, query, order=order, cursor=cursor, limit=limit)
    shown = {card.id: card for card in cards(session, [image_id for _, image_id in found])}
    said = _said(session, found)
    people = batch_repository.names(session, {row.author_id for rows in said.values() for row in rows})
    names = batch_repository.class_names(session, project_id)
    done = repository.decided(session, list(shown))
    items = [
        schemas.DifferingPicture(
            batch_id=place[0],
            image=shown[place[1]],
            is_decided=place in done,
            said=[
                schemas.WhatOneSaid(name=people.get(row.author_id, ""), text=in_words(row, names))
                for row in said.get(place, [])
            ],
        )
        for place in found
        if place[1] in shown
    ]
    return Page(items=items, next_cursor=following)


def _batch(session: ReadSession, actor: Actor, project_id: UUID, batch_id: UUID | None) -> UUID | None:
    if batch_id is not None and batches.get(session, actor, batch_id).project_id != project_id:
        raise batches.BatchNotFound
    return batch_id


def _said(session: ReadSession, places: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], list[Opinion]]:
    found: dict[tuple[UUID, UUID], list[Opinion]] = {}
    for batch_id in {batch_id for batch_id, _ in places}:
        image_ids = [image_id for own, image_id in places if own == batch_id]
        for image_id, rows in opinions.counted(session, batch_id, image_ids).items():
            found[batch_id, image_id] = rows
    return found


def _names(session: ReadSession, project_id: UUID) -> Mapping[str, str]:
    return _OTHER_NAMES | {str(id_): name for id_, name in batch_repository.class_names(session, project_id).items()}
