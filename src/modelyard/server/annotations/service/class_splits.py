"""What a split of a class does to answers and to what is drawn; `class_changes` takes it back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from modelyard.server.annotations.repository import answers as repository
from modelyard.server.annotations.repository import objects, waiting
from modelyard.server.annotations.service import object_classes
from modelyard.server.annotations.service.class_changes import batches_of, keep, tell
from modelyard.server.annotations.service.writing import Given, write
from modelyard.server.events import ClassSplitUp
from modelyard.server.kit.database import WriteSession
from modelyard.server.projects.splitting import meets
from modelyard.server.tables import Annotation, Image, Object, Project

KIND = "class-split"


def follow_split(session: WriteSession, event: ClassSplitUp) -> None:
    """Give each answer and each object the class that its rule names; whose they are stays as it was."""
    answered = repository.images_of_class(session, event.source_id)
    for part in batches_of(answered):
        repository.lock_images(session, event.project_id, part)
        _split_answers(session, event, part)
    drawn = objects.images_with_class(session, event.source_id)
    for part in batches_of(drawn):
        repository.lock_images(session, event.project_id, part)
        _split_objects(session, event, part)
    tell(session, event.project_id, [*answered, *drawn])


def _split_answers(session: WriteSession, event: ClassSplitUp, image_ids: Sequence[UUID]) -> None:
    target_of = _targets(session, event, Annotation, image_ids)
    rows = [row for row in repository.annotations(session, image_ids).values() if row.class_id == event.source_id]
    given = []
    for row in rows:
        target_id = target_of.get(row.id, event.rest_id)
        if target_id is not None:
            given.append(keep(row, "class", target_id))
        elif event.is_rest_waiting:
            given.append(keep(row, "none", None))
    _write(session, event, given, rows)


def _split_objects(session: WriteSession, event: ClassSplitUp, image_ids: Sequence[UUID]) -> None:
    target_of = _targets(session, event, Object, image_ids)
    rows = repository.annotations(session, image_ids)
    held = [item for item in objects.present(session, image_ids) if item.class_id == event.source_id]
    meant = {item.id: target_of.get(item.id, event.rest_id) for item in held}
    moved = [item for item in held if meant[item.id] is not None]
    stays = {item.image_id for item in held if meant[item.id] is None} if event.is_rest_waiting else set()
    touched = {item.image_id for item in moved} | {id_ for id_ in stays if rows[id_].answer == "objects"}
    object_classes.give(session, [rows[image_id] for image_id in touched], moved, meant)
    given = [keep(rows[id_], "none" if id_ in stays else rows[id_].answer, rows[id_].class_id) for id_ in touched]
    _write(session, event, given, [rows[image_id] for image_id in touched])


def _targets(
    session: WriteSession, event: ClassSplitUp, of: type[Annotation] | type[Object], image_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Return which class each row goes to, of those that a rule holds for."""
    found: dict[UUID, UUID] = {}
    for number, target_id in enumerate(event.target_ids):
        query: Any = select(of.id).join(Image, Image.id == of.image_id)
        query = query.where(of.class_id == event.source_id, of.image_id.in_(image_ids), meets(event.rules, number, of))
        if of is Object:
            query = query.where(Object.until_revision.is_(None))
        found |= dict.fromkeys(session.scalars(query), target_id)
    return found


def _write(session: WriteSession, event: ClassSplitUp, given: Sequence[Given], rows: Sequence[Annotation]) -> None:
    present: Mapping[UUID, Annotation] = {row.image_id: row for row in rows}
    said: dict[str, Any] = {"actor_id": event.actor_id, "action": f"{KIND}:{event.change_id}"}
    write(session, event.project_id, given, present=present, **said, changes_labels=False)
    again = sorted(item.image_id for item in given if item.answer == "none")
    if again:
        name = session.get_one(Project, event.project_id)
        waiting.put_first(session, name.id, again, reason="Its class was split: say which it is")
