"""What each two people said of a picture, put side by side as soon as all labels of it are in."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any
from uuid import UUID

from modelyard.geometry.shapes import from_json
from modelyard.server.annotations.repository import comparisons
from modelyard.server.annotations.service.opinion_objects import present, shape_of
from modelyard.server.events import ClassChangeUndone, ClassDeleted, ClassMerged, ClassSplitUp, SkeletonChanged
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.jobs import enqueue
from modelyard.server.tables import NOTHING, Batch, Opinion

Classes = Mapping[UUID, UUID | None]
Size = tuple[int, int]


def compare(
    session: WriteSession,
    batch: Batch,
    said: Mapping[UUID, Sequence[Opinion]],
    classes: Classes,
    sizes: Mapping[UUID, Size],
) -> None:
    """Compare what people said of these pictures, each two of them, in place of what was compared before.

    Args:
        batch: Whose pictures they are.
        said: What people submitted, by picture.
        classes: What each class stands for now.
        sizes: Width and height of each picture in pixels.
    """
    rows: list[dict[str, Any]] = []
    for image_id, opinions in said.items():
        rows += _compare(batch.id, image_id, opinions, classes, sizes[image_id])
    comparisons.replace(session, batch.id, list(said), rows)


def compare_anew(
    session: WriteSession, event: ClassMerged | ClassDeleted | ClassSplitUp | ClassChangeUndone | SkeletonChanged
) -> None:
    """Compare everything again: what people drew or said stands for other classes now."""
    ask(session, event.project_id, event.actor_id)


def ask(session: WriteSession, project_id: UUID, actor_id: UUID | None) -> None:
    """Have a job compare all pictures of a project that several people labelled, if there are any."""
    if comparisons.has_any(session, project_id):
        lock = f"compare:{project_id}"
        facts: dict[str, Any] = {"project_id": project_id, "created_by": actor_id, "queueing_lock": lock}
        enqueue(session, "annotations.compare", **facts, title="Compare what people said")


def _compare(
    batch_id: UUID, image_id: UUID, opinions: Sequence[Opinion], classes: Classes, size: Size
) -> Iterable[dict[str, Any]]:
    ordered = sorted(opinions, key=lambda row: row.author_id)
    drawn = {row.author_id: _drawings(row, classes) for row in ordered if row.answer == "objects"}
    for first, second in combinations(ordered, 2):
        at = max(row.submitted_at or row.updated_at for row in (first, second))
        owner = {"batch_id": batch_id, "image_id": image_id, "labels": len(ordered), "at": at}
        owner |= {"first_id": first.author_id, "second_id": second.author_id}
        for one, other, count, overlap in _cells(first, second, drawn, classes, size):
            yield owner | {"first_said": one, "second_said": other, "count": count, "overlap": overlap}


def _cells(
    first: Opinion, second: Opinion, drawn: Mapping[UUID, list[Any]], classes: Classes, size: Size
) -> list[tuple[str, str, int, float]]:
    """Return (what the one said, what the other said, how many objects, their overlap)."""
    said = [_words(row, classes) for row in (first, second)]
    if first.author_id not in drawn and second.author_id not in drawn:
        return [(said[0], said[1], 1, float(said[0] == said[1]))]
    from modelyard.engine.agreement.comparing import compare as compare_drawings

    one, other = (drawn.get(row.author_id, []) for row in (first, second))
    cells = [
        (_name(cell.first), _name(cell.second), cell.count, cell.overlap) for cell in compare_drawings(one, other, size)
    ]
    if said != [NOTHING, NOTHING]:
        cells.append((said[0], said[1], 1, 0.0))  # One of them drew nothing: the picture does not belong, or so.
    return cells or [(NOTHING, NOTHING, 1, 0.0)]


def _words(row: Opinion, classes: Classes) -> str:
    """Return what somebody said of the whole picture."""
    if row.answer == "objects":
        return NOTHING
    if row.answer != "class":
        return row.answer
    found = classes.get(row.class_id) if row.class_id else None
    return str(found or row.class_id)


def _name(class_id: object) -> str:
    return NOTHING if class_id is None else str(class_id)


def _drawings(row: Opinion, classes: Classes) -> list[Any]:
    from modelyard.engine.agreement.drawings import Drawing

    return [Drawing(item["class_id"], from_json(shape_of(item))) for item in present(row, classes)]
