"""Queries for detectors and the objects that they suggest."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, or_, select, update

from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Class, Detector, GoldPicture, Image, Object, ObjectSuggestion, QueueItem, now

REPLACED = "replaced"
_KEEP_REPLACED = timedelta(days=1)  # Somebody may have them on screen; what they accept then is not lost.
_MOST_TIMED = 5_000


class Picture(NamedTuple):
    """One image that a detector is to look at."""

    id: UUID
    name: str
    content_hash: str
    format: str
    display: dict[str, Any] | None
    size_bytes: int
    width: int
    height: int
    is_kept_back: bool


_KEPT_BACK = or_(
    Image.is_reserved, func.coalesce(Image.split, "") == "test", func.coalesce(Image.given_split, "") == "test"
)


def detectors(session: ReadSession, project_id: UUID) -> Sequence[Detector]:
    """Return a project's detectors, newest first."""
    query = select(Detector).where(Detector.project_id == project_id, Detector.deleted_at.is_(None))
    return session.scalars(query.order_by(Detector.id.desc())).all()


def detector(session: ReadSession, detector_id: UUID) -> Detector | None:
    """Return a detector, deleted or not."""
    return session.get(Detector, detector_id)


def by_name(session: ReadSession, project_id: UUID, name: str) -> Detector | None:
    """Return the detector of this name, whatever its case, if it is not deleted."""
    query = select(Detector).where(Detector.project_id == project_id, Detector.deleted_at.is_(None))
    return session.scalars(query.where(func.lower(Detector.name) == name.lower())).first()


def count_outcomes(session: ReadSession, project_id: UUID) -> Sequence[tuple[UUID, UUID, str | None, int]]:
    """Return (detector, class, outcome, objects) of what was suggested, but for what was found otherwise since."""
    row = ObjectSuggestion
    owned = select(Detector.id).where(Detector.project_id == project_id)
    query = select(row.detector_id, row.class_id, row.outcome, func.count())
    # An index that begins with the detector holds all that is counted.
    query = query.where(row.detector_id.in_(owned))
    query = query.where(or_(row.outcome.is_(None), row.outcome != REPLACED))
    return session.execute(query.group_by(row.detector_id, row.class_id, row.outcome)).all()


def pictures(session: ReadSession, project_id: UUID, image_ids: Sequence[UUID]) -> list[Picture]:
    """Return those of these images that are in the project now, in their order."""
    columns = (Image.id, Image.name, Image.content_hash, Image.format, Image.display, Image.size_bytes)
    query = select(*columns, Image.width, Image.height, _KEPT_BACK).where(
        Image.id.in_(image_ids), Image.project_id == project_id, Image.deleted_at.is_(None)
    )
    found = {row[0]: Picture._make(row) for row in session.execute(query)}
    return [found[image_id] for image_id in image_ids if image_id in found]


def next_in_queue(session: ReadSession, project_id: UUID, count: int) -> list[UUID]:
    """Return the images that are labelled next, but for those kept for testing."""
    query = select(QueueItem.image_id).join(Image, Image.id == QueueItem.image_id)
    query = query.where(QueueItem.project_id == project_id, QueueItem.state == "waiting", ~_KEPT_BACK)
    query = query.group_by(QueueItem.image_id).order_by(func.max(QueueItem.priority).desc(), QueueItem.image_id.desc())
    return list(session.scalars(query.limit(count)))


def gold_pictures(session: ReadSession, project_id: UUID) -> list[UUID]:
    """Return the pictures of a project that have a known answer."""
    return list(session.scalars(_gold().where(GoldPicture.project_id == project_id)))


def _gold() -> Select[UUID]:
    return select(GoldPicture.image_id).where(GoldPicture.ended_at.is_(None))


def undecided(session: ReadSession, image_id: UUID, *, is_fresh: bool = False) -> Sequence[ObjectSuggestion]:
    """Return what is suggested for an image and open, the surest first: of present detectors and classes alone.

    Args:
        session: Where to look.
        image_id: The image.
        is_fresh: Take what people decided for open, as if nobody had looked at the image.
    """
    row = ObjectSuggestion
    query = select(row).join(Detector, Detector.id == row.detector_id).join(Class, Class.id == row.class_id)
    is_open = row.outcome.is_(None)
    query = query.where(row.image_id == image_id, or_(is_open, row.outcome != REPLACED) if is_fresh else is_open)
    query = query.where(Detector.deleted_at.is_(None), Class.deleted_at.is_(None))
    return session.scalars(query.order_by(row.score.desc(), row.id)).all()


def suggested(session: ReadSession, detector_id: UUID, image_ids: Iterable[UUID]) -> Sequence[ObjectSuggestion]:
    """Return everything that a detector ever suggested for these images, and what became of it."""
    row = ObjectSuggestion
    query = select(row).where(row.image_id.in_(list(image_ids)), row.detector_id == detector_id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def drawn(session: ReadSession, image_ids: Iterable[UUID]) -> Sequence[Object]:
    """Return what is drawn into these images now; of pictures with known answers nothing, as if nobody had drawn."""
    query = select(Object).where(Object.image_id.in_(list(image_ids)), Object.until_revision.is_(None))
    query = query.where(Object.image_id.not_in(_gold()))
    return session.scalars(query).all()


def lock(session: WriteSession, image_ids: Iterable[UUID]) -> set[UUID]:
    """Keep others from suggesting for these images until the commit; return those that exist."""
    query = select(Image.id).where(Image.id.in_(sorted(image_ids)), Image.deleted_at.is_(None))
    return set(session.scalars(query.order_by(Image.id).with_for_update(key_share=True)))


def add(session: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write new suggestions."""
    if rows:
        session.execute(insert(ObjectSuggestion), rows)


def replace(session: WriteSession, detector_id: UUID, image_ids: Iterable[UUID], ids: Iterable[UUID]) -> None:
    """Take suggestions back that were found otherwise now; those taken back a day ago and more go for good."""
    row = ObjectSuggestion
    old = delete(row).where(row.image_id.in_(list(image_ids)), row.detector_id == detector_id)
    old = old.where(row.outcome == REPLACED, row.decided_at < now() - _KEEP_REPLACED)
    session.execute(old.execution_options(synchronize_session=False))
    _set(session, update(row).where(row.id.in_(list(ids))), outcome=REPLACED, decided_at=now())


def take(session: WriteSession, suggestion_id: UUID, object_id: UUID, outcome: str, actor_id: UUID | None) -> None:
    """Write that a suggestion became an object."""
    statement = update(ObjectSuggestion).where(ObjectSuggestion.id == suggestion_id)
    _set(session, statement, outcome=outcome, object_id=object_id, decided_by=actor_id, decided_at=now())


def decide(
    session: WriteSession, image_id: UUID, ids: Iterable[UUID], outcome: str | None, actor_id: UUID | None
) -> None:
    """Write that suggestions for an image were rejected, or are open again (None)."""
    row = ObjectSuggestion
    statement = update(row).where(row.image_id == image_id, row.id.in_(list(ids)))
    by, at = (actor_id, now()) if outcome else (None, None)
    _set(session, statement, outcome=outcome, object_id=None, decided_by=by, decided_at=at)


def rename_class(session: WriteSession, project_id: UUID, source_id: UUID, target_id: UUID) -> None:
    """Let suggested objects of a merged class be of its target."""
    row = ObjectSuggestion
    statement = update(row).where(row.project_id == project_id, row.class_id == source_id)
    _set(session, statement, class_id=target_id)


def seconds(session: ReadSession, project_id: UUID) -> Sequence[tuple[str, float]]:
    """Return (source, seconds of active work over all its versions) of the newest objects whose time is known."""
    newest = select(Object.image_id, Object.object_id, Object.source).where(
        Object.project_id == project_id, Object.until_revision.is_(None), Object.source != "import"
    )
    present = newest.order_by(Object.id.desc()).limit(_MOST_TIMED).subquery()
    versions = select(present.c.source, func.sum(Object.active_s)).join_from(
        present, Object, (Object.image_id == present.c.image_id) & (Object.object_id == present.c.object_id)
    )
    versions = versions.where(Object.active_s.is_not(None))
    return session.execute(versions.group_by(present.c.source, present.c.object_id)).all()


def _set(session: WriteSession, statement: Any, **values: Any) -> None:
    session.execute(statement.values(**values).execution_options(synchronize_session=False))
