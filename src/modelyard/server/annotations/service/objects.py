"""What is drawn into one image: look at it, change it; a change names only the objects that changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from modelyard.errors import PreconditionFailed
from modelyard.geometry.shapes import ShapeInvalid, Whole, clip, from_json
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import object_schemas as schemas
from modelyard.server.annotations.repository import answers as answer_repository
from modelyard.server.annotations.repository import objects as repository
from modelyard.server.annotations.service import attribute_checks, class_names, lineage, skeletons
from modelyard.server.annotations.service.answers import ImageNotFound, check_fits, project_of
from modelyard.server.annotations.service.attribute_checks import Asked
from modelyard.server.annotations.service.skeletons import ObjectInvalid
from modelyard.server.annotations.service.writing import Given, write
from modelyard.server.events import Drawn
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, Object, Project, new_id, now, shape_columns, shape_json

WHOLE = "whole"


class ObjectsChanged(PreconditionFailed):
    """Somebody changed this image since you looked. `current` holds what is drawn now; decide again."""


def get(session: ReadSession, actor: Actor, image_id: UUID) -> schemas.ImageObjects:
    """Return what is drawn into an image; raises `ImageNotFound`."""
    project_of(session, actor, image_id)
    return _shown(session, image_id, answer_repository.annotations(session, [image_id]).get(image_id))


def change(
    session: WriteSession,
    actor: Actor,
    image_id: UUID,
    body: schemas.ObjectsChange,
    *,
    expected: int,
    batch_id: UUID | None = None,
    action: str | None = None,
) -> schemas.ImageObjects:
    """Change some objects and say whether the image is done.

    An image has a class as a whole at most once: the object that says it again takes the place of the one before.
    Raises `ImageNotFound`, `ClassUnknown`, `AnswerDoesNotFit`, `ObjectInvalid`, `AttributeValueInvalid`,
    `ObjectsChanged`.
    """
    project_id = project_of(session, actor, image_id)
    check_fits(session, project_id, [body.answer or "objects"])
    class_ids = class_names.resolve(session, project_id, [item.class_id for item in body.put])
    if not answer_repository.lock_images(session, project_id, [image_id]):
        raise ImageNotFound
    row = answer_repository.annotations(session, [image_id]).get(image_id)
    step = plan(
        session,
        project_id,
        image_id,
        body,
        class_ids=class_ids,
        present={item.object_id: item for item in repository.present(session, [image_id])},
        answer=row.answer if row else "none",
        attributes=row.attributes if row else None,
    )
    if step.is_new and expected != (row.revision if row else 0):
        raise ObjectsChanged(current=_shown(session, image_id, row).model_dump(mode="json"))
    if step.is_new:  # Otherwise it is the same request again, or one about suggestions alone.
        by: dict[str, Any] = {"author_id": actor.user_id, "active_s": body.active_s, "batch_id": batch_id}
        given = Given(image_id, step.answer, **by, attributes=step.attributes)
        action = action or ("label" if given.answer != "none" else "draw")
        _write(session, given, row, owner=(project_id, actor.user_id), action=action, step=step)
        session.expire_all()
    lineage.tell(
        session,
        (project_id, image_id, actor.user_id),
        news=step.news,
        gone=step.gone,
        reject=body.reject,
        reconsider=body.reconsider,
    )
    return _shown(session, image_id, answer_repository.annotations(session, [image_id]).get(image_id))


@dataclass(frozen=True)
class Step:
    """What a change makes of an image's objects."""

    news: Sequence[dict[str, Any]]  # objects that are new, or differ, as columns
    gone: Sequence[Object]
    replaced: Sequence[Object]  # those before, of which a next version is in `news`
    answer: str
    attributes: dict[str, Any] | None  # of the image as a whole; None: they stay
    is_new: bool  # whether anything differs


def plan(
    session: WriteSession,
    project_id: UUID,
    image_id: UUID,
    body: schemas.ObjectsChange,
    *,
    class_ids: Mapping[UUID | None, UUID | None],
    present: Mapping[UUID, Object],
    answer: str,
    attributes: dict[str, Any] | None,
) -> Step:
    """Say what a change makes of what is there; raises `ObjectInvalid`, `AttributeValueInvalid`."""
    size = repository.image_sizes(session, [image_id])[image_id]
    asked = attribute_checks.load(session, project_id)
    wanted = [_row(item, class_ids, size) for item in body.put]
    _check_whole(session, project_id, wanted)
    _describe(asked, wanted, present)
    skeletons.fit(session, wanted, present)
    described = _described(asked, body, attributes)
    lineage.trace(session, image_id, wanted, present)
    news = [item for item in wanted if not _is_same(present.get(item["object_id"]), item)]
    gone = [present[object_id] for object_id in body.delete if object_id in present]
    gone += _said_again(present, wanted, set(body.delete))
    said = body.answer or answer
    is_new = bool(news or gone or described is not None or said != answer)
    return Step(news, gone, _replaced(present, news), said, described, is_new)


def bring(
    session: WriteSession, project_id: UUID, drawn: Mapping[UUID, Sequence[Drawn]], *, author_id: UUID | None
) -> None:
    """Draw what came with images that had no answer before, cut at the images' edges."""
    sizes = repository.image_sizes(session, [image_id for image_id, items in drawn.items() if items])
    at = now()
    rows: list[dict[str, Any]] = []
    for image_id, size in sizes.items():
        whole: set[UUID] = set()
        common = {"project_id": project_id, "image_id": image_id, "since_revision": 1, "until_revision": None}
        common |= {"source": "import", "author_id": author_id, "active_s": None, "created_at": at}
        for item in drawn[image_id]:
            shape = clip(item.shape, *size)
            is_again = isinstance(shape, Whole) and item.class_id in whole
            if shape is not None and not is_again:
                whole |= {item.class_id} if isinstance(shape, Whole) else set()
                more = {"class_id": item.class_id, "attributes": dict(item.attributes), "z": item.z}
                id_ = new_id()  # A first version may well be called what its object is called.
                rows.append({"id": id_, "object_id": id_, **common, **more, **shape_columns(shape)})
    repository.begin(session, rows)


def _write(
    session: WriteSession,
    given: Given,
    row: Annotation | None,
    *,
    owner: tuple[UUID, UUID],
    action: str,
    step: Step,
) -> None:
    """Write the next revision; `owner` is the project and who draws."""
    revision, (project_id, author_id) = (row.revision if row else 0) + 1, owner
    write(
        session,
        project_id,
        [given],
        present={given.image_id: row} if row else {},
        actor_id=author_id,
        action=action,
        changes_labels=given.answer != "none" or (row is not None and row.answer != "none"),
    )
    repository.end(session, [*step.gone, *step.replaced], {given.image_id: revision})
    common = {"project_id": project_id, "image_id": given.image_id, "since_revision": revision}
    common |= {"author_id": author_id, "until_revision": None}
    repository.begin(session, [item | common | {"id": new_id(), "created_at": now()} for item in step.news])


def _describe(asked: Asked, wanted: Sequence[dict[str, Any]], present: Mapping[UUID, Object]) -> None:
    """Check the values of objects, and keep those that nobody sees; raises `AttributeValueInvalid`."""
    found: list[str] = []
    for item in wanted:
        object_id, before = item["object_id"], present.get(item["object_id"])
        kept = before.attributes if before else None
        found += asked.object_faults(object_id, item["class_id"], item["attributes"], kept)
        item["attributes"] = asked.kept(item["attributes"], kept)
    attribute_checks.refuse(found)


def _described(asked: Asked, body: schemas.ObjectsChange, before: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return new values of the image as a whole, or None where they stay; raises `AttributeValueInvalid`."""
    if body.attributes is None:
        return None
    attribute_checks.refuse(asked.image_faults(body.attributes, before))
    values = asked.kept(body.attributes, before)
    return None if values == (before or {}) else values


def _row(
    item: schemas.ObjectPut, class_ids: Mapping[UUID | None, UUID | None], size: tuple[int, int]
) -> dict[str, Any]:
    """Return the columns of an object, cut at the image's edges; raises `ObjectInvalid`."""
    try:
        shape = clip(from_json(item.shape), *size)
    except ShapeInvalid as error:
        raise ObjectInvalid(f"Object {item.id}: {error.detail}") from error
    if shape is None:
        raise ObjectInvalid(f"Object {item.id} lies outside its image of {size[0]} x {size[1]} pixels.")
    return {
        "object_id": item.id,
        "class_id": class_ids[item.class_id],
        "attributes": dict(item.attributes),
        "z": item.z,
        "active_s": item.active_s,
        "suggestion_id": item.suggestion_id,
        **shape_columns(shape),
    }


def _check_whole(session: ReadSession, project_id: UUID, wanted: Sequence[Mapping[str, Any]]) -> None:
    """Raise `ObjectInvalid` for what is drawn where images have classes, and for a class twice in one change."""
    drawn = next((item for item in wanted if item["type"] != WHOLE), None)
    if drawn is not None and session.get_one(Project, project_id).task == "multi_label":
        text = f"Object {drawn['object_id']} is a {drawn['type']}; images of this project have classes as a whole."
        raise ObjectInvalid(text)
    whole = [item["class_id"] for item in wanted if item["type"] == WHOLE]
    if len(whole) != len(set(whole)):
        raise ObjectInvalid("Two objects give the whole image the same class. Send one of them.")


def _said_again(
    present: Mapping[UUID, Object], wanted: Sequence[Mapping[str, Any]], deleted: set[UUID]
) -> list[Object]:
    """Return what gives the whole image a class that one of the wanted objects gives it from now on."""
    whole = {item["class_id"] for item in wanted if item["type"] == WHOLE}
    kept = {item["object_id"] for item in wanted} | deleted
    return [
        row for row in present.values() if row.type == WHOLE and row.class_id in whole and row.object_id not in kept
    ]


def _is_same(row: Object | None, item: Mapping[str, Any]) -> bool:
    compared = ("class_id", "attributes", "z", "type", "x1", "y1", "x2", "y2", "shape", "suggestion_id")
    return row is not None and all(getattr(row, key) == item[key] for key in compared)


def _replaced(present: Mapping[UUID, Object], news: Sequence[Mapping[str, Any]]) -> list[Object]:
    return [present[item["object_id"]] for item in news if item["object_id"] in present]


def _shown(session: ReadSession, image_id: UUID, row: Annotation | None) -> schemas.ImageObjects:
    project_id = answer_repository.image_project(session, image_id)
    asked = attribute_checks.load(session, project_id) if project_id else None
    return schemas.ImageObjects(
        image_id=image_id,
        revision=row.revision if row else 0,
        answer=row.answer if row else "none",
        attributes=asked.shown(row.attributes) if asked and row else {},
        objects=[show_object(item, asked) for item in repository.present(session, [image_id])],
    )


def show_object(row: Object, asked: Asked | None) -> schemas.Object:
    """Return an object as the API shows it."""
    return schemas.Object(
        id=row.object_id,
        class_id=row.class_id,
        shape=shape_json(row),
        attributes=asked.shown(row.attributes) if asked else row.attributes,
        z=row.z,
        source=row.source,
        suggestion_id=row.suggestion_id,
        author_id=row.author_id,
    )
