"""Shapes of images and imports over the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from modelyard.server.kit.inputs import Input

Split = Literal["train", "val", "test"]
Answer = Literal["class", "objects", "does_not_belong", "not_sure"]
ImportFormat = Literal[
    "auto",
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
    "box_text",
    "class_text",
    "none",
]
FileState = Literal["receiving", "received", "added", "duplicate", "refused", "opened"]
Sort = Literal[
    "created_at",
    "-created_at",
    "name",
    "-name",
    "score",
    "-score",
    "sharpness",
    "-sharpness",
    "brightness",
    "-brightness",
]


class CardAnswer(BaseModel):
    """The present answer for an image, as a card shows it."""

    answer: Answer
    class_id: UUID | None
    revision: int
    author_id: UUID | None
    source: str


class CardSuggestion(BaseModel):
    """What the quick model suggests for an image."""

    class_id: UUID
    score: float
    version: str


class DisplayWindow(BaseModel):
    """The values that are shown as black and as white; what lies between is spread out evenly."""

    name: str = Field(description="auto: all but the outermost thousandths; full: every value; file 1, …: of the file.")
    low: float
    high: float


class Display(BaseModel):
    """How values finer than bytes become grey on a screen: value = step * slope + intercept."""

    channels: Literal[1, 3]
    slope: float
    intercept: float
    low: float = Field(description="The least value in the picture.")
    high: float = Field(description="The greatest value in the picture.")
    unit: str = Field(description="Of the values, such as HU; empty if unknown.")
    is_inverted: bool = Field(description="Whether low values are shown bright.")
    windows: list[DisplayWindow] = Field(description="What can be shown; the first one is what every copy shows.")


class ImageCard(BaseModel):
    """An image as lists and the queue show it."""

    id: UUID
    name: str
    width: int
    height: int
    answer: CardAnswer | None
    classes: list[UUID] = Field(description="The classes of the image as a whole, where it may have several.")
    suggestion: CardSuggestion | None
    split: str | None
    twin_group: UUID | None
    is_reserved: bool
    display: Display | None = Field(None, description="Only where the picture's values are finer than bytes.")


class HistoryEntry(BaseModel):
    """One revision of an image's answer."""

    revision: int
    answer: str
    class_id: UUID | None
    author_name: str | None
    source: str
    at: datetime
    action: str


class Image(ImageCard):
    """Everything about one image."""

    project_id: UUID
    given_split: str | None = Field(description="The split that was said at import.")
    format: str
    size_bytes: int
    brightness: float = Field(description="Mean luma, 0 to 1.")
    contrast: float = Field(description="Standard deviation of luma, 0 to 1.")
    sharpness: float = Field(description="Variance of the Laplacian of the picture at 256 pixels.")
    created_at: datetime
    deleted_at: datetime | None
    import_id: UUID | None
    twins: list[UUID] = Field(description="Its near-duplicates.")
    history: list[HistoryEntry]


class ImageFilters(Input):
    """Which images; several values of one name mean "or", different names mean "and"."""

    class_id: list[UUID] = Field(
        default_factory=list, description="One of these classes is its answer, or of what is in it."
    )
    answer: list[Answer | Literal["none"]] = Field(default_factory=list, description="Answered so; none: not yet.")
    labelled: bool | None = Field(None, description="Whether somebody answered.")
    suggested_class_id: list[UUID] = Field(default_factory=list, description="One of these classes is suggested.")
    min_score: float | None = Field(None, ge=0, le=1, description="Least score of the suggestion.")
    max_score: float | None = Field(None, ge=0, le=1, description="Highest score of the suggestion.")
    split: list[Split | Literal["none"]] = Field(default_factory=list, description="In one of these splits for good.")
    has_twin: bool | None = Field(None, description="Whether there are near-duplicates.")
    has_open_issue: bool | None = Field(None, description="Whether an issue on it is open.")
    import_id: UUID | None = Field(None, description="Brought by this import.")
    name: str | None = Field(None, max_length=200, description="Part of the name, whatever its case.")
    deleted: bool = Field(False, description="Those taken out of the project, in place of all others.")


class OrderedFilters(ImageFilters):
    """A filtered list in one order."""

    sort: Sort = "-created_at"


class ImageQuery(OrderedFilters):
    """One page of a filtered list."""

    cursor: str | None = None
    limit: int = Field(60, ge=1, le=500)


class IdQuery(OrderedFilters):
    """One long page of a filtered list, as ids alone."""

    cursor: str | None = None
    limit: int = Field(10_000, ge=1, le=20_000)


class PageStartQuery(OrderedFilters):
    """A filtered list cut into pages."""

    limit: int = Field(250, ge=2, le=500, description="How many images a page holds.")


class PageStarts(BaseModel):
    """Where each page of a list begins, but for the first: any of them can be asked for right away."""

    cursors: list[str]


class ImageFacets(BaseModel):
    """How many of the images have which value; values that none has are left out."""

    model_config = ConfigDict(populate_by_name=True)

    class_: dict[UUID, int] = Field(alias="class")
    answer: dict[str, int]
    split: dict[str, int]
    suggested_class: dict[UUID, int]
    twins: int
    open_issues: int = Field(description="How many of the images have an open issue.")


class ImageCounts(BaseModel):
    """How many images there are, and how they fall into groups."""

    total: int
    facets: ImageFacets


class ImageIds(Input):
    """Some images of one project."""

    ids: list[UUID] = Field(min_length=1, max_length=10_000)


class ImagesChanged(BaseModel):
    """How many images were deleted or restored."""

    changed: int


class ImageAdded(BaseModel):
    """What became of one picture."""

    image: ImageCard
    state: Literal["added", "duplicate"]


class ImportOptions(Input):
    """What to read besides the pictures."""

    format: ImportFormat = Field(
        "auto", description="Where labels come from; auto: files of labels that are recognised, else folders."
    )
    split: Split | None = Field(None, description="The split of every picture, in place of what a list says.")
    is_one_based: bool = Field(
        False, description="Pascal VOC: whether pixels are counted from 1 and the last one is included."
    )
    labels_from_folders: bool = Field(True, description="With auto: whether folders can be classes.")


class FileAnnounce(Input):
    """A file that is to be sent."""

    name: str = Field(max_length=8000, description="With its folders: apples/IMG_1.jpg")
    size_bytes: int = Field(ge=0)


class FilesAnnounce(Input):
    """Files that are to be sent."""

    files: list[FileAnnounce] = Field(max_length=1000)


class ImportCreate(Input):
    """A new import; files can be announced now or later."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"source": "2 files", "files": [{"name": "bun/1.jpg", "size_bytes": 52013}]}}
    )

    source: str = Field("", max_length=300, description="Where the pictures come from, in plain words.")
    files: list[FileAnnounce] = Field(default_factory=list, max_length=1000)
    options: ImportOptions = Field(default_factory=lambda: ImportOptions.model_validate({}))


class LocalImportCreate(Input):
    """Files and folders on the server's own machine; patterns such as pictures/*.jpg are allowed."""

    model_config = ConfigDict(json_schema_extra={"example": {"paths": ["/home/ana/pictures"]}})

    paths: list[Annotated[str, Field(min_length=1, max_length=4096)]] = Field(min_length=1, max_length=10_000)
    options: ImportOptions = Field(default_factory=lambda: ImportOptions.model_validate({}))


class ImportChanges(BaseModel):
    """What labels that came again would change in the project, and what became of that."""

    state: Literal["none", "waiting", "discarded", "applying", "applied", "taking_back", "taken_back"] = Field(
        description="none: the labels say what the project says. waiting: for a person's word."
    )
    compared: int = Field(description="Pictures with an answer with which labels were compared.")
    images: int = Field(description="Pictures that would change.")
    edited: int = Field(description="Those among them that people changed since labels came.")
    answers: int = Field(description="Pictures that would get another answer or class.")
    added: int = Field(description="Objects that would be new.")
    changed: int
    deleted: int
    classes: list[str] = Field(description="Classes that the project lacks.")
    applied: int = Field(description="Pictures that were changed.")
    left_out: int = Field(description="Pictures left as people made them.")
    passed_over: int = Field(description="Pictures that were changed between the comparison and the application.")
    kept: int = Field(description="Pictures not taken back because they were changed since.")
    kept_names: list[str] = Field(description="The first hundred of them.")


class Import(BaseModel):
    """One bringing-in of pictures, and its report."""

    id: UUID
    project_id: UUID
    source: str
    state: Literal["receiving", "running", "finished"]
    options: ImportOptions
    added: int
    duplicates: int
    refused: int
    annotations: int = Field(description="How many pictures came with a class.")
    notes: list[str] = Field(description="What else the report says, in whole sentences.")
    changes: ImportChanges | None = Field(description="Where labels were compared with answers that there are.")
    unfinished_files: int = Field(description="Files that were announced but not received completely.")
    job_id: UUID | None
    created_at: datetime
    finished_at: datetime | None


class ImportFile(BaseModel):
    """One file of an import and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    size_bytes: int
    received_bytes: int
    state: FileState
    reason: str
    image_id: UUID | None


class ImportWithFiles(Import):
    """An import with the files that were announced just now, in the order in which they were announced."""

    files: list[ImportFile]


class FileReceived(BaseModel):
    """How much of a file is here."""

    received_bytes: int
    state: FileState
