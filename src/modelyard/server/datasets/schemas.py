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
    objects: int | None = Field(description="Objects of it; null where images have one class each.")


class LeftOutClass(BaseModel):
    """A class with labels that the version does without, because no model could learn it yet."""

    id: UUID
    name: str
    images: int
    objects: int | None = Field(description="Objects of it; null where images have one class each.")
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
    objects: int | None = Field(description="What is drawn into them in all; null where images have one class each.")
    nothing_here: int = Field(description="How many images were answered: nothing here.")
    splits: SplitCounts
    classes: list[VersionClass]
    left_out: list[LeftOutClass]
    options: VersionOptions
    created_at: datetime
    created_by_name: str | None


class ClassCount(BaseModel):
    """How many objects of a class an image holds."""

    class_id: UUID
    objects: int


class VersionImage(BaseModel):
    """One image of a version, with the class or the objects, and the split, that it has there."""

    image: ImageCard
    class_id: UUID | None = Field(description="Null where objects are drawn, or images have several classes.")
    objects: list[ClassCount] = Field(description="What is in it; empty where images have one class each.")
    revision: int
    split: Split


class DiffImage(BaseModel):
    """An image that is in one of two versions only."""

    image_id: UUID
    name: str
    class_id: UUID | None
    objects: int = Field(description="How many objects it holds.")
    split: Split


class Relabelled(BaseModel):
    """An image whose class is another one."""

    image_id: UUID
    name: str
    from_class_id: UUID
    to_class_id: UUID


class Changed(BaseModel):
    """An image in which other objects are drawn, or of which something else is said."""

    image_id: UUID
    name: str
    added: int = Field(description="Objects that were not there.")
    removed: int = Field(description="Objects that are gone.")
    changed: int = Field(description="Objects with another class, shape, order or attributes.")
    is_described_otherwise: bool = Field(description="Whether attributes of the image itself differ.")


class Moved(BaseModel):
    """An image whose split is another one."""

    image_id: UUID
    name: str
    from_split: Split
    to_split: Split


class ObjectCounts(BaseModel):
    """How many objects differ in which way, those in added and removed images counted in."""

    added: int
    removed: int
    changed: int
    unchanged: int


class DiffCounts(BaseModel):
    """How many images differ in which way; the lists beside it hold the first thousand of each."""

    added: int
    removed: int
    relabelled: int
    changed: int
    moved: int
    unchanged: int


class VersionDiff(BaseModel):
    """What changed from the version `against` to this one."""

    version_id: UUID
    against_id: UUID
    counts: DiffCounts
    objects: ObjectCounts
    added: list[DiffImage]
    removed: list[DiffImage]
    relabelled: list[Relabelled]
    changed: list[Changed]
    moved: list[Moved]
    classes_added: list[VersionClass]
    classes_removed: list[VersionClass]
    classes_renamed: dict[str, list[str]] = Field(description="Class id to its name before and now.")


class FreezePreview(BaseModel):
    """What would go into a version if it were frozen now; the freeze itself has the last word."""

    images: int = Field(description="Images that are answered and belong to it.")
    objects: int | None = Field(description="What is drawn into them; null where images have one class each.")
    nothing_here: int
    classes: list[VersionClass] = Field(description="Every class of the project, also those that nothing has yet.")


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
