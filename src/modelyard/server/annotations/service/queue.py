"""The labelling queues, open and of batches: images are lent by what helps, by chance, or in order of upload."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import URL

from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import schemas
from modelyard.server.annotations.repository import answers, gold, waiting
from modelyard.server.annotations.repository import batches as batch_repository
from modelyard.server.annotations.service import (
    batch_order,
    batches,
    blind,
    gold_answers,
    gold_pauses,
    gold_work,
    opinions,
    review_returns,
)
from modelyard.server.annotations.service.answers import ImageNotFound
from modelyard.server.images.cards import cards
from modelyard.server.images.schemas import CardAnswer, ImageCard
from modelyard.server.kit.database import WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Batch, Image, Project, QueueItem, Suggestion, new_id, now

LEASE = timedelta(minutes=5)
RANDOM_SHARE = 0.15
_FEW, _MANY = 200, 5000
_COUNT_EVERY_S = 5.0
_MOST_COUNTS = 10_000
_counts: dict[tuple[URL, waiting.Line, UUID | None], tuple[float, int]] = {}
_CHANCE = ("chance", "random", "skipped")  # From a random place onwards, then from the beginning.
_TIERS: dict[str, tuple[str, ...]] = {
    "helpful": ("helpful", *_CHANCE),
    "reserved": ("asked", "reserved", "helpful", *_CHANCE),
    "chance": ("asked", *_CHANCE),
    "random": _CHANCE,
    "upload": ("upload", "skipped"),
}
# In a batch everybody goes through the same random order, so that several labels of one picture come soon together.
_IN_TURN = ("random", "skipped")
_NOTICES = {
    "paused": "This batch is paused. Whoever leads the work will open it again.",
    "closed": "This batch is closed: no more labels are wanted.",
}
_BATCH_REASONS = {
    "priority": "Next in the order of the batch",
    "uncertainty": "The model hesitates here",
    "diversity": "Unlike the others of the batch",
    "disagreement": "People, or a label and a suggestion, differ here",
}
_REASONS = {
    "reserved": "Kept apart to check models, so none chose it",
    "chance": "Chosen by chance, to keep the picture of your data honest",
    "random": "Chosen by chance, to keep the picture of your data honest",
    "upload": "Next in order of upload",
    "skipped": "You left it for later",
    "asked": "Somebody asked for another look",
    "helpful": "Nothing is known about it yet",
}


@dataclass(frozen=True)
class _Place:
    """A queue that somebody takes from, and how its next image is found."""

    line: waiting.Line
    order: str
    random_share: float
    test_share: float = 0.0
    batch: Batch | None = None
    has_known: bool = False  # pictures with known answers come among the others


@dataclass(frozen=True)
class _Loan:
    lease: waiting.Lease
    image_id: UUID
    tier: str
    place: _Place
    is_known: bool = False


def next_images(
    session: WriteSession,
    actor: Actor,
    project_id: UUID,
    *,
    order: schemas.QueueOrder | None,
    count: int,
    exclude: Sequence[UUID],
    source: UUID | Literal["mine"] | None = None,
    chance: random.Random | None = None,
) -> schemas.QueueNext:
    """Lend the next images to `actor`; fewer than `count` when no more are free.

    They come from the open queue; from the batch `source`; or, where that is "mine", from the batches that this person
    may label, the most urgent first, and then from the open queue. Raises `BatchNotFound`, `BatchIsForOthers`.
    """
    project = projects.get(session, actor, project_id)
    if stopped := gold_pauses.notice(session, project.id, actor.user_id):
        return schemas.QueueNext(items=[], remaining=0, notice=stopped)
    chance = chance or random.SystemRandom()
    places, notice = _places(session, actor, project, order, source)
    if any(place.batch for place in places):
        waiting.lock_person(session, actor.user_id)
    loans: list[_Loan] = []
    for place in places:
        while len(loans) < count and (loan := _lend(session, actor, place, chance=chance, exclude=exclude)):
            loans.append(loan)
    first = loans[0].place if loans else places[0] if places else None
    return schemas.QueueNext(
        items=[item for place in places for item in _show(session, actor, place, loans)],
        remaining=_remaining(session, first, actor.user_id) if first else 0,
        notice=notice,
    )


def _places(
    session: WriteSession,
    actor: Actor,
    project: Project,
    order: schemas.QueueOrder | None,
    source: UUID | Literal["mine"] | None,
) -> tuple[list[_Place], str | None]:
    """Return where images may come from, the first first, and why there are none."""
    if isinstance(source, UUID):
        batch = batch_repository.find(session, source)
        if batch is None or batch.project_id != project.id:
            raise batches.BatchNotFound
        batches.check_meant_for(session, actor, batch)
        return ([_in_batch(session, actor, batch)], None) if batch.state == "open" else ([], _NOTICES[batch.state])
    settings = projects.settings_of(project)
    wanted = order or settings.order
    share = RANDOM_SHARE if wanted == "helpful" else 0.0
    test_share = settings.test_share if wanted == "helpful" else 0.0
    places = [_Place(waiting.Line(project.id), wanted, share, test_share)]
    if source == "mine":
        found = batch_repository.meant_for(session, actor.user_id, project.id)
        kept = [batch_repository.find(session, batch.id) for batch, _, _ in found]
        open_ones = [batch for batch in kept if batch and batch.state == "open"]
        places = [*(_in_batch(session, actor, batch) for batch in open_ones), *places]
    return places, None


def _in_batch(session: WriteSession, actor: Actor, batch: Batch) -> _Place:
    order = "helpful" if batch.order in batch_order.RANKED else batch.order
    line = waiting.Line(batch.project_id, batch.id, is_audit=batch.kind == "audit")
    has_known = gold_work.is_tested(session, actor, batch) and _recount(session, line, but=actor.user_id) > 0
    # Known pictures come in no order, so as many others do: else whatever is out of order would be known.
    share = max(batch.random_share, batch.gold_share) if has_known else batch.random_share
    return _Place(line, order, share, batch=batch, has_known=has_known)


def _remaining(session: WriteSession, place: _Place, user_id: UUID) -> int:
    """Return how many images wait: exactly while a person could count them, else as it was a moment ago.

    Of a large batch those are counted that wait for anybody, else those that wait for this person.
    """
    line = place.line
    found = _recount(session, line, but=None)
    found = _recount(session, line, but=user_id) if line.batch_id and found < _MANY else found
    known = gold.due(session, place.batch.id, user_id) if place.batch and place.has_known else 0
    return found + known if found else 0


def _recount(session: WriteSession, line: waiting.Line, *, but: UUID | None) -> int:
    key = (session.get_bind().engine.url, line, but)
    counted_at, found = _counts.get(key, (0.0, 0))
    if found < _FEW or time.monotonic() - counted_at > _COUNT_EVERY_S:
        found = waiting.count(session, line, but=but)
        if len(_counts) >= _MOST_COUNTS:
            _counts.clear()
        _counts[key] = time.monotonic(), found
    return found


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
    """Let an image come back to this person after all others; raises `ImageNotFound`."""
    projects.get(session, actor, project_id)
    if answers.image_project(session, image_id) != project_id:
        raise ImageNotFound
    waiting.postpone(session, image_id, actor.user_id, at=now())


def add_images(session: WriteSession, actor: Actor, project_id: UUID, image_ids: Sequence[UUID], *, reason: str) -> int:
    """Put images before all others, with a reason; returns how many. Raises `ImageNotFound`."""
    projects.get(session, actor, project_id)
    wanted = set(image_ids)
    if answers.lock_images(session, project_id, wanted) != wanted:
        raise ImageNotFound("Some of these images are not in the project any more. Load the page again.")
    waiting.put_first(session, project_id, sorted(wanted), reason=reason)
    said: dict[str, Any] = {"pictures": len(wanted), "reason": reason}
    accounts.record(session, "queue.added", actor_id=actor.user_id, project_id=project_id, **said)
    return len(wanted)


def _draw(chance: random.Random, place: _Place) -> str:
    """Choose how the next image is found.

    In the helpful order the test's share of the labels is as large as its share of the images, or a few hundred labels
    would check next to nothing; a fixed share comes by chance, so that no image waits for ever.
    """
    if not place.test_share and not place.random_share:
        return place.order
    drawn = chance.random()
    if drawn < place.test_share:
        return "reserved"
    return "chance" if drawn >= 1 - place.random_share else place.order


def _lend(
    session: WriteSession, actor: Actor, place: _Place, *, chance: random.Random, exclude: Sequence[UUID]
) -> _Loan | None:
    """Lend one image."""
    at = now()
    lease = waiting.Lease(user_id=actor.user_id, token=new_id(), at=at, until=at + LEASE)
    by = _draw(chance, place)
    pivot = chance.random()
    tiers = _IN_TURN if place.batch and by == "random" else _TIERS[by]
    if place.batch:
        tiers = ("returned", *tiers)
    for tier in tiers:
        known_id = _lend_known(session, actor, place, lease, tier, chance=chance, exclude=exclude, first=tiers[0])
        if known_id is not None:
            return _Loan(lease, known_id, tier if tier == "skipped" else "chance", place, is_known=True)
        image_id = waiting.claim(session, place.line, lease, tier=tier, pivot=pivot, exclude=exclude)
        if image_id is not None:
            return _Loan(lease, image_id, tier, place)
    return None


def _lend_known(
    session: WriteSession,
    actor: Actor,
    place: _Place,
    lease: waiting.Lease,
    tier: str,
    *,
    chance: random.Random,
    exclude: Sequence[UUID],
    first: str,
) -> UUID | None:
    """Lend the picture with a known answer that comes now, or that this person left for later."""
    is_postponed = tier == "skipped"
    if not (place.batch and place.has_known and (is_postponed or tier == first)):
        return None
    by: dict[str, Any] = {"chance": chance, "exclude": exclude, "is_postponed": is_postponed}
    return gold_work.claim(session, actor, place.batch, lease, **by)


def _show(session: WriteSession, actor: Actor, place: _Place, loans: Sequence[_Loan]) -> list[schemas.QueuedImage]:
    mine = [loan for loan in loans if loan.place is place]
    image_ids = [loan.image_id for loan in mine]
    if not image_ids:
        return []
    known = gold.pictures(session, [loan.image_id for loan in mine if loan.is_known])
    lent = waiting.lent(session, place.line, image_ids, actor.user_id)
    rows: dict[UUID, tuple[QueueItem | None, Image, Suggestion | None]]
    rows = {item.image_id: (item, image, guess) for item, image, guess in lent}
    rows |= {image_id: (None, image, guess) for image_id, (image, guess) in known.items()}
    shown = {card.id: card for card in cards(session, image_ids)}
    returned = review_returns.told(session, actor, place.batch, image_ids) if place.batch else {}
    queued = []
    for loan in mine:
        item, image, suggestion = rows[loan.image_id]
        is_unseen = is_kept_back(image) or blind.is_blind(session, place.batch, image.id)
        guess = None if is_unseen else _to_guess(suggestion)
        card = shown[loan.image_id] if guess else shown[loan.image_id].model_copy(update={"suggestion": None})
        if place.batch and batches.is_apart(place.batch):
            card = _blind(session, actor, place.batch, card)
        queued.append(
            schemas.QueuedImage(
                image=card,
                batch_id=place.line.batch_id,
                reason=_reason(item, loan) if item else _REASONS[loan.tier],
                lease_token=loan.lease.token,
                lease_expires_at=loan.lease.until,
                guess=guess,
                returned=returned.get(loan.image_id),
            )
        )
    return queued


def _blind(session: WriteSession, actor: Actor, batch: Batch, card: ImageCard) -> ImageCard:
    """Show what this person said of a picture in place of what it is known to be."""
    known = gold_answers.own(session, actor, batch.project_id, card.id)
    own = opinions.get(known or opinions.of_batch(session, actor, batch, card.id))
    answer = None if own.answer == "none" else CardAnswer.model_validate(own, from_attributes=True)
    return card.model_copy(update={"answer": answer, "classes": []})


def is_kept_back(image: Image) -> bool:
    """Say whether an image is for testing: nobody who labels it may see a guess."""
    return image.is_reserved or "test" in (image.split, image.given_split)


def _to_guess(row: Suggestion | None) -> schemas.Guess | None:
    if row is None:
        return None
    return schemas.Guess(class_id=row.class_id, score=row.score, version=row.version, runner_up_id=row.runner_up_id)


def _reason(item: QueueItem, loan: _Loan) -> str:
    if item.priority >= waiting.ASKED or item.returned_to is not None:
        return item.reason
    if loan.place.batch and loan.tier == "helpful":
        is_known = item.priority >= waiting.UNSCORED
        return _BATCH_REASONS[loan.place.batch.order] if is_known else _REASONS["helpful"]
    return item.reason or _REASONS["helpful"] if loan.tier == "helpful" else _REASONS[loan.tier]
