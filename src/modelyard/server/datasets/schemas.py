"""Shapes of dataset versions, their differences and exports over the API."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from modelyard.server.images.schemas import ImageCard
from modelyard.server.kit.inputs import Input

Split = Literal["train", "val", "test"]


class VersionCreate(Input):
    """How to freeze what is labelled now; shares that are left out are those of the project's settings."""

    model_config = ConfigDict(json_schema_extra={"example": {"note": "After the second delivery", "seed": 0}})

    note: str = Field("", max_length=2000)
    seed: int | None = Field(None, ge=0, le=2**31 - 1, description="Decides which pictures go to which split.")
    test_share: float | None = Field(None, ge=0, le=0.5)
    val_share: float | None = Field(None, ge=0, le=0.5)

    @property
    def decides_splits(self) -> bool:
        """Whether anything was asked for that decides who goes to which split."""
        return not (self.seed is None and self.test_share is None and self.val_share is None)


class VersionOptions(BaseModel):
    """What decided the splits."""

    seed: int
    test_share: float
    val_share: float


class VersionClass(BaseModel):
    """A class as it was when the version was frozen; its place in the list is its index in models."""

    id: UUID
    name: str
    color: str
    images: int


class LeftOutClass(BaseModel):
    """A class with labels that the version does without, because no model could learn it yet."""

    id: UUID
    name: str
    images: int
    reason: str


class SplitCounts(BaseModel):
    """How many images each split holds."""

    train: int
    val: int
    test: int


class Version(BaseModel):
    """A frozen, numbered dataset version; it never changes."""

    id: UUID
    project_id: UUID
    number: int
    content_hash: str = Field(description="BLAKE3 of the manifest: equal hashes mean equal contents.")
    note: str
    images: int
    splits: SplitCounts
    classes: list[VersionClass]
    left_out: list[LeftOutClass]
    options: VersionOptions
    created_at: datetime
    created_by_name: str | None


class VersionImage(BaseModel):
    """One image of a version, with the class and split that it has there."""

    image: ImageCard
    class_id: UUID
    revision: int
    split: Split


class DiffImage(BaseModel):
    """An image that is in one of two versions only."""

    image_id: UUID
    name: str
    class_id: UUID
    split: Split


class Relabelled(BaseModel):
    """An image whose class is another one."""

    image_id: UUID
    name: str
    from_class_id: UUID
    to_class_id: UUID


class Moved(BaseModel):
    """An image whose split is another one."""

    image_id: UUID
    name: str
    from_split: Split
    to_split: Split


class DiffCounts(BaseModel):
    """How many images differ in which way; the lists beside it hold the first thousand of each."""

    added: int
    removed: int
    relabelled: int
    moved: int
    unchanged: int


class VersionDiff(BaseModel):
    """What changed from the version `against` to this one."""

    version_id: UUID
    against_id: UUID
    counts: DiffCounts
    added: list[DiffImage]
    removed: list[DiffImage]
    relabelled: list[Relabelled]
    moved: list[Moved]
    classes_added: list[VersionClass]
    classes_removed: list[VersionClass]
    classes_renamed: dict[str, list[str]] = Field(description="Class id to its name before and now.")


ExportFormat = Literal[
    "folders",
    "csv",
    "jsonl",
    "coco",
    "voc",
    "yolo",
    "masks",
    "cvat",
    "label_studio",
    "hf_imagefolder",
    "datumaro",
    "croissant",
]


class ExportCreate(Input):
    """What to export, and how."""

    model_config = ConfigDict(json_schema_extra={"example": {"format": "folders", "version": "latest"}})

    format: ExportFormat = Field(description="Only jsonl loses nothing; the job's result counts what the others lose.")
    version: UUID | Literal["latest", "current"] = Field(
        "current", description="A version's id; the newest version, if there is one; or everything as it is now."
    )
    with_metadata: bool = Field(False, description="Keep what cameras write into files, such as the place.")
    with_pictures: bool = Field(True, description="Without, the archive holds files of labels only.")


class ExportResult(BaseModel):
    """The `result` of an export's job."""

    images: int = Field(description="Pictures in the archive.")
    annotations: int
    lost: dict[str, Any] = Field(description="What this format cannot carry: kind to count.")
    blob: str
    size_bytes: int
    filename: str
