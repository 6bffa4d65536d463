"""Deciding about pictures of which people say different things, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Header

from modelyard.server.annotations import schemas
from modelyard.server.annotations.adjudication_schemas import Decision
from modelyard.server.annotations.service import adjudication, attribute_checks
from modelyard.server.annotations.service.answers import (
    AnnotationChanged,
    AnswerDoesNotFit,
    ImageNotFound,
    RevisionInvalid,
    to_revision,
)
from modelyard.server.annotations.service.batches import BatchNotFound
from modelyard.server.annotations.service.class_names import ClassUnknown
from modelyard.server.annotations.service.disputes import StillBeingLabelled
from modelyard.server.annotations.service.skeletons import ObjectInvalid
from modelyard.server.dependencies import CurrentActor, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes

router = Routes(prefix="/batches/{batch_id}/images/{image_id}/decision", tags=["batches"])

IfMatch = Annotated[
    str | None, Header(description="Revision of the picture's annotation that was seen; 0 without one.")
]
_PROBLEMS = (BatchNotFound, ImageNotFound, StillBeingLabelled, AnnotationChanged, RevisionInvalid)


@router.put(
    "",
    operation_id="adjudication.decide",
    responses=problems(
        *_PROBLEMS,
        adjudication.OpinionNotFound,
        adjudication.ClassIsGone,
        ClassUnknown,
        AnswerDoesNotFit,
        ObjectInvalid,
        attribute_checks.AttributeValueInvalid,
    ),
)
def decide(
    batch_id: UUID, image_id: UUID, body: Decision, actor: CurrentActor, session: Writing, if_match: IfMatch = None
) -> schemas.Annotation:
    """Give a disputed picture its answer: one person's opinion as it is, or an answer of one's own.

    It becomes the picture's annotation; what people said by themselves stays as it is.
    """
    return adjudication.decide(session, actor, batch_id, image_id, body, expected=to_revision(if_match))


@router.delete("", operation_id="adjudication.undo", responses=problems(*_PROBLEMS, adjudication.NothingDecided))
def undo(
    batch_id: UUID, image_id: UUID, actor: CurrentActor, session: Writing, if_match: IfMatch = None
) -> schemas.Annotation:
    """Take a decision back: the picture is disputed again, or has the answer that it had before."""
    return adjudication.undo(session, actor, batch_id, image_id, expected=to_revision(if_match))
