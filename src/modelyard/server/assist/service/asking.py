"""Asking for suggested objects, and looking at those of one image."""

import hashlib
import json
from typing import Any
from uuid import UUID

from modelyard.errors import Conflict
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations.service import blind, gold_answers, opinions
from modelyard.server.assist import detector_repository as repository
from modelyard.server.assist import detector_schemas as schemas
from modelyard.server.assist.repository import class_names
from modelyard.server.assist.service import detectors
from modelyard.server.images import service as images
from modelyard.server.images import veil
from modelyard.server.kit import jobs
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Batch, Detector, Job, shape_json

SUGGEST = "assist.suggest_objects"
SUGGEST_NOW = "assist.suggest_now"
_UNLABELLED = {"labelled": False}


class NoClassMeant(Conflict):
    """None of the detector's classes means a class of the project. Choose what they mean first."""


class NothingToLookAt(Conflict):
    """There is no image to look at: all are labelled, or kept for testing."""


class KeptForTesting(Conflict):
    """This image is kept for testing: nobody sees a suggestion for it, so that figures hold."""


def suggest(session: WriteSession, actor: Actor, detector_id: UUID, body: schemas.SuggestObjects) -> Job:
    """Have a detector look at many images in a job; the same wish that already waits is returned.

    Raises `DetectorNotFound`, `NoClassMeant`, `NothingToLookAt`.
    """
    row = _ready(session, actor, detector_id)
    choice: dict[str, Any] = {"filters": _UNLABELLED}
    if body.images == "next":
        ids = repository.next_in_queue(session, row.project_id, body.count)
        if not ids:
            raise NothingToLookAt
        choice = {"image_ids": [str(image_id) for image_id in ids]}
    elif body.image_ids is not None:
        choice = {"image_ids": [str(image_id) for image_id in dict.fromkeys(body.image_ids)]}
    elif body.filters is not None:
        choice = {"filters": body.filters.model_dump(mode="json")}
    return _enqueue(session, actor, SUGGEST, row, choice, title=f"Suggest objects with {row.name}")


def suggest_now(session: WriteSession, actor: Actor, image_id: UUID, detector_id: UUID) -> Job:
    """Have a detector look at one image before anything else that waits.

    Raises `ImageNotFound`, `DetectorNotFound`, `NoClassMeant`, `KeptForTesting`.
    """
    image = images.get(session, actor, image_id)
    row = _ready(session, actor, detector_id)
    found = repository.pictures(session, row.project_id, [image.id])
    if not found:
        raise images.ImageNotFound
    if found[0].is_kept_back:
        raise KeptForTesting
    return _enqueue(
        session, actor, SUGGEST_NOW, row, {"image_ids": [str(image_id)]}, title=f"Look at {image.name}"[:200]
    )


def _ready(session: WriteSession, actor: Actor, detector_id: UUID) -> Detector:
    row = detectors.get(session, actor, detector_id)
    if all(entry.class_id is None for entry in detectors.classes_of(row, class_names(session, row.project_id))):
        raise NoClassMeant(
            f"None of the classes of {row.name!r} means a class of the project. Choose what they mean first."
        )
    return row


def _enqueue(
    session: WriteSession, actor: Actor, kind: str, row: Detector, choice: dict[str, Any], *, title: str
) -> Job:
    wish = hashlib.sha256(json.dumps(choice, sort_keys=True).encode()).hexdigest()[:32]
    return jobs.enqueue(
        session,
        kind,
        params={"detector_id": str(row.id), "choice": choice},
        project_id=row.project_id,
        created_by=actor.user_id,
        queueing_lock=f"{kind}:{row.id}:{wish}",
        title=title[:200],
    )


def of_image(
    session: ReadSession, actor: Actor, image_id: UUID, *, batch_id: UUID | None = None
) -> schemas.ImageSuggestions:
    """Return what is suggested for an image and undecided, by this person in a batch; raises `ImageNotFound`."""
    image = images.get(session, actor, image_id)
    found = repository.pictures(session, image.project_id, [image.id])
    batch = session.get(Batch, batch_id) if batch_id else None
    is_kept_back = not found or found[0].is_kept_back or blind.is_blind(session, batch, image.id)
    own = veil.hidden(session, image_ids=[image.id], actor=actor).get(image.id)
    rows = [] if is_kept_back else repository.undecided(session, image.id, is_fresh=own is not None)
    mine = opinions.decided(session, batch_id, image.id, actor.user_id) if batch_id else set()
    mine |= gold_answers.judged(session, image.id, actor.user_id) if own else set()
    return schemas.ImageSuggestions(
        image_id=image.id,
        is_kept_back=is_kept_back,
        suggestions=[
            schemas.ObjectSuggestion(
                id=row.id,
                detector_id=row.detector_id,
                class_id=row.class_id,
                score=row.score,
                shape=shape_json(row),
            )
            for row in rows
            if row.id not in mine
        ],
    )
