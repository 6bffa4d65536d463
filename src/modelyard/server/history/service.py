"""The history of a project, or of the installation: entries and steps of annotations, merged by time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from modelyard.server.accounts.history import differing
from modelyard.server.history import repository, schemas, texts
from modelyard.server.history.repository import Step, Told, Wanted
from modelyard.server.kit.database import Database, ReadSession
from modelyard.server.kit.pages import CursorInvalid
from modelyard.server.tables import AuditEntry

_OF_IMAGES = ("image", "review", "issue", "comment", "batch.decided", "batch.undecided")  # Their subject is a picture.
_AT_ONCE = 500  # events that an export holds in memory


def wanted(project_id: UUID | None, filters: schemas.HistoryFilters) -> Wanted:
    """Return which events these filters leave."""
    return Wanted(
        project_id=project_id,
        person=filters.person,
        kinds=tuple(filters.kind),
        since=filters.since,
        until=filters.until,
        text=filters.text.strip(),
    )


def page(
    session: ReadSession, asked: Wanted, *, cursor: str | None, limit: int
) -> tuple[list[schemas.HistoryEvent], str | None]:
    """Return the newest events and the next cursor; raises `CursorInvalid`."""
    if cursor is not None:
        asked = replace(asked, before=_read(cursor))
    found = _newest(session, asked, limit + 1)
    is_more = len(found) > limit
    return _show(session, asked.project_id, found[:limit]), str(found[limit - 1].id) if is_more else None


def every(db: Database, asked: Wanted) -> Iterator[schemas.HistoryEvent]:
    """Walk all events, newest first, some hundreds at a time in memory; what comes meanwhile is not among them."""
    while True:
        with db.read() as session:
            found = _newest(session, asked, _AT_ONCE)
            shown = _show(session, asked.project_id, found)
        yield from shown
        if len(found) < _AT_ONCE:
            return
        asked = replace(asked, before=found[-1].id)


def _newest(session: ReadSession, asked: Wanted, limit: int) -> list[AuditEntry | Step]:
    """Return the newest events of both kinds, in order."""
    others = [kind for kind in asked.kinds if kind != schemas.ANNOTATION]
    found: list[AuditEntry | Step] = []
    if others or not asked.kinds:
        found += repository.entries(session, replace(asked, kinds=others), limit)
    if asked.project_id is not None and (not asked.kinds or len(others) < len(asked.kinds)):
        found += repository.steps(session, asked, limit)
    return sorted(found, key=lambda event: event.id, reverse=True)[:limit]


def _show(
    session: ReadSession, project_id: UUID | None, found: Sequence[AuditEntry | Step]
) -> list[schemas.HistoryEvent]:
    steps = [event for event in found if isinstance(event, Step)]
    told = repository.told(session, project_id, [step.id for step in steps]) if project_id and steps else {}
    alone = [told[step.id].revision for step in steps if step.images == 1]
    single = [row for row in alone if row.answer != "class"]
    drawn = repository.drawn(session, single) if single else {}
    actors = repository.names(
        session, [event.author_id if isinstance(event, Step) else event.actor_id for event in found]
    )
    return [
        _of_step(event, told[event.id], drawn, actors) if isinstance(event, Step) else _of_entry(event, actors)
        for event in found
    ]


def _of_entry(row: AuditEntry, actors: Mapping[UUID, str]) -> schemas.HistoryEvent:
    return schemas.HistoryEvent(
        id=row.id,
        at=row.created_at,
        kind=row.kind,
        action=row.action,
        text=texts.sentence(row.action, row.details, row.before, row.after),
        actor_id=row.actor_id,
        actor_name=_name(row.actor_id, actors),
        subject_id=row.subject_id,
        image_id=row.subject_id if row.kind in _OF_IMAGES or row.action in _OF_IMAGES else None,
        images=0,
        before=row.before,
        after=row.after,
        details=row.details,
    )


def _of_step(
    step: Step, told: Told, drawn: Mapping[UUID, repository.Drawn], actors: Mapping[UUID, str]
) -> schemas.HistoryEvent:
    """Return a step; what was before is told of one picture, for many may have said many things."""
    row, past, is_one = told.revision, told.past, step.images == 1
    after: dict[str, Any] = {"answer": row.answer, "class": told.class_name, "attributes": row.attributes}
    before: dict[str, Any] = {"answer": past.answer if past else "none", "class": told.past_class_name}
    before["attributes"] = past.attributes if past else None
    was, is_now = differing(before, after) if is_one else (None, {"answer": row.answer, "class": told.class_name})
    details: dict[str, Any] = {"picture": told.image_name, "revision": row.revision} if is_one else {}
    if row.id in drawn and any(drawn[row.id]):
        details["objects"] = drawn[row.id]._asdict()
    return schemas.HistoryEvent(
        id=step.id,
        at=row.created_at,
        kind=schemas.ANNOTATION,
        action=f"{schemas.ANNOTATION}.{step.action.replace('-', '_')}",
        text=texts.step(step.action, step.images, told.image_name),
        actor_id=step.author_id,
        actor_name=_name(step.author_id, actors),
        subject_id=row.image_id if is_one else None,
        image_id=row.image_id if is_one else None,
        images=step.images,
        before=was,
        after=is_now,
        details=details,
    )


def _name(user_id: UUID | None, names: Mapping[UUID, str]) -> str | None:
    return None if user_id is None else names.get(user_id)


def _read(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError as error:
        raise CursorInvalid from error
