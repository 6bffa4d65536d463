"""How far batches are, who did what in them, and when they will end if it goes on like that."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import projects_of, role_in
from modelyard.server.annotations import batch_schemas as schemas
from modelyard.server.annotations.repository import batches as repository
from modelyard.server.annotations.repository import gold, reviews
from modelyard.server.annotations.review_schemas import ReturnedPicture
from modelyard.server.annotations.service import batch_order
from modelyard.server.images.veil import VEILED
from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import Batch, now

_WINDOW = timedelta(days=7)
_ENOUGH = 5  # labels from which on a rate is worth saying
_SHORTEST = timedelta(minutes=1)
_FARTHEST = timedelta(days=3650)


def show(session: ReadSession, rows: Sequence[Batch]) -> list[schemas.Batch]:
    """Return batches as the API shows them."""
    ids, at = [row.id for row in rows], now()
    counts, work = repository.counts(session, ids), repository.work(session, ids)
    _blend(session, rows, counts, work)
    looks, decided = reviews.counts(session, ids), reviews.decided_by(session, ids)
    named, recent = repository.people(session, ids), repository.recent(session, ids, at=at, within=_WINDOW)
    who = {user_id for people in named.values() for user_id in people}
    who |= {user_id for people in work.values() for user_id, _, _ in people}
    who |= {user_id for people in decided.values() for user_id in people}
    names = repository.names(session, who | {row.created_by for row in rows if row.created_by})
    found = []
    for row in rows:
        count, look = counts[row.id], looks.get(row.id, reviews.ReviewCounts())
        rate = _per_day(*recent[row.id], at=at) if row.id in recent else None
        ends_at = _end(count.wanted - count.given, rate, at=at) if row.state == "open" else None
        facts = {name: getattr(row, name) for name in _PLAIN}
        found.append(
            schemas.Batch(
                **facts,
                order_note=batch_order.note(row, count.best),
                is_late=_is_late(row, count.wanted > count.given, ends_at, at=at),
                is_for_all=row.id not in named,
                people=_people(named.get(row.id, []), work.get(row.id, []), names),
                created_by_name=names.get(row.created_by) if row.created_by else None,
                wanted=count.wanted,
                given=count.given,
                pictures=count.pictures,
                finished=count.finished,
                disputed=count.disputed,
                is_finished=count.finished == count.pictures and not look.waiting,
                to_review=look.waiting,
                accepted=look.accepted,
                corrected=look.corrected,
                rejected=look.rejected,
                reviewers=_reviewers(decided.get(row.id, {}), names),
                labels_per_day=rate,
                ends_at=ends_at,
            )
        )
    return found


def _blend(
    session: ReadSession,
    rows: Sequence[Batch],
    counts: dict[UUID, repository.Counts],
    work: dict[UUID, list[tuple[UUID, int, datetime]]],
) -> None:
    """Count known pictures like others for those who may not tell them apart."""
    actor: Actor | None = session.info.get("actor")
    if actor is None:
        return
    is_told = {id_: role_in(session, actor, id_) not in VEILED for id_ in {row.project_id for row in rows}}
    blended = [row for row in rows if not is_told[row.project_id]]
    known = gold.counted(session, [row.id for row in blended])
    for row in blended:
        if row.id not in known:
            continue
        count, added = counts[row.id], known[row.id]
        alone = row.overlap == 1
        if count.given == count.wanted:  # What was planned and is not needed any more comes to nobody.
            added = added._replace(wanted=added.given)
        counts[row.id] = count._replace(
            wanted=count.wanted + added.wanted,
            given=count.given + added.given,
            pictures=count.pictures + (added.wanted if alone else 0),
            finished=count.finished + (added.given if alone else 0),
        )
        people = {user_id: (labels, last_at) for user_id, labels, last_at in work.get(row.id, [])}
        for user_id, (labels, last_at) in added.by_person.items():
            before, at = people.get(user_id, (0, last_at))
            people[user_id] = (before + labels, max(at, last_at))
        work[row.id] = sorted(((id_, *of) for id_, of in people.items()), key=lambda row: -row[1])


def work_of(session: ReadSession, actor: Actor) -> list[schemas.Work]:
    """Return the batches of all projects in which this person can label or review something, the most urgent first."""
    rows = repository.meant_for(session, actor.user_id, projects_of(actor, wants="label"))
    waiting = reviews.left_for(session, actor.user_id, projects_of(actor, wants="review"))
    mine = {batch.id for batch, _, _ in rows}
    rows += repository.with_projects(session, [batch_id for batch_id in waiting if batch_id not in mine])
    ids = [batch.id for batch, _, _ in rows]
    done, returned = repository.work(session, ids), _returned(session, actor, ids)
    found = []
    for batch, project_name, is_named in rows:
        left = repository.left_for(session, batch.id, actor.user_id) if batch.id in mine else 0
        to_review = waiting.get(batch.id, 0)
        if left or to_review:
            labels = next((n for user_id, n, _ in done.get(batch.id, []) if user_id == actor.user_id), 0)
            known = gold.place(session, batch.id, actor.user_id, at=now()).known
            left, labels = left + (gold.due(session, batch.id, actor.user_id) if left else 0), labels + known
            facts = {"batch_id": batch.id, "name": batch.name, "project_id": batch.project_id, "left": left}
            facts |= {"project_name": project_name, "is_named": is_named, "deadline": batch.deadline}
            facts |= {"to_review": to_review, "returned": returned.get(batch.id, [])}
            found.append(schemas.Work(**facts, labels=labels))
    return found


def _returned(session: ReadSession, actor: Actor, batch_ids: Sequence[UUID]) -> dict[UUID, list[ReturnedPicture]]:
    """Return what was sent back to this person, by batch."""
    rows = [row for row, _ in reviews.returned(session, actor.user_id, batch_ids)]
    names = repository.names(session, {row.reviewer_id for row in rows if row.reviewer_id})
    pictures = repository.picture_names(session, [row.image_id for row in rows])
    found: dict[UUID, list[ReturnedPicture]] = {}
    for row in rows:
        facts = {"batch_id": row.batch_id, "image_id": row.image_id, "name": pictures.get(row.image_id, "")}
        facts |= {"reason": row.reason, "decided_at": row.decided_at}
        name = names.get(row.reviewer_id) if row.reviewer_id else None
        found.setdefault(row.batch_id, []).append(ReturnedPicture(**facts, reviewer_name=name))
    return found


def _reviewers(decided: Mapping[UUID, int], names: Mapping[UUID, str]) -> list[schemas.BatchReviewer]:
    busiest = sorted(decided.items(), key=lambda item: -item[1])
    return [schemas.BatchReviewer(user_id=id_, name=names.get(id_, ""), decisions=number) for id_, number in busiest]


_PLAIN = (
    "id",
    "project_id",
    "name",
    "kind",
    "state",
    "overlap",
    "order",
    "random_share",
    "review_share",
    "gold_share",
    "consensus",
    "review_by_class",
    "review_by_person",
    "review_differing",
    "deadline",
    "note",
    "created_at",
)


def _per_day(labels: int, since: datetime, *, at: datetime) -> float | None:
    if labels < _ENOUGH:
        return None
    return round(labels / (max(at - since, _SHORTEST) / timedelta(days=1)), 1)


def _end(left: int, rate: float | None, *, at: datetime) -> datetime | None:
    if not left or not rate:
        return None
    takes = timedelta(days=min(left / rate, _FARTHEST.days))
    return at + takes if takes < _FARTHEST else None


def _is_late(row: Batch, is_unfinished: bool, ends_at: datetime | None, *, at: datetime) -> bool:
    if row.deadline is None or not is_unfinished or row.state == "closed":
        return False
    return row.deadline < (ends_at or at)


def _people(
    named: Sequence[UUID], work: Sequence[tuple[UUID, int, datetime]], names: dict[UUID, str]
) -> list[schemas.BatchPerson]:
    done = {user_id: (labels, last_at) for user_id, labels, last_at in work}
    found = []
    for user_id in [*done, *(user_id for user_id in named if user_id not in done)]:
        labels, last_at = done.get(user_id, (0, None))
        facts = {"user_id": user_id, "name": names.get(user_id, ""), "is_named": user_id in named}
        found.append(schemas.BatchPerson(**facts, labels=labels, last_at=last_at))
    return found
