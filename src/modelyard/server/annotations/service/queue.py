"""The labelling queue: images are lent to one person at a time, by what helps, by chance, or in order of upload."""

import random
import time
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import schemas
from modelyard.server.annotations.repository import answers, waiting
from modelyard.server.annotations.service.answers import ImageNotFound
from modelyard.server.images.cards import cards
from modelyard.server.kit.database import WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Image, QueueItem, Suggestion, new_id, now

LEASE = timedelta(minutes=5)
RANDOM_SHARE = 0.15
_MANY = 5000
_COUNT_EVERY_S = 5.0
_counts: dict[tuple[str, UUID], tuple[float, int]] = {}
_CHANCE = ("chance", "random", "skipped")  # From a random place onwards, then from the beginning.
_TIERS: dict[str, tuple[str, ...]] = {
    "helpful": ("helpful", *_CHANCE),
    "reserved": ("asked", "reserved", "helpful", *_CHANCE),
    "chance": ("asked", *_CHANCE),
    "random": _CHANCE,
    "upload": ("upload", "skipped"),
}
_REASONS = {
    "reserved": "Kept apart to check models, so none chose it",
    "chance": "Chosen by chance, to keep the picture of your data honest",
    "random": "Chosen by chance, to keep the picture of your data honest",
    "upload": "Next in order of upload",
    "skipped": "You or somebody else left it for later",
    "asked": "Somebody asked for another look",
    "helpful": "Nothing is known about it yet",
}


def next_images(
    session: WriteSession,
    actor: Actor,
    project_id: UUID,
    *,
    order: schemas.QueueOrder | None,
    count: int,
    exclude: Sequence[UUID],
    chance: random.Random | None = None,
) -> schemas.QueueNext:
    """Lend the next images to `actor`; fewer than `count` when no more are free."""
    project = projects.get(session, actor, project_id)
    settings = projects.settings_of(project)
    wanted = order or settings.order
    chance = chance or random.SystemRandom()
    leases: list[tuple[waiting.Lease, UUID, str]] = []
    for _ in range(count):
        by = wanted if wanted != "helpful" else _draw(chance, test_share=settings.test_share)
        lease = _lend(session, actor, project_id, by=by, chance=chance, exclude=exclude)
        if lease is None:
            break
        leases.append(lease)
    return schemas.QueueNext(items=_show(session, leases), remaining=_remaining(session, project_id))


def _remaining(session: WriteSession, project_id: UUID) -> int:
    """Return how many images wait: exactly while a person could count them, else as it was a moment ago."""
    key = (str(session.get_bind().engine.url), project_id)
    counted_at, count = _counts.get(key, (0.0, 0))
    if count < _MANY or time.monotonic() - counted_at > _COUNT_EVERY_S:
        count = waiting.count(session, project_id)
        _counts[key] = time.monotonic(), count
    return count


def keep_leases(session: WriteSession, actor: Actor, project_id: UUID, tokens: Sequence[UUID]) -> schemas.HeldLeases:
    """Extend leases; those that ran out and went to somebody else are missing in the answer."""
    projects.get(session, actor, project_id)
    until = now() + LEASE
    held = waiting.extend(session, actor.user_id, tokens, until=until)
    return schemas.HeldLeases(lease_tokens=held, lease_expires_at=until)


def release_leases(session: WriteSession, actor: Actor, project_id: UUID, tokens: Sequence[UUID]) -> None:
    """End leases, so that others get these images at once."""
    projects.get(session, actor, project_id)
    waiting.release(session, actor.user_id, tokens)


def skip(session: WriteSession, actor: Actor, project_id: UUID, image_id: UUID) -> None:
    """Let an image come back after all others; raises `ImageNotFound`."""
    projects.get(session, actor, project_id)
    if answers.image_project(session, image_id) != project_id:
        raise ImageNotFound
    waiting.postpone(session, image_id, at=now())


def add_images(session: WriteSession, actor: Actor, project_id: UUID, image_ids: Sequence[UUID], *, reason: str) -> int:
    """Put images before all others, with a reason; returns how many. Raises `ImageNotFound`."""
    projects.get(session, actor, project_id)
    wanted = set(image_ids)
    if answers.lock_images(session, project_id, wanted) != wanted:
        raise ImageNotFound("Some of these images are not in the project any more. Load the page again.")
    waiting.put_first(session, project_id, sorted(wanted), reason=reason)
    return len(wanted)


def _draw(chance: random.Random, *, test_share: float) -> str:
    """Choose how the next image of the helpful order is found.

    The test's share of the labels is as large as its share of the images, or a few hundred labels would check next to
    nothing; a fixed share comes by chance, so that no image waits for ever.
    """
    drawn = chance.random()
    if drawn < test_share:
        return "reserved"
    return "chance" if drawn >= 1 - RANDOM_SHARE else "helpful"


def _lend(
    session: WriteSession,
    actor: Actor,
    project_id: UUID,
    *,
    by: str,
    chance: random.Random,
    exclude: Sequence[UUID],
) -> tuple[waiting.Lease, UUID, str] | None:
    """Lend one image."""
    at = now()
    lease = waiting.Lease(user_id=actor.user_id, token=new_id(), at=at, until=at + LEASE)
    pivot = chance.random()
    for tier in _TIERS[by]:
        image_id = waiting.claim(session, project_id, lease, tier=tier, pivot=pivot, exclude=exclude)
        if image_id is not None:
            return lease, image_id, tier
    return None


def _show(session: WriteSession, leases: Sequence[tuple[waiting.Lease, UUID, str]]) -> list[schemas.QueuedImage]:
    image_ids = [image_id for _, image_id, _ in leases]
    rows = {item.image_id: (item, image, guess) for item, image, guess in waiting.lent(session, image_ids)}
    shown = {card.id: card for card in cards(session, image_ids)}
    queued = []
    for lease, image_id, tier in leases:
        item, image, suggestion = rows[image_id]
        guess = None if is_kept_back(image) else _to_guess(suggestion)
        card = shown[image_id] if guess else shown[image_id].model_copy(update={"suggestion": None})
        queued.append(
            schemas.QueuedImage(
                image=card,
                reason=_reason(item, tier),
                lease_token=lease.token,
                lease_expires_at=lease.until,
                guess=guess,
            )
        )
    return queued


def is_kept_back(image: Image) -> bool:
    """Say whether an image is for testing: nobody who labels it may see a guess."""
    return image.is_reserved or "test" in (image.split, image.given_split)


def _to_guess(row: Suggestion | None) -> schemas.Guess | None:
    if row is None:
        return None
    return schemas.Guess(class_id=row.class_id, score=row.score, version=row.version, runner_up_id=row.runner_up_id)


def _reason(item: QueueItem, tier: str) -> str:
    if item.priority >= waiting.ASKED:
        return item.reason
    return item.reason or _REASONS["helpful"] if tier == "helpful" else _REASONS[tier]
