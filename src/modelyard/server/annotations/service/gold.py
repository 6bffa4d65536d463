"""Pictures with known answers, for whoever leads the work: marked, listed, and how people do on them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from modelyard.engine.metrics import wilson_interval
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import gold_schemas as schemas
from modelyard.server.annotations.repository import answers, objects, slots
from modelyard.server.annotations.repository import batches as batch_repository
from modelyard.server.annotations.repository import gold as repository
from modelyard.server.annotations.service import gold_pauses
from modelyard.server.annotations.service.opinion_objects import to_stored
from modelyard.server.events import GoldChanged
from modelyard.server.images.cards import cards
from modelyard.server.images.veil import VEILED
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.kit.pages import Page, keyset
from modelyard.server.projects import service as projects
from modelyard.server.tables import Annotation, GoldAnswer, GoldPicture, Object, now


def mark(
    session: WriteSession, actor: Actor, project_id: UUID, image_ids: Sequence[UUID], *, is_onboarding: bool
) -> schemas.GoldMarked:
    """Keep the present labels of pictures as known answers, each a version of its own."""
    projects.get(session, actor, project_id)
    wanted = list(dict.fromkeys(image_ids))
    there = answers.lock_images(session, project_id, wanted)
    labels = {id_: row for id_, row in answers.annotations(session, there).items() if row.answer != "none"}
    waiting = slots.waiting_among(session, list(labels))
    before = {row.image_id: row for row in repository.present(session, project_id, labels)}
    drawn: dict[UUID, list[Object]] = {}
    for item in objects.present(session, labels):
        drawn.setdefault(item.image_id, []).append(item)
    numbers = repository.last_versions(session, list(labels))
    marked = unchanged = 0
    for image_id in (id_ for id_ in wanted if id_ in labels and id_ not in waiting):
        row, known = labels[image_id], before.get(image_id)
        kept = [to_stored({name: getattr(item, name) for name in _COLUMNS}) for item in drawn.get(image_id, [])]
        if known is not None and _is_same(known, row, kept):
            unchanged += known.is_onboarding is is_onboarding
            marked += known.is_onboarding is not is_onboarding
            known.is_onboarding = is_onboarding
            continue
        if known is not None:
            known.ended_at = now()
            session.flush()
        new = GoldPicture(project_id=project_id, image_id=image_id, version=numbers.get(image_id, 0) + 1)
        new.answer, new.class_id, new.objects, new.revision = row.answer, row.class_id, kept, row.revision
        new.is_onboarding, new.created_by = is_onboarding, actor.user_id
        session.add(new)
        session.flush()
        repository.follow(session, image_id, new.id)
        marked += 1
    session.flush()
    if marked:
        publish(session, GoldChanged(project_id))
        accounts.record(session, "gold.marked", actor_id=actor.user_id, project_id=project_id, pictures=str(marked))
    return schemas.GoldMarked(
        marked=marked, unchanged=unchanged, without_label=len(wanted) - len(labels), in_queue=len(waiting)
    )


def remove(session: WriteSession, actor: Actor, project_id: UUID, image_ids: Sequence[UUID]) -> int:
    """Let pictures be like any other again; what people said of them stays in their scores. Returns how many."""
    projects.get(session, actor, project_id)
    rows = repository.present(session, project_id, image_ids)
    for row in rows:
        row.ended_at = now()
    session.flush()
    repository.clear(session, image_ids=[row.image_id for row in rows])
    if rows:
        publish(session, GoldChanged(project_id))
        pictures = str(len(rows))
        accounts.record(session, "gold.removed", actor_id=actor.user_id, project_id=project_id, pictures=pictures)
    return len(rows)


def list_(session: ReadSession, actor: Actor, project_id: UUID) -> list[schemas.GoldPicture]:
    """Return a project's pictures with known answers, newest first."""
    projects.get(session, actor, project_id)
    rows = repository.present(session, project_id)
    shown = {card.id: card for card in cards(session, [row.image_id for row in rows])}
    present = answers.annotations(session, [row.image_id for row in rows])
    did = repository.by_picture(session, [row.id for row in rows])
    found = []
    for row in rows:
        known, right = did.get(row.id, (0, 0))
        label = present.get(row.image_id)
        facts = {name: getattr(row, name) for name in ("version", "answer", "class_id", "is_onboarding", "created_at")}
        is_outdated = label is None or label.revision != row.revision
        found.append(
            schemas.GoldPicture(
                image=shown[row.image_id],
                objects=len(row.objects),
                is_outdated=is_outdated,
                known=known,
                right=right,
                **facts,
            )
        )
    return found


def people(session: ReadSession, actor: Actor, project_id: UUID) -> schemas.GoldPeople:
    """Say how people do on known pictures, with and without suggestions, and who was asked to stop."""
    projects.get(session, actor, project_id)
    tallies = repository.tallies(session, project_id)
    pauses = repository.pauses(session, project_id)
    labellers = {user.id: user.name for user in repository.leaders(session, project_id, VEILED)}
    names = batch_repository.names(session, {row.author_id for row in tallies} | set(pauses)) | labellers
    found = []
    for user_id, name in sorted(names.items(), key=lambda pair: pair[1].lower()):
        mine = [row for row in tallies if row.author_id == user_id]
        pause = pauses.get(user_id)
        stopped = pause if pause and pause.paused_at else None
        known = sum(row.known for row in mine)
        found.append(
            schemas.GoldPerson(
                user_id=user_id,
                name=name,
                **_rates(mine),
                mean_score=round(sum(row.score or 0.0 for row in mine) / known, 4) if known else None,
                left=len(repository.unseen(session, project_id, user_id, is_onboarding=False)),
                paused_at=stopped.paused_at if stopped else None,
                paused_because=gold_pauses.in_words(stopped) if stopped else None,
            )
        )
    return schemas.GoldPeople(**_rates(tallies), people=found)


def answers_of(
    session: ReadSession, actor: Actor, project_id: UUID, user_id: UUID, *, cursor: str | None, limit: int
) -> Page[schemas.GoldAnswer]:
    """Return one page of what a person said of known pictures, the last first; raises `CursorInvalid`."""
    projects.get(session, actor, project_id)
    query = repository.answers_of(session, project_id, user_id)
    order = [(GoldAnswer.updated_at, "desc"), (GoldAnswer.id, "desc")]
    rows, following = keyset(session, query, order=order, cursor=cursor, limit=limit)
    known = repository.versions(session, [row.gold_id for row in rows])
    shown = {card.id: card for card in cards(session, [row.image_id for row in rows])}
    names = ("answer", "class_id", "score", "is_right", "had_suggestions", "active_s", "submitted_at")
    items = [
        schemas.GoldAnswer(
            image=shown[row.image_id],
            objects=len(row.objects),
            known_answer=known[row.gold_id].answer,
            known_class_id=known[row.gold_id].class_id,
            known_objects=len(known[row.gold_id].objects),
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
        if row.image_id in shown
    ]
    return Page(items=items, next_cursor=following)


_COLUMNS = (
    *("object_id", "class_id", "attributes", "z", "type", "x1", "y1", "x2", "y2", "shape"),
    *("source", "suggestion_id", "active_s"),
)
_COMPARED = ("class_id", "type", "x1", "y1", "x2", "y2", "shape")


def _is_same(known: GoldPicture, row: Annotation, drawn: Sequence[dict[str, object]]) -> bool:
    def content(items: Iterable[dict[str, object]]) -> list[str]:
        return sorted(repr([item[name] for name in _COMPARED]) for item in items)

    same = (known.answer, known.class_id) == (row.answer, row.class_id)
    return same and content(known.objects) == content(drawn)


def _rates(rows: Sequence[repository.Tally]) -> dict[str, schemas.GoldRate]:
    parts = {
        "all": rows,
        "with_suggestions": [row for row in rows if row.had_suggestions],
        "without_suggestions": [row for row in rows if row.had_suggestions is False],
    }
    return {name: _rate(part) for name, part in parts.items()}


def _rate(rows: Sequence[repository.Tally]) -> schemas.GoldRate:
    known, right = sum(row.known for row in rows), sum(row.right for row in rows)
    accuracy = round(right / known, 4) if known else None
    interval = [round(value, 4) for value in wilson_interval(right, known)] if known else None
    return schemas.GoldRate(known=known, right=right, accuracy=accuracy, interval=interval)
