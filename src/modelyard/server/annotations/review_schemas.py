"""Reviews over HTTP: what is looked at, and what a reviewer decides."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from modelyard.server.annotations.object_schemas import Object, ObjectsChange
from modelyard.server.annotations.schemas import ActiveSeconds, AnnotationPut, Answer, Guess
from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.inputs import Input

ReviewState = Literal["waiting", "accepted", "corrected", "rejected"]
Verdict = Literal["accepted", "corrected", "rejected"]
ReturnTo = Literal["author", "pool"]
Reason = Annotated[str, Field(max_length=2000, description="What is wrong with it; needed where it is sent back.")]


class Review(BaseModel):
    """One look at the label that a picture got in a batch."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    project_id: UUID
    batch_id: UUID
    image_id: UUID
    revision: int = Field(description="Revision of the annotation that is looked at; a decision names it.")
    state: ReviewState
    is_again: bool = Field(description="Whether the picture was sent back before, and labelled again.")
    author_id: UUID | None = Field(description="Whose label it is; null: of several people who agree, or an import.")
    author_names: list[str] = Field(description="Who labelled it.")
    reviewer_id: UUID | None = Field(description="Who has it on screen, or decided.")
    reviewer_name: str | None
    decided_at: datetime | None
    reason: str
    returned_to: Literal["author", "pool", "dispute"] | None = Field(
        description="Where it was sent back to: its author, anybody, or to be decided again, as its authors differ."
    )
    active_s: float | None


class ReviewedPicture(BaseModel):
    """A review in a list, with its picture."""

    review: Review
    image: ImageCard


class ReviewedVersion(BaseModel):
    """What a picture's label is, or was, at one revision."""

    revision: int
    answer: Answer
    class_id: UUID | None
    attributes: dict[str, str | float | bool]
    objects: list[Object]


class PastReview(BaseModel):
    """What a reviewer said of an earlier label of the same picture in the same batch."""

    state: Verdict
    reviewer_name: str | None
    decided_at: datetime
    reason: str


class ReviewDetail(BaseModel):
    """A picture that is reviewed: its author's version, the reviewer's, and what a model suggests."""

    review: Review
    image: ImageCard
    batch_name: str
    author: ReviewedVersion
    correction: ReviewedVersion | None = Field(description="The reviewer's version; null: there is none.")
    guess: Guess | None = Field(description="The class that a model suggests; null for pictures kept for tests.")
    suggested: list[Object] = Field(description="The objects that a model suggests, whatever became of them.")
    past: list[PastReview] = Field(description="Earlier reviews of the picture in this batch, newest first.")


class LentReview(BaseModel):
    """A review lent to one person for a few minutes."""

    detail: ReviewDetail
    lease_token: UUID
    lease_expires_at: datetime


class ReviewNext(BaseModel):
    """The next pictures to review, and how many wait in all."""

    items: list[LentReview]
    remaining: int = Field(description="Pictures that wait for this person's review, lent ones too.")
    notice: str | None = Field(description="Why there is nothing, where it is not that all is reviewed.")


class ReviewDecision(Input):
    """Accept a label, send it back with a reason, or put it right and accept it."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"verdict": "rejected", "reason": "The left bun is missing.", "active_s": 4.2}}
    )

    verdict: Verdict
    reason: Reason = ""
    return_to: ReturnTo = Field(
        "author",
        description="Who labels a rejected picture again: its author, or anybody. Where its author labels here no "
        "more, anybody does.",
    )
    annotation: AnnotationPut | None = Field(None, description="The correction, in a project of one class per image.")
    objects: ObjectsChange | None = Field(None, description="The correction, in a project of objects or many classes.")
    active_s: ActiveSeconds | None = None

    @model_validator(mode="after")
    def _goes_together(self) -> "ReviewDecision":
        if self.verdict == "rejected" and not self.reason.strip():
            raise ValueError("a label is sent back with a reason, so that its author knows what to do")
        if (self.verdict == "corrected") != (self.annotation is not None or self.objects is not None):
            raise ValueError(
                "the verdict 'corrected' needs what is right, in `annotation` or `objects`; others have none"
            )
        if self.annotation is not None and self.objects is not None:
            raise ValueError("a correction is an `annotation` or `objects`, not both")
        if "none" in (getattr(self.annotation, "answer", None), getattr(self.objects, "answer", None)):
            raise ValueError("a correction says what is right; to take a label away, send it back with a reason")
        return self


class ReturnedPicture(BaseModel):
    """A picture that a reviewer sent back to the person who asks."""

    batch_id: UUID
    image_id: UUID
    name: str
    reason: str
    reviewer_name: str | None
    decided_at: datetime
