"""Where each image's embedding lies: shard file and row."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from modelyard.server.tables.base import Base, Identified


class EmbeddingShard(Identified, Base):
    """One `.npy` file of embeddings, shape (rows, dimensions), float32, L2-normalised."""

    __tablename__ = "embedding_shards"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    backbone: Mapped[str] = mapped_column(String(100))  # "efficientnet_lite0"
    view: Mapped[str] = mapped_column(String(8))  # "plain" | "flip"
    path: Mapped[str] = mapped_column(String(300))  # key in the blob store
    rows: Mapped[int]
    dimensions: Mapped[int]


class Embedding(Base):
    __tablename__ = "embeddings"

    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    backbone: Mapped[str] = mapped_column(String(100), primary_key=True)
    view: Mapped[str] = mapped_column(String(8), primary_key=True)
    shard_id: Mapped[UUID] = mapped_column(ForeignKey("embedding_shards.id", ondelete="CASCADE"))
    row: Mapped[int]

    __table_args__ = (Index("ix_embeddings_shard_id_row", "shard_id", "row"),)
