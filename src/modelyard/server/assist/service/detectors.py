"""Detectors that people bring: tried before they are taken, mapped to the project's classes, put away, brought back."""

import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from modelyard.errors import Conflict, Invalid, NotFound, Unavailable
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.assist import detector_repository as repository
from modelyard.server.assist import detector_schemas as schemas
from modelyard.server.assist.repository import class_names
from modelyard.server.kit.compute import Pool
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.services import AppServices
from modelyard.server.tables import Detector, now
from modelyard.serving.detector_card import DetectorCard, read_card

MAX_NETWORK_BYTES = 512 * 2**20
_TRIAL_IS_OVER_S = 3600
_TRIALS = threading.Semaphore(1)  # Each takes a process and the memory of a network.
_WAITING = threading.BoundedSemaphore(4)  # Each holds a thread of the server until its turn has come.


class DetectorNotFound(NotFound):
    """There is no such detector, or it belongs to a project that you are not a member of."""


class DetectorRefused(Invalid):
    """The network cannot be used as a detector with this card."""


class TrialsBusy(Unavailable):
    """Other detectors are being tried. Send this one again in a minute."""


class DetectorNameTaken(Conflict):
    """There is a detector of this name already. Choose another name."""


class DetectorClassUnknown(Invalid):
    """The detector has no class of this name, or the project has no such class."""


def get(session: ReadSession, actor: Actor, detector_id: UUID, *, deleted: bool = False) -> Detector:
    """Return a detector; raises `DetectorNotFound` also for those who are no members of its project."""
    found = repository.detector(session, detector_id)
    if found is None or (found.deleted_at is not None and not deleted):
        raise DetectorNotFound
    try:
        projects.get(session, actor, found.project_id)
    except projects.ProjectNotFound as error:
        raise DetectorNotFound from error
    return found


def create(
    services: AppServices, actor: Actor, project_id: UUID, *, name: str, card: bytes, network: BinaryIO
) -> schemas.Detector:
    """Try a network with its card in a process of its own, and keep the two.

    Raises `ProjectNotFound`, `DetectorCardInvalid`, `DetectorRefused`, `DetectorNameTaken`, `TrialsBusy`.
    """
    rules = read_card(card)
    with services.db.read() as session:
        _check_name(session, project_id, name)
    _sweep(services.uploads)
    path = services.uploads / f"detector-{uuid4().hex}.onnx"
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(network, file)
        _try_out(path, card, memory_mb=services.settings.worker_memory_mb)
        blob, size_bytes = services.blobs.put_file(path), path.stat().st_size
    finally:
        path.unlink(missing_ok=True)
    with services.db.write() as session:
        project = projects.get(session, actor, project_id)
        _check_name(session, project.id, name)
        row = Detector(project_id=project.id, name=name, blob=blob, size_bytes=size_bytes, created_by=actor.user_id)
        row.card = rules.model_dump(mode="json")
        session.add(row)
        session.flush()
        _note(session, actor, row, "detector.created", after={"name": name, "size_bytes": size_bytes})
        return show(session, project.id, [row])[0]


def _sweep(folder: Path) -> None:
    """Delete the networks of trials that were killed together with their server."""
    for left in folder.glob("detector-*.onnx"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < time.time() - _TRIAL_IS_OVER_S:
                left.unlink()


def _try_out(path: Path, card: bytes, *, memory_mb: int) -> None:
    from modelyard.serving.detector_errands import LONGEST_S, Trial, try_out

    if not _WAITING.acquire(blocking=False):
        raise TrialsBusy(retry_after_s=60)
    try:
        with _TRIALS:
            pool = Pool(processes=1, memory_mb=memory_mb)
            try:
                [(_, answer)] = pool.map_unordered(try_out, [Trial(str(path), card)])
            finally:
                pool.close()
    finally:
        _WAITING.release()
    if isinstance(answer, BaseException):
        raise DetectorRefused(
            f"The network was tried on a grey image and did not come to an end: it crashed, took more than "
            f"{memory_mb:,} MB of memory, or more than {LONGEST_S} seconds."
        )
    if answer is not None:
        raise DetectorRefused(answer)


def update(session: WriteSession, actor: Actor, detector_id: UUID, body: schemas.DetectorUpdate) -> schemas.Detector:
    """Rename a detector, or say what its classes mean; raises as `get`, and `DetectorNameTaken`."""
    row = get(session, actor, detector_id)
    before = {"name": row.name, "classes": row.mapping}
    if body.name is not None and body.name != row.name:
        _check_name(session, row.project_id, body.name, but=row.id)
        row.name = body.name
    if body.classes is not None:
        _check_classes(session, row, body.classes)
        chosen = {name: str(class_id) if class_id else None for name, class_id in body.classes.items()}
        row.mapping = {**(row.mapping or {}), **chosen}
    session.flush()
    after = {"name": row.name, "classes": row.mapping}
    if after != before:
        _note(session, actor, row, "detector.changed", before=before, after=after)
    return show(session, row.project_id, [row])[0]


def _check_classes(session: ReadSession, row: Detector, classes: Mapping[str, UUID | None]) -> None:
    if unknown := [name for name in classes if name not in row.card["classes"]]:
        raise DetectorClassUnknown(f"The detector {row.name!r} has no class {unknown[0]!r}.")
    live = class_names(session, row.project_id)
    if lost := [name for name, class_id in classes.items() if class_id is not None and class_id not in live]:
        raise DetectorClassUnknown(f"The class chosen for {lost[0]!r} is not in the project any more. Choose another.")


def _check_name(session: ReadSession, project_id: UUID, name: str, *, but: UUID | None = None) -> None:
    other = repository.by_name(session, project_id, name)
    if other is not None and other.id != but:
        raise DetectorNameTaken(f"There is a detector {other.name!r} already. Choose another name.")


def delete(session: WriteSession, actor: Actor, detector_id: UUID) -> None:
    """Put a detector away: what it suggested is shown no more; what people took over stays."""
    row = get(session, actor, detector_id)
    row.deleted_at = now()
    _note(session, actor, row, "detector.deleted")


def restore(session: WriteSession, actor: Actor, detector_id: UUID) -> schemas.Detector:
    """Bring back a detector that was put away, with what it suggested; raises `DetectorNameTaken`."""
    row = get(session, actor, detector_id, deleted=True)
    _check_name(session, row.project_id, row.name, but=row.id)
    row.deleted_at = None
    session.flush()
    _note(session, actor, row, "detector.restored")
    return show(session, row.project_id, [row])[0]


def _note(session: WriteSession, actor: Actor, row: Detector, action: str, **said: Any) -> None:
    where: dict[str, Any] = {"project_id": row.project_id, "subject_id": row.id, "name": row.name}
    accounts.record(session, action, actor_id=actor.user_id, **where, **said)


def follow_merge(session: WriteSession, project_id: UUID, source_id: UUID, target_id: UUID) -> None:
    """Let detectors, and what they suggested, name the class that took over."""
    for row in repository.detectors(session, project_id):
        if str(source_id) in (row.mapping or {}).values():
            changed = {name: _merged(value, source_id, target_id) for name, value in (row.mapping or {}).items()}
            row.mapping = changed
    repository.rename_class(session, project_id, source_id, target_id)


def _merged(value: str | None, source_id: UUID, target_id: UUID) -> str | None:
    return str(target_id) if value == str(source_id) else value


def classes_of(row: Detector, live: Mapping[UUID, str]) -> list[schemas.DetectorClass]:
    """Return what each class of a detector means: what was chosen, or the class of the same name, whatever its case."""
    by_name = {name.lower(): class_id for class_id, name in live.items()}
    chosen = row.mapping or {}
    found = []
    for name in row.card["classes"]:
        said = chosen.get(name)
        class_id = UUID(said) if said else None if name in chosen else by_name.get(name.lower())
        found.append(
            schemas.DetectorClass(name=name, class_id=class_id if class_id in live else None, is_chosen=name in chosen)
        )
    return found


def list_(session: ReadSession, actor: Actor, project_id: UUID) -> list[schemas.Detector]:
    """Return a project's detectors, newest first; raises `ProjectNotFound`."""
    projects.get(session, actor, project_id)
    return show(session, project_id, repository.detectors(session, project_id))


def show(session: ReadSession, project_id: UUID, rows: Sequence[Detector]) -> list[schemas.Detector]:
    """Return detectors as the API shows them."""
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for detector_id, _, outcome, count in repository.count_outcomes(session, project_id) if rows else ():
        counts[detector_id][outcome or "undecided"] += count
    live = class_names(session, project_id)
    return [_show(row, classes_of(row, live), schemas.Outcomes(**counts[row.id])) for row in rows]


def _show(row: Detector, classes: list[schemas.DetectorClass], outcomes: schemas.Outcomes) -> schemas.Detector:
    card = DetectorCard.model_validate(row.card)
    return schemas.Detector(
        id=row.id,
        project_id=row.project_id,
        name=row.name,
        shape="mask" if card.outputs.masks else "box",
        input_width=card.input_width,
        input_height=card.input_height,
        score_threshold=card.score_threshold,
        size_bytes=row.size_bytes,
        classes=classes,
        outcomes=outcomes,
        created_at=row.created_at,
    )


def statistics(session: ReadSession, actor: Actor, project_id: UUID) -> schemas.DetectorStatistics:
    """Say what became of suggested objects, and what an object costs with and without them."""
    projects.get(session, actor, project_id)
    counts: dict[UUID, dict[UUID, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for detector_id, class_id, outcome, count in repository.count_outcomes(session, project_id):
        counts[detector_id][class_id][outcome or "undecided"] = count
    found = [
        schemas.DetectorOutcomes(
            detector_id=row.id,
            name=row.name,
            classes=[schemas.ClassOutcomes(class_id=key, **by) for key, by in counts[row.id].items()],
        )
        for row in repository.detectors(session, project_id)
    ]
    times: dict[str, list[float]] = defaultdict(list)
    for source, spent_s in repository.seconds(session, project_id):
        times[source].append(spent_s)
    return schemas.DetectorStatistics(
        detectors=found,
        drawn=_time(times["human"]),
        accepted=_time(times["model"]),
        edited=_time(times["model-edited"]),
    )


def _time(spent_s: Sequence[float]) -> schemas.ActiveTime:
    return schemas.ActiveTime(objects=len(spent_s), median_s=round(median(spent_s), 3) if spent_s else None)
