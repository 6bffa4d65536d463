"""Known pictures in the work of a batch: an onboarding set first, then a share at places that nobody can foresee."""

import math
import random
from collections.abc import Sequence
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import role_in
from modelyard.server.annotations.repository import gold as repository
from modelyard.server.annotations.repository import waiting
from modelyard.server.images.veil import VEILED
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Batch, now

BLOCK = 20  # pictures, of which the share comes at places drawn by lot: so it is kept, and none can be foreseen


def is_tested(session: ReadSession, actor: Actor, batch: Batch) -> bool:
    """Say whether known pictures come to this person in a batch: to those who label, not to those who lead."""
    return role_in(session, actor, batch.project_id) in VEILED and repository.exists(session, batch.project_id)


def claim(
    session: WriteSession,
    actor: Actor,
    batch: Batch,
    lease: waiting.Lease,
    *,
    chance: random.Random,
    exclude: Sequence[UUID],
    is_postponed: bool = False,
) -> UUID | None:
    """Lend the known picture that comes now, if one does; the person's other requests wait meanwhile."""
    at = now()
    place = repository.place(session, batch.id, actor.user_id, at=at)
    turn = place.regular + place.known + place.on_screen + 1
    if not is_postponed:
        _plan(session, batch, actor.user_id, turn, chance=chance)
    found = repository.claim(
        session, batch.id, actor.user_id, turn=turn, at=at, exclude=exclude, is_postponed=is_postponed
    )
    if found is None:
        return None
    repository.lend(session, found, token=lease.token, until=lease.until)
    return found.image_id


def _plan(session: WriteSession, batch: Batch, user_id: UUID, turn: int, *, chance: random.Random) -> None:
    """Say at which turns known pictures come: the onboarding set at once, then those of the present block."""
    if repository.is_new(session, batch.project_id, user_id):
        repository.bring_onboarding(session, batch, user_id)
        first = repository.unseen(session, batch.project_id, user_id, is_onboarding=True)
        chance.shuffle(first)
        repository.plan(session, batch, user_id, [(gold_id, 0) for gold_id in first])
    block = (turn - 1) // BLOCK
    start, end = block * BLOCK, (block + 1) * BLOCK
    taken = [number for number in repository.turns(session, batch.id, user_id) if start < number <= end]
    missing = _whole(batch.gold_share * end) - _whole(batch.gold_share * start) - len(taken)
    free = [number for number in range(turn, end + 1) if number not in taken]
    if missing <= 0 or not free:
        return
    left = repository.unseen(session, batch.project_id, user_id, is_onboarding=False)
    count = min(missing, len(free), len(left))
    pairs = zip(chance.sample(left, count), chance.sample(free, count), strict=True)
    repository.plan(session, batch, user_id, list(pairs))


def _whole(number: float) -> int:
    return math.floor(number + 0.5)
