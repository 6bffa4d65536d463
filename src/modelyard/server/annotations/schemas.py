"""What the annotations room takes and answers over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.inputs import Input

Answer = Literal["class", "objects", "does_not_belong", "not_sure", "none"]
QueueOrder = Literal["helpful", "random", "upload"]
ActiveSeconds = Annotated[float, Field(ge=0, le=86400, description="Seconds of active work that this took.")]
Score = Annotated[float, Field(ge=0, le=1)]
ImageIds = Annotated[list[UUID], Field(min_length=1, max_length=5000)]


Attributes = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=100)], bool | float | Annotated[str, Field(max_length=2000)]],
    Field(max_length=200, description="What else is known of it: name to yes/no, number or text."),
]


class ShownSuggestion(Input):
    """The suggestion that the person saw before answering."""

    class_id: UUID
    score: Score
    version: str = Field(max_length=64)


class _Answered(Input):
    answer: Answer
    class_id: UUID | None = None

    @model_validator(mode="after")
    def _class_goes_with_answer(self) -> "_Answered":
        if (self.answer == "class") != (self.class_id is not None):
            raise ValueError("the answer 'class' needs a class_id, and no other answer has one")
        return self


class AnnotationPut(_Answered):
    """An answer for one image; "none" withdraws it and sends the image back to the queue."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"answer": "class", "class_id": "0190b8a0-0000-7000-8000-000000000001", "active_s": 0.9}
        }
    )

    active_s: ActiveSeconds | None = None
    suggestion: ShownSuggestion | None = None
    attributes: Attributes | None = Field(None, description="Of the image as a whole, all of them; absent: as it was.")


class Annotation(BaseModel):
    """The present answer for one image; revision 0 and answer "none" where nobody has answered yet."""

    model_config = ConfigDict(from_attributes=True)

    image_id: UUID
    answer: Answer
    class_id: UUID | None
    revision: int
    author_id: UUID | None
    source: Literal["human", "import", "consensus"] | None
    suggestion_outcome: Literal["accepted", "corrected"] | None
    attributes: Annotated[dict[str, Any], BeforeValidator(lambda values: values or {})] = Field(
        default_factory=dict, description="What is known of the image as a whole."
    )
    updated_at: datetime | None


class AnnotationRevision(BaseModel):
    """One step in the history of an image's answer."""

    revision: int
    answer: Answer
    class_id: UUID | None
    source: str
    action: str
    author_id: UUID | None
    author_name: str | None
    suggested_class_id: UUID | None
    suggestion_score: float | None
    suggestion_version: str | None
    suggestion_outcome: str | None
    active_s: float | None
    at: datetime


class BulkLabel(_Answered):
    """One answer for many images at once."""

    image_ids: ImageIds
    active_s: ActiveSeconds | None = None
    revisions: dict[UUID, int] | None = Field(
        None, description="Revision at which each image was seen; refused as a whole if one of them moved on."
    )


class PreviousAnswer(BaseModel):
    """What an image's answer was before a step."""

    answer: Answer
    class_id: UUID | None


class ChangedAnnotation(BaseModel):
    """One image that a step changed, with what is needed to take it back."""

    image_id: UUID
    revision: int
    previous: PreviousAnswer


class Changed(BaseModel):
    """What one step changed; images that had this answer already are not in it."""

    changed: list[ChangedAnnotation]


class RestoreItem(_Answered):
    """The answer that an image is to have again, if it is still at this revision."""

    image_id: UUID
    revision: int = Field(ge=0)


class Restore(Input):
    """Undo or redo of one step, all of it or nothing."""

    items: Annotated[list[RestoreItem], Field(min_length=1, max_length=5000)]


class BulkClass(Input):
    """One class for many images as a whole, or away from them; what else they have, and their answers, stay."""

    image_ids: ImageIds
    class_id: UUID
    change: Literal["add", "remove"]
    active_s: ActiveSeconds | None = None
    revisions: dict[UUID, int] | None = Field(
        None, description="Revision at which each image was seen; refused as a whole if one of them moved on."
    )


class RestoreClasses(Input):
    """One image, if it is still at `revision`, is to have the classes as a whole again that it had at another."""

    image_id: UUID
    revision: int = Field(ge=1)
    to: int = Field(ge=0, description="The earlier revision; the one before a step, to take that step back.")


class BulkRestoreClasses(Input):
    """Undo or redo of one step of classes, all of it or nothing."""

    items: Annotated[list[RestoreClasses], Field(min_length=1, max_length=5000)]


class Statistics(BaseModel):
    """How much has been labelled, and what it took."""

    labelled: int = Field(description="Images with an answer now.")
    today: int = Field(description="Images that people answered since midnight, UTC.")
    by_class: dict[UUID, int]
    by_answer: dict[str, int]
    actions: int = Field(description="Steps that people took; a bulk step counts once.")
    active_s: float
    accepted: int = Field(description="Suggestions that people took as they were.")
    corrected: int = Field(description="Suggestions that people answered otherwise.")


class Guess(BaseModel):
    """What the quick model suggests for an image in the queue."""

    class_id: UUID
    score: float
    version: str
    runner_up_id: UUID | None


class Returned(BaseModel):
    """What a reviewer said of a picture that is labelled again, and what its author had said."""

    reason: str
    reviewer_name: str | None
    decided_at: datetime
    answer: Answer | None = Field(description="What was sent back; null for those who did not say it.")
    class_id: UUID | None


class QueuedImage(BaseModel):
    """One image lent to one person for a few minutes."""

    image: ImageCard
    batch_id: UUID | None = Field(description="The batch that it is labelled in; its answer is to name it.")
    reason: str
    lease_token: UUID
    lease_expires_at: datetime
    guess: Guess | None
    returned: Returned | None = Field(None, description="Why a reviewer sent it back, if one did.")


class QueueNext(BaseModel):
    """The next images to label, and how many wait in all."""

    items: list[QueuedImage]
    remaining: int = Field(description="Pictures of this queue, or batch, that wait for this person.")
    notice: str | None = Field(description="Why there is nothing, where it is not that all is labelled.")


class LeaseTokens(Input):
    """Leases of images that are on somebody's screen."""

    lease_tokens: Annotated[list[UUID], Field(max_length=100)]


class HeldLeases(BaseModel):
    """The leases among those asked for that still hold; the others have gone to somebody else."""

    lease_tokens: list[UUID]
    lease_expires_at: datetime


class QueueAdd(Input):
    """Images that are to be looked at again, and why."""

    image_ids: ImageIds
    reason: str = Field("", max_length=200)


class QueueAdded(BaseModel):
    """How many images were put into the queue."""

    queued: int


class QueueSkip(Input):
    """An image to come back last."""

    image_id: UUID
