"""What several people say of one picture, put together: one answer where they agree, else a dispute."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from modelyard.geometry.shapes import from_json
from modelyard.server.annotations.repository import answers, objects, opinions, slots
from modelyard.server.annotations.service import attribute_checks, auditing, comparing, lineage, weighing
from modelyard.server.annotations.service.attribute_checks import Asked
from modelyard.server.annotations.service.opinion_objects import present, shape_of
from modelyard.server.annotations.service.writing import Given, write
from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import Batch, Opinion, new_id, now, shape_columns


def settle(session: WriteSession, batch: Batch, image_ids: Iterable[UUID] | None = None, *, asks: bool = True) -> None:
    """Decide the pictures, of these or of the whole batch, of which all wanted labels are in.

    Where people agree their answer becomes the picture's, otherwise it is disputed; in a batch that weighs people, what
    the more skilled say counts where it is sure. With `asks`, skill is measured again soon if something is disputed.
    """
    complete = slots.complete(session, batch.id, image_ids)
    weights = weighing.Weights(session, batch.project_id) if complete and batch.consensus == "weighted" else None
    disputed = 0
    for part in slots.parts(complete):
        there = answers.lock_images(session, batch.project_id, part)
        disputed += _settle(session, batch, [image_id for image_id in part if image_id in there], weights)
    if disputed and weights and asks:
        weighing.ask(session, batch)


def _settle(session: WriteSession, batch: Batch, image_ids: Sequence[UUID], weights: weighing.Weights | None) -> int:
    """Settle these pictures and return how many are disputed."""
    if not image_ids:
        return 0
    said = opinions.counted(session, batch.id, image_ids)
    if batch.kind == "audit":
        auditing.settle(session, batch, said)
        return 0
    classes = opinions.present_classes(session, batch.project_id)
    asked = attribute_checks.load(session, batch.project_id)
    sizes = objects.image_sizes(session, image_ids)
    agreed: dict[UUID, Opinion] = {}
    drawn: dict[UUID, list[dict[str, Any]]] = {}
    for image_id, rows in said.items():
        found = _agree(rows, classes, asked, sizes[image_id])
        if found is None and weights is not None:
            found = weights.decide(rows, classes, sizes[image_id])
        if found is not None:
            agreed[image_id], drawn[image_id] = found
    comparing.compare(session, batch, said, classes, sizes)
    slots.dispute(session, batch.id, [image_id for image_id in image_ids if image_id not in agreed])
    _write(session, batch, said, agreed, drawn, classes)
    return len(image_ids) - len(agreed)


def _agree(
    rows: Sequence[Opinion], classes: Mapping[UUID, UUID | None], asked: Asked, size: tuple[int, int]
) -> tuple[Opinion, list[dict[str, Any]]] | None:
    """Return whose words are everybody's, and the objects that are drawn; None if people differ."""
    first = rows[0]
    if len({(row.answer, _class(row.class_id, classes)) for row in rows}) > 1:
        return None
    if first.class_id is not None and _class(first.class_id, classes) is None:
        return None  # The class was deleted since.
    if len({_told(asked, row.attributes or {}) for row in rows}) > 1:
        return None
    if first.answer != "objects":
        return first, []
    found = [present(row, classes) for row in rows]
    if len(rows) == 1:
        return first, found[0]
    joint = _join(found, asked, size)
    return None if joint is None else (rows[joint[0]], joint[1])


def _join(
    found: Sequence[list[dict[str, Any]]], asked: Asked, size: tuple[int, int]
) -> tuple[int, list[dict[str, Any]]] | None:
    from modelyard.engine.agreement.drawings import Drawing, joint

    drawings = [
        [Drawing((item["class_id"], _told(asked, item["attributes"])), from_json(shape_of(item))) for item in items]
        for items in found
    ]
    answer = joint(drawings, size)
    if answer is None:
        return None
    best, shapes = answer
    return best, [item | shape_columns(shape) for item, shape in zip(found[best], shapes, strict=True)]


def _told(asked: Asked, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what people have to say alike: choices and yes or no. Texts and numbers are one person's own words."""
    free = {row.name for row in asked.rows if row.kind in ("text", "number")}
    shown = asked.shown(values)
    return tuple(sorted((name, value) for name, value in shown.items() if name not in free))


def _class(class_id: UUID | None, classes: Mapping[UUID, UUID | None]) -> UUID | None:
    return None if class_id is None else classes.get(class_id)


def _write(
    session: WriteSession,
    batch: Batch,
    said: Mapping[UUID, Sequence[Opinion]],
    agreed: Mapping[UUID, Opinion],
    drawn: Mapping[UUID, Sequence[dict[str, Any]]],
    classes: Mapping[UUID, UUID | None],
) -> None:
    there = answers.annotations(session, agreed)
    for is_alone in (True, False):
        chosen = {image_id: row for image_id, row in agreed.items() if (len(said[image_id]) == 1) is is_alone}
        given = [_given(batch, row, classes, is_alone=is_alone) for row in chosen.values()]
        if not given:
            continue
        action = "label" if is_alone else "consensus"
        revisions = {id_: (there[id_].revision if id_ in there else 0) + 1 for id_ in chosen}
        actor_id = next(iter(chosen.values())).author_id if is_alone else None
        known = {id_: row for id_, row in there.items() if id_ in chosen}
        _draw(session, batch, revisions, chosen, drawn, is_alone=is_alone)
        write(session, batch.project_id, given, present=known, actor_id=actor_id, action=action)


def _given(batch: Batch, row: Opinion, classes: Mapping[UUID, UUID | None], *, is_alone: bool) -> Given:
    return Given(
        row.image_id,
        row.answer,
        _class(row.class_id, classes),
        author_id=row.author_id if is_alone else None,
        source="human" if is_alone else "consensus",
        outcome=row.suggestion.get("outcome") if is_alone else None,
        active_s=row.active_s if is_alone else None,
        attributes=row.attributes,
        batch_id=batch.id,
    )


def _draw(
    session: WriteSession,
    batch: Batch,
    revisions: dict[UUID, int],
    chosen: Mapping[UUID, Opinion],
    drawn: Mapping[UUID, Sequence[dict[str, Any]]],
    *,
    is_alone: bool,
) -> None:
    """End what is drawn in these pictures and begin what people agree on."""
    objects.end(session, objects.present(session, list(revisions)), revisions)
    rows: list[dict[str, Any]] = []
    for image_id, revision in revisions.items():
        span = {"since_revision": revision, "until_revision": None, "created_at": now()}
        author_id = chosen[image_id].author_id if is_alone else None
        owner = {"project_id": batch.project_id, "image_id": image_id, "author_id": author_id}
        news = [{**item, **span, **owner, "id": new_id()} for item in drawn.get(image_id, ())]
        rows += news
        whose = (batch.project_id, image_id, author_id)
        lineage.tell(session, whose, news=news, gone=(), reject=(), reconsider=())
    objects.begin(session, rows)
