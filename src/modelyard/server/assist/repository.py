"""Every query of the assist room: pictures as the quick model sees them, suggestions, and the queue's order."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import (
    Annotation,
    Class,
    Embedding,
    EmbeddingShard,
    GoldPicture,
    Image,
    Job,
    QueueItem,
    Suggestion,
    SuggestionModel,
    now,
)

ASKED = 2.0  # The queue's priority of images that a person sent there; a model leaves them where they are.
KEPT_BACK = -1.0  # The queue's priority of images for testing: they come by chance only.
_KEEP_MODELS = 100


class Picture(NamedTuple):
    """One image as the refresh sees it."""

    image_id: UUID
    is_reserved: bool
    split: str | None
    given_split: str | None
    twin_group: UUID | None
    answer: str | None
    class_id: UUID | None
    guess_id: UUID | None
    guess_score: float | None
    guess_runner_up_id: UUID | None
    priority: float | None
    reason: str | None

    @property
    def is_kept_back(self) -> bool:
        """Whether the picture is for testing: no model may learn from it, and nobody sees a guess for it."""
        return self.is_reserved or "test" in (self.split, self.given_split)

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered yet."""
        return self.answer in (None, "none")


def pictures(session: ReadSession, project_id: UUID) -> list[Picture]:
    """Return every image of the project that is not deleted, with its answer, suggestion and place in the queue.

    Pictures with known answers are as if nobody had answered: a suggestion for them has to be honest.
    """
    query = (
        select(
            Image.id,
            Image.is_reserved,
            Image.split,
            Image.given_split,
            Image.twin_group,
            Annotation.answer,
            Annotation.class_id,
            Suggestion.class_id,
            Suggestion.score,
            Suggestion.runner_up_id,
            QueueItem.priority,
            QueueItem.reason,
        )
        .outerjoin(Annotation, Annotation.image_id == Image.id)
        .outerjoin(Suggestion, Suggestion.image_id == Image.id)
        .outerjoin(QueueItem, and_(QueueItem.image_id == Image.id, QueueItem.batch_id.is_(None)))
        .where(Image.project_id == project_id, Image.deleted_at.is_(None))
    )
    known = set(
        session.scalars(
            select(GoldPicture.image_id).where(GoldPicture.project_id == project_id, GoldPicture.ended_at.is_(None))
        )
    )
    found = (Picture._make(row) for row in session.execute(query))
    return [row._replace(answer=None, class_id=None) if row.image_id in known else row for row in found]


def class_names(session: ReadSession, project_id: UUID) -> dict[UUID, str]:
    """Return the names of the project's classes, in their order on screen."""
    query = select(Class.id, Class.name).where(Class.project_id == project_id, Class.deleted_at.is_(None))
    return {class_id: name for class_id, name in session.execute(query.order_by(Class.position, Class.id))}


def shards(session: ReadSession, project_id: UUID, backbone: str) -> Sequence[EmbeddingShard]:
    """Return the files that hold the plain embeddings of a project."""
    query = select(EmbeddingShard).where(
        EmbeddingShard.project_id == project_id, EmbeddingShard.backbone == backbone, EmbeddingShard.view == "plain"
    )
    return session.scalars(query.order_by(EmbeddingShard.id)).all()


def rows_of(session: ReadSession, shard_id: UUID) -> Sequence[tuple[UUID, int]]:
    """Return (image, row) for everything in a shard."""
    return session.execute(select(Embedding.image_id, Embedding.row).where(Embedding.shard_id == shard_id)).all()


def count_rows(session: ReadSession, shard_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many images point into each shard."""
    query = select(Embedding.shard_id, func.count()).where(Embedding.shard_id.in_(shard_ids))
    return {shard_id: count for shard_id, count in session.execute(query.group_by(Embedding.shard_id))}


def write_suggestions(session: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write suggestions, replacing those that are there; images that are gone are passed over."""
    present = _still_there(session, [row["image_id"] for row in rows])
    rows = [row for row in rows if row["image_id"] in present]
    if not rows:
        return
    statement = _insert(session, Suggestion)
    columns = ("class_id", "score", "margin", "runner_up_id", "version", "updated_at")
    changed = {name: statement.excluded[name] for name in columns}
    session.execute(statement.on_conflict_do_update(index_elements=["image_id"], set_=changed), list(rows))


def write_order(session: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write priority and reason in the open queue, except of what somebody is writing or a person sent there."""
    wanted = {row["image_id"]: row for row in rows}
    free = select(QueueItem.id, QueueItem.image_id).where(QueueItem.image_id.in_(wanted), QueueItem.priority < ASKED)
    free = free.where(QueueItem.batch_id.is_(None)).order_by(QueueItem.image_id).with_for_update(skip_locked=True)
    found = [
        {"id": item_id, "priority": wanted[image_id]["priority"], "reason": wanted[image_id]["reason"]}
        for item_id, image_id in session.execute(free)
    ]
    if found:
        session.execute(update(QueueItem), found)


def forget_suggestions(session: WriteSession, image_ids: Iterable[UUID]) -> None:
    """Remove the suggestions of these images."""
    session.execute(delete(Suggestion).where(Suggestion.image_id.in_(list(image_ids))))


def forget_class(session: WriteSession, project_id: UUID, class_id: UUID) -> None:
    """Remove suggestions that name a class."""
    session.execute(delete(Suggestion).where(Suggestion.project_id == project_id, Suggestion.class_id == class_id))
    runner_up = update(Suggestion).where(Suggestion.project_id == project_id, Suggestion.runner_up_id == class_id)
    session.execute(runner_up.values(runner_up_id=None).execution_options(synchronize_session=False))


def rename_class(session: WriteSession, project_id: UUID, source_id: UUID, target_id: UUID) -> None:
    """Let suggestions of a merged class name its target."""
    for column in (Suggestion.class_id, Suggestion.runner_up_id):
        statement = update(Suggestion).where(Suggestion.project_id == project_id, column == source_id)
        session.execute(statement.values({column: target_id}).execution_options(synchronize_session=False))
    same = and_(Suggestion.project_id == project_id, Suggestion.runner_up_id == Suggestion.class_id)
    session.execute(update(Suggestion).where(same).values(runner_up_id=None))


def last_model(session: ReadSession, project_id: UUID) -> SuggestionModel | None:
    """Return the newest quick model."""
    query = select(SuggestionModel).where(SuggestionModel.project_id == project_id)
    return session.scalars(query.order_by(SuggestionModel.id.desc()).limit(1)).first()


def add_model(session: WriteSession, model: SuggestionModel) -> None:
    """Keep a quick model's record; only the newest keeps its details, and only the last hundred stay."""
    mine = SuggestionModel.project_id == model.project_id
    older = update(SuggestionModel).where(mine, SuggestionModel.labels >= 0).values(details={})
    last = last_model(session, model.project_id)
    if last is not None:
        session.execute(older.where(SuggestionModel.id == last.id).execution_options(synchronize_session=False))
    edge = select(SuggestionModel.id).where(mine).order_by(SuggestionModel.id.desc()).offset(_KEEP_MODELS).limit(1)
    if (oldest := session.scalar(edge)) is not None:
        session.execute(delete(SuggestionModel).where(mine, SuggestionModel.id <= oldest))
    session.add(model)
    session.flush()


def forget_jobs(session: WriteSession, project_id: UUID) -> None:
    """Remove the rows of refreshes that succeeded a while ago; there is one for almost every label."""
    done = and_(Job.project_id == project_id, Job.kind == "assist.refresh", Job.state == "succeeded")
    session.execute(delete(Job).where(done, Job.finished_at < now() - timedelta(minutes=10)))


def labels(session: ReadSession, project_id: UUID) -> dict[UUID, int]:
    """Return how many images of each class a quick model may learn from."""
    query = (
        select(Annotation.class_id, func.count())
        .join(Image, Image.id == Annotation.image_id)
        .where(
            Annotation.project_id == project_id,
            Annotation.answer == "class",
            Image.deleted_at.is_(None),
            Image.is_reserved.is_(False),
            or_(Image.split.is_(None), Image.split != "test"),
            or_(Image.given_split.is_(None), Image.given_split != "test"),
        )
        .group_by(Annotation.class_id)
    )
    return {class_id: count for class_id, count in session.execute(query) if class_id is not None}


def given_classes(session: ReadSession, image_ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Return the class that each of these images is labelled with now."""
    query = (
        select(Annotation.image_id, Annotation.class_id)
        .join(Image, Image.id == Annotation.image_id)
        .where(Annotation.image_id.in_(image_ids), Image.deleted_at.is_(None))
    )
    return {image_id: class_id for image_id, class_id in session.execute(query)}


def _still_there(session: WriteSession, image_ids: Sequence[UUID]) -> set[UUID]:
    return set(session.scalars(select(Image.id).where(Image.id.in_(image_ids))))


def _insert(session: WriteSession, table: Any) -> Any:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def lent_to(session: ReadSession, user_id: UUID, project_id: UUID, *, limit: int) -> list[UUID]:
    """Return the images that are lent to a person now, in the order in which they were lent."""
    query = select(QueueItem.image_id).where(
        QueueItem.project_id == project_id, QueueItem.user_id == user_id, QueueItem.lease_expires_at > now()
    )
    return list(session.scalars(query.order_by(QueueItem.lease_token).limit(limit)))


def images_by_id(session: ReadSession, image_ids: Sequence[UUID]) -> list[Image]:
    """Return these images in this order; deleted ones are left out."""
    query = select(Image).where(Image.id.in_(image_ids), Image.deleted_at.is_(None))
    found = {image.id: image for image in session.scalars(query)}
    return [found[image_id] for image_id in image_ids if image_id in found]


def active_job(session: ReadSession, queueing_lock: str) -> Job | None:
    """Return the newest job of this lock that waits or runs."""
    active = Job.state.in_(("queued", "running"))
    return session.scalars(
        select(Job).where(Job.queueing_lock == queueing_lock, active).order_by(Job.id.desc()).limit(1)
    ).first()
