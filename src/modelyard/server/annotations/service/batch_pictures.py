"""Which pictures a new batch is made of: those named, those that match, or those that come first."""

import heapq
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import batch_schemas as schemas
from modelyard.server.annotations.repository import audits, waiting
from modelyard.server.annotations.service import batch_order
from modelyard.server.images import listing
from modelyard.server.images.schemas import IdQuery
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import WriteSession
from modelyard.server.tables import Project, now

_PAGE = 10_000


def choose(
    session: WriteSession, actor: Actor, project: Project, pictures: schemas.Pictures, *, blobs: BlobStore
) -> list[UUID]:
    """Return the pictures, each once, those that come first first."""
    if isinstance(pictures, schemas.TheseImages):
        return list(dict.fromkeys(pictures.image_ids))
    if isinstance(pictures, schemas.AllThatMatch):
        return _matching(session, project, pictures)
    if isinstance(pictures, schemas.AcceptedImages):
        return audits.draw(session, project, pictures.count)
    return _first(session, project, pictures, blobs=blobs)


def _matching(session: WriteSession, project: Project, pictures: schemas.AllThatMatch) -> list[UUID]:
    filters = pictures.filters.model_dump() | {"deleted": False}
    found: list[UUID] = []
    query = IdQuery(**filters, sort="created_at", limit=_PAGE)
    while True:
        ids, cursor = listing.page(session, project.id, query)
        found += ids
        if cursor is None:
            return found
        query = query.model_copy(update={"cursor": cursor})


def _first(session: WriteSession, project: Project, pictures: schemas.NextImages, *, blobs: BlobStore) -> list[UUID]:
    """Return what comes first in an order among the pictures of the open queue that are on nobody's screen.

    What is kept for tests is chosen by no model: it comes by chance, or in the order of upload.
    """
    is_judged = pictures.order in batch_order.RANKED
    free = waiting.free(session, project.id, at=now(), with_reserved=not is_judged)
    if pictures.order == "upload":
        return free[: pictures.count]
    if pictures.order == "random":
        return heapq.nsmallest(pictures.count, free, key=waiting.shuffle_number)
    ranks = batch_order.rank(session, blobs, project, free, pictures.order)
    return heapq.nlargest(pictures.count, free, key=lambda image_id: (ranks[image_id], image_id))
