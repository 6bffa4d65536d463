"""Embeddings of a project as memory-mapped shards, kept between refreshes; shards never change once written."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from modelyard.server.assist import repository
from modelyard.server.features.service import open_shard
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import EmbeddingShard

_PROJECTS = 4


@dataclass(frozen=True)
class Matrix:
    """Embeddings of a project's images, rows L2-normalised, in one or more files.

    `rows` says which row, counted over all `parts`, is which image's; a part has shape (rows of the shard, D).
    """

    rows: dict[UUID, int]
    parts: tuple[NDArray[np.float32], ...]

    def take(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return these rows, shape (len(rows), D)."""
        values = np.empty((len(rows), self.parts[0].shape[1]), np.float32)
        start = 0
        for part in self.parts:
            inside = (rows >= start) & (rows < start + len(part))
            values[inside] = part[rows[inside] - start]
            start += len(part)
        return values

    def times(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return every row times `weights` of shape (D, K), shape (N, K)."""
        return np.concatenate([part @ weights for part in self.parts])


class MatrixCache:
    """The last few projects' matrices; one is opened again when shards came or went."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, UUID, str], tuple[object, Matrix]] = OrderedDict()

    def load(self, session: ReadSession, blobs: BlobStore, project_id: UUID, backbone: str) -> Matrix | None:
        """Return the project's matrix; None before there are any embeddings."""
        shards = repository.shards(session, project_id, backbone)
        if not shards:
            return None
        counts = repository.count_rows(session, [shard.id for shard in shards])
        signature = tuple((shard.id, counts.get(shard.id, 0)) for shard in shards)
        key = (str(session.get_bind().engine.url), project_id, backbone)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != signature:
                kept = signature, _open(session, blobs, shards)
                self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > _PROJECTS:
                self._kept.popitem(last=False)
        return kept[1]


def _open(session: ReadSession, blobs: BlobStore, shards: Sequence[EmbeddingShard]) -> Matrix:
    rows: dict[UUID, int] = {}
    parts: list[NDArray[np.float32]] = []
    start = 0
    for shard in shards:
        part = open_shard(blobs, shard)
        rows |= {image_id: start + row for image_id, row in repository.rows_of(session, shard.id)}
        parts.append(part)
        start += len(part)
    return Matrix(rows=rows, parts=tuple(parts))


CACHE = MatrixCache()
