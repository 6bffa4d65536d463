"""The job in which a detector looks at images and suggests objects: batch by batch, each written as a whole.

A batch that is done twice, after a crash, leaves the same suggestions as one that is done once.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from modelyard.geometry import boxes
from modelyard.geometry.shapes import clip, from_json
from modelyard.server.assist import detector_repository as repository
from modelyard.server.assist.repository import class_names
from modelyard.server.assist.service.detectors import DetectorNotFound, classes_of
from modelyard.server.images import listing, pictures
from modelyard.server.images.schemas import IdQuery, ImageFilters
from modelyard.server.images.storing import preview_key
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.jobs import JobContext
from modelyard.server.tables import Detector, Image, Object, ObjectSuggestion, new_id, now, shape_columns
from modelyard.serving.detector_errands import Finding, Look, look

_BATCH = 64
_MOST_FAULTS = 100
_DIED = "The process that looked at this image died: out of memory, too slow, or a damaged file."
_SAME_PX = 0.5  # Bounds that differ by less are those of one object, found again.
_COVERED = 0.7  # IoU from which an object that is drawn already is the one that was found.
_PLAIN = ("jpeg", "png", "webp", "bmp", "tiff", "gif")
_MOST_BYTES, _MOST_PIXELS = 64 * 2**20, 89_000_000  # Larger pictures are looked at as their preview.

Row = dict[str, Any]


@dataclass
class Tally:
    """How far the job is; all of it is in the checkpoint."""

    total: int
    after: str | None = None  # where the next batch begins
    is_over: bool = False
    looked_at: int = 0
    suggested: int = 0
    kept_for_test: int = 0
    failed: int = 0
    faults: list[dict[str, str]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many images need no more work."""
        return self.looked_at + self.kept_for_test + self.failed

    def fail(self, picture: repository.Picture, reason: str) -> None:
        """Count an image that could not be looked at."""
        self.failed += 1
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append({"image_id": str(picture.id), "name": picture.name, "reason": reason})


def run(ctx: JobContext, detector_id: UUID, choice: Mapping[str, Any]) -> dict[str, Any]:
    """Look at the chosen images and suggest objects; returns the report. Raises `DetectorNotFound`."""
    with ctx.db.read() as session:
        detector = repository.detector(session, detector_id)
        if detector is None or detector.deleted_at is not None:
            raise DetectorNotFound
        meant = {
            entry.name: entry.class_id for entry in classes_of(detector, class_names(session, detector.project_id))
        }
    network, card = str(ctx.blobs.local_path(detector.blob)), json.dumps(detector.card).encode()
    tally = Tally(**ctx.checkpoint) if ctx.checkpoint else Tally(_count(ctx, detector.project_id, choice))
    while not tally.is_over:
        batch, tally.after = _next(ctx, detector.project_id, choice, tally.after)
        tally.is_over = tally.after is None
        usable = [picture for picture in batch if not picture.is_kept_back]
        tally.kept_for_test += len(batch) - len(usable)
        found: dict[UUID, Sequence[Finding]] = {}
        for picture, answer in _look(ctx, usable, network, card):
            if isinstance(answer, str):
                tally.fail(picture, answer)
            else:
                found[picture.id] = answer
                tally.looked_at += 1
            ctx.progress(tally.done, max(tally.total, tally.done), failed=tally.failed, stage="Looking for objects")
        sizes = {picture.id: (picture.width, picture.height) for picture in usable}
        with ctx.db.write() as session:
            tally.suggested += keep(session, detector, {key: _rows(found[key], meant, sizes[key]) for key in found})
        ctx.save(asdict(tally))
    report = asdict(tally)
    return {key: report[key] for key in ("looked_at", "suggested", "kept_for_test", "failed", "faults")}


def _count(ctx: JobContext, project_id: UUID, choice: Mapping[str, Any]) -> int:
    if "image_ids" in choice:
        return len(choice["image_ids"])
    with ctx.db.read() as session:
        return listing.total(session, project_id, ImageFilters(**choice["filters"]))


def _next(
    ctx: JobContext, project_id: UUID, choice: Mapping[str, Any], after: str | None
) -> tuple[list[repository.Picture], str | None]:
    """Return the next images and where those after them begin; None at the end."""
    with ctx.db.read() as session:
        if "image_ids" in choice:
            start = int(after or 0)
            ids = [UUID(text) for text in choice["image_ids"][start : start + _BATCH]]
            cursor = str(start + _BATCH) if start + _BATCH < len(choice["image_ids"]) else None
        else:
            query = IdQuery(**choice["filters"], sort="created_at", cursor=after, limit=_BATCH)
            ids, cursor = listing.page(session, project_id, query)
            if after is None and query.labelled is False:  # Known pictures are looked at as if nobody had answered.
                ids = list(dict.fromkeys([*ids, *repository.gold_pictures(session, project_id)]))
        return repository.pictures(session, project_id, ids), cursor


def _look(
    ctx: JobContext, batch: Sequence[repository.Picture], network: str, card: bytes
) -> Iterator[tuple[repository.Picture, Sequence[Finding] | str]]:
    """Yield what was found in each image, or why it could not be looked at, as it comes."""
    by_errand: dict[Look, repository.Picture] = {}

    def errands() -> Iterator[Look]:
        for picture in batch:
            errand = Look(network, card, _path(ctx, picture), (picture.width, picture.height))
            by_errand[errand] = picture
            yield errand

    for errand, answer in ctx.pool.map_unordered(look, errands()):
        yield by_errand[errand], _DIED if isinstance(answer, BaseException) else answer


def _path(ctx: JobContext, picture: repository.Picture) -> str:
    """Return a file of the image as people see it: its own, or the preview where that is another picture."""
    is_plain = picture.format in _PLAIN and picture.display is None
    if is_plain and picture.size_bytes <= _MOST_BYTES and picture.width * picture.height <= _MOST_PIXELS:
        return str(ctx.blobs.local_path(picture.content_hash))
    with ctx.db.read() as session:
        pictures.preview(ctx.blobs, ctx.settings, session.get_one(Image, picture.id))
    return str(ctx.blobs.local_path_at(preview_key(picture.content_hash)))


def _rows(found: Sequence[Finding], meant: Mapping[str, UUID | None], size: tuple[int, int]) -> list[Row]:
    """Return the columns of what was found of classes that the project wants, cut at the image's edges."""
    rows: list[Row] = []
    for name, score, said in found:
        class_id = meant.get(name)
        shape = clip(from_json(said), *size) if class_id else None
        if shape is not None:
            rows.append({"class_id": class_id, "score": score, **shape_columns(shape)})
    return rows


def keep(session: WriteSession, detector: Detector, looked: Mapping[UUID, Sequence[Row]]) -> int:
    """Write what a detector found in images; return how many suggestions are new.

    What was found before and is undecided stays if it was found again, and goes if not. What people decided stays
    decided, and is not suggested again; neither is what is drawn already.
    """
    present = repository.lock(session, looked)
    before: dict[UUID, list[ObjectSuggestion]] = {image_id: [] for image_id in present}
    for item in repository.suggested(session, detector.id, present):
        before[item.image_id].append(item)
    drawn: dict[UUID, list[Object]] = {image_id: [] for image_id in present}
    for shown in repository.drawn(session, present):
        drawn[shown.image_id].append(shown)
    added: list[Row] = []
    gone: list[UUID] = []
    for image_id in present:
        kept: set[UUID] = set()
        for row in looked[image_id]:
            again = next((item for item in before[image_id] if _is_same(item, row)), None)
            if again is not None:
                kept.add(again.id)
                if again.outcome == repository.REPLACED:
                    again.outcome = again.decided_at = None
            elif not _is_covered(row, drawn[image_id]):
                added.append({"id": new_id(), "image_id": image_id, **row})
        gone += [item.id for item in before[image_id] if item.outcome is None and item.id not in kept]
    session.flush()
    common = {"project_id": detector.project_id, "detector_id": detector.id, "created_at": now()}
    repository.replace(session, detector.id, present, gone)
    repository.add(session, [row | common for row in added])
    return len(added)


def _is_same(item: ObjectSuggestion, row: Row) -> bool:
    if (item.class_id, item.type) != (row["class_id"], row["type"]):
        return False
    return all(abs(getattr(item, side) - row[side]) < _SAME_PX for side in ("x1", "y1", "x2", "y2"))


def _is_covered(row: Row, drawn: Sequence[Object]) -> bool:
    alike = [item for item in drawn if item.class_id == row["class_id"]]
    if not alike:
        return False
    mine = np.array([[row[side] for side in ("x1", "y1", "x2", "y2")]], np.float32)
    others = np.array([[item.x1, item.y1, item.x2, item.y2] for item in alike], np.float32)
    return bool(boxes.iou(mine, others).max() >= _COVERED)
