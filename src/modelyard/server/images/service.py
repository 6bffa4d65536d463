"""The grid, one image, taking images out and putting them back, and pictures that become images."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from modelyard.errors import Invalid, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import refuse_member
from modelyard.server.events import Drawn, ImagesAdded, ImagesDeleted, ImagesRestored
from modelyard.server.images import listing, repository, schemas, veil
from modelyard.server.images.cards import cards
from modelyard.server.images.storing import keep, thumbnail_key
from modelyard.server.images.verify import DECODING, TOO_MUCH, Facts, Limits, Refusal, is_light, verify
from modelyard.server.kit import jobs
from modelyard.server.kit.aside import aside
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.compute import ChildDied
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import service as projects
from modelyard.server.settings import Settings
from modelyard.server.tables import Image, Project, new_id, now

__all__ = ["Arrival", "ImageNotFound", "add", "add_bytes", "ask_for_features", "get", "limits_of", "thumbnail_key"]


class ImageNotFound(NotFound):
    """There is no such image, or it belongs to a project that you are not a member of."""


class ImageRefused(Invalid):
    """This file is not accepted as a picture."""


@dataclass(frozen=True)
class Arrival:
    """A verified picture, with what was said about it, about to become an image."""

    name: str
    facts: Facts
    split: str | None = None
    class_id: UUID | None = None
    answer: str | None = None  # "objects" | "does_not_belong" | "not_sure"
    objects: Sequence[Drawn] = ()
    attributes: Mapping[str, str | float | bool] = field(default_factory=dict)  # of the image as a whole


@dataclass(frozen=True)
class Added:
    """What became of an arrival: a new image, or one that the project holds already."""

    image: Image
    is_new: bool
    is_answered_now: bool  # the class that came with it was taken over


def limits_of(settings: Settings) -> Limits:
    """Return the largest file and picture that this installation accepts."""
    return Limits(
        bytes=settings.max_image_mb * 1_000_000,
        pixels=settings.max_image_megapixels * 1_000_000,
        memory=settings.worker_memory_mb * 2**20,
    )


def get(session: ReadSession, actor: Actor, image_id: UUID) -> Image:
    """Return an image; raises `RoleMissing`, and `ImageNotFound` for those who are no members of its project."""
    image = repository.get(session, actor, image_id)
    if image is None:
        refuse_member(session, actor, select(Image.project_id).where(Image.id == image_id))
        raise ImageNotFound
    return image


def page(
    session: ReadSession, project_id: UUID, query: schemas.ImageQuery
) -> tuple[list[schemas.ImageCard], str | None]:
    """Return one page of the grid and the next cursor; raises `CursorInvalid`."""
    image_ids, next_cursor = listing.page(session, project_id, query)
    return cards(session, image_ids), next_cursor


def show(session: ReadSession, image: Image) -> schemas.Image:
    """Return everything known of an image."""
    card = cards(session, [image.id])[0]
    facts = {name: getattr(image, name) for name in schemas.Image.model_fields if hasattr(image, name)}
    own = veil.hidden(session, image_ids=[image.id]).get(image.id)
    if own is not None:
        history = [schemas.HistoryEntry.model_validate(entry) for entry in own.history()]
        return schemas.Image(**(facts | card.model_dump()), twins=repository.twins(session, image), history=history)
    history = [
        schemas.HistoryEntry(
            revision=row.revision,
            answer=row.answer,
            class_id=row.class_id,
            author_name=name,
            source=row.source,
            at=row.created_at,
            action=row.action.partition(":")[0],
        )
        for row, name in repository.history(session, image.id)
    ]
    return schemas.Image(**(facts | card.model_dump()), twins=repository.twins(session, image), history=history)


_NAMED = 5  # names of pictures in an entry of the history


def delete(session: WriteSession, project: Project, image_ids: Sequence[UUID], *, actor_id: UUID | None) -> int:
    """Take images out of the project, softly; return how many."""
    found = repository.some(session, project.id, image_ids, is_deleted=False)
    _note(session, project, "image.deleted", found, actor_id=actor_id)
    return _mark(session, project, found, is_deleted=True)


def restore(session: WriteSession, project: Project, image_ids: Sequence[UUID], *, actor_id: UUID | None) -> int:
    """Put back images that were taken out; return how many."""
    found = repository.some(session, project.id, image_ids, is_deleted=True)
    _note(session, project, "image.restored", found, actor_id=actor_id)
    return _mark(session, project, found, is_deleted=False)


def _note(
    session: WriteSession, project: Project, action: str, images: Sequence[Image], *, actor_id: UUID | None
) -> None:
    """Write into the history which pictures came or went; imports, which bring many, have entries of their own."""
    if images:
        said: dict[str, Any] = {"pictures": len(images), "names": [image.name for image in images[:_NAMED]]}
        subject_id = images[0].id if len(images) == 1 else None
        accounts.record(session, action, actor_id=actor_id, project_id=project.id, subject_id=subject_id, **said)


def _mark(session: WriteSession, project: Project, images: Sequence[Image], *, is_deleted: bool) -> int:
    for image in images:
        image.deleted_at = now() if is_deleted else None
    session.flush()
    event = ImagesDeleted if is_deleted else ImagesRestored
    if images:
        publish(session, event(project.id, [image.id for image in images]))
    return len(images)


def add(
    session: WriteSession,
    project: Project,
    arrivals: Sequence[Arrival],
    *,
    import_id: UUID | None = None,
    author_id: UUID | None = None,
) -> list[Added]:
    """Make images of verified pictures whose bytes are stored, in their order.

    A picture that the project holds already stays one image: it comes back if it was deleted, and takes over an
    answer if it has none.
    """
    repository.lock_project(session, project.id)  # Two imports may bring the same picture at the same moment.
    known = repository.by_hash(session, project.id, [arrival.facts.content_hash for arrival in arrivals])
    old = set(known)
    share = projects.settings_of(project).test_share
    for arrival in arrivals:
        if arrival.facts.content_hash not in known:
            known[arrival.facts.content_hash] = _build(project, arrival, import_id, share)
    fresh = [image for content_hash, image in known.items() if content_hash not in old]
    session.add_all(fresh)
    session.flush()
    _mark(session, project, [image for image in known.values() if image.deleted_at], is_deleted=False)
    answered = repository.answered(session, [known[content_hash].id for content_hash in old])
    new = {image.id for image in fresh}
    if import_id is None:
        _note(session, project, "image.added", fresh, actor_id=author_id)
    return _tell(session, project, arrivals, known, by=(import_id, author_id), new=new, answered=answered)


def add_bytes(
    session: WriteSession,
    blobs: BlobStore,
    settings: Settings,
    project: Project,
    *,
    name: str,
    data: bytes,
    author_id: UUID | None = None,
) -> tuple[Image, bool]:
    """Verify, store and add one picture; return it and whether it is new. Raises `ImageRefused` with the reason."""
    arrival = store(blobs, settings, name=name, data=data)
    added = add(session, project, [arrival], author_id=author_id)[0]
    ask_for_features(session, project.id)
    return added.image, added.is_new


def store(blobs: BlobStore, settings: Settings, *, name: str, data: bytes) -> Arrival:
    """Verify one picture and store its bytes and thumbnail; raises `ImageRefused` with the reason, `TooBusy`."""
    found = _verified(settings, data)
    if isinstance(found, Refusal):
        raise ImageRefused(found.reason)
    facts, thumbnail = found
    keep(blobs, facts, data, thumbnail)
    return Arrival(name=name, facts=facts)


def _verified(settings: Settings, data: bytes) -> tuple[Facts, bytes] | Refusal:
    limits = limits_of(settings)
    if is_light(data, limits):
        with DECODING:
            return verify(data, limits)
    try:
        return aside(settings.worker_memory_mb).call(_verify, (data, limits))
    except (ChildDied, MemoryError):
        return Refusal(TOO_MUCH)


def _verify(arrival: tuple[bytes, Limits]) -> tuple[Facts, bytes] | Refusal:
    return verify(*arrival)


def ask_for_features(session: WriteSession, project_id: UUID) -> None:
    """Queue the job that looks at new pictures, unless it waits already."""
    jobs.enqueue(
        session,
        "features.embed",
        project_id=project_id,
        queueing_lock=f"features:{project_id}",
        title="Look at the new pictures",
    )


def _build(project: Project, arrival: Arrival, import_id: UUID | None, share: float) -> Image:
    is_free = arrival.class_id is None and arrival.answer is None and arrival.split is None
    return Image(
        id=new_id(),
        project_id=project.id,
        import_id=import_id,
        name=arrival.name,
        given_split=arrival.split,
        is_reserved=is_free and _lot(arrival.facts.content_hash) < share,
        **asdict(arrival.facts),
    )


def _lot(content_hash: str) -> float:
    """Return a number in [0, 1) that depends on nothing but the content: the lot for the test split."""
    return int(content_hash[:12], 16) / 16**12


def _tell(
    session: WriteSession,
    project: Project,
    arrivals: Sequence[Arrival],
    known: dict[str, Image],
    *,
    by: tuple[UUID | None, UUID | None],
    new: set[UUID],
    answered: set[UUID],
) -> list[Added]:
    labels: dict[UUID, UUID] = {}
    answers: dict[UUID, str] = {}
    objects: dict[UUID, Sequence[Drawn]] = {}
    attributes: dict[UUID, Mapping[str, str | float | bool]] = {}
    results, seen = [], set()
    for arrival in arrivals:
        image = known[arrival.facts.content_hash]
        is_first = image.id not in seen
        has_answer = arrival.class_id is not None or arrival.answer is not None
        is_taken = has_answer and is_first and image.id not in answered
        if is_taken and arrival.class_id:
            labels[image.id] = arrival.class_id
        elif is_taken and arrival.answer:
            answers[image.id] = arrival.answer
            objects[image.id] = arrival.objects
        if is_taken and arrival.attributes:
            attributes[image.id] = arrival.attributes
        seen.add(image.id)
        results.append(Added(image, is_first and image.id in new, is_taken))
    import_id, author_id = by
    event = ImagesAdded(
        project.id,
        list(new),
        labels=labels,
        answers=answers,
        objects=objects,
        attributes=attributes,
        author_id=author_id,
        import_id=import_id,
    )
    publish(session, event)
    return results
