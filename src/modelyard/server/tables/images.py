"""Images, the imports that brought them, and uploads on their way."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified


class Image(Identified, Base):
    """One picture of one project. Width and height are those of the upright image, as people see it."""

    __tablename__ = "images"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(1024))  # as imported, with folders: "apples/IMG_1.jpg"
    content_hash: Mapped[str] = mapped_column(String(64))  # BLAKE3 of the original's bytes, hex
    format: Mapped[str] = mapped_column(String(8))  # "jpeg" | "png" | "webp" | "bmp" | "tiff" | "gif" | "dicom"
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int]
    height: Mapped[int]
    brightness: Mapped[float]  # mean luma, 0 to 1
    contrast: Mapped[float]  # standard deviation of luma, 0 to 1
    sharpness: Mapped[float]  # variance of the Laplacian at 256 px
    dhash: Mapped[int] = mapped_column(BigInteger)  # 64-bit difference hash, as a signed integer
    twin_group: Mapped[UUID | None] = mapped_column(index=True)  # near-duplicates share one; None: no twin
    # How its values become grey on screen, where they are not plain bytes: see images.schemas.Display
    display: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    given_split: Mapped[str | None] = mapped_column(String(8))  # as said at import: "train" | "val" | "test"
    split: Mapped[str | None] = mapped_column(String(8))  # once frozen into a version, for good
    is_reserved: Mapped[bool] = mapped_column(default=False)  # kept from suggestions and selection, for the test split
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("project_id", "content_hash"),
        Index("ix_images_project_id_id", "project_id", "id"),
        Index("ix_images_project_id_name", "project_id", "name", "id"),
        Index("ix_images_project_id_sharpness", "project_id", "sharpness", "id"),
        Index("ix_images_project_id_brightness", "project_id", "brightness", "id"),
        Index("ix_images_project_id_split", "project_id", "split", "id"),
    )


class Import(Identified, Base):
    """One bringing-in of pictures, and its report."""

    __tablename__ = "imports"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    job_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(String(300))  # plain words: "312 files from the browser"
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # format, split, labels from folders, keep metadata
    state: Mapped[str] = mapped_column(String(16), default="receiving")  # "receiving" | "running" | "finished"
    added: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    annotations: Mapped[int] = mapped_column(default=0)
    notes: Mapped[list[str]] = mapped_column(default=list)  # what its report says besides, in whole sentences
    # What labels that came again would change, to be looked at before it is applied: counts and where the rest lies
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    finished_at: Mapped[datetime | None]


class ImportFile(Identified, Base):
    """One file of an import: received in chunks, then added, recognised as a duplicate, or refused with a reason."""

    __tablename__ = "import_files"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(1024))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    path: Mapped[str | None] = mapped_column(String(4096))  # where the bytes lie until they are imported
    state: Mapped[str] = mapped_column(String(16), default="receiving")
    # "receiving" | "received" | "unpacked" | "added" | "duplicate" | "refused" | "read" (a table of labels)
    reason: Mapped[str] = mapped_column(String(500), default="")
    image_id: Mapped[UUID | None]

    __table_args__ = (
        UniqueConstraint("import_id", "name"),
        Index("ix_import_files_import_id_state", "import_id", "state", "id"),
    )


class ImportChange(Identified, Base):
    """What the labels of an import would change in one image that has an answer already, and what became of that."""

    __tablename__ = "import_changes"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    revision: Mapped[int]  # of the image's annotation, as it was when the labels were compared with it
    is_edited: Mapped[bool]  # whether a person spoke last, and not an import
    added: Mapped[int]  # objects
    changed: Mapped[int]
    deleted: Mapped[int]
    is_answer_new: Mapped[bool]
    # {"answer", "class_id", "class_name", "put": [an object as it is to be, …], "delete": [an object's id, …]}
    said: Mapped[dict[str, Any]]
    # "waiting" | "applied" | "left_out" (edited, and not asked for) | "passed_over" (changed since it was compared)
    state: Mapped[str] = mapped_column(String(16), default="waiting")

    __table_args__ = (
        UniqueConstraint("import_id", "image_id"),
        Index("ix_import_changes_import_id_state", "import_id", "state", "id"),
        Index("ix_import_changes_image_id", "image_id"),
    )
