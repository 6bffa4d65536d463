"""Batches over HTTP: what is made, changed and shown."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from modelyard.server.annotations.object_schemas import Object
from modelyard.server.annotations.review_schemas import ReturnedPicture
from modelyard.server.images.schemas import ImageCard, ImageFilters
from modelyard.server.kit.inputs import Input

BatchOrder = Literal["upload", "random", "priority", "uncertainty", "diversity", "disagreement"]
BatchConsensus = Literal["unanimous", "weighted"]
BatchState = Literal["open", "paused", "closed"]
Share = Annotated[float, Field(ge=0, le=1)]
Shares = Annotated[dict[UUID, Share], Field(max_length=1000)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
GoldShare = Annotated[float, Field(ge=0, le=0.5)]
Overlap = Annotated[int, Field(ge=1, le=20, description="Labels wanted of each picture, each by another person.")]
People = Annotated[list[UUID], Field(max_length=1000, description="Whom it is meant for; nobody: every member.")]
Note = Annotated[str, Field(max_length=20_000, description="What whoever labels it should know.")]

_ORDER = (
    "upload, random, priority (as chosen), uncertainty (what the model hesitates at), diversity (what is unlike the "
    "rest), disagreement (where people, or labels and suggestions, differ). What lacks the data for it comes at random."
)
_GOLD = (
    "Share of what people get that has a known answer, unseen by them; their labels of it measure them and count "
    "nowhere else."
)
_REVIEW = (
    "Share of the pictures that a reviewer looks at after they were labelled. The largest share that applies to a "
    "picture counts; the lot of each picture stays the same, so that a larger share only adds."
)
_DIFFERING = "Share of the pictures that people labelled differently, or otherwise than a model suggested."
_RANDOM = "Share of the pictures that come by chance whatever the order, so that what is measured on them is honest."


_CONSENSUS = (
    "What becomes of pictures on which people differ. unanimous: somebody decides. weighted: of three labels or more, "
    "each counts by its author's measured skill; where that makes an answer 90 % sure it counts, else somebody decides."
)


class TheseImages(Input):
    """Pictures by their ids; their order is their priority."""

    kind: Literal["ids"]
    image_ids: list[UUID] = Field(min_length=1, max_length=200_000)


class AllThatMatch(Input):
    """Every picture that matches filters."""

    kind: Literal["filter"]
    filters: ImageFilters


class NextImages(Input):
    """So many pictures of the open queue, those that come first in an order."""

    kind: Literal["next"]
    count: int = Field(ge=1, le=1_000_000)
    order: BatchOrder = "random"


class AcceptedImages(Input):
    """So many pictures, by chance, of which somebody took a suggestion unchanged: to be labelled again, by others.

    Nothing is suggested, and nobody sees the label that is there; the dataset stays as it is. See `GET …/audit`.
    """

    kind: Literal["accepted"]
    count: int = Field(100, ge=1, le=100_000)


Pictures = Annotated[TheseImages | AllThatMatch | NextImages | AcceptedImages, Field(discriminator="kind")]


class BatchCreate(Input):
    """Pictures that are to be labelled together, and how. They leave the project's open queue."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "First hundred",
                "pictures": {"kind": "next", "count": 100, "order": "random"},
                "overlap": 2,
                "order": "uncertainty",
                "deadline": "2026-12-24T12:00:00Z",
            }
        }
    )

    name: Name
    pictures: Pictures
    overlap: Overlap = 1
    order: BatchOrder = Field("random", description=_ORDER)
    random_share: Share | None = Field(None, description=f"{_RANDOM} Absent: 0.15 where a model ranks them, else 0.")
    gold_share: GoldShare = Field(0.0, description=_GOLD)
    consensus: BatchConsensus = Field("unanimous", description=_CONSENSUS)
    review_share: Share = Field(0.0, description=_REVIEW)
    review_by_class: Shares = Field(default_factory=dict, description="Share of the pictures with a class, by class.")
    review_by_person: Shares = Field(default_factory=dict, description="Share of what somebody labelled, by person.")
    review_differing: Share = Field(0.0, description=_DIFFERING)
    deadline: AwareDatetime | None = None
    note: Note = ""
    people: People = Field(default_factory=list)


class BatchUpdate(Input):
    """What is to be different; whatever is absent stays as it is."""

    model_config = ConfigDict(json_schema_extra={"example": {"state": "paused"}})

    name: Name | None = None
    state: BatchState | None = Field(
        None,
        description="paused: nobody gets its pictures for now. closed, for good: labels that are in count, and "
        "pictures without any go back to the open queue.",
    )
    overlap: Overlap | None = Field(
        None,
        description="For pictures that are not decided yet. Fewer: all labels that are in still count.",
    )
    order: BatchOrder | None = Field(None, description="From the next picture that somebody gets.")
    random_share: Share | None = None
    gold_share: GoldShare | None = Field(None, description=_GOLD)
    review_share: Share | None = Field(
        None, description="For finished pictures too: some more wait for review, or those that nobody looks at go."
    )
    review_by_class: Shares | None = None
    review_by_person: Shares | None = None
    review_differing: Share | None = None
    consensus: BatchConsensus | None = Field(None, description=_CONSENSUS)
    deadline: AwareDatetime | None = Field(None, description="null: none.")
    note: Note | None = None
    people: People | None = None


class BatchPerson(BaseModel):
    """Somebody who labels in a batch, or is meant to."""

    user_id: UUID
    name: str
    is_named: bool = Field(description="Whether the batch is meant for them; one that names nobody is for all members.")
    labels: int
    last_at: datetime | None


class BatchReviewer(BaseModel):
    """Somebody who reviewed in a batch."""

    user_id: UUID
    name: str
    decisions: int


class Batch(BaseModel):
    """A batch, and how far it is."""

    id: UUID
    project_id: UUID
    name: str
    kind: Literal["labels", "audit"] = Field(description="audit: labels that were suggestions are given again, blind.")
    state: BatchState
    overlap: int
    order: BatchOrder
    order_note: str = Field(description="Why pictures come in another order than was asked for; empty: they don't.")
    random_share: float
    review_share: float
    gold_share: float
    review_by_class: dict[UUID, float]
    review_by_person: dict[UUID, float]
    review_differing: float
    consensus: BatchConsensus
    deadline: datetime | None
    is_late: bool = Field(description="Whether, at the rate of late, it ends after its deadline.")
    note: str
    is_for_all: bool = Field(description="Whether every member may label it.")
    people: list[BatchPerson]
    created_by_name: str | None
    created_at: datetime
    wanted: int = Field(description="Labels that are wanted in all.")
    given: int = Field(description="Labels that are in.")
    pictures: int
    finished: int = Field(description="Pictures that have their answer.")
    disputed: int = Field(description="Pictures of which all labels are in, and differ; somebody has to decide.")
    is_finished: bool = Field(description="Whether every picture has its answer, and none waits for review.")
    to_review: int = Field(description="Pictures that wait for a reviewer.")
    accepted: int = Field(description="Labels that a reviewer accepted as they were.")
    corrected: int = Field(description="Labels that a reviewer put right.")
    rejected: int = Field(description="Labels that a reviewer sent back.")
    reviewers: list[BatchReviewer]
    labels_per_day: float | None = Field(description="Of the last seven days; null before there are enough to say.")
    ends_at: datetime | None = Field(description="When the last label comes in if it goes on like that.")


class BatchCreated(BaseModel):
    """The new batch, and the pictures that were not put into it."""

    batch: Batch
    in_other_batches: int = Field(description="Pictures that wait in another batch and stay there.")
    on_screens: int = Field(description="Pictures that somebody is labelling just now; they stay in the open queue.")


class Work(BaseModel):
    """A batch in which there is something to label, or to review, for the person who asks."""

    batch_id: UUID
    name: str
    project_id: UUID
    project_name: str
    is_named: bool = Field(description="Whether the batch is meant for this person; else it is for every member.")
    deadline: datetime | None
    left: int = Field(description="Pictures that this person can still label.")
    to_review: int = Field(description="Pictures that this person can review.")
    returned: list[ReturnedPicture] = Field(description="Pictures that a reviewer sent back to this person.")
    labels: int = Field(description="Labels that this person gave.")


class AuditedPicture(BaseModel):
    """A picture whose label others did not give again."""

    image: ImageCard
    accepted: str = Field(description="What was suggested and taken, in words.")
    said: str = Field(description="What the other person said, in words.")
    judged: int
    wrong: int


class Audit(BaseModel):
    """How often suggestions that people took unchanged were wrong."""

    drawn: int = Field(description="Pictures in the sample.")
    done: int = Field(description="Pictures that were labelled again.")
    left_out: int = Field(description="Pictures whose label was changed before anybody labelled them again.")
    judged: int = Field(description="Labels, or objects, that were taken unchanged and are known about now.")
    wrong: int = Field(description="Those that the other person did not give: another class, or no such object.")
    error_rate: float | None
    interval: list[float] | None = Field(description="95 % interval of it (Wilson), low and high.")
    differing: list[AuditedPicture] = Field(description="The first hundred pictures with such a label.")


class DisputedPicture(BaseModel):
    """A picture that several people labelled differently."""

    image: ImageCard
    answers: list[str] = Field(description="What was said, in words, the most frequent first: “bun (2)”.")


class Opinion(BaseModel):
    """What one person says of a picture by themselves."""

    model_config = ConfigDict(from_attributes=True)

    author_id: UUID
    author_name: str
    answer: Literal["class", "objects", "does_not_belong", "not_sure", "none"]
    class_id: UUID | None
    objects: list[Object]
    attributes: dict[str, Any]
    active_s: float | None
    submitted_at: datetime
