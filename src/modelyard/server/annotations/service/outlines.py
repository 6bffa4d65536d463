"""What is drawn into many images, in rough: enough to paint it over their thumbnails."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from modelyard.geometry.kinds import ShapeInvalid
from modelyard.geometry.shapes import from_json, outline
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations.object_schemas import ImageOutlines, Outline
from modelyard.server.annotations.repository import objects as repository
from modelyard.server.annotations.service.objects import WHOLE
from modelyard.server.annotations.service.opinion_objects import stored
from modelyard.server.images import veil
from modelyard.server.kit.database import ReadSession
from modelyard.server.projects import service as projects

_PLACE = ("class_id", "x1", "y1", "x2", "y2", "shape")
_MOST = 200  # of one image; more could not be told apart on a thumbnail
_FINEST = 1 / 200  # of the image's longer side; finer forms cannot be seen on a thumbnail
_EFFORT = 8_000_000  # pixels within the bounds of masks, of one request; what comes after shows its bounds
_EFFORT_EACH = 2_000  # pixels that take as long as beginning with a mask does


def look(session: ReadSession, actor: Actor, project_id: UUID, image_ids: Sequence[UUID]) -> list[ImageOutlines]:
    """Return where things are drawn in these images of the project; raises `ProjectNotFound`."""
    projects.get(session, actor, project_id)
    hidden = veil.hidden(session, image_ids=image_ids, actor=actor)
    rows = repository.outlines(session, project_id, [image_id for image_id in image_ids if image_id not in hidden])
    for image_id, own in hidden.items():
        rows += [_own(image_id, item) for item in own.row.objects if item["type"] != WHOLE] if own.row else []
    rows.sort(key=lambda row: row.image_id)
    sizes = repository.image_sizes(session, image_ids)
    left = float(_EFFORT)
    found = []
    for image_id, of_image in groupby(rows, key=lambda row: row.image_id):
        drawn = list(of_image)
        largest = sorted(drawn, key=lambda row: (row.x2 - row.x1) * (row.y2 - row.y1), reverse=True)[:_MOST]
        outlines = []
        for row in largest:
            left -= _effort(row)
            outlines.append(_outline(row, max(sizes[image_id]) * _FINEST, is_rough=left < 0))
        found.append(ImageOutlines(image_id=image_id, total=len(drawn), outlines=outlines))
    return found


def _own(image_id: UUID, item: Mapping[str, Any]) -> repository.OutlineRow:
    return repository.OutlineRow(image_id, **{name: stored(item)[name] for name in _PLACE})


def _effort(row: repository.OutlineRow) -> float:
    is_mask = row.shape is not None and row.shape["type"] == "mask"
    return (row.x2 - row.x1) * (row.y2 - row.y1) + _EFFORT_EACH if is_mask else 0


def _outline(row: repository.OutlineRow, tolerance: float, *, is_rough: bool) -> Outline:
    """Return one object; the form of a mask within `tolerance`, in pixels of the image, unless the box must do."""
    polygon = None
    if row.shape is not None and not (is_rough and row.shape["type"] == "mask"):
        try:
            polygon = outline(from_json(row.shape), tolerance)
        except ShapeInvalid:  # A mask so ragged that no polygon holds it.
            polygon = None
    rings = [[round(value, 1) for value in ring] for ring in polygon.rings] if polygon else []
    return Outline(class_id=row.class_id, x1=row.x1, y1=row.y1, x2=row.x2, y2=row.y2, rings=rings)
