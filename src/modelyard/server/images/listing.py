"""The grid's queries: pages and counts of filtered images. None of them changes anything.

Each filter is a set of image ids that an index gives. A small set leads the query; a large one is looked up for each
image in the order of the page, since a page is soon full then. Either way no whole set is sorted.
"""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from modelyard.server.images import veil
from modelyard.server.images.schemas import (
    IdQuery,
    ImageCounts,
    ImageFacets,
    ImageFilters,
    ImageQuery,
    OrderedFilters,
    PageStartQuery,
)
from modelyard.server.kit.database import ReadSession
from modelyard.server.kit.pages import Order, cursors, keyset
from modelyard.server.tables import Annotation, Batch, Image, Issue, Object, Project, QueueItem, Suggestion

_SMALL = 2_000
_OTHER = aliased(Image)


def page(session: ReadSession, project_id: UUID, query: ImageQuery | IdQuery) -> tuple[list[UUID], str | None]:
    """Return the ids of one page of images and the cursor of the next."""
    statement, order = _ordered(session, project_id, query)
    return keyset(session, statement, order=order, cursor=query.cursor, limit=query.limit)


def page_starts(session: ReadSession, project_id: UUID, query: PageStartQuery) -> list[str]:
    """Return the cursor of every page but the first."""
    statement, order = _ordered(session, project_id, query)
    return cursors(session, statement, order=order, every=query.limit)


def total(session: ReadSession, project_id: UUID, filters: ImageFilters) -> int:
    """Return how many images match."""
    query = select(func.count()).select_from(Image).where(Image.project_id == project_id)
    return session.scalar(query.where(*_conditions(session, project_id, filters))) or 0


def _ordered(session: ReadSession, project_id: UUID, query: OrderedFilters) -> tuple[Select[Any], Order]:
    key, way = query.sort.removeprefix("-"), "desc" if query.sort.startswith("-") else "asc"
    conditions = _conditions(session, project_id, query)
    if key == "score":  # Only images with a suggestion have one.
        statement = select(Suggestion.image_id).join(Image, Image.id == Suggestion.image_id)
        statement = statement.where(Suggestion.project_id == project_id, *_score_conditions(query), *conditions)
        return statement, [(Suggestion.score, way), (Suggestion.image_id, way)]
    statement = select(Image.id).where(Image.project_id == project_id, *conditions)
    return statement, [(Image.id, way)] if key == "created_at" else [(getattr(Image, key), way), (Image.id, way)]


def counts(session: ReadSession, project_id: UUID, filters: ImageFilters) -> ImageCounts:
    """Return how many images there are and how they fall into groups."""
    conditions = [Image.project_id == project_id, *_conditions(session, project_id, filters)]
    hidden = _hidden(session, project_id, conditions)
    open_ones = [*conditions, Image.id.not_in(list(hidden))] if hidden else conditions

    splits = _groups(session, open_ones, Image.split)
    answers = _groups(session, open_ones, Annotation.answer, Annotation.class_id)
    suggestions = _groups(session, conditions, Suggestion.class_id)
    by_split = Counter({split or "none": count for (split,), count, _ in splits})
    by_split.update({"none": len(hidden)} if hidden else {})
    total = by_split.total()
    by_answer, by_class = Counter[str](), Counter[UUID]()
    for (answer, class_id), count, _ in answers:
        by_answer[answer] += count
        if class_id is not None:
            by_class[class_id] += count
    by_answer.update(own.answer for own in hidden.values() if own.answer != "none")
    by_class.update(own.class_id for own in hidden.values() if own.class_id)
    if _is_drawn(session, project_id):
        by_class.update(_classes_drawn(session, open_ones))
        by_class.update(class_id for own in hidden.values() for class_id in own.drawn)
    by_answer["none"] = total - sum(count for answer, count in by_answer.items() if answer != "none")
    return ImageCounts(
        total=total,
        facets=ImageFacets(
            class_=by_class,
            answer={answer: count for answer, count in by_answer.items() if count},
            split=by_split,
            suggested_class={class_id: count for (class_id,), count, _ in suggestions},
            twins=sum(twins for _, _, twins in splits) + sum(1 for own in hidden.values() if own.has_twin),
            open_issues=_with_open_issues(session, project_id, conditions),
        ),
    )


def _hidden(session: ReadSession, project_id: UUID, conditions: list[ColumnElement[bool]]) -> dict[UUID, veil.Own]:
    """Return the pictures, of those that match, of which whoever asks sees only what they said themselves."""
    found = veil.hidden(session, project_id=project_id)
    if not found:
        return {}
    rows = session.execute(select(Image.id, Image.twin_group).where(*conditions, Image.id.in_(list(found))))
    return {image_id: found[image_id]._replace(has_twin=twin is not None) for image_id, twin in rows}


def _with_open_issues(session: ReadSession, project_id: UUID, conditions: list[ColumnElement[bool]]) -> int:
    """Return how many images have an open issue."""
    query = select(func.count()).select_from(Image).where(*conditions, Image.id.in_(_open_issues(project_id)))
    return session.scalar(query) or 0


def _open_issues(project_id: UUID) -> Select[Any]:
    mine = select(Issue.image_id).where(Issue.project_id == project_id, Issue.state == "open")
    return mine.where(Issue.deleted_at.is_(None))


def _is_drawn(session: ReadSession, project_id: UUID) -> bool:
    """Say whether classes are of objects, also of whole images, of which one image may have many."""
    return session.get_one(Project, project_id).task != "classification"


def _classes_drawn(session: ReadSession, conditions: list[ColumnElement[bool]]) -> dict[UUID, int]:
    """Return how many images hold something of each class."""
    query = select(Object.class_id, func.count(Object.image_id.distinct())).join(Image, Image.id == Object.image_id)
    query = query.where(*conditions, Object.until_revision.is_(None)).group_by(Object.class_id)
    return {class_id: count for class_id, count in session.execute(query)}


def _groups(
    session: ReadSession, conditions: list[ColumnElement[bool]], *columns: Any
) -> list[tuple[tuple[Any, ...], int, int]]:
    """Return how many images, and how many with a twin, have each combination of values."""
    table = columns[0].class_
    query = select(*columns, func.count(), func.count(Image.twin_group)).select_from(Image).where(*conditions)
    if table is not Image:
        query = query.join(table, table.image_id == Image.id)
    rows = session.execute(query.group_by(*columns))
    return [(tuple(row[:-2]), row[-2], row[-1]) for row in rows]


def _conditions(session: ReadSession, project_id: UUID, filters: ImageFilters) -> list[ColumnElement[bool]]:
    alive: ColumnElement[bool] = Image.deleted_at.is_not(None) if filters.deleted else Image.deleted_at.is_(None)
    sets = [*_suggestion_sets(project_id, filters), *_image_sets(project_id, filters)]
    return [alive, *_said(session, project_id, filters), *_all_of(session, sets)]


def _said(session: ReadSession, project_id: UUID, filters: ImageFilters) -> list[ColumnElement[bool]]:
    """Return what is asked of answers, classes and splits; of hidden pictures it is asked of what one said oneself."""
    found: list[ColumnElement[bool]] = []
    if "none" in filters.split:
        found.append(func.coalesce(Image.split, "none").in_(filters.split))
    elif filters.split:
        found.append(Image.split.in_(filters.split))
    sets = [*_class_sets(session, project_id, filters), *_answer_sets(project_id, filters)]
    found += _all_of(session, sets)
    hidden = veil.hidden(session, project_id=project_id) if found else {}
    if not hidden:
        return found
    is_drawn = _is_drawn(session, project_id)
    shown = [image_id for image_id, own in hidden.items() if veil.matches(own, filters, is_drawn=is_drawn)]
    return [or_(and_(*found, Image.id.not_in(list(hidden))), Image.id.in_(shown))]


def _all_of(session: ReadSession, sets: "list[_Set]") -> list[ColumnElement[bool]]:
    return [_member(session, ids, column) if wanted else ~exists(_of(ids, column)) for ids, column, wanted in sets]


_Set = tuple[Select[Any], Any, bool]  # the ids, the column that holds them, and whether to be in it or not


def _class_sets(session: ReadSession, project_id: UUID, filters: ImageFilters) -> list[_Set]:
    if not filters.class_id:
        return []
    if _is_drawn(session, project_id):
        drawn = select(Object.image_id).where(Object.project_id == project_id, Object.until_revision.is_(None))
        return [(drawn.where(Object.class_id.in_(filters.class_id)), Object.image_id, True)]
    mine = select(Annotation.image_id).where(Annotation.project_id == project_id)
    return [(mine.where(Annotation.class_id.in_(filters.class_id)), Annotation.image_id, True)]


def _answer_sets(project_id: UUID, filters: ImageFilters) -> list[_Set]:
    found: list[_Set] = []
    mine = select(Annotation.image_id).where(Annotation.project_id == project_id)
    answered = [answer for answer in filters.answer if answer != "none"]
    if filters.answer and "none" not in filters.answer:
        found.append((mine.where(Annotation.answer.in_(answered)), Annotation.image_id, True))
    elif answered:
        others = {"class", "objects", "does_not_belong", "not_sure"} - set(answered)
        found.append((mine.where(Annotation.answer.in_(sorted(others))), Annotation.image_id, False))
    wants_none = "none" in filters.answer and not answered
    if wants_none or filters.labelled is False:  # Whatever nobody answered waits in the queue.
        waiting = select(QueueItem.image_id).where(QueueItem.project_id == project_id)
        waiting = waiting.where(QueueItem.state.in_(("waiting", "given", "disputed")))
        audits = select(Batch.id).where(Batch.project_id == project_id, Batch.kind == "audit")  # Of labelled pictures.
        waiting = waiting.where(or_(QueueItem.batch_id.is_(None), QueueItem.batch_id.not_in(audits)))
        if filters.deleted:
            found.append((mine.where(Annotation.answer != "none"), Annotation.image_id, False))
        else:
            found.append((waiting, QueueItem.image_id, True))
    if filters.labelled:
        found.append((mine.where(Annotation.answer != "none"), Annotation.image_id, True))
    return found


def _suggestion_sets(project_id: UUID, filters: ImageFilters) -> list[_Set]:
    if filters.sort.endswith("score") if isinstance(filters, OrderedFilters) else False:
        return []
    conditions = _score_conditions(filters)
    ids = select(Suggestion.image_id).where(Suggestion.project_id == project_id, *conditions)
    return [(ids, Suggestion.image_id, True)] if conditions else []


def _score_conditions(filters: ImageFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.suggested_class_id:
        found.append(Suggestion.class_id.in_(filters.suggested_class_id))
    if filters.min_score is not None:
        found.append(Suggestion.score >= filters.min_score)
    if filters.max_score is not None:
        found.append(Suggestion.score <= filters.max_score)
    return found


def _image_sets(project_id: UUID, filters: ImageFilters) -> list[_Set]:
    mine = select(_OTHER.id).where(_OTHER.project_id == project_id)
    found: list[_Set] = []
    if filters.has_twin is not None:
        twins = select(_OTHER.id).where(_OTHER.twin_group.is_not(None))  # The project would lead past the index.
        found.append((twins, _OTHER.id, filters.has_twin))
    if filters.has_open_issue is not None:
        found.append((_open_issues(project_id), Issue.image_id, filters.has_open_issue))
    if filters.import_id is not None:
        found.append((mine.where(_OTHER.import_id == filters.import_id), _OTHER.id, True))
    if filters.name:
        found.append((mine.where(_OTHER.name.icontains(filters.name, autoescape=True)), _OTHER.id, True))
    return found


def _member(session: ReadSession, ids: Select[Any], column: Any) -> ColumnElement[bool]:
    counted = select(func.count()).select_from(ids.limit(_SMALL).subquery())
    if (session.scalar(counted) or 0) < _SMALL:
        return Image.id.in_(ids)
    return exists(_of(ids, column))


def _of(ids: Select[Any], column: Any) -> Select[Any]:
    return ids.where(column == Image.id).correlate(Image)
