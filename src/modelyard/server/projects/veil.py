"""Pictures with known answers, as those see them who may be handed one: as if nobody had labelled them.

Whoever labels, but doesn't lead the work, sees of such a picture only what they said themselves, in every list, count
and history. Everything that shows answers asks here first; it changes nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, cast
from uuid import UUID

from sqlalchemy import and_, select

from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.roles import who_may
from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import GoldAnswer, GoldPicture, ProjectMember

Answer = Literal["class", "objects", "does_not_belong", "not_sure", "none"]
VEILED = tuple(role for role in who_may("label") if role not in who_may("manage_batches"))


class Own(NamedTuple):
    """What a person said of a picture, as lists show it; answer "none" for nothing."""

    answer: Answer = "none"
    class_id: UUID | None = None
    classes: tuple[UUID, ...] = ()  # of the image as a whole, in the order in which they were given
    drawn: frozenset[UUID] = frozenset()  # every class that something of the picture has
    row: GoldAnswer | None = None
    has_twin: bool = False

    def history(self) -> list[dict[str, Any]]:
        """Return every revision of it, newest first."""
        return list(reversed(self.row.history)) if self.row else []


Veil = Mapping[UUID, Own]


def hidden(
    session: ReadSession,
    *,
    project_id: UUID | None = None,
    image_ids: Iterable[UUID] | None = None,
    actor: Actor | None = None,
) -> dict[UUID, Own]:
    """Return the pictures, of a project or of these, whose known answers `actor` may not see, with their own.

    Args:
        session: Where to look; it knows who asks where a request opened it.
        project_id: Of this project; or else
        image_ids: of these images.
        actor: Who looks, where it is not who asks.
    """
    actor = actor or session.info.get("actor")
    if actor is None or actor.is_local:
        return {}
    gold, own, member = GoldPicture, GoldAnswer, ProjectMember
    query = select(gold.image_id, own).join(
        member,
        and_(member.project_id == gold.project_id, member.user_id == actor.user_id, member.role.in_(VEILED)),
    )
    query = query.outerjoin(own, and_(own.image_id == gold.image_id, own.author_id == actor.user_id))
    query = query.where(gold.ended_at.is_(None))
    query = query.where(gold.project_id == project_id) if project_id else query
    query = query.where(gold.image_id.in_(list(image_ids))) if image_ids is not None else query
    rows = session.execute(query.execution_options(populate_existing=True))
    return {image_id: _own(row) for image_id, row in rows}


def _own(row: GoldAnswer | None) -> Own:
    if row is None or row.is_apart or not row.revision:
        return Own()
    whole = tuple(UUID(item["class_id"]) for item in row.objects if item["type"] == "whole")
    drawn = frozenset(UUID(item["class_id"]) for item in row.objects)
    return Own(cast(Answer, row.answer), row.class_id, whole, drawn, row)
