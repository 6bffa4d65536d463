"""The refresh: learn from the labels so far, suggest a class for every other picture, and order the queue."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from modelyard.server.assist import repository
from modelyard.server.assist.matrix import CACHE
from modelyard.server.assist.service.learning import Lesson, learn
from modelyard.server.assist.service.ordering import order
from modelyard.server.assist.service.scene import Scene, look
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import Database, WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Project, SuggestionModel, now

_CHUNK = 250
_LONGEST_PAUSE_S = 0.05
_NOTICEABLE = 0.05  # A score, or a priority, that moved less than this is not written again.

Rows = list[dict[str, Any]]
Row = TypeVar("Row")


def run(db: Database, blobs: BlobStore, project_id: UUID, *, check: Callable[[], None]) -> dict[str, Any]:
    """Refresh suggestions and the queue's order; returns what was done. `check` raises when the work should stop."""
    started = time.monotonic()
    scene = _look(db, blobs, project_id)
    if scene is None:
        return {"suggested": 0, "changed": 0}
    check()
    lesson = learn(scene)
    check()
    suggestions = _suggestions(project_id, scene, lesson) if lesson else []
    gone = scene.to_forget if lesson else [*scene.to_forget, *scene.suggested]
    _in_chunks(db, suggestions, repository.write_suggestions, check)
    _in_chunks(db, gone, repository.forget_suggestions, check)
    _in_chunks(db, _order(scene, lesson), repository.write_order, check)
    if lesson:
        seconds = time.monotonic() - started
        with db.write() as session:
            repository.add_model(session, _record(project_id, lesson, seconds))
            repository.forget_jobs(session, project_id)
    return {"suggested": len(scene.waiting) if lesson else 0, "changed": len(suggestions)}


def _look(db: Database, blobs: BlobStore, project_id: UUID) -> Scene | None:
    with db.read() as session:
        project = session.get(Project, project_id)
        if project is None or project.deleted_at is not None:
            return None
        matrix = CACHE.load(session, blobs, project_id, projects.settings_of(project).backbone)
        if matrix is None:
            return None
        last = repository.last_model(session, project_id)
        return look(
            repository.pictures(session, project_id),
            matrix,
            repository.class_names(session, project_id),
            number=int(last.version.rpartition("-")[2]) + 1 if last else 1,
        )


def _suggestions(project_id: UUID, scene: Scene, lesson: Lesson) -> Rows:
    at, version = now(), f"quick-{scene.number}"
    rows = []
    for index, picture in enumerate(scene.waiting):
        class_id, score = lesson.class_ids[lesson.first[index]], float(lesson.score[index])
        runner_up_id = lesson.class_ids[lesson.second[index]]
        if not _is_new(picture, class_id, runner_up_id, score):
            continue
        rows.append(
            {
                "image_id": picture.image_id,
                "project_id": project_id,
                "class_id": class_id,
                "score": score,
                "margin": float(lesson.margin[index]),
                "runner_up_id": runner_up_id,
                "version": version,
                "updated_at": at,
            }
        )
    return rows


def _is_new(picture: repository.Picture, class_id: UUID, runner_up_id: UUID, score: float) -> bool:
    if picture.guess_score is None or picture.guess_id != class_id:
        return True
    moved = abs(picture.guess_score - score)
    return moved >= _NOTICEABLE or (moved > 0 and score < 0.8 and picture.guess_runner_up_id != runner_up_id)


def _order(scene: Scene, lesson: Lesson | None) -> Rows:
    wanted = order(scene, lesson)
    rows: Rows = []
    for picture, (priority, reason) in zip(scene.waiting, wanted, strict=True):
        if picture.priority is None or picture.priority >= repository.ASKED:
            continue
        if abs(picture.priority - priority) >= _NOTICEABLE or picture.reason != reason:
            rows.append({"image_id": picture.image_id, "priority": priority, "reason": reason})
    kept = repository.KEPT_BACK
    rows += [
        {"image_id": picture.image_id, "priority": kept, "reason": ""}
        for picture in scene.kept_back
        if picture.priority is not None and kept != picture.priority < repository.ASKED
    ]
    return rows


def _record(project_id: UUID, lesson: Lesson, seconds: float) -> SuggestionModel:
    return SuggestionModel(
        project_id=project_id,
        version=f"quick-{lesson.number}",
        labels=lesson.labels,
        seconds=round(seconds, 3),
        accuracy=lesson.accuracy,
        details={"classes": len(lesson.class_ids), "suspects": lesson.suspects},
    )


def _in_chunks(
    db: Database, rows: Sequence[Row], write: Callable[[WriteSession, Sequence[Row]], None], check: Callable[[], None]
) -> None:
    """Write in short transactions with a rest after each, so that people who label never wait for long."""
    for start in range(0, len(rows), _CHUNK):
        check()
        began = time.monotonic()
        with db.write() as session:
            write(session, rows[start : start + _CHUNK])
        time.sleep(min(_LONGEST_PAUSE_S, time.monotonic() - began))
