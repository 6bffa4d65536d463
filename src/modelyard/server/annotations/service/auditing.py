"""How often suggestions that people took unchanged were wrong: the same pictures, labelled again blind by others."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from modelyard.engine.metrics import wilson_interval
from modelyard.errors import NotFound
from modelyard.geometry.shapes import from_json
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import batch_schemas as schemas
from modelyard.server.annotations.repository import audits as repository
from modelyard.server.annotations.repository import batches as batch_repository
from modelyard.server.annotations.repository import objects
from modelyard.server.annotations.repository import opinions as opinion_repository
from modelyard.server.annotations.service.opinion_objects import in_words, present, shape_of
from modelyard.server.images.cards import cards
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import AnnotationRevision, AuditPicture, Batch, Object, Opinion, shape_json

_SHOWN = 100


class NoAudit(NotFound):
    """This batch is no audit. Make one of pictures whose suggestion somebody took unchanged."""


def settle(session: WriteSession, batch: Batch, said: Mapping[UUID, Sequence[Opinion]]) -> None:
    """Measure the labels of pictures that were labelled again; the dataset stays as it is."""
    rows = [row for row in repository.of_batch(session, batch.id) if row.image_id in said]
    labels, taken = repository.labels(session, rows), repository.taken(session, rows)
    classes = opinion_repository.present_classes(session, batch.project_id)
    sizes = objects.image_sizes(session, list(said))
    judged: dict[UUID, tuple[int, int]] = {}
    for image_id, opinions in said.items():
        if label := labels.get(image_id):
            judged[image_id] = _judge(label, taken.get(image_id, []), opinions[0], classes, sizes[image_id])
    repository.note(session, batch.id, judged)
    repository.finish(session, batch.id, list(said))


def _judge(
    label: AnnotationRevision,
    taken: Sequence[Object],
    opinion: Opinion,
    classes: Mapping[UUID, UUID | None],
    size: tuple[int, int],
) -> tuple[int, int]:
    """Return (labels that were taken unchanged, those that the other person did not give)."""
    from modelyard.engine.agreement.drawings import Drawing, matched

    if label.answer != "objects":
        is_same = label.answer == opinion.answer and _now(label.class_id, classes) == _now(opinion.class_id, classes)
        return 1, int(not is_same)
    before = [Drawing(_now(item.class_id, classes), from_json(shape_json(item))) for item in taken]
    again = [Drawing(item["class_id"], from_json(shape_of(item))) for item in present(opinion, classes)]
    return len(before), len(before) - len(matched(before, again, size).pairs)


def _now(class_id: UUID | None, classes: Mapping[UUID, UUID | None]) -> UUID | None:
    return None if class_id is None else classes.get(class_id)


def show(session: ReadSession, actor: Actor, batch: Batch) -> schemas.Audit:
    """Return what an audit found so far; raises `NoAudit`."""
    if batch.kind != "audit":
        raise NoAudit
    rows = repository.of_batch(session, batch.id)
    known = [row for row in rows if row.judged is not None]
    judged, wrong = sum(row.judged or 0 for row in known), sum(row.wrong or 0 for row in known)
    states = batch_repository.states(session, batch.id)
    done = {row.image_id for row in known}
    left_out = sum(state == "done" and image_id not in done for image_id, state in states.items())
    return schemas.Audit(
        drawn=len(rows),
        done=len(known),
        left_out=left_out,
        judged=judged,
        wrong=wrong,
        error_rate=round(wrong / judged, 4) if judged else None,
        interval=[round(value, 4) for value in wilson_interval(wrong, judged)] if judged else None,
        differing=_differing(session, batch, [row for row in known if row.wrong][:_SHOWN]),
    )


def _differing(session: ReadSession, batch: Batch, rows: Sequence[AuditPicture]) -> list[schemas.AuditedPicture]:
    image_ids = [row.image_id for row in rows]
    names = batch_repository.class_names(session, batch.project_id)
    labels, said = repository.labels(session, rows), repository.opinions(session, batch.id, image_ids)
    taken = repository.taken(session, rows)
    shown = {card.id: card for card in cards(session, image_ids)}
    return [
        schemas.AuditedPicture(
            image=shown[row.image_id],
            accepted=in_words(_as_opinion(labels[row.image_id], len(taken.get(row.image_id, []))), names),
            said=in_words(said[row.image_id], names),
            judged=row.judged or 0,
            wrong=row.wrong or 0,
        )
        for row in rows
        if row.image_id in shown and row.image_id in said
    ]


def _as_opinion(label: AnnotationRevision, objects_taken: int) -> Opinion:
    return Opinion(answer=label.answer, class_id=label.class_id, objects=[{}] * objects_taken)
