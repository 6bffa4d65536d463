"""What a head learns from and is measured on: cached embeddings beside the manifest's truth."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from modelyard.server.datasets.manifest import Entry
from modelyard.server.features.service import Features, load
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession


@dataclass(frozen=True)
class Inputs:
    """Entries of a version with what the backbone saw in them.

    Args:
        entries: The images, in the manifest's order.
        features: Shape (N, D), rows L2-normalised.
        flipped: The same of the mirrored pictures, shape (N, D); None where left and right matter.
        y: Class indices, shape (N,).
        groups: One number a group of near-duplicates, shape (N,).
    """

    entries: Sequence[Entry]
    features: Features
    flipped: Features | None
    y: NDArray[np.int64]
    groups: NDArray[np.int64]


def gather(
    session: ReadSession,
    blobs: BlobStore,
    class_index: Mapping[str, int],
    entries: Sequence[Entry],
    *,
    backbone: str,
    flips: bool = False,
) -> Inputs:
    """Return what is known of these entries; raises `FeaturesMissing`."""
    image_ids = [UUID(entry.image_id) for entry in entries]
    numbers: dict[str, int] = defaultdict(lambda: len(numbers))
    return Inputs(
        entries=entries,
        features=load(session, blobs, image_ids, backbone=backbone, view="plain"),
        flipped=load(session, blobs, image_ids, backbone=backbone, view="flip") if flips else None,
        y=np.array([class_index[str(entry.class_id)] for entry in entries], np.int64),
        groups=np.array([numbers[entry.twin_group or entry.image_id] for entry in entries], np.int64),
    )
