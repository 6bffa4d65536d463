"""What comes first in a batch: a rank for every picture, by what is known of it; without data, chance."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from modelyard.server.annotations.repository import ranks
from modelyard.server.annotations.repository.waiting import UNSCORED, shuffle_number
from modelyard.server.features import service as features
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Batch, Project

RANKED = ("priority", "uncertainty", "diversity", "disagreement")
BY_MODEL = ("uncertainty", "diversity", "disagreement")
DEFAULT_SHARE = 0.15
_LACKING = {
    "uncertainty": "No model has suggested anything for these pictures yet, so they come by chance.",
    "diversity": "These pictures were not looked at by the backbone yet, so they come by chance.",
    "disagreement": "Nobody, and no model, has said two different things of these pictures yet; they come by chance.",
}


def note(batch: Batch, best: float | None) -> str:
    """Return why pictures come in another order than was asked for; `best` is the highest rank of what waits."""
    return _LACKING.get(batch.order, "") if best is not None and best < UNSCORED else ""


def default_share(order: str) -> float:
    """Return which share comes by chance where nobody said: some where a model chooses, or it misleads."""
    return DEFAULT_SHARE if order in BY_MODEL else 0.0


def rank(
    session: ReadSession, blobs: BlobStore, project: Project, image_ids: Sequence[UUID], order: str
) -> dict[UUID, float]:
    """Return a rank for every picture, higher comes sooner: below `UNSCORED`, at random, what nothing is known of."""
    found = {image_id: shuffle_number(image_id) * UNSCORED for image_id in image_ids}
    if order == "priority":
        return found | {image_id: value for image_id, value in ranks.queued(session, image_ids).items() if value > 0}
    if order == "uncertainty":
        return found | _above(ranks.doubts(session, image_ids))
    if order == "disagreement":
        return found | _above(ranks.disagreements(session, image_ids))
    if order == "diversity":
        return found | _diverse(session, blobs, project, image_ids)
    return found


def as_given(image_ids: Sequence[UUID]) -> dict[UUID, float]:
    """Return ranks that keep this order."""
    return {image_id: 1.0 - 0.99 * place / len(image_ids) for place, image_id in enumerate(image_ids)}


def rank_anew(session: WriteSession, blobs: BlobStore, batch: Batch) -> None:
    """Rank what waits in a batch by its order; what a person asked for stays in front."""
    if batch.order not in BY_MODEL:
        return  # Nothing to rank by, or ranked when it was made.
    project = session.get_one(Project, batch.project_id)
    image_ids = ranks.waiting(session, batch.id)
    ranks.write(session, batch.id, rank(session, blobs, project, image_ids, batch.order))


def follow(session: WriteSession, blobs: BlobStore, project_id: UUID) -> None:
    """Rank batches anew whose order follows what models suggest."""
    for batch in ranks.following(session, project_id, ("uncertainty", "disagreement")):
        rank_anew(session, blobs, batch)


def _above(scores: dict[UUID, float]) -> dict[UUID, float]:
    """Return scores in [0, 1] as ranks that lie above what has none."""
    return {image_id: UNSCORED + (1 - UNSCORED) * score for image_id, score in scores.items()}


def _diverse(session: ReadSession, blobs: BlobStore, project: Project, image_ids: Iterable[UUID]) -> dict[UUID, float]:
    from modelyard.engine.selection import diverse_order

    known = ranks.seen(session, list(image_ids), projects.settings_of(project).backbone)
    if not known:
        return {}
    views = features.load(session, blobs, known, backbone=projects.settings_of(project).backbone, view="plain")
    return as_given([known[row] for row in diverse_order(views)])
