"""Which pictures people label without suggestions, so that what suggestions do to them can be measured."""

from uuid import UUID

from blake3 import blake3

from modelyard.server.kit.database import ReadSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Batch, Project


def is_blind(session: ReadSession, batch: Batch | None, image_id: UUID) -> bool:
    """Say whether nothing is suggested for a picture in a batch.

    It is so for a share of the pictures of batches that hand out known ones, known or not: the lack of a suggestion
    gives nothing away. It is drawn once for a picture in a batch, for everybody alike.
    """
    if batch is not None and batch.kind == "audit":
        return True
    if batch is None or not batch.gold_share:
        return False
    share = projects.settings_of(session.get_one(Project, batch.project_id)).blind_share
    drawn = int.from_bytes(blake3(b"blind" + batch.id.bytes + image_id.bytes).digest(6), "big") / 2**48
    return drawn < share
