"""The grid, one image, taking images out and putting them back, and one picture that is sent alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from blake3 import blake3

from modelyard.errors import Invalid, NotFound
from modelyard.server.accounts.actor import Actor
from modelyard.server.events import ImagesAdded, ImagesDeleted, ImagesRestored
from modelyard.server.images import repository
from modelyard.server.images.cards import to_card
from modelyard.server.images.repository import Filters
from modelyard.server.images.schemas import Facets, ImageCard, ImageCounts, ImageDetail, Revision
from modelyard.server.images.verify import Facts, Limits, Refusal, preview, verify
from modelyard.server.kit import jobs
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import service as projects
from modelyard.server.settings import Settings
from modelyard.server.tables import Annotation, Image, Project, Suggestion, new_id, now


class ImageNotFound(NotFound):
    """There is no such image, or it belongs to a project that you are not a member of."""


class ImageRefused(Invalid):
    """This file is not accepted as a picture."""


@dataclass(frozen=True)
class Arrival:
    """A verified picture about to become an image."""

    name: str
    facts: Facts
    split: str | None = None
    class_id: UUID | None = None
    answer: str | None = None  # "does_not_belong" | "not_sure"


def limits_of(settings: Settings) -> Limits:
    """Return the largest file and picture that this installation accepts."""
    return Limits(bytes=settings.max_image_mb * 1_000_000, pixels=settings.max_image_megapixels * 1_000_000)


def thumbnail_key(content_hash: str) -> str:
    """Return where a picture's thumbnail is stored."""
    return f"thumbnails/{content_hash[:2]}/{content_hash[2:]}.webp"


def preview_key(content_hash: str) -> str:
    """Return where a picture's preview is stored, once somebody has looked at it."""
    return f"previews/{content_hash[:2]}/{content_hash[2:]}.webp"


def get(session: ReadSession, actor: Actor, image_id: UUID) -> Image:
    """Return an image; raises `ImageNotFound` also for those who are no members of its project."""
    image = repository.get(session, image_id)
    if image is None:
        raise ImageNotFound
    try:
        projects.get(session, actor, image.project_id)
    except projects.ProjectNotFound as error:
        raise ImageNotFound from error
    return image


def list_(
    session: ReadSession, project_id: UUID, filters: Filters, *, sort: str, cursor: str | None, limit: int
) -> tuple[list[ImageCard], str | None]:
    """Return one page of the grid; raises `SortUnknown`."""
    rows, next_cursor = repository.page(session, project_id, filters, sort=sort, cursor=cursor, limit=limit)
    return [to_card(*row) for row in rows], next_cursor


def count(session: ReadSession, project_id: UUID, filters: Filters) -> ImageCounts:
    """Count the images that match, by each property."""

    def by(column: object) -> dict[str, int]:
        return repository.facet(session, project_id, filters, column)

    total, answers = repository.total(session, project_id, filters), by(Annotation.answer)
    answers["none"] = total - sum(number for answer, number in answers.items() if answer != "none")
    twins = repository.facet(session, project_id, filters, Image.twin_group.is_not(None))
    facets = Facets(
        answer=answers,
        class_id=by(Annotation.class_id),
        suggested_class_id=by(Suggestion.class_id),
        split=by(Image.split),
        twins=twins.get("True", 0) + twins.get("1", 0),
    )
    return ImageCounts(total=total, facets=facets)


def detail(session: ReadSession, image: Image) -> ImageDetail:
    """Return everything known of an image."""
    history = repository.history(session, image.id)
    annotation = session.query(Annotation).filter_by(image_id=image.id).first()
    card = to_card(image, annotation, session.get(Suggestion, image.id))
    return ImageDetail(
        **card.model_dump(),
        format=image.format,
        size_bytes=image.size_bytes,
        brightness=image.brightness,
        contrast=image.contrast,
        sharpness=image.sharpness,
        given_split=image.given_split,
        import_id=image.import_id,
        created_at=image.created_at,
        twins=repository.twins(session, image),
        history=[
            Revision(
                revision=row.revision,
                answer=row.answer,
                class_id=row.class_id,
                author_name=name,
                source=row.source,
                action=row.action,
                at=row.created_at,
            )
            for row, name in history
        ],
    )


def set_deleted(session: WriteSession, project: Project, ids: Sequence[UUID], *, deleted: bool) -> int:
    """Take images out of the project, or put them back; return how many changed."""
    changed = [image for image in repository.some(session, project.id, ids) if (image.deleted_at is None) == deleted]
    for image in changed:
        image.deleted_at = now() if deleted else None
    session.flush()
    event = ImagesDeleted if deleted else ImagesRestored
    if changed:
        publish(session, event(project.id, [image.id for image in changed]))
    return len(changed)


def add(
    session: WriteSession,
    project: Project,
    arrivals: Sequence[Arrival],
    *,
    import_id: UUID | None = None,
    author_id: UUID | None = None,
) -> list[tuple[Image, bool]]:
    """Make images of verified pictures whose bytes are stored; return each with whether it is new.

    A picture that the project holds already is a duplicate; one that was taken out comes back.
    """
    known = repository.by_hash(session, project.id, [arrival.facts.content_hash for arrival in arrivals])
    share = projects.settings_of(project).test_share
    results: list[tuple[Image, bool]] = []
    fresh: list[tuple[Image, Arrival]] = []
    for arrival in arrivals:
        image = known.get(arrival.facts.content_hash)
        if image is None:
            image = _build(project, arrival, import_id, share)
            session.add(image)
            known[image.content_hash] = image
            fresh.append((image, arrival))
            results.append((image, True))
            continue
        if image.deleted_at is not None:
            set_deleted(session, project, [image.id], deleted=False)
        results.append((image, False))
    session.flush()
    if fresh:
        publish(session, _added(project.id, fresh, author_id))
    return results


def add_bytes(
    session: WriteSession, blobs: BlobStore, settings: Settings, project: Project, *, name: str, data: bytes, **who: UUID | None
) -> tuple[Image, bool]:
    """Verify, store and add one picture; raises `ImageRefused` with the reason."""
    found = verify(data, limits_of(settings))
    if isinstance(found, Refusal):
        raise ImageRefused(f"{name}: {found.reason}")
    facts, thumbnail = found
    blobs.put(data)
    blobs.put_at(thumbnail_key(facts.content_hash), thumbnail)
    result = add(session, project, [Arrival(name=name, facts=facts)], author_id=who.get("author_id"))[0]
    ask_for_features(session, project.id)
    return result


def ask_for_features(session: WriteSession, project_id: UUID) -> None:
    """Queue the job that looks at new pictures, unless it waits already."""
    jobs.enqueue(
        session,
        "features.embed",
        project_id=project_id,
        queueing_lock=f"features:{project_id}",
        title="Look at the new pictures",
    )


def preview_of(blobs: BlobStore, settings: Settings, image: Image) -> bytes:
    """Return the picture upright for the screen, made on first use; raises `ImageRefused`."""
    key = preview_key(image.content_hash)
    if blobs.has_at(key):
        return blobs.get_at(key)
    data = preview(blobs.get(image.content_hash), limits_of(settings))
    blobs.put_at(key, data)
    return data


def _build(project: Project, arrival: Arrival, import_id: UUID | None, share: float) -> Image:
    facts = arrival.facts
    is_free = arrival.class_id is None and arrival.split is None
    return Image(
        id=new_id(),
        project_id=project.id,
        import_id=import_id,
        name=arrival.name,
        given_split=arrival.split,
        is_reserved=arrival.split == "test" or (is_free and _draw(project.id, facts.content_hash) < share),
        **vars(facts),
    )


def _draw(project_id: UUID, content_hash: str) -> float:
    """Return a number in [0, 1) that depends on nothing but project and content: the lot for the test split."""
    digest = blake3(f"{project_id} {content_hash}".encode()).digest()[:8]
    return int.from_bytes(digest, "big") / 2**64


def _added(project_id: UUID, fresh: Sequence[tuple[Image, Arrival]], author_id: UUID | None) -> ImagesAdded:
    return ImagesAdded(
        project_id=project_id,
        image_ids=[image.id for image, _ in fresh],
        labels={image.id: arrival.class_id for image, arrival in fresh if arrival.class_id},
        answers={image.id: arrival.answer for image, arrival in fresh if arrival.answer},
        author_id=author_id,
    )
