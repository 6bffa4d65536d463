"""Shapes of projects, members and classes over the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from modelyard.server.accounts.roles import Permission, Role
from modelyard.server.kit.inputs import Input
from modelyard.server.projects.skeleton_schemas import Skeleton

Task = Literal["classification", "multi_label", "detection", "segmentation", "semantic", "keypoints"]
ProjectName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
ClassName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


_GOLD_WINDOW = "How many of the last known pictures of a person are looked at; half of them are enough to begin with."
_GOLD_LEAST = (
    "Whoever labels fewer of those as is known gets no more pictures until somebody lets them go on; 0: never."
)
_GOLD_F1 = "From this F1 on (matched at an overlap of one half) a drawn known picture counts as drawn right."
_BLIND = "Share of pictures, in batches with known ones, that are shown without suggestions to measure what those do."


class ProjectSettings(BaseModel):
    """What a project wishes for."""

    wish_accuracy: float = Field(0.9, ge=0, le=1, description="A model below this is not served silently.")
    promise_accuracy: float = Field(0.99, ge=0.5, lt=1, description="How often answers without a person are right.")
    left_right_matters: bool = Field(False, description="A mirrored picture would mean something else.")
    order: Literal["helpful", "random", "upload"] = Field("helpful", description="Which pictures come first.")
    backbone: str = Field("efficientnet_lite0", description="The pre-trained network that looks at the pictures.")
    test_share: float = Field(0.2, ge=0.05, le=0.5, description="Share of pictures kept back to test models.")
    val_share: float = Field(0.1, ge=0, le=0.5, description="Share of pictures used to choose between models.")
    gold_window: int = Field(20, ge=5, le=200, description=_GOLD_WINDOW)
    gold_least: float = Field(0.7, ge=0, le=1, description=_GOLD_LEAST)
    gold_f1: float = Field(0.75, ge=0, le=1, description=_GOLD_F1)
    blind_share: float = Field(0.2, ge=0, le=1, description=_BLIND)
    self_review: bool = Field(False, description="Reviewers may review what they labelled themselves.")


class SettingsUpdate(Input):
    """The settings to change."""

    wish_accuracy: float | None = Field(None, ge=0, le=1)
    promise_accuracy: float | None = Field(None, ge=0.5, lt=1)
    left_right_matters: bool | None = None
    order: Literal["helpful", "random", "upload"] | None = None
    test_share: float | None = Field(None, ge=0.05, le=0.5)
    val_share: float | None = Field(None, ge=0, le=0.5)
    gold_window: int | None = Field(None, ge=5, le=200, description=_GOLD_WINDOW)
    gold_least: float | None = Field(None, ge=0, le=1, description=_GOLD_LEAST)
    gold_f1: float | None = Field(None, ge=0, le=1, description=_GOLD_F1)
    blind_share: float | None = Field(None, ge=0, le=1, description=_BLIND)
    self_review: bool | None = None


class ProjectCreate(Input):
    """A new project."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "Pastries", "task": "classification", "classes": ["croissant", "bagel"]}}
    )

    name: ProjectName
    task: Task = Field(
        "classification",
        description=(
            "What is wanted of each image: its class (classification), its classes, any number of them (multi_label), "
            "boxes (detection), an outline of every thing "
            "(segmentation), one class at most for every pixel (semantic), or named points (keypoints)."
        ),
    )
    description: str = Field("", max_length=2000)
    classes: list[ClassName] = Field(default_factory=list, max_length=1000)


class ProjectUpdate(Input):
    """The fields to change."""

    name: ProjectName | None = None
    description: str | None = Field(None, max_length=2000)
    settings: SettingsUpdate | None = None


class Project(BaseModel):
    """A project."""

    id: UUID
    name: str
    task: str
    description: str
    settings: ProjectSettings
    members: int
    role: Role = Field(description="The role in it of whoever asks.")
    may: list[Permission] = Field(description="What whoever asks may do in it.")
    created_at: datetime


class Class(BaseModel):
    """A class and how many images have it."""

    id: UUID
    name: str
    color: str
    position: int
    description: str
    skeleton: Skeleton | None = Field(description="The points that its objects are marked by.")
    images: int


class ClassCreate(Input):
    """A new class."""

    name: ClassName
    color: Color | None = None
    description: str = Field("", max_length=2000)
    skeleton: Skeleton | None = None


class ClassUpdate(Input):
    """The fields to change."""

    name: ClassName | None = None
    color: Color | None = None
    position: int | None = Field(None, ge=0)
    description: str | None = Field(None, max_length=2000)


class ClassMerge(Input):
    """The class that takes over."""

    into: UUID


class ClassImpact(BaseModel):
    """What a merge or deletion would touch."""

    annotations: int
    suggestions: int
    versions: int
    text: str


class ClassChange(BaseModel):
    """A change of the class list that can be taken back."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    summary: str
    author_id: UUID | None
    created_at: datetime
    undone_at: datetime | None


class NextStep(BaseModel):
    """The one thing to do next."""

    code: str
    title: str
    detail: str
    to: Literal["images", "settings", "label", "versions", "runs", "models", "deployments"] = Field(
        description="The page of the project on which it is done."
    )


class BestModel(BaseModel):
    """The most accurate model on the newest version that has one."""

    id: UUID
    number: int
    accuracy: float
    accuracy_interval: list[float]


class ProjectStatus(BaseModel):
    """Where a project stands in the loop."""

    images: int
    labelled: int
    unlabelled: int
    reserved: int
    suggested: int
    classes: int
    versions: int
    runs: int
    models: int
    deployments: int
    jobs_active: int
    open_issues: int
    thumbnails: list[UUID]
    next_step: NextStep
    best_model: BestModel | None
