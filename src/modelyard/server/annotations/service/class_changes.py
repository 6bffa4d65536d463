"""What a change of the class list does to answers, and how that is taken back."""

from collections.abc import Collection, Sequence
from uuid import UUID

from modelyard.server.annotations.repository import answers as repository
from modelyard.server.annotations.repository import objects
from modelyard.server.annotations.service import object_classes
from modelyard.server.annotations.service.writing import Given, write
from modelyard.server.events import (
    AnnotationsChanged,
    ClassChangeUndone,
    ClassDeleted,
    ClassMerged,
    SkeletonChanged,
)
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.tables import Annotation, AnnotationRevision

_BATCH = 1000


def follow_merge(session: WriteSession, event: ClassMerged) -> None:
    """Give every answer of the merged class to its target; whose answer it is stays as it was."""
    _rewrite(session, event, "class-merge", event.source_id, "class", event.target_id)


def follow_deletion(session: WriteSession, event: ClassDeleted) -> None:
    """Withdraw every answer of the deleted class, and what is drawn of it; images without an answer wait again."""
    _rewrite(session, event, "class-delete", event.class_id, "none", None)


def take_back(session: WriteSession, event: ClassChangeUndone) -> None:
    """Return answers to what they were before a change, except where people have answered again since."""
    restored: set[UUID] = set()
    for kind in ("class-merge", "class-delete", "class-skeleton", "class-split"):
        action = f"{kind}:{event.change_id}"
        image_ids = repository.images_touched_by(session, event.project_id, action)
        for part in batches_of(image_ids):
            repository.lock_images(session, event.project_id, part)
            touched = repository.touched_by(session, part, action)
            given = [_as_before(row, before) for row, before in touched]
            rows = [row for row, _ in touched]
            object_classes.bring_back(session, rows)
            _write(session, event, "class-undo", given, rows)
            restored.update(row.image_id for row in rows)
        tell(session, event.project_id, image_ids)
    if event.class_id is not None and event.was is not None:
        _reorder(session, event, event.class_id, event.was, "class-undo", but=restored)


def follow_skeleton(session: WriteSession, event: SkeletonChanged) -> None:
    """Give every object of the class its points in their new order; new ones are not placed, and others go."""
    _reorder(session, event, event.class_id, event.was, "class-skeleton")


def _reorder(
    session: WriteSession,
    event: SkeletonChanged | ClassChangeUndone,
    class_id: UUID,
    was: Sequence[int | None],
    kind: str,
    *,
    but: Collection[UUID] = (),
) -> None:
    image_ids = [image_id for image_id in objects.images_with_class(session, class_id) if image_id not in but]
    for part in batches_of(image_ids):
        repository.lock_images(session, event.project_id, part)
        rows = list(repository.annotations(session, part).values())
        if moved := object_classes.reorder_points(session, rows, class_id, was):
            _write(session, event, kind, [keep(row, row.answer, row.class_id) for row in moved], moved)
    tell(session, event.project_id, image_ids)


def _rewrite(
    session: WriteSession,
    event: ClassMerged | ClassDeleted,
    kind: str,
    source_id: UUID,
    answer: str,
    class_id: UUID | None,
) -> None:
    image_ids = repository.images_of_class(session, source_id)
    for part in batches_of(image_ids):
        repository.lock_images(session, event.project_id, part)
        rows = [row for row in repository.annotations(session, part).values() if row.class_id == source_id]
        _write(session, event, kind, [keep(row, answer, class_id) for row in rows], rows)
    drawn_ids = objects.images_with_class(session, source_id)
    for part in batches_of(drawn_ids):
        repository.lock_images(session, event.project_id, part)
        rows = list(repository.annotations(session, part).values())
        object_classes.change_class(session, rows, source_id, class_id)
        _write(session, event, kind, [keep(row, row.answer, row.class_id) for row in rows], rows)
    tell(session, event.project_id, [*image_ids, *drawn_ids])


def batches_of(image_ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    """Return images in parts that are locked and written together."""
    return [image_ids[start : start + _BATCH] for start in range(0, len(image_ids), _BATCH)]


def tell(session: WriteSession, project_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Tell that annotations of these images changed."""
    if image_ids:  # Once, at the end: what listens takes locks of its own.
        publish(session, AnnotationsChanged(project_id, image_ids))


def _write(
    session: WriteSession,
    event: ClassMerged | ClassDeleted | ClassChangeUndone | SkeletonChanged,
    kind: str,
    given: Sequence[Given],
    rows: Sequence[Annotation],
) -> None:
    present = {row.image_id: row for row in rows}
    action = f"{kind}:{event.change_id}"
    write(
        session,
        event.project_id,
        given,
        present=present,
        actor_id=event.actor_id,
        action=action,
        changes_labels=False,
    )


def keep(row: Annotation, answer: str, class_id: UUID | None) -> Given:
    """Return another answer that stays whose it was."""
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
