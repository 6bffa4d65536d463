"""What a change of the class list does to answers, and how that is taken back."""

from collections.abc import Sequence
from uuid import UUID

from modelyard.server.annotations.repository import answers as repository
from modelyard.server.annotations.service.writing import Given, write
from modelyard.server.events import ClassChangeUndone, ClassDeleted, ClassMerged
from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import Annotation, AnnotationRevision

_BATCH = 1000


def follow_merge(session: WriteSession, event: ClassMerged) -> None:
    """Give every answer of the merged class to its target; whose answer it is stays as it was."""
    for rows in _batches(session, event.source_id):
        given = [_keep(row, "class", event.target_id) for row in rows]
        _write(session, event, "class-merge", given, rows)


def follow_deletion(session: WriteSession, event: ClassDeleted) -> None:
    """Withdraw every answer of the deleted class; the images wait to be labelled again."""
    for rows in _batches(session, event.class_id):
        given = [_keep(row, "none", None) for row in rows]
        _write(session, event, "class-delete", given, rows)


def take_back(session: WriteSession, event: ClassChangeUndone) -> None:
    """Return answers to what they were before a change, except where people have answered again since."""
    for kind in ("class-merge", "class-delete"):
        touched = repository.touched_by(session, event.project_id, f"{kind}:{event.change_id}")
        for start in range(0, len(touched), _BATCH):
            part = touched[start : start + _BATCH]
            given = [_as_before(row, before) for row, before in part]
            _write(session, event, "class-undo", given, [row for row, _ in part])


def _batches(session: WriteSession, class_id: UUID) -> list[list[Annotation]]:
    image_ids = repository.images_of_class(session, class_id)
    parts = [image_ids[start : start + _BATCH] for start in range(0, len(image_ids), _BATCH)]
    return [list(repository.annotations(session, part).values()) for part in parts]


def _write(
    session: WriteSession,
    event: ClassMerged | ClassDeleted | ClassChangeUndone,
    kind: str,
    given: Sequence[Given],
    rows: Sequence[Annotation],
) -> None:
    present = {row.image_id: row for row in rows}
    action = f"{kind}:{event.change_id}"
    write(session, event.project_id, given, present=present, actor_id=event.actor_id, action=action)


def _keep(row: Annotation, answer: str, class_id: UUID | None) -> Given:
    return Given(
        image_id=row.image_id,
        answer=answer,
        class_id=class_id,
        author_id=row.author_id,
        source=row.source,
        outcome=row.suggestion_outcome if answer == "class" else None,
    )


def _as_before(row: Annotation, before: AnnotationRevision) -> Given:
    return Given(
        image_id=row.image_id,
        answer=before.answer,
        class_id=before.class_id,
        author_id=row.author_id,
        source=before.source,
        outcome=before.suggestion_outcome,
    )
