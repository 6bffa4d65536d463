"""The refresh: learn from the labels so far, suggest a class for every other picture, and order the queue."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from threadpoolctl import ThreadpoolController

from modelyard.server.annotations.service import batch_order
from modelyard.server.assist import repository
from modelyard.server.assist.matrix import CACHE
from modelyard.server.assist.service.learning import Lesson, learn
from modelyard.server.assist.service.ordering import order
from modelyard.server.assist.service.scene import Scene, look
from modelyard.server.assist.service.status import enqueue
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import Database, WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.tables import Project, SuggestionModel, now

_CHUNK = 250
_LONGEST_PAUSE_S = 0.05
_WRITING_S = 4.0
_NOTICEABLE = 0.05  # A score, or a priority, that moved less than this is not written again.

# Threads that wait for each other in small steps cost ten times the work itself when people keep the cores busy.
_BLAS = ThreadpoolController()

Rows = list[dict[str, Any]]
Row = TypeVar("Row")


def run(db: Database, blobs: BlobStore, project_id: UUID, *, check: Callable[[], None]) -> dict[str, Any]:
    """Refresh suggestions and the queue's order; returns what was done. `check` raises when the work should stop."""
    started = time.monotonic()
    scene = _look(db, blobs, project_id)
    if scene is None:
        return {"suggested": 0, "changed": 0}
    check()
    with _BLAS.limit(limits=1, user_api="blas"):
        lesson = learn(scene)
        check()
        placed = _order(scene, lesson)
    suggestions = _suggestions(project_id, scene, lesson) if lesson else []
    gone = scene.to_forget if lesson else [*scene.to_forget, *scene.suggested]
    writer = _Writer(db, check)
    writer.write(placed[:_CHUNK], repository.write_order)  # What comes next in the queue is right first.
    writer.write(gone, repository.forget_suggestions)
    writer.write(suggestions, repository.write_suggestions)
    writer.write(placed[_CHUNK:], repository.write_order)
    with db.write() as session:
        batch_order.follow(session, blobs, project_id)
        if lesson:
            repository.add_model(session, _record(project_id, lesson, time.monotonic() - started))
            repository.forget_jobs(session, project_id)
        if writer.left:  # Others wait in this lane; the rest is seen, and written, by the next refresh.
            enqueue(session, project_id)
    return {"suggested": len(scene.waiting) if lesson else 0, "changed": len(suggestions), "left": writer.left}


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
    return sorted(rows, key=lambda row: row["margin"])  # The least sure ones are looked at first.


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
    rows.sort(key=lambda row: -row["priority"])
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


class _Writer:
    """Writes in short transactions with a rest after each, so that people who label never wait for long.

    When its time is over it writes nothing more and counts what is `left`.
    """

    def __init__(self, db: Database, check: Callable[[], None]) -> None:
        self.left = 0
        self._db, self._check = db, check
        self._until = time.monotonic() + _WRITING_S

    def write(self, rows: Sequence[Row], write: Callable[[WriteSession, Sequence[Row]], None]) -> None:
        for start in range(0, len(rows), _CHUNK):
            self._check()
            began = time.monotonic()
            if began > self._until:
                self.left += len(rows) - start
                return
            with self._db.write() as session:
                write(session, rows[start : start + _CHUNK])
            time.sleep(min(_LONGEST_PAUSE_S, time.monotonic() - began))
