"""What is drawn into many images, in rough: enough to paint it over their thumbnails."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations.object_schemas import ImageOutlines, Outline
from modelyard.server.annotations.repository import objects as repository
from modelyard.server.kit.database import ReadSession
from modelyard.server.projects import service as projects

_MOST = 200  # of one image; more could not be told apart on a thumbnail


def look(session: ReadSession, actor: Actor, project_id: UUID, image_ids: Sequence[UUID]) -> list[ImageOutlines]:
    """Return the boxes around what is drawn into these images of the project; raises `ProjectNotFound`."""
    projects.get(session, actor, project_id)
    rows = repository.outlines(session, project_id, image_ids)
    return [_image(image_id, list(found)) for image_id, found in groupby(rows, key=lambda row: row.image_id)]


def _image(image_id: UUID, rows: Sequence[repository.OutlineRow]) -> ImageOutlines:
    largest = sorted(rows, key=lambda row: (row.x2 - row.x1) * (row.y2 - row.y1), reverse=True)[:_MOST]
    outlines = [Outline(class_id=row.class_id, x1=row.x1, y1=row.y1, x2=row.x2, y2=row.y2) for row in largest]
    return ImageOutlines(image_id=image_id, total=len(rows), outlines=outlines)
