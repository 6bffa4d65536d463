"""Batches: made, changed, closed and put away by whoever leads the work; how far they are stands in `progress`."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from modelyard.errors import Conflict, Forbidden, Invalid, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import batch_schemas as schemas
from modelyard.server.annotations.repository import answers, audits, batches, comparisons, gold, reviews, slots, waiting
from modelyard.server.annotations.service import batch_order, progress, review_sample, settling, weighing
from modelyard.server.annotations.service.batch_pictures import choose
from modelyard.server.events import BatchClosed
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.notifications.service import notify
from modelyard.server.projects import service as projects
from modelyard.server.tables import Batch, now

NOT_IN_IT = "This picture is in no such batch. It may have been put away; open the labelling page anew."
_SHARES = ("review_share", "review_by_class", "review_by_person", "review_differing")


class BatchNotFound(NotFound):
    """There is no such batch, or you may not see it."""


class BatchIsForOthers(Forbidden):
    """This batch is meant for other people. Whoever leads the work can add you to it."""


class BatchIsClosed(Conflict):
    """This batch is closed for good. Make a new one of the pictures that are left."""


class BatchHasNoPictures(Invalid):
    """None of these pictures can be put into a batch."""


class AuditIsBlind(Invalid):
    """An audit wants one label of each picture and holds no known ones; only its people, name and times change."""


class NotAMember(Invalid):
    """Some of these people are not members of the project. Invite them first."""


@dataclass(frozen=True)
class Created:
    """A new batch, and how many pictures stay elsewhere."""

    batch: Batch
    in_other_batches: int
    on_screens: int


def get(session: ReadSession, actor: Actor, batch_id: UUID) -> Batch:
    """Return a batch; raises `BatchNotFound`."""
    batch = batches.find(session, batch_id)
    if batch is None:
        raise BatchNotFound
    try:
        projects.get(session, actor, batch.project_id)
    except projects.ProjectNotFound as error:
        raise BatchNotFound from error
    return batch


def list_(session: ReadSession, actor: Actor, project_id: UUID) -> list[schemas.Batch]:
    """Return a project's batches with their progress, newest first."""
    projects.get(session, actor, project_id)
    return progress.show(session, batches.list_(session, project_id))


def create(
    session: WriteSession, actor: Actor, project_id: UUID, body: schemas.BatchCreate, *, blobs: BlobStore
) -> Created:
    """Put pictures into a new batch; they leave the open queue. Raises `NotAMember`, `BatchHasNoPictures`."""
    project = projects.get(session, actor, project_id)
    _check_people(session, project_id, body.people)
    share = body.random_share if body.random_share is not None else batch_order.default_share(body.order)
    chosen = choose(session, actor, project, body.pictures, blobs=blobs)
    there = answers.lock_images(session, project_id, chosen)
    batched, lent = slots.busy(session, [id_ for id_ in chosen if id_ in there], at=now())
    known = {row.image_id for row in gold.present(session, project_id)}
    free = there - batched - lent - known
    image_ids = [id_ for id_ in chosen if id_ in free]
    if not image_ids:
        raise BatchHasNoPictures(_why_empty(len(chosen), len(batched), len(lent)))
    is_given = body.order == "priority" and body.pictures.kind != "filter"
    ranks = (
        batch_order.as_given(image_ids)
        if is_given
        else batch_order.rank(session, blobs, project, image_ids, body.order)
    )
    facts = body.model_dump(
        include={"name", "overlap", "order", "gold_share", "consensus", "note", *_SHARES}, mode="json"
    )
    facts["deadline"] = body.deadline
    if body.pictures.kind == "accepted":  # Whoever gives a label again knows nothing of it, and is not measured.
        facts |= {"kind": "audit", "overlap": 1, "order": "random", "gold_share": 0.0}
        facts |= {"review_share": 0.0, "review_differing": 0.0, "review_by_class": {}, "review_by_person": {}}
    batch = Batch(project_id=project_id, created_by=actor.user_id, random_share=share, **facts)
    session.add(batch)
    session.flush()
    batches.set_people(session, batch.id, body.people)
    rows = [waiting.waiting_row(project_id, image_id, is_reserved=False) for image_id in image_ids]
    lots = secrets.token_bytes(32)  # Whoever could foresee the order by chance would know what is out of it.
    rows = [
        row | {"batch_id": batch.id, "priority": ranks[row["image_id"]], "shuffle": waiting.lot(row["image_id"], lots)}
        for row in rows
    ]
    for part in slots.parts(image_ids):
        waiting.take_out(session, part)
    slots.add(session, rows, overlap=range(batch.overlap))
    if batch.kind == "audit":
        audits.keep(session, batch.id, image_ids)
    _tell(session, actor, batch, body.people or [])
    _record(session, actor, batch, "batch.created", pictures=len(image_ids), after=_facts(session, batch))
    return Created(batch, len(batched), len(lent))


def update(
    session: WriteSession, actor: Actor, batch_id: UUID, body: schemas.BatchUpdate, *, blobs: BlobStore
) -> Batch:
    """Change a batch; raises `BatchNotFound`, `BatchIsClosed`, `NotAMember`."""
    batches.lock(session, batch_id)
    batch = get(session, actor, batch_id)
    before = _facts(session, batch)
    changes = body.model_dump(exclude_unset=True)
    changes |= {name: body.model_dump(mode="json")[name] for name in _SHARES if name in changes}
    people = changes.pop("people", None)
    if "deadline" not in changes or changes["deadline"] is not None:
        changes = {name: value for name, value in changes.items() if value is not None}
    state, overlap, order = (changes.pop(name, None) for name in ("state", "overlap", "order"))
    _refuse(batch, body)
    if people is not None:
        _change_people(session, actor, batch, people)
    if changes.get("consensus") == "weighted" != batch.consensus:
        weighing.ask(session, batch, is_now=True)
    for name, value in changes.items():
        setattr(batch, name, value)
    if order is not None and order != batch.order:
        batch.order = order
        batch_order.rank_anew(session, blobs, batch)
    if overlap is not None and overlap != batch.overlap:
        _change_overlap(session, batch, overlap)
    if any(name in changes for name in _SHARES):
        session.flush()
        review_sample.draw_anew(session, batch)
    if state is not None and state != batch.state:
        _change_state(session, batch, state)
    batch.updated_at = now()
    session.flush()
    after = _facts(session, batch)
    if after != before:
        _record(session, actor, batch, "batch.updated", before=before, after=after)
    return batch


def delete(session: WriteSession, actor: Actor, batch_id: UUID) -> None:
    """Put a batch away: labels that are in and agree count, all other pictures go back to the open queue."""
    batches.lock(session, batch_id)
    batch = get(session, actor, batch_id)
    if batch.state != "closed":
        _change_state(session, batch, "closed")
    left = batches.undecided_pictures(session, batch.id)
    slots.drop(session, batch.id, left)
    reviews.drop_batch(session, batch.id)
    batch.deleted_at = batch.updated_at = now()
    session.flush()
    _return(session, batch.project_id, left)
    _record(session, actor, batch, "batch.deleted")


def labelled_in(
    session: ReadSession, actor: Actor, project_id: UUID, image_id: UUID, batch_id: UUID | None
) -> Batch | None:
    """Return the batch that an image is labelled in by this person; None if it is none.

    Raises `BatchNotFound` also for a batch without this image, `BatchIsForOthers`.
    """
    if batch_id is None:
        return None
    batch = batches.find(session, batch_id)
    if batch is None or batch.project_id != project_id or not slots.is_member(session, batch_id, image_id):
        raise BatchNotFound(NOT_IN_IT)
    check_meant_for(session, actor, batch)
    return batch


def is_apart(batch: Batch) -> bool:
    """Say whether labels given in a batch are kept apart from the dataset, and unseen by others."""
    return batch.overlap > 1 or batch.kind == "audit"


def check_meant_for(session: ReadSession, actor: Actor, batch: Batch) -> None:
    """Raise `BatchIsForOthers` unless the batch is for everybody, or for this person."""
    named = batches.people(session, [batch.id]).get(batch.id)
    if named is not None and actor.user_id not in named:
        raise BatchIsForOthers


def _refuse(batch: Batch, body: schemas.BatchUpdate) -> None:
    """Raise `BatchIsClosed`, `AuditIsBlind` for what a batch like this can't become."""
    if batch.state == "closed" and (body.overlap or body.order or body.state not in (None, "closed")):
        raise BatchIsClosed
    if batch.kind == "audit" and (body.overlap or body.gold_share):
        raise AuditIsBlind


def _change_people(session: WriteSession, actor: Actor, batch: Batch, people: Sequence[UUID]) -> None:
    _check_people(session, batch.project_id, people)
    before = batches.people(session, [batch.id]).get(batch.id, [])
    batches.set_people(session, batch.id, people)
    _tell(session, actor, batch, [user_id for user_id in people if user_id not in before])


def _change_state(session: WriteSession, batch: Batch, state: str) -> None:
    if state == "closed":
        left = slots.untouched(session, batch.id)
        slots.drop_waiting(session, batch.id)
        gold.clear(session, batch_id=batch.id)
        settling.settle(session, batch)
        batch.state, batch.closed_at = state, now()
        session.flush()
        _return(session, batch.project_id, left)
        publish(session, BatchClosed(batch.project_id, batch.id))
    batch.state = state


def _change_overlap(session: WriteSession, batch: Batch, overlap: int) -> None:
    """Want more labels, or fewer, of every picture that is not decided; those that are in are kept."""
    found = slots.undecided(session, batch.id)
    at = now()
    more: dict[int, list[UUID]] = {}
    fewer: list[UUID] = []
    for image_id, items in found.items():
        if len(items) < overlap:
            more.setdefault(len(items), []).append(image_id)
        elif len(items) > overlap:
            open_ones = [item for item in items if item.state == "waiting"]
            open_ones.sort(key=lambda item: (item.lease_expires_at or at) > at)  # What is on no screen goes first.
            fewer += [item.id for item in open_ones[: len(items) - overlap]]
    batch.overlap = overlap
    session.flush()
    slots.delete_slots(session, fewer)
    for count, image_ids in more.items():
        slots.reopen_disputed(session, batch.id, image_ids)
        comparisons.forget(session, batch.id, image_ids)
        taken = {image_id: {item.slot for item in found[image_id]} for image_id in image_ids}
        slots.add_missing(session, batch.id, taken, overlap - count)
    settling.settle(session, batch)


def _return(session: WriteSession, project_id: UUID, image_ids: Iterable[UUID]) -> None:
    for part in slots.parts(list(image_ids)):
        waiting.put_back(session, project_id, waiting.unanswered(session, part))


def _check_people(session: ReadSession, project_id: UUID, user_ids: Sequence[UUID]) -> None:
    strangers = set(user_ids) - batches.members(session, project_id, user_ids)
    if strangers:
        raise NotAMember(user_ids=[str(user_id) for user_id in sorted(strangers)])


def _tell(session: WriteSession, actor: Actor, batch: Batch, user_ids: Sequence[UUID]) -> None:
    """Tell people that a batch is meant for them."""
    until = f", to be done by {batch.deadline:%d %B %Y}" if batch.deadline else ""
    notify(
        session,
        "batch_assigned",
        user_ids,
        project_id=batch.project_id,
        actor_id=actor.user_id,
        text=f"The batch “{batch.name}” waits for you{until}.",
        path=f"/projects/{batch.project_id}/batches/{batch.id}",
    )


def _why_empty(chosen: int, batched: int, lent: int) -> str:
    if not chosen:
        return "There is no such picture. Import some, choose others, or loosen the filters."
    parts = [f"{batched} wait in another batch"] if batched else []
    parts += [f"{lent} are on somebody's screen just now"] if lent else []
    why = " and ".join(parts) or "they were deleted"
    return f"None of these {chosen} pictures can be put into a batch: {why}."


def _record(session: WriteSession, actor: Actor, batch: Batch, action: str, **details: Any) -> None:
    where: dict[str, Any] = {"project_id": batch.project_id, "subject_id": batch.id, "name": batch.name}
    accounts.record(session, action, actor_id=actor.user_id, **where, **details)


def _facts(session: ReadSession, batch: Batch) -> dict[str, Any]:
    people = sorted(batches.people(session, [batch.id]).get(batch.id) or ())
    return {name: getattr(batch, name) for name in _TOLD} | {"people": people}


_TOLD = (
    *("name", "state", "overlap", "consensus", "order", "random_share", "gold_share", "review_share"),
    *("review_by_class", "review_by_person", "review_differing", "deadline", "note"),
)
