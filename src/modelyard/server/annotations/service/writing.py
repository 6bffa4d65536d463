"""The one place where answers are written: annotation, revision, queue and event go together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from modelyard.server.annotations.repository import answers as repository
from modelyard.server.annotations.repository import slots, waiting
from modelyard.server.annotations.schemas import ShownSuggestion
from modelyard.server.annotations.service import review_sample
from modelyard.server.events import AnnotationsChanged
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.tables import Annotation, new_id, now


@dataclass(frozen=True)
class Given:
    """What is to be the answer for one image, and how it came about."""

    image_id: UUID
    answer: str
    class_id: UUID | None = None
    author_id: UUID | None = None
    source: str = "human"
    outcome: str | None = None
    suggestion: ShownSuggestion | None = None
    active_s: float | None = None
    attributes: Mapping[str, Any] | None = None  # of the image as a whole; None: as they were
    batch_id: UUID | None = None  # the batch that it was labelled in


def outcome(answer: str, class_id: UUID | None, suggestion: ShownSuggestion | None) -> str | None:
    """Say what became of the suggestion that was shown; None if none was, or nothing was answered."""
    if suggestion is None or answer == "none":
        return None
    return "accepted" if answer == "class" and class_id == suggestion.class_id else "corrected"


def write(
    session: WriteSession,
    project_id: UUID,
    given: Sequence[Given],
    *,
    present: Mapping[UUID, Annotation],
    actor_id: UUID | None,
    action: str,
    changes_labels: bool = True,
) -> list[dict[str, Any]]:
    """Write one step over many images; return the annotations as they are now, in the same order."""
    at, step_id = now(), new_id()
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for item in given:
        row = present.get(item.image_id)
        facts: dict[str, Any] = {"answer": item.answer, "class_id": item.class_id, "source": item.source}
        facts |= {"suggestion_outcome": item.outcome, "revision": (row.revision if row else 0) + 1}
        facts["attributes"] = dict(item.attributes) if item.attributes is not None else row.attributes if row else None
        values = {**facts, "id": row.id if row else new_id(), "author_id": item.author_id, "updated_at": at}
        owner = {"project_id": project_id, "image_id": item.image_id}
        if row is None:
            added.append(values | owner | {"created_at": at})
        else:
            changed.append(values)
        said = _step(item, values["id"], actor_id=actor_id, action=action, at=at)
        revisions.append(facts | owner | said | {"step_id": step_id})
        results.append(values | owner)
    repository.save(session, added=added, changed=changed, revisions=revisions)
    update_queue(session, project_id, given, action=action)
    if changes_labels and given:
        publish(session, AnnotationsChanged(project_id, [item.image_id for item in given]))
    return results


def update_queue(session: WriteSession, project_id: UUID, given: Iterable[Given], *, action: str = "confirm") -> None:
    """Take answered images out of the queue and put withdrawn ones back; some of the answered are to be reviewed."""
    items = list(given)
    answered = [item for item in items if item.answer != "none"]
    withdrawn = [item.image_id for item in items if item.answer == "none"]
    if answered:
        waiting.take_out(session, [item.image_id for item in answered])
        if slots.has_batches(session, project_id):
            _finish(session, answered)
            review_sample.follow(session, [item.image_id for item in answered], action=action)
    if withdrawn:
        review_sample.forget(session, withdrawn)
        waiting.put_back(session, project_id, withdrawn)


def _finish(session: WriteSession, answered: Iterable[Given]) -> None:
    by_author: dict[UUID | None, list[UUID]] = {}
    for item in answered:
        by_author.setdefault(item.author_id, []).append(item.image_id)
    for author_id, image_ids in by_author.items():
        slots.finish(session, image_ids, author_id, at=now())


def _step(item: Given, annotation_id: UUID, *, actor_id: UUID | None, action: str, at: Any) -> dict[str, Any]:
    shown = item.suggestion
    return {
        "id": new_id(),
        "created_at": at,
        "annotation_id": annotation_id,
        "author_id": actor_id,
        "batch_id": item.batch_id,
        "action": action,
        "active_s": item.active_s,
        "suggested_class_id": shown.class_id if shown else None,
        "suggestion_score": shown.score if shown else None,
        "suggestion_version": shown.version if shown else None,
    }
