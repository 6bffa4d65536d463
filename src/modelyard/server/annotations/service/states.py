"""The states that an image has been in: look at any of them, and let one hold again as a new revision."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from modelyard.errors import Conflict, NotFound
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations import state_schemas as schemas
from modelyard.server.annotations.repository import answers as repository
from modelyard.server.annotations.repository import objects, states
from modelyard.server.annotations.service import attribute_checks, class_names, object_classes
from modelyard.server.annotations.service.answers import AnnotationChanged, ImageNotFound, project_of, show
from modelyard.server.annotations.service.attribute_checks import Asked
from modelyard.server.annotations.service.objects import show_object
from modelyard.server.annotations.service.opinion_objects import to_object
from modelyard.server.annotations.service.writing import Given, write
from modelyard.server.images import veil
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import Annotation, AnnotationRevision, Class, Object

ACTION = "restore-state"


class StateNotFound(NotFound):
    """This image was never at that revision."""


class StateClassGone(Conflict):
    """A class of that state is deleted by now. Bring it back in the settings, under Classes, and try again."""


def get(session: ReadSession, actor: Actor, image_id: UUID, revision: int) -> schemas.ImageState:
    """Return a state with what changed since the one before; raises `ImageNotFound`, `StateNotFound`."""
    project_id = project_of(session, actor, image_id)
    own = veil.hidden(session, image_ids=[image_id], actor=actor).get(image_id)
    if own is not None:
        return _show_own(session, project_id, image_id, own, revision)
    row = repository.annotations(session, [image_id]).get(image_id)
    return _show(session, project_id, image_id, row, revision)


def restore(session: WriteSession, actor: Actor, image_id: UUID, revision: int, *, expected: int) -> schemas.ImageState:
    """Let a state hold again, as a new revision: answer, attributes and objects, whose they were.

    What was merged since comes back as what it was merged into. Restoring the state before undoes it.
    Raises `ImageNotFound`, `StateNotFound`, `StateClassGone`, `AnnotationChanged`.
    """
    project_id = project_of(session, actor, image_id)
    if image_id in veil.hidden(session, image_ids=[image_id], actor=actor):
        raise StateNotFound
    past, then = _then(session, image_id, revision)
    meant = _meant(session, project_id, [past.class_id if past else None, *(item.class_id for item in then)])
    if not repository.lock_images(session, project_id, [image_id]):
        raise ImageNotFound
    row = repository.annotations(session, [image_id]).get(image_id)
    if expected != (row.revision if row else 0):
        raise AnnotationChanged(current=show(image_id, row).model_dump(mode="json"))
    if row is not None and row.revision != revision:
        _swap(session, row, then, meant)
        given = _given(row, past, meant, actor)
        write(session, project_id, [given], present={image_id: row}, actor_id=actor.user_id, action=ACTION)
        session.expire_all()
    row = repository.annotations(session, [image_id]).get(image_id)
    return _show(session, project_id, image_id, row, row.revision if row else 0)


def _then(session: ReadSession, image_id: UUID, revision: int) -> tuple[AnnotationRevision | None, Sequence[Object]]:
    """Return a revision, and what was drawn at it; raises `StateNotFound`."""
    past = states.revision(session, image_id, revision)
    if past is None and revision != 0:
        raise StateNotFound(f"This image was never at revision {revision}.")
    return past, [item for item in states.versions(session, image_id, revision) if _holds(item, revision)]


def _holds(item: Object, revision: int) -> bool:
    return item.since_revision <= revision and (item.until_revision is None or item.until_revision > revision)


def _meant(session: WriteSession, project_id: UUID, class_ids: Iterable[UUID | None]) -> dict[UUID | None, UUID | None]:
    wanted = list(class_ids)
    if gone := [row.name for row, is_there in states.classes(session, project_id, wanted) if not is_there]:
        names = " and ".join(f"“{name}”" for name in gone)
        were, them = ("was", "it") if len(gone) == 1 else ("were", "them")
        text = f"{names} {were} deleted since. Bring {them} back in the settings, under Classes, and restore it then."
        raise StateClassGone(text, classes=gone)
    return class_names.resolve(session, project_id, wanted)


def _swap(
    session: WriteSession, row: Annotation, then: Sequence[Object], meant: dict[UUID | None, UUID | None]
) -> None:
    """End what differs now, and begin what held then; what is the same goes on without a new version."""
    present = {item.object_id: item for item in objects.present(session, [row.image_id])}
    same = {item.object_id for item in then if _is_same(present.get(item.object_id), item, meant)}
    ended = [item for object_id, item in present.items() if object_id not in same]
    returning = [item for item in then if item.object_id not in same]
    object_classes.swap(session, {row.image_id: row.revision + 1}, ended=ended, returning=returning, meant=meant)


def _is_same(row: Object | None, item: Object, meant: Mapping[UUID | None, UUID | None]) -> bool:
    compared = ("attributes", "z", "type", "x1", "y1", "x2", "y2", "shape", "suggestion_id", "source", "author_id")
    if row is None or row.class_id != meant[item.class_id]:
        return False
    return row.id == item.id or all(getattr(row, key) == getattr(item, key) for key in compared)


def _given(
    row: Annotation, past: AnnotationRevision | None, meant: Mapping[UUID | None, UUID | None], actor: Actor
) -> Given:
    if past is None:
        return Given(row.image_id, "none", author_id=actor.user_id, attributes={})
    return Given(
        row.image_id,
        past.answer,
        meant[past.class_id],
        author_id=past.author_id or actor.user_id,
        source=past.source,
        outcome=past.suggestion_outcome,
        attributes=past.attributes or {},
    )


def _show(
    session: ReadSession, project_id: UUID, image_id: UUID, row: Annotation | None, revision: int
) -> schemas.ImageState:
    past = states.revision(session, image_id, revision)
    if past is None and revision != 0:
        raise StateNotFound(f"This image was never at revision {revision}.")
    asked = attribute_checks.load(session, project_id)
    shown = list(_objects(states.versions(session, image_id, revision), revision, asked))
    class_ids = {*(item.class_id for item in shown), past.class_id if past else None}
    said: dict[str, Any] = {"at": None, "author_id": None, "author_name": None, "action": ""}
    said |= {"answer": "none", "class_id": None, "attributes": {}}
    if past is not None:
        said = {name: getattr(past, name) for name in ("author_id", "answer", "class_id")}
        said |= {"at": past.created_at, "author_name": states.author_name(session, past.author_id)}
        said |= {"action": past.action.partition(":")[0], "attributes": asked.shown(past.attributes or {})}
    return schemas.ImageState(
        image_id=image_id,
        revision=revision,
        latest=row.revision if row else 0,
        objects=shown,
        classes=[_class(row, is_there) for row, is_there in states.classes(session, project_id, class_ids)],
        **said,
    )


def _show_own(
    session: ReadSession, project_id: UUID, image_id: UUID, own: veil.Own, revision: int
) -> schemas.ImageState:
    """Show a known picture to whoever is measured by it: what they said of it, and nothing else."""
    entries = {entry["revision"]: entry for entry in own.history()}
    said = entries.get(revision, dict.fromkeys(("at", "author_id", "author_name", "class_id")))
    if revision and revision not in entries:
        raise StateNotFound(f"This image was never at revision {revision}.")
    latest = max(entries, default=0)
    asked = attribute_checks.load(session, project_id)
    drawn = own.row.objects if own.row is not None and 0 < revision == latest else []
    rows = [to_object(item, own.row.author_id if own.row else None) for item in drawn]
    shown = [schemas.StateObject(**show_object(row, asked).model_dump(), change="added") for row in rows]
    named = {UUID(said["class_id"]) if said["class_id"] else None, *(row.class_id for row in rows)}
    return schemas.ImageState(
        image_id=image_id,
        revision=revision,
        latest=latest,
        action=said.get("action", ""),
        answer=said.get("answer", "none"),
        attributes=asked.shown((own.row.attributes if drawn and own.row else None) or {}),
        objects=shown,
        classes=[_class(row, is_there) for row, is_there in states.classes(session, project_id, named)],
        **{name: said[name] for name in ("at", "author_id", "author_name", "class_id")},
    )


def _class(row: Class, is_there: bool) -> schemas.StateClass:
    fate: Literal["present", "merged", "deleted"]
    fate = "present" if row.deleted_at is None else "merged" if is_there else "deleted"
    return schemas.StateClass(id=row.id, name=row.name, color=row.color, fate=fate)


def _objects(versions: Sequence[Object], revision: int, asked: Asked) -> Iterator[schemas.StateObject]:
    ended = {item.object_id for item in versions if item.until_revision == revision}
    held = {item.object_id for item in versions if _holds(item, revision)}
    for item in versions:
        facts: dict[str, Any] = show_object(item, asked).model_dump()
        if _holds(item, revision):
            is_new = item.since_revision == revision
            facts["change"] = "kept" if not is_new else "changed" if item.object_id in ended else "added"
            yield schemas.StateObject(**facts)
        elif item.until_revision == revision and item.object_id not in held:
            yield schemas.StateObject(**facts, change="removed")
