"""What became of an import's files, written down: images, answers and the files' states in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from modelyard.formats.columns import Boxes, class_names
from modelyard.formats.entries import Entry, Item
from modelyard.formats.spool import loaded
from modelyard.server.accounts.actor import ALL_SCOPES, Actor
from modelyard.server.events import Drawn, ImagesAdded
from modelyard.server.images import definitions, repository, service
from modelyard.server.images.looking import Errand
from modelyard.server.images.reading import Said
from modelyard.server.images.verify import TOO_MUCH, Facts, Refusal
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import attribute_arrivals, classes, skeletons
from modelyard.server.projects import repository as project_repository
from modelyard.server.projects.schemas import ClassCreate
from modelyard.server.projects.skeleton_schemas import SkeletonPut, from_described
from modelyard.server.tables import Import, ImportFile, Project

_NOBODY = UUID(int=0)
_HIGHEST = 1_000_000


@dataclass(frozen=True)
class _Taken:
    class_id: UUID | None = None
    answer: str | None = None
    objects: Sequence[Drawn] = ()
    attributes: Mapping[str, str | float | bool] = field(default_factory=dict)  # of the image as a whole


@dataclass(frozen=True)
class Outcome:
    """What a child process found out about one file."""

    errand: Errand
    found: Facts | Refusal | BaseException


def record(session: WriteSession, import_id: UUID, said: Said, batch: Sequence[Outcome]) -> None:
    """Write a batch's results; what was written before is passed over, so that a repetition changes nothing."""
    row = session.get_one(Import, import_id)
    project = repository.lock_project(session, row.project_id)
    files = repository.still_received(session, [outcome.errand.file_id for outcome in batch])
    batch = sorted((o for o in batch if o.errand.file_id in files), key=lambda outcome: outcome.errand.file_id)
    good = [(outcome.errand, outcome.found) for outcome in batch if isinstance(outcome.found, Facts)]
    found = [said.entries.get(errand.name) for errand, _ in good]
    entries = [loaded(entry) if entry else None for entry in found]
    ids = _class_ids(session, row, project, said, [entry for entry in entries if entry])
    arrivals = [
        _arrival(row, project, errand.name, facts, entry, ids)
        for (errand, facts), entry in zip(good, entries, strict=True)
    ]
    results = service.add(session, project, arrivals, import_id=import_id, author_id=row.created_by)
    for (errand, _), added in zip(good, results, strict=True):
        _note_image(files[errand.file_id], added)
    for outcome in batch:
        if not isinstance(outcome.found, Facts):
            reason = outcome.found.reason if isinstance(outcome.found, Refusal) else TOO_MUCH
            files[outcome.errand.file_id].state = "refused"
            files[outcome.errand.file_id].reason = reason[:500]
    row.added += sum(added.is_new for added in results)
    row.duplicates += sum(not added.is_new for added in results)
    row.refused += len(batch) - len(good)
    row.annotations += sum(added.is_answered_now for added in results)


def label_present(session: WriteSession, import_id: UUID, said: Said, wanted: Mapping[UUID, Entry]) -> None:
    """Answer for images that the project holds and nobody has answered; where somebody has meanwhile, that stays."""
    row = session.get_one(Import, import_id)
    project = repository.lock_project(session, row.project_id)
    answered = repository.answered(session, list(wanted))
    free = {image_id: entry for image_id, entry in wanted.items() if image_id not in answered}
    ids = _class_ids(session, row, project, said, list(free.values()))
    said_of = {image_id: _taken(project, entry, ids) for image_id, entry in free.items()}
    event = ImagesAdded(
        project.id,
        [],
        labels={image_id: taken.class_id for image_id, taken in said_of.items() if taken.class_id},
        answers={image_id: taken.answer for image_id, taken in said_of.items() if taken.answer},
        objects={image_id: taken.objects for image_id, taken in said_of.items() if taken.objects},
        attributes={image_id: taken.attributes for image_id, taken in said_of.items() if taken.attributes},
        author_id=row.created_by,
        import_id=import_id,
    )
    publish(session, event)
    row.annotations += len(event.labels) + len(event.answers)


def _class_ids(
    session: WriteSession, row: Import, project: Project, said: Said, entries: Sequence[Entry]
) -> dict[str, UUID]:
    """Return the class of every name, adding those that are missing, with the colours that a list gives them."""
    if project.task == "classification":
        names = dict.fromkeys(entry.class_name for entry in entries if entry.class_name)
    else:
        names = dict.fromkeys(name for entry in entries for name in class_names(entry.items))
    actor = Actor(row.created_by or _NOBODY, "import", False, ALL_SCOPES, "token")
    known = project_repository.classes(session, project.id)
    present, before = {entry.name.lower() for entry in known}, {entry.id for entry in known}
    bare = {entry.name.lower(): entry for entry in known if entry.skeleton is None}
    for described in said.classes:
        name = str(described.get("name", ""))
        if name in names and name.lower() not in present:
            classes.add(session, actor, project, _class_create(described, name))
            present.add(name.lower())
        elif name in names and name.lower() in bare and (told := from_described(described)):
            skeletons.put(session, actor, project, bare.pop(name.lower()).id, SkeletonPut(skeleton=told))
    _define(session, actor, row, project, entries)
    found = classes.ensure(session, actor, project, sorted(name for name in names if name))
    definitions.note_classes(row, [entry.id for entry in found.values() if entry.id not in before])
    return {name: found[name].id for name in found}


def _class_create(described: Mapping[str, object], name: str) -> ClassCreate:
    """Return a class with the colour and the points that a file tells of it."""
    skeleton = from_described(described)
    try:
        return ClassCreate(name=name, color=str(described.get("color", "")), skeleton=skeleton)
    except ValueError:
        return ClassCreate(name=name, skeleton=skeleton)


def _define(session: WriteSession, actor: Actor, row: Import, project: Project, entries: Sequence[Entry]) -> None:
    """Define the attributes of which objects and images have values; boxes that came as columns have none."""
    drawn = [] if project.task == "classification" else [e.items for e in entries if not isinstance(e.items, Boxes)]
    of_objects = attribute_arrivals.different(item.attributes for items in drawn for item in items)
    of_images = attribute_arrivals.different(entry.attributes for entry in entries if entry.answer != "none")
    definitions.define(session, actor, row, project, of_objects, of_images)


def _arrival(
    row: Import, project: Project, name: str, facts: Facts, entry: Entry | None, ids: dict[str, UUID]
) -> service.Arrival:
    split = row.options.get("split") or (entry.split if entry else None)
    if entry is None:
        return service.Arrival(name=name, facts=facts, split=split)
    taken = _taken(project, entry, ids)
    return service.Arrival(
        name=name,
        facts=facts,
        split=split,
        class_id=taken.class_id,
        answer=taken.answer,
        objects=taken.objects,
        attributes=taken.attributes,
    )


def _taken(project: Project, entry: Entry, ids: dict[str, UUID]) -> _Taken:
    """Return what this project's task takes of an entry: a class for the image, or the objects in it."""
    if entry.answer in ("does_not_belong", "not_sure"):
        return _Taken(answer=entry.answer, attributes=entry.attributes)
    if project.task == "classification":
        return _Taken(class_id=ids[entry.class_name], attributes=entry.attributes) if entry.class_name else _Taken()
    if entry.answer != "objects":
        return _Taken()
    drawn = [Drawn(ids[item.class_name], item.shape, item.attributes, _z(item)) for item in entry.items]
    return _Taken(answer="objects", objects=drawn, attributes=entry.attributes)


def _z(item: Item) -> int:
    z = item.extra.get("z", 0) if item.extra else 0
    return z if isinstance(z, int) and abs(z) <= _HIGHEST else 0


def _note_image(file: ImportFile, added: service.Added) -> None:
    file.image_id = added.image.id
    file.state, file.reason = "added", ""
    if not added.is_new:
        file.state, file.reason = "duplicate", f"The project holds the same picture as “{added.image.name}”."[:500]
