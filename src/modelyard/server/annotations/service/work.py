"""Who did how much and how it went, how classes fare, and who is where; each person sees their own, leaders all."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from modelyard.engine.metrics import wilson_interval
from modelyard.formats import csv_table
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import role_in
from modelyard.server.accounts.roles import who_may
from modelyard.server.annotations import work_schemas as schemas
from modelyard.server.annotations.gold_schemas import GoldRate
from modelyard.server.annotations.repository import batches as batch_repository
from modelyard.server.annotations.repository import gold, reviews
from modelyard.server.annotations.repository import work as repository
from modelyard.server.annotations.repository.work import Done, Scope
from modelyard.server.annotations.service import agreement, batches
from modelyard.server.annotations.service.batches import BatchNotFound
from modelyard.server.kit.database import ReadSession
from modelyard.server.projects import classes
from modelyard.server.projects import service as projects
from modelyard.server.tables import Project, now


def people(
    session: ReadSession, actor: Actor, project_id: UUID, batch_id: UUID | None = None
) -> list[schemas.PersonWork]:
    """Return what people did, the busiest first: to those who lead everybody, to others their own.

    Raises `ProjectNotFound`, `BatchNotFound`.
    """
    project = projects.get(session, actor, project_id)
    scope = _scope(session, actor, project, batch_id)
    is_lead = role_in(session, actor, project_id) in who_may("manage_batches")
    done = repository.done(session, scope)
    if not is_lead:
        mine = done.get(actor.user_id, Done())
        done = {actor.user_id: mine.plus(repository.done_on_gold(session, scope, actor.user_id))}
    today = datetime.combine(now().date(), time(), tzinfo=UTC)
    tallies = gold.tallies(session, project_id, before=None if is_lead else today)
    agreed = agreement.of_people(session, project_id, batch_id)
    looked = reviews.counts_by_author(session, project_id, batch_id=batch_id)
    names = batch_repository.names(session, done)
    found = []
    for user_id, did in done.items():
        known = [row for row in tallies if row.author_id == user_id]
        each = did.pictures if project.task in ("classification", "multi_label") else did.objects
        compared = agreed.get(user_id)
        review = looked.get(user_id, reviews.ReviewCounts())
        found.append(
            schemas.PersonWork(
                user_id=user_id,
                name=names.get(user_id, ""),
                **did._asdict() | {"active_s": round(did.active_s, 1)},
                seconds_each=round(did.active_s / each, 2) if each and did.active_s else None,
                reviewed=review.accepted + review.corrected + review.rejected,
                review_accepted=review.accepted,
                review_corrected=review.corrected,
                review_rejected=review.rejected,
                gold=rate(sum(row.right for row in known), sum(row.known for row in known)),
                agreed=_rounded(compared.agreed) if compared else None,
                compared=compared.pictures if compared else 0,
            )
        )
    return sorted(found, key=lambda row: (-row.pictures, row.name.lower()))


def of_classes(
    session: ReadSession, actor: Actor, project_id: UUID, batch_id: UUID | None = None
) -> list[schemas.ClassWork]:
    """Return how each class fares, in their order; raises `ProjectNotFound`, `BatchNotFound`."""
    project = projects.get(session, actor, project_id)
    scope = _scope(session, actor, project, batch_id)
    counts = repository.class_counts(session, scope, is_drawn=project.task != "classification")
    outcomes, agreed = repository.class_outcomes(session, scope), agreement.of_classes(session, project_id, batch_id)
    found = []
    for row in classes.show(session, project_id):
        decided, corrected = outcomes.get(row.id, (0, 0))
        found.append(
            schemas.ClassWork(
                class_id=row.id,
                name=row.name,
                count=counts.get(row.id, 0),
                agreed=_rounded(agreed.get(row.id)),
                suggested=decided,
                corrected=corrected,
                corrected_share=_rounded(corrected / decided) if decided else None,
            )
        )
    return found


def on_screens(session: ReadSession, actor: Actor, batch_id: UUID) -> list[schemas.OnScreen]:
    """Return who has pictures of a batch on the screen just now; which, to those who lead. Raises `BatchNotFound`."""
    batch = batches.get(session, actor, batch_id)
    is_lead = role_in(session, actor, batch.project_id) in who_may("manage_batches")
    by_person: dict[UUID, list[repository.Lent]] = {}
    for row in repository.on_screens(session, batch_id, at=now()):
        by_person.setdefault(row.user_id, []).append(row)
    return [
        schemas.OnScreen(
            user_id=user_id,
            name=rows[0].user_name,
            pictures=len(rows),
            image_id=rows[0].image_id if is_lead else None,
            image_name=rows[0].image_name if is_lead else None,
            until=rows[0].until,
        )
        for user_id, rows in by_person.items()
    ]


def rate(right: int, known: int) -> GoldRate:
    """Return how often known pictures were right, with its interval."""
    if not known:
        return GoldRate(known=0, right=0, accuracy=None, interval=None)
    interval = [round(value, 4) for value in wilson_interval(right, known)]
    return GoldRate(known=known, right=right, accuracy=round(right / known, 4), interval=interval)


_PEOPLE = (
    *("name", "pictures", "objects", "active_s", "seconds_each", "accepted", "corrected"),
    *("reviewed", "review_accepted", "review_corrected", "review_rejected"),
)
_CLASSES = ("name", "count", "agreed", "suggested", "corrected", "corrected_share")


def people_csv(rows: Sequence[schemas.PersonWork]) -> Iterator[str]:
    """Yield the lines of a table of people; none of its fields is run as a formula by a spreadsheet."""
    header = [*_PEOPLE, "gold_known", "gold_right", "gold_accuracy", "agreed", "compared", "last_at"]
    yield csv_table.line(header)
    for row in rows:
        known = [row.gold.known, row.gold.right, row.gold.accuracy]
        last = row.last_at.isoformat() if row.last_at else None
        values = [*(getattr(row, name) for name in _PEOPLE), *known, row.agreed, row.compared, last]
        yield csv_table.line(_texts(values))


def classes_csv(rows: Sequence[schemas.ClassWork]) -> Iterator[str]:
    """Yield the lines of a table of classes; none of its fields is run as a formula by a spreadsheet."""
    yield csv_table.line(["class", *_CLASSES[1:]])
    for row in rows:
        yield csv_table.line(_texts([getattr(row, name) for name in _CLASSES]))


def _texts(values: Sequence[Any]) -> list[str]:
    return ["" if value is None else str(value) for value in values]


def _scope(session: ReadSession, actor: Actor, project: Project, batch_id: UUID | None) -> Scope:
    if batch_id is not None and batches.get(session, actor, batch_id).project_id != project.id:
        raise BatchNotFound
    return Scope(project.id, batch_id)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
