"""Which pictures of a batch are reviewed: those whose lot, always the same, lies below the share that applies."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from blake3 import blake3

from modelyard.server.annotations.repository import opinions, review_facts, reviews
from modelyard.server.annotations.repository.review_facts import Labelled
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Batch

# Steps in which a person says what a picture shows: what was accepted before is looked at again.
SAID = ("label", "bulk", "restore", "classes", "classes-undo", "consensus", "describe")
_DECIDED = ("accepted", "corrected")


def lot(batch_id: UUID, image_id: UUID) -> float:
    """Return a picture's fixed number in [0, 1) in a batch: below a share it belongs to that share.

    Example:
        >>> lot(UUID(int=1), UUID(int=2)) == lot(UUID(int=1), UUID(int=2)) < 1
        True
    """
    return int.from_bytes(blake3(batch_id.bytes + image_id.bytes).digest(6), "big") / 2**48


def follow(session: WriteSession, image_ids: Sequence[UUID], *, action: str) -> None:
    """Draw the lot of pictures that were answered just now in their batches; what waits looks at the new label."""
    for batch_id, part in review_facts.finished_in(session, image_ids).items():
        batch = session.get_one(Batch, batch_id)
        reviews.drop_waiting(session, part, but=batch_id)
        _draw(session, batch, part, is_said=action.partition(":")[0] in SAID)


def forget(session: WriteSession, image_ids: Sequence[UUID]) -> None:
    """Want no look at pictures whose label was taken back."""
    reviews.drop_waiting(session, image_ids)


def draw_anew(session: WriteSession, batch: Batch) -> None:
    """Draw the lots of all finished pictures after the shares changed: some come in, some of those that wait go."""
    _draw(session, batch, review_facts.all_finished(session, batch.id), is_said=False, has_changed=True)


def _draw(
    session: WriteSession, batch: Batch, image_ids: Sequence[UUID], *, is_said: bool, has_changed: bool = False
) -> None:
    rows = review_facts.labelled(session, image_ids)
    review_facts.follow(session, batch.id, rows.values())
    states = review_facts.states(session, batch.id, list(rows))
    again = {image_id for image_id, (state, _) in states.items() if state == "rejected"}
    chosen = again | _chosen(session, batch, [row for row in rows.values() if row.image_id not in again])
    new = [row for row in rows.values() if row.image_id in chosen and _is_open(states.get(row.image_id), row, is_said)]
    if batch.state == "closed" and not has_changed:
        new = [row for row in new if row.image_id in again]  # It wants no more than it wanted.
    review_facts.add(session, batch, new, again=again)
    if has_changed:
        waiting = [image_id for image_id, (state, _) in states.items() if state in ("waiting", "gone")]
        reviews.drop_free(session, batch.id, [image_id for image_id in waiting if image_id not in chosen])


def _is_open(last: tuple[str, int] | None, row: Labelled, is_said: bool) -> bool:
    """Say whether a look at a label is to be had: there was none yet, or a person said something since."""
    if last is None:
        return True
    state, revision = last
    if state in _DECIDED:
        return is_said and revision != row.revision
    return state == "rejected" and revision != row.revision


def _chosen(session: ReadSession, batch: Batch, rows: Sequence[Labelled]) -> set[UUID]:
    """Return the pictures whose lot lies below the largest share that applies to them."""
    highest = max(
        batch.review_share, batch.review_differing, *batch.review_by_class.values(), *batch.review_by_person.values(), 0
    )
    lots = {row.image_id: lot(batch.id, row.image_id) for row in rows}
    drawn = [row for row in rows if lots[row.image_id] < highest]  # All others are out whatever they show.
    if not drawn:
        return set()
    shares = _shares(session, batch, drawn)
    return {row.image_id for row in drawn if lots[row.image_id] < shares[row.image_id]}


def _shares(session: ReadSession, batch: Batch, rows: Sequence[Labelled]) -> dict[UUID, float]:
    image_ids = [row.image_id for row in rows]
    found = dict.fromkeys(image_ids, batch.review_share)
    if batch.review_by_person:
        who = review_facts.people(session, batch.id, image_ids)
        for row in rows:
            people = who.get(row.image_id, set()) | ({row.author_id} if row.author_id else set())
            found[row.image_id] = max(found[row.image_id], *_named(batch.review_by_person, people))
    if batch.review_by_class:
        by_class = _present(session, batch)
        drawn = review_facts.drawn_classes(session, image_ids)
        for row in rows:
            classes = drawn.get(row.image_id, set()) | ({row.class_id} if row.class_id else set())
            found[row.image_id] = max(found[row.image_id], *_named(by_class, classes))
    if batch.review_differing:
        for image_id in review_facts.differing(session, image_ids):
            found[image_id] = max(found[image_id], batch.review_differing)
    return found


def _named(shares: Mapping[str, float], ids: set[UUID]) -> list[float]:
    return [0.0, *(shares.get(str(id_), 0.0) for id_ in ids)]


def _present(session: ReadSession, batch: Batch) -> dict[str, float]:
    """Return the share of each class that is there now: of merged ones the larger."""
    stands_for = opinions.present_classes(session, batch.project_id)
    found: dict[str, float] = {}
    for class_id, share in batch.review_by_class.items():
        target = stands_for.get(UUID(class_id))
        if target is not None:
            found[str(target)] = max(share, found.get(str(target), 0.0))
    return found


def wants_review(batch: Batch) -> bool:
    """Say whether any picture of a batch may be reviewed."""
    shares = (*batch.review_by_class.values(), *batch.review_by_person.values())
    return any(share > 0 for share in (batch.review_share, batch.review_differing, *shares))
