"""The part of an import's job that gives labels to pictures which the project held before.

Who has no answer gets one at once. Where labels say something else than the project does, the difference is written
down and nothing changes until a person has looked at it. Every step can be repeated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, insert

from modelyard.formats.entries import Entry, match_names
from modelyard.formats.spool import loaded
from modelyard.server.images import comparing, repository
from modelyard.server.images.misses import explain
from modelyard.server.images.reading import Said
from modelyard.server.images.recording import label_present
from modelyard.server.kit.jobs import JobContext, Portion
from modelyard.server.projects import repository as project_repository
from modelyard.server.tables import Import, ImportChange, Project

_IMAGE = 5  # An image's own rows weigh as much as so many objects.
_STAGE = "Comparing labels"


@dataclass
class Outcome:
    """What became of the labels of pictures that were there before."""

    compared: int = 0
    missed: dict[str, list[str]] = field(default_factory=dict)  # names that mean no picture, by their source
    notes: list[str] = field(default_factory=list)


def relabel(ctx: JobContext, import_id: UUID, said: Said) -> Outcome:
    """Label what has no answer, and write down where labels and answers differ."""
    outcome = Outcome()
    with ctx.db.write() as session:
        session.execute(delete(ImportChange).where(ImportChange.import_id == import_id))
    total = said.listed or len(said.entries)
    ctx.stage(_STAGE)
    done = 0
    portion = Portion(ctx.db, first=1000, least=250, most=2000)
    for part in portion.batches(_each_once(_pairs(ctx, import_id, said, outcome)), _weight):
        outcome.compared += _relabel(ctx, import_id, said, dict(part), portion)
        done += len(part)
        ctx.progress(done, max(done, total), stage=_STAGE)
    return outcome


def _relabel(ctx: JobContext, import_id: UUID, said: Said, wanted: Mapping[UUID, Entry], portion: Portion) -> int:
    """Return how many of these images had an answer, so that labels were compared with it."""
    with ctx.db.read() as session:
        project = session.get_one(Project, session.get_one(Import, import_id).project_id)
        answered = repository.answered(session, list(wanted))
        told = {image_id: entry for image_id, entry in wanted.items() if image_id in answered}
        names = comparing.Names({row.name.lower(): row.id for row in project_repository.classes(session, project.id)})
        says = comparing.Says(said.has_attributes, said.has_image_attributes)
        rows = comparing.differences(session, project, import_id, told, names, says=says)
    free = {image_id: entry for image_id, entry in wanted.items() if image_id not in answered}
    if rows or free:
        with portion.write(sum(map(_weight, free.items())) + len(rows)) as session:
            if rows:
                session.execute(insert(ImportChange.__table__), rows)  # type: ignore[arg-type]
            if free:
                label_present(session, import_id, said, free)
    return len(told)


def _weight(pair: tuple[UUID, Entry]) -> int:
    return _IMAGE + len(pair[1].items)


def _each_once(pairs: Iterator[tuple[UUID, Entry]]) -> Iterator[tuple[UUID, Entry]]:
    seen: set[UUID] = set()
    for image_id, entry in pairs:
        if image_id not in seen:
            seen.add(image_id)
            yield image_id, loaded(entry)


def _pairs(ctx: JobContext, import_id: UUID, said: Said, outcome: Outcome) -> Iterator[tuple[UUID, Entry]]:
    """Yield images that were there before, with what is said of them; note the names that mean none."""
    after: UUID | None = None
    while said.entries:
        with ctx.db.read() as session:
            files = repository.duplicates_after(session, import_id, after)
        if not files:
            break
        after = files[-1].id
        told = [file for file in files if file.name in said.entries]
        yield from ((file.image_id, said.entries[file.name]) for file in told if file.image_id)
    for source, entries in said.unmatched.items():
        rest: list[Entry] = []
        for part in repository.chunks(entries):
            with ctx.db.read() as session:
                project_id = session.get_one(Import, import_id).project_id
                ids = repository.ids_by_name(session, project_id, [entry.name for entry in part])
            yield from ((ids[entry.name], entry) for entry in part if entry.name in ids)
            rest += [entry for entry in part if entry.name not in ids]
        yield from _by_likeness(ctx, import_id, said, source, rest, outcome)


def _by_likeness(
    ctx: JobContext, import_id: UUID, said: Said, source: str, entries: list[Entry], outcome: Outcome
) -> Iterator[tuple[UUID, Entry]]:
    """Find images whose names differ in folders or case only; explain what is left."""
    if not entries:
        return
    with ctx.db.read() as session:
        row = session.get_one(Import, import_id)
        ids = repository.ids_of_all(session, row.project_id)
    matched = match_names((entry.name for entry in entries), ids)
    yield from ((ids[matched[entry.name]], entry) for entry in entries if entry.name in matched)
    missed = [entry.name for entry in entries if entry.name not in matched]
    if missed:
        outcome.missed[source] = missed
        outcome.notes.append(explain(source, missed, said.names_in.get(source, len(missed)), ids))
