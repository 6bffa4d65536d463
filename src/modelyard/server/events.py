"""What one room tells those further down the loop; subscribers live in each room's `events.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from modelyard.geometry.kinds import Shape


@dataclass(frozen=True, slots=True)
class Drawn:
    """An object that came with an image, in pixels of the upright image."""

    class_id: UUID
    shape: Shape
    attributes: Mapping[str, str | float | bool]
    z: int = 0


@dataclass(frozen=True)
class PersonShutOut:
    """An account was closed: whatever it has begun, reserved or opened ends now."""

    user_id: UUID


@dataclass(frozen=True)
class MemberChanged:
    """Somebody came to a project, went, or has another role there now."""

    project_id: UUID
    user_id: UUID
    may_label: bool


@dataclass(frozen=True)
class ImagesAdded:
    """New images; `labels` holds the class of those that came with one, `answers` other answers ("not_sure" …).

    `objects` holds what is drawn into images whose answer is "objects", `attributes` what is known of whole images.
    """

    project_id: UUID
    image_ids: Sequence[UUID]
    labels: Mapping[UUID, UUID] = field(default_factory=dict)
    answers: Mapping[UUID, str] = field(default_factory=dict)
    objects: Mapping[UUID, Sequence[Drawn]] = field(default_factory=dict)
    attributes: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    author_id: UUID | None = None
    import_id: UUID | None = None


@dataclass(frozen=True)
class Relabelled:
    """What is to be said of an image and drawn into it in place of what is there; the rest of its objects stays.

    `put` holds objects as columns of their table: those that are new, and next versions of those that are there.
    """

    image_id: UUID
    answer: str
    class_id: UUID | None
    put: Sequence[Mapping[str, Any]]
    delete: Sequence[UUID]
    attributes: Mapping[str, Any] | None = None  # of the image as a whole; None: as they were


@dataclass(frozen=True)
class LabelsApplied:
    """Labels of an import are to replace what images say now, all in one step that can be taken back."""

    project_id: UUID
    import_id: UUID
    author_id: UUID | None
    images: Sequence[Relabelled]


@dataclass(frozen=True)
class LabelsTakenBack:
    """What an import said of these images is to be as it was before; nobody has changed them since."""

    project_id: UUID
    import_id: UUID
    actor_id: UUID | None
    image_ids: Sequence[UUID]


@dataclass(frozen=True)
class ImagesDeleted:
    """Images that were taken out of the project."""

    project_id: UUID
    image_ids: Sequence[UUID]


@dataclass(frozen=True)
class ImagesRestored:
    """Images that were taken out and came back."""

    project_id: UUID
    image_ids: Sequence[UUID]


@dataclass(frozen=True)
class ReservesChanged:
    """These images are kept for the test now, or no longer."""

    project_id: UUID
    image_ids: Sequence[UUID]


@dataclass(frozen=True)
class FeaturesReady:
    """Every image of the project has its embedding from this backbone."""

    project_id: UUID
    backbone: str


@dataclass(frozen=True)
class AnnotationsChanged:
    """People (or an import) said something new about these images."""

    project_id: UUID
    image_ids: Sequence[UUID]


@dataclass(frozen=True)
class ObjectSuggestionsDecided:
    """What became of objects that a model suggested for an image.

    `taken` names those that became objects: the object, and whether it is "accepted" as it was or "edited".
    """

    project_id: UUID
    image_id: UUID
    actor_id: UUID | None
    taken: Mapping[UUID, tuple[UUID, str]]
    rejected: Sequence[UUID] = ()
    undecided: Sequence[UUID] = ()


@dataclass(frozen=True)
class ClassesChanged:
    """The class list changed."""

    project_id: UUID


@dataclass(frozen=True)
class ClassMerged:
    """Annotations of `source_id` are to become annotations of `target_id`; `change_id` names the step for undo."""

    project_id: UUID
    source_id: UUID
    target_id: UUID
    change_id: UUID
    actor_id: UUID | None


@dataclass(frozen=True)
class ClassDeleted:
    """Annotations of this class are to be withdrawn; their images go back to the queue."""

    project_id: UUID
    class_id: UUID
    change_id: UUID
    actor_id: UUID | None


@dataclass(frozen=True)
class ClassSplitUp:
    """Annotations of a class are to become some of one class and some of another, as the first rule that holds says.

    `target_ids` names the class of each of `rules` (see `projects.splitting.meets`). The rest goes to `rest_id`; or it
    stays, and its images wait to be labelled again if `is_rest_waiting`.
    """

    project_id: UUID
    source_id: UUID
    change_id: UUID
    actor_id: UUID | None
    rules: Sequence[Any]
    target_ids: Sequence[UUID]
    rest_id: UUID | None
    is_rest_waiting: bool


@dataclass(frozen=True)
class ClassChangeUndone:
    """A change of a class is taken back: the annotations it touched return to what they were.

    `was` says where each point of its skeleton is now; objects drawn since then are turned back by it.
    """

    project_id: UUID
    change_id: UUID
    actor_id: UUID | None
    class_id: UUID | None = None
    was: Sequence[int | None] | None = None


@dataclass(frozen=True)
class SkeletonChanged:
    """Points of a class's skeleton were added, moved or taken out; `was` says where each point was before."""

    project_id: UUID
    class_id: UUID
    was: Sequence[int | None]
    change_id: UUID
    actor_id: UUID | None


@dataclass(frozen=True)
class AttributeRenamed:
    """Values of an attribute are kept under another name, or its choices have other names; None: of any class."""

    project_id: UUID
    subject: str
    class_id: UUID | None
    name: str
    new_name: str
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class IssueOpened:
    """Somebody opened an issue on an image."""

    project_id: UUID
    issue_id: UUID


@dataclass(frozen=True)
class IssueResolved:
    """Somebody resolved an issue."""

    project_id: UUID
    issue_id: UUID
    actor_id: UUID | None


@dataclass(frozen=True)
class VersionFrozen:
    """The project has another frozen version."""

    project_id: UUID
    version_id: UUID


@dataclass(frozen=True)
class GoldChanged:
    """A picture's answer became known or no longer is, or somebody labelled such a picture; the dataset is as it was.

    To rooms that react to labels it is one more, or else what they do would tell known pictures from others.
    """

    project_id: UUID


@dataclass(frozen=True)
class BatchClosed:
    """A batch is closed for good: nobody labels in it any more."""

    project_id: UUID
    batch_id: UUID


@dataclass(frozen=True)
class ReviewDecided:
    """A reviewer accepted a label, corrected it or sent it back, or took that back."""

    project_id: UUID
    review_id: UUID
    verdict: str  # "accepted" | "corrected" | "rejected", or one of them with "-undone"
    actor_id: UUID


@dataclass(frozen=True)
class DeploymentChanged:
    """A deployment was made, stopped, started, deleted, or answers with another model."""

    project_id: UUID
    name: str
    change: str  # "created" | "model_changed" | "started" | "stopped" | "deleted"
    model_id: UUID
    actor_id: UUID | None


@dataclass(frozen=True)
class ModelTrained:
    """A run made a model and measured it; `split` is "cv" where there was no test split to measure it on."""

    project_id: UUID
    model_id: UUID
    version_id: UUID
    split: str
    report: Mapping[str, object]
    predictions_blob: str
