"""How what labels say of images differs from what is said of them now; it reads, and changes no image."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from modelyard.formats.entries import Entry
from modelyard.geometry.shapes import clip
from modelyard.server.images.matching import Difference, Thing, compare
from modelyard.server.kit.database import ReadSession
from modelyard.server.projects import attribute_repository
from modelyard.server.tables import Annotation, Image, Object, Project, new_id, now, shape_columns, shape_json


@dataclass(frozen=True)
class Names:
    """What the project's classes are called, to speak of those that it lacks by their name."""

    ids: Mapping[str, UUID]  # by name in lower case

    def key(self, name: str) -> UUID | str:
        """Return the id of a class, or the name of one that is not there."""
        return self.ids.get(name.lower(), name)


@dataclass(frozen=True)
class Says:
    """Whether labels know of attributes, of objects and of whole images; if not, those that there are stay."""

    of_objects: bool
    of_images: bool


def answer_of(project: Project, entry: Entry) -> str:
    """Return the answer that this project's task takes of an entry; "none" if it says nothing to it."""
    if entry.answer in ("does_not_belong", "not_sure"):
        return entry.answer
    if project.task == "classification":
        return "class" if entry.class_name else "none"
    return "objects" if entry.answer == "objects" else "none"


def differences(
    session: ReadSession,
    project: Project,
    import_id: UUID,
    said: Mapping[UUID, Entry],
    names: Names,
    *,
    says: Says,
) -> list[dict[str, Any]]:
    """Return a row of `import_changes` for each of these images of which labels say something else."""
    told = {image_id: entry for image_id, entry in said.items() if answer_of(project, entry) != "none"}
    query = select(Annotation, Image.width, Image.height).join(Image, Image.id == Annotation.image_id)
    rows = session.execute(query.where(Annotation.image_id.in_(list(told)))).all()
    present = drawn(session, list(told))
    hidden = attribute_repository.hidden_names(session, project.id, "image") if says.of_images else set()
    found = []
    for annotation, width, height in rows:
        entry, before = told[annotation.image_id], present.get(annotation.image_id, [])
        answer = answer_of(project, entry)
        things = _things(entry, names, (width, height)) if answer == "objects" else []
        keeps = answer != "objects"  # What is drawn stays where something else than objects is said.
        difference = Difference() if keeps else compare(before, things, says_attributes=says.of_objects)
        row = _row(import_id, annotation, difference, answer, _class_of(answer, entry, names))
        if says.of_images and (described := _described(annotation, entry, hidden)) is not None:
            row["is_answer_new"] = True
            row["said"]["attributes"] = described
        if difference or row["is_answer_new"]:
            found.append(row)
    return found


def drawn(session: ReadSession, image_ids: Sequence[UUID], *, at: Mapping[UUID, int] | None = None) -> dict[UUID, Any]:
    """Return what is drawn into images now, or what was at a revision of each; from below to above."""
    columns = (Object.image_id, Object.object_id, Object.class_id, Object.type, Object.x1, Object.y1, Object.x2)
    query = select(*columns, Object.y2, Object.shape, Object.attributes, Object.z, *_SPAN)
    query = query.where(Object.image_id.in_(image_ids)).order_by(Object.image_id, Object.z, Object.object_id)
    if at is None:
        query = query.where(Object.until_revision.is_(None))
    found: dict[UUID, list[Thing]] = defaultdict(list)
    for row in session.execute(query):
        if at is None or _held(row, at[row.image_id]):
            found[row.image_id].append(_thing(row))
    return found


_SPAN = (Object.since_revision, Object.until_revision)


def _held(row: Row[Any], revision: int) -> bool:
    return row.since_revision <= revision and (row.until_revision is None or row.until_revision > revision)


def _thing(row: Row[Any]) -> Thing:
    bounds = (row.x1, row.y1, row.x2, row.y2)
    return Thing(row.object_id, row.class_id, row.type, bounds, row.shape, row.attributes, row.z)


def _things(entry: Entry, names: Names, size: tuple[int, int]) -> list[Thing]:
    found = []
    for item in entry.items:
        shape = clip(item.shape, *size)
        if shape is None:
            continue
        stored = shape_columns(shape)
        bounds = (stored["x1"], stored["y1"], stored["x2"], stored["y2"])
        z, key = item.extra.get("z"), names.key(item.class_name)
        object_id = _to_id(item.extra.get("id")) if item.extra else None
        z = z if isinstance(z, int) else None
        found.append(Thing(object_id, key, stored["type"], bounds, stored["shape"], item.attributes, z))
    seen = Counter(thing.object_id for thing in found if thing.object_id)
    if any(count > 1 for count in seen.values()):  # An id that is not one's own says nothing.
        found = [_without_id(thing) for thing in found]
    return found


def _without_id(thing: Thing) -> Thing:
    return Thing(None, thing.class_key, thing.type, thing.bounds, thing.shape, thing.attributes, thing.z)


def _to_id(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _class_of(answer: str, entry: Entry, names: Names) -> UUID | str | None:
    return names.key(entry.class_name) if answer == "class" and entry.class_name else None


def _described(annotation: Annotation, entry: Entry, hidden: set[str]) -> dict[str, Any] | None:
    """Return the attributes that an image is to have, with those that nobody sees; None where they stay."""
    before = annotation.attributes or {}
    unseen = {name: value for name, value in before.items() if name in hidden}
    described = unseen | dict(entry.attributes)
    return None if described == before else described


def _row(
    import_id: UUID, annotation: Annotation, difference: Difference, answer: str, class_key: UUID | str | None
) -> dict[str, Any]:
    put = [_to_put(thing, new_id()) for thing in difference.added]
    put += [_to_put(after, after.object_id) for _, after in difference.changed]
    said = {"answer": answer, **_class_json(class_key), "put": put}
    return {
        "id": new_id(),
        "created_at": now(),
        "import_id": import_id,
        "image_id": annotation.image_id,
        "revision": annotation.revision,
        "is_edited": annotation.source != "import",
        "added": len(difference.added),
        "changed": len(difference.changed),
        "deleted": len(difference.deleted),
        "is_answer_new": (answer, class_key) != (annotation.answer, annotation.class_id),
        "said": said | {"delete": [str(thing.object_id) for thing in difference.deleted]},
        "state": "waiting",
    }


def _to_put(thing: Thing, object_id: UUID | None) -> dict[str, Any]:
    return {
        "object_id": str(object_id),
        **_class_json(thing.class_key),
        "shape": shape_json(Stored(*thing.bounds, thing.shape)),
        "attributes": dict(thing.attributes),
        "z": thing.z or 0,
    }


def _class_json(key: UUID | str | None) -> dict[str, Any]:
    return {
        "class_id": str(key) if isinstance(key, UUID) else None,
        "class_name": key if isinstance(key, str) else None,
    }


@dataclass(frozen=True)
class Stored:
    """A shape as its columns hold it."""

    x1: float
    y1: float
    x2: float
    y2: float
    shape: Mapping[str, Any] | None
