"""Which labelled pictures were taken in one place: they go to one split, or a test would judge memory, not sight."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row

from modelyard.engine.twins import scene_groups
from modelyard.server.features import repository, service
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession

_MOST = 4_000  # pictures of a class; comparing more with each other takes longer than a person waits


def find_scenes(
    session: ReadSession,
    blobs: BlobStore,
    rows: Sequence[Row[Any]],
    *,
    backbone: str,
    class_of: Callable[[Row[Any]], object],
) -> Mapping[UUID, int]:
    """Return the scene of each labelled image that was looked at; images of classes that are too large have none.

    Scenes are sought among images of one class; where objects are drawn, all images are of one.
    """
    sizes = Counter(map(class_of, rows))
    rows = [row for row in rows if sizes[class_of(row)] <= _MOST]
    seen = repository.present(session, [row.image_id for row in rows], backbone, "plain")
    rows = [row for row in rows if row.image_id in seen]
    if not rows:
        return {}
    ids = [row.image_id for row in rows]
    _, classes = np.unique([str(class_of(row)) for row in rows], return_inverse=True)
    features = service.load(session, blobs, ids, backbone=backbone, view="plain")
    return dict(zip(ids, scene_groups(features, classes).tolist(), strict=True))
