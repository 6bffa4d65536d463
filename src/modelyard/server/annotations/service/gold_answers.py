"""What people say of pictures with known answers: kept apart, measured, and never written into the dataset."""

from collections.abc import Mapping
from functools import partial
from typing import Any, cast
from uuid import UUID

from modelyard.geometry.shapes import from_json
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations.repository import batches as batch_repository
from modelyard.server.annotations.repository import gold as repository
from modelyard.server.annotations.repository import objects, opinions, waiting
from modelyard.server.annotations.service import batches, blind, gold_pauses
from modelyard.server.annotations.service import opinions as opinion_service
from modelyard.server.annotations.service.opinion_objects import shape_of, stored
from modelyard.server.annotations.service.opinions import Own
from modelyard.server.events import GoldChanged
from modelyard.server.images import veil
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import service as projects
from modelyard.server.tables import Batch, GoldAnswer, GoldPicture, Project


def own(
    session: ReadSession, actor: Actor, project_id: UUID, image_id: UUID, batch_id: UUID | None = None
) -> Own | None:
    """Return where this person's label of a picture is kept if its answer is hidden from them; else None.

    Raises `BatchNotFound`, `BatchIsForOthers`, as for any other picture.
    """
    if not veil.hidden(session, image_ids=[image_id], actor=actor):
        return None
    row = repository.find(session, image_id, actor.user_id)
    if batch_id is not None:
        batch = batch_repository.find(session, batch_id)
        if batch is None or row is None or row.batch_id != batch_id:
            raise batches.BatchNotFound(batches.NOT_IN_IT)
        batches.check_meant_for(session, actor, batch)
    is_elsewhere = batch_id is None and row is not None and row.is_apart
    return Own(
        project_id,
        image_id,
        # What was said in a batch that keeps labels apart is not seen outside it.
        find=(lambda: None) if is_elsewhere else partial(repository.find, session, image_id, actor.user_id),
        new=partial(_new, cast(WriteSession, session), actor, image_id),
        said=partial(_said, cast(WriteSession, session), actor),
    )


def is_among(session: ReadSession, actor: Actor, batch_id: UUID, image_id: UUID) -> bool:
    """Say whether a picture, whose answer is hidden from this person, is one of theirs in a batch."""
    own = veil.hidden(session, image_ids=[image_id], actor=actor).get(image_id)
    return (
        own is not None
        and (row := repository.find(session, image_id, actor.user_id)) is not None
        and (row.batch_id == batch_id)
    )


def judged(session: ReadSession, image_id: UUID, author_id: UUID) -> set[UUID]:
    """Return the object suggestions that a person took over or rejected in a known picture."""
    row = repository.find(session, image_id, author_id)
    return opinion_service.judged(row) if row else set()


def _new(session: WriteSession, actor: Actor, image_id: UUID) -> GoldAnswer:
    """Keep what somebody says of a known picture that was not handed to them."""
    gold = repository.of_image(session, image_id)
    assert gold is not None  # It is hidden, so it is there.
    row = repository.find(session, image_id, actor.user_id)
    if row is not None:  # It was said in a batch that keeps labels apart; this takes its place.
        row.is_apart, row.revision, row.answer, row.class_id, row.objects = False, 0, "none", None, []
        row.attributes, row.suggestion, row.history, row.state = None, {}, [], "draft"
        return row
    row = GoldAnswer(project_id=gold.project_id, image_id=image_id, gold_id=gold.id, author_id=actor.user_id)
    row.revision, row.state, row.answer, row.objects, row.suggestion, row.history = 0, "draft", "none", [], {}, []
    session.add(row)
    return row


def _said(session: WriteSession, actor: Actor, row: GoldAnswer, was: str) -> None:
    """Note a revision; measure a picture that is done, and ask its author to stop where too many differ."""
    row.history = [*row.history, _entry(actor, row)]
    row.score = row.is_right = row.had_suggestions = None
    if row.state == "submitted":
        row.lease_token = row.lease_expires_at = None
        waiting.forget_postponed_by(session, row.image_id, actor.user_id)
        _measure(session, row)
    session.flush()
    if "submitted" in (was, row.state):
        publish(session, GoldChanged(row.project_id))
    if row.state == "submitted":
        gold_pauses.check(session, row.project_id, actor.user_id)


def _measure(session: WriteSession, row: GoldAnswer) -> None:
    gold = repository.versions(session, [row.gold_id])[row.gold_id]
    project = session.get_one(Project, row.project_id)
    row.score = score(session, project, gold, row)
    least = 1.0 if project.task == "classification" else projects.settings_of(project).gold_f1
    row.is_right = row.score >= least
    if project.task == "classification":
        row.had_suggestions = row.suggestion.get("class_id") is not None
    else:
        batch = session.get(Batch, row.batch_id) if row.batch_id else None
        was_shown = not blind.is_blind(session, batch, row.image_id)
        row.had_suggestions = was_shown and repository.has_suggestions(session, row.image_id)


def score(session: ReadSession, project: Project, gold: GoldPicture, row: GoldAnswer) -> float:
    """Return how far an answer is the known one, in [0, 1].

    A class is right (1) or wrong (0). What is drawn has the F1 of its objects against the known ones, matched by class
    and an overlap (IoU, or OKS of keypoints) of one half.
    """
    from modelyard.engine.agreement.drawings import Drawing, matched

    classes = opinions.present_classes(session, project.id)

    def present(class_id: UUID | None) -> UUID | None:
        return None if class_id is None else classes.get(class_id)

    if (gold.answer, present(gold.class_id)) != (row.answer, present(row.class_id)):
        return 0.0
    if gold.answer != "objects":
        return 1.0

    def drawn(items: list[Mapping[str, Any]]) -> list[Drawing]:
        columns = [stored(item) for item in items]
        named = [(present(item["class_id"]), item) for item in columns]
        return [Drawing(class_id, from_json(shape_of(item))) for class_id, item in named if class_id is not None]

    size = objects.image_sizes(session, [row.image_id])[row.image_id]
    f1 = matched(drawn(gold.objects), drawn(row.objects), size).f1
    return 1.0 if f1 is None else f1


def _entry(actor: Actor, row: GoldAnswer) -> dict[str, Any]:
    """Return a revision as the histories of images show it."""
    is_done = row.answer != "none"
    said: dict[str, Any] = {
        "answer": row.answer,
        "class_id": str(row.class_id) if row.class_id else None,
        "source": "human",
    }
    said |= {"action": "label" if is_done else "draw" if row.objects else "withdraw"}
    said |= {"author_id": str(actor.user_id), "author_name": actor.name, "revision": row.revision}
    shown = row.suggestion
    said |= {"suggested_class_id": shown.get("class_id"), "suggestion_score": shown.get("score")}
    said |= {"suggestion_version": shown.get("version"), "suggestion_outcome": shown.get("outcome")}
    whole = [item["class_id"] for item in row.objects if item["type"] == "whole"]
    return said | {"active_s": row.active_s, "at": row.updated_at.isoformat(), "whole": whole}
